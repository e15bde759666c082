"""What a chart shows, before it is drawn, and the chart itself, before it is a picture."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

Severity = Literal["critical", "major", "minor", "info"]
Grade = Literal["A", "B", "C", "D"]

SEVERITIES: tuple[Severity, ...] = ("critical", "major", "minor", "info")
GRADES: tuple[Grade, ...] = ("A", "B", "C", "D")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPoint:
    """The score at one moment of a series; None where there was none, which is neither 0 nor full."""

    day: date
    score: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekCount:
    """Findings first detected in the seven days from `monday`, by severity."""

    monday: date
    counts: Mapping[Severity, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachInterval:
    """One stretch of days on which a rule was breached, or not judged for want of data (`severity` None).

    `until` is the first day on which it no longer was; None while it lasts. `counted_in` names what counts in its stead,
    by rule and number; empty where it counts itself.
    """

    rule_id: str
    title: str
    since: date
    until: date | None
    severity: Severity | None
    counted_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduction:
    """Points lost for one reason; `points` is positive."""

    label: str
    severity: Severity
    points: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictCount:
    """How often each verdict was given under one heading (a rule, or all rules together)."""

    label: str
    passed: int
    breach: int
    not_applicable: int
    no_data: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeCount:
    """How many organizations hold each provisional grade in one place; `not_rated` have none."""

    label: str
    grades: Mapping[Grade, int]
    not_rated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One Vega-Lite specification with its words: the same for a page and for paper.

    Attributes:
        name: short and unique in a document.
        spec: Vega-Lite 6.4, rows inside, without width.
        description: what the picture shows, for who cannot see it.
        head: column headings of the data table beside it.
        rows: its rows, as text.
        swatches: colour and meaning, for the key in the chart's head; the colour `none` is a box with a broken line.
        note: what a reader must know to read it rightly; empty when nothing.
    """

    name: str
    spec: Mapping[str, Any]
    description: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    swatches: tuple[tuple[str, str], ...] = ()
    note: str = ""
