"""What the regulator's mirror prints."""

from dataclasses import dataclass
from datetime import date

from hengjian.dashboards.language import Bilingual
from hengjian.dashboards.parts import FindingLine, Pager


@dataclass(frozen=True, slots=True)
class UndoneLine:
    """Confirmations of a rule, a person or a region, and how many were undone; both numbers lead to their findings."""

    name: Bilingual | str
    rule_id: str
    confirmed: int
    confirmed_href: str
    undone: int
    undone_href: str
    rate: str


@dataclass(frozen=True, slots=True)
class NoDataLine:
    """A rule that could not judge so many subjects of so many organizations."""

    rule_id: str
    title: Bilingual
    subjects: int
    organizations: int
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorPage:
    """The bureau's own figures since a day; a table's heading is marked text."""

    since: date
    decided: int
    decided_href: str
    median_days: str | None
    overdue: int
    overdue_href: str
    tables: tuple[tuple[str, str, tuple[UndoneLine, ...]], ...]
    no_data: tuple[NoDataLine, ...]


@dataclass(frozen=True, slots=True)
class UnjudgedLine:
    """A subject without a verdict and what was missing."""

    organization: str
    credit_code: str
    subject: str
    missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorListPage:
    """What stands behind a figure: findings, or subjects without a verdict. `title` is marked text."""

    title: str
    about: Bilingual | str
    lines: tuple[FindingLine, ...]
    unjudged: tuple[UnjudgedLine, ...]
    pager: Pager
