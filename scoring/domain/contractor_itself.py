"""A contractor itself as a subject: what it has of each, and how long it has been silent."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

from hengjian.scoring.domain.clocks import merged
from hengjian.scoring.domain.counts_over_days import Interval, Values, counted, covering, each_day, known_from
from hengjian.scoring.domain.functions import add_months
from hengjian.scoring.domain.register_rows import Registers, Row, Span, bounds, by_reference
from hengjian.scoring.domain.subjects import Facts, Subject

_DAY = timedelta(days=1)
Days = Sequence[date]


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms after which time alone changes a verdict: months to a certificate, days without a push."""

    certificate_months: int
    silent_days: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Made:
    """What facts are made of; what several of them need is worked out once."""

    registers: Registers
    terms: Terms

    @cached_property
    def due(self) -> list[Interval]:
        """For each technician the days on which a certificate is due."""
        return [(first, until) for first, until, _ in self._due()]

    @cached_property
    def certified(self) -> list[Interval]:
        """Those of these days on which one holds."""
        certificates = by_reference(self.registers["certificates"], "person_ref")
        found: list[Interval] = []
        for first, until, ref in self._due():
            held = merged((one["valid_from"], one["valid_until"]) for one in certificates.get(ref, ()))
            both = ((max(first, begins), min(until, ends)) for begins, ends in held)
            found.extend(interval for interval in both if interval[0] < interval[1])
        return found

    @cached_property
    def pushed(self) -> list[date]:
        """The days on which something was pushed, rising."""
        return [row["day"] for row in self.registers["pushes"]]

    def silences(self) -> Iterator[date]:
        """The days of pushes, and those on which a silence has lasted too long."""
        for day in self.pushed:
            yield day
            yield from (day + timedelta(days=term + 1) for term in self.terms.silent_days)

    def _due(self) -> Iterator[tuple[date, date, str]]:
        for row in self.registers["people"]:
            if row["role"] == "TECHNICIAN":
                due = add_months(row["hired_on"], self.terms.certificate_months) + _DAY
                first, until = max(row["valid_from"], due), row["valid_until"]
                if first < until:
                    yield first, until, row["source_ref"]


@dataclass(frozen=True, slots=True)
class _Own:
    """One fact: the registers that it is made of, on which days it may change, and what it is on each day.

    Before the first row of register `known` it is unknown; None where it is worked out otherwise.
    """

    reads: tuple[str, ...]
    changes: Callable[[_Made], Iterable[date]]
    values: Callable[[_Made, Days], Values]
    known: str | None


@cache
def _bounds_in(kind: str) -> Callable[[_Made], Iterable[date]]:
    """The days on which a row of the register begins or ends: one function a register, so they are gone through once."""
    return lambda made: bounds(made.registers[kind])


def _counts(kind: str, chosen: Callable[[Row], bool] | None = None, *, one: bool = False) -> _Own:
    """How many rows of a register there are."""

    def values(made: _Made, days: Days) -> Values:
        rows = made.registers[kind]
        return counted(rows if chosen is None else [row for row in rows if chosen(row)], days, one=one)

    return _Own((kind,), _bounds_in(kind), values, kind)


def _tells(kind: str, of: Callable[[Sequence[Row]], Any]) -> _Own:
    """What the rows that are true come to."""
    return _Own((kind,), _bounds_in(kind), lambda made, days: each_day(made.registers[kind], days, of), kind)


def _lists(kind: str, name: str) -> _Own:
    return _tells(kind, lambda rows: tuple(sorted({row[name] for row in rows})))


def _says(name: str, of: Callable[[Any], Any] = lambda value: value) -> _Own:
    """What it says of itself; of several profiles that are true on a day, the one sent last."""

    def told(rows: Sequence[Row]) -> Any:
        last = max(rows, key=lambda row: row["recorded_at"], default=None)
        return None if last is None else of(last[name])

    return _tells("organizations", told)


def _area(rows: Sequence[Row]) -> Decimal | None:
    """All offices together; unknown when one has not said how large it is."""
    areas = [row["area_m2"] for row in rows]
    return None if None in areas else sum(areas, Decimal())


_OWN: Mapping[str, _Own] = {
    "points": _counts("points"),
    "sets": _counts("sets"),
    "technicians": _counts("people", lambda row: bool(row["role"] == "TECHNICIAN"), one=True),
    "supervisors": _counts("people", lambda row: bool(row["role"] == "SUPERVISOR"), one=True),
    "technicians_due": _Own(
        ("people",),
        lambda made: (day for interval in made.due for day in interval),
        lambda made, days: covering(made.due, days),
        "people",
    ),
    "technicians_certified": _Own(
        ("people", "certificates"),
        lambda made: (day for interval in made.certified for day in interval),
        lambda made, days: covering(made.certified, days),
        "certificates",
    ),
    "exclusive_warehouses": _counts("warehouses", lambda row: not row["shared"]),
    "shared_warehouses": _counts("warehouses", lambda row: bool(row["shared"])),
    "office_area_m2": _tells("offices", _area),
    "policy_documents": _lists("policyDocuments", "kind"),
    "active_registrations": _lists("registrations", "registry"),
    "business_scope": _says("business_scope"),
    "platform_modules": _says("platform_modules", lambda value: None if value is None else tuple(value)),
    "mobile": _says("mobile"),
    "days_since_push": _Own(
        ("pushes",),
        lambda made: made.silences(),
        lambda made, days: [days_since_push(made.pushed, day) for day in days],
        None,
    ),
}
FACTS_OF_CONTRACTOR = frozenset(_OWN)


def registers_of(facts: Collection[str]) -> frozenset[str]:
    """The registers that these facts of a contractor are made of."""
    return frozenset(kind for name in facts if name in _OWN for kind in _OWN[name].reads)


def contractor(registers: Registers, span: Span, terms: Terms, facts: Collection[str] = FACTS_OF_CONTRACTOR) -> Subject:
    """The contractor itself with some of its facts.

    Args:
        registers: those that the facts are made of (see `registers_of`).
        span: the days to judge.
        terms: after which time alone changes a fact.
        facts: the names that are wanted; others are nothing to a contractor.
    """
    made = _Made(registers, terms)
    wanted = {name: own for name, own in _OWN.items() if name in facts}
    days = span.days(
        *(day for changes in {own.changes for own in wanted.values()} for day in changes(made)),
        *(span.first_days.get(own.known) for own in wanted.values() if own.known is not None),
    )
    told = {
        name: values if own.known is None else known_from(span, own.known, days, values)
        for name, own in wanted.items()
        for values in (own.values(made, days),)
    }
    by_day: dict[date, Facts] = {
        day: {name: values[place] for name, values in told.items()} for place, day in enumerate(days)
    }
    return Subject(kind="contractor", key="", label="", by_day=by_day, days=days)


def days_since_push(pushed: Sequence[date], day: date) -> int | None:
    """Days since the last of the days on which something was pushed (rising); None before the first one."""
    place = bisect_right(pushed, day)
    return (day - pushed[place - 1]).days if place else None
