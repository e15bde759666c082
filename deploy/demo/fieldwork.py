"""What contractors do at their points: weekly rounds, waste, a report to each client a month; up to any day.

The rounds go on after the stories' last day, so a loader that runs again each day brings the days that have passed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from hengjian.deploy.demo.plans import TODAY, Push, Row, Story

ROUNDS_FROM = date(2026, 10, 26)
"""A Monday: the first day of which visits are told."""
WORKDAYS = 5
HOURS = (("08:00", "09:00"), ("10:40", "11:40"), ("13:20", "14:20"), ("16:00", "17:00"))
COLLECTED_EVERY = 8
"""Weeks between two collections of waste at a point."""
REPORTED_ON = 6
SECTIONS = (
    "OVERVIEW", "OPERATION", "MAINTENANCE", "ABNORMAL_DATA", "ORDERS", "INTERNAL_CHECKS", "LAW_STUDY", "NEXT_MONTH",
    "SUGGESTIONS",
)  # fmt: skip
CARELESS = 10
"""The number of the story that misses inspections, hands a report over late and is at two points at once."""


def with_fieldwork(story: Story, until: date = TODAY) -> Story:
    """The story with what was done at its points up to a day; one without points or technicians stays as it is."""
    points = list(_latest(story, "points"))
    technicians = [
        str(row["sourceRef"])
        for row in _latest(story, "people")
        if row["role"] == "TECHNICIAN" and "leftOn" not in row and str(row["hiredOn"]) < "2026-01"
    ]
    if not points or not technicians:
        return story
    profile = story.pushes[0].rows[0]
    careless = story.number == CARELESS
    visits = _visits(points, technicians, until, mobile=bool(profile["mobile"]), careless=careless)
    work = [Push("visits", tuple(rows)) for rows in _by_push(visits, "startedAt")]
    work += [Push("wasteCollections", tuple(rows)) for rows in _by_push(_collections(visits, points), "collectedOn")]
    work += [Push("clientReports", tuple(rows)) for rows in _reports(points, until, careless=careless)]
    return replace(story, pushes=(*story.pushes, *work))


def _latest(story: Story, kind: str) -> Iterator[Row]:
    """The rows of a register after all pushes."""
    rows = {row["sourceRef"]: row for push in story.pushes if push.kind == kind for row in push.rows}
    return (row for row in rows.values() if "withdrawn" not in row)


def _by_push(rows: Sequence[Row], name: str) -> Iterator[list[Row]]:
    """One push as far as the stories tell, then one a day."""
    for _, found in groupby(rows, key=lambda row: max(str(TODAY), str(row[name])[:10])):
        yield list(found)


def _visits(
    points: Sequence[Row], technicians: Sequence[str], until: date, *, mobile: bool, careless: bool
) -> list[Row]:
    """Every point once a week on its weekday, a technician never in two cities on one day."""
    places = _places(points, len(technicians))
    rows: list[Row] = []
    monday = ROUNDS_FROM
    while monday <= until:
        for index, (point, (weekday, hour, technician)) in enumerate(zip(points, places, strict=True)):
            day = monday + timedelta(days=weekday)
            if day <= until and not (careless and _missed(index, day)):
                rows.append(_visit(point, technicians[technician], day, HOURS[hour], mobile=mobile))
        if careless and monday == date(2026, 11, 2):
            first, second = max(((a, b) for a in points for b in points), key=_apart)
            day = monday + timedelta(days=4)
            rows.append(_visit(first, technicians[0], day, ("14:00", "14:30"), mobile=mobile))
            rows.append(_visit(second, technicians[0], day, ("14:33", "15:00"), mobile=mobile))
        monday += timedelta(days=7)
    return sorted(rows, key=lambda row: (str(row["startedAt"])[:10], str(row["sourceRef"])))


def _places(points: Sequence[Row], technicians: int) -> list[tuple[int, int, int]]:
    """Of each point its weekday, its place in that day and its technician; as few points a day as the week allows."""
    cities = [len(list(found)) for _, found in groupby(points, key=lambda row: row["city"])]
    rounds = [-(-count // technicians) for count in cities]
    a_day = next(n for n in (2, 3, 4) if sum(-(-slots // n) for slots in rounds) <= WORKDAYS)
    found, first = [], 0
    for count, slots in zip(cities, rounds, strict=True):
        for place in range(count):
            day, hour = divmod(place // technicians, a_day)
            found.append((first + day, hour, place % technicians))
        first += -(-slots // a_day)
    return found


def _missed(index: int, day: date) -> bool:
    """One point is left out in a week of November, another from then on."""
    return (index == 4 and date(2026, 11, 2) <= day < date(2026, 11, 9)) or (index == 2 and day >= date(2026, 11, 2))


def _apart(pair: tuple[Row, Row]) -> float:
    return sum(abs(float(str(pair[0][name])) - float(str(pair[1][name]))) for name in ("longitude", "latitude"))


def _visit(point: Row, technician: str, day: date, hours: tuple[str, str], *, mobile: bool) -> Row:
    begins, ends = (f"{day}T{hour}:00+08:00" for hour in hours)
    row: Row = {
        "sourceRef": f"V-{day:%Y%m%d}-{point['sourceRef']}-{hours[0][:2]}",
        "pointRef": point["sourceRef"],
        "personRef": technician,
        "purposes": ["INSPECTION"],
        "startedAt": begins,
        "endedAt": ends,
        "longitude": point["longitude"],
        "latitude": point["latitude"],
        "mobile": mobile,
    }
    told: Row = {"submittedAt": ends, "reviewedAt": f"{day}T20:00:00+08:00", "reviewedByRef": "Q-001"}
    return {**row, **told} if mobile else row


def _collections(visits: Sequence[Row], points: Sequence[Row]) -> list[Row]:
    """Waste of the water points, taken along on every eighth round."""
    places = {point["sourceRef"]: index for index, point in enumerate(points) if point["producesWaste"]}
    rows: list[Row] = []
    for visit in visits:
        day = date.fromisoformat(str(visit["startedAt"])[:10])
        index = places.get(visit["pointRef"])
        week = (day - ROUNDS_FROM).days // 7
        if index is not None and index // 2 % COLLECTED_EVERY == week % COLLECTED_EVERY:
            rows.append(
                {
                    "sourceRef": f"W-{visit['sourceRef']}",
                    "pointRef": visit["pointRef"],
                    "collectedOn": str(day),
                    "quantityL": "12.5",
                    "handedTo": "危险废物处置（演示）有限公司",
                    "licenceNumber": "DEMO6501000001",
                }
            )
    return rows


def _reports(points: Sequence[Row], until: date, *, careless: bool) -> Iterator[list[Row]]:
    """On the sixth of each month a report to every client; the careless contractor's first one came a week later."""
    clients = sorted({str(point["discharger"]): point for point in points})
    month = ROUNDS_FROM.replace(day=1)
    while True:
        following = (month + timedelta(days=31)).replace(day=1)
        received = following.replace(day=REPORTED_ON)
        if received > until:
            return
        rows: list[dict[str, Any]] = [
            {
                "sourceRef": f"R-{month:%Y-%m}-{number:03d}",
                "discharger": client,
                "month": str(month),
                "receivedOn": str(received),
                "sections": list(SECTIONS),
            }
            for number, client in enumerate(clients, start=1)
        ]
        if careless and month == ROUNDS_FROM.replace(day=1):
            rows[0]["receivedOn"] = str(received + timedelta(days=7))
        yield rows
        month = following
