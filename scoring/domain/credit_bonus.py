"""The bonus for clean years: natural years before the cycle that are known to be clean, from final results alone.

Source: rules C5 (two clean years, after Shaanxi), E1 (at most 5, the total at most 100). No source has another bonus.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from hengjian.scoring.domain.credit_history import CreditHistory, PastYear
from hengjian.scoring.domain.credit_model import CreditModel


class YearFound(StrEnum):
    """What is known of a year: clean, or why it is not; `unknown` has no final result, `unrated` no grade."""

    CLEAN = "clean"
    UNKNOWN = "unknown"
    UNRATED = "unrated"
    FINDINGS = "findings"
    PENALTY = "penalty"
    VETO = "veto"


@dataclass(frozen=True, slots=True)
class BonusYear:
    """One of the years that the bonus asks for; `findings` is how many count against it."""

    year: int
    found: YearFound
    findings: int = 0


def bonus_years(history: CreditHistory, model: CreditModel, as_of: date) -> tuple[BonusYear, ...]:
    """The whole natural years before the cycle, as many as the bonus asks for, each with what is known of it on a day.

    A year whose result is not final, or has no grade, is not known to be clean.
    """
    final = {one.year: one for one in history.years if one.published_on <= as_of}
    years = range(as_of.year - model.bonus.clean_years, as_of.year)
    return tuple(_year(year, final.get(year), history, as_of) for year in years)


def clean_years(history: CreditHistory, model: CreditModel, as_of: date) -> bool:
    """Whether all of these years are clean."""
    return all(one.found is YearFound.CLEAN for one in bonus_years(history, model, as_of))


def of_confirmed(history: CreditHistory) -> CreditHistory:
    """The history as the official score sees its years: what nobody has confirmed does not count against them."""
    return replace(history, years=tuple(replace(one, undecided=0) for one in history.years))


def _year(year: int, known: PastYear | None, history: CreditHistory, as_of: date) -> BonusYear:
    if any(one.decided_on.year == year for one in history.penalties):
        return BonusYear(year, YearFound.PENALTY)
    if any(one.decided_on.year == year and not one.annulled(as_of) for one in history.vetoes):
        return BonusYear(year, YearFound.VETO)
    if known is None:
        return BonusYear(year, YearFound.UNKNOWN)
    if findings := known.confirmed + known.undecided:
        return BonusYear(year, YearFound.FINDINGS, findings)
    return BonusYear(year, YearFound.CLEAN if known.rated else YearFound.UNRATED)
