"""The signer: one history, on disk before a signature leaves, a key that nobody else reads."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengjian.platform.log.errors import SignerRefusedError
from hengjian.platform.log.signer import SignerFilesError, open_desk
from hengjian.platform.log.tiles import consistency_spans, grow, root_of
from hengjian.platform.proof.notes import Note
from hengjian.platform.proof.trees import leaf_hash
from hengjian.platform.proof.verifier import open_checkpoint


def tree(count: int, salt: str = "") -> tuple[dict[tuple[int, int], bytes], bytes]:
    tiles = grow({}, 0, [leaf_hash(f"{salt}{number}".encode()) for number in range(count)])
    return tiles, root_of(tiles, (0, count))


def proof(old: int, new: int) -> list[bytes]:
    tiles, _ = tree(new)
    return [root_of(tiles, span) for span in consistency_spans(old, new)]


def test_it_signs_what_goes_on_and_remembers_it_over_a_restart(tmp_path: Path) -> None:
    """Also the same tree again, for a checkpoint that was lost on its way."""
    desk = open_desk(tmp_path, origin="bureau.example/evidence")
    first = desk.sign(5, tree(5)[1], [])
    assert desk.sign(5, tree(5)[1], []) == first
    again = open_desk(tmp_path, origin="another name is not taken any more")
    assert (again.size, again.root, again.key) == (5, tree(5)[1], desk.key)
    note = again.sign(12, tree(12)[1], proof(5, 12))
    assert open_checkpoint(note, desk.key).size == 12


def test_it_refuses_a_shorter_and_a_forked_tree(tmp_path: Path) -> None:
    """Whoever asks, with whatever proof."""
    desk = open_desk(tmp_path)
    desk.sign(12, tree(12)[1], [])
    for size, root, shown, reason in (
        (11, tree(11)[1], [], "SHORTER"),
        (12, tree(12, "x")[1], [], "FORKED"),
        (20, tree(20, "x")[1], proof(12, 20), "FORKED"),
        (20, tree(20)[1], [], "FORKED"),
        (20, b"short", proof(12, 20), "FORKED"),
    ):
        with pytest.raises(SignerRefusedError, match=reason):
            desk.sign(size, root, shown)
    assert (desk.size, open_desk(tmp_path).size) == (12, 12)
    desk.sign(20, tree(20)[1], proof(12, 20))


def test_what_is_on_disk_was_written_before_the_signature(tmp_path: Path) -> None:
    """When the state can't be written there is no signature either."""
    desk = open_desk(tmp_path)
    desk.folder = tmp_path / "gone"
    with pytest.raises(OSError, match="gone"):
        desk.sign(3, tree(3)[1], [])
    assert desk.size == 0


def test_a_key_that_is_lost_or_open_to_others_is_not_replaced(tmp_path: Path) -> None:
    """A new key would begin a new history in silence."""
    desk = open_desk(tmp_path)
    desk.sign(3, tree(3)[1], [])
    (tmp_path / "log.key").chmod(0o644)
    with pytest.raises(SignerFilesError, match="chmod"):
        open_desk(tmp_path)
    (tmp_path / "log.key").unlink()
    with pytest.raises(SignerFilesError, match="restore"):
        open_desk(tmp_path)


def test_a_promise_can_never_be_taken_for_a_checkpoint(tmp_path: Path) -> None:
    """It has another first line, and its time is a time."""
    desk = open_desk(tmp_path, origin="o")
    promised = desk.promise(bytes(32), "2026-11-21T08:00:00.000001Z")
    assert Note.read(promised).text.startswith("o/promise\n")
    for at in ("now", "2026-11-21T08:00:00.000001Z\n5\n", ""):
        assert desk.answer({"op": "promise", "leaf": "A" * 43 + "=", "at": at}) == {"refused": "UNREADABLE"}


JSON = st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda x: st.lists(x, max_size=3), max_leaves=5)


@given(
    st.dictionaries(
        st.sampled_from(["op", "size", "root", "proof", "leaf", "at"]),
        JSON | st.sampled_from(["state", "checkpoint", "promise"]),
    )
)
def test_any_question_gets_an_answer(tmp_path_factory: pytest.TempPathFactory, question: dict[str, object]) -> None:
    """Nonsense is refused and changes nothing."""
    desk = open_desk(tmp_path_factory.getbasetemp() / "asked")
    said = desk.answer(question)
    assert json.dumps(said)
    assert desk.size == 0
