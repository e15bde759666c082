"""The same footage in two recordings: found across organizations, told to each without telling whose the other is."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hengjian.ingestion.api import (
    Archive,
    Inspector,
    Looker,
    RecordingSearch,
    RecordingStory,
    Reuse,
    UploadDesk,
    UploadLimits,
    find_recordings,
    read_story,
    read_upload,
)
from hengjian.platform.db import Database
from hengjian.platform.objects import Objects
from tests.support.api import Sender, a_bureau_sender, a_sender
from tests.support.clips import scene, write_clip
from tests.support.uploading import AT, about, upload_whole

LOOKER = Looker(of_bureau=False, roles=(), login="")


class Films:
    """Films of this test, archived and looked into."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.folder = database, folder
        self.objects = Objects(folder.as_uri())

    async def archive(self, sender: Sender, number: str, seed: int, first: int, task: str) -> UUID:
        """Ten seconds of a scene from one of its pictures on."""
        pictures = scene(320, 180, seed)
        clip = write_clip(self.folder / f"{number}.mp4", lambda at: pictures(first + at), frames=250)
        desk = UploadDesk(self.database, self.objects, UploadLimits())
        upload_id = await upload_whole(desk, sender, clip.read_bytes(), about(number, taskRef=task))
        tenant = {"tenant_id": str(sender.organization.id)}
        await Archive(self.database, self.objects).archive(tenant | {"upload_id": str(upload_id)})
        async with self.database.read(sender.caller) as session:
            found = (await read_upload(session, upload_id)).recording_id
        await Inspector(self.database, self.objects).inspect(tenant | {"recording_id": str(found)})
        await Reuse(self.database).match(tenant | {"recording_id": str(found)})
        await Reuse(self.database).match(tenant | {"recording_id": str(found)})  # twice is harmless
        assert found is not None
        return found

    async def read(self, who: Sender, recording_id: UUID) -> RecordingStory | None:
        """The recording as somebody sees it."""
        async with self.database.read(who.caller) as session:
            return await read_story(session, recording_id)


@pytest.fixture
def films(database: Database, tmp_path: Path) -> Films:
    return Films(database, tmp_path)


async def test_an_organization_learns_that_footage_is_used_elsewhere_and_never_by_whom(
    films: Films, database: Database
) -> None:
    """Both sides have a row; the bureau over both sees both ends; another city and the other organization nothing."""
    one, other, bureau = await a_sender(database), await a_sender(database), await a_bureau_sender(database)
    far = await a_bureau_sender(database, "6502")
    seed = int(one.organization.id) % 100_000
    first = await films.archive(one, "V-1", seed, 0, "T-1")
    second = await films.archive(other, "V-2", seed, 50, "T-9")  # cut differently and encoded anew
    for mine, who, theirs in ((first, one, second), (second, other, first)):
        seen = await films.read(who, mine)
        assert seen is not None
        assert [(match.exact, match.elsewhere) for match in seen.matches] == [(False, True)]
        assert seen.matches[0].other_recording_id is None
        assert seen.matches[0].other_tenant_id is None
        assert await films.read(who, theirs) is None
        over = await films.read(bureau, mine)
        assert over is not None
        assert [match.other_recording_id for match in over.matches] == [theirs]
        assert await films.read(far, mine) is None
    for column in ("other_tenant_id", "other_recording_id", "other_at_ms", "*"):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with database.read(one.caller) as session:
                await session.all(text(f"select {column} from footage_match"))
    for table in ("footage_print", "archived_object"):
        for who in (one, bureau):
            with pytest.raises(DBAPIError, match="permission denied"):
                async with database.read(who.caller) as session:
                    await session.all(text(f"select 1 from {table}"))


async def test_the_same_file_for_two_tasks_is_told_and_for_one_task_is_not(films: Films, database: Database) -> None:
    """Two numbers of one task may hold one film; another task may not. Another scene is no match."""
    sender = await a_sender(database)
    seed = int(sender.organization.id) % 100_000
    first = await films.archive(sender, "V-1", seed, 0, "T-1")
    await films.archive(sender, "V-2", seed, 0, "T-1")
    await films.archive(sender, "V-4", seed + 1, 0, "T-3")
    seen = await films.read(sender, first)
    assert seen is not None
    assert seen.matches == ()
    third = await films.archive(sender, "V-3", seed, 0, "T-2")
    for recording_id, count in ((first, 1), (third, 2)):
        seen = await films.read(sender, recording_id)
        assert seen is not None
        assert [(match.exact, match.elsewhere) for match in seen.matches] == [(True, False)] * count


async def test_recordings_are_found_by_task_stage_person_and_time(films: Films, database: Database) -> None:
    """S002A-12-b: each by itself and all together, page by page; another organization's never."""
    sender, other = await a_sender(database), await a_sender(database)
    desk = UploadDesk(database, films.objects, UploadLimits())
    for who in (sender, other):
        for number in range(4):
            start = AT + timedelta(hours=number)
            times = {
                name: (start + timedelta(minutes=minutes)).isoformat()
                for name, minutes in (("startedAt", 0), ("endedAt", 5), ("completedAt", 5))
            }
            told = about(
                f"V-{number}",
                taskRef=f"T-{number % 2}",
                stage=("SAMPLING", "ANALYSIS")[number // 2],
                personRefs=[f"p-{number}"],
                **times,
            )
            upload_id = await upload_whole(desk, who, b"film %d" % number, told)
            tenant = {"tenant_id": str(who.organization.id)}
            await Archive(database, films.objects).archive(tenant | {"upload_id": str(upload_id)})

    async def numbers(**wanted: object) -> list[str]:
        filter_ = RecordingSearch(tenant_id=sender.organization.id, **wanted)  # type: ignore[arg-type]
        async with database.read(sender.caller) as session:
            return [one.recording_no for one in await find_recordings(session, filter_, looker=LOOKER, limit=10)]

    assert await numbers() == ["V-0", "V-1", "V-2", "V-3"]
    assert await numbers(task_ref="T-1") == ["V-1", "V-3"]
    assert await numbers(stage="ANALYSIS") == ["V-2", "V-3"]
    assert await numbers(person_ref="p-2") == ["V-2"]
    assert await numbers(since=AT + timedelta(hours=1), until=AT + timedelta(hours=3)) == ["V-1", "V-2"]
    assert await numbers(task_ref="T-0", stage="ANALYSIS", person_ref="p-2", since=AT) == ["V-2"]
    async with database.read(sender.caller) as session:
        whole = RecordingSearch()
        page = await find_recordings(session, whole, looker=LOOKER, limit=3)
        rest = await find_recordings(session, whole, looker=LOOKER, limit=3, after=(page[-1].started_at, page[-1].id))
    assert [one.recording_no for one in (*page, *rest)] == ["V-0", "V-1", "V-2", "V-3"]
