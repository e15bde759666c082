"""The shape of credit-model files."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import msgspec

from hengjian.scoring.domain.credit_model import Measure
from hengjian.scoring.domain.rules import SourceStatus
from hengjian.scoring.domain.verdicts import Severity
from hengjian.scoring.lawbook_schema import WordingShape

Count = Annotated[int, msgspec.Meta(ge=0)]


class DimensionShape(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A dimension of a credit model with its cap per kind of organization."""

    id: str
    title: WordingShape
    measure: Measure
    caps: dict[str, Count]


class GradeShape(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A grade and what it takes."""

    grade: str
    title: WordingShape
    at_least: int
    allows_critical: bool


class FailureShape(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Points for a failure repaired within so many hours."""

    within_hours: Count
    points: Count


class DeviceHealthShape(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What age and failures take from a device."""

    free_years: Count
    points_per_year: Count
    failures: list[FailureShape]
    longer: Count


class PenaltyMeasureShape(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Points for a penalty other than a fine."""

    id: str
    title: WordingShape
    points: Count


class FineShape(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Points for a fine up to an amount in yuan."""

    up_to: Count
    points: Count


class PenaltiesShape(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The penalty ladder."""

    dimension: str
    measures: list[PenaltyMeasureShape]
    fines: list[FineShape]
    larger_fine: Count


class BonusShape(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Points for clean years."""

    clean_years: Annotated[int, msgspec.Meta(ge=1)]
    points: Count


class VetoShape(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A ground for the lowest grade."""

    id: str
    title: WordingShape
    rules: list[str]
    source_status: SourceStatus
    penalties: list[str] = []


class RepairShape(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Terms of repair, in months."""

    penalty_months: Count
    veto_months: Count


class ProcedureShape(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Terms of procedure."""

    statement_working_days: Count
    publicity_days: Count
    objection_working_days: Count
    publish_working_days: Count
    appeal_working_days: Count
    decisions_kept_years: Count


class CreditShape(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A credit model file."""

    id: str
    title: WordingShape
    region: str
    in_force_from: date
    source_status: SourceStatus
    assessed: list[str]
    dimensions: list[DimensionShape]
    deductions: dict[Severity, Decimal]
    rule_caps: dict[Severity, Decimal]
    unit_factor: Count
    silent_month: str
    device_health: DeviceHealthShape
    penalties: PenaltiesShape
    bonus: BonusShape
    vetoes: list[VetoShape]
    grades: list[GradeShape]
    repair: RepairShape
    procedure: ProcedureShape
