"""One organization judged in one region: what evaluation hands to findings, scores and standing."""

from dataclasses import dataclass
from datetime import date, datetime

from hengjian.scoring.domain.timeline import Stretch
from hengjian.tenants.api import SupervisedOrganization


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Stretches of every rule and subject in a region, from `since` to `today`, as facts are known at `now`.

    `subject_kinds` are the kinds of subjects that an organization of its kinds is judged by, whether it has any or not.
    """

    organization: SupervisedOrganization
    region: str
    today: date
    now: datetime
    since: date
    subject_kinds: frozenset[str]
    stretches: tuple[Stretch, ...]
    pack_version: str
