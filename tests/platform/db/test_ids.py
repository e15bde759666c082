"""Identifiers sort by the time they were made and are never the same."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import RFC_4122

from hengjian.platform.ids import uuid7, uuid7s


def test_an_id_is_a_version_7_of_this_millisecond() -> None:
    """RFC 9562, section 5.7: milliseconds first, then version and variant."""
    before = time.time_ns() // 1_000_000
    made = uuid7()
    after = time.time_ns() // 1_000_000
    assert (made.version, made.variant) == (7, RFC_4122)
    assert before <= made.int >> 80 <= after


def test_many_ids_rise_and_differ() -> None:
    """Rows of one batch keep their order; threads at once never collide."""
    many = uuid7s(5_000)
    assert many == sorted(many)
    assert len(set(many)) == 5_000
    assert {identity.version for identity in many} == {7}
    assert {identity.variant for identity in many} == {RFC_4122}
    with ThreadPoolExecutor(4) as pool:
        batches = list(pool.map(uuid7s, [2_000] * 4))
    assert len({identity for batch in batches for identity in batch}) == 8_000
    assert uuid7s(0) == []


def test_a_later_id_sorts_later() -> None:
    """Pages and logs may order by it."""
    first = uuid7()
    time.sleep(0.002)
    assert uuid7() > first


def test_every_random_bit_is_used() -> None:
    """74 bits vary; none of them is stuck."""
    many = [identity.int for identity in uuid7s(400)]
    seen_one = seen_zero = 0
    for number in many:
        seen_one |= number
        seen_zero |= ~number
    random_bits = (0xFFF << 64) | ((1 << 62) - 1)
    assert seen_one & seen_zero & random_bits == random_bits
