"""Secrets at rest open only with the deployment's key, for their purpose and owner."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengjian.platform.sealing import SealBrokenError, Sealer

KEY = bytes(range(32))


@given(st.text())
def test_a_sealed_secret_opens_for_its_owner(secret: str) -> None:
    """What was sealed comes back, and two sealings of it look different."""
    sealer = Sealer(KEY, "totp")
    assert sealer.open(sealer.seal(secret, "a"), "a") == secret
    assert sealer.seal(secret, "a") != sealer.seal(secret, "a")


@pytest.mark.parametrize("opener", [Sealer(KEY, "other"), Sealer(KEY[::-1], "totp")])
def test_another_purpose_or_key_opens_nothing(opener: Sealer) -> None:
    """A value leaked into another use stays shut."""
    with pytest.raises(SealBrokenError):
        opener.open(Sealer(KEY, "totp").seal("JBSWY3DPEHPK3PXP", "a"), "a")


def test_a_row_copied_to_another_account_stays_shut() -> None:
    """Whoever writes the database can't lend their own second factor to another account."""
    sealer = Sealer(KEY, "totp")
    with pytest.raises(SealBrokenError):
        sealer.open(sealer.seal("JBSWY3DPEHPK3PXP", "a"), "b")


def test_changed_and_cut_bytes_are_noticed() -> None:
    """A flipped bit or a missing tail is an error, never another secret."""
    sealer = Sealer(KEY, "totp")
    sealed = sealer.seal("JBSWY3DPEHPK3PXP", "a")
    for damaged in (sealed[:-1], sealed[:5], b"", sealed[:-1] + bytes([sealed[-1] ^ 1])):
        with pytest.raises(SealBrokenError):
            sealer.open(damaged, "a")


def test_a_short_deployment_key_is_refused() -> None:
    """A guessable key must not start."""
    with pytest.raises(ValueError, match="32 bytes"):
        Sealer(b"short", "totp")
