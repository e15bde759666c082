"""Turn a complete upload into a recording: proven by its hash, kept under it, never replaced."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import delete, insert, select, update

from hengjian.ingestion.recordings.domain.about import About
from hengjian.ingestion.recordings.domain.retention import retention_until
from hengjian.ingestion.recordings.tables import recording, recording_inspection, upload, upload_part
from hengjian.platform import audit
from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Caller, Database, Session
from hengjian.platform.events import emit
from hengjian.platform.ids import uuid7
from hengjian.platform.objects import Objects
from hengjian.platform.video import inspect_file

ARCHIVE = "recordings.archive"
"""Job: prove and keep one complete upload."""
INSPECT = "recordings.inspect"
"""Job: look into one archived recording."""
RECORDING_ARCHIVED = "recording.archived"
RECORDING_INSPECTED = "recording.inspected"


@dataclass(frozen=True, slots=True)
class Archive:
    """The jobs that follow an upload."""

    database: Database
    objects: Objects

    async def archive(self, payload: Mapping[str, Any]) -> None:
        """Job `recordings.archive`; twice is harmless.

        Raises:
            ObjectMissingError: the store does not answer; the job is tried again.
        """
        tenant_id, upload_id = UUID(payload["tenant_id"]), UUID(payload["upload_id"])
        caller = Caller(kind="job", tenant_id=tenant_id, actor=ARCHIVE)
        async with self.database.read(caller) as reading:
            row = await reading.first(select(upload).where(upload.c.tenant_id == tenant_id, upload.c.id == upload_id))
            parts = await reading.all(
                select(upload_part.c.path)
                .where(upload_part.c.tenant_id == tenant_id, upload_part.c.upload_id == upload_id)
                .order_by(upload_part.c.position)
            )
        if row is None or row.state != "COMPLETE":
            return
        paths = [part.path for part in parts]
        kept = await self.objects.keep_parts(paths, sha256=row.sha256, suffix="video")
        async with self.database.write(caller) as session:
            if kept is None:
                await _refuse(session, row, "HASH_MISMATCH")
            else:
                await _keep(session, row, kept.path)
        await self.objects.drop_parts(paths)

    async def inspect(self, payload: Mapping[str, Any]) -> None:
        """Job `recordings.inspect`: what is in the file becomes a row beside the recording.

        Raises:
            ObjectMissingError: the store does not answer; the job is tried again.
        """
        tenant_id, recording_id = UUID(payload["tenant_id"]), UUID(payload["recording_id"])
        caller = Caller(kind="job", tenant_id=tenant_id, actor=INSPECT)
        async with self.database.read(caller) as reading:
            found = await reading.first(
                select(recording.c.object_path, recording.c.region).where(
                    recording.c.tenant_id == tenant_id, recording.c.id == recording_id
                )
            )
        if found is None:
            return
        with TemporaryDirectory() as folder:
            file = Path(folder) / "recording"
            await self.objects.copy_to(found.object_path, file)
            report = await asyncio.to_thread(inspect_file, file)
        row = {
            "tenant_id": tenant_id,
            "region": found.region,
            "recording_id": recording_id,
            "id": uuid7(),
            "at": datetime.now(UTC),
            "report": msgspec.to_builtins(report),
        }
        async with self.database.write(caller) as session:
            await session.run(insert(recording_inspection).values(row))
            await emit(session, RECORDING_INSPECTED, {"tenant_id": str(tenant_id), "recording_id": str(recording_id)})


async def _refuse(session: Session, row: Any, code: str) -> None:
    await _settle(session, row, {"state": "REFUSED", "problem": code})
    await audit.record(session, "upload.refused", target=str(row.id), outcome="refused", detail={"code": code})


async def _keep(session: Session, row: Any, path: str) -> None:
    about = msgspec.convert(row.about, About)
    made = {
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
        "retention_until": retention_until(legal_day(about.completed_at)),
        "secrecy": about.secrecy,
        "archived_by": row.begun_by,
    }
    await session.run(insert(recording).values(made))
    await _settle(session, row, {"state": "ARCHIVED", "recording_id": made["id"]})
    await audit.record(session, "recording.archive", target=str(made["id"]), detail={"sha256": row.sha256})
    await emit(session, RECORDING_ARCHIVED, {"tenant_id": str(row.tenant_id), "recording_id": str(made["id"])})


async def _settle(session: Session, row: Any, values: Mapping[str, Any]) -> None:
    await session.run(update(upload).where(upload.c.tenant_id == row.tenant_id, upload.c.id == row.id).values(values))
    await session.run(
        delete(upload_part).where(upload_part.c.tenant_id == row.tenant_id, upload_part.c.upload_id == row.id)
    )
