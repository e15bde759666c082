"""One bit of anything that proves something: whatever and wherever it is, the change is found."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengjian.platform.proof.notes import Checkpoint
from hengjian.platform.proof.verifier import Outcome, VerificationError, open_checkpoint, verify_bundle
from hengjian.scoring.domain.dossier_verify import Outcome as DossierOutcome
from hengjian.scoring.domain.dossier_verify import verify_dossier
from tests.platform.proof.test_verifier import KEY, a_bundle, note, written
from tests.scoring.domain.dossiers import a_dossier

BUNDLES = {"whole": written(a_bundle()), "deleted": written(a_bundle(deleted=True))}
CHECKPOINT = note(str(Checkpoint(KEY.name, 300, bytes(range(32))))).encode()
DOSSIER = a_dossier()
FRACTION = st.floats(0, 1, exclude_max=True)


def flipped(whole: bytes, at: float, bit: int) -> bytes:
    """The same with one bit changed, at a fraction of its length."""
    changed = bytearray(whole)
    changed[int(at * len(whole))] ^= 1 << bit
    return bytes(changed)


@pytest.mark.parametrize("kind", BUNDLES)
@settings(max_examples=300)
@given(at=FRACTION, bit=st.integers(0, 7))
def test_of_a_bundle(kind: str, at: float, bit: int) -> None:
    """Also of one whose record was deleted lawfully: certificate, both paths, both leaves."""
    assert verify_bundle(flipped(BUNDLES[kind], at, bit), KEY).outcome is not Outcome.VERIFIED


def test_of_a_checkpoint() -> None:
    """Every bit of it: name, size, root, signature, ends of lines."""
    open_checkpoint(CHECKPOINT.decode(), KEY)
    for place in range(len(CHECKPOINT)):
        for bit in range(8):
            text = flipped(CHECKPOINT, place / len(CHECKPOINT) + 1e-9, bit).decode("utf-8", "replace")
            with pytest.raises(VerificationError) as found:
                open_checkpoint(text, KEY)
            assert found.value.verdict.outcome is Outcome.KEY


@settings(max_examples=80)
@given(at=FRACTION, bit=st.integers(0, 7))
def test_of_a_dossier(at: float, bit: int) -> None:
    """Facts, rules, results, hashes: recomputed, or no dossier any more."""
    assert verify_dossier(flipped(DOSSIER, at, bit)).outcome is not DossierOutcome.VERIFIED


@settings(max_examples=60)
@given(at=FRACTION, length=st.integers(1, 400), data=st.binary(max_size=20))
def test_of_a_stretch_cut_out_or_replaced(at: float, length: int, data: bytes) -> None:
    """Not only bits: bytes that are gone, other bytes in their place."""
    for whole in BUNDLES.values():
        start = int(at * len(whole))
        changed = whole[:start] + data + whole[start + length :]
        if changed.rstrip(b"\n") != whole:
            assert verify_bundle(changed, KEY).outcome is not Outcome.VERIFIED
