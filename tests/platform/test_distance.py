"""Distances between positions: a lower bound on the ellipsoid, and the same everywhere."""

import math
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from hengjian.platform.distance import metres_between

POSITIONS = st.tuples(st.decimals(-180, 180, places=6), st.decimals(-90, 90, places=6))
NEAR_URUMQI = st.tuples(st.decimals(80, 90, places=6), st.decimals(40, 47, places=6))


def chord(first: tuple[Decimal, Decimal], second: tuple[Decimal, Decimal]) -> float:
    """The straight line in floats, after haversine, on the sphere of the smallest radius."""
    (x1, y1), (x2, y2) = ((math.radians(a), math.radians(b)) for a, b in (first, second))
    a = math.sin((y2 - y1) / 2) ** 2 + math.cos(y1) * math.cos(y2) * math.sin((x2 - x1) / 2) ** 2
    return 2 * 6_335_439.327 * math.sqrt(a)


@given(POSITIONS, POSITIONS)
def test_it_is_the_straight_line_rounded_down(first: tuple[Decimal, Decimal], second: tuple[Decimal, Decimal]) -> None:
    """Within what floats can tell."""
    assert -0.01 <= chord(first, second) - metres_between(first, second) <= 1.01


@given(NEAR_URUMQI, NEAR_URUMQI)
def test_it_is_short_by_no_more_than_it_says(first: tuple[Decimal, Decimal], second: tuple[Decimal, Decimal]) -> None:
    """Never above the way on the mean sphere of the earth, and at most 1.1 percent and a metre below it."""
    arc = 2 * math.asin(min(1.0, chord(first, second) / 2 / 6_335_439.327)) * 6_371_008.8
    assert arc * 0.989 - 1 <= metres_between(first, second) <= arc


@given(POSITIONS, POSITIONS)
def test_there_and_back_are_equally_far(first: tuple[Decimal, Decimal], second: tuple[Decimal, Decimal]) -> None:
    """And nothing is far from itself."""
    assert metres_between(first, second) == metres_between(second, first)
    assert metres_between(first, first) == 0


def test_known_distances() -> None:
    """A degree along the equator and along a meridian, as the WGS 84 tables have them: 111,319 m and 110,574 m."""
    assert 110_572 <= metres_between((Decimal(0), Decimal(0)), (Decimal(0), Decimal(1))) <= 110_574
    assert metres_between((Decimal(0), Decimal(0)), (Decimal(1), Decimal(0))) <= 111_319
    assert metres_between((Decimal(180), Decimal(0)), (Decimal(-180), Decimal(0))) == 0
