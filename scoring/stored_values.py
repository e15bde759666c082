"""Exact values as text and JSON: integers as they are, fractions and decimals as text that loses nothing."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hengjian.scoring.domain.values import Value


def as_text(value: Value | None) -> str | None:
    """One value as text: 113/14 for a fraction, true or false, a list with commas.

    >>> as_text(Fraction(113, 14))
    '113/14'
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value)


def as_json(facts: Mapping[str, Value]) -> dict[str, Any]:
    """Facts for a JSON column, in the order of their names."""
    return {name: _plain(facts[name]) for name in sorted(facts)}


def _plain(value: Value) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Decimal | Fraction | date):
        return str(value)
    return value
