"""How values are printed: one place for dates, numbers and the state 'no data'.

Times are shown in Asia/Shanghai (北京时间). Absence prints as an en dash, never as zero.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton

from hengjian.dashboards.language import BABEL_LOCALE, Language

SHANGHAI = ZoneInfo("Asia/Shanghai")
NO_DATA = "–"
_FRACTION = re.compile(r"-?\d+/\d+")
_DECIMAL = re.compile(r"-?\d+(\.\d+)?")


def day(value: date | None) -> str:
    """`2026-11-20`; a time counts on its day in Shanghai."""
    if value is None:
        return NO_DATA
    if isinstance(value, datetime):
        value = value.astimezone(SHANGHAI).date()
    return value.isoformat()


def moment(value: datetime | None) -> str:
    """`2026-11-20 17:05`, Beijing time."""
    return NO_DATA if value is None else value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def exact_moment(value: datetime | None) -> str:
    """`2026-11-20 17:05:09`, Beijing time: two receipts of one minute can be told apart."""
    return NO_DATA if value is None else value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def long_day(value: date, language: Language) -> str:
    """`2026年11月20日，星期五` or `Friday, 20 November 2026`."""
    locale = BABEL_LOCALE[language]
    if language == "zh":
        return f"{format_date(value, 'y 年 M 月 d 日', locale)}，{format_date(value, 'EEEE', locale)}"
    return format_date(value, "full", locale)


def month(value: str, language: Language) -> str:
    """`2026年10月` or `October 2026` for a month written `2026-10`."""
    first = date.fromisoformat(f"{value}-01")
    return str(format_skeleton("yMMMM", first, locale=BABEL_LOCALE[language]))


def number(value: object, places: int = 2) -> str:  # noqa: PLR0911  # one return a type
    """A measured or required value as people read it; fractions are rounded for display only.

    >>> number(Fraction(113, 14)), number(1248), number(None), number(Decimal("50.00"))
    ('8.07', '1,248', '–', '50.00')
    """
    match value:
        case None:
            return NO_DATA
        case bool():
            return "✓" if value else "×"
        case int():
            return f"{value:,}"
        case Decimal():
            return f"{value:,f}"
        case Fraction():
            return _fraction(value, places)
        case datetime():
            return moment(value)
        case date():
            return day(value)
        case str():
            return value or NO_DATA
        case Sequence():
            return "、".join(number(one, places) for one in value) or NO_DATA
        case _:
            return str(value)


def _fraction(value: Fraction, places: int) -> str:
    if value.denominator == 1:
        return f"{value.numerator:,}"
    return f"{round(Decimal(value.numerator) / Decimal(value.denominator), places):,f}"


def size(octets: int | None) -> str:
    """`412 kB`; thousands, as file managers show them."""
    if octets is None:
        return NO_DATA
    return f"{octets / 1000:,.0f} kB" if octets < 1_000_000 else f"{octets / 1_000_000:,.1f} MB"


def unit(said: str, value: str | None) -> str:
    """A unit as its value wants it: English has one form for one and another for more, `/` keeps its own.

    >>> unit("persons", "1"), unit("persons", "≥ 1"), unit("persons", "2"), unit("points/person", "1"), unit("人", "1")
    ('person', 'person', 'persons', 'points/person', '人')
    """
    one = value is not None and value.lstrip("≥≤<>= ") == "1"
    return said.removesuffix("s") if one and "/" not in said else said


def short_hash(value: str | None) -> str:
    """`a41f…9c`: enough to compare by eye, the whole value stands in the page's title attribute."""
    return NO_DATA if not value else f"{value[:4]}…{value[-2:]}"


def stored(text: str | None) -> str | None:
    """A measured or required value as it was stored (`113/14`, `2`, `true`), as people read it.

    >>> stored("113/14"), stored("2"), stored("49.990"), stored(None)
    ('8.07', '2', '49.990', None)
    """
    if text is None:
        return None
    if _FRACTION.fullmatch(text):
        return number(Fraction(text))
    if _DECIMAL.fullmatch(text):
        return number(Decimal(text))
    return {"true": "✓", "false": "×"}.get(text, text)
