"""The functions an author may call: each with its argument types, and exact."""

import calendar
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from fractions import Fraction

from hengjian.scoring.domain.values import NUMBERS, Value, ValueType

Number = int | Decimal | Fraction

# Room for every product an expression of bounded size can make; a result that would still be rounded raises.
EXACT = Context(prec=20_000, Emin=-999_999, Emax=999_999, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])
UNDEFINED = (ZeroDivisionError, OverflowError, ValueError)

_TEXTUAL = (ValueType.TEXT, ValueType.LIST)


@dataclass(frozen=True, slots=True)
class Function:
    """A listed function: accepted types per argument, and how its result is typed (None: as its widest argument)."""

    name: str
    arguments: tuple[tuple[ValueType, ...], ...]
    result: ValueType | None
    run: Callable[..., Value]
    variadic: bool = False


def as_fraction(value: Number) -> Fraction:
    """The number as an exact fraction."""
    return value if isinstance(value, Fraction) else Fraction(value)


def divide(left: Number, right: Number) -> Fraction:
    """The exact quotient.

    Raises:
        ZeroDivisionError: the denominator is empty.
    """
    if isinstance(left, int) and isinstance(right, int):
        return Fraction(left, right)
    return as_fraction(left) / as_fraction(right)


def ceil_div(left: Number, right: Number) -> int:
    """The quotient rounded up: `ceil_div(51, 50)` is 2."""
    if isinstance(left, int) and isinstance(right, int):
        return -(-left // right)
    return math.ceil(as_fraction(left) / as_fraction(right))


def floor_div(left: Number, right: Number) -> int:
    """The quotient rounded down: `floor_div(11, 10)` is 1."""
    if isinstance(left, int) and isinstance(right, int):
        return left // right
    return math.floor(as_fraction(left) / as_fraction(right))


def absolute(value: Number) -> Number:
    """The number without its sign, unrounded."""
    if isinstance(value, Decimal):
        return EXACT.abs(value)
    return -value if value < 0 else value


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the month's last day where it has no such day.

    `add_months(2025-11-30, 3)` is 2026-02-28.

    Raises:
        ValueError: the result lies outside the calendar.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise ValueError(year)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def add_days(day: date, days: int) -> date:
    """The day `days` later.

    Raises:
        OverflowError: the result lies outside the calendar.
    """
    return day + timedelta(days=days)


def days_between(first: date, second: date) -> int:
    """Days from the first date to the second; negative when the second comes earlier."""
    return (second - first).days


def contains(container: str | tuple[str, ...], word: str) -> bool:
    """Whether the text has the word in it, or the list has it as an item."""
    return word in container


def contains_any(container: str | tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Whether at least one of the words is there."""
    return any(word in container for word in words)


def contains_all(container: str | tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Whether every one of the words is there."""
    return all(word in container for word in words)


def missing_from(have: tuple[str, ...], wanted: tuple[str, ...]) -> tuple[str, ...]:
    """What is wanted and not there, in the order wanted."""
    return tuple(item for item in wanted if item not in have)


def item_if(item: str, condition: bool) -> tuple[str, ...]:
    """A list of this one item when the condition holds, else the empty list."""
    return (item,) if condition else ()


def join(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    """Both lists, one after the other."""
    return first + second


_INTEGER, _TEXT, _DATE = (ValueType.INTEGER,), (ValueType.TEXT,), (ValueType.DATE,)
_BOOLEAN, _LIST = (ValueType.BOOLEAN,), (ValueType.LIST,)
_ORDERED = (*NUMBERS, ValueType.DATE)

FUNCTIONS = {
    function.name: function
    for function in (
        Function("ceil_div", (NUMBERS, NUMBERS), ValueType.INTEGER, ceil_div),
        Function("floor_div", (NUMBERS, NUMBERS), ValueType.INTEGER, floor_div),
        Function("min", (_ORDERED, _ORDERED), None, min, variadic=True),
        Function("max", (_ORDERED, _ORDERED), None, max, variadic=True),
        Function("abs", (NUMBERS,), None, absolute),
        Function("add_months", (_DATE, _INTEGER), ValueType.DATE, add_months),
        Function("add_days", (_DATE, _INTEGER), ValueType.DATE, add_days),
        Function("days_between", (_DATE, _DATE), ValueType.INTEGER, days_between),
        Function("count", (_LIST,), ValueType.INTEGER, len),
        Function("contains", (_TEXTUAL, _TEXT), ValueType.BOOLEAN, contains),
        Function("contains_any", (_TEXTUAL, _LIST), ValueType.BOOLEAN, contains_any),
        Function("contains_all", (_TEXTUAL, _LIST), ValueType.BOOLEAN, contains_all),
        Function("missing_from", (_LIST, _LIST), ValueType.LIST, missing_from),
        Function("item_if", (_TEXT, _BOOLEAN), ValueType.LIST, item_if),
        Function("join", (_LIST, _LIST), ValueType.LIST, join),
    )
}
