"""A formula in people's words says what the formula says."""

import re

import pytest

from hengjian.scoring.domain.expressions import Declared, parse_expression
from hengjian.scoring.domain.expressions_words import Language, Reader
from hengjian.scoring.domain.facts import FACTS
from hengjian.scoring.domain.functions import FUNCTIONS
from hengjian.scoring.domain.rules import Rule
from hengjian.scoring.domain.values import ValueType
from hengjian.scoring.lawbook_files import load_lawbook

RULES = [rule for pack in load_lawbook().packs for rule in pack.rules]
NAMES = {
    **{name: Declared(ValueType.INTEGER, optional=True) for name in ("a", "b", "c")},
    **{name: Declared(ValueType.BOOLEAN) for name in ("p", "q")},
    "d": Declared(ValueType.DATE),
    "xs": Declared(ValueType.LIST),
    "t": Declared(ValueType.TEXT),
}


def read(text: str, language: Language = "en") -> str:
    return Reader(language, lambda name: name, str).read(parse_expression(text, NAMES).node)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a >= ceil_div(b, c)", "a ≥ ⌈b ÷ c⌉"),
        ("a >= ceil_div(b + 1, c)", "a ≥ ⌈(b + 1) ÷ c⌉"),
        ("(a + b) * c <= 8", "(a + b) × c ≤ 8"),
        ("a - (b - c) != 0", "a − (b − c) ≠ 0"),
        ("a / (b * c) < 1", "a ÷ (b × c) < 1"),
        ("a < b <= c", "a < b ≤ c"),
        ("(p or q) and a == 1", "(p or q) and a = 1"),
        ("p or q and a == 1", "p or q and a = 1"),
        ("not (p and q)", "not (p and q)"),
        ("not known(a) or a > 0", "not (a is known) or a > 0"),
        ("(a if p else b) + 1", "(if p then a, else b) + 1"),
        ("add_months(d, 3) < add_days(d, a)", "d + 3 months < d + a"),
        ("max(a, b + 1) > -c", "greatest of (a, b + 1) > −c"),
        ("contains(xs, t) and count(xs) > 2", "xs has t and number of xs > 2"),
        ("abs(a - b)", "|a − b|"),
    ],
)
def test_operators_are_read_as_printed_and_bracketed_as_meant(text: str, said: str) -> None:
    """What binds less tightly than its surroundings stands in brackets, nothing else does."""
    assert read(text) == said


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_can_be_read_aloud(name: str) -> None:
    """A function that the language gains gets its words too."""
    kinds = {ValueType.INTEGER: "a", ValueType.DATE: "d", ValueType.TEXT: "t", ValueType.LIST: "xs"}
    kinds |= {ValueType.BOOLEAN: "p", ValueType.DECIMAL: "a", ValueType.FRACTION: "a"}
    call = f"{name}({', '.join(kinds[types[0]] for types in FUNCTIONS[name].arguments)})"
    assert name not in read(call)
    assert re.search(r"[\u4e00-\u9fff⌈⌊|+]", read(call, "zh"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_rule_is_read_without_names_from_the_file(rule: Rule, language: Language) -> None:
    """Only labels are left: no identifier with an underscore, no operator as programs write it."""
    labels = {one.name: one.label for one in rule.parameters} | {name: fact.label for name, fact in FACTS.items()}
    reader = Reader(language, lambda name: labels[name].zh if language == "zh" else labels[name].en, str)
    for part in (rule.applies, rule.require, rule.measured, rule.required):
        if part is not None:
            assert not re.search(r"[a-z]_[a-z]|<=|>=|==|!=|\*", reader.read(part.node)), part.text
