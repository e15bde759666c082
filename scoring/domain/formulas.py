"""The formula of a rule as people read it: `points ÷ {points_per_supervisor}` with the value in force.

A formula names its limits and never writes them out, so it is right on every day and in every region, also after a
change. Numbers that stand in it are those of the rule's own expressions, or part of the name of a source.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from hengjian.scoring.domain.expressions_nodes import Literal, Node, children
from hengjian.scoring.domain.rules import ParameterEntry, Rule, Wording
from hengjian.scoring.domain.values import Value

PLACE = re.compile(r"\{([^{}]*)\}")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_WORD = re.compile(r"\d+(?:\.\d+)?|[一二两三四五六七八九十]+|[a-z]+(?:-[a-z]+)*")
_DIGITS = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九")
_TEENS = (
    *("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def formula_in_force(rule: Rule, parameters: Mapping[str, ParameterEntry]) -> Wording:
    """The formula with these values; a limit without one is called by its label."""
    labels = {parameter.name: parameter.label for parameter in rule.parameters}

    def said(language: str) -> str:
        def fill(place: re.Match[str]) -> str:
            entry = parameters.get(place[1])
            return str(getattr(labels[place[1]], language)) if entry is None else written_value(entry.value)

        return PLACE.sub(fill, getattr(rule.formula, language))

    return Wording(said("zh"), said("en"))


def formula_on(rule: Rule, region: str, on: date) -> Wording:
    """The formula as it stands in a region on a day, whether or not the rule is in force then."""
    found = {parameter.name: parameter.entry_for(region, on) for parameter in rule.parameters}
    return formula_in_force(rule, {name: entry for name, entry in found.items() if entry is not None})


def written_value(value: Value) -> str:
    """A number or a day as a formula shows it.

    >>> written_value(50), written_value(Decimal("1.50")), written_value(date(2023, 3, 25))
    ('50', '1.50', '2023-03-25')
    """
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def unknown_places(text: str, rule: Rule) -> tuple[str, ...]:
    """What stands in braces and is no parameter with one value (a list has none that could be printed)."""
    known = {one.name for one in rule.parameters if not isinstance(one.entries[0].value, tuple)}
    return tuple(name for name in PLACE.findall(text) if name not in known)


def unfounded_numbers(text: str, rule: Rule, sources: Iterable[Wording]) -> tuple[str, ...]:
    """Numbers that a formula writes out and that stand neither in the rule's expressions nor in a source's title."""
    told = {written_value(value) for value in _literals(rule)}
    told |= {number for title in sources for said in (title.zh, title.en) for number in _NUMBER.findall(said)}
    return tuple(number for number in _NUMBER.findall(PLACE.sub("", text)) if number not in told)


def limits_in_title(rule: Rule) -> tuple[str, ...]:
    """Limits of the rule that its title writes out, in digits or in words, or names in braces: a title has none."""
    limits = {form for value in _limits(rule) for form in _forms(value)}
    said = [word for title in (rule.title.zh, rule.title.en) for word in _WORD.findall(title.lower())]
    places = [place[0] for title in (rule.title.zh, rule.title.en) for place in PLACE.finditer(title)]
    return (*places, *(word for word in said if word in limits))


def _limits(rule: Rule) -> Iterator[int | Decimal]:
    for parameter in rule.parameters:
        for entry in parameter.entries:
            if isinstance(entry.value, int | Decimal) and not isinstance(entry.value, bool):
                yield entry.value


def _forms(value: int | Decimal) -> Iterator[str]:
    """How a title may write a limit: 15, 十五, fifteen. The word for one only counts what a unit is."""
    yield written_value(value)
    if isinstance(value, Decimal) or not 2 <= value <= 99:
        return
    tens, ones = divmod(value, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    yield ten + _DIGITS[ones]
    if value == 2:
        yield "两"
    if value < len(_TEENS):
        yield _TEENS[value]
    else:
        yield f"{_TENS[tens]}-{_TEENS[ones]}" if ones else _TENS[tens]


def _literals(rule: Rule) -> Iterator[Value]:
    parts = (rule.applies, rule.require, rule.measured, rule.required, rule.lacking)
    nodes: list[Node] = [part.node for part in parts if part is not None]
    nodes += [case.when.node for case in rule.severity_cases]
    while nodes:
        node = nodes.pop()
        nodes.extend(children(node))
        if isinstance(node, Literal):
            yield node.value
