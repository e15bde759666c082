"""The values a judgement may use: exact, typed and bounded, never a binary float."""

import re
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import cast

from hengjian.scoring.errors import FactError

Value = int | Decimal | Fraction | str | date | bool | tuple[str, ...]
Plain = int | str | bool | list[str] | None

INTEGER_LIMIT = 10**18
DECIMAL_DIGITS = 38
TEXT_LENGTH = 20_000
LIST_LENGTH = 1_000

_INTEGER = re.compile(r"-?[0-9]{1,18}\Z")
_DECIMAL = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,18})?\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_BOOLEANS = {"1": True, "true": True, "yes": True, "是": True, "0": False, "false": False, "no": False, "否": False}


class ValueType(StrEnum):
    """The types of the expression language; a fact has any of them but `fraction`."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    FRACTION = "fraction"
    TEXT = "text"
    DATE = "date"
    BOOLEAN = "boolean"
    LIST = "list"


# Of these types any value of just this class is one as it is; most facts are that, or whole numbers.
_JUST_SO = {ValueType.DATE: date, ValueType.BOOLEAN: bool}
_COUNTED = frozenset({ValueType.INTEGER, ValueType.DECIMAL})
NUMBERS = (ValueType.INTEGER, ValueType.DECIMAL, ValueType.FRACTION)
_ZH = {
    ValueType.INTEGER: "整数",
    ValueType.DECIMAL: "小数",
    ValueType.FRACTION: "分数",
    ValueType.TEXT: "文本",
    ValueType.DATE: "日期",
    ValueType.BOOLEAN: "是否",
    ValueType.LIST: "文本列表",
}


def coerce(name: str, kind: ValueType, value: object) -> Value:
    """The value as the language wants it: an integral decimal as integer, 0 and 1 as boolean, a list as tuple.

    Raises:
        FactError: the value has another type, is not finite, or is too large.
    """
    if type(value) is _JUST_SO.get(kind) or (type(value) is int and kind in _COUNTED and abs(value) <= INTEGER_LIMIT):
        return cast("Value", value)
    fitted = _fit(kind, value)
    if fitted is None:
        shown = repr(value)[:80]
        raise FactError(
            zh=f"事实 {name} 应为{_ZH[kind]}，实为 {shown}", en=f"fact {name} must be of type {kind}, got {shown}"
        )
    return fitted


def _fit(kind: ValueType, value: object) -> Value | None:  # noqa: PLR0911 - one answer per type reads best flat
    match kind, value:
        case ValueType.BOOLEAN, bool():
            return value
        case _, bool():
            return None
        case ValueType.BOOLEAN, int() if value in (0, 1):
            return value == 1
        case ((ValueType.INTEGER | ValueType.DECIMAL), int()) if abs(value) <= INTEGER_LIMIT:
            return value
        case ValueType.INTEGER, Decimal() if bounded(value) and value == value.to_integral_value():
            return int(value)
        case ValueType.DECIMAL, Decimal() if bounded(value):
            return value
        case ValueType.TEXT, str() if len(value) <= TEXT_LENGTH:
            return str(value)
        case ValueType.DATE, date() if not isinstance(value, datetime):
            return value
        case ValueType.LIST, (list() | tuple()) if is_text_list(value):
            return tuple(value)
    return None


def bounded(value: Decimal) -> bool:
    """Whether a decimal is finite and has no more digits, before or after the point, than a fact may have."""
    _, digits, exponent = value.as_tuple()
    return isinstance(exponent, int) and len(digits) <= DECIMAL_DIGITS and abs(exponent) <= DECIMAL_DIGITS


def is_text_list(value: list[object] | tuple[object, ...]) -> bool:
    """Whether all items are texts, and no more of them and no longer than a fact may have."""
    return len(value) <= LIST_LENGTH and all(isinstance(item, str) and len(item) <= TEXT_LENGTH for item in value)


def read_value(name: str, kind: ValueType, text: str) -> Value:
    """A value typed by a person: `51`, `49.99`, `2026-04-15`, `1` or `true`, `a,b` for a list ('' is the empty list).

    Raises:
        FactError: the text is not of the type.
    """
    found: object = None
    if kind is ValueType.TEXT:
        found = text
    elif kind is ValueType.LIST:
        found = tuple(item.strip() for item in re.split("[,，、]", text) if item.strip())
    elif kind is ValueType.BOOLEAN:
        found = _BOOLEANS.get(text.strip().lower())
    elif kind is ValueType.DATE and _DATE.match(text):
        try:
            found = date.fromisoformat(text)
        except ValueError:
            found = None
    elif kind in NUMBERS and _INTEGER.match(text):
        found = int(text)
    elif kind is ValueType.DECIMAL and _DECIMAL.match(text):
        found = Decimal(text)
    return coerce(name, kind, text if found is None else found)


def plain(value: Value | None) -> Plain:
    """The value for JSON: whole numbers as numbers, decimals and dates as text, a fraction as `8.2` or `41/3`."""
    match value:
        case bool() | int() | str() | None:
            return value
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
        case tuple():
            return list(value)
        case Fraction():
            return _plain_fraction(value)


def _plain_fraction(value: Fraction) -> int | str:
    if value.denominator == 1:
        return value.numerator
    rest, places = value.denominator, 0
    twos = fives = 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    places = max(twos, fives)
    if rest != 1 or places > DECIMAL_DIGITS:
        return f"{value.numerator}/{value.denominator}"
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"
