"""What a measurement hands back."""

from dataclasses import dataclass, field
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


@dataclass
class Rounds:
    """What one side did in each round: work per second, and CPU seconds of its server and of PostgreSQL."""

    rates: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)
    postgres: list[float] = field(default_factory=list)

    def skip(self, rounds: int) -> "Rounds":
        """Without the first rounds, which only warm up."""
        return Rounds(self.rates[rounds:], self.server[rounds:], self.postgres[rounds:])

    def cost(self) -> str:
        """CPU of one request, in ms."""
        return f"{1000 * median(self.server):.2f} + {1000 * median(self.postgres):.2f}"


def compared(name: str, ours: Rounds, theirs: Rounds, unit: str) -> Figure:
    """Medians of interleaved rounds; the note says what each side cost, which other work on the machine hardly moves."""
    value, baseline = median(ours.rates), median(theirs.rates)
    figure = Figure(
        name=name, value=_short(value), unit=unit, baseline=_short(baseline), ratio=round(value / baseline, 3)
    )
    if ours.server:
        figure["note"] = f"CPU ms a request, server + PostgreSQL: {ours.cost()} against {theirs.cost()}"
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
