"""Previews: a sheet of small pictures of each recording, kept as an object of its own; the recording is only read."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from hengjian.ingestion.recordings.holds import lock_recording
from hengjian.ingestion.recordings.read import read_recording
from hengjian.ingestion.recordings.tables import recording_preview
from hengjian.platform.db import Caller, Database
from hengjian.platform.ids import uuid7
from hengjian.platform.objects import Objects
from hengjian.platform.video import contact_sheet, sheet_order

PREVIEW = "recordings.preview"
"""Job: draw the sheet of one recording that was looked into."""


def preview_folder(recording_id: UUID) -> str:
    """Where the sheet of a recording lies: a place of its own, shared with nobody, so that it goes with the recording."""
    return f"previews/{recording_id}"


@dataclass(frozen=True, slots=True)
class Previews:
    """The job that draws sheets."""

    database: Database
    objects: Objects

    async def make(self, payload: Mapping[str, Any]) -> None:
        """Job `recordings.preview`; twice is harmless, and a recording without a picture gets no sheet.

        Raises:
            ObjectMissingError: the store does not answer; the job is tried again.
            StoreFullError: the sheet cannot be kept; the same.
        """
        tenant_id, recording_id = UUID(payload["tenant_id"]), UUID(payload["recording_id"])
        caller = Caller(kind="job", tenant_id=tenant_id, actor=PREVIEW)
        async with self.database.read(caller) as reading:
            found = await read_recording(reading, tenant_id, recording_id)
        if found is None or found.preview or found.report is None or not found.report.duration_ms:
            return
        with TemporaryDirectory() as folder:
            file = Path(folder) / "recording"
            await self.objects.copy_to(found.object_path, file)
            sheet = await asyncio.to_thread(contact_sheet, file, sheet_order(found.report.duration_ms))
        if sheet is None:
            return
        path = f"{preview_folder(recording_id)}/sheet.jpg"
        row = {
            "tenant_id": tenant_id,
            "region": found.region,
            "recording_id": recording_id,
            "id": uuid7(),
            "at": datetime.now(UTC),
            "object_path": path,
            "sha256": sha256(sheet.content).hexdigest(),
            "size": len(sheet.content),
            "width": sheet.facts.width,
            "height": sheet.facts.height,
            "columns": sheet.facts.columns,
            "every_ms": sheet.every_ms,
            "times_ms": list(sheet.facts.times_ms),
        }
        async with self.database.write(caller) as session:
            await lock_recording(session, recording_id)
            now = await read_recording(session, tenant_id, recording_id)
            if now is not None and now.preview is None:
                await self.objects.put_part(path, sheet.content)
                await session.run(insert(recording_preview).values(row))
