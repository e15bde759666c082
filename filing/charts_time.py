"""The chart of breach intervals: which rule was breached on which days."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hengjian.filing.chart_parts import (
    INK,
    NO_DATA_FILL,
    ROW_HEIGHT,
    SEVERITY_FILL,
    SEVERITY_WORD,
    day_text,
    framed,
    layer,
    names_axis,
    pale,
    severity_swatches,
    shortened,
    text_on,
)
from hengjian.filing.domain.chart_records import BreachInterval, Chart
from hengjian.filing.texts import Say

MOST_ROWS = 20
"""Rules in one picture; the table beside it has them all."""

_MOST_LETTERS = 30
_MOST_RULES = 2
_CHINESE = "\u2e80"
"""From here on letters are twice as wide."""
_BROKEN = {"strokeDash": [4, 2], "strokeWidth": 1.5, "stroke": INK}
"""How a stretch is drawn that counts under another finding, besides what is written at it."""


def breach_intervals(intervals: Sequence[BreachInterval], say: Say, *, since: date, until: date) -> Chart:
    """One row a rule with its stretches of breach, the exact days written at the bar, grey where nothing is known.

    What counts under another finding is pale within a broken line and says so; below what counts itself.

    Args:
        intervals: parts outside the window are cut off.
        say: the words.
        since: first day of the window.
        until: the day after its last; what is still open is drawn up to here.
    """
    inside = [i for i in intervals if i.since < until and (i.until is None or i.until > since)]
    inside.sort(key=lambda i: (i.rule_id, i.title, i.since, bool(i.counted_in)))
    names = list(dict.fromkeys(_label(i) for i in inside))
    shown = names[:MOST_ROWS]
    rows = [_bar(i, since=since, until=until, say=say) for i in inside if _label(i) in shown]
    _keep_apart(rows)
    y = names_axis(shown)
    x = _time_axis(say)
    edges = [{"d": since.isoformat()}, {"d": until.isoformat()}]
    layers = [
        layer(edges, {"type": "point", "opacity": 0}, x={**x, "field": "d"}),
        *_bars(rows, y, x),
        *(_texts(rows, side, y, x) for side in ("left", "right", "inside")),
        layer([{"d": until.isoformat()}], {"type": "rule", "color": INK}, x={**x, "field": "d"}),
    ]
    described = _described(inside, say, since=since, until=until)
    under = any(i.counted_in for i in inside)
    return Chart(
        name="intervals",
        spec=framed(layers, described, max(len(shown), 1) * ROW_HEIGHT),
        description=described,
        head=(say("规则"), say("级别"), say("起"), say("止"), say("天数"), *((say("计入"),) if under else ())),
        rows=tuple((*_row(i, until, say), *((say("、").join(i.counted_in),) if under else ())) for i in inside),
        swatches=(
            *severity_swatches([i.severity for i in inside if i.severity], say),
            *(((NO_DATA_FILL, say("无数据（不判定）")),) if any(i.severity is None for i in inside) else ()),
            *((("none", say("计入另一项，不另扣分")),) if under else ()),
        ),
        note=say("只画前 {n} 条规则，其余见附表。", n=MOST_ROWS) if len(names) > MOST_ROWS else "",
    )


def _described(inside: Sequence[BreachInterval], say: Say, *, since: date, until: date) -> str:
    last = until - timedelta(1)
    days = {"since": day_text(since, say), "until": day_text(last, say)}
    told = say("{since}至{until}共 {n} 段违规", **days, n=sum(i.severity is not None for i in inside))
    under = sum(bool(i.counted_in) for i in inside)
    return told + (say("，其中 {n} 段计入另一项，不另扣分", n=under) if under else "")


def _bars(rows: Sequence[dict[str, Any]], y: dict[str, Any], x: dict[str, Any]) -> list[dict[str, Any]]:
    """What counts under another lies below what counts itself."""
    place = {"y": y, "x": {**x, "field": "a"}, "x2": {"field": "b"}}
    fill = {"field": "c", "type": "nominal", "scale": None}
    under, itself = ([row for row in rows if row["under"] is known] for known in (True, False))
    broken = [layer(under, {"type": "bar", "height": 12, **_BROKEN}, **place, fill=fill)] if under else []
    return [*broken, layer(itself, {"type": "bar", "height": 13}, **place, color=fill)]


def _label(interval: BreachInterval) -> str:
    return shortened(f"{interval.rule_id} {interval.title}", _MOST_LETTERS)


def _bar(interval: BreachInterval, *, since: date, until: date, say: Say) -> dict[str, Any]:
    start = max(interval.since, since)
    end = min(interval.until or until, until)
    window = (until - since).days
    words = _length(interval, until, say) + _counted(interval, say)
    left, right = (start - since).days / window, (until - end).days / window
    need = sum(0.022 if letter >= _CHINESE else 0.011 for letter in words) + 0.01
    side = "right" if right >= need else "left" if left >= need else "inside"
    fill = NO_DATA_FILL if interval.severity is None else SEVERITY_FILL[interval.severity]
    fill = pale(fill) if interval.counted_in else fill
    return {
        "label": _label(interval),
        "a": start.isoformat(),
        "b": end.isoformat(),
        "c": fill,
        "under": bool(interval.counted_in),
        "side": side,
        "at": {"right": end, "left": start, "inside": start}[side].isoformat(),
        "t": words,
        "i": text_on(fill) if side == "inside" else INK,
        "from": left,
        "to": 1 - right,
        "need": need,
    }


def _keep_apart(rows: Sequence[dict[str, Any]]) -> None:
    """Takes away a text that would lie on another stretch of its row."""
    for row, following in pairwise(rows):
        if row["label"] != following["label"]:
            continue
        gap = following["from"] - row["to"]
        if gap < 0:
            following["t"] = ""
        if row["side"] == "inside" and row["c"] != following["c"] and following["from"] < row["from"] + row["need"]:
            row["t"] = ""
        if row["side"] == "right" and gap < row["need"]:
            row["t"] = ""
        if following["side"] == "left" and gap < following["need"] + (row["need"] if row["t"] else 0):
            following["t"] = ""


def _texts(rows: Sequence[dict[str, Any]], side: str, y: dict[str, Any], x: dict[str, Any]) -> dict[str, Any]:
    align, shift = {"right": ("left", 5), "left": ("right", -5), "inside": ("left", 6)}[side]
    mark = {"type": "text", "align": align, "dx": shift}
    ink = {"field": "i", "type": "nominal", "scale": None}
    return layer(
        [r for r in rows if r["side"] == side and r["t"]],
        mark,
        y=y,
        x={**x, "field": "at"},
        text={"field": "t"},
        color=ink,
    )


def _time_axis(say: Say) -> dict[str, Any]:
    return {
        "type": "temporal",
        "scale": {"type": "utc", "nice": False},
        "axis": {
            "title": None,
            "format": say("%-m月"),
            "tickCount": "month",
            "grid": True,
            "labelAlign": "left",
            "labelFlush": False,
        },
    }


def _days(interval: BreachInterval, until: date) -> int:
    return ((interval.until or until) - interval.since).days


def _length(interval: BreachInterval, until: date, say: Say) -> str:
    days = _days(interval, until)
    if interval.severity is None:
        return say("{n} 天无数据", n=days)
    return say("{n} 天，持续中", n=days) if interval.until is None or interval.until > until else say("{n} 天", n=days)


def _counted(interval: BreachInterval, say: Say) -> str:
    rules = list(dict.fromkeys(one.split(" ")[0] for one in interval.counted_in))
    shown = say("、").join(rules[:_MOST_RULES]) + ("…" if len(rules) > _MOST_RULES else "")
    return say("，计入 {rules}", rules=shown) if rules else ""


def _row(interval: BreachInterval, until: date, say: Say) -> tuple[str, ...]:
    return (
        f"{interval.rule_id} {interval.title}",
        say(SEVERITY_WORD[interval.severity]) if interval.severity else say("无数据"),
        interval.since.isoformat(),
        (interval.until - timedelta(1)).isoformat() if interval.until else say("持续中"),
        str(_days(interval, until)),
    )
