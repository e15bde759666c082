"""Two readings of one expression, the generated function and the explainer, never differ."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from hengjian.scoring.domain.expressions import Declared, parse_expression
from hengjian.scoring.domain.expressions_compile import AbsentInputError, compile_expression
from hengjian.scoring.domain.expressions_explain import Explainer
from hengjian.scoring.domain.functions import UNDEFINED
from hengjian.scoring.domain.values import Value, ValueType
from hengjian.scoring.errors import ExpressionError

Texts = st.SearchStrategy[str]

VALUES: dict[str, st.SearchStrategy[Value]] = {
    "integer": st.integers(-60, 60),
    "decimal": st.integers(-20, 20) | st.decimals(-50, 50, places=2),
    "boolean": st.booleans(),
    "text": st.sampled_from(["", "a", "ab", "运维"]),
    "date": st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    "list": st.lists(st.sampled_from(["a", "b", "运维"]), max_size=3).map(tuple),
}
NAMES = {
    f"{kind}_{tail}": Declared(ValueType(kind), optional=tail == "maybe")
    for kind in VALUES
    for tail in ("x", "y", "maybe")
}
PARAMETERS: dict[str, Value] = {"limit": 50, "share": Decimal("1.1"), "wanted": ("a", "运维")}
DECLARED = NAMES | {
    "limit": Declared(ValueType.INTEGER),
    "share": Declared(ValueType.DECIMAL),
    "wanted": Declared(ValueType.LIST),
}


def joined(pattern: str, *parts: Texts) -> Texts:
    """Texts made by filling a pattern."""
    return st.tuples(*parts).map(lambda found: pattern.format(*found))


def leaves(kind: str, *more: str) -> Texts:
    """The names of a type, and literals."""
    return st.sampled_from([f"{kind}_x", f"{kind}_y", f"{kind}_maybe", *more])


def deeper(level: int) -> dict[str, Texts]:
    """Expressions of each type, up to a depth."""
    flat = {
        "number": leaves("integer", "limit", "0", "7") | leaves("decimal", "share", "0.5"),
        "boolean": leaves("boolean", "true"),
        "text": leaves("text", "'a'"),
        "date": leaves("date"),
        "list": leaves("list", "wanted"),
    }
    if level == 0:
        return flat
    part = deeper(level - 1)
    number, boolean, text, day, items = (part[kind] for kind in ("number", "boolean", "text", "date", "list"))
    symbol = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
    choice = "({} if {} else {})"
    return {
        "number": number
        | joined("({} {} {})", number, st.sampled_from("+-*/"), number)
        | joined("-{}", number)
        | joined("{}({}, {})", st.sampled_from(["ceil_div", "floor_div", "min", "max"]), number, number)
        | joined("abs({})", number)
        | joined("count({})", items)
        | joined("days_between({}, {})", day, day)
        | joined(choice, number, boolean, number),
        "boolean": boolean
        | joined("({} {} {})", number, symbol, number)
        | joined("({} {} {} {} {})", number, symbol, number, symbol, number)
        | joined("({} {} {})", day, symbol, day)
        | joined("({} == {})", text, text)
        | joined("({} {} {})", boolean, st.sampled_from(["and", "or"]), boolean)
        | joined("(not {})", boolean)
        | joined("known({})", st.sampled_from([name for name in NAMES if name.endswith("maybe")]))
        | joined("contains({}, {})", text | items, text)
        | joined("{}({}, {})", st.sampled_from(["contains_any", "contains_all"]), text | items, items),
        "text": text | joined(choice, text, boolean, text),
        "date": day
        | joined("add_months({}, {})", day, st.sampled_from(["integer_x", "3", "999999"]))
        | joined("add_days({}, {})", day, st.sampled_from(["integer_x", "40"]))
        | joined("max({}, {})", day, day),
        "list": items
        | joined("missing_from({}, {})", items, items)
        | joined("join({}, item_if({}, {}))", items, text, boolean),
    }


EXPRESSIONS = st.one_of(*deeper(3).values())
FACTS = st.fixed_dictionaries(
    {name: VALUES[str(declared.type)] for name, declared in NAMES.items() if not declared.optional},
    optional={name: VALUES[str(declared.type)] for name, declared in NAMES.items() if declared.optional},
)


def outcome(read: Callable[[], object]) -> tuple[str, object]:
    """What reading gave: a value with its class, the name that was absent, or that it is not defined."""
    try:
        value = read()
    except AbsentInputError as absent:
        return "absent", absent.name
    except UNDEFINED:
        return "undefined", None
    return type(value).__name__, value


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(EXPRESSIONS, FACTS)
def test_compiled_equals_explained(text: str, facts: dict[str, Value]) -> None:
    """Value, class, absence and undefinedness agree, and the last step explained is the whole expression."""
    try:
        expression = parse_expression(text, DECLARED)
    except ExpressionError:
        assume(condition=False)
    compiled = compile_expression(expression, PARAMETERS)
    explainer = Explainer(facts, PARAMETERS)
    explained = outcome(lambda: explainer.read(expression.node))
    assert outcome(lambda: compiled(facts)) == explained
    if explainer.steps and explained[0] not in ("absent", "undefined"):
        assert explained[1] in [step.value for step in explainer.steps]
