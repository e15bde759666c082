"""Which breaches a score counts: by the decision on their finding, and one event by one rule only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from hengjian.scoring.domain.finding_life import Life, State
from hengjian.scoring.domain.timeline import Stretch

# What these rules find costs points by the penalty behind it, so it costs none again (rules E7); it proposes a veto.
BY_PENALTY = frozenset({"K-01", "K-02"})

BreachKey = tuple[str, str, str, date]


@dataclass(frozen=True, slots=True)
class SameEvent:
    """A rule on a whole counts people whom another rule names one by one: `due - met` is how many it misses."""

    whole: str
    each: str
    due: str
    met: str


# A technician without the certificate that is due breaches C-07 in person and C-06 in the count (rules E7).
SAME_EVENTS = (SameEvent("C-06", "C-07", "technicians_due", "technicians_certified"),)


def key_of(stretch: Stretch) -> BreachKey:
    """What tells a breach from all others of one organization in one region."""
    return stretch.rule.id, stretch.subject.kind, stretch.subject.key, stretch.first_day


def counted_stretches(
    stretches: Sequence[Stretch], lives: Mapping[BreachKey, Life], *, official: bool
) -> tuple[Stretch, ...]:
    """The stretches on which a score rests; those that are no breach stay as they are.

    The official score counts what is confirmed, the provisional one all that is not dismissed. A frozen finding counts
    up to the day before it was frozen. Source: rules E5, E7 (proposals).
    """
    kept = [stretch for one in stretches if (stretch := _counted(one, lives, official=official)) is not None]
    return consolidated(kept)


def consolidated(stretches: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """One event hits one rule: a count is left out where the breaches named one by one explain all that it misses.

    A decision that a penalty carries costs the points of the penalty alone.
    """
    return tuple(
        one
        for one in stretches
        if not any(_explained(one, same, stretches) for same in SAME_EVENTS)
        and not (one.is_breach and one.rule.id in BY_PENALTY)
    )


def _counted(stretch: Stretch, lives: Mapping[BreachKey, Life], *, official: bool) -> Stretch | None:
    life = lives.get(key_of(stretch)) if stretch.is_breach else None
    if life is None:
        return None if stretch.is_breach and official else stretch
    if life.state is State.DISMISSED or (official and not life.confirmed):
        return None
    if life.repaired_on is not None:
        stretch = replace(stretch, repaired_on=life.repaired_on)
    if life.frozen_on is None or (stretch.until is not None and stretch.until <= life.frozen_on):
        return stretch
    if stretch.first_day >= life.frozen_on:
        return None
    parts = tuple(part for part in stretch.parts if part.first_day < life.frozen_on)
    return replace(stretch, until=life.frozen_on, parts=parts)


def _explained(stretch: Stretch, same: SameEvent, others: Sequence[Stretch]) -> bool:
    if not stretch.is_breach or stretch.rule.id != same.whole:
        return False
    due, met = stretch.facts.get(same.due), stretch.facts.get(same.met)
    if not isinstance(due, int) or not isinstance(met, int):
        return False
    named = {
        other.subject.key
        for other in others
        if other.is_breach
        and other.rule.id == same.each
        and other.first_day <= stretch.first_day
        and (other.until is None or (stretch.until is not None and stretch.until <= other.until))
    }
    return due - met <= len(named)
