"""All that a credit score is computed from: findings, units, devices, penalties, decisions. Nothing else enters it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import msgspec

from hengjian.scoring.domain.functions import add_months
from hengjian.scoring.domain.verdicts import Severity
from hengjian.scoring.errors import UndocumentedVetoError


class Span(msgspec.Struct, frozen=True, order=True, gc=False):
    """Days from the first to the last, both included; `last_day` None lasts on."""

    first_day: date
    last_day: date | None = None

    def days_within(self, since: date, until: date) -> int:
        """How many of its days lie from `since` to `until`, both included."""
        first = max(self.first_day, since)
        last = until if self.last_day is None else min(self.last_day, until)
        return max(0, (last - first).days + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedFinding:
    """A finding as the score sees it: breached from `first_day` to `last_day`, both included.

    An open finding ends on the day of the score; as part of a history its `last_day` is None.

    Attributes:
        ref: the finding's number; made from rule, subject and day where there is none.
        unit: the site or job on which it happened; None is the whole organization, so each of its units.
        event: what it shares with other findings of one event, of which only the gravest costs.
        repaired_on: the day on which the rectification of a minor finding was accepted; later months do not count.
        costs_points: false where a limit is known from memory only.
    """

    rule: str
    subject: str
    severity: Severity
    dimension: str
    first_day: date
    last_day: date | None
    costs_points: bool = True
    ref: str = ""
    unit: str | None = None
    event: str = ""
    repaired_on: date | None = None

    @property
    def name(self) -> str:
        """Its number, or rule, subject and day."""
        return self.ref or f"{self.rule}/{self.subject}/{self.first_day}"

    def last_counted(self, as_of: date) -> date:
        """The last day that counts up to a day of scoring."""
        ends = [as_of, self.last_day or as_of]
        if self.severity is Severity.MINOR and self.repaired_on is not None:
            ends.append(self.repaired_on)
        return min(ends)


class Unit(msgspec.Struct, frozen=True, gc=False):
    """A site of a contractor or a job of an institution, with the days on which it was in service or done."""

    ref: str
    service: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """A device failure that began on a day and took so many minutes to repair (so far, while it lasts)."""

    on: date
    minutes: int


@dataclass(frozen=True, slots=True)
class Device:
    """A device that the contractor keeps, in service since a day, until (not including) another."""

    ref: str
    since: date
    until: date | None = None
    failures: tuple[Failure, ...] = ()

    def years(self, as_of: date) -> int:
        """Full years of service."""
        years = as_of.year - self.since.year
        return years if add_months(self.since, 12 * years) <= as_of else years - 1

    def in_service(self, on: date) -> bool:
        """Whether it served on the day."""
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """A penalty in force: `measure` as the credit model names it, `fine` in yuan for measure `fine`.

    It counts from the day of decision until it is repaired. `duty_done_on` is the day on which what it demands was
    done (paid, corrected), `repaired_on` the day from which a decision on repair lifts it.
    """

    document_no: str
    measure: str
    decided_on: date
    fine: Decimal | None = None
    duty_done_on: date | None = None
    repaired_on: date | None = None

    def repairable_from(self, months: int) -> date | None:
        """The first day on which it may be repaired: so many months after the duty was done; None before that."""
        if self.duty_done_on is None:
            return None
        return add_months(max(self.duty_done_on, self.decided_on), months)

    def counts(self, as_of: date, *, months: int) -> bool:
        """Whether it costs points on a day; a repair that was granted too early works from its first lawful day."""
        if self.decided_on > as_of:
            return False
        lawful = self.repairable_from(months)
        return self.repaired_on is None or lawful is None or as_of < max(self.repaired_on, lawful)


@dataclass(frozen=True, slots=True, kw_only=True)
class VetoDecision:
    """A person's decision that a veto item is proven; `annulled_on` is the day from which it no longer stands.

    `regraded_on` is the day from which another grade may be given again, as decided on an application.

    Raises:
        UndocumentedVetoError: it has no document number.
    """

    item: str
    document_no: str
    decided_on: date
    annulled_on: date | None = None
    regraded_on: date | None = None

    def __post_init__(self) -> None:
        if not self.document_no.strip():
            raise UndocumentedVetoError(self.item)

    def regradable_from(self, months: int) -> date:
        """The first day on which another grade may be given."""
        return add_months(self.decided_on, months)

    def holds(self, as_of: date, *, months: int) -> bool:
        """Whether it gives the lowest grade on a day: until a new grade is applied for and granted, months later."""
        if as_of < self.decided_on or self.annulled(as_of):
            return False
        return self.regraded_on is None or as_of < max(self.regraded_on, self.regradable_from(months))

    def annulled(self, as_of: date) -> bool:
        """Whether it no longer stands on a day."""
        return self.annulled_on is not None and as_of >= self.annulled_on


@dataclass(frozen=True, slots=True, kw_only=True)
class PastYear:
    """A natural year whose result is final in the region judged.

    Attributes:
        published_on: the day on which its grade first became final.
        rated: whether it has a grade.
        confirmed: confirmed findings that cost points and lasted on one of its days, as decided now.
        undecided: such findings that are neither confirmed nor dismissed.
    """

    year: int
    published_on: date
    rated: bool
    confirmed: int = 0
    undecided: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditHistory:
    """One organization's history, as known when the score is made.

    Attributes:
        kind: contractor or institution.
        assessed: the dimensions for which there are data; one without is not assessed, neither 0 nor full.
        assessable: dimensions that are assessed as well once a rule of theirs has passed or been breached.
        business: the days with points in service or jobs; None when that is unknown.
        filed_on: the first registration.
        years: earlier years with a final result; any other is not known to be clean.
        findings: confirmed ones only (or, for a provisional score, all).
        silent_months: first days of months with business and without a push.
    """

    kind: str
    assessed: frozenset[str]
    business: tuple[Span, ...] | None = None
    filed_on: date | None = None
    years: tuple[PastYear, ...] = ()
    findings: tuple[CountedFinding, ...] = ()
    units: tuple[Unit, ...] = ()
    devices: tuple[Device, ...] = ()
    silent_months: tuple[date, ...] = ()
    penalties: tuple[Penalty, ...] = ()
    vetoes: tuple[VetoDecision, ...] = ()
    assessable: frozenset[str] = frozenset()


def any_day_within(spans: Iterable[Span], since: date, until: date) -> bool:
    """Whether one of the spans has a day from `since` to `until`."""
    return any(span.days_within(since, until) for span in spans)
