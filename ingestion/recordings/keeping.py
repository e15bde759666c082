"""The archive's nights: what has ended goes with a certificate, a share is hashed again, abandoned uploads are dropped.

One night costs each organization a thirtieth of its recordings to be read; after thirty nights all have been.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import delete, insert, select, update

from hengjian.ingestion.recordings.archive import lock_object
from hengjian.ingestion.recordings.holds import is_held, lock_recording
from hengjian.ingestion.recordings.previews import preview_folder
from hengjian.ingestion.recordings.tables import (
    archived_object,
    footage_match,
    footage_print,
    recording,
    recording_check,
    recording_deletion,
    recording_inspection,
    recording_preview,
    upload,
    upload_part,
)
from hengjian.ingestion.recordings.uploads import PARTS
from hengjian.platform import audit
from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Caller, Database, Session, sql
from hengjian.platform.events import emit
from hengjian.platform.ids import uuid7
from hengjian.platform.jobs import enqueue_all
from hengjian.platform.log import NotInTheLogError, append_row, certify_deletion
from hengjian.platform.objects import ObjectMissingError, Objects, StoreSilentError

NIGHT = "recordings.night"
"""Job: queue `recordings.look_after` for everybody who has recordings or uploads."""
LOOK_AFTER = "recordings.look_after"
"""Job: one organization's night."""
RECORDING_DAMAGED = "recording.damaged"
RECORDING_DELETED = "recording.deleted"
BECAUSE = "retention.video"
SHARE = 30
ABANDONED_AFTER = timedelta(days=7)
_CHECKED_LATELY = timedelta(hours=12)
_HOLDERS = sql("""
    select distinct organization_id as id from supervision union select distinct tenant_id from archived_object
""")
_HELD = """
    coalesce((select h.placed from recording_hold h where h.tenant_id = r.tenant_id and h.recording_id = r.id
               order by h.at desc, h.id desc limit 1), false)"""
_ENDED = sql(f"""
    select r.id from recording r
     where r.tenant_id = :tenant and r.retention_until < :today and not {_HELD}
     order by r.retention_until
""")
_SHARE = sql("""
    select r.id, r.region, r.recording_no, r.sha256, r.object_path from recording r
      left join lateral (select max(c.at) as at from recording_check c
                          where c.tenant_id = r.tenant_id and c.recording_id = r.id) last on true
     where r.tenant_id = :tenant and coalesce(last.at, r.archived_at) < :before
     order by coalesce(last.at, r.archived_at), r.id
     limit (select ceil(count(*)::numeric / :share)::bigint from recording where tenant_id = :tenant)
""")
_log = structlog.get_logger()


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Keeper:
    """The nightly jobs over archived recordings."""

    database: Database
    objects: Objects
    now: Callable[[], datetime] = _now

    async def night(self, _payload: Mapping[str, Any]) -> None:
        """Job `recordings.night`."""
        async with self.database.write(Caller(kind="job", actor=NIGHT)) as session:
            found = await session.all(_HOLDERS)
            await enqueue_all(session, LOOK_AFTER, {str(row.id): {"tenant_id": str(row.id)} for row in found})

    async def look_after(self, payload: Mapping[str, Any]) -> None:
        """Job `recordings.look_after`: ended recordings, abandoned uploads, the share to be hashed. Twice is harmless.

        Raises:
            StoreSilentError: the store does not answer, so nothing is said of what it holds; tried again.
        """
        tenant_id = UUID(payload["tenant_id"])
        caller = Caller(kind="job", tenant_id=tenant_id, actor=LOOK_AFTER)
        await self._end_all(caller, tenant_id)
        await self._sweep(caller)
        await self._drop_abandoned(caller, tenant_id)
        await self._check_share(caller, tenant_id)

    async def _end_all(self, caller: Caller, tenant_id: UUID) -> None:
        today = legal_day(self.now())
        async with self.database.read(caller) as reading:
            ended = await reading.all(_ENDED, {"tenant": tenant_id, "today": today})
        for row in ended:
            try:
                async with self.database.write(caller) as session:
                    await self._end(session, tenant_id, row.id)
            except NotInTheLogError:
                await _log.awarning("recording.not_in_the_log", recording=str(row.id))

    async def _end(self, session: Session, tenant_id: UUID, recording_id: UUID) -> None:
        """Delete a recording's rows with their certificates; the object is marked, and goes with its last user."""
        await lock_recording(session, recording_id)
        this = (recording.c.tenant_id == tenant_id, recording.c.id == recording_id)
        found = await session.first(select(recording).where(*this))
        if found is None or await is_held(session, tenant_id, recording_id):
            return
        await certify_deletion(session, kind="recording", record_id=recording_id, because=BECAUSE)
        inspections = (
            recording_inspection.c.tenant_id == tenant_id,
            recording_inspection.c.recording_id == recording_id,
        )
        for inspection in await session.all(select(recording_inspection.c.id).where(*inspections)):
            await certify_deletion(session, kind="recording.inspection", record_id=inspection.id, because=BECAUSE)
        await session.run(delete(recording_inspection).where(*inspections))
        for table, column in (
            (footage_match, footage_match.c.recording_id),
            (footage_print, footage_print.c.recording_id),
            (recording_preview, recording_preview.c.recording_id),
            (upload, upload.c.recording_id),
        ):
            await session.run(delete(table).where(table.c.tenant_id == tenant_id, column == recording_id))
        await session.run(delete(recording).where(*this))
        await session.run(
            update(archived_object).where(archived_object.c.recording_id == recording_id).values(ended_at=self.now())
        )
        row = {
            "tenant_id": tenant_id,
            "region": found.region,
            "recording_id": recording_id,
            "id": uuid7(),
            "at": self.now(),
            "recording_no": found.recording_no,
            "sha256": found.sha256,
            "retention_until": found.retention_until,
            "because": BECAUSE,
        }
        await session.run(insert(recording_deletion).values(row))
        await append_row(
            session, recording_deletion, row, facts={"recording": str(recording_id), "sha256": found.sha256}
        )
        await audit.record(session, "recording.delete", target=str(recording_id), detail={"because": BECAUSE})
        await emit(session, RECORDING_DELETED, {"tenant_id": str(tenant_id), "recording_id": str(recording_id)})

    async def _sweep(self, caller: Caller) -> None:
        """Delete previews, and the objects on which nothing rests any more, also those of a night that was cut short."""
        async with self.database.read(caller) as reading:
            ended = await reading.all(
                select(archived_object.c.sha256, archived_object.c.path)
                .where(archived_object.c.ended_at.is_not(None))
                .distinct()
            )
        for row in ended:
            async with self.database.write(caller) as session:
                await lock_object(session, row.sha256)
                same = archived_object.c.path == row.path
                users = select(archived_object.c.recording_id).where(same, archived_object.c.ended_at.is_(None))
                if await session.first(users) is None:
                    await self.objects.delete(row.path)
                over = (same, archived_object.c.ended_at.is_not(None))
                for one in await session.all(select(archived_object.c.recording_id).where(*over)):
                    await self.objects.drop_below(preview_folder(one.recording_id))
                await session.run(delete(archived_object).where(*over))

    async def _drop_abandoned(self, caller: Caller, tenant_id: UUID) -> None:
        """Forget uploads that nobody went on with; their senders are told so when they come back."""
        abandoned = (
            upload.c.tenant_id == tenant_id,
            upload.c.state.in_(("OPEN", "REFUSED")),
            upload.c.touched_at < self.now() - ABANDONED_AFTER,
        )
        async with self.database.read(caller) as reading:
            found = await reading.all(select(upload.c.id).where(*abandoned))
        for row in found:
            async with self.database.write(caller) as session:
                of_it = (upload_part.c.tenant_id == tenant_id, upload_part.c.upload_id == row.id)
                if await session.first(select(upload.c.id).where(*abandoned, upload.c.id == row.id).with_for_update()):
                    await session.run(delete(upload_part).where(*of_it))
                    await session.run(delete(upload).where(upload.c.tenant_id == tenant_id, upload.c.id == row.id))
                    await audit.record(session, "upload.drop", target=str(row.id))
                    await self.objects.drop_below(f"{PARTS}/{row.id}")

    async def _check_share(self, caller: Caller, tenant_id: UUID) -> None:
        before = self.now() - _CHECKED_LATELY
        async with self.database.read(caller) as reading:
            share = await reading.all(_SHARE, {"tenant": tenant_id, "before": before, "share": SHARE})
        for row in share:
            found = await self._hash_now(row.object_path)
            async with self.database.write(caller) as session:
                await lock_recording(session, row.id)
                there = select(recording.c.id).where(recording.c.tenant_id == tenant_id, recording.c.id == row.id)
                if await session.first(there) is not None:
                    await self._note(session, tenant_id, row, found)

    async def _hash_now(self, path: str) -> str:
        """The hash of what is there; empty when the store answers and has nothing."""
        try:
            return await self.objects.hash_of(path)
        except StoreSilentError:
            raise
        except ObjectMissingError:
            return ""

    async def _note(self, session: Session, tenant_id: UUID, checked: Any, found: str) -> None:
        sound = found == checked.sha256
        row = {
            "tenant_id": tenant_id,
            "region": checked.region,
            "recording_id": checked.id,
            "id": uuid7(),
            "at": self.now(),
            "found": found,
            "ok": sound,
        }
        await session.run(insert(recording_check).values(row))
        await append_row(session, recording_check, row, facts={"recording": str(checked.id), "ok": sound})
        if not sound:
            what = "damaged" if found else "missing"
            await audit.record(
                session, "recording.check", target=str(checked.id), outcome="failed", detail={"found": what}
            )
            told = {"tenant_id": str(tenant_id), "recording_id": str(checked.id), "check_id": str(row["id"])}
            await emit(session, RECORDING_DAMAGED, told)
