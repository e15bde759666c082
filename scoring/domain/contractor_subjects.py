"""A contractor, its cities, spares, technicians and laboratories as subjects of judgement."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import TypeVar

from hengjian.scoring.domain.clocks import merged
from hengjian.scoring.domain.functions import add_months
from hengjian.scoring.domain.register_rows import (
    Registers,
    Row,
    Rows,
    Span,
    bounds,
    by_reference,
    is_true,
    subject_over,
    true_on,
)
from hengjian.scoring.domain.subjects import Facts, Subject
from hengjian.scoring.domain.values import Value

T = TypeVar("T")
_DAY = timedelta(days=1)
_Values = Sequence[Value | None]
_Interval = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms after which time alone changes a verdict: months to a certificate, days without a push."""

    certificate_months: int
    silent_days: tuple[int, ...] = ()


def subjects_of_contractor(registers: Registers, span: Span, terms: Terms) -> list[Subject]:
    """Every subject of a contractor, each with the days on which its facts or the law change."""
    return [
        contractor(registers, span, terms),
        *cities(registers, span),
        *spares(registers, span),
        *technicians(registers, span, terms),
        *laboratories(registers, span),
    ]


def contractor(registers: Registers, span: Span, terms: Terms) -> Subject:
    """The contractor itself: what it has of each, and how long it has been silent."""
    pushed = [row["day"] for row in registers["pushes"]]
    due, certified = _certificates_due(registers, terms.certificate_months)
    counted = ("points", "sets", "people", "offices", "warehouses", "policyDocuments", "registrations", "organizations")
    days = span.days(
        *(day for kind in counted for day in bounds(registers[kind])),
        *(day for interval in (*due, *certified) for day in interval),
        *(span.first_days.get(kind) for kind in (*counted, "certificates")),
        *pushed,
        *(day + timedelta(days=term + 1) for day in pushed for term in terms.silent_days),
    )
    facts = {
        **_counts(registers, span, days, due=due, certified=certified),
        **_lists(registers, span, days),
        **_profile(registers["organizations"], span, days),
        "days_since_push": [days_since_push(pushed, day) for day in days],
    }
    by_day: dict[date, Facts] = {
        day: dict(zip(facts, values, strict=True))
        for day, values in zip(days, zip(*facts.values(), strict=True), strict=True)
    }
    return Subject(kind="contractor", key="", label="", by_day=by_day, days=days)


def days_since_push(pushed: Sequence[date], day: date) -> int | None:
    """Days since the last of the days on which something was pushed (rising); None before the first one."""
    place = bisect_right(pushed, day)
    return (day - pushed[place - 1]).days if place else None


def _counts(
    registers: Registers, span: Span, days: Sequence[date], *, due: Iterable[_Interval], certified: Iterable[_Interval]
) -> dict[str, _Values]:
    people, warehouses = registers["people"], registers["warehouses"]
    own = {
        "points": ("points", _counted(registers["points"], days)),
        "sets": ("sets", _counted(registers["sets"], days)),
        "technicians": ("people", _counted([row for row in people if row["role"] == "TECHNICIAN"], days, one=True)),
        "supervisors": ("people", _counted([row for row in people if row["role"] == "SUPERVISOR"], days, one=True)),
        "technicians_due": ("people", _covering(due, days)),
        "technicians_certified": ("certificates", _covering(certified, days)),
        "exclusive_warehouses": ("warehouses", _counted([row for row in warehouses if not row["shared"]], days)),
        "shared_warehouses": ("warehouses", _counted([row for row in warehouses if row["shared"]], days)),
    }
    return {name: _known(span, kind, days, values) for name, (kind, values) in own.items()}


def _lists(registers: Registers, span: Span, days: Sequence[date]) -> dict[str, _Values]:
    def held(kind: str, name: str) -> _Values:
        return _known(span, kind, days, _each_day(registers[kind], days, lambda rows: _distinct(rows, name)))

    return {
        "office_area_m2": _known(span, "offices", days, _each_day(registers["offices"], days, _area)),
        "policy_documents": held("policyDocuments", "kind"),
        "active_registrations": held("registrations", "registry"),
    }


def _profile(rows: Rows, span: Span, days: Sequence[date]) -> dict[str, _Values]:
    """What it says of itself; of several profiles that are true on a day, the one sent last."""
    told = _each_day(rows, days, lambda valid: max(valid, key=lambda row: row["recorded_at"], default=None))
    modules = [
        None if row is None or row["platform_modules"] is None else tuple(row["platform_modules"]) for row in told
    ]
    own: dict[str, _Values] = {
        "business_scope": [None if row is None else row["business_scope"] for row in told],
        "platform_modules": modules,
        "mobile": [None if row is None else row["mobile"] for row in told],
    }
    return {name: _known(span, "organizations", days, values) for name, values in own.items()}


def _certificates_due(registers: Registers, months: int) -> tuple[list[_Interval], list[_Interval]]:
    """For each technician the days on which a certificate is due, and those of them on which one holds."""
    certificates = by_reference(registers["certificates"], "person_ref")
    due: list[_Interval] = []
    certified: list[_Interval] = []
    for row in registers["people"]:
        first, until = max(row["valid_from"], add_months(row["hired_on"], months) + _DAY), row["valid_until"]
        if row["role"] == "TECHNICIAN" and first < until:
            due.append((first, until))
            held = merged((one["valid_from"], one["valid_until"]) for one in certificates.get(row["source_ref"], ()))
            both = ((max(first, begins), min(until, ends)) for begins, ends in held)
            certified.extend(interval for interval in both if interval[0] < interval[1])
    return due, certified


def cities(registers: Registers, span: Span) -> list[Subject]:
    """Each city in which a set ever stood, with what stands and drives there."""
    kinds = ("sets", "points", "vehicles")
    there = {kind: by_reference(registers[kind], "city") for kind in kinds}
    found = []
    for city in sorted(there["sets"]):
        own = {kind: there[kind].get(city, []) for kind in kinds}
        days = span.days(
            *(day for rows in own.values() for day in bounds(rows)), *(span.first_days.get(kind) for kind in kinds)
        )
        counts = [_known(span, kind, days, _counted(own[kind], days)) for kind in kinds]
        by_day: dict[date, Facts] = {
            day: dict(zip(kinds, values, strict=True))
            for day, values in zip(days, zip(*counts, strict=True), strict=True)
        }
        found.append(Subject(kind="contractor_city", key=city, label=city, city=city, by_day=by_day, days=days))
    return found


def spares(registers: Registers, span: Span) -> list[Subject]:
    """Consumables and core spares, with their stock over all warehouses; one never counted is unknown."""
    stocked = by_reference(registers["stock"], "item_ref")
    sets = registers["sets"]
    found = []
    for ref, items in sorted(by_reference(registers["spareItems"]).items()):
        stock = stocked.get(ref, [])
        for kind, core in (("item", False), ("core_item", True)):
            rows = [row for row in items if (row["kind"] == "CORE") is core]
            if rows:
                of_sets = (*bounds(sets), span.first_days.get("sets")) if core else ()
                days = span.days(*bounds(rows), *bounds(stock), *of_sets)
                held = dict(zip(days, _known(span, "sets", days, _counted(sets, days)), strict=True)) if core else {}
                found.append(subject_over(kind, rows, days, _core(stock, held) if core else _consumable(stock)))
    return [subject for subject in found if subject.by_day]


def _consumable(stock: Rows) -> Callable[[Row, date], Facts]:
    def facts(row: Row, day: date) -> Facts:
        return {
            "stock": _stock(stock, day),
            "monthly_usage": row["monthly_usage"],
            "installed_base": row["installed_base"],
        }

    return facts


def _core(stock: Rows, sets: Mapping[date, Value | None]) -> Callable[[Row, date], Facts]:
    def facts(row: Row, day: date) -> Facts:
        return {"core_stock": _stock(stock, day), "failure_rate_bp": row["failure_rate_bp"], "sets": sets[day]}

    return facts


def _stock(rows: Rows, day: date) -> int | None:
    held = [row["number"] for row in rows if is_true(row, day)]
    return sum(held) if held else None


def technicians(registers: Registers, span: Span, terms: Terms) -> list[Subject]:
    """Every technician while employed, with the first certificate, pledge and visit, whenever they came."""
    first = {
        ref: min(row["issued_on"] for row in rows)
        for ref, rows in by_reference(registers["certificates"], "person_ref").items()
    }
    signed = {row["person_ref"]: row["signed_on"] for row in registers["pledges"]}
    visited = {row["person_ref"]: row["day"] for row in registers["firstVisits"]}
    known = [span.first_days.get(kind) for kind in ("certificates", "pledges")]
    found = []
    for ref, rows in sorted(by_reference([row for row in registers["people"] if row["role"] == "TECHNICIAN"]).items()):
        came = _Firsts(first.get(ref), signed.get(ref), visited.get(ref))
        due = (add_months(row["hired_on"], terms.certificate_months) + _DAY for row in rows)
        after = None if came.certified is None else came.certified + _DAY
        days = span.days(*bounds(rows), *due, came.certified, after, came.signed, came.visited, *known)
        found.append(subject_over("person", rows, days, _technician(span, came)))
    return [subject for subject in found if subject.by_day]


@dataclass(frozen=True, slots=True)
class _Firsts:
    """The days of a person's first certificate, pledge and visit."""

    certified: date | None
    signed: date | None
    visited: date | None


def _technician(span: Span, came: _Firsts) -> Callable[[Row, date], Facts]:
    def facts(row: Row, day: date) -> Facts:
        certified_on, signed_on = _by(came.certified, day), _by(came.signed, day)
        return {
            "as_of": day,
            "hired_on": row["hired_on"],
            "first_certificate_on": certified_on,
            "certificate_held": certified_on is not None if span.known("certificates", day) else None,
            "pledge_signed": signed_on is not None if span.known("pledges", day) else None,
            "pledge_signed_on": signed_on,
            "first_visit_on": _by(came.visited, day),
        }

    return facts


def _by(came: date | None, day: date) -> date | None:
    return came if came is not None and came <= day else None


def laboratories(registers: Registers, span: Span) -> list[Subject]:
    """Every laboratory, with the qualification that holds on the day, else the last one, else the next."""
    granted = by_reference(registers["accreditations"], "laboratory_ref")
    found = []
    for ref, rows in sorted(by_reference(registers["laboratories"]).items()):
        own = granted.get(ref, [])
        days = span.days(*bounds(rows), *bounds(own), span.first_days.get("accreditations"))
        found.append(subject_over("laboratory", rows, days, _laboratory(span, own)))
    return [subject for subject in found if subject.by_day]


def _laboratory(span: Span, granted: Rows) -> Callable[[Row, date], Facts]:
    def facts(row: Row, day: date) -> Facts:
        begun = [one for one in granted if one["valid_from"] <= day]
        cma = true_on(granted, day) or (begun[-1] if begun else next(iter(granted), None))
        used, scope = set(row["items_used"]), set((cma and cma["items"]) or ())
        return {
            "as_of": day,
            "used_on": day,
            "cma_held": cma is not None if span.known("accreditations", day) else None,
            "cma_valid_from": None if cma is None else cma["valid_from"],
            "cma_valid_to": None if cma is None else cma["valid_until"] - _DAY,
            "item_in_scope": used <= scope if used and cma is not None else None,
        }

    return facts


def _known(span: Span, kind: str, days: Sequence[date], values: _Values) -> _Values:
    """The values from the first row of a register on; before, they are unknown rather than zero."""
    unknown = bisect_left(days, span.first_days.get(kind, date.max))
    return [*(None for _ in days[:unknown]), *values[unknown:]] if unknown else values


def _counted(rows: Rows, days: Sequence[date], *, one: bool = False) -> list[int]:
    """How many there are on each of the days (rising): each row stands for its `number`, or for one."""
    steps = [0] * (len(days) + 1)
    for row in rows:
        number = 1 if one else row["number"]
        steps[bisect_left(days, row["valid_from"])] += number
        steps[bisect_left(days, row["valid_until"])] -= number
    return list(accumulate(steps[:-1]))


def _covering(intervals: Iterable[_Interval], days: Sequence[date]) -> list[int]:
    """How many intervals (first day, day after the last) each of the days lies in."""
    return _counted([{"valid_from": first, "valid_until": until} for first, until in intervals], days, one=True)


def _each_day(rows: Rows, days: Sequence[date], of: Callable[[list[Row]], T]) -> list[T]:
    """What the rows that are true on a day come to, on each of the days (rising)."""
    turns = sorted(set(bounds(rows)))
    found: dict[int, T] = {}
    values = []
    for day in days:
        place = bisect_right(turns, day)
        if place not in found:
            found[place] = of([row for row in rows if is_true(row, day)])
        values.append(found[place])
    return values


def _distinct(rows: Iterable[Row], name: str) -> tuple[str, ...]:
    return tuple(sorted({row[name] for row in rows}))


def _area(rows: Sequence[Row]) -> Decimal | None:
    """All offices together; unknown when one has not said how large it is."""
    areas = [row["area_m2"] for row in rows]
    return None if None in areas else sum(areas, Decimal())
