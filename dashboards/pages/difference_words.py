"""Differences of versions in people's words: `parameters.points_per_supervisor.value` is 每名督查人员的点位数 · 值."""

import re
from collections.abc import Iterable, Iterator, Mapping

from hengjian.dashboards.labels import EXPRESSION_PARTS, SEVERITIES, SOURCE_STATUSES
from hengjian.dashboards.language import Words, mark
from hengjian.dashboards.pages.versions_record import DifferenceLine
from hengjian.scoring.api import Difference, LawBook, UnknownRuleError

_FIELDS: Mapping[str, str] = {
    **EXPRESSION_PARTS,
    "in_force": mark("是否生效"),
    "in_force_from": mark("自"),
    "in_force_until": mark("不再适用之日"),
    "off": mark("停用"),
    "edition": mark("变更"),
    "title": mark("名称"),
    "cites": mark("条款"),
    "source": mark("来源"),
    "clause": mark("条款号"),
    "quote": mark("条款原文"),
    "subject": mark("对象"),
    "dimension": mark("维度"),
    "inputs": mark("须有的事实"),
    "optional": mark("可缺的事实"),
    "formula": mark("判定式"),
    "unit": mark("单位"),
    "remedy": mark("怎样改正"),
    "severity": mark("级别"),
    "severity_cases": mark("级别条件"),
    "when": mark("条件"),
    "parameters": mark("参数"),
    "labels": mark("参数名称"),
    "examples": mark("例"),
    "from": mark("自"),
    "until": mark("至此日前"),
    "value": mark("值"),
    "region": mark("地区"),
    "source_status": mark("来源"),
    "note": mark("说明"),
    "zh": mark("中文"),
    "en": mark("英文"),
}
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def difference_lines(
    book: LawBook, rule_id: str, found: Iterable[Difference], words: Words
) -> Iterator[DifferenceLine]:
    """Differences of one rule, ready to print."""
    labels = _labels(book, rule_id, words)
    for one in found:
        last = one.path.rpartition(".")[2]
        yield DifferenceLine(
            path=one.path,
            before=_value(last, one.before, words),
            after=_value(last, one.after, words),
            where=_where(one.path, labels, words),
            rule_id=rule_id,
        )


def _labels(book: LawBook, rule_id: str, words: Words) -> dict[str, str]:
    try:
        rules = [rule for _, rule in book.find(rule_id)]
    except UnknownRuleError:
        return {}
    return {parameter.name: words.of(parameter.label) for rule in rules for parameter in rule.parameters}


def _where(path: str, labels: Mapping[str, str], words: Words) -> str:
    """A parameter by its label, an item of a list by its number from 1, a field by its name."""
    steps = [
        labels.get(name) or (words(_FIELDS[name]) if name in _FIELDS else name)
        if name
        else words("第 %(n)s 项", n=int(number) + 1)
        for name, number in _STEP.findall(path)
    ]
    return " · ".join(steps)


def _value(field: str, text: str, words: Words) -> str:
    closed = {"severity": SEVERITIES, "source_status": SOURCE_STATUSES, "in_force": _TRUTH, "off": _TRUTH}.get(field)
    return words(closed[text]) if closed and text in closed else text


_TRUTH: Mapping[str, str] = {"true": mark("是"), "false": mark("否")}
