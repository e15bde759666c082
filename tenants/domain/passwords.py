"""What a password must be before it is stored. Hashing is elsewhere; here is only the judgement."""

import secrets
import unicodedata

SHORTEST = 12
LONGEST = 128
_FEWEST_DIFFERENT = 5
_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_GENERATED_LENGTH = 20


def normalised(password: str) -> str:
    """One spelling for what looks the same (Unicode NFC), so a password typed on another keyboard still fits."""
    return unicodedata.normalize("NFC", password)


def password_fault(password: str, login: str) -> str | None:
    """Why the password can't be used, or None: `too_short`, `too_long`, `too_plain` or `like_login`.

    Length is counted in characters after normalising. No rule on kinds of characters: length is what resists.

    Source: NIST SP 800-63B section 3.1.1 (length and comparison, no composition rules).

    Example:
        >>> password_fault("correct horse battery", "wang.fang")
        >>> password_fault("short", "wang.fang")
        'too_short'
    """
    text = normalised(password)
    if len(text) < SHORTEST:
        return "too_short"
    if len(text) > LONGEST:
        return "too_long"
    if len(set(text)) < _FEWEST_DIFFERENT:
        return "too_plain"
    return "like_login" if login and login.casefold() in text.casefold() else None


def generated_password() -> str:
    """A random password of 20 letters and digits (about 115 bits), without those that look alike."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_GENERATED_LENGTH))
