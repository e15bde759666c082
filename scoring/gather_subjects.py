"""Whom to judge of each organization, by what it is: a contractor, an institution, or both."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from hengjian.platform.db import ReadSession
from hengjian.scoring.domain.contractor_subjects import Terms
from hengjian.scoring.domain.facts_shape import SUBJECTS_OF_CONTRACTORS, SUBJECTS_OF_INSTITUTIONS
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.gather_contractor import gather_contractors
from hengjian.scoring.gather_institution import gather_institutions
from hengjian.tenants.api import OrganizationKind, SupervisedOrganization

_SUBJECT_KINDS = {
    OrganizationKind.CONTRACTOR: SUBJECTS_OF_CONTRACTORS,
    OrganizationKind.INSTITUTION: SUBJECTS_OF_INSTITUTIONS,
}


def subject_kinds(organization: SupervisedOrganization) -> frozenset[str]:
    """The kinds of subjects that an organization of its kinds is judged by; none for one that is not judged."""
    return frozenset().union(*(found for kind, found in _SUBJECT_KINDS.items() if kind in organization.kinds))


async def gather_subjects(
    session: ReadSession, organizations: Sequence[SupervisedOrganization], fixed: Sequence[date], *, lawbook: LawBook
) -> dict[UUID, list[Subject]]:
    """Every subject of each organization with its facts on the days on which anything changes.

    Args:
        session: of a caller who may see them all (a slice, or one organization's own).
        organizations: whom to judge.
        fixed: rising; the first and the last day to judge and those between on which the law changes.
        lawbook: for the terms after which time alone changes a verdict.
    """
    found: dict[UUID, list[Subject]] = {organization.id: [] for organization in organizations}
    contractors = [one for one in organizations if OrganizationKind.CONTRACTOR in one.kinds]
    institutions = [one.id for one in organizations if OrganizationKind.INSTITUTION in one.kinds]
    if contractors:
        silent = tuple(sorted(set(_terms(lawbook, "K-04", "most_days"))))
        months = {one.region: certificate_months(lawbook, one.region, fixed[-1]) for one in contractors}
        terms = {one.id: Terms(months[one.region], silent) for one in contractors}
        for tenant_id, subjects in (await gather_contractors(session, terms, fixed)).items():
            found[tenant_id] += subjects
    if institutions:
        experience = [*_terms(lawbook, "L-04", "least_months"), *_terms(lawbook, "L-05", "least_months")]
        for tenant_id, subjects in (await gather_institutions(session, institutions, fixed, terms=experience)).items():
            found[tenant_id] += subjects
    return found


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
