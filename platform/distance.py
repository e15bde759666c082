"""How far two positions are from each other, never overstated, and the same on every machine.

A breach may rest on a distance, so it is a lower bound. On the WGS 84 ellipsoid every step is at least as long as the
same step on a sphere of the ellipsoid's smallest radius of curvature, and the chord of that sphere is at most its
arc. What comes out is at most 1.1 % short within a country's distances, and never long.
"""

from collections.abc import Mapping
from decimal import ROUND_FLOOR, Context, Decimal
from functools import lru_cache
from typing import Any

# The smallest radius of curvature of WGS 84, a(1 − e²), at the equator along a meridian: 6,335,439.327 m.
_RADIUS = Decimal("6335439.327")
# 34 digits: what rounding leaves is below a millionth of a millimetre.
_ARITHMETIC = Context(prec=34)
_HALF_TURN = Decimal("3.141592653589793238462643383279502884")
_TERMS = 24

Position = tuple[Decimal, Decimal]
"""Longitude and latitude in degrees."""


def position_of(row: Mapping[str, Any]) -> Position | None:
    """The position that a row gives, None where it lacks one of the two."""
    longitude, latitude = row["longitude"], row["latitude"]
    return None if longitude is None or latitude is None else (longitude, latitude)


def metres_between(first: Position, second: Position) -> int:
    """Whole metres that the positions are apart at least.

    >>> metres_between((Decimal("87.6"), Decimal("43.8")), (Decimal("87.6"), Decimal("43.8")))
    0
    >>> metres_between((Decimal("87.6"), Decimal("43.8")), (Decimal("87.6"), Decimal("43.9")))
    11057
    """
    add, multiply = _ARITHMETIC.add, _ARITHMETIC.multiply
    squares = Decimal()
    for one, other in zip(_on_sphere(first), _on_sphere(second), strict=True):
        difference = _ARITHMETIC.subtract(one, other)
        squares = add(squares, multiply(difference, difference))
    chord = multiply(_RADIUS, _ARITHMETIC.sqrt(squares))
    return int(chord.to_integral_value(rounding=ROUND_FLOOR))


@lru_cache(maxsize=8192)
def _on_sphere(position: Position) -> tuple[Decimal, Decimal, Decimal]:
    multiply = _ARITHMETIC.multiply
    longitude, latitude = (_ARITHMETIC.divide(multiply(one, _HALF_TURN), Decimal(180)) for one in position)
    level = _cosine(latitude)
    return multiply(level, _cosine(longitude)), multiply(level, _sine(longitude)), _sine(latitude)


def _cosine(angle: Decimal) -> Decimal:
    return _series(angle, Decimal(1), first=1)


def _sine(angle: Decimal) -> Decimal:
    return _series(angle, angle, first=2)


def _series(angle: Decimal, term: Decimal, *, first: int) -> Decimal:
    """The Taylor series whose terms alternate, each with two more factors of its factorial."""
    square, total = _ARITHMETIC.multiply(angle, angle), term
    for number in range(first, first + 2 * _TERMS, 2):
        divisor = Decimal(-number * (number + 1))
        term = _ARITHMETIC.divide(_ARITHMETIC.multiply(term, square), divisor)
        total = _ARITHMETIC.add(total, term)
    return total
