"""What was gathered for a report, before it is put in order and words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from hengjian.filing.domain.chart_records import (
    BreachInterval,
    Deduction,
    Grade,
    GradeCount,
    TrendPoint,
    VerdictCount,
    WeekCount,
)
from hengjian.filing.domain.compliance_report import (
    ClauseLine,
    Cover,
    FindingLine,
    RequirementLine,
    ScoreLine,
    Table,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLine:
    """One batch that arrived in the month, in rows."""

    received_at: datetime
    organization: str
    kind: str
    stream: str
    sequence: int | None
    sent: int
    accepted: int
    warned: int
    refused: int
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterCount:
    """How many rows one register has in force at the end of the month, and how many of them are printed."""

    title: str
    rows: int
    printed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgements:
    """What scoring says, for one organization or for a region.

    `findings` are those that lasted on some day of the month, `lasting` counts those open after it, by organization
    and severity; the intervals and weeks look back twelve months and twelve weeks.
    """

    findings: tuple[FindingLine, ...]
    clauses: tuple[ClauseLine, ...]
    intervals: tuple[BreachInterval, ...]
    weeks: tuple[WeekCount, ...]
    verdicts: tuple[VerdictCount, ...]
    lasting: Mapping[UUID, Mapping[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationData:
    """Everything about one organization in one month; `judged_on` is the day of the verdicts in `requirements`."""

    cover: Cover
    judgements: Judgements
    score: ScoreLine
    deductions: tuple[Deduction, ...]
    trend: tuple[TrendPoint, ...]
    grade_limits: Mapping[Grade, Decimal]
    requirements: tuple[RequirementLine, ...]
    judged_on: date | None
    register_counts: tuple[RegisterCount, ...]
    registers: tuple[Table, ...]
    receipts: tuple[ReceiptLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationLine:
    """One organization of a region, as its bureau sees it at the end of the month."""

    name: str
    credit_code: str
    place: str
    score: ScoreLine
    critical: int
    major: int
    minor: int
    last_push: datetime | None
    batches: int
    refused_rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BureauData:
    """Everything about one region in one month."""

    cover: Cover
    judgements: Judgements
    grades: tuple[GradeCount, ...]
    organizations: tuple[OrganizationLine, ...]
