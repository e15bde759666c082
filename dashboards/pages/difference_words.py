"""Differences of versions in people's words: `parameters.points_per_supervisor.value` is 每名督查人员的点位数 · 值."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from hengjian.dashboards.labels import CHOICES, EXPRESSION_PARTS, SEVERITIES, SOURCE_STATUSES, VERDICTS
from hengjian.dashboards.language import Words, mark
from hengjian.dashboards.pages.rule_words import fact_label
from hengjian.dashboards.pages.versions_record import DifferenceLine
from hengjian.dashboards.places import region_name
from hengjian.dashboards.site import Site
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
    "note": mark("参数说明"),
    "verdict": mark("判定"),
    "missing": mark("未知的事实"),
    "date": mark("日期"),
    "counted_under": mark("同一事件只计一项"),
    "reason": mark("理由"),
    "zh": mark("中文"),
    "en": mark("英文"),
}
_TRUTH: Mapping[str, str] = {"true": mark("是"), "false": mark("否")}
_CLOSED: Mapping[str, Mapping[str, str]] = {
    "severity": SEVERITIES,
    "source_status": SOURCE_STATUSES,
    "verdict": VERDICTS,
    "in_force": _TRUTH,
    "off": _TRUTH,
}
_EXAMPLE = re.compile(r"(examples\[\d+\])")
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def difference_lines(site: Site, rule_id: str, found: Iterable[Difference], words: Words) -> Iterator[DifferenceLine]:
    """Differences of one rule, ready to print; what differs in its examples comes last, one line each."""
    labels, on = _labels(site.lawbook, rule_id, words), site.today
    examples: dict[str, list[Difference]] = {}
    for one in found:
        example = _EXAMPLE.match(one.path)
        if example:
            examples.setdefault(example[1], []).append(one)
        else:
            yield DifferenceLine(
                path=one.path,
                before=_value(one.path, one.before, words, on),
                after=_value(one.path, one.after, words, on),
                where=_where(one.path, labels, words),
                rule_id=rule_id,
            )
    for path, own in examples.items():
        yield DifferenceLine(
            path=path,
            before=_example([(one.path, one.before) for one in own], labels, words, on),
            after=_example([(one.path, one.after) for one in own], labels, words, on),
            where=_where(path, labels, words),
            rule_id=rule_id,
        )


def _example(told: Iterable[tuple[str, str]], labels: Mapping[str, str], words: Words, on: date) -> str:
    """What an example states where it differs, `监测点位数 = 51，判定 = 不符合`."""
    own = ((path.partition("].")[2], text) for path, text in told if text)
    said = ((_where(path, labels, words), _value(path, text, words, on)) for path, text in own if path != "note")
    return words("，").join(f"{where} = {value}" for where, value in said)


def _labels(book: LawBook, rule_id: str, words: Words) -> dict[str, str]:
    try:
        rules = [rule for _, rule in book.find(rule_id)]
    except UnknownRuleError:
        return {}
    return {parameter.name: words.of(parameter.label) for rule in rules for parameter in rule.parameters}


def _where(path: str, labels: Mapping[str, str], words: Words) -> str:
    """A parameter by its label, an item of a list by its number from 1, a field by its name."""
    steps = [
        labels.get(name) or (words(_FIELDS[name]) if name in _FIELDS else words.of(fact_label(name)))
        if name
        else words("第 %(n)s 项", n=int(number) + 1)
        for name, number in _STEP.findall(path)
    ]
    return " · ".join(steps)


def _value(path: str, text: str, words: Words, on: date) -> str:
    """A region by its name, a code of a closed list by its words; anything else as it is written."""
    if text == "[]":
        return words("无")
    if path.startswith("missing["):
        return words.of(fact_label(text))
    field = path.rpartition(".")[2]
    if field == "region" and text:
        return words.of(region_name(text, on))
    closed = _CLOSED.get(field, CHOICES)
    return words(closed[text]) if text in closed else text
