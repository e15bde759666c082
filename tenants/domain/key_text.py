"""The text of an API key: `hj_live_<key id>_<secret>`."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

SCOPES = frozenset({"push", "read", "organizations"})
LONGEST_LIFE = timedelta(days=365)
_SHAPE = re.compile(r"hj_live_([0-9a-f]{16})_([0-9a-f]{64})")


@dataclass(frozen=True)
class KeyText:
    """The two parts of a key: the id may be shown and logged, the secret (256 random bits) is shown once."""

    key_id: str
    secret: str

    def __repr__(self) -> str:
        """Without the secret: a key must never reach a log by way of a traceback."""
        return f"KeyText(key_id={self.key_id!r})"

    @property
    def text(self) -> str:
        """The whole key, as a machine sends it."""
        return f"hj_live_{self.key_id}_{self.secret}"

    @property
    def digest(self) -> bytes:
        """What is stored: SHA-256 of the secret. A slow hash adds nothing to 256 random bits."""
        return hashlib.sha256(self.secret.encode()).digest()


def new_key() -> KeyText:
    """A fresh random key."""
    return KeyText(key_id=secrets.token_hex(8), secret=secrets.token_hex(32))


def read_key(text: str) -> KeyText | None:
    """The parts of a key as sent, or None when it hasn't the shape of one."""
    match = _SHAPE.fullmatch(text.strip())
    return KeyText(key_id=match[1], secret=match[2]) if match else None
