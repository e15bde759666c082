"""Double claims found the plain way, claim by claim: what the statement of `scoring.claims` is held against."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hengjian.scoring.domain.double_claims import ClaimKind, OwnClaim


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Claim:
    """One row's claim from a day to before another."""

    kind: ClaimKind
    fingerprint: bytes
    valid_from: date
    valid_until: date
    tenant_id: UUID
    ref: str


@dataclass(frozen=True, slots=True)
class DoubleClaim:
    """Both sides of a double claim and the days they share, for who may see both."""

    one: Claim
    other: Claim
    first_day: date
    until: date


def double_claims(claims: Iterable[Claim]) -> tuple[DoubleClaim, ...]:
    """Every pair of claims of different organizations on the same thing that share a day, each pair once."""
    same: dict[tuple[ClaimKind, bytes], list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.valid_from < claim.valid_until:
            same[claim.kind, claim.fingerprint].append(claim)
    found = []
    for held in same.values():
        lasting: list[Claim] = []
        for claim in sorted(held):
            lasting = [one for one in lasting if one.valid_until > claim.valid_from]
            found += [
                DoubleClaim(one, claim, claim.valid_from, min(one.valid_until, claim.valid_until))
                for one in lasting
                if one.tenant_id != claim.tenant_id
            ]
            lasting.append(claim)
    return tuple(sorted(found, key=lambda item: (item.one, item.other)))


def claimed_elsewhere(claims: Iterable[Claim], tenant_id: UUID) -> tuple[OwnClaim, ...]:
    """What an organization learns: its own rows that are claimed elsewhere, in the order of its own references."""
    sides = [side for pair in double_claims(claims) for side in (pair.one, pair.other)]
    return tuple(sorted({OwnClaim(side.kind, side.ref) for side in sides if side.tenant_id == tenant_id}))
