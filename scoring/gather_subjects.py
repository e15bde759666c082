"""Whom to judge of one organization, by what it is: a contractor, an institution, or both."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from hengjian.platform.db import ReadSession
from hengjian.scoring.accepted_facts import with_accepted
from hengjian.scoring.domain.credit_record import CreditRecord
from hengjian.scoring.domain.credit_subjects import credit_subjects
from hengjian.scoring.domain.facts_shape import SUBJECTS_OF_CONTRACTORS, SUBJECTS_OF_INSTITUTIONS
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.register_rows import Span
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.evidence.gather import EvidenceTerms, gather_evidence
from hengjian.scoring.fact_statements import PUSH_DAYS
from hengjian.scoring.gather_credit import gather_credit
from hengjian.scoring.gather_facts import change_days, gather_facts
from hengjian.scoring.gather_fieldwork import Terms, first_visits, gather_fieldwork, with_first_visit
from hengjian.scoring.gather_institution import gather_institution
from hengjian.tenants.api import OrganizationKind, SupervisedOrganization

_SUBJECT_KINDS = {
    OrganizationKind.CONTRACTOR: SUBJECTS_OF_CONTRACTORS,
    OrganizationKind.INSTITUTION: SUBJECTS_OF_INSTITUTIONS,
}


def subject_kinds(organization: SupervisedOrganization) -> frozenset[str]:
    """The kinds of subjects that an organization of its kinds is judged by; none for one that is not judged."""
    return frozenset().union(*(found for kind, found in _SUBJECT_KINDS.items() if kind in organization.kinds))


async def gather_subjects(
    session: ReadSession,
    organization: SupervisedOrganization,
    fixed: Sequence[date],
    *,
    lawbook: LawBook,
    record: CreditRecord | None = None,
) -> list[Subject]:
    """Every subject of an organization with its facts on the days on which anything changes, also what was accepted.

    Args:
        session: in the organization's context.
        organization: whom to judge.
        fixed: rising; the first and the last day to judge and those between on which the law changes.
        lawbook: for the terms after which time alone changes a verdict.
        record: its credit record, where the caller has read it already.
    """
    if record is None:
        record = (await gather_credit(session, [organization.id], since=fixed[0]))[organization.id]
    subjects: list[Subject] = []
    if OrganizationKind.CONTRACTOR in organization.kinds:
        subjects += await _contractor(session, organization, fixed, lawbook=lawbook)
    if OrganizationKind.INSTITUTION in organization.kinds:
        terms = [*_terms(lawbook, "L-04", "least_months"), *_terms(lawbook, "L-05", "least_months")]
        subjects += await gather_institution(session, organization.id, fixed, terms=terms)
        subjects += await _evidence(session, organization, fixed, lawbook=lawbook)
    found = [*subjects, *credit_subjects(record, Span(tuple(fixed), {}))] if subject_kinds(organization) else []
    return await with_accepted(session, organization.id, found)


async def _contractor(
    session: ReadSession, organization: SupervisedOrganization, fixed: Sequence[date], *, lawbook: LawBook
) -> list[Subject]:
    since, today = fixed[0], fixed[-1]
    months = certificate_months(lawbook, organization.region, today)
    changes = await change_days(session, organization.id, since=since, until=today, certificate_months=months)
    pushed = [row["day"] for row in await session.fetch_raw(PUSH_DAYS, organization.id)]
    silences = {day + timedelta(days=term + 1) for day in pushed for term in _terms(lawbook, "K-04", "most_days")}
    days = sorted({*fixed, *changes, *(day for day in {*pushed, *silences} if since < day <= today)})
    found = await gather_facts(session, organization.id, days, certificate_months=months)
    for day, facts in found[0].by_day.items():
        found[0].by_day[day] = {**facts, "days_since_push": days_since_push(pushed, day)}
    visited = await first_visits(session, organization.id)
    terms = Terms(
        gaps=(*_terms(lawbook, "C-22", "most_days"), *_terms(lawbook, "C-23", "most_days")),
        reviews=tuple(_terms(lawbook, "C-16", "most_days")),
        due_days=tuple(_terms(lawbook, "C-19", "due_day")),
    )
    return [
        *(with_first_visit(replace(subject, days=days), visited) for subject in found),
        *await gather_fieldwork(session, organization.id, fixed, terms=terms),
    ]


async def _evidence(
    session: ReadSession, organization: SupervisedOrganization, fixed: Sequence[date], *, lawbook: LawBook
) -> list[Subject]:
    cities = frozenset(region[:4] for region in organization.judged_regions)
    terms = EvidenceTerms(
        archive_hours=tuple(_terms(lawbook, "V-05", "most_hours")),
        check_days=tuple(_terms(lawbook, "V-11", "most_days")),
    )
    return await gather_evidence(session, organization.id, fixed, cities=cities, terms=terms)


def days_since_push(pushed: Sequence[date], day: date) -> int | None:
    """Days since the last of the days on which something was pushed (rising); None before the first one."""
    place = bisect_right(pushed, day)
    return (day - pushed[place - 1]).days if place else None


def certificate_months(lawbook: LawBook, region: str, on: date) -> int:
    """The months within which a technician obtains a certificate, as rule C-07 has them on the day."""
    rule = lawbook.rule_in_force("C-07", region=region, on=on)
    value = rule.parameters["months_to_certificate"].value if rule else 0
    return value if isinstance(value, int) else 0


def _terms(lawbook: LawBook, rule_id: str, name: str) -> Iterator[int]:
    """Every value that a parameter of a rule ever has, in any region."""
    for pack in lawbook.packs:
        for rule in pack.rules:
            if rule.id == rule_id:
                values = (
                    entry.value
                    for parameter in rule.parameters
                    if parameter.name == name
                    for entry in parameter.entries
                )
                yield from (value for value in values if isinstance(value, int))
