"""Drills: a worker killed while it archives, a disk without room, a phone whose session ends."""

import asyncio
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.ingestion.api import Archive, UploadDesk, UploadLimits, UploadRefusedError, read_upload
from hengjian.platform.db import Database
from hengjian.platform.objects import Objects, StoreFullError
from hengjian.tenants.api import begin_login, csrf_token, finish_login
from tests.platform.test_stores import no_room_beyond
from tests.support.api import Api, a_bureau_sender, a_sender
from tests.support.people import Authenticator, an_account, quick_desk, request
from tests.support.uploading import TUS, about, metadata, sha256, upload_whole

SCRIPT = Path(__file__).with_name("archive_process.py")


def parts_below(folder: Path) -> list[Path]:
    """Files of parts that are still there."""
    return [path for path in folder.glob("uploads/**/*") if path.is_file()]


@pytest.mark.parametrize("moment", ["begun", "kept", "committed"])
async def test_a_worker_killed_while_archiving_loses_nothing_and_archives_once(
    database: Database, app_url: str, owner: AsyncConnection, tmp_path: Path, moment: str
) -> None:
    """kill -9 before the whole is written, after it, after the commit: the next try ends with one sound recording."""
    sender, objects = await a_sender(database), Objects(tmp_path.as_uri())
    content = bytes(range(256)) * 8_000
    upload_id = await upload_whole(UploadDesk(database, objects, UploadLimits()), sender, content, about())
    payload = {"tenant_id": str(sender.organization.id), "upload_id": str(upload_id)}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(SCRIPT),
        app_url,
        tmp_path.as_uri(),
        moment,
        *payload.values(),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"here\n"
    process.kill()
    await process.wait()
    archive = Archive(database, objects)
    await asyncio.gather(archive.archive(payload), archive.archive(payload))
    rows = await owner.execute(
        text("select sha256, object_path from recording where tenant_id = :t"), {"t": sender.organization.id}
    )
    row = rows.one()
    assert await objects.take(row.object_path, sha256=sha256(content)) == content
    async with database.read(sender.caller) as session:
        assert (await read_upload(session, upload_id)).state == "ARCHIVED"
    assert parts_below(tmp_path) == []


async def test_a_full_disk_is_told_and_nothing_acknowledged_is_lost(database: Database, tmp_path: Path) -> None:
    """The part is refused with what to do; with room again the upload goes on where it was, and is archived."""
    sender, objects = await a_sender(database), Objects(tmp_path.as_uri())
    desk, content = UploadDesk(database, objects, UploadLimits()), bytes(range(250)) * 800
    status = await desk.begin(sender.caller, size=len(content), sha256=sha256(content), about=about())
    await desk.append(sender.caller, status.id, offset=0, part=content[:50_000])
    with no_room_beyond(60_000), pytest.raises(UploadRefusedError) as refused:
        await desk.append(sender.caller, status.id, offset=50_000, part=content[50_000:])
    assert (refused.value.code, refused.value.status) == ("STORE_FULL", 503)
    assert refused.value.facts["offset"] == 50_000
    await desk.append(sender.caller, status.id, offset=50_000, part=content[50_000:])
    payload = {"tenant_id": str(sender.organization.id), "upload_id": str(status.id)}
    with no_room_beyond(60_000), pytest.raises(StoreFullError):
        await Archive(database, objects).archive(payload)
    await Archive(database, objects).archive(payload)
    async with database.read(sender.caller) as session:
        assert (await read_upload(session, status.id)).state == "ARCHIVED"


async def test_people_upload_from_our_own_pages_and_from_nowhere_else(api: Api, database: Database) -> None:
    """With the session's cookie, our origin and the session's token; else it is told what is wrong."""
    sender, bureau = await a_sender(database), await a_bureau_sender(database)

    async def session_of(organization: object) -> str:
        person = await an_account(database, organization)  # type: ignore[arg-type]
        login = quick_desk(database)
        first = await begin_login(login, login=person.login, password=person.password, caller=request())
        return await finish_login(login, first, code=Authenticator(person.totp_secret).code(), caller=request())

    async def begin(token: str, **changes: str) -> tuple[int, str]:
        sent = {
            "origin": "http://localhost",
            "x-csrf-token": csrf_token(token),
            "cookie": f"hengjian_session={token}",
            "upload-length": "3",
            "upload-metadata": metadata(b"abc", about()),
        }
        answer = await api.client.post("/my/uploads", headers={**TUS, **sent, **changes})
        return answer.status_code, answer.json().get("code", answer.json().get("state"))

    token = await session_of(sender.organization)
    assert await begin(token) == (201, "OPEN")
    assert await begin(token, **{"x-csrf-token": "wrong"}) == (403, "FOREIGN_REQUEST")
    assert await begin(token, origin="https://evil.example") == (403, "FOREIGN_REQUEST")
    assert await begin(token, cookie="") == (401, "NOT_SIGNED_IN")
    assert await begin("nobody's") == (401, "NOT_SIGNED_IN")
    assert await begin(await session_of(bureau.organization)) == (403, "FORBIDDEN")


LIST = """query ($task: String, $after: String) { recordings(first: 1, task: $task, after: $after) {
  nodes { id recordingNo sha256 size } pageInfo { hasNextPage endCursor } } }"""
HOLD = """mutation ($input: RecordingHoldInput!) { holdRecording(input: $input) {
  recording { held holds { by reason placed } uploadState } userErrors { code } } }"""


async def test_recordings_are_asked_for_and_held_over_the_api(api: Api, database: Database, tmp_path: Path) -> None:
    """Page by page by task; the bureau holds one; the organization cannot, and another sees nothing."""
    sender, other, bureau = await a_sender(database), await a_sender(database), await a_bureau_sender(database)
    objects = Objects(tmp_path.as_uri())
    desk = UploadDesk(database, objects, UploadLimits())
    for number in ("V-1", "V-2"):
        upload_id = await upload_whole(desk, sender, number.encode(), about(number, taskRef="T-1"))
        payload = {"tenant_id": str(sender.organization.id), "upload_id": str(upload_id)}
        await Archive(database, objects).archive(payload)
    page = (await api.ask(sender.key, LIST, {"task": "T-1"}))["data"]["recordings"]
    assert page["pageInfo"]["hasNextPage"] is True
    after = {"task": "T-1", "after": page["pageInfo"]["endCursor"]}
    rest = (await api.ask(sender.key, LIST, after))["data"]["recordings"]
    assert {one["nodes"][0]["recordingNo"] for one in (page, rest)} == {"V-1", "V-2"}
    assert rest["pageInfo"]["hasNextPage"] is False
    assert (await api.ask(other.key, LIST, {"task": "T-1"}))["data"]["recordings"]["nodes"] == []
    given = {"input": {"recordingId": page["nodes"][0]["id"], "reason": "立案", "by": "王芳"}}
    held = (await api.ask(bureau.key, HOLD, given))["data"]["holdRecording"]
    assert held["recording"] == {
        "held": True,
        "holds": [{"by": "王芳", "reason": "立案", "placed": True}],
        "uploadState": "ARCHIVED",
    }
    assert (await api.ask(bureau.key, HOLD, given))["data"]["holdRecording"]["userErrors"] == [{"code": "ALREADY_HELD"}]
    assert (await api.ask(sender.key, HOLD, given))["data"]["holdRecording"]["userErrors"] == [{"code": "FORBIDDEN"}]
    detail = "query ($id: UUID!) { recording(id: $id) { held matches { elsewhere } inspection { challenge } } }"
    id_ = {"id": page["nodes"][0]["id"]}
    assert (await api.ask(sender.key, detail, id_))["data"]["recording"]["held"] is True
    assert (await api.ask(other.key, detail, id_))["data"]["recording"] is None
