"""How many findings were open at the end of each week: the overview's trend."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol


class Say(Protocol):
    """A text in the reader's language with values put in."""

    def __call__(self, text: str, /, **values: object) -> str:
        """The text for the reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendDrawing:
    """The trend in the shape that every chart of a page has."""

    spec: dict[str, Any]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    name: str = "trend"
    swatches: tuple[tuple[str, str], ...] = ()
    note: str = ""


def open_trend(counts: Sequence[tuple[date, int]], say: Say) -> TrendDrawing:
    """A line from zero over (last day of the week, findings open at its end), the last value written out."""
    rows = [{"w": f"{day.month}/{day.day}", "n": count} for day, count in counts]
    weeks = [row["w"] for row in rows]
    x = {
        "field": "w",
        "type": "ordinal",
        "sort": None,
        "scale": {"domain": weeks, "type": "point", "padding": 0.35},
        "axis": {"title": None, "labelAngle": 0, "labelOverlap": "greedy", "labelSeparation": 6},
    }
    top = max([count for _, count in counts], default=0)
    y = {
        "field": "n",
        "type": "quantitative",
        "scale": {"domain": [0, max(4, top * 1.15)], "nice": False},
        "axis": {"title": say("项"), "tickCount": 4, "tickMinStep": 1, "format": "d", "grid": True},
    }
    layers: list[dict[str, Any]] = [
        {"data": {"values": rows}, "mark": {"type": "line", "point": True}, "encoding": {"x": x, "y": y}},
        {
            "data": {"values": rows[-1:]},
            "mark": {"type": "text", "dy": -12, "fontWeight": "bold"},
            "encoding": {"x": x, "y": y, "text": {"field": "n"}},
        },
    ]
    told = say("每周末未关闭违规项：%(told)s", told=say("，").join(f"{row['w']} {row['n']}" for row in rows))
    return TrendDrawing(
        spec={
            "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
            "description": told,
            "width": "container",
            "height": 150,
            "layer": layers,
        },
        head=(say("周末"), say("未关闭，项")),
        rows=tuple((day.isoformat(), str(count)) for day, count in counts),
    )
