"""A monitoring institution and its key people as subjects of judgement."""

from collections.abc import Iterator, Sequence
from datetime import date

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
)
from hengjian.scoring.domain.subjects import Facts, Subject
from hengjian.scoring.domain.values import Value

MONITORING_ROLES = frozenset(
    {
        "TECHNICAL_MANAGER",
        "QUALITY_MANAGER",
        "AUTHORIZED_SIGNATORY",
        "SAMPLER",
        "ANALYST",
        "CHECKER",
        "AUDITOR",
    }
)
INTERMEDIATE_OR_HIGHER = frozenset({"INTERMEDIATE_EQUIVALENT", "INTERMEDIATE", "ASSOCIATE_SENIOR", "SENIOR"})
_KEY_ROLES = {"technical_manager": "TECHNICAL_MANAGER", "signatory": "AUTHORIZED_SIGNATORY"}


def institution(registers: Registers, span: Span) -> Subject:
    """The institution itself: its staff, the grant of its CMA, its reports of the year."""
    staff = [row for row in registers["people"] if row["role"] in MONITORING_ROLES]
    grants = [(granted_on(row), row["valid_from"]) for row in registers["accreditations"]]
    reports = sorted(row["issued_on"] for row in registers["monitoringReports"])
    days = span.days(
        *bounds(staff),
        *(max(grant) for grant in grants),
        *_first_of_each_year(reports),
        *span.first_days.values(),
    )
    subject = Subject(kind="institution", key="", label="", days=days)
    for day in days:
        granted = [granted for granted, since in grants if granted <= day and since <= day]
        reported = sum(issued.year == day.year and issued <= day for issued in reports)
        subject.by_day[day] = {
            **(_staff(staff, day) if span.known("people", day) else {"staff": None, "staff_intermediate": None}),
            "cma_granted_on": max(granted, default=None),
            "reports_issued": reported if span.known("monitoringReports", day) else None,
        }
    return subject


def granted_on(accreditation: Row) -> date:
    """The day of the grant: as on the certificate, else its first day of validity."""
    day: date = accreditation["granted_on"] or accreditation["valid_from"]
    return day


def _staff(staff: Rows, day: date) -> dict[str, Value | None]:
    levels: dict[object, set[str | None]] = {}
    for row in staff:
        if is_true(row, day):
            levels.setdefault(row["identity_fingerprint"] or row["source_ref"], set()).add(row["title_level"])
    titled = sum(bool(found & INTERMEDIATE_OR_HIGHER) for found in levels.values())
    unknown = any(found == {None} for found in levels.values())
    return {"staff": len(levels), "staff_intermediate": None if unknown else titled}


def _first_of_each_year(days: Sequence[date]) -> Iterator[date]:
    seen: set[int] = set()
    for day in days:
        if day.year not in seen:
            seen.add(day.year)
            yield day


def key_people(registers: Registers, span: Span, *, terms: Sequence[int]) -> list[Subject]:
    """Technical managers and authorized signatories while they hold the post.

    Args:
        registers: of the institution.
        span: the days to judge.
        terms: months of experience that a rule asks for; on the day they are reached a verdict may change.
    """
    found: list[Subject] = []
    for kind, role in _KEY_ROLES.items():
        posts = [row for row in registers["people"] if row["role"] == role]
        for rows in by_reference(posts).values():
            starts = {row["experienced_since"] for row in rows if row["experienced_since"] is not None}
            reached = (add_months(start, term) for start in starts for term in terms)
            found.append(subject_over(kind, rows, span.days(*bounds(rows), *reached), _person))
    return [subject for subject in found if subject.by_day]


def _person(row: Row, day: date) -> Facts:
    return {"as_of": day, "title_level": row["title_level"], "experienced_since": row["experienced_since"]}
