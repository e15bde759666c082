"""Whom to judge of each organization, by what it is: a contractor, an institution, or both."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from hengjian.platform.db import ReadSession
from hengjian.scoring.accepted_facts import with_accepted
from hengjian.scoring.domain.contractor_subjects import Terms
from hengjian.scoring.domain.credit_record import CreditRecord
from hengjian.scoring.domain.credit_subjects import credit_subjects
from hengjian.scoring.domain.facts_shape import (
    SUBJECTS,
    SUBJECTS_OF_BOTH,
    SUBJECTS_OF_CONTRACTORS,
    SUBJECTS_OF_EVIDENCE,
    SUBJECTS_OF_FIELDWORK,
    SUBJECTS_OF_INSTITUTIONS,
)
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.register_rows import Span
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.errors import UnknownRuleError
from hengjian.scoring.evidence.gather import EvidenceTerms, gather_evidence
from hengjian.scoring.gather_contractor import gather_contractors
from hengjian.scoring.gather_credit import gather_credit
from hengjian.scoring.gather_fieldwork import FieldworkTerms, gather_fieldwork
from hengjian.scoring.gather_institution import gather_institutions
from hengjian.tenants.api import OrganizationKind, SupervisedOrganization

# By rule, the parameter that is a term after which time alone changes a verdict.
_TERMS = {
    "K-04": "most_days",
    "L-04": "least_months",
    "L-05": "least_months",
    "C-22": "most_days",
    "C-23": "most_days",
    "C-16": "most_days",
    "C-19": "due_day",
    "V-05": "most_hours",
    "V-11": "most_days",
}
_SUBJECT_KINDS = {
    OrganizationKind.CONTRACTOR: SUBJECTS_OF_CONTRACTORS,
    OrganizationKind.INSTITUTION: SUBJECTS_OF_INSTITUTIONS,
}


def subject_kinds(organization: SupervisedOrganization) -> frozenset[str]:
    """The kinds of subjects that an organization of its kinds is judged by; none for one that is not judged."""
    return frozenset().union(*(found for kind, found in _SUBJECT_KINDS.items() if kind in organization.kinds))


def organization_kinds(kinds: Collection[str]) -> frozenset[OrganizationKind]:
    """What an organization is that has subjects of some kinds."""
    return frozenset(kind for kind, found in _SUBJECT_KINDS.items() if not found.isdisjoint(kinds))


async def gather_subjects(
    session: ReadSession,
    organizations: Sequence[SupervisedOrganization],
    fixed: Sequence[date],
    *,
    lawbook: LawBook,
    records: Mapping[UUID, CreditRecord] | None = None,
    kinds: Collection[str] = frozenset(SUBJECTS),
) -> dict[UUID, Sequence[Subject]]:
    """Every subject of each organization with its facts on the days on which anything changes, also what was accepted.

    Args:
        session: of a caller who may see them all (a slice, a bureau, or one organization's own).
        organizations: whom to judge.
        fixed: rising; the first and the last day to judge and those between on which the law changes.
        lawbook: for the terms after which time alone changes a verdict.
        records: their credit records, where the caller has read them already.
        kinds: the kinds of subjects that are wanted; others may be left out.
    """
    found: dict[UUID, list[Subject]] = {organization.id: [] for organization in organizations}
    wanted = frozenset(kinds)

    def add(more: Mapping[UUID, Sequence[Subject]]) -> None:
        for tenant_id, subjects in more.items():
            found[tenant_id] += subjects

    contractors = [one for one in organizations if OrganizationKind.CONTRACTOR in one.kinds]
    institutions = [one for one in organizations if OrganizationKind.INSTITUTION in one.kinds]
    if contractors and wanted & (SUBJECTS_OF_CONTRACTORS - SUBJECTS_OF_FIELDWORK - SUBJECTS_OF_BOTH):
        silent = tuple(sorted(set(_terms(lawbook, "K-04"))))
        months = {one.region: certificate_months(lawbook, one.region, fixed[-1]) for one in contractors}
        terms = {one.id: Terms(months[one.region], silent) for one in contractors}
        add(await gather_contractors(session, terms, fixed))
    if contractors and wanted & SUBJECTS_OF_FIELDWORK:
        add(await gather_fieldwork(session, [one.id for one in contractors], fixed, terms=_fieldwork_terms(lawbook)))
    if institutions and wanted & (SUBJECTS_OF_INSTITUTIONS - SUBJECTS_OF_EVIDENCE - SUBJECTS_OF_BOTH):
        experience = [*_terms(lawbook, "L-04"), *_terms(lawbook, "L-05")]
        add(await gather_institutions(session, [one.id for one in institutions], fixed, terms=experience))
    if institutions and wanted & SUBJECTS_OF_EVIDENCE:
        cities = {one.id: frozenset(region[:4] for region in one.judged_regions) for one in institutions}
        add(await gather_evidence(session, cities, fixed, terms=_evidence_terms(lawbook, fixed[-1])))
    if wanted & SUBJECTS_OF_BOTH:
        judged = [one.id for one in organizations if subject_kinds(one)]
        known = await gather_credit(session, judged, since=fixed[0]) if records is None else records
        add({one: credit_subjects(known[one], Span(tuple(fixed), {})) for one in judged})
    return await with_accepted(session, found)


def _fieldwork_terms(lawbook: LawBook) -> FieldworkTerms:
    return FieldworkTerms(
        gaps=(*_terms(lawbook, "C-22"), *_terms(lawbook, "C-23")),
        reviews=tuple(_terms(lawbook, "C-16")),
        due_days=tuple(_terms(lawbook, "C-19")),
    )


def _evidence_terms(lawbook: LawBook, on: date) -> EvidenceTerms:
    return EvidenceTerms(
        archive_hours=tuple(_terms(lawbook, "V-05")),
        check_days=tuple(_terms(lawbook, "V-11")),
        hours_in=lambda city: archive_hours(lawbook, city, on),
    )


def certificate_months(lawbook: LawBook, region: str, on: date) -> int:
    """The months within which a technician obtains a certificate, as rule C-07 has them on the day."""
    return _limit(lawbook, "C-07", "months_to_certificate", region, on)


def archive_hours(lawbook: LawBook, city: str, on: date) -> int:
    """The hours within which a recording is archived, as rule V-05 has them in a city on the day."""
    return _limit(lawbook, "V-05", "most_hours", city, on)


def limits_of_facts(lawbook: LawBook, organization: SupervisedOrganization, on: date) -> tuple[int, ...]:
    """The limits with which the organization's facts are counted: where they move, facts move with them."""
    cities = sorted({region[:4] for region in organization.judged_regions})
    hours = (archive_hours(lawbook, city, on) for city in cities)
    return (certificate_months(lawbook, organization.region, on), *hours)


def _limit(lawbook: LawBook, rule_id: str, name: str, region: str, on: date) -> int:
    try:
        rule = lawbook.rule_in_force(rule_id, region=region, on=on)
    except UnknownRuleError:
        return 0
    value = rule.parameters[name].value if rule else 0
    return value if isinstance(value, int) else 0


def terms_of_facts(lawbook: LawBook) -> tuple[frozenset[int], ...]:
    """The terms that tell on which days facts are looked at: where they move, days move with them."""
    return tuple(frozenset(_terms(lawbook, rule_id)) for rule_id in _TERMS)


def _terms(lawbook: LawBook, rule_id: str) -> Iterator[int]:
    """Every value that the term of a rule ever has, in any region."""
    name = _TERMS[rule_id]
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
