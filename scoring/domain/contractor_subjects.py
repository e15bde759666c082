"""A contractor with its cities, spares, technicians and laboratories as subjects of judgement."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from hengjian.scoring.domain.contractor_itself import FACTS_OF_CONTRACTOR, Terms, contractor, registers_of
from hengjian.scoring.domain.counts_over_days import counted, known_from
from hengjian.scoring.domain.functions import add_months
from hengjian.scoring.domain.register_rows import (
    Registers,
    Row,
    Rows,
    Span,
    bounds,
    by_reference,
    is_true,
    only,
    subject_over,
    true_on,
)
from hengjian.scoring.domain.subjects import Facts, Made, Subject, Wanted
from hengjian.scoring.domain.values import Value

_DAY = timedelta(days=1)
READS: Mapping[str, frozenset[str]] = {
    "contractor_city": frozenset({"sets", "points", "vehicles"}),
    "item": frozenset({"spareItems", "stock"}),
    "core_item": frozenset({"spareItems", "stock", "sets"}),
    "person": frozenset({"people", "certificates", "pledges", "firstVisits"}),
    "laboratory": frozenset({"laboratories", "accreditations"}),
}
"""By kind of subject the registers that its facts are made of; the contractor itself reads what its facts need."""
EVERYTHING: Wanted = {"contractor": FACTS_OF_CONTRACTOR, **dict.fromkeys(READS, frozenset[str]())}


def reads_of(kind: str, facts: frozenset[str]) -> frozenset[str]:
    """The registers that a kind of subject is made of, with these facts."""
    return registers_of(facts) if kind == "contractor" else READS[kind]


def subjects_of_contractor(registers: Registers, span: Span, terms: Terms, wanted: Wanted = EVERYTHING) -> Made:
    """The wanted subjects of a contractor, each with the days on which its facts or the law change.

    Args:
        registers: at least those that the wanted kinds read (see `reads_of`).
        span: the days to judge.
        terms: after which time alone changes a fact.
        wanted: the kinds of subjects, the contractor itself with the facts that are wanted.
    """
    made = Made()
    for kind, facts in wanted.items():
        reads = reads_of(kind, facts)
        own, rows = span.of(reads), only(registers, reads)
        if kind == "contractor":
            made.subjects.append(contractor(rows, own, terms, facts))
        else:
            made.subjects += _BUILDERS[kind](rows, own, terms)
        made.turns[kind] = own.next_turn
    return made


def cities(registers: Registers, span: Span, _: Terms) -> list[Subject]:
    """Each city in which a set ever stood, with what stands and drives there."""
    kinds = ("sets", "points", "vehicles")
    there = {kind: by_reference(registers[kind], "city") for kind in kinds}
    found = []
    for city in sorted(there["sets"]):
        own = {kind: there[kind].get(city, []) for kind in kinds}
        days = span.days(
            *(day for rows in own.values() for day in bounds(rows)), *(span.first_days.get(kind) for kind in kinds)
        )
        counts = [known_from(span, kind, days, counted(own[kind], days)) for kind in kinds]
        by_day: dict[date, Facts] = {
            day: dict(zip(kinds, values, strict=True))
            for day, values in zip(days, zip(*counts, strict=True), strict=True)
        }
        found.append(Subject(kind="contractor_city", key=city, label=city, city=city, by_day=by_day, days=days))
    return found


def consumables(registers: Registers, span: Span, _: Terms) -> list[Subject]:
    """Consumables, with their stock over all warehouses; one never counted is unknown."""
    stocked = by_reference(registers["stock"], "item_ref")
    found = []
    for ref, rows in _items(registers, core=False):
        stock = stocked.get(ref, [])
        found.append(subject_over("item", rows, span.days(*bounds(rows), *bounds(stock)), _consumable(stock)))
    return [subject for subject in found if subject.by_day]


def core_spares(registers: Registers, span: Span, _: Terms) -> list[Subject]:
    """Core spares, with their stock over all warehouses and the sets that they are for."""
    stocked = by_reference(registers["stock"], "item_ref")
    sets = registers["sets"]
    found = []
    for ref, rows in _items(registers, core=True):
        stock = stocked.get(ref, [])
        days = span.days(*bounds(rows), *bounds(stock), *bounds(sets), span.first_days.get("sets"))
        held = dict(zip(days, known_from(span, "sets", days, counted(sets, days)), strict=True))
        found.append(subject_over("core_item", rows, days, _core(stock, held)))
    return [subject for subject in found if subject.by_day]


def _items(registers: Registers, *, core: bool) -> Iterator[tuple[str, list[Row]]]:
    """The rows of each spare while it is a core spare, or while it is none."""
    for ref, items in sorted(by_reference(registers["spareItems"]).items()):
        rows = [row for row in items if (row["kind"] == "CORE") is core]
        if rows:
            yield ref, rows


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


def laboratories(registers: Registers, span: Span, _: Terms) -> list[Subject]:
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


_BUILDERS: Mapping[str, Callable[[Registers, Span, Terms], list[Subject]]] = {
    "contractor_city": cities,
    "item": consumables,
    "core_item": core_spares,
    "person": technicians,
    "laboratory": laboratories,
}
