"""Turn a complete upload into a recording: proven by its hash, kept under it, never replaced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import delete, insert, select, update

from hengjian.ingestion.recordings.domain.about import About
from hengjian.ingestion.recordings.domain.retention import retention_until
from hengjian.ingestion.recordings.tables import archived_object, recording, upload, upload_part
from hengjian.ingestion.recordings.uploads import PARTS
from hengjian.platform import audit
from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Caller, Database, Session
from hengjian.platform.events import emit
from hengjian.platform.ids import uuid7
from hengjian.platform.log import append_row
from hengjian.platform.objects import ObjectMissingError, Objects, StoredObject

ARCHIVE = "recordings.archive"
"""Job: prove and keep one complete upload."""
RECORDING_ARCHIVED = "recording.archived"


@dataclass(frozen=True, slots=True)
class Archive:
    """The job that follows an upload."""

    database: Database
    objects: Objects

    async def archive(self, payload: Mapping[str, Any]) -> None:
        """Job `recordings.archive`; twice, also at once, is harmless.

        Raises:
            ObjectMissingError: the store does not answer; the job is tried again.
            StoreFullError: the store is full; the parts stay and the job is tried again.
        """
        tenant_id, upload_id = UUID(payload["tenant_id"]), UUID(payload["upload_id"])
        caller = Caller(kind="job", tenant_id=tenant_id, actor=ARCHIVE)
        this = (upload.c.tenant_id == tenant_id, upload.c.id == upload_id)
        async with self.database.read(caller) as reading:
            row = await reading.first(select(upload).where(*this))
            parts = await reading.all(
                select(upload_part.c.path)
                .where(upload_part.c.tenant_id == tenant_id, upload_part.c.upload_id == upload_id)
                .order_by(upload_part.c.position)
            )
        if row is None or row.state == "OPEN":
            return
        if row.state == "COMPLETE":
            await self._settle_upload(caller, row, [part.path for part in parts])
        await self.objects.drop_below(f"{PARTS}/{upload_id}")

    async def _settle_upload(self, caller: Caller, row: Any, paths: Sequence[str]) -> None:
        this = (upload.c.tenant_id == row.tenant_id, upload.c.id == row.id, upload.c.state == "COMPLETE")
        kept = await self.objects.keep_parts(paths, sha256=row.sha256, suffix="video")
        async with self.database.write(caller) as session:
            if await session.first(select(upload.c.id).where(*this).with_for_update()) is None:
                return
            if kept is None:
                await _refuse(session, row, "HASH_MISMATCH")
            elif await _other_content(session, row):
                await _refuse(session, row, "RECORDING_NO_TAKEN")
            else:
                await self._keep(session, row, kept)

    async def _keep(self, session: Session, row: Any, kept: StoredObject) -> None:
        await lock_object(session, kept.sha256)
        if not await self.objects.has(kept.path, kept.size):
            raise ObjectMissingError(kept.path)  # another recording's end took it away just now; it is kept anew
        made = _recording(row, kept.path)
        await session.run(insert(recording).values(made))
        use = {
            "recording_id": made["id"],
            "tenant_id": row.tenant_id,
            "region": row.region,
            "sha256": kept.sha256,
            "path": kept.path,
            "task_ref": made["task_ref"],
        }
        await session.run(insert(archived_object).values(use))
        await append_row(session, recording, made, facts={"sha256": row.sha256})
        await _settle(session, row, {"state": "ARCHIVED", "recording_id": made["id"]})
        await audit.record(session, "recording.archive", target=str(made["id"]), detail={"sha256": row.sha256})
        await emit(session, RECORDING_ARCHIVED, {"tenant_id": str(row.tenant_id), "recording_id": str(made["id"])})


async def lock_object(session: Session, sha256: str) -> None:
    """Nobody else begins or ends to rest on this object until the transaction is over."""
    await session.lock(f"object{sha256}")


async def _other_content(session: Session, row: Any) -> bool:
    """Whether the number was taken while this upload was on its way."""
    taken = select(recording.c.id).where(
        recording.c.tenant_id == row.tenant_id, recording.c.recording_no == row.recording_no
    )
    return await session.first(taken) is not None


async def _refuse(session: Session, row: Any, code: str) -> None:
    await _settle(session, row, {"state": "REFUSED", "problem": code})
    await audit.record(session, "upload.refused", target=str(row.id), outcome="refused", detail={"code": code})


def _recording(row: Any, path: str) -> dict[str, Any]:
    about = msgspec.convert(row.about, About)
    return {
        "tenant_id": row.tenant_id,
        "region": row.region,
        "id": uuid7(),
        "recording_no": about.recording_no,
        "task_ref": about.task_ref,
        "label_ids": about.label_ids,
        "stage": about.stage,
        "node": about.node,
        "purpose": about.purpose,
        "device_id": about.device_id,
        "person_refs": about.person_refs,
        "tags": about.tags,
        "started_at": about.started_at,
        "ended_at": about.ended_at,
        "completed_at": about.completed_at,
        "archived_at": row.complete_at,
        "sha256": row.sha256,
        "size": row.size,
        "object_path": path,
        "note": about.note,
        "custodian_ref": about.custodian_ref,
        "longitude": about.longitude,
        "latitude": about.latitude,
        # A device may claim that it was finished long ago: nothing ends before its term has passed here.
        "retention_until": retention_until(legal_day(max(about.completed_at, row.complete_at))),
        "secrecy": about.secrecy,
        "archived_by": row.begun_by,
    }


async def _settle(session: Session, row: Any, values: Mapping[str, Any]) -> None:
    await session.run(update(upload).where(upload.c.tenant_id == row.tenant_id, upload.c.id == row.id).values(values))
    await session.run(
        delete(upload_part).where(upload_part.c.tenant_id == row.tenant_id, upload_part.c.upload_id == row.id)
    )
