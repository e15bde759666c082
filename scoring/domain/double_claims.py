"""Double claims (重复登记): the same person, certificate, instrument, plate or label claimed by two organizations at once.

What is compared are keyed fingerprints. An organization learns which of its own rows are claimed elsewhere, and
nothing else: not by whom, how often, since when or until when.
"""

import hmac
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class ClaimKind(StrEnum):
    """What can be claimed once only: people by identity number, the rest by the number it bears."""

    PERSON = "person"
    CERTIFICATE = "certificate"
    INSTRUMENT = "instrument"
    VEHICLE = "vehicle"
    LABEL = "label"


@dataclass(frozen=True, slots=True, order=True)
class OwnClaim:
    """All that an organization learns: this row of its own is claimed elsewhere too."""

    kind: ClaimKind
    ref: str


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
