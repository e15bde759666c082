"""Who may look into a recording (温环发〔2023〕5号 附件1 第十条: secrets are kept by the rules on secrecy)."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from hengjian.ingestion.recordings.domain.about import Secrecy

REVIEWER, INSPECTOR = "reviewer", "inspector"


class Closed(StrEnum):
    """Why a recording stays closed to somebody who knows that it exists."""

    STATE = "STATE"
    CONFIDENTIAL = "CONFIDENTIAL"


@dataclass(frozen=True, slots=True)
class Looker:
    """Somebody who wants to look: of a bureau over the region or of the organization itself, with a role and a login."""

    of_bureau: bool
    roles: Collection[str]
    login: str


def closed_to(looker: Looker, *, secrecy: str, custodian_ref: str | None) -> Closed | None:
    """Why this person may not look; None when they may.

    A state secret opens to the organization's custodian of this recording, whose login is the custodian's reference,
    and to reviewers of the bureau. Personal and commercial secrets open to the organization and to a bureau's
    inspectors and reviewers.
    """
    if secrecy == Secrecy.NORMAL:
        return None
    if secrecy == Secrecy.STATE:
        allowed = REVIEWER in looker.roles if looker.of_bureau else looker.login == (custodian_ref or None)
        return None if allowed else Closed.STATE
    if looker.of_bureau and not {REVIEWER, INSPECTOR} & set(looker.roles):
        return Closed.CONFIDENTIAL
    return None


def opened(looker: Looker) -> frozenset[Secrecy]:
    """The kinds of secrecy that open to this person, whoever keeps the recording."""
    return frozenset(one for one in Secrecy if closed_to(looker, secrecy=one, custodian_ref=None) is None)
