"""Footage shown twice (重复使用录像): the same file or the same pictures in recordings of two tasks, sites or organizations.

Candidates are found by keys of single pictures in one index over all organizations, then compared picture by picture.
An organization learns of its own recording only; whose the other is stays with the bureaus that may read it.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from hengjian.ingestion.recordings.tables import footage_match
from hengjian.platform.db import Caller, Database, ReadSession, sql
from hengjian.platform.events import emit
from hengjian.platform.ids import uuid7
from hengjian.platform.video.likeness import CommonFootage, common_footage
from hengjian.platform.video.report import Fingerprint

MATCH = "recordings.match"
"""Job: compare one recording with all others."""
FOOTAGE_MATCHED = "footage.matched"
MOST_CANDIDATES = 200
_KEYS_AT_ONCE = 2_000
_COLUMNS = "o.recording_id, o.tenant_id, o.region, o.sha256, o.task_ref, p.at_ms, p.bits"
_JOINED = "from archived_object o join footage_print p on p.recording_id = o.recording_id"
_OBJECT = f"select {_COLUMNS} {_JOINED}"
_MINE = sql(f"select {_COLUMNS}, p.keys {_JOINED} where o.recording_id = :id and o.ended_at is null")
# Recordings of one task may show the same; those of one organization without a task may not be known to.
_ELSEWHERE = """
    o.recording_id <> :id and o.ended_at is null
    and not (o.tenant_id = :tenant and o.task_ref is not null and o.task_ref is not distinct from :task)"""
_SAME_FILE = sql(f"{_OBJECT} where o.sha256 = :sha256 and {_ELSEWHERE} order by o.recording_id limit :most")
_ALIKE = sql(f"{_OBJECT} where p.keys && cast(:keys as bigint[]) and {_ELSEWHERE} order by o.recording_id limit :most")
_UNSIGNED = 1 << 64


@dataclass(frozen=True, slots=True)
class Reuse:
    """The job that follows an inspection."""

    database: Database

    async def match(self, payload: Mapping[str, Any]) -> None:
        """Job `recordings.match`; twice finds nothing twice."""
        tenant_id, recording_id = UUID(payload["tenant_id"]), UUID(payload["recording_id"])
        caller = Caller(kind="job", tenant_id=tenant_id, actor=MATCH)
        async with self.database.read(caller) as reading:
            mine = await reading.first(_MINE, {"id": recording_id})
            if mine is None:
                return
            candidates = await _candidates(reading, mine)
        pictures = _pictures(mine)
        for other in candidates:
            common = await asyncio.to_thread(common_footage, pictures, _pictures(other))
            exact = mine.sha256 == other.sha256
            if exact or common is not None:
                shared = common or CommonFootage(0, 0, 0)
                await self._note(mine, other, exact, shared.first_ms, shared)
                await self._note(other, mine, exact, shared.second_ms, shared)

    async def _note(self, mine: Any, other: Any, exact: bool, at_ms: int, shared: CommonFootage) -> None:
        """One side's row, in that organization's own transaction."""
        row = {
            "tenant_id": mine.tenant_id,
            "region": mine.region,
            "recording_id": mine.recording_id,
            "id": uuid7(),
            "found_at": datetime.now(UTC),
            "exact": exact,
            "at_ms": at_ms,
            "pictures": shared.pictures,
            "elsewhere": mine.tenant_id != other.tenant_id,
            "other_tenant_id": other.tenant_id,
            "other_recording_id": other.recording_id,
            "other_at_ms": shared.first_ms + shared.second_ms - at_ms,
        }
        caller = Caller(kind="job", tenant_id=mine.tenant_id, actor=MATCH)
        async with self.database.write(caller) as session:
            if await session.run(insert(footage_match).values(row).on_conflict_do_nothing()):
                told = {"tenant_id": str(mine.tenant_id), "recording_id": str(mine.recording_id)}
                await emit(session, FOOTAGE_MATCHED, told)


async def _candidates(session: ReadSession, mine: Any) -> Sequence[Any]:
    wanted = {"id": mine.recording_id, "tenant": mine.tenant_id, "task": mine.task_ref, "most": MOST_CANDIDATES}
    found = {row.recording_id: row for row in await session.all(_SAME_FILE, wanted | {"sha256": mine.sha256})}
    for keys in _batches(mine.keys):
        for row in await session.all(_ALIKE, wanted | {"keys": keys}):
            found.setdefault(row.recording_id, row)
        if len(found) >= MOST_CANDIDATES:
            break
    return [found[one] for one in sorted(found)]


def _batches(keys: Sequence[int]) -> Iterator[list[int]]:
    rest = iter(keys)
    while batch := list(islice(rest, _KEYS_AT_ONCE)):
        yield batch


def _pictures(row: Any) -> list[Fingerprint]:
    return [Fingerprint(at_ms=at_ms, bits=bits % _UNSIGNED) for at_ms, bits in zip(row.at_ms, row.bits, strict=True)]
