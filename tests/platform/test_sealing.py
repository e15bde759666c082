"""Secrets at rest open only with the deployment's key, for their purpose and owner."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengjian.platform.sealing import SealBrokenError, SecretBox

KEY = bytes(range(32))


@given(st.text())
def test_a_sealed_secret_opens_for_its_owner(secret: str) -> None:
    """What was sealed comes back, and two sealings of it look different."""
    box = SecretBox(KEY, "totp")
    assert box.open(box.seal(secret, "a"), "a") == secret
    assert box.seal(secret, "a") != box.seal(secret, "a")


@pytest.mark.parametrize("opener", [SecretBox(KEY, "other"), SecretBox(KEY[::-1], "totp")])
def test_another_purpose_or_key_opens_nothing(opener: SecretBox) -> None:
    """A value leaked into another use stays shut."""
    with pytest.raises(SealBrokenError):
        opener.open(SecretBox(KEY, "totp").seal("JBSWY3DPEHPK3PXP", "a"), "a")


def test_a_row_copied_to_another_account_stays_shut() -> None:
    """Whoever writes the database can't lend their own second factor to another account."""
    box = SecretBox(KEY, "totp")
    with pytest.raises(SealBrokenError):
        box.open(box.seal("JBSWY3DPEHPK3PXP", "a"), "b")


def test_changed_and_cut_bytes_are_noticed() -> None:
    """A flipped bit or a missing tail is an error, never another secret."""
    box = SecretBox(KEY, "totp")
    sealed = box.seal("JBSWY3DPEHPK3PXP", "a")
    for damaged in (sealed[:-1], sealed[:5], b"", sealed[:-1] + bytes([sealed[-1] ^ 1])):
        with pytest.raises(SealBrokenError):
            box.open(damaged, "a")


def test_a_short_deployment_key_is_refused() -> None:
    """A guessable key must not start."""
    with pytest.raises(ValueError, match="32 bytes"):
        SecretBox(b"short", "totp")
