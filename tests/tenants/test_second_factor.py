"""One-time codes against the standard's own vectors."""

import base64
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengjian.tenants.domain.second_factor import matching_step, new_secret, provisioning_uri

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
NOW = datetime(2026, 11, 20, 10, 0, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_the_vectors_of_rfc_6238(seconds: int, code: str) -> None:
    """Appendix B, SHA-1, last six digits."""
    assert matching_step(RFC_SECRET, code, datetime.fromtimestamp(seconds, UTC)) == seconds // 30


@pytest.mark.parametrize(("drift", "fits"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_one_step_of_drift_is_tolerated(drift: int, fits: bool) -> None:
    """A telephone half a minute wrong gets in, one a minute wrong does not."""
    secret = new_secret()
    code = pyotp.TOTP(secret).at(NOW + timedelta(seconds=drift))
    assert (matching_step(secret, code, NOW) is not None) == fits


@given(st.text(max_size=12))
def test_odd_text_is_only_wrong(code: str) -> None:
    """Letters, full-width digits, nothing at all: refused without an error."""
    right = {pyotp.TOTP(RFC_SECRET).at(NOW + timedelta(seconds=drift)) for drift in (-30, 0, 30)}
    assert (matching_step(RFC_SECRET, code, NOW) is None) == ("".join(code.split()) not in right)


def test_the_address_names_product_and_login() -> None:
    """An authenticator app shows where the code belongs."""
    address = provisioning_uri(RFC_SECRET, "wang.fang")
    assert address.startswith("otpauth://totp/")
    assert "wang.fang" in address
    assert RFC_SECRET in address
