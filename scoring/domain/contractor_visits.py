"""Visits as subjects: whether one really happened, was reviewed, and how many one person can have made."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from hengjian.platform.calendar import legal_day, start_of_legal_day
from hengjian.platform.distance import metres_between, position_of
from hengjian.scoring.domain.register_rows import (
    Registers,
    Row,
    Rows,
    Span,
    by_reference,
    event,
    lasting,
    showing,
    true_on,
    whole_seconds,
)
from hengjian.scoring.domain.subjects import Facts, Subject

_DAY = timedelta(days=1)


def subjects_of_visits(registers: Registers, span: Span, *, terms: Iterable[int]) -> Iterator[Subject]:
    """Every subject that visits make; a visit to a point that the register does not know counts once it does.

    Args:
        registers: of the contractor; visits in the order of their start.
        span: the days to judge.
        terms: the days within which a record is reviewed; when they are over a verdict changes.
    """
    points = {row["source_ref"]: row for row in registers["points"]}
    people = by_reference(registers["people"])
    visits = [row for row in registers["visits"] if row["point_ref"] in points]
    review_terms = tuple(terms)
    for visit in visits:
        point = points[visit["point_ref"]]
        yield from _on_site(visit, point, span)
        yield from _record(visit, point, span, review_terms)
    for ref, own in by_reference(visits, "person_ref").items():
        yield from visit_pairs(own, points, span)
        rows = people.get(ref, [])
        yield from _months_of_supervisor(ref, rows, own, span)
        yield from _days_of_technician(ref, rows, own, span)


def _on_site(visit: Row, point: Row, span: Span) -> Iterator[Subject]:
    """The visit on its day: where it was recorded, and whether the door system saw somebody come."""
    at, there = position_of(visit), position_of(point)
    entered: datetime | None = visit["door_entered_at"]
    day = legal_day(visit["started_at"])
    facts: Facts = {
        "door_system": point["door_system"],
        "door_entry_in_visit": entered is not None and visit["started_at"] <= entered <= visit["ended_at"],
        "position_distance_m": None if at is None or there is None else metres_between(at, there),
    }
    label, city = f"{point['name']} {day}", point["city"][:4]
    yield from event("visit", visit["source_ref"], label, on=day, facts=facts, span=span, city=city)


def _record(visit: Row, point: Row, span: Span, terms: tuple[int, ...]) -> Iterator[Subject]:
    """The record of a visit from its submission to its review.

    Until it is reviewed, what has passed when the legal day begins counts: a day that may still bring the review in
    time is not held against anybody.
    """
    submitted: datetime | None = visit["submitted_at"]
    reviewed: datetime | None = visit["reviewed_at"]
    key, on, city = visit["source_ref"], legal_day(visit["started_at"]), point["city"][:4]
    label = f"{point['name']} {on}"
    if submitted is None or not visit["mobile"]:
        facts: Facts = {"from_mobile": visit["mobile"], "review_seconds": None}
        yield from event("visit_record", key, label, on=on, facts=facts, span=span, city=city)
        return
    first, last = legal_day(submitted), span.fixed[-1]
    if reviewed is not None and legal_day(reviewed) == first:
        facts = {"from_mobile": True, "review_seconds": whole_seconds(submitted, reviewed)}
        yield from event("visit_record", key, label, on=first, facts=facts, span=span, city=city)
        return
    over = {legal_day(submitted + timedelta(days=term)) + _DAY for term in terms}
    done = legal_day(reviewed) if reviewed is not None else None
    until = done + _DAY if done is not None else date.max
    days = {day for day in (first, *over, *span.fixed, last) if first <= day < until}
    waiting = {day: whole_seconds(submitted, start_of_legal_day(day)) for day in days}
    if reviewed is not None and done is not None:
        waiting[done] = whole_seconds(submitted, reviewed)
    changes: list[tuple[date, Facts]] = [
        (day, {"from_mobile": True, "review_seconds": seconds}) for day, seconds in sorted(waiting.items())
    ]
    yield from lasting(Subject(kind="visit_record", key=key, label=label, city=city), changes, until, span)


def visit_pairs(visits: Rows, points: Mapping[str, Row], span: Span) -> Iterator[Subject]:
    """Each visit of one person with the visits before it that it must be measured against, on its day.

    These are the farthest of those still going on when it began, and the last that had ended: whoever keeps the speed
    between neighbours keeps it between all.
    """
    going: list[Row] = []
    ended: Row | None = None
    for visit in visits:
        begins = visit["started_at"]
        over = [row for row in going if row["ended_at"] <= begins]
        ended = max((*over, *([ended] if ended else [])), key=_end, default=None)
        going = [row for row in going if row["ended_at"] > begins]
        farthest = max(going, key=lambda row: _metres(row, visit, points) or 0, default=None)
        for before in (ended, farthest):
            if before is not None:
                yield from _pair(before, visit, points, span)
        going.append(visit)


def _end(visit: Row) -> datetime:
    moment: datetime = visit["ended_at"]
    return moment


def _pair(before: Row, visit: Row, points: Mapping[str, Row], span: Span) -> Iterator[Subject]:
    point, day = points[visit["point_ref"]], legal_day(visit["started_at"])
    between = visit["started_at"] - before["ended_at"]
    facts: Facts = {
        "distance_m": _metres(before, visit, points),
        "travel_seconds": between // timedelta(seconds=1),
    }
    key, city = pair_key(before["source_ref"], visit["source_ref"]), point["city"][:4]
    label = f"{points[before['point_ref']]['name']} → {point['name']} {day}"
    pair = event("visit_pair", key, label, on=day, facts=facts, span=span, city=city)
    yield from showing(pair, (f"visit:{one['source_ref']}" for one in (before, visit)))


def pair_key(first: str, second: str) -> str:
    """Two references as one key: references may hold any character, so the length of the first goes ahead.

    >>> pair_key("V-1", "V-2"), pair_of("3:V-1V-2")
    ('3:V-1V-2', ('V-1', 'V-2'))
    """
    return f"{len(first)}:{first}{second}"


def pair_of(key: str) -> tuple[str, str]:
    """The two references of a key."""
    length, _, both = key.partition(":")
    return both[: int(length)], both[int(length) :]


def _metres(one: Row, other: Row, points: Mapping[str, Row]) -> int | None:
    """Between where the visits were recorded; between their points where one was recorded without a position."""
    first, second = position_of(one), position_of(other)
    if first is None or second is None:
        if one["point_ref"] == other["point_ref"]:
            return 0
        first, second = position_of(points[one["point_ref"]]), position_of(points[other["point_ref"]])
    return None if first is None or second is None else metres_between(first, second)


def _months_of_supervisor(ref: str, people: Rows, visits: Rows, span: Span) -> Iterator[Subject]:
    """The points that a supervisor has visited in a month, growing from visit to visit until the month is over."""
    months: dict[date, dict[date, int]] = {}
    seen: dict[date, set[str]] = {}
    for visit, day, _ in _as(people, visits, "SUPERVISOR"):
        month = day.replace(day=1)
        seen.setdefault(month, set()).add(visit["point_ref"])
        months.setdefault(month, {})[day] = len(seen[month])
    for month, counts in months.items():
        label = f"{people[-1]['name']} {month:%Y-%m}"
        subject = Subject(kind="supervisor_month", key=f"{month:%Y-%m}:{ref}", label=label)
        facts: list[tuple[date, Facts]] = [(day, {"supervised_points": count}) for day, count in counts.items()]
        yield from lasting(subject, facts, (month + timedelta(days=31)).replace(day=1), span)


def _days_of_technician(ref: str, people: Rows, visits: Rows, span: Span) -> Iterator[Subject]:
    """The points that a technician has visited on a day."""
    days: dict[date, set[str]] = {}
    for visit, day, _ in _as(people, visits, "TECHNICIAN"):
        days.setdefault(day, set()).add(visit["point_ref"])
    for day, seen in days.items():
        label, facts = f"{people[-1]['name']} {day}", {"points_visited": len(seen)}
        yield from event("technician_day", f"{day}:{ref}", label, on=day, facts=facts, span=span)


def _as(people: Rows, visits: Rows, role: str) -> Iterator[tuple[Row, date, Row]]:
    """The visits that the person made in a role, with their days."""
    for visit in visits:
        day = legal_day(visit["started_at"])
        person = true_on(people, day)
        if person is not None and person["role"] == role:
            yield visit, day, person
