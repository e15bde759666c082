"""The room of an organization's files: never exceeded, not even together; the same file once; given back by the sweep."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from hengjian.platform.db import Caller, Database
from hengjian.platform.file_room import FileQuotaError, FileRoom
from hengjian.platform.kept_objects import UNNAMED_FOR
from hengjian.platform.objects import Objects, StoredObject, stored_as
from tests.platform.test_kept_objects import swept
from tests.support.databases import TestDatabase

ROOM = FileRoom(Objects("memory://"), 1_000)


def member(tenant_id: UUID) -> Caller:
    return Caller(kind="member", tenant_id=tenant_id, actor="sampler")


def files(*sizes: int) -> list[StoredObject]:
    """Files of other content each."""
    return [stored_as(uuid4().bytes.ljust(size, b"."), suffix="jpg") for size in sizes]


async def taken(database: Database, tenant_id: UUID, sent: Sequence[StoredObject], room: FileRoom = ROOM) -> bool:
    """Whether the room took them."""
    try:
        async with database.write(member(tenant_id)) as session:
            await room.take(session, sent)
    except FileQuotaError:
        return False
    return True


async def test_at_once_they_take_no_more_than_one_by_one(database: Database) -> None:
    """Of eight requests with 300 bytes each three fit into 1,000 bytes, and another organization has its own room."""
    tenant_id = uuid4()
    answers = await asyncio.gather(*(taken(database, tenant_id, files(300)) for _ in range(8)))
    assert sum(answers) == 3
    assert await taken(database, tenant_id, files(100))
    assert not await taken(database, tenant_id, files(16))
    assert await taken(database, uuid4(), files(1_000))


async def test_a_request_is_taken_whole_or_not_at_all(database: Database) -> None:
    """A refused request leaves the room as it was, and the refusal says how much is used and wanted."""
    tenant_id = uuid4()
    assert await taken(database, tenant_id, files(600))
    async with database.read(member(tenant_id)) as session:
        with pytest.raises(FileQuotaError) as refused:
            await ROOM.check(session, files(100, 301))
    for words in (refused.value.zh, refused.value.en):
        assert [figure in words for figure in ("1,000", "600", "401")] == [True, True, True]
    assert not await taken(database, tenant_id, files(100, 301))
    assert await taken(database, tenant_id, files(100, 300))


async def test_what_was_taken_once_takes_no_room_again(database: Database) -> None:
    """An answer that was lost is asked for again, also when the room is full by now; a copy beside it takes none."""
    tenant_id, (photo,) = uuid4(), files(1_000)
    assert await taken(database, tenant_id, [photo, photo])
    assert await taken(database, tenant_id, [photo])
    assert await taken(database, tenant_id, [])
    assert not await taken(database, tenant_id, [photo, *files(16)])


async def test_the_sweep_gives_back_the_room_of_what_it_deletes(fresh_database: TestDatabase, tmp_path: Path) -> None:
    """Of every organization that sent it; not before its time."""
    database, room = Database.connect(fresh_database.app_url), FileRoom(Objects(tmp_path.as_uri()), 1_000)
    content, tenants = b"a photo whose event never came".ljust(1_000), [uuid4(), uuid4()]
    stored = await room.objects.keep(content, suffix="jpg")
    for tenant_id in tenants:
        assert await taken(database, tenant_id, [stored], room)
    await swept(database, room.objects, at=datetime.now(UTC) + timedelta(days=50))
    assert [await taken(database, tenant_id, files(16), room) for tenant_id in tenants] == [False, False]
    await swept(database, room.objects, at=datetime.now(UTC) + UNNAMED_FOR + timedelta(days=1))
    assert not await room.objects.has(stored.path, stored.size)
    assert [await taken(database, tenant_id, files(1_000), room) for tenant_id in tenants] == [True, True]
    await database.close()
