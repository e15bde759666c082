"""Identifiers made in Python: UUIDv7, ordered by the time they were made (RFC 9562, section 5.7)."""

import os
import time
from uuid import UUID

_VERSION_AND_VARIANT = (0x7 << 76) | (0x2 << 62)
# The 74 random bits: 12 above the variant (bits 64-75) and 62 below it.
_RANDOM = (0xFFF << 64) | ((1 << 62) - 1)


def uuid7() -> UUID:
    """One UUIDv7: 48 bits of Unix milliseconds, then 74 random bits."""
    return uuid7s(1)[0]


def uuid7s(count: int) -> list[UUID]:
    """Many UUIDv7 of one millisecond, in rising order.

    Order inside the list holds because the random parts are sorted; one call to the kernel serves all of them.
    """
    head = (time.time_ns() // 1_000_000) << 80 | _VERSION_AND_VARIANT
    noise = os.urandom(10 * count)
    tails = sorted(int.from_bytes(noise[i : i + 10]) & _RANDOM for i in range(0, 10 * count, 10))
    return [UUID(int=head | tail) for tail in tails]
