"""An institution in a city in which it works, as a subject: its recorders, custody, room, samplers and printers."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from hengjian.ingestion.api import moment_of
from hengjian.platform.calendar import legal_day
from hengjian.scoring.domain.register_rows import Registers, Row, Rows, Span, bounds, by_reference, is_true
from hengjian.scoring.domain.subjects import Facts, Subject
from hengjian.scoring.domain.values import Value
from hengjian.scoring.evidence.way import Way

_DAY = timedelta(days=1)
_AT_WORK = ("SAMPLING", "FIELD_TEST")
# The word by which a training on the label system is known, and the policy document that rules recordings.
LABEL_TRAINING = "识别标识"
RECORDING_POLICY = "ARCHIVES"


def institution_cities(
    registers: Registers, ways: Iterable[Way], span: Span, *, check_days: Sequence[int]
) -> Iterator[Subject]:
    """Each city in which the institution has tasks, from the first task on.

    Args:
        registers: of the institution.
        ways: its tasks.
        span: the days to judge.
        check_days: days after which recorders are checked again; when they are over a verdict changes.
    """
    by_city: dict[str, list[Way]] = {}
    for way in ways:
        by_city.setdefault(way.city, []).append(way)
    checks = sorted(row["checked_on"] for row in registers["recorderChecks"])
    rooms = sorted(registers["storageChecks"], key=lambda row: (row["checked_on"], row["source_ref"]))
    for city, own in by_city.items():
        work = _work(own)
        first = min(way.task["planned_on"] for way in own)
        over = (day + timedelta(days=term + 1) for day in checks for term in check_days)
        days = span.days(
            first,
            *checks,
            *over,
            *(row["checked_on"] for row in rooms),
            *(row["held_on"] for row in registers["labelTrainings"]),
            *bounds(registers["labelPrinters"]),
            *bounds(registers["staff"]),
            *bounds(registers["recordingPolicies"]),
            *work,
            *(date(year, 1, 1) for year in range(span.fixed[0].year, span.fixed[-1].year + 1)),
        )
        subject = Subject(kind="institution_city", key=city, label=city, city=city, days=days)
        for day in days:
            if day >= first:
                subject.by_day[day] = {
                    **_recorders(checks, day),
                    **_custody(registers, rooms, span, day),
                    **_samplers(registers, work, span, day),
                    **_printers(registers, work, span, day),
                }
        if subject.by_day:
            yield subject


def _work(ways: list[Way]) -> dict[date, list[frozenset[str]]]:
    """By day, who was out together: one crew a group of people that share somebody."""
    found: dict[date, list[frozenset[str]]] = {}
    for way in ways:
        for row in way.events:
            if row["kind"] in _AT_WORK and row["person_refs"]:
                day = legal_day(moment_of(way.when(row)))
                crew = frozenset(row["person_refs"])
                apart = [one for one in found.get(day, []) if not one & crew]
                together = [one for one in found.get(day, []) if one & crew]
                found[day] = [*apart, crew.union(*together)]
    return found


def _recorders(checks: Sequence[date], day: date) -> Facts:
    place = bisect_right(checks, day)
    return {
        "recorder_checked": place > 0,
        "days_since_recorder_check": (day - checks[place - 1]).days if place else None,
    }


def _custody(registers: Registers, rooms: Rows, span: Span, day: date) -> Facts:
    """The last check of the room by the day: how long it is enough, and who keeps the recordings."""
    last = next((row for row in reversed(rooms) if row["checked_on"] <= day), None)
    staff = {row["source_ref"] for row in registers["staff"] if is_true(row, day)}
    policies = [row for row in registers["recordingPolicies"] if is_true(row, day) and row["kind"] == RECORDING_POLICY]
    custodian = None if last is None else last["custodian_ref"]
    return {
        "storage_free_days": None if last is None else last["free_days"],
        "custodian_active": custodian in staff if span.known("storageChecks", day) else None,
        "recording_policy": bool(policies) if span.known("policyDocuments", day) else None,
    }


def _samplers(registers: Registers, work: Mapping[date, list[frozenset[str]]], span: Span, day: date) -> Facts:
    """Samplers in post who have sampled in the year, and those of them who passed the training this year or last."""
    in_post = {row["source_ref"] for row in registers["staff"] if row["role"] == "SAMPLER" and is_true(row, day)}
    out = {
        ref for when, crews in work.items() if when.year == day.year and when <= day for crew in crews for ref in crew
    }
    active = in_post & out
    trained = {
        ref
        for ref, rows in by_reference(registers["labelTrainings"], "person_ref").items()
        if any(_counts(row, day) for row in rows)
    }
    return {
        "samplers_active": len(active) if span.known("people", day) else None,
        "samplers_trained": len(active & trained) if span.known("trainings", day) else None,
    }


def _counts(training: Row, day: date) -> bool:
    held: date = training["held_on"]
    passed = training["passed"] is True and LABEL_TRAINING in training["topic"]
    return passed and held <= day and held.year >= day.year - 1


def _printers(
    registers: Registers, work: Mapping[date, list[frozenset[str]]], span: Span, day: date
) -> dict[str, Value | None]:
    """Most crews that were out on one day of the year so far, and the printers there are."""
    printers = [row["spare"] for row in registers["labelPrinters"] if is_true(row, day)]
    known = span.known("labelPrinters", day)
    return {
        "crews": max((len(crews) for when, crews in work.items() if when.year == day.year and when <= day), default=0),
        "printers": sum(not spare for spare in printers) if known else None,
        "spare_printers": sum(printers) if known else None,
    }
