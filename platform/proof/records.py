"""What is hashed: records as canonical JSON (RFC 8785)."""

import hashlib
import json


def canonical(value: object) -> bytes:
    """RFC 8785 JSON of a value without binary floats: the one encoder of records, leaves, bundles and dossiers.

    Raises:
        TypeError: a float, a key beyond the basic plane (RFC 8785 sorts by UTF-16), or no JSON at all.
        ValueError: half of a surrogate pair, which no UTF-8 can say.
    """
    _check(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _check(value: object) -> None:
    if isinstance(value, str):
        return
    if isinstance(value, float):
        raise TypeError("binary floats have no place in evidence")
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str) or not (key.isascii() or max(key) <= "\uffff"):
                raise TypeError(f"a key that cannot be sorted: {key!r}")
            _check(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _check(inner)


def record_digest(salt: bytes, record: object) -> str:
    """What a leaf says of a record: SHA-256 over salt and canonical record, in hex."""
    return hashlib.sha256(salt + canonical(record)).hexdigest()
