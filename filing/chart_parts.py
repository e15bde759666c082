"""The pieces that the charts share: colours, axes and the frame of a specification."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from hengjian.filing.domain.chart_records import SEVERITIES, Grade, Severity
from hengjian.filing.texts import Say

SEVERITY_FILL: Mapping[Severity, str] = {
    "critical": "#8f1616",
    "major": "#e0701a",
    "minor": "#e9c94a",
    "info": "#a9b4bf",
}
GRADE_FILL: Mapping[Grade, str] = {"A": "#0f7a5f", "B": "#7fb2e0", "C": "#e0a21b", "D": "#a3231f"}
GRADE_GROUND: Mapping[Grade, str] = {"A": "#eef7f3", "B": "#f0f5fc", "C": "#fdf6e6", "D": "#fbeeee"}
NO_DATA_FILL = "#a9b4bf"
QUIET_FILL = "#dde2e6"
INK = "#17212b"
BRAND = "#0e4453"
ROW_HEIGHT = 24
"""Height of one named row, px."""

SEVERITY_WORD: Mapping[Severity, str] = {"critical": "严重", "major": "较重", "minor": "一般", "info": "提示"}

_DARK_FILLS = frozenset({"#8f1616", "#0f7a5f", "#a3231f"})


def framed(layers: Sequence[Mapping[str, Any]], description: str, height: int) -> dict[str, Any]:
    """A specification with what every chart has; the width is the place's affair."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": description,
        "width": "container",
        "height": height,
        "layer": list(layers),
    }


def layer(rows: Sequence[Mapping[str, Any]], mark: Mapping[str, Any], **encoding: Mapping[str, Any]) -> dict[str, Any]:
    """Rows and how they are drawn."""
    return {"data": {"values": list(rows)}, "mark": dict(mark), "encoding": encoding}


def number(value: Decimal) -> float:
    """A position on paper. Only drawing takes it; every printed figure is made from the decimal itself."""
    return float(value)


def text_on(fill: str) -> str:
    """Ink or white, whichever can be read on a fill."""
    return "#ffffff" if fill in _DARK_FILLS else INK


def pale(fill: str) -> str:
    """A fifth of a fill on white."""
    parts = (int(fill[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{(part + 4 * 255) // 5:02x}" for part in parts)


def names_axis(domain: Sequence[str]) -> dict[str, Any]:
    """Rows by name, in the order given (sorting by a field fails across layers)."""
    return {
        "field": "label",
        "type": "nominal",
        "sort": None,
        "scale": {"domain": list(domain)},
        "axis": {"title": None, "labelColor": INK, "grid": False, "labelPadding": 8},
    }


def distinct(labels: Sequence[str]) -> list[str]:
    """Labels as keys of rows: a repeated one gets invisible spaces, so that two rows never fall together."""
    seen: dict[str, int] = {}
    result = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        result.append(label + "\u200b" * (seen[label] - 1))
    return result


def shortened(text: str, most: int) -> str:
    """Text for a label, cut with an ellipsis."""
    return text if len(text) <= most else text[: most - 1] + "…"


def day_text(day: date, say: Say) -> str:
    """A day of a year that the reader knows."""
    return say("{month}月{day}日", month=day.month, day=day.day)


def month_text(day: date, say: Say) -> str:
    """A month with its year."""
    return say("{year}年{month}月", year=day.year, month=day.month)


def severity_swatches(present: Sequence[Severity], say: Say) -> tuple[tuple[str, str], ...]:
    """The key to the severities that a chart shows, worst first."""
    return tuple((SEVERITY_FILL[s], say(SEVERITY_WORD[s])) for s in SEVERITIES if s in present)
