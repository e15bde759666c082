"""Uploads: begun, cut, resumed, proven, archived; and everything that must not get through."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.ingestion.api import Archive, Inspector, UploadDesk, UploadLimits, UploadRefusedError
from hengjian.ingestion.recordings.domain.retention import retention_until
from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Database
from hengjian.platform.objects import Objects
from tests.support.api import Api, Sender, a_bureau_sender, a_sender
from tests.support.clips import scene, write_clip
from tests.support.uploading import AT, TUS, about, metadata, sha256, upload_whole


class Tus:
    """A small tus client over the application."""

    def __init__(self, api: Api, key: str) -> None:
        self.client = api.client
        self.headers = {"authorization": f"Bearer {key}", **TUS}

    async def begin(self, content: bytes, told: bytes, **headers: str) -> httpx.Response:
        """POST."""
        sent = {"upload-length": str(len(content)), "upload-metadata": metadata(content, told)} | headers
        return await self.client.post("/uploads", headers=self.headers | sent)

    async def send(self, place: str, offset: int, part: bytes, **headers: str) -> httpx.Response:
        """PATCH."""
        sent: Mapping[str, str] = {"upload-offset": str(offset), "content-type": "application/offset+octet-stream"}
        return await self.client.patch(place, headers={**self.headers, **sent, **headers}, content=part)

    async def offset(self, place: str) -> int:
        """HEAD: how much has arrived."""
        answer = await self.client.head(place, headers=self.headers)
        return int(answer.headers["upload-offset"])


@pytest.fixture
def objects(tmp_path: Path) -> Objects:
    """A local store of this test."""
    return Objects(tmp_path.as_uri())


@pytest.fixture
def desk(database: Database, objects: Objects) -> UploadDesk:
    """Takes uploads of at most 10 MB, 15 MB an organization."""
    return UploadDesk(database, objects, UploadLimits(file=10_000_000, part=4_000_000, quota=15_000_000))


def left_over(folder: Path) -> list[Path]:
    """Files of parts that are still there."""
    return [path for path in folder.glob("uploads/**/*") if path.is_file()]


async def archived(desk: UploadDesk, sender: Sender, upload_id: UUID) -> None:
    """The job that follows, run."""
    job = Archive(desk.database, desk.objects).archive
    await job({"tenant_id": str(sender.organization.id), "upload_id": str(upload_id)})


async def test_an_upload_goes_on_after_a_cut(api: Api, database: Database) -> None:
    """tus: begin, a part, a cut, ask where it stands, the rest; a wrong offset is told where to go on."""
    sender = await a_sender(database)
    tus, content = Tus(api, sender.key), bytes(range(256)) * 40
    begun = await tus.begin(content, about())
    place = begun.headers["location"]
    assert begun.status_code == 201
    assert (await tus.send(place, 0, content[:6_000])).headers["upload-offset"] == "6000"
    assert await tus.offset(place) == 6_000
    again = await tus.send(place, 0, content[:6_000])
    assert (again.status_code, again.json()["code"], again.headers["upload-offset"]) == (409, "OFFSET_MISMATCH", "6000")
    assert (await tus.begin(content, about())).headers["location"] == place, "the same file goes on where it was"
    assert (await tus.send(place, 6_000, content[6_000:])).status_code == 204
    told = (await tus.client.get(place, headers=tus.headers)).json()
    assert (told["state"], told["received"], told["size"]) == ("COMPLETE", len(content), len(content))


async def test_a_complete_upload_becomes_a_recording(
    desk: UploadDesk, database: Database, objects: Objects, owner: AsyncConnection, tmp_path: Path
) -> None:
    """Proven, kept under its hash, read-only, with its term; the parts are gone; it is looked into."""
    sender = await a_sender(database)
    content = write_clip(tmp_path / "clip.mp4", scene(320, 180), frames=50).read_bytes()
    upload_id = await upload_whole(desk, sender, content, about(taskRef="T-1"), part=100_000)
    await archived(desk, sender, upload_id)
    await archived(desk, sender, upload_id)  # twice is harmless
    row = (
        await owner.execute(text("select * from recording where tenant_id = :t"), {"t": sender.organization.id})
    ).one()
    assert (row.sha256, row.size, row.task_ref, str(row.retention_until)) == (
        sha256(content),
        len(content),
        "T-1",
        str(retention_until(legal_day(row.archived_at))),
    )
    assert await objects.take(row.object_path, sha256=row.sha256) == content
    assert left_over(tmp_path) == []
    inspect = Inspector(database, objects).inspect
    await inspect({"tenant_id": str(sender.organization.id), "recording_id": str(row.id)})
    report = await owner.scalar(
        text("select report from recording_inspection where recording_id = :id"), {"id": row.id}
    )
    assert (report["frames"], report["codec"], report["problems"]) == (50, "h264", [])


async def test_other_content_than_declared_is_refused_and_told(
    desk: UploadDesk, database: Database, owner: AsyncConnection
) -> None:
    """A hash that does not fit keeps nothing and says so; the same number can be tried again."""
    sender = await a_sender(database)
    content = b"x" * 1_000
    status = await desk.begin(sender.caller, size=1_000, sha256=sha256(b"other"), about=about())
    await desk.append(sender.caller, status.id, offset=0, part=content)
    await archived(desk, sender, status.id)
    found = (await owner.execute(text("select state, problem from upload where id = :id"), {"id": status.id})).one()
    assert tuple(found) == ("REFUSED", "HASH_MISMATCH")
    assert (
        await owner.scalar(text("select count(*) from recording where tenant_id = :t"), {"t": sender.organization.id})
        == 0
    )
    await archived(desk, sender, await upload_whole(desk, sender, content, about()))
    assert (
        await owner.scalar(text("select count(*) from recording where tenant_id = :t"), {"t": sender.organization.id})
        == 1
    )


async def test_nothing_archived_is_replaced(desk: UploadDesk, database: Database) -> None:
    """The number of an archived recording cannot be used for another file."""
    sender = await a_sender(database)
    await archived(desk, sender, await upload_whole(desk, sender, b"first", about()))
    with pytest.raises(UploadRefusedError, match="nothing archived is replaced"):
        await desk.begin(sender.caller, size=6, sha256=sha256(b"second"), about=about())


async def test_limits_and_quota_are_told_before_a_byte_is_sent(desk: UploadDesk, database: Database) -> None:
    """Too large a file, a full quota, a part beyond the declared length."""
    sender = await a_sender(database)

    async def begin(size: int, number: str) -> UUID:
        found = await desk.begin(sender.caller, size=size, sha256=sha256(number.encode()), about=about(number))
        return found.id

    with pytest.raises(UploadRefusedError) as refused:
        await begin(10_000_001, "a")
    assert refused.value.code == "UPLOAD_TOO_LARGE"
    opened = await begin(9_000_000, "b")
    with pytest.raises(UploadRefusedError) as refused:
        await begin(6_000_001, "c")
    assert (refused.value.code, refused.value.facts["left"]) == ("QUOTA_EXCEEDED", 6_000_000)
    await begin(6_000_000, "d")
    with pytest.raises(UploadRefusedError) as refused:
        await desk.append(sender.caller, opened, offset=0, part=b"x" * 9_000_001)
    assert refused.value.code == "BEYOND_LENGTH"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"stage": "LUNCH"}, "stage"),
        ({"endedAt": AT.isoformat()}, "TIMES_NOT_IN_ORDER"),
        ({"labelIds": ["3303-0000-0000-0000-0"]}, "LABEL_ID_WRONG"),
        ({"startedAt": "2026-05-06T06:00:00"}, "startedAt"),
        ({"startedAt": "0001-01-01T00:00:00+14:00"}, "TIME_TOO_EARLY"),
        ({"completedAt": "9999-12-31T23:59:59+00:00"}, "completedAt"),
        ({"note": "a\x00b"}, "CONTROL_CHARACTER"),
        ({"custodianRef": "a\x00b"}, "CONTROL_CHARACTER"),
        ({"surprise": 1}, "surprise"),
        ({"longitude": "120.6"}, "POSITION_INCOMPLETE"),
    ],
)
async def test_a_wrong_description_is_refused_with_its_field(
    desk: UploadDesk, database: Database, changes: dict[str, Any], told: str
) -> None:
    """Before a byte is sent, the field that is wrong is named."""
    sender = await a_sender(database)
    with pytest.raises(UploadRefusedError, match=told):
        await desk.begin(sender.caller, size=1, sha256=sha256(b"x"), about=about(**changes))


async def test_who_may_not_upload_is_told_so(api: Api, database: Database) -> None:
    """No key, a bureau's key, no protocol version, another tenant's upload."""
    sender, other, bureau = await a_sender(database), await a_sender(database), await a_bureau_sender(database)
    place = (await Tus(api, sender.key).begin(b"abc", about())).headers["location"]
    answers = [
        (await Tus(api, "hj_wrong").begin(b"abc", about()), 401, "UNAUTHENTICATED"),
        (await Tus(api, bureau.key).begin(b"abc", about()), 403, "FORBIDDEN"),
        (await Tus(api, sender.key).begin(b"abc", about(), **{"tus-resumable": "0.1"}), 412, "TUS_VERSION"),
        (await Tus(api, other.key).send(place, 0, b"abc"), 404, "UPLOAD_UNKNOWN"),
        (await Tus(api, sender.key).send(place, 0, b"abc", **{"content-type": "text/plain"}), 415, "CONTENT_TYPE"),
        (await Tus(api, sender.key).begin(b"", about("V-2")), 400, "UPLOAD_LENGTH"),
    ]
    for answer, status, code in answers:
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.json()["messageZh"]
    assert (await Tus(api, other.key).client.head(place, headers=Tus(api, other.key).headers)).status_code == 404


async def test_two_senders_of_the_same_part_count_it_once(desk: UploadDesk, database: Database) -> None:
    """A part that is sent twice at once is counted once; the other sender is told where to go on."""
    sender = await a_sender(database)
    content = bytes(range(200)) * 100
    status = await desk.begin(sender.caller, size=len(content), sha256=sha256(content), about=about())
    tries = [desk.append(sender.caller, status.id, offset=0, part=content[:5_000]) for _ in range(4)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(not isinstance(outcome, BaseException) for outcome in outcomes) == 1
    assert {outcome.code for outcome in outcomes if isinstance(outcome, UploadRefusedError)} == {"OFFSET_MISMATCH"}
    await desk.append(sender.caller, status.id, offset=5_000, part=content[5_000:])
    await archived(desk, sender, status.id)
    async with database.read(sender.caller) as session:
        assert await session.scalar(text("select sha256 from recording")) == sha256(content)
