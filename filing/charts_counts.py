"""Charts that count: findings by week, verdicts by rule, grades by place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hengjian.filing.chart_parts import (
    GRADE_FILL,
    NO_DATA_FILL,
    QUIET_FILL,
    ROW_HEIGHT,
    SEVERITY_FILL,
    SEVERITY_WORD,
    day_text,
    distinct,
    framed,
    layer,
    names_axis,
    severity_swatches,
    shortened,
    text_on,
)
from hengjian.filing.domain.chart_records import GRADES, SEVERITIES, Chart, GradeCount, VerdictCount, WeekCount
from hengjian.filing.texts import Say


def weekly_findings(weeks: Sequence[WeekCount], say: Say) -> Chart:
    """New findings a week, stacked by severity, with the total on each bar."""
    labels = [f"{week.monday.month}/{week.monday.day}" for week in weeks]
    x = {
        "field": "w",
        "type": "ordinal",
        "sort": None,
        "scale": {"domain": labels},
        "axis": {"title": say("周（起始日）"), "labelAngle": 0, "labelOverlap": "greedy", "labelSeparation": 6},
    }
    present = [s for s in SEVERITIES if any(week.counts.get(s, 0) for week in weeks)]
    rows = [
        {"w": label, "s": severity, "o": SEVERITIES.index(severity), "n": week.counts.get(severity, 0)}
        for label, week in zip(labels, weeks, strict=True)
        for severity in present
    ]
    totals = [sum(week.counts.values()) for week in weeks]
    top = max([*totals, 1])
    y = {
        "field": "n",
        "type": "quantitative",
        "scale": {"domain": [0, top * 1.12], "nice": False},
        "axis": {"title": say("项"), "format": "d", "tickCount": min(top, 4), "tickMinStep": 1, "grid": True},
    }
    colour = {
        "field": "s",
        "type": "nominal",
        "scale": {"domain": present, "range": [SEVERITY_FILL[s] for s in present]},
    }
    layers = [
        layer(rows, {"type": "bar"}, x=x, y={**y, "stack": True}, color=colour, order={"field": "o"}),
        layer(
            [{"w": label, "n": total, "t": str(total)} for label, total in zip(labels, totals, strict=True) if total],
            {"type": "text", "dy": -8},
            x=x,
            y=y,
            text={"field": "t"},
        ),
    ]
    words = [say(SEVERITY_WORD[s]) for s in present]
    described = say(
        "近 {n} 周新发生违规项共 {total} 项，最近一周 {last} 项",
        n=len(weeks),
        total=sum(totals),
        last=totals[-1] if totals else 0,
    )
    return Chart(
        name="weekly",
        spec=framed(layers, described, 150 if top > 3 else 90),
        description=described,
        head=(say("周（起始日）"), *words, say("合计")),
        rows=tuple(
            (day_text(week.monday, say), *(str(week.counts.get(s, 0)) for s in present), str(total))
            for week, total in zip(weeks, totals, strict=True)
        ),
        swatches=severity_swatches(present, say),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """One sort of segment in stacked rows."""

    word: str
    fill: str
    counts: Sequence[int]


def verdict_counts(counts: Sequence[VerdictCount], say: Say, *, name: str = "verdicts") -> Chart:
    """How often each verdict was given; no data stands apart from pass and breach."""
    parts = [
        _Part(say("不符合"), "#a3231f", [c.breach for c in counts]),
        _Part(say("无数据"), NO_DATA_FILL, [c.no_data for c in counts]),
        _Part(say("不适用"), QUIET_FILL, [c.not_applicable for c in counts]),
        _Part(say("符合"), "#7fb2e0", [c.passed for c in counts]),
    ]
    return _stacked([c.label for c in counts], parts, say, name=name, heading=say("规则"))


def grade_counts(counts: Sequence[GradeCount], say: Say, *, name: str = "grades") -> Chart:
    """How many organizations hold each provisional grade, one row a place."""
    parts = [_Part(grade, GRADE_FILL[grade], [c.grades.get(grade, 0) for c in counts]) for grade in GRADES]
    parts.append(_Part(say("暂不评价"), QUIET_FILL, [c.not_rated for c in counts]))
    return _stacked([c.label for c in counts], parts, say, name=name, heading=say("地区"))


def _told(labels: Sequence[str], parts: Sequence[_Part], say: Say) -> str:
    """In words: all of a single row, the sums of several."""
    sums = say("，").join(f"{part.word} {sum(part.counts)}" for part in parts)
    if len(labels) == 1:
        return say("{label}：", label=labels[0]) + sums
    return say("{n} 行合计：{sums}", n=len(labels), sums=sums)


def _stacked(labels: Sequence[str], parts: Sequence[_Part], say: Say, *, name: str, heading: str) -> Chart:
    """Rows of segments in one order and one scale, each wide segment with its count."""
    told = _told(labels, parts, say)
    names = distinct([shortened(label, 34) for label in labels])
    totals = [sum(part.counts[i] for part in parts) for i in range(len(labels))]
    top = max([*totals, 1])
    rows: list[dict[str, Any]] = []
    for index, label in enumerate(names):
        start = 0
        for part in parts:
            count = part.counts[index]
            if count:
                rows.append(_segment(label, part, start, count, top))
            start += count
    y = names_axis(names)
    x = {"type": "quantitative", "axis": None, "scale": {"domain": [0, top * 1.06], "nice": False}}
    ends = [{"label": label, "b": total, "t": str(total)} for label, total in zip(names, totals, strict=True)]
    layers = [
        layer(
            rows,
            {"type": "bar", "height": 16, "cornerRadius": 0, "stroke": "#ffffff", "strokeWidth": 1},
            y=y,
            x={**x, "field": "a"},
            x2={"field": "b"},
            color={"field": "c", "type": "nominal", "scale": None},
        ),
        layer(
            [row for row in rows if row["t"]],
            {"type": "text", "fontSize": 11},
            y=y,
            x={**x, "field": "m"},
            text={"field": "t"},
            color={"field": "i", "type": "nominal", "scale": None},
        ),
        layer(
            ends,
            {"type": "text", "align": "left", "dx": 6, "fontWeight": "bold"},
            y=y,
            x={**x, "field": "b"},
            text={"field": "t"},
        ),
    ]
    return Chart(
        name=name,
        spec=framed(layers, told, ROW_HEIGHT * max(len(names), 1)),
        description=told,
        head=(heading, *(part.word for part in parts), say("合计")),
        rows=tuple(
            (label, *(str(part.counts[index]) for part in parts), str(totals[index]))
            for index, label in enumerate(labels)
        ),
        swatches=tuple((part.fill, part.word) for part in parts if any(part.counts)),
    )


def _segment(label: str, part: _Part, start: int, count: int, top: int) -> dict[str, Any]:
    wide = count * 30 >= top
    return {
        "label": label,
        "a": start,
        "b": start + count,
        "m": start + count / 2,
        "c": part.fill,
        "i": text_on(part.fill),
        "t": str(count) if wide else "",
    }
