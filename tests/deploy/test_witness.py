"""A witness as another organization runs it: two processes, one file, an address and a key."""

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from hengjian.platform.log.witness import Witness, witnessed_by
from hengjian.platform.proof.notes import Checkpoint
from hengjian.platform.proof.verifier import Outcome, verify_bundle
from tests.dashboards.chromium import web_process
from tests.support.databases import TestDatabase
from tests.support.evidence import LogCase, a_log


@dataclass(frozen=True)
class Elsewhere:
    """The witness's machine: its folder, the log's address and key."""

    folder: Path
    address: str

    @property
    def state(self) -> Path:
        return self.folder / "witness.json"

    async def round(self) -> tuple[int, str]:
        """`hengjian witness` once: exit code and words."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HENGJIAN_")}
        options = ("--key", str(self.folder / "log.pub"), "--state", str(self.state), "--name", "witness.example/1")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "hengjian.deploy.cli", "witness", self.address, *options),
            env=kept | {"LANG": "C.UTF-8"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        return process.returncode or 0, said.decode()


async def rewrite(log: LogCase, size: int, root: bytes) -> None:
    """What an owner with the key would publish: another newest checkpoint, well signed."""
    forged = log.desk._note(str(Checkpoint(log.desk.key.name, size, root)))  # a stolen key
    await log.do("delete from log_checkpoint")
    values = f"{size}, '\\x{root.hex()}', '{forged}', '{log.desk.key}'"
    await log.do(f"insert into log_checkpoint (size, root, note, key) values ({values})")


async def test_a_witness_elsewhere_follows_the_log_and_refuses_a_rewritten_one(
    fresh_database: TestDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It signs what grew, its line is public and in bundles; a fork, a shorter tree and a damaged file are refused."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    key = Witness.open(folder / "witness.json", name="witness.example/1").key
    monkeypatch.setenv("HENGJIAN_LOG_WITNESSES", str(key))
    async with a_log(fresh_database, tmp_path) as log:
        (folder / "log.pub").write_text(f"{log.desk.key}\n")
        with web_process(fresh_database.app_url, tmp_path) as address:
            there = Elsewhere(folder, address)
            assert (await there.round())[0] != 0
            (record, *_) = await log.entries(5)
            await log.settle()
            code, said = await there.round()
            assert (code, str(key) in said, "handed in" in said) == (0, True, True), said
            async with httpx.AsyncClient(base_url=address) as anybody:
                assert "witness.example/1" in (await anybody.get("/log/checkpoint")).text
                assert "witness.example/1" in (await anybody.get("/log")).text
                await log.entries(5)
                await log.settle()
                seen = verify_bundle(await log.bundle(record), log.desk.key, witness=witnessed_by(key))
                assert seen.outcome is Outcome.VERIFIED
                code, said = await there.round()
                assert (code, " 10 " in said) == (0, True), said
            kept = there.state.read_text()
            for size, root in ((10, bytes(32)), (12, bytes(32)), (4, bytes(32))):
                await rewrite(log, size, root)
                code, said = await there.round()
                assert (code != 0, "rewritten" in said or "cannot be asked" in said) == (True, True), said
                assert there.state.read_text() == kept
            there.state.write_text(kept[:-20])
            code, said = await there.round()
            assert (code != 0, "restore it" in said) == (True, True), said
            assert there.state.read_text() == kept[:-20]
