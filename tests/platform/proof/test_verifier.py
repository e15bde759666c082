"""The offline verifier: every part of a bundle is held by a check of its own, with an exit code of its own."""

import base64
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from hengjian.platform.log.signer import signature_line
from hengjian.platform.log.tiles import consistency_spans, grow, inclusion_spans, root_of
from hengjian.platform.proof.notes import Checkpoint, LogKey, Note, promise_text
from hengjian.platform.proof.records import canonical, record_digest
from hengjian.platform.proof.trees import leaf_hash
from hengjian.platform.proof.verifier import FORMAT, Outcome, is_bundle, verify_bundle

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = LogKey("test/evidence", PRIVATE.public_key().public_bytes_raw())
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
SALT = bytes(range(16))
RECORD = {"id": "0192", "actor_name": "王芳", "sent": 3}
AT = "2026-11-21T08:00:00.000001Z"


def note(text: str, private: Ed25519PrivateKey = PRIVATE) -> str:
    return f"{text}\n{signature_line(private, KEY, text)}"


def leaf(**changes: Any) -> str:
    body = {"v": 1, "kind": "push", "id": "0192", "tenant": None, "at": AT, "digest": record_digest(SALT, RECORD)}
    return canonical(body | changes).decode()


def texts(raw: list[bytes]) -> list[str]:
    return [base64.b64encode(one).decode() for one in raw]


def a_bundle(index: int = 37, old: int = 50, size: int = 300, **changes: Any) -> dict[str, Any]:
    """A sound bundle over a tree of 300 leaves, or one with some fields changed."""
    mine = leaf()
    certified = {"kind": "push", "id": "0192", "digest": json.loads(mine)["digest"]}
    gone = leaf(kind="deletion", facts={"of": certified, "because": "retention"})
    hashes = [leaf_hash(str(number).encode()) for number in range(size)]
    hashes[index], hashes[index + 1] = leaf_hash(mine.encode()), leaf_hash(gone.encode())
    tiles = grow({}, 0, hashes)
    tree = {count: note(str(Checkpoint(KEY.name, count, root_of(tiles, (0, count))))) for count in (old, size)}

    def path(number: int) -> list[str]:
        return texts([root_of(tiles, span) for span in inclusion_spans(number, size)])

    consistency = texts([root_of(tiles, span) for span in consistency_spans(old, size)])
    bundle = {
        "format": FORMAT,
        "record": RECORD,
        "salt": SALT.hex(),
        "leaf": mine,
        "index": index,
        "inclusion": path(index),
        "checkpoint": tree[size],
        "older": {"checkpoint": tree[old], "consistency": consistency},
        "promise": note(promise_text(KEY.name, leaf_hash(mine.encode()), AT)),
        "deletion": None,
        "cosignatures": [],
        "timestamps": [],
    }
    if changes.get("deleted"):
        bundle |= {"record": None, "salt": ""}
        bundle["deletion"] = {"leaf": gone, "index": index + 1, "inclusion": path(index + 1)}
    return bundle


def written(bundle: dict[str, Any]) -> bytes:
    """With the sum over the rest, as the server writes it."""
    return canonical(bundle | {"sha256": hashlib.sha256(canonical(bundle)).hexdigest()})


def outcome(bundle: dict[str, Any], **options: Any) -> Outcome:
    return verify_bundle(written(bundle), KEY, **options).outcome


def test_a_sound_bundle_verifies() -> None:
    """Record, leaf, path, checkpoint, promise and older checkpoint; with a kept checkpoint too."""
    bundle = a_bundle()
    assert outcome(bundle) is Outcome.VERIFIED
    assert outcome(bundle, older=bundle["older"]["checkpoint"]) is Outcome.VERIFIED
    assert outcome(bundle, older=bundle["checkpoint"]) is Outcome.VERIFIED
    assert outcome(bundle | {"older": None, "promise": None}) is Outcome.VERIFIED


def test_a_deleted_record_is_said_to_be_deleted() -> None:
    """Its certificate is in the same tree and names its digest."""
    verdict = verify_bundle(written(a_bundle(deleted=True)), KEY)
    assert (verdict.outcome, verdict.deleted) == (Outcome.VERIFIED, True)
    assert "依法删除" in verdict.sentence(chinese=True)


def with_flipped(text: str) -> str:
    """Base64 of other bytes."""
    raw = bytearray(base64.b64decode(text))
    raw[0] ^= 1
    return base64.b64encode(raw).decode()


CHANGES: dict[str, tuple[Outcome, Callable[[dict[str, Any]], None]]] = {
    "record": (Outcome.RECORD, lambda b: b.update(record=RECORD | {"sent": 4})),
    "salt": (Outcome.RECORD, lambda b: b.update(salt="00" * 16)),
    "leaf of another record": (Outcome.RECORD, lambda b: b.update(leaf=leaf(digest="0" * 64))),
    "leaf, not canonical": (Outcome.LEAF, lambda b: b.update(leaf=leaf() + " ")),
    "leaf, another time": (Outcome.INCLUSION, lambda b: b.update(leaf=leaf(at="2026-11-20T08:00:00.000001Z"))),
    "index": (Outcome.INCLUSION, lambda b: b.update(index=36)),
    "path": (Outcome.INCLUSION, lambda b: b.update(inclusion=[with_flipped(b["inclusion"][0]), *b["inclusion"][1:]])),
    "size": (Outcome.KEY, lambda b: b.update(checkpoint=b["checkpoint"].replace("\n300\n", "\n301\n"))),
    "signed by another": (Outcome.KEY, lambda b: b.update(checkpoint=note(Note.read(b["checkpoint"]).text, OTHER))),
    "older, forged": (Outcome.KEY, lambda b: b["older"].update(checkpoint=b["older"]["checkpoint"].replace("\n50\n", "\n51\n"))),
    "consistency": (Outcome.CONSISTENCY, lambda b: b["older"].update(consistency=b["older"]["consistency"][1:])),
    "promise of another leaf": (Outcome.PROMISE, lambda b: b.update(promise=note(promise_text(KEY.name, bytes(32), AT)))),
    "promise, unsigned": (Outcome.PROMISE, lambda b: b.update(promise=note(Note.read(b["promise"]).text, OTHER))),
    "record withheld": (Outcome.DELETION, lambda b: b.update(record=None)),
    "deletion and record": (Outcome.DELETION, lambda b: b.update(deletion={})),
    "format": (Outcome.UNKNOWN_FORMAT, lambda b: b.update(format="hengjian-evidence/2")),
    "another file": (Outcome.UNREADABLE, lambda b: b.update(format="dossier")),
    "a field more": (Outcome.UNREADABLE, lambda b: b.update(more=1)),
}  # fmt: skip


@pytest.mark.parametrize("change", sorted(CHANGES))
def test_each_part_fails_in_its_own_way(change: str) -> None:
    """A forger who also mends the sum over the file is still told apart by what was changed."""
    wanted, deed = CHANGES[change]
    bundle = a_bundle()
    deed(bundle)
    verdict = verify_bundle(written(bundle), KEY)
    assert verdict.outcome is wanted
    assert verdict.sentence(chinese=True) != verdict.sentence(chinese=False)


def test_the_key_and_the_kept_checkpoint_come_from_elsewhere() -> None:
    """Another key, another tree of the same size, a checkpoint that the bundle says nothing about."""
    bundle = a_bundle()
    other = LogKey(KEY.name, OTHER.public_key().public_bytes_raw())
    assert verify_bundle(written(bundle), other).outcome is Outcome.KEY
    rewritten = note(str(Checkpoint(KEY.name, 50, bytes(32))))
    assert outcome(bundle, older=rewritten) is Outcome.CONSISTENCY
    unknown = note(str(Checkpoint(KEY.name, 49, bytes(32))))
    assert outcome(bundle, older=unknown) is Outcome.OLDER
    forged = note(str(Checkpoint(KEY.name, 50, bytes(32))), OTHER)
    assert outcome(bundle, older=forged) is Outcome.KEY


def test_a_leaf_that_is_its_own_record_needs_none() -> None:
    """A rule change has no row: its facts are all there is, and nobody can hang a record on it."""
    alone = leaf(digest=None, facts={"rule": "C-04"})
    hashes = [leaf_hash(alone.encode())]
    tree = note(str(Checkpoint(KEY.name, 1, hashes[0])))
    bundle = a_bundle() | {"record": None, "salt": "00", "leaf": alone, "index": 0, "inclusion": [], "older": None}
    bundle |= {"checkpoint": tree, "promise": None}
    assert outcome(bundle) is Outcome.VERIFIED
    assert outcome(bundle | {"record": {}}) is Outcome.RECORD


def test_a_certificate_for_another_record_deletes_nothing() -> None:
    """It names kind, id and digest."""
    bundle = a_bundle(deleted=True)
    bundle["deletion"] |= {"leaf": bundle["leaf"], "index": bundle["index"], "inclusion": bundle["inclusion"]}
    assert outcome(bundle) is Outcome.DELETION


WHOLE = written(a_bundle())


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 7))
def test_no_byte_can_be_flipped(place: int, bit: int) -> None:
    """Anywhere in the file, whatever it means."""
    changed = bytearray(WHOLE)
    changed[place] ^= 1 << bit
    assert verify_bundle(bytes(changed), KEY).outcome is not Outcome.VERIFIED


def test_every_outcome_has_a_code_and_a_sentence_of_its_own() -> None:
    """0 is success alone; 1 and 2 are the shell's and the command line's."""
    codes = [int(one) for one in Outcome]
    assert len(set(codes)) == len(codes)
    assert {1, 2} & set(codes) == set()


def test_it_runs_with_the_standard_library_and_ed25519_alone(tmp_path: Path) -> None:
    """No database, no web, no configuration is loaded."""
    (tmp_path / "bundle.json").write_bytes(WHOLE)
    (tmp_path / "log.pub").write_text(f"{KEY}\n")
    program = (
        "import sys\n"
        "from hengjian.platform.proof.verifier import main\n"
        "code = main(sys.argv[1:])\n"
        "tops = {name.split('.')[0] for name in sys.modules if not name.startswith('_')}\n"
        "assert not tops & {'sqlalchemy', 'asyncpg', 'msgspec', 'click', 'litestar', 'structlog', 'rfc8785'}, tops\n"
        "sys.exit(code)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "bundle.json"), "--key", str(tmp_path / "log.pub")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stdout[:8]) == (0, "verified"), done.stderr


REWRITTEN: dict[str, Callable[[], bytes]] = {
    "indented": lambda: json.dumps(json.loads(WHOLE), indent=2, ensure_ascii=False).encode(),
    "tabs and CRLF": lambda: json.dumps(json.loads(WHOLE), indent="\t").replace("\n", "\r\n").encode(),
    "escapes": lambda: WHOLE.replace(b"/", b"\\/"),
    "order of keys": lambda: json.dumps(dict(reversed(json.loads(WHOLE).items())), separators=(",", ":")).encode(),
    "a field twice": lambda: WHOLE.replace(b'{"checkpoint"', b'{"checkpoint":"","checkpoint"', 1),
    "byte-order mark": lambda: b"\xef\xbb\xbf" + WHOLE,
}


@pytest.mark.parametrize("how", sorted(REWRITTEN))
def test_a_bundle_that_was_written_out_anew_is_told_from_what_is_none(how: str) -> None:
    """An editor or a mail gateway may do it: the reader learns that it is a bundle, and that nothing was checked."""
    other = REWRITTEN[how]()
    assert is_bundle(other)
    verdict = verify_bundle(other, KEY)
    assert verdict.outcome is Outcome.LAYOUT
    assert "索取原样下载的文件" in verdict.sentence(chinese=True)
    assert "ask for the file as it was downloaded" in verdict.sentence(chinese=False)


def test_a_bundle_that_was_cut_off_is_damaged() -> None:
    """It still says what it is; what is only named in a text is none."""
    half = WHOLE[: len(WHOLE) // 2]
    assert is_bundle(half)
    assert verify_bundle(half, KEY).outcome is Outcome.UNREADABLE
    assert not is_bundle(json.dumps({"text": WHOLE.decode()}).encode())
    for other in (b"", b"[]", b"7", b"{}", b'{"format":1}'):
        assert verify_bundle(other, KEY).outcome is Outcome.UNREADABLE


def test_keys_read_what_they_write() -> None:
    """In the form of C2SP; a broken one is refused."""
    assert LogKey.read(f"{KEY}\n") == KEY
    for broken in ("", "a+b", str(KEY)[:-4], str(KEY).replace("+", "-"), "x" + str(KEY)):
        with pytest.raises(ValueError, match=r"log key|base64"):
            LogKey.read(broken)
