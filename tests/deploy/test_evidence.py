"""The evidence log as tenants, the public, witnesses and operators meet it."""

import asyncio
import base64
import json
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar
from litestar.types import ASGIApp

from hengjian.deploy.api import api_router
from hengjian.deploy.public_log import log_router
from hengjian.deploy.request_frame import RequestFrame
from hengjian.deploy.services import Services
from hengjian.deploy.settings import read_settings
from hengjian.platform.db import sql
from hengjian.platform.log.find import find_evidence
from hengjian.platform.log.witness import Witness, WitnessKey, WitnessRefusedError, keep_cosignature, witnessed_by
from hengjian.platform.proof.notes import Checkpoint, Note, unbase64
from hengjian.platform.proof.trees import is_consistent, leaf_hash, root_from_inclusion
from hengjian.platform.proof.verifier import Outcome, open_checkpoint, verify_bundle
from hengjian.tenants.api import BY_KIND
from tests.support.api import Api, Sender, a_sender, push_document
from tests.support.databases import TestDatabase
from tests.support.evidence import LogCase, a_log
from tests.support.people import KEY
from tests.support.rows import a_row

EVIDENCE = "evidence { leaf promise leafIndex inclusionProof checkpoint }"
ASK = f"query ($id: UUID!) {{ receipt(id: $id) {{ id {EVIDENCE} }} }}"
LIST = f"{{ receipts(first: 20) {{ nodes {{ id {EVIDENCE} }} }} }}"


@dataclass(frozen=True)
class Platform:
    """A deployment with a log, over HTTP without a network between."""

    log: LogCase
    api: Api
    app_url: str

    async def push(self, sender: Sender, name: str = "王芳") -> dict[str, Any]:
        """The receipt of a push of one person, as the answer gives it."""
        document = push_document("people").replace("receipt { id", f"receipt {{ id {EVIDENCE}", 1)
        rows = [a_row(BY_KIND["people"], name=name)]
        told = {"idempotencyKey": os.urandom(8).hex(), "rows": rows}
        body = await self.api.ask(sender.key, document, {"input": told})
        receipt: dict[str, Any] = body["data"]["pushPeople"]["receipt"]
        return receipt

    async def get(self, path: str) -> httpx.Response:
        return await self.api.client.get(path)


@pytest_asyncio.fixture
async def platform(fresh_database: TestDatabase, tmp_path: Path) -> AsyncIterator[Platform]:
    async with a_log(fresh_database, tmp_path) as log:
        settings = read_settings({})
        services = Services(settings=settings, database=log.database, key=KEY, objects="memory://", signer=log.signer)
        app: ASGIApp = Litestar([api_router(services), log_router(services)], openapi_config=None, logging_config=None)
        api = Api(RequestFrame(app, https=False))
        yield Platform(log, api, fresh_database.app_url)
        await api.client.aclose()


async def test_a_receipt_carries_its_promise_at_once_and_its_proof_after_numbering(platform: Platform) -> None:
    """The promise names the leaf; the proof leads from it to a root that the log signed."""
    sender, key = await a_sender(platform.log.database), platform.log.desk.key
    receipt = await platform.push(sender)
    early = receipt["evidence"]
    assert (early["leafIndex"], early["inclusionProof"], early["checkpoint"]) == (None, None, None)
    promise = Note.read(early["promise"])
    assert promise.is_signed_by(key)
    assert base64.b64encode(leaf_hash(early["leaf"].encode())).decode() in promise.text
    await platform.log.settle()
    late = (await platform.api.ask(sender.key, ASK, {"id": receipt["id"]}))["data"]["receipt"]["evidence"]
    assert (late["leaf"], late["promise"]) == (early["leaf"], early["promise"])
    signed = open_checkpoint(late["checkpoint"], key)
    path = [unbase64(step) for step in late["inclusionProof"]]
    found = root_from_inclusion(leaf_hash(late["leaf"].encode()), late["leafIndex"], signed.size, path)
    assert found == signed.root


async def test_a_tenant_gets_proofs_of_its_own_receipts_only(platform: Platform) -> None:
    """Another organization learns nothing, neither by the API nor below it; a bureau sees its region's."""
    mine, other = await a_sender(platform.log.database), await a_sender(platform.log.database)
    receipt = await platform.push(mine)
    await platform.log.settle()
    assert (await platform.api.ask(other.key, ASK, {"id": receipt["id"]}))["data"]["receipt"] is None
    for asking, expected in ((mine.caller, 1), (other.caller, 0)):
        async with platform.log.database.read(replace(asking, kind="member")) as session:
            assert len(await find_evidence(session, "push", [UUID(receipt["id"])])) == expected
            assert len(await session.all(sql("select 1 from log_leaf where kind = 'push'"))) == expected
    listed = (await platform.api.ask(mine.key, LIST))["data"]["receipts"]["nodes"]
    assert [node["evidence"]["leafIndex"] is not None for node in listed] == [True]


async def test_leaves_hold_no_person(platform: Platform) -> None:
    """Neither names nor identity numbers nor what senders call their rows; nor does what the public sees."""
    sender = await a_sender(platform.log.database)
    await platform.push(sender, name="欧阳测试")
    await platform.log.settle()
    bodies = "".join((await platform.log.owner.execute(sql("select body from log_leaf"))).scalars())
    assert '"kind":"push"' in bodies
    assert [word for word in ("欧阳", "11010519491231002X", "002X", sender.organization.name) if word in bodies] == []


async def test_without_signer_a_push_is_taken_and_the_promise_is_given_later(platform: Platform) -> None:
    """The signer is nobody's bottleneck."""
    sender = await a_sender(platform.log.database)
    hidden = platform.log.signer.socket.with_name("hidden")
    platform.log.signer.socket.rename(hidden)
    receipt = await platform.push(sender)
    assert receipt["evidence"]["promise"] is None
    assert receipt["evidence"]["leaf"]
    hidden.rename(platform.log.signer.socket)
    again = await platform.api.ask(sender.key, ASK, {"id": receipt["id"]})
    assert again["data"]["receipt"]["evidence"]["promise"]


async def test_the_public_sees_hashes_and_signatures_and_can_follow_the_log(platform: Platform) -> None:
    """Checkpoint, key, proofs, tiles: enough to watch it, and nothing of what was recorded."""
    assert (await platform.get("/log/checkpoint")).status_code == 404
    await platform.log.entries(300)
    await platform.log.settle()
    old = open_checkpoint((await platform.get("/log/checkpoint")).text, platform.log.desk.key)
    await platform.log.entries(50)
    await platform.log.settle()
    note = (await platform.get("/log/checkpoint")).text
    new = open_checkpoint(note, platform.log.desk.key)
    assert (await platform.get("/log/key")).text.strip() == str(platform.log.desk.key)
    said = (await platform.get(f"/log/consistency?from={old.size}&to={new.size}")).json()
    assert is_consistent((old.size, old.root), (new.size, new.root), [unbase64(one) for one in said["proof"]])
    tile = (await platform.get("/log/tile/0/000")).content
    proof = (await platform.get("/log/proof/7")).json()
    path = [unbase64(one) for one in proof["proof"]]
    assert root_from_inclusion(tile[7 * 32 : 8 * 32], 7, new.size, path) == new.root
    assert len((await platform.get("/log/tile/0/001.p/94")).content) == 94 * 32
    listed = (await platform.get("/log/checkpoints")).json()
    assert [one["size"] for one in listed["checkpoints"]] == [350, 300]
    for far in (
        "/log/proof/350",
        "/log/proof/0?size=7",
        "/log/consistency?from=1&to=999",
        "/log/tile/0/009",
        "/log/tile/0/001",
    ):
        answer = await platform.get(far)
        assert answer.status_code == 404, far
        assert " / " in answer.text


async def test_a_witness_signs_what_goes_on_and_refuses_a_fork_for_good(platform: Platform, tmp_path: Path) -> None:
    """Its one file is enough; its line goes into the bundle, and a reader may insist on it."""
    log = platform.log
    (record, *_) = await log.entries(5)
    await log.settle()
    witness = Witness.open(tmp_path / "witness.json", name="witness.example/1")
    assert WitnessKey.read(str(witness.key)) == witness.key
    note = (await platform.get("/log/checkpoint")).text
    line = witness.cosign(note, log.desk.key, lambda _old, _new: [])
    assert await keep_cosignature(log.database, [], size=5, line=line) is False
    assert await keep_cosignature(log.database, [witness.key], size=5, line=line[:-6] + "AAAA=\n") is False
    assert await keep_cosignature(log.database, [witness.key], size=5, line=line) is True
    assert line in (await platform.get("/log/checkpoint")).text
    data = await log.bundle(record)
    stranger = Witness.open(tmp_path / "other.json", name="witness.example/1")
    assert verify_bundle(data, log.desk.key, witness=witnessed_by(witness.key)).outcome is Outcome.VERIFIED
    assert verify_bundle(data, log.desk.key, witness=witnessed_by(stranger.key)).outcome is Outcome.WITNESS
    again = Witness.open(tmp_path / "witness.json", name="")
    for size, root in ((5, bytes(32)), (4, bytes(32)), (9, bytes(32))):
        forged = log.desk._note(str(Checkpoint(log.desk.key.name, size, root)))
        with pytest.raises(WitnessRefusedError, match="rewritten"):
            again.cosign(forged, log.desk.key, lambda _old, _new: [bytes(32)])
    with pytest.raises(WitnessRefusedError, match="not signed"):
        again.cosign(note.replace("\n5\n", "\n6\n"), log.desk.key, lambda _old, _new: [])
    refused = await platform.api.client.post("/log/cosignature", content=f"5\n{line}")
    assert refused.status_code == 403
    assert "HENGJIAN_LOG_WITNESSES" in refused.text


async def command(platform: Platform, *words: str | Path) -> tuple[int, str]:
    """One command of the command line: its exit code, and all it said."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HENGJIAN_")}
    ours = {"HENGJIAN_DATABASE_URL": platform.app_url, "HENGJIAN_SIGNER": str(platform.log.desk.folder)}
    state = {"HENGJIAN_STATE": str(platform.log.desk.folder.parent / "state"), "LANG": "C.UTF-8"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "hengjian.deploy.cli", *map(str, words)),
        env=kept | ours | state,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def test_operators_check_bundle_and_verify(platform: Platform, tmp_path: Path) -> None:
    """`log checkpoint`, `log bundle`, `verify`, `log check`: sound first, then after one edit by the owner."""
    sender = await a_sender(platform.log.database)
    receipt = await platform.push(sender)
    await platform.log.settle()
    code, note = await command(platform, "log", "checkpoint")
    assert code == 0
    (tmp_path / "kept.txt").write_text(note)
    await platform.log.entries(3)
    await platform.log.settle()
    bundle, key = tmp_path / "bundle.json", platform.log.desk.folder / "log.pub"
    assert (await command(platform, "log", "bundle", receipt["id"], "--out", bundle))[0] == 0
    verify = ("verify", bundle, "--key", key, "--checkpoint", tmp_path / "kept.txt")
    code, said = await command(platform, *verify)
    assert (code, f"push {receipt['id']}" in said) == (0, True), said
    assert (await command(platform, "verify", bundle))[0] == 2
    assert (await command(platform, "log", "check", "--checkpoint", tmp_path / "kept.txt"))[0] == 0
    await platform.log.do("update push_batch set accepted = 2")
    code, said = await command(platform, "log", "check", "--json")
    assert code == 1
    (trouble,) = json.loads(said)["troubles"]
    assert trouble["where"].startswith(f"push {receipt['id']}")
    await command(platform, "log", "bundle", receipt["id"], "--out", bundle)
    code, said = await command(platform, *verify)
    assert (code, "not the one" in said) == (11, True), said
