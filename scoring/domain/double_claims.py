"""Double claims (重复登记): the same person, certificate, instrument or plate claimed by two organizations at once.

What is compared are keyed fingerprints. An organization learns which of its own rows are claimed elsewhere, and
nothing else: not by whom, how often, since when or until when.
"""

import hmac
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class ClaimKind(StrEnum):
    """What can be claimed once only: people by identity number, the rest by the number it bears."""

    PERSON = "person"
    CERTIFICATE = "certificate"
    INSTRUMENT = "instrument"
    VEHICLE = "vehicle"


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Claim:
    """One row's claim from a day to before another."""

    kind: ClaimKind
    fingerprint: bytes
    valid_from: date
    valid_until: date
    tenant_id: UUID
    ref: str


@dataclass(frozen=True, slots=True, order=True)
class OwnClaim:
    """All that an organization learns: this row of its own is claimed elsewhere too."""

    kind: ClaimKind
    ref: str


@dataclass(frozen=True, slots=True)
class DoubleClaim:
    """Both sides of a double claim and the days they share, for who may see both."""

    one: Claim
    other: Claim
    first_day: date
    until: date


def fingerprint(key: bytes, kind: ClaimKind, *parts: str) -> bytes:
    """HMAC-SHA-256 of a number under the deployment's key: equal for equal numbers, of no use without the key.

    Width, case, spaces and hyphens make no difference; kinds never meet.

    >>> fingerprint(b"k", ClaimKind.VEHICLE, "新A·12345") == fingerprint(b"k", ClaimKind.VEHICLE, "新a 12345")
    True
    """
    tidied = [tidy(part) for part in parts]
    return hmac.digest(key, "\x1f".join([kind.value, *tidied]).encode(), "sha256")


def tidy(number: str) -> str:
    """The letters and digits of a number, half-width capitals."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", number).upper() if sign.isalnum())


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
