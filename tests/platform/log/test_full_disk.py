"""A disk that is really full: nothing acknowledged is lost, nothing is signed twice or forked, work goes on by itself."""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from hengjian.platform.log.signer import open_desk
from tests.platform.log.test_signer import proof, tree
from tests.platform.test_stores import no_room_beyond

SCRIPT = Path(__file__).with_name("full_disk.py")
SIZE = "220m"
MOUNTED = f'mount -t tmpfs -o size={SIZE},mode=1777 tmpfs "$1" && shift && '
PLAIN = "exec unshare --user --map-user=1000 --map-group=1000 "


def inside(folder: Path, command: Sequence[str]) -> list[str]:
    """A command that sees a small disk in a folder, which nobody else sees; anybody may have one where kernels let."""
    if os.geteuid() == 0:
        words, ours = ["--mount", "--propagation", "private"], 'exec "$@"'
    else:
        words, ours = ["--map-root-user", "--mount"], f'{PLAIN}"$@"'
    return ["unshare", *words, "sh", "-c", MOUNTED + ours, "sh", str(folder), *command]


@pytest.fixture
def folder() -> Iterator[Path]:
    """Short, as sockets want it, and open to the account that the server runs under."""
    made = Path(tempfile.mkdtemp(prefix="hjfull"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def test_everything_on_a_full_disk(folder: Path) -> None:
    """Pushes, an upload, numbers and signatures on a disk without a byte left; the server crashes over its own log."""
    if shutil.which("unshare") is None or subprocess.run(inside(folder, ["true"]), check=False).returncode:
        pytest.skip(
            "this kernel gives nobody a small disk of his own (unshare); the signer's and the store's tests ran"
        )
    done = subprocess.run(
        inside(folder, [sys.executable, str(SCRIPT), str(folder)]),
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
        cwd=SCRIPT.parents[3],
        env=os.environ | {"PYTHONPATH": str(SCRIPT.parents[3])},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    pushed, received, early = found["before"]
    assert (pushed, received > 0, early) == (3, True, [])
    assert found["refused"], "the disk was not full"
    assert set(found["refused"]) <= {"BUSY", "STORE_FULL", "AWAY"}, "each is told, with what to do"
    assert {"STORE_FULL", "AWAY"} <= set(found["refused"])
    assert found["crashed"], found
    assert found["lost"] == []
    assert found["forks"] == []
    assert (found["troubles"], found["waiting"]) == ([], 0)
    assert (found["upload"], found["archived"], found["remembers"]) == ("ARCHIVED", True, True)


def test_a_signer_without_room_signs_nothing_and_goes_on_where_it_was(tmp_path: Path) -> None:
    """Here the kernel itself refuses the write; no half file is read later, and the same question is answered then."""
    desk = open_desk(tmp_path)
    first = desk.sign(3, tree(3)[1], [])
    told = {"size": 7, "root": base64.b64encode(tree(7)[1]).decode()}
    question = {"op": "checkpoint", **told, "proof": [base64.b64encode(one).decode() for one in proof(3, 7)]}
    with no_room_beyond(0):
        assert "away" in desk.answer(question)
        assert "note" in desk.answer({"op": "promise", "leaf": "A" * 43 + "=", "at": "2026-11-21T08:00:00.000001Z"})
    assert open_desk(tmp_path).size == 3
    assert desk.sign(3, tree(3)[1], []) == first
    assert "note" in desk.answer(question)
    assert open_desk(tmp_path).size == 7
