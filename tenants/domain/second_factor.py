"""Time-based one-time codes (RFC 6238): which step a code belongs to, and whether it may still be used."""

from datetime import datetime
from hmac import compare_digest

import pyotp

STEP_SECONDS = 30
_TOLERATED_STEPS = 1
ISSUER = "衡鉴 Hengjian"


def new_secret() -> str:
    """A fresh shared secret of 160 bits, in base32 as authenticator apps take it."""
    return pyotp.random_base32(32)


def provisioning_uri(secret: str, login: str) -> str:
    """The otpauth:// address that an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The 30-second step whose code this is, one step early or late allowed, or None.

    The caller must refuse a step at or before the last one used: a code seen over a shoulder works once only.

    Source: RFC 6238 sections 5.2 and 6.
    """
    typed = "".join(code.split())
    totp = pyotp.TOTP(secret)
    current = int(now.timestamp()) // STEP_SECONDS
    found: int | None = None
    for step in range(current - _TOLERATED_STEPS, current + _TOLERATED_STEPS + 1):
        if compare_digest(totp.generate_otp(step).encode(), typed.encode()):
            found = step
    return found
