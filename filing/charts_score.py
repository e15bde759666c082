"""Charts about a score: how it moved, and what it is made of."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import accumulate, pairwise
from types import MappingProxyType
from typing import Any

from hengjian.filing.chart_parts import (
    BRAND,
    GRADE_GROUND,
    ROW_HEIGHT,
    SEVERITY_FILL,
    SEVERITY_WORD,
    distinct,
    framed,
    layer,
    month_text,
    names_axis,
    number,
    severity_swatches,
    shortened,
)
from hengjian.filing.domain.chart_records import GRADES, Chart, Deduction, Grade, Severity, TrendPoint
from hengjian.filing.texts import Say

MOST_STEPS = 12
"""Deductions that get a bar of their own."""
_NARROW = 460
"""Charts narrower than this are on a phone, px."""
NO_LIMITS: Mapping[Grade, Decimal] = MappingProxyType({})
"""Without the model's limits no grades are drawn."""


def score_trend(points: Sequence[TrendPoint], say: Say, *, limits: Mapping[Grade, Decimal] = NO_LIMITS) -> Chart:
    """The score over months, on the grounds of the grades; a month without a score is a gap."""
    known = [point.score for point in points if point.score is not None]
    floor = max(Decimal(0), (min([*known, Decimal(78)]) // 10) * 10 - 5)
    months = [month_text(point.day, say) for point in points]
    y = _score_axis(floor, limits, say)
    x = _months_axis(months, say)
    rows = [{"m": m, "v": _drawn(p.score), "t": _score_text(p.score)} for m, p in zip(months, points, strict=True)]
    last = [row for row in rows if row["v"] is not None][-1:]
    layers = [
        *(
            layer([band], {"type": "rect", "color": GRADE_GROUND[band["g"]]}, y=y("a"), y2={"field": "b"})
            for band in _bands(floor, limits)
        ),
        layer(
            _bands(floor, limits),
            {"type": "text", "align": "left", "dx": 6, "dy": 11, "fontWeight": "bold", "color": "#465260"},
            x={"value": 0},
            y=y("b"),
            text={"field": "g"},
        ),
        layer(rows, {"type": "line", "invalid": "break-paths-show-domains"}, x=x, y=y("v")),
        layer([r for r in rows if r["v"] is not None], {"type": "point"}, x=x, y=y("v")),
        layer(
            last,
            {"type": "text", "dy": -12, "fontWeight": "bold", "fontSize": 13, "color": BRAND},
            x=x,
            y=y("v"),
            text={"field": "t"},
        ),
    ]
    told = _trend_words(points, months, say)
    return Chart(
        name="trend",
        spec=framed(layers, told, 150),
        description=told,
        head=(say("月份"), say("暂定得分")),
        rows=tuple((month, _score_text(p.score)) for month, p in zip(months, points, strict=True)),
        note=say("纵轴不从 0 起，只比较变化。"),
    )


def _trend_words(points: Sequence[TrendPoint], months: Sequence[str], say: Say) -> str:
    known = [(month, p.score) for month, p in zip(months, points, strict=True) if p.score is not None]
    if not known:
        return say("各月都没有得分")
    (first, began), (last, ended) = known[0], known[-1]
    return say(
        "各月暂定得分：{first} {began}，{last} {ended}",
        first=first,
        began=_score_text(began),
        last=last,
        ended=_score_text(ended),
    )


def _bands(floor: Decimal, limits: Mapping[Grade, Decimal]) -> list[dict[str, Any]]:
    ordered = [(grade, limits[grade]) for grade in GRADES if grade in limits]
    tops = [Decimal(100), *(limit for _, limit in ordered)]
    return [
        {"g": grade, "a": number(max(limit, floor)), "b": number(top)}
        for (grade, limit), top in zip(ordered, tops, strict=False)
        if top > floor
    ]


def _score_axis(floor: Decimal, limits: Mapping[Grade, Decimal], say: Say) -> Any:
    values = [number(limit) for limit in limits.values() if limit > floor] + [100.0]

    def axis(field: str) -> dict[str, Any]:
        return {
            "field": field,
            "type": "quantitative",
            "scale": {"domain": [number(floor), 100], "nice": False, "zero": False},
            "axis": {"values": values, "title": say("分"), "grid": True},
        }

    return axis


def _months_axis(months: Sequence[str], say: Say) -> dict[str, Any]:
    axis = {
        "title": None,
        "labelAngle": 0,
        "labelOverlap": "greedy",
        "labelSeparation": 8,
        "labelExpr": say("split(datum.value, '年')[1]"),
    }
    return {
        "field": "m",
        "type": "ordinal",
        "sort": None,
        "scale": {"domain": list(months), "paddingOuter": 0.6},
        "axis": axis,
    }


def _drawn(score: Decimal | None) -> float | None:
    return None if score is None else number(score)


def _score_text(score: Decimal | None) -> str:
    return "–" if score is None else f"{score:.2f}"


def deduction_waterfall(
    deductions: Sequence[Deduction],
    say: Say,
    *,
    full: Decimal,
    score: Decimal,
    limits: Mapping[Grade, Decimal] = NO_LIMITS,
) -> Chart:
    """From the full score to the present one, largest deduction first; the rest of a long list becomes one bar."""
    ordered = sorted(deductions, key=lambda deduction: (-deduction.points, deduction.label))
    shown = _within_cap(_most_of(ordered, say), full - score, say)
    names = distinct([say("满分"), *(shortened(d.label, 44) for d in shown), say("暂定得分")])
    levels = [full, *(full - taken for taken in accumulate(d.points for d in shown))]
    x = _waterfall_axis(levels, full, score)
    described = say(
        "从满分 {full} 到暂定得分 {score}，共 {n} 项扣分", full=f"{full:.2f}", score=f"{score:.2f}", n=len(deductions)
    )
    layers = [
        *_grade_lines(limits, Decimal(str(x["scale"]["domain"][0])), full, x),
        *_steps(names, levels, shown, x),
        *_ends([(names[0], full), (names[-1], score)], names, x),
    ]
    return Chart(
        name="waterfall",
        spec=framed(layers, described, ROW_HEIGHT * len(names)),
        description=described,
        head=(say("项目"), say("级别"), say("扣分")),
        rows=tuple((d.label, _severity_word(d, say), f"{d.points:.2f}") for d in ordered),
        swatches=_swatches([d.severity for d in shown], say),
        note=say("横轴不从 0 起，只比较差值。"),
    )


def _severity_word(one: Deduction, say: Say) -> str:
    return "–" if one.severity == "info" else say(SEVERITY_WORD[one.severity])


def _swatches(present: Sequence[Severity], say: Say) -> tuple[tuple[str, str], ...]:
    """The severities drawn; what no rule took is grey: a penalty, the rest, what a dimension gives back."""
    rules = severity_swatches([one for one in present if one != "info"], say)
    return (*rules, (SEVERITY_FILL["info"], say("其他"))) if "info" in present else rules


def _most_of(ordered: Sequence[Deduction], say: Say) -> list[Deduction]:
    shown, rest = list(ordered[:MOST_STEPS]), ordered[MOST_STEPS:]
    if rest:
        together = sum((d.points for d in rest), Decimal(0))
        shown.append(Deduction(label=say("其余 {n} 项", n=len(rest)), severity="info", points=together))
    return shown


def _within_cap(shown: list[Deduction], lost: Decimal, say: Say) -> list[Deduction]:
    """The deductions with what a dimension's cap gives back, so that the steps end at the score."""
    beyond = sum((d.points for d in shown), Decimal(0)) - lost
    if beyond <= 0:
        return shown
    return [*shown, Deduction(label=say("超出维度分值，不再扣"), severity="info", points=-beyond)]


def _waterfall_axis(levels: Sequence[Decimal], full: Decimal, score: Decimal) -> dict[str, Any]:
    lowest = min(score, *levels)
    floor = max(Decimal(0), lowest - (full - lowest) * Decimal("0.6") - Decimal("0.5"))
    ceiling = full + (full - floor) * Decimal("0.40")
    scale = {"domain": [number(floor), number(ceiling)], "nice": False, "zero": False}
    return {"type": "quantitative", "axis": None, "scale": scale}


def _steps(
    names: Sequence[str], levels: Sequence[Decimal], shown: Sequence[Deduction], x: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The bars, the thin lines that carry the level from one row to the next, and the figures at the right."""
    y = _names(names)
    bars = [
        {"label": name, "a": number(low), "b": number(high), "c": SEVERITY_FILL[d.severity], "t": _signed(d.points)}
        for name, low, high, d in zip(names[1:-1], levels[1:], levels[:-1], shown, strict=True)
    ]
    lines = [
        {"label": name, "n": below, "v": number(level)}
        for (name, below), level in zip(pairwise(names), levels, strict=True)
    ]
    fill = {"field": "c", "type": "nominal", "scale": None}
    return [
        layer(lines, {"type": "rule", "color": "#76828f"}, y=y, y2={"field": "n"}, x={**x, "field": "v"}),
        layer(bars, {"type": "bar", "height": 16}, y=y, x={**x, "field": "a"}, x2={"field": "b"}, color=fill),
        layer(bars, {"type": "text", "align": "right"}, y=y, x={"value": "width"}, text={"field": "t"}),
    ]


def _names(names: Sequence[str]) -> dict[str, Any]:
    """Rows by name; where the chart is narrow a rule is named by its number alone, and the bars keep their room."""
    axis = names_axis(names)
    number_only = "indexof(datum.label, '-') == 1 ? split(datum.label, ' ')[0] : truncate(datum.label, 18)"
    return {**axis, "axis": {**axis["axis"], "labelExpr": f"width < {_NARROW} ? {number_only} : datum.label"}}


def _signed(points: Decimal) -> str:
    return f"−{points:.2f}" if points >= 0 else f"+{-points:.2f}"


def _ends(ends: Sequence[tuple[str, Decimal]], names: Sequence[str], x: Mapping[str, Any]) -> list[dict[str, Any]]:
    y = _names(names)
    rows = [{"label": name, "v": number(value), "t": f"{value:.2f}"} for name, value in ends]
    tick = {"type": "tick", "thickness": 4, "height": 20, "color": BRAND, "opacity": 1}
    bold = {"type": "text", "align": "right", "fontWeight": "bold", "fontSize": 13, "color": BRAND}
    return [
        layer(rows, tick, y=y, x={**x, "field": "v"}),
        layer(rows, bold, y=y, x={"value": "width"}, text={"field": "t"}),
    ]


def _grade_lines(
    limits: Mapping[Grade, Decimal], floor: Decimal, full: Decimal, x: Mapping[str, Any]
) -> list[dict[str, Any]]:
    rows = [
        {"v": number(limit), "t": f"{grade} ≥ {limit:f}"} for grade, limit in limits.items() if floor < limit < full
    ]
    if not rows:
        return []
    return [
        layer(rows, {"type": "rule", "strokeDash": [3, 3], "color": "#a9b4bf"}, x={**x, "field": "v"}),
        layer(
            rows,
            {"type": "text", "align": "left", "dx": 4, "fontSize": 11, "color": "#5d6875"},
            x={**x, "field": "v"},
            y={"value": -4},
            text={"field": "t"},
        ),
    ]
