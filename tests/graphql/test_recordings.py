"""Recordings over the API: their organization and its bureau find them, strangers get nothing."""

from pathlib import Path

from hengjian.ingestion.api import Archive, UploadDesk, UploadLimits
from hengjian.platform.db import Database
from hengjian.platform.objects import Objects
from tests.support.api import Api, a_bureau_sender, a_sender
from tests.support.uploading import about, upload_whole

LIST = """query ($task: String, $code: String) { recordings(first: 10, task: $task, creditCode: $code) {
  nodes { id recordingNo } pageInfo { hasNextPage endCursor } } }"""
ONE = "query ($id: UUID!) { recording(id: $id) { recording { recordingNo sha256 } holds { reason } } }"


async def test_strangers_get_no_recording(api: Api, database: Database, tmp_path: Path) -> None:
    """By task, by credit code and by id: another organization and another city's bureau find nothing, not even a count."""
    sender, bureau = await a_sender(database), await a_bureau_sender(database)
    strangers = (await a_sender(database), await a_bureau_sender(database, "6502"))
    objects = Objects(tmp_path.as_uri())
    upload_id = await upload_whole(
        UploadDesk(database, objects, UploadLimits()), sender, b"film", about("V-1", taskRef="T-1")
    )
    await Archive(database, objects).archive({"tenant_id": str(sender.organization.id), "upload_id": str(upload_id)})
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
