"""The expression language: what it gives, and what it refuses."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengjian.scoring.domain.expressions import Declared, Expression, parse_condition, parse_expression
from hengjian.scoring.domain.expressions_compile import AbsentInputError, compile_expression
from hengjian.scoring.domain.functions import add_months
from hengjian.scoring.domain.values import Value, ValueType
from hengjian.scoring.errors import ExpressionError

NAMES = {
    "points": Declared(ValueType.INTEGER),
    "area": Declared(ValueType.DECIMAL),
    "scope": Declared(ValueType.TEXT),
    "day": Declared(ValueType.DATE),
    "held": Declared(ValueType.BOOLEAN),
    "kinds": Declared(ValueType.LIST),
    "first": Declared(ValueType.DATE, optional=True),
}
FACTS: dict[str, Value] = {
    "points": 51,
    "area": Decimal("49.99"),
    "scope": "运维服务",
    "day": date(2025, 11, 30),
    "held": True,
    "kinds": ("a", "b"),
}


def value_of(text: str) -> object:
    """The value of an expression over FACTS."""
    return compile_expression(parse_expression(text, NAMES), {})(FACTS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("points + 1 * 2", 53),
        ("ceil_div(points, 50)", 2),
        ("ceil_div(0 - points, 50)", -1),
        ("floor_div(points, 50)", 1),
        ("points / 5", Fraction(51, 5)),
        ("points / 5 == 10.2", True),
        ("110 >= 1.1 * 100", True),
        ("area + 0.01 == 50", True),
        ("max(area, 0.1 / 3, points)", 51),
        ("1 < points <= 51", True),
        ("points > 100 or held and not false", True),
        ("'yes' if points > 50 else 'no'", "yes"),
        ("contains(scope, '运维') and contains_any(kinds, kinds)", True),
        ("missing_from(kinds, join(kinds, item_if('c', held)))", ("c",)),
        ("add_months(day, 3)", date(2026, 2, 28)),
        ("days_between(day, add_days(day, 40))", 40),
        ("known(first)", False),
        ("day if not known(first) else first", date(2025, 11, 30)),
    ],
)
def test_value(text: str, expected: object) -> None:
    """Values are exact: whole, decimal or a fraction, never a binary float."""
    found = value_of(text)
    assert found == expected
    assert not isinstance(found, float)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "points.__class__",
        "kinds[0]",
        "[x for x in kinds]",
        "(lambda: 1)()",
        "f'{points}'",
        "2 ** 999999",
        "points << 9999",
        "points % 2",
        "points // 2",
        "~points",
        "+points",
        "points if held",
        "(points := 1)",
        "open('x')",
        "eval('1')",
        "max(*kinds)",
        "min(points, key=points)",
        "points is 1",
        "points in kinds",
        "1e999",
        "1_000",
        "0x10",
        "1j",
        "None",
        "...",
        "b'x'",
        "'\\x41'",
        "'a' 'b' + 'c'",
        "9999999999999999999",
        "salary > 0",
        "points; points",
        "points = 1",
        "",
        "points\x00",
        "known(points)",
        "known('first')",
        "ceil_div(points)",
        "await points",
        "{points}",
        "points + scope",
        "scope < 'x'",
        "kinds == kinds",
        "day - day",
        "not points",
        "points and held",
        "1 if held else 'x'",
        "scope * 10",
        "held + 1",
    ],
)
def test_refused(text: str) -> None:
    """Anything outside the list, or of the wrong type, is refused with a reason in both languages."""
    with pytest.raises(ExpressionError) as refusal:
        parse_expression(text, NAMES)
    assert refusal.value.zh
    assert str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        "1" + " + 1" * 80,
        "(" * 300 + "1" + ")" * 300,
        "not " * 40 + "held",
        "-" * 900 + "1",
        "points > 0 and " * 100 + "held",
        "'" + "x" * 2000 + "'",
    ],
)
def test_unbounded_refused(text: str) -> None:
    """Length, number of parts and depth are bounded."""
    with pytest.raises(ExpressionError):
        parse_expression(text, NAMES)


def test_condition_is_a_truth_value() -> None:
    """A condition of another type is refused."""
    with pytest.raises(ExpressionError):
        parse_condition("points", NAMES)


def test_absent_input_is_not_a_value() -> None:
    """Reaching an absent optional input ends the evaluation and names it."""
    with pytest.raises(AbsentInputError) as absent:
        value_of("first <= day")
    assert absent.value.name == "first"


@given(st.text(max_size=60) | st.text("points held 01.+-*/()<>=!'[]{}:,&|~@%\n", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text, however odd, ends in anything but an expression or a refusal."""
    try:
        found = parse_expression(text, NAMES)
    except ExpressionError:
        return
    assert isinstance(found, Expression)


@given(*[st.decimals(allow_nan=False, allow_infinity=False, places=9, max_value=10**15) for _ in range(3)])
def test_decimals_are_exact(a: Decimal, b: Decimal, c: Decimal) -> None:
    """Sums and products of decimals lose no digit, however many they have."""
    names = dict.fromkeys("abc", Declared(ValueType.DECIMAL))
    found = compile_expression(parse_expression("a * b * c - -a + abs(b)", names), {})({"a": a, "b": b, "c": c})
    exact = Fraction(a) * Fraction(b) * Fraction(c) + Fraction(a) + abs(Fraction(b))
    assert isinstance(found, Decimal)
    assert Fraction(found) == exact


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 600))
def test_add_months_clamps(day: date, months: int) -> None:
    """The result is in the right month, on the same day or the month's last."""
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (
        later.day < day.day and add_months(later.replace(day=1), 1).toordinal() == later.toordinal() + 1
    )
