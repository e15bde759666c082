"""What a measurement hands back."""

from collections.abc import Sequence
from statistics import median
from typing import NotRequired, TypedDict


class Figure(TypedDict):
    """One figure. A `_vs_` name has a baseline in the same unit and ratio = value / baseline; else both are None."""

    name: str
    value: float | None
    unit: str
    baseline: float | None
    ratio: float | None
    note: NotRequired[str]


def compared(name: str, ours: Sequence[float], theirs: Sequence[float], unit: str) -> Figure:
    """Medians of interleaved rounds; the ratio is the median of the rounds' own ratios, each taken within seconds."""
    ratio = median(a / b for a, b in zip(ours, theirs, strict=True))
    value, baseline = median(ours), median(theirs)
    figure = Figure(
        name=name, value=_short(value), unit=unit, baseline=_short(baseline), ratio=round(value / baseline, 3)
    )
    figure["note"] = f"median of round ratios {ratio:.3f}, {len(ours)} rounds"
    return figure


def alone(name: str, value: float, unit: str, note: str = "") -> Figure:
    """A figure without a baseline."""
    figure = Figure(name=name, value=_short(value), unit=unit, baseline=None, ratio=None)
    if note:
        figure["note"] = note
    return figure


def missing(name: str, unit: str, note: str) -> Figure:
    """A figure that could not be had here, and why."""
    return Figure(name=name, value=None, unit=unit, baseline=None, ratio=None, note=note)


def _short(value: float) -> float:
    return round(value, 1) if abs(value) >= 100 else float(f"{value:.4g}")
