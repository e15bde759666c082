"""Double claims, pure: every pair that shares a day is found, and nothing of the other side is told."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengjian.scoring.domain.double_claims import ClaimKind, OwnClaim, fingerprint
from tests.support.claim_matcher import Claim, claimed_elsewhere, double_claims

KEY = b"k" * 32
A, B, C, D = (UUID(int=number) for number in range(1, 5))
DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 9))
CLAIMS = st.lists(
    st.builds(
        Claim,
        kind=st.sampled_from([ClaimKind.PERSON, ClaimKind.VEHICLE]),
        fingerprint=st.sampled_from([b"1", b"2"]),
        valid_from=DAYS,
        valid_until=DAYS,
        tenant_id=st.sampled_from([A, B, C]),
        ref=st.sampled_from(["r1", "r2"]),
    ),
    max_size=8,
)


def claim(tenant_id: UUID, first: int, until: int) -> Claim:
    """A vehicle claimed on days of January."""
    return Claim(
        kind=ClaimKind.VEHICLE, fingerprint=fingerprint(KEY, ClaimKind.VEHICLE, "新A12345"), tenant_id=tenant_id,
        ref="car", valid_from=date(2026, 1, first), valid_until=date(2026, 1, until),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "until", "shared"),
    [(5, 9, None), (4, 9, (4, 5)), (1, 2, (1, 2)), (2, 4, (2, 4)), (3, 3, None)],
)
def test_shared_days(first: int, until: int, shared: tuple[int, int] | None) -> None:
    """One that ends on the day the other begins shares nothing; the end is excluded."""
    found = double_claims([claim(A, 1, 5), claim(B, first, until)])
    days = [(pair.first_day.day, pair.until.day) for pair in found]
    assert days == ([shared] if shared else [])


def test_fingerprints() -> None:
    """Width, case, spaces, dots and hyphens make no difference; kind, key and the split of parts do."""
    one = fingerprint(KEY, ClaimKind.INSTRUMENT, "TOC-4200", "sn 001")
    assert one == fingerprint(KEY, ClaimKind.INSTRUMENT, "ＴＯＣ4200", "SN-001")
    assert one != fingerprint(KEY, ClaimKind.CERTIFICATE, "TOC-4200", "sn 001")
    assert one != fingerprint(b"x" * 32, ClaimKind.INSTRUMENT, "TOC-4200", "sn 001")
    assert one != fingerprint(KEY, ClaimKind.INSTRUMENT, "TOC-42", "00sn 001")


@given(CLAIMS)
def test_it_is_every_pair_day_by_day(claims: list[Claim]) -> None:
    """Against comparing each with each."""

    def together(one: Claim, other: Claim) -> bool:
        same = (one.kind, one.fingerprint) == (other.kind, other.fingerprint) and one.tenant_id != other.tenant_id
        return same and max(one.valid_from, other.valid_from) < min(one.valid_until, other.valid_until)

    wanted = sum(together(one, other) for place, one in enumerate(claims) for other in claims[:place])
    assert len(double_claims(claims)) == wanted
    assert double_claims(claims) == double_claims(claims[::-1])


@given(CLAIMS)
def test_an_organization_learns_nothing_of_others(claims: list[Claim]) -> None:
    """Others renamed, claimed by two more, or for other days that still meet: it is told the very same."""
    told = claimed_elsewhere(claims, A)
    others = [item for item in claims if item.tenant_id != A]
    renamed = [replace(item, tenant_id={B: D, C: B}[item.tenant_id], ref=f"x{item.ref}") for item in others]
    more = [replace(item, tenant_id=D) for item in others if item.tenant_id == B]
    mine = [item for item in claims if item.tenant_id == A]
    assert claimed_elsewhere([*renamed, *mine], A) == told
    assert claimed_elsewhere([*others, *more, *mine], A) == told
    shorter = [
        replace(pair.other if pair.one.tenant_id == A else pair.one, valid_from=pair.first_day, valid_until=pair.until)
        for pair in double_claims(claims)
        if A in (pair.one.tenant_id, pair.other.tenant_id)
    ]
    assert claimed_elsewhere([*shorter, *mine], A) == told
    assert all(type(item) is OwnClaim and item.ref in {one.ref for one in mine} for item in told)
