"""A credit model as its file has it: dimensions, points, penalties, vetoes, grades, terms; every number configured."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from hengjian.scoring.domain.rules import SourceStatus, Wording
from hengjian.scoring.domain.verdicts import Severity
from hengjian.scoring.errors import UnknownPenaltyError


class Measure(StrEnum):
    """How a dimension is measured: by findings, by the mean of its units (sites, jobs), or by the mean of devices."""

    FINDINGS = "findings"
    UNITS = "units"
    DEVICES = "devices"


@dataclass(frozen=True, slots=True)
class Dimension:
    """A part of the score; `caps` gives the most it can hold, per kind of organization."""

    id: str
    title: Wording
    caps: Mapping[str, int]
    measure: Measure = Measure.FINDINGS


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade, the least score for it, and whether a critical finding leaves it open."""

    grade: str
    title: Wording
    at_least: int
    allows_critical: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceHealth:
    """What age and failures take from a device's 100 points.

    `failures` are rising (hours to repair, points), both ends of a band included; `longer` is for all beyond.
    """

    free_years: int
    points_per_year: int
    failures: tuple[tuple[int, int], ...]
    longer: int

    def failure_points(self, minutes: int) -> int:
        """Points for a failure that lasted so many minutes: exactly 24 hours is within 24 hours."""
        return next((points for hours, points in self.failures if minutes <= hours * 60), self.longer)


@dataclass(frozen=True, slots=True)
class PenaltyMeasure:
    """One kind of penalty other than a fine, with its points."""

    id: str
    title: Wording
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PenaltyLadder:
    """Points for penalties; `fines` are rising (largest amount in yuan, points), `larger_fine` for all beyond."""

    dimension: str
    measures: tuple[PenaltyMeasure, ...]
    fines: tuple[tuple[Decimal, int], ...]
    larger_fine: int

    def points(self, measure: str, fine: Decimal | None = None) -> int:
        """Points for a penalty: 20,000 yuan belongs to the band up to 20,000, 20,000.01 to the next.

        Raises:
            UnknownPenaltyError: the model has no such measure, or a fine without an amount above 0.
        """
        if measure == "fine":
            if fine is None or fine <= 0:
                raise UnknownPenaltyError(measure, self.known)
            return next((points for up_to, points in self.fines if fine <= up_to), self.larger_fine)
        found = next((item.points for item in self.measures if item.id == measure), None)
        if found is None:
            raise UnknownPenaltyError(measure, self.known)
        return found

    @property
    def known(self) -> tuple[str, ...]:
        """The measures that have points."""
        return ("fine", *(item.id for item in self.measures))


@dataclass(frozen=True, slots=True)
class VetoItem:
    """A ground for the lowest grade; the engine may propose it, never decide it.

    A breach of one of `rules` makes it propose, and a penalty whose measure is one of `penalties`.
    """

    id: str
    title: Wording
    rules: tuple[str, ...]
    source_status: SourceStatus
    penalties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bonus:
    """Points for so many whole natural years before the cycle without a finding, penalty or veto."""

    clean_years: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditModel:
    """A dated, versioned model; `deductions` and `rule_caps` are points per severity.

    `content` is what the file says as canonical text, and `version` its SHA-256. `terms` are the days, months and
    years of procedure and repair, by name.
    """

    id: str
    title: Wording
    region: str
    version: str
    in_force_from: date
    source_status: SourceStatus
    assessed: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    deductions: Mapping[Severity, Decimal]
    rule_caps: Mapping[Severity, Decimal]
    unit_factor: int
    silent_month: str
    device_health: DeviceHealth
    penalties: PenaltyLadder
    bonus: Bonus
    vetoes: tuple[VetoItem, ...]
    grades: tuple[Grade, ...]
    terms: Mapping[str, int]
    content: str

    def dimension(self, name: str) -> Dimension:
        """The dimension of a name."""
        return next(item for item in self.dimensions if item.id == name)

    @property
    def worst_grade(self) -> str:
        """The grade that a veto gives."""
        return min(self.grades, key=lambda grade: grade.at_least).grade
