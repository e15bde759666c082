"""Exact figures as a reader takes them in: a fraction keeps its exact form beside its rounded value."""

import re
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

_FRACTION = re.compile(r"-?\d+/\d+")
_TRUTH = {"true": "✓", "false": "×"}


def shown(value: str | None) -> str:
    """A stored value for paper; a dash where there is none.

    >>> shown("113/14")
    '113/14 ≈ 8.07'
    >>> shown("49.99"), shown(None)
    ('49.99', '–')
    """
    if value is None:
        return "–"
    if _FRACTION.fullmatch(value):
        exact = Fraction(value)
        rounded = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
        return f"{value} ≈ {rounded}"
    return _TRUTH.get(value, value)
