"""Exact values as text and JSON: integers as they are, decimals, days and fractions as text that loses nothing."""

import hashlib
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import msgspec

from hengjian.scoring.domain.values import Value, plain


def as_text(value: Value | None) -> str | None:
    """One value as text: 8.2 or 113/14 for a fraction, true or false, a list with commas.

    >>> as_text(Fraction(113, 14))
    '113/14'
    """
    told = plain(value)
    if isinstance(told, bool):
        return "true" if told else "false"
    if isinstance(told, list):
        return ", ".join(told)
    return None if told is None else str(told)


def as_json(facts: Mapping[str, Value]) -> dict[str, Any]:
    """Facts for a JSON column, in the order of their names."""
    return {name: plain(facts[name]) for name in sorted(facts)}


def _plain(value: object) -> object:
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value))


_ENCODER = msgspec.json.Encoder(enc_hook=_plain, order="deterministic")


def digest_of(said: object) -> int:
    """Eight bytes of a digest of plain values as a signed number, as a column of type bigint holds it."""
    return int.from_bytes(hashlib.blake2b(text_of(said), digest_size=8).digest(), signed=True)


def text_of(said: object) -> bytes:
    """Plain values as JSON, always the same for the same values; inside `msgspec.Raw` it enters other such text."""
    return _ENCODER.encode(said)
