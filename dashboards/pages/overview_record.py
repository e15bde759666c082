"""What the overview of a region prints."""

from dataclasses import dataclass
from datetime import date

from hengjian.dashboards.charts import Chart
from hengjian.dashboards.language import Bilingual
from hengjian.dashboards.parts import FindingLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """One thing that waits for a decision; `note` is ready to print."""

    label: str
    count: int
    note: str
    href: str
    urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One key number; a `value` of None is 'no data'."""

    label: str
    value: str | None
    unit: str
    note: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeBar:
    """How many organizations hold a grade; `letter` None is not rated. `width` is of 100."""

    letter: str | None
    count: int
    width: str
    fill: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeCase:
    """An organization less than one point from the border of a grade."""

    name: str
    credit_code: str
    score: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBar:
    """Open findings of one rule; `width` is of 100."""

    rule_id: str
    title: Bilingual
    count: int
    width: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstLine:
    """One of the organizations with the lowest provisional score."""

    name: str
    credit_code: str
    grade: str | None
    region: Bilingual | str
    score: str | None
    critical: int
    major: int
    minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A finding that was opened or ended in the last seven days."""

    number: str
    organization: str
    rule_id: str
    title: Bilingual
    severity: str
    opened: bool
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionLine:
    """One region directly below the bureau's own."""

    code: str
    name: Bilingual | str
    organizations: int
    points: str | None
    open: int
    per_hundred: str | None
    no_data: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewPage:
    """The overview of a bureau's region on one day."""

    day: date
    todo: tuple[Todo, ...]
    figures: tuple[Figure, ...]
    open_total: int
    findings: tuple[FindingLine, ...]
    grades: tuple[GradeBar, ...]
    graded_total: int
    edge: tuple[EdgeCase, ...]
    weekly: Chart
    trend: Chart
    rules: tuple[RuleBar, ...]
    worst: tuple[WorstLine, ...]
    changes: tuple[Change, ...]
    regions: tuple[RegionLine, ...]
