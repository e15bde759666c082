"""A contractor's points as subjects: the clocks of their inspections and of their waste liquid."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter

from msgspec.structs import replace

from hengjian.scoring.domain.clocks import Clock, merged, on_any
from hengjian.scoring.domain.register_rows import Alike, Registers, Row, Rows, Span, bounds, by_reference, true_on
from hengjian.scoring.domain.subjects import Facts, Subject

_DAY = timedelta(days=1)
# What facts are made of, in the rows of a point, its stops, inspections and collections.
_SERVED = itemgetter("valid_from", "valid_until", "produces_waste")
_STOPPED = itemgetter("valid_from", "valid_until")
_INSPECTED = itemgetter("day")
_COLLECTED = itemgetter("collected_on", "licence_number", "licence_until")


def points(registers: Registers, span: Span, *, terms: Sequence[int], alike: Alike | None = None) -> Iterator[Subject]:
    """Every point on the days on which it is in service; points of which all is alike share their facts.

    Args:
        registers: of the contractor; `inspections` gives the days of inspections by point.
        span: the days to judge.
        terms: the days that a clock may run; one day later a verdict may change.
        alike: those made before for the same days and terms.
    """
    stops = by_reference(registers["pointStops"], "point_ref")
    inspections = by_reference(registers["inspections"], "point_ref")
    collections = by_reference(registers["wasteCollections"], "point_ref")
    known = {} if alike is None else alike
    in_common = "point", span.first_days.get("visits"), span.first_days.get("wasteCollections")
    for ref, rows in by_reference(registers["points"]).items():
        stopped, inspected, collected = stops.get(ref, ()), inspections.get(ref, ()), collections.get(ref, ())
        alike_in = (
            in_common,
            tuple(map(_SERVED, rows)),
            tuple(map(_STOPPED, stopped)),
            tuple(map(_INSPECTED, inspected)),
            tuple(map(_COLLECTED, collected)),
        )
        made = known.get(alike_in)
        if made is None:
            own = Span(span.fixed, span.first_days)
            first = _facts_of(_Point(rows, stopped, inspected, collected), own, terms)
            made = known[alike_in] = first, own.next_turn
        first, next_turn = made
        span.turns(next_turn)
        if first.by_day:
            yield replace(first, key=ref, label=rows[-1]["name"], city=rows[-1]["city"][:4])


@dataclass(frozen=True, slots=True)
class _Point:
    """The rows of one point and of what was done at it."""

    rows: Rows
    stops: Rows
    inspections: Rows
    collections: Rows


def _facts_of(point: _Point, span: Span, terms: Sequence[int]) -> Subject:
    """The facts of a point, without a name."""
    rows, collections = point.rows, point.collections
    service = merged((row["valid_from"], row["valid_until"]) for row in rows)
    pauses = merged((row["valid_from"], row["valid_until"]) for row in point.stops)
    visited = sorted({row["day"] for row in point.inspections})
    emptied = sorted({row["collected_on"] for row in collections})
    inspected = Clock(service, pauses, tuple(visited), span.first_days.get("visits"))
    collected = Clock(service, pauses, tuple(emptied), span.first_days.get("wasteCollections"))
    last = span.fixed[-1]
    days = span.days(
        *bounds(rows),
        *(day for clock in (inspected, collected) for day in clock.bounds()),
        *(day for clock in (inspected, collected) for term in terms for day in clock.turns(term, last=last)),
        *emptied,
    )
    subject = Subject(kind="point", key="", label="", days=days)
    for day in days:
        row = true_on(rows, day)
        if row is not None:
            subject.by_day[day] = {
                "stopped": on_any(pauses, day),
                "days_since_inspection": inspected.reading(day),
                **_waste(row, collections, collected, day),
            }
    return subject


def _waste(point: Row, collections: Rows, clock: Clock, day: date) -> Facts:
    begun = [row for row in collections if row["collected_on"] <= day]
    latest = max((row["collected_on"] for row in begun), default=None)
    last = [row for row in begun if row["collected_on"] == latest]
    return {
        "produces_waste": point["produces_waste"],
        "days_since_collection": clock.reading(day),
        "collection_licensed": all(map(_licensed, last)) if last else None,
    }


def _licensed(collection: Row) -> bool:
    """Whether it was handed to a unit whose licence was valid on that day; one without an end is."""
    until = collection["licence_until"]
    return collection["licence_number"] is not None and (until is None or collection["collected_on"] <= until)
