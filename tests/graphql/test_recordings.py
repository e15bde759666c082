"""Recordings over the API: their organization and its bureau find them, strangers get nothing."""

from pathlib import Path
from typing import Any

import pytest

from hengjian.ingestion.api import Archive, UploadDesk, UploadLimits
from hengjian.platform.db import Database
from hengjian.platform.objects import Objects
from tests.support.api import Api, Sender, a_bureau_sender, a_sender
from tests.support.uploading import about, upload_whole

LIST = """query ($task: String, $code: String) { recordings(first: 10, task: $task, creditCode: $code) {
  nodes { id recordingNo } pageInfo { hasNextPage endCursor } } }"""
ONE = "query ($id: UUID!) { recording(id: $id) { recording { recordingNo sha256 } holds { reason } } }"


async def archive(database: Database, sender: Sender, folder: Path, **told: Any) -> None:
    """One recording of the organization."""
    objects = Objects(folder.as_uri())
    desk = UploadDesk(database, objects, UploadLimits())
    upload_id = await upload_whole(desk, sender, b"film", about("V-1", **told))
    await Archive(database, objects).archive({"tenant_id": str(sender.organization.id), "upload_id": str(upload_id)})


async def test_strangers_get_no_recording(api: Api, database: Database, tmp_path: Path) -> None:
    """By task, by credit code and by id: another organization and another city's bureau find nothing, not even a count."""
    sender, bureau = await a_sender(database), await a_bureau_sender(database)
    strangers = (await a_sender(database), await a_bureau_sender(database, "6502"))
    await archive(database, sender, tmp_path, taskRef="T-1")
    by_code = {"code": sender.organization.credit_code}
    (node,) = (await api.ask(sender.key, LIST, {"task": "T-1"}))["data"]["recordings"]["nodes"]
    for key in (sender.key, bureau.key):
        (again,) = (await api.ask(key, LIST, by_code))["data"]["recordings"]["nodes"]
        assert again == node
        found = (await api.ask(key, ONE, {"id": node["id"]}))["data"]["recording"]
        assert found["recording"]["recordingNo"] == "V-1"
    for stranger in strangers:
        for asked in ({"task": "T-1"}, by_code, {}):
            answer = (await api.ask(stranger.key, LIST, asked))["data"]["recordings"]
            assert answer == {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}, asked
        assert (await api.ask(stranger.key, ONE, {"id": node["id"]}))["data"] == {"recording": None}


SECRET = """query ($id: UUID!) { recording(id: $id) { inspection { codes } matches { atMs } checks { found } recording {
  recordingNo stage closed note taskRef deviceId personRefs tags labelIds custodianRef sha256 } } }"""
TOLD = {"note": "secret words", "taskRef": "T-1", "personRefs": ["P-1"], "custodianRef": "P-9"}


@pytest.mark.parametrize(("secrecy", "own", "bureau"), [("STATE", False, False), ("COMMERCIAL", True, True)])
async def test_of_a_state_secret_a_key_reads_only_that_it_is_there(
    api: Api, database: Database, tmp_path: Path, secrecy: str, own: bool, bureau: bool
) -> None:
    """As on the pages: number and time, and why it is closed; other secrets open to both sides, and are found by task."""
    sender, city = await a_sender(database), await a_bureau_sender(database)
    await archive(database, sender, tmp_path, secrecy=secrecy, **TOLD)
    for key, opens in ((sender.key, own), (city.key, bureau)):
        (node,) = (await api.ask(key, LIST, {"code": sender.organization.credit_code}))["data"]["recordings"]["nodes"]
        found = (await api.ask(key, SECRET, {"id": node["id"]}))["data"]["recording"]
        one = found["recording"]
        told = ("V-1", "SAMPLING", None) if opens else ("V-1", "", secrecy)
        assert (one["recordingNo"], one["stage"], one["closed"]) == told
        by_task = await api.ask(key, LIST, {"task": "T-1", "code": sender.organization.credit_code})
        assert bool(by_task["data"]["recordings"]["nodes"]) is opens
        assert one["note"] == ("secret words" if opens else "")
        if not opens:
            assert not any(value for name, value in one.items() if name not in {"recordingNo", "closed"})
            assert {name: found[name] for name in ("inspection", "matches", "checks")} == {
                "inspection": None,
                "matches": [],
                "checks": [],
            }
