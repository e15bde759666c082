"""The monthly compliance report as one frozen record: what is printed, kept as evidence, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal, TypeVar

from hengjian.filing.domain.chart_records import Chart, Grade, Severity

_T = TypeVar("_T")
Verdict = Literal["pass", "breach", "not_applicable", "no_data"]

MOST_ROWS = 500
"""Rows of one table on paper; a layout engine needs more than its time beyond that."""
MOST_REGISTER_ROWS = 1_500
"""Rows of all register tables of one report together."""
MOST_LETTERS = 200
"""Letters of one cell; longer texts end in an ellipsis with their length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A whole month: `since` its first day, `until` the first day of the next."""

    since: date
    until: date

    @property
    def last(self) -> date:
        """The last day that belongs to it."""
        return self.until - timedelta(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Who is reported on, by whom, for when, and from which knowledge.

    Attributes:
        subject: name of the organization or of the bureau's region.
        identifier: its credit code, or the region's code.
        kinds: what the organization is, in the reader's language.
        place: where it is registered.
        bureau: who answers for the report.
        number: printed on each page.
        made_at: when it was made; also the data's time of knowledge.
        law_book: version hash of the rules that judged.
        demo: whether everything in it is invented.
        checkpoint: the evidence log's newest checkpoint then, as origin, size and root; empty before the first.
        witnesses: who signed which of its checkpoints last, as name, size and day; empty without any.
    """

    subject: str
    identifier: str
    kinds: tuple[str, ...]
    place: str
    bureau: str
    number: str
    period: Period
    made_at: datetime
    law_book: str
    demo: bool
    checkpoint: str = ""
    witnesses: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreLine:
    """A provisional score: dimension D1 alone, as if every open finding were confirmed.

    `total` and `grade` are None with a `reason` where no score may be given. `not_assessed` names the dimensions that
    nobody has looked at; they are neither full nor empty.
    """

    total: Decimal | None
    grade: Grade | None
    d1: Decimal | None
    d1_cap: Decimal
    not_assessed: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementLine:
    """What one rule says of one subject at the end of the month."""

    rule_id: str
    title: str
    subject: str
    verdict: Verdict
    severity: Severity | None
    measured: str
    required: str
    unit: str
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLine:
    """One finding; `until` is the first day without the breach, None while it lasts.

    `counted_in` names the findings of the same event under which it counts; empty where it counts itself.
    """

    number: str
    organization: str
    rule_id: str
    title: str
    subject: str
    severity: Severity
    since: date
    until: date | None
    days: int
    state: str
    measured: str
    required: str
    unit: str
    fresh: bool
    counted_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseLine:
    """A rule that was breached: what the clause says, how it was computed, how it is mended."""

    rule_id: str
    title: str
    source: str
    clause: str
    quote: str
    formula: str
    remedy: str
    in_force_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows as text under their headings; `numeric` are columns set to the right, `widths` shares of the line."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    remainder: int = 0
    numeric: frozenset[int] = frozenset()
    widths: tuple[int, ...] = ()
    empty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number that the first page shows, with its unit."""

    value: str
    unit: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One numbered part: sentences, then a chart, then tables."""

    anchor: str
    title: str
    sentences: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    findings: tuple[FindingLine, ...] = ()
    findings_remainder: int = 0
    requirements: tuple[RequirementLine, ...] = ()
    clauses: tuple[ClauseLine, ...] = ()
    empty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplianceReport:
    """Everything on paper, in order."""

    kind: Literal["organization", "bureau"]
    title: str
    cover: Cover
    score: ScoreLine | None
    figures: tuple[Figure, ...]
    summary: tuple[str, ...]
    sections: tuple[Section, ...]


def period_of(month: str) -> Period:
    """The period of a month written YYYY-MM.

    >>> period_of("2026-12")
    Period(since=datetime.date(2026, 12, 1), until=datetime.date(2027, 1, 1))

    Raises:
        ValueError: it is not a month of that form.
    """
    since = date.fromisoformat(f"{month}-01")
    return Period(since=since, until=(since.replace(day=28) + timedelta(4)).replace(day=1))


def month_before(day: date) -> str:
    """The month that had ended on a day, as YYYY-MM.

    >>> month_before(date(2026, 11, 1))
    '2026-10'
    """
    return (day.replace(day=1) - timedelta(1)).strftime("%Y-%m")


def cut(text: str, most: int = MOST_LETTERS) -> str:
    """A cell's text; a longer one ends in an ellipsis and says how long it was."""
    return text if len(text) <= most else f"{text[:most]}…（{len(text)}）"


def capped(rows: Sequence[_T], most: int = MOST_ROWS) -> tuple[tuple[_T, ...], int]:
    """The rows that are printed, and how many are not."""
    return tuple(rows[:most]), max(0, len(rows) - most)
