"""What the score page prints."""

from dataclasses import dataclass
from datetime import date

from hengjian.dashboards.charts import Chart
from hengjian.dashboards.language import Bilingual
from hengjian.dashboards.pages.organization_record import OrganizationHead


@dataclass(frozen=True, slots=True)
class Named:
    """A finding with the way to it; a document, device or month has no address."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionLine:
    """One dimension of the credit model; a `score` of None is not assessed."""

    code: str
    label: Bilingual | str
    score: str | None
    cap: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One step from 100 to the score; `more` counts findings not listed, `with_it` are others of the same events.

    Where no rule took it `rule_id` is empty, and `href` leads to the credit events behind it.
    """

    rule_id: str
    title: Bilingual | str
    dimension: str
    severity: str
    points: str
    findings: tuple[Named, ...]
    more: int
    href: str = ""
    with_it: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class Band:
    """The scores of one grade, ready to print."""

    letter: str
    range: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """One item between two scores, with the findings that came, went and stayed."""

    rule_id: str
    title: Bilingual | str
    dimension: str
    points: str
    came: tuple[Named, ...]
    went: tuple[Named, ...]
    stayed: tuple[Named, ...]
    more: int


@dataclass(frozen=True, slots=True)
class DayOption:
    """A day that may be chosen."""

    day: date
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesPart:
    """What changed between two days; the items sum to the difference (`adds_up` is computed, not claimed).

    `hidden` keeps region and day of the page in the form; `other_basis` leads to the same with the other score.
    """

    since: date
    until: date
    before: str
    after: str
    grade_before: str | None
    grade_after: str | None
    difference: str
    lines: tuple[ChangeLine, ...]
    adds_up: bool
    official: bool
    other_basis: str
    from_options: tuple[DayOption, ...]
    to_options: tuple[DayOption, ...]
    action: str
    hidden: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionLine:
    """One thing to correct: a finding with its rule, or what a penalty demands."""

    named: Named
    rule_id: str
    title: Bilingual | str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPart:
    """The fewest corrections that lead to the next grade or a better one by a day; score and grade `reached` then."""

    grade: str
    reached: str
    by: date
    next_year: bool
    score: str
    lines: tuple[CorrectionLine, ...]
    reachable: bool
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One month with both scores, and the way to what changed since the month before."""

    month: str
    score: str | None
    grade: str | None
    official: str | None
    official_grade: str | None
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeShare:
    """Organizations of one grade; None is a group too small to tell. `width` is of 100, `href` a bureau's list."""

    letter: str
    organizations: int | None
    width: int
    href: str
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributionPart:
    """How the grades of a region are spread among organizations of one kind; without `shares` it may not be told."""

    region: Bilingual | str
    kind: str
    shares: tuple[GradeShare, ...]
    anonymous: bool
    least: int


@dataclass(frozen=True, slots=True)
class BonusYearLine:
    """One year that the bonus asks for; `text` is marked, `href` leads to what counts against it, or is empty."""

    year: int
    clean: bool
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class BonusPart:
    """The bonus for clean years: its points, and whether it is given."""

    points: int
    given: bool
    years: tuple[BonusYearLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePage:
    """Both scores of `day` with every step. `reason` says why there is no score; parts are None where nothing can be said."""

    head: OrganizationHead
    day: date
    score: str | None
    grade: str | None
    official: str | None
    official_grade: str | None
    reason: str
    model: str
    waterfall: Chart | None
    trend: Chart | None
    dimensions: tuple[DimensionLine, ...]
    bonus: BonusPart | None
    bands: tuple[Band, ...]
    steps: tuple[StepLine, ...]
    changes: ChangesPart | None
    plan: PlanPart | None
    history: tuple[HistoryLine, ...]
    distribution: DistributionPart | None
    dossier: str
