"""One organization judged in one region: what evaluation hands to findings, scores and standing."""

from dataclasses import dataclass
from datetime import date, datetime

from hengjian.scoring.domain.timeline import Stretch
from hengjian.tenants.api import SupervisedOrganization


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Stretches of every rule and subject in a region, from `since` to `today`, as facts are known at `now`."""

    organization: SupervisedOrganization
    region: str
    today: date
    now: datetime
    since: date
    stretches: tuple[Stretch, ...]
    pack_version: str
