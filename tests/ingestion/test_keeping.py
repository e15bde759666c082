"""The archive's nights: what ends, what is held, what two share, what was damaged, what nobody went on with."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from hengjian.ingestion.api import (
    Archive,
    Inspector,
    Keeper,
    Previews,
    RecordingRefusedError,
    UploadDesk,
    UploadLimits,
    UploadRefusedError,
    integrity_of,
    lift_hold,
    place_hold,
    read_story,
    read_upload,
)
from hengjian.platform.calendar import start_of_legal_day
from hengjian.platform.db import sql
from hengjian.platform.objects import Objects
from hengjian.platform.proof.verifier import Outcome, verify_bundle
from hengjian.scoring.api import read_inbox
from hengjian.scoring.tell_recording import tell_of_recording
from tests.support.api import Sender, a_bureau_sender, a_sender
from tests.support.clips import RATE, scene, write_clip
from tests.support.databases import TestDatabase
from tests.support.evidence import LogCase, a_log
from tests.support.uploading import about, sha256, upload_whole

NOW = datetime(2026, 11, 20, 17, tzinfo=UTC)
AFTER_TEN_YEARS = datetime.now(UTC) + timedelta(days=4_000)


class Vault:
    """An archive over a database and a store of its own."""

    def __init__(self, log: LogCase, folder: Path) -> None:
        self.log, self.folder = log, folder
        self.database = log.database
        self.objects = Objects(folder.as_uri())
        self.desk = UploadDesk(self.database, self.objects, UploadLimits())

    async def recording(self, sender: Sender, number: str, content: bytes, **told: str) -> UUID:
        """An archived recording, its leaves numbered and signed."""
        upload_id = await upload_whole(self.desk, sender, content, about(number, **told))
        job = Archive(self.database, self.objects).archive
        await job({"tenant_id": str(sender.organization.id), "upload_id": str(upload_id)})
        async with self.database.read(sender.caller) as session:
            found = (await read_upload(session, upload_id)).recording_id
        await self.log.settle()
        assert found is not None
        return found

    async def night(self, sender: Sender, now: datetime) -> None:
        """The nightly job of one organization at a time."""
        await Keeper(self.database, self.objects, lambda: now).look_after({"tenant_id": str(sender.organization.id)})
        await self.log.settle()

    async def there(self, sender: Sender, recording_id: UUID) -> bool:
        """Whether the recording is still in the archive."""
        async with self.database.read(sender.caller) as session:
            return await read_story(session, recording_id) is not None

    def file(self, content: bytes) -> Path:
        """Where the object lies."""
        return self.folder / sha256(content)[:2] / f"{sha256(content)}.video"


@pytest.fixture
async def vault(fresh_database: TestDatabase, tmp_path: Path) -> AsyncIterator[Vault]:
    folder = tmp_path / "objects"
    folder.mkdir()
    async with a_log(fresh_database, tmp_path) as log:
        yield Vault(log, folder)


async def test_nothing_goes_before_its_time_and_everything_after_it_with_a_certificate(vault: Vault) -> None:
    """On the last day it is there; the day after it is gone, certified, its proofs valid, and the log is whole."""
    sender = await a_sender(vault.database)
    recording_id = await vault.recording(sender, "V-1", b"film")
    before = await vault.log.bundle(recording_id, kind="recording")
    async with vault.database.read(sender.caller) as session:
        story = await read_story(session, recording_id)
    assert story is not None
    over = start_of_legal_day(story.recording.retention_until + timedelta(days=1))
    await vault.night(sender, over - timedelta(minutes=1))
    assert await vault.there(sender, recording_id)
    await vault.night(sender, over)
    assert not await vault.there(sender, recording_id)
    assert not vault.file(b"film").exists()
    row = (await vault.log.owner.execute(sql("select * from recording_deletion"))).one()
    assert (row.recording_id, row.recording_no, row.sha256) == (recording_id, "V-1", sha256(b"film"))
    kinds = await vault.log.owner.execute(
        sql("select kind from log_leaf where record_id = :id"), {"id": str(recording_id)}
    )
    assert set(kinds.scalars()) == {"recording", "deletion"}
    key = vault.log.desk.key
    assert verify_bundle(before, key).outcome is Outcome.VERIFIED
    after = verify_bundle(await vault.log.bundle(recording_id, kind="recording"), key)
    assert (after.outcome, after.deleted) == (Outcome.VERIFIED, True)
    assert (await vault.log.check()).troubles == []
    async with vault.database.read(sender.caller) as session:
        told = await integrity_of(session, sender.organization.id)
    assert [(one.recording_no, one.deleted_early) for one in told] == [("V-1", False)]


async def test_a_claim_of_long_ago_ends_nothing(vault: Vault) -> None:
    """A film that says it was finished eleven years ago is kept ten years from its arrival all the same."""
    sender = await a_sender(vault.database)
    old = {
        name: f"2015-05-06T06:0{minute}:00+00:00"
        for name, minute in (("startedAt", 0), ("endedAt", 5), ("completedAt", 5))
    }
    recording_id = await vault.recording(sender, "V-1", b"film", **old)
    await vault.night(sender, AFTER_TEN_YEARS - timedelta(days=400))
    assert await vault.there(sender, recording_id)
    await vault.night(sender, AFTER_TEN_YEARS)
    assert not await vault.there(sender, recording_id)


async def test_a_hold_keeps_a_recording_beyond_its_term(vault: Vault) -> None:
    """Placed by the bureau with a reason, it stays; lifted, it goes. Each is in the log."""
    sender, bureau = await a_sender(vault.database), await a_bureau_sender(vault.database)
    recording_id = await vault.recording(sender, "V-1", b"film")
    async with vault.database.write(bureau.caller) as session:
        await place_hold(session, recording_id, reason="立案调查", name="王芳", now=NOW)
    await vault.night(sender, AFTER_TEN_YEARS)
    assert await vault.there(sender, recording_id)
    async with vault.database.write(bureau.caller) as session:
        await lift_hold(session, recording_id, reason="结案", name="王芳", now=AFTER_TEN_YEARS)
    await vault.night(sender, AFTER_TEN_YEARS)
    assert not await vault.there(sender, recording_id)
    assert (await vault.log.check()).troubles == []
    leaves = await vault.log.owner.scalar(sql("select count(*) from log_leaf where kind = 'recording.hold'"))
    assert leaves == 2


async def test_holds_are_the_bureaus_and_are_told_when_they_cannot_be(vault: Vault) -> None:
    """No reason, twice, not held, another city, and the organization itself."""
    sender, bureau = await a_sender(vault.database), await a_bureau_sender(vault.database)
    elsewhere = await a_bureau_sender(vault.database, "6502")
    recording_id = await vault.recording(sender, "V-1", b"film")

    async def refused(who: Sender, act: object, reason: str = "立案") -> str:
        with pytest.raises(RecordingRefusedError) as told:
            async with vault.database.write(who.caller) as session:
                await act(session, recording_id, reason=reason, name="王", now=NOW)  # type: ignore[operator]
        assert told.value.zh
        return told.value.code

    assert await refused(bureau, place_hold, " ") == "REASON_MISSING"
    assert await refused(bureau, lift_hold) == "NOT_HELD"
    assert await refused(elsewhere, place_hold) == "RECORDING_UNKNOWN"
    with pytest.raises(Exception, match="permission denied"):
        async with vault.database.write(sender.caller) as session:
            await place_hold(session, recording_id, reason="x", name="王", now=NOW)
    async with vault.database.write(bureau.caller) as session:
        await place_hold(session, recording_id, reason="立案", name="王", now=NOW)
    assert await refused(bureau, place_hold) == "ALREADY_HELD"


async def test_a_preview_goes_with_its_recording_and_no_other(vault: Vault) -> None:
    """Two recordings of the same film have a sheet each: the first night takes one, row and picture, not the other."""
    one, other = await a_sender(vault.database), await a_sender(vault.database)
    bureau = await a_bureau_sender(vault.database)
    film = write_clip(vault.folder / "film.mp4", scene(160, 96), frames=3 * RATE).read_bytes()
    ids = [await vault.recording(who, "V-1", film) for who in (one, other)]
    for who, recording_id in zip((one, other), ids, strict=True):
        payload = {"tenant_id": str(who.organization.id), "recording_id": str(recording_id)}
        await Inspector(vault.database, vault.objects).inspect(payload)
        await Previews(vault.database, vault.objects).make(payload)
    await vault.log.settle()
    sheets = [vault.folder / "previews" / str(each) / "sheet.jpg" for each in ids]
    assert [sheet.exists() for sheet in sheets] == [True, True]
    async with vault.database.write(bureau.caller) as session:
        await place_hold(session, ids[1], reason="立案", name="王芳", now=NOW)
    await vault.night(one, AFTER_TEN_YEARS)
    await vault.night(other, AFTER_TEN_YEARS)
    assert [sheet.exists() for sheet in sheets] == [False, True]
    left = await vault.log.owner.execute(sql("select recording_id from recording_preview"))
    assert set(left.scalars()) == {ids[1]}
    late = {"tenant_id": str(one.organization.id), "recording_id": str(ids[0])}
    await Previews(vault.database, vault.objects).make(late)
    assert not sheets[0].exists()


async def test_what_two_recordings_share_goes_with_the_last(vault: Vault) -> None:
    """Two organizations archived the same file: the object stays until both have ended."""
    one, other = await a_sender(vault.database), await a_sender(vault.database)
    bureau = await a_bureau_sender(vault.database)
    first, second = await vault.recording(one, "V-1", b"film"), await vault.recording(other, "V-2", b"film")
    async with vault.database.write(bureau.caller) as session:
        await place_hold(session, second, reason="立案", name="王", now=NOW)
    await vault.night(one, AFTER_TEN_YEARS)
    assert not await vault.there(one, first)
    assert vault.file(b"film").exists()
    async with vault.database.write(bureau.caller) as session:
        await lift_hold(session, second, reason="结案", name="王", now=AFTER_TEN_YEARS)
    await vault.night(other, AFTER_TEN_YEARS)
    assert not vault.file(b"film").exists()


async def test_a_night_hashes_its_share_the_longest_unchecked_first(vault: Vault) -> None:
    """Of 31 recordings two a night; a damaged and a lost one are told, once each, and stand in the facts."""
    sender = await a_sender(vault.database)
    ids = [await vault.recording(sender, f"V-{n}", b"film %d" % n) for n in range(31)]
    damaged, lost = vault.file(b"film 0"), vault.file(b"film 1")
    damaged.chmod(0o600)
    damaged.write_bytes(b"film x")
    lost.unlink()
    await vault.night(sender, NOW + timedelta(days=30))
    await vault.night(sender, NOW + timedelta(days=30))  # the same night again: the next two
    async with vault.database.read(sender.caller) as session:
        told = {one.recording_id: one.sound for one in await integrity_of(session, sender.organization.id)}
    assert [told[one] for one in ids[:5]] == [False, False, True, True, None]
    news = await vault.log.owner.execute(sql("select payload from outbox where name = 'recording.damaged'"))
    assert {row["recording_id"] for row in news.scalars()} == {str(ids[0]), str(ids[1])}
    async with vault.database.read(sender.caller) as session:
        found = await read_story(session, ids[1])
    assert found is not None
    assert (found.checks[0].ok, found.checks[0].found) == (False, "")


async def test_organization_and_bureau_are_told_of_a_lost_recording_once(vault: Vault) -> None:
    """The event becomes a notice on both sides; delivered twice, it is one."""
    sender, bureau = await a_sender(vault.database), await a_bureau_sender(vault.database)
    await vault.recording(sender, "V-1", b"film")
    vault.file(b"film").unlink()
    await vault.night(sender, NOW + timedelta(days=30))
    news = await vault.log.owner.execute(sql("select payload from outbox where name = 'recording.damaged'"))
    payload = news.scalar_one()
    await tell_of_recording(vault.database, payload)
    await tell_of_recording(vault.database, payload)
    for who in (sender, bureau):
        async with vault.database.read(who.caller) as session:
            inbox = await read_inbox(session, limit=10)
        assert [(one.kind, one.finding_no) for one in inbox.notices] == [("recording_damaged", "V-1")]


async def test_uploads_that_nobody_goes_on_with_are_dropped_with_their_parts(vault: Vault) -> None:
    """Seven days after the last part; one touched later stays and can go on."""
    sender = await a_sender(vault.database)
    status = await vault.desk.begin(sender.caller, size=10, sha256=sha256(b"x" * 10), about=about())
    await vault.desk.append(sender.caller, status.id, offset=0, part=b"xxxx")
    now = datetime.now(UTC)
    await vault.night(sender, now + timedelta(days=6))
    async with vault.database.read(sender.caller) as session:
        assert (await read_upload(session, status.id)).received == 4
    await vault.night(sender, now + timedelta(days=8))
    async with vault.database.read(sender.caller) as session:
        with pytest.raises(UploadRefusedError, match="Begin anew"):
            await read_upload(session, status.id)
    assert [path for path in vault.folder.glob("uploads/**/*") if path.is_file()] == []
