"""What the list of organizations prints."""

from dataclasses import dataclass
from datetime import datetime

from hengjian.dashboards.language import Bilingual
from hengjian.dashboards.parts import Filter, Head, Pager


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationLine:
    """One organization in a list; grade and score are provisional, None is not rated."""

    name: str
    credit_code: str
    kinds: tuple[str, ...]
    region: Bilingual | str
    grade: str | None
    score: str | None
    open: int
    critical: int
    no_data: int
    last_push: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationsPage:
    """One page of the list, with the filter in force."""

    jurisdiction_total: int
    filter: Filter
    heads: tuple[Head, ...]
    rows: tuple[OrganizationLine, ...]
    pager: Pager
    csv_href: str
