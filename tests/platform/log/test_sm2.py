"""The second signature, SM2 with SM3 by the program openssl: not certified, marked as such, and in nobody's way."""

from pathlib import Path

import pytest

from hengjian.platform.log.signer import open_desk
from hengjian.platform.log.sm2 import Sm2Error, Sm2Public, Sm2Signature
from hengjian.platform.proof.verifier import open_checkpoint
from tests.platform.log.test_signer import tree
from tests.support.stamping import openssl


def a_key(folder: Path, name: str) -> tuple[Path, Path]:
    """Private and public key."""
    openssl(folder, "genpkey", "-algorithm", "SM2", "-out", f"{name}.key")
    openssl(folder, "pkey", "-in", f"{name}.key", "-pubout", "-out", f"{name}.pem")
    (folder / f"{name}.key").chmod(0o600)
    return folder / f"{name}.key", folder / f"{name}.pem"


def test_a_checkpoint_carries_both_signatures_and_each_reader_checks_its_own(tmp_path: Path) -> None:
    """Who knows Ed25519 alone ignores the other line; a changed text or another key does not hold."""
    private, public = a_key(tmp_path, "one")
    _, other = a_key(tmp_path, "two")
    desk = open_desk(tmp_path / "signer", origin="o")
    desk.second = Sm2Signature.of(private)
    note = desk.sign(3, tree(3)[1], [])
    assert open_checkpoint(note, desk.key).size == 3
    assert "not-certified" in note
    assert Sm2Public.of(public).signed(note)
    assert not Sm2Public.of(other).signed(note)
    assert not Sm2Public.of(public).signed(note.replace("\n3\n", "\n4\n"))
    assert "not-certified" not in desk.promise(bytes(32), "2026-11-21T08:00:00.000001Z")


def test_whether_a_signature_holds_is_unknown_while_openssl_cannot_run(tmp_path: Path) -> None:
    """A program that does not answer proves nothing against the signature: it is an error, not a no."""
    private, public = a_key(tmp_path, "one")
    desk = open_desk(tmp_path / "signer", origin="o")
    desk.second = Sm2Signature.of(private)
    note, key = desk.sign(3, tree(3)[1], []), Sm2Public.of(public)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hengjian.platform.log.sm2.shutil.which", lambda _: str(tmp_path / "nothing"))
        with pytest.raises(Sm2Error, match="cannot be run"):
            key.signed(note)
    assert key.signed(note)


def test_a_key_of_another_kind_or_open_to_others_is_refused_and_a_lost_one_stops_nothing(tmp_path: Path) -> None:
    """The log's own signature goes on without the line."""
    private, _ = a_key(tmp_path, "one")
    openssl(tmp_path, "genpkey", "-algorithm", "ED25519", "-out", "ed.key")
    (tmp_path / "ed.key").chmod(0o600)
    for wrong, why in (("ed.key", "no SM2 key"), ("none.key", "openssl")):
        with pytest.raises(Sm2Error, match=why):
            Sm2Signature.of(tmp_path / wrong)
    desk = open_desk(tmp_path / "signer", origin="o")
    desk.second = Sm2Signature.of(private)
    private.unlink()
    note = desk.sign(3, tree(3)[1], [])
    assert open_checkpoint(note, desk.key).size == 3
    assert "not-certified" not in note
    private.touch(0o644)
    with pytest.raises(Sm2Error, match="chmod"):
        Sm2Signature.of(private)
