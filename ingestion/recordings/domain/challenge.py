"""现场口令: a word given out by the server for one task, which must be seen in the picture within minutes.

A recording that shows it was not made before the word existed; what was declared by its hash before the word's end was
not made after it.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hengjian.platform.video.report import ReadCode

VALID_FOR = timedelta(minutes=10)
CLOCK_TOLERANCE = timedelta(minutes=2)
"""By so much the clock of a device may be off before its claim is doubted (our proposal)."""
PREFIX = "HJC-"
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_CODE = re.compile(f"{PREFIX}([{_LETTERS}]{{4}})-?([{_LETTERS}]{{4}})")


class ChallengeVerdict(StrEnum):
    """What became of the words that were given out for a recording's task at its time."""

    SEEN_IN_TIME = "SEEN_IN_TIME"
    SEEN_LATE = "SEEN_LATE"
    NOT_SEEN = "NOT_SEEN"
    NONE_ISSUED = "NONE_ISSUED"


@dataclass(frozen=True, slots=True)
class Issued:
    """A word given out for the recording's task; times are the server's."""

    code: str
    issued_at: datetime
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class ChallengeResult:
    """The verdict with what it rests on.

    Attributes:
        code: the word that was seen.
        seen_at: when, by the claim of the recording.
        claim_false: the recording claims to show the word before it existed.
        proven: the file's hash was declared to the server before the word ended: no claim is needed.
    """

    verdict: ChallengeVerdict
    code: str = ""
    seen_at: datetime | None = None
    claim_false: bool = False
    proven: bool = False


def new_code() -> str:
    """A word that nobody can guess: eight letters and digits, none of which is mistaken for another.

    >>> len(new_code())
    9
    """
    word = "".join(secrets.choice(_LETTERS) for _ in range(8))
    return f"{word[:4]}-{word[4:]}"


def qr_text(code: str) -> str:
    """What the QR code of a word holds.

    >>> qr_text("7K3M-9QXA")
    'HJC-7K3M-9QXA'
    """
    return PREFIX + code


def read_code(text: str) -> str | None:
    """The word in what was read from a picture; None when it is none.

    >>> read_code("HJC-7K3M-9QXA")
    '7K3M-9QXA'
    >>> read_code("https://example/v/1") is None
    True
    """
    found = _CODE.fullmatch(text.strip().upper())
    return f"{found[1]}-{found[2]}" if found else None


def challenge_result(
    issued: Sequence[Issued],
    codes: Sequence[ReadCode],
    *,
    started_at: datetime,
    ended_at: datetime,
    declared_at: datetime | None,
) -> ChallengeResult:
    """What became of the words of a recording's task.

    Args:
        issued: all words given out for the task.
        codes: what was read in the picture.
        started_at: of the recording, as its device claims.
        ended_at: the same for its end.
        declared_at: when the server learnt the file's hash; None when that is not known.
    """
    known = {one.code: one for one in issued}
    seen = [
        _seen(known[word], started_at + timedelta(milliseconds=code.first_seen_ms), declared_at)
        for code in codes
        if (word := read_code(code.text)) in known and word is not None
    ]
    if seen:
        return min(seen, key=lambda result: result.verdict is not ChallengeVerdict.SEEN_IN_TIME)
    expected = any(
        one.issued_at <= ended_at + CLOCK_TOLERANCE and one.valid_until >= started_at - CLOCK_TOLERANCE
        for one in issued
    )
    return ChallengeResult(ChallengeVerdict.NOT_SEEN if expected else ChallengeVerdict.NONE_ISSUED)


def _seen(word: Issued, at: datetime, declared_at: datetime | None) -> ChallengeResult:
    claim_false = at < word.issued_at - CLOCK_TOLERANCE
    proven = declared_at is not None and declared_at <= word.valid_until
    in_time = proven or (not claim_false and at <= word.valid_until + CLOCK_TOLERANCE)
    verdict = ChallengeVerdict.SEEN_IN_TIME if in_time else ChallengeVerdict.SEEN_LATE
    return ChallengeResult(verdict, word.code, at, claim_false, proven)
