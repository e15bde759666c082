"""Which roles an account may hold, by the kind of its organization."""

from enum import StrEnum


class Role(StrEnum):
    """What a person may do; a bureau's and an organization's roles never mix."""

    INSPECTOR = "inspector"
    REVIEWER = "reviewer"
    RULE_AUTHOR = "rule_author"
    ADMINISTRATOR = "administrator"
    CLERK = "clerk"
    FILING_SIGNATORY = "filing_signatory"


BUREAU_ROLES = frozenset({Role.INSPECTOR, Role.REVIEWER, Role.RULE_AUTHOR, Role.ADMINISTRATOR})
ORGANIZATION_ROLES = frozenset({Role.CLERK, Role.FILING_SIGNATORY})


def misplaced_roles(roles: frozenset[Role], *, of_bureau: bool) -> frozenset[Role]:
    """The roles that this kind of organization can't give."""
    return roles - (BUREAU_ROLES if of_bureau else ORGANIZATION_ROLES)
