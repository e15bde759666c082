"""Whom to judge of each organization, by what it is: a contractor, an institution, or both."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from hengjian.platform.db import ReadSession
from hengjian.scoring.accepted_facts import with_accepted
from hengjian.scoring.domain.contractor_itself import Terms
from hengjian.scoring.domain.contractor_subjects import EVERYTHING as OF_REGISTERS
from hengjian.scoring.domain.credit_record import CreditRecord
from hengjian.scoring.domain.credit_subjects import credit_subjects
from hengjian.scoring.domain.facts_shape import (
    SUBJECTS,
    SUBJECTS_OF_BOTH,
    SUBJECTS_OF_CONTRACTORS,
    SUBJECTS_OF_EVIDENCE,
    SUBJECTS_OF_INSTITUTIONS,
)
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.register_rows import Span
from hengjian.scoring.domain.subjects import Made, Subject, Wanted
from hengjian.scoring.errors import UnknownRuleError
from hengjian.scoring.evidence.gather import EvidenceTerms, gather_evidence
from hengjian.scoring.gather_contractor import gather_contractors
from hengjian.scoring.gather_credit import gather_credit
from hengjian.scoring.gather_fieldwork import EVERYTHING as OF_FIELDWORK
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
    made = await gather_made(session, organizations, fixed, lawbook=lawbook, records=records, kinds=kinds)
    return {one: own.subjects for one, own in made.items()}


async def gather_made(
    session: ReadSession,
    organizations: Sequence[SupervisedOrganization],
    fixed: Sequence[date],
    *,
    lawbook: LawBook,
    records: Mapping[UUID, CreditRecord] | None = None,
    kinds: Collection[str] = frozenset(SUBJECTS),
    wanted: Mapping[UUID, Wanted] | None = None,
) -> dict[UUID, Made]:
    """As `gather_subjects`, with the days on which the facts turn next as far as that is known.

    Of a contractor in `wanted` only these of a contractor's own kinds are made, and what is accepted stands apart.
    """
    found: dict[UUID, Made] = {organization.id: Made() for organization in organizations}
    few = {} if wanted is None else wanted
    asked = frozenset(kinds)

    def add(more: Mapping[UUID, Made | Sequence[Subject]]) -> None:
        for tenant_id, made in more.items():
            own = found[tenant_id]
            own.subjects += made.subjects if isinstance(made, Made) else made
            own.turns |= made.turns if isinstance(made, Made) else {}

    contractors = [one for one in organizations if OrganizationKind.CONTRACTOR in one.kinds]
    institutions = [one for one in organizations if OrganizationKind.INSTITUTION in one.kinds]
    if asked & OF_REGISTERS.keys():
        own = {one.id: _some(few.get(one.id), OF_REGISTERS) for one in contractors}
        terms = _contractor_terms(lawbook, [one for one in contractors if own[one.id]], fixed[-1])
        add(await gather_contractors(session, terms, fixed, wanted={one: own[one] for one in terms}))
    if asked & OF_FIELDWORK.keys():
        own = {one.id: _some(few.get(one.id), OF_FIELDWORK) for one in contractors}
        own = {one: kinds for one, kinds in own.items() if kinds}
        add(await gather_fieldwork(session, list(own), fixed, terms=_fieldwork_terms(lawbook), wanted=own))
    if institutions and asked & (SUBJECTS_OF_INSTITUTIONS - SUBJECTS_OF_EVIDENCE - SUBJECTS_OF_BOTH):
        experience = [*_terms(lawbook, "L-04"), *_terms(lawbook, "L-05")]
        add(await gather_institutions(session, [one.id for one in institutions], fixed, terms=experience))
    if institutions and asked & SUBJECTS_OF_EVIDENCE:
        cities = {one.id: frozenset(region[:4] for region in one.judged_regions) for one in institutions}
        add(await gather_evidence(session, cities, fixed, terms=_evidence_terms(lawbook, fixed[-1])))
    if asked & SUBJECTS_OF_BOTH:
        judged = [one.id for one in organizations if subject_kinds(one)]
        known = await gather_credit(session, judged, since=fixed[0]) if records is None else records
        add({one: credit_subjects(known[one], Span(tuple(fixed), {})) for one in judged})
    accepted = await with_accepted(session, {one: own.subjects for one, own in found.items()})
    return {one: Made(list(accepted[one]), own.turns) for one, own in found.items()}


def _some(wanted: Wanted | None, group: Wanted) -> Wanted:
    """What is wanted of a group of kinds; all of it where nothing is said."""
    return group if wanted is None else {kind: facts for kind, facts in wanted.items() if kind in group}


def _contractor_terms(lawbook: LawBook, contractors: Sequence[SupervisedOrganization], on: date) -> dict[UUID, Terms]:
    silent = tuple(sorted(set(_terms(lawbook, "K-04"))))
    months = {region: certificate_months(lawbook, region, on) for region in {one.region for one in contractors}}
    return {one.id: Terms(months[one.region], silent) for one in contractors}


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
