"""Look into an archived recording: what is in the file, what does not fit, which challenge it shows, how it looks."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from hengjian.ingestion.recordings.challenges import challenges_of
from hengjian.ingestion.recordings.domain.challenge import ChallengeResult, challenge_result
from hengjian.ingestion.recordings.domain.comparison import Claim, Known, compared
from hengjian.ingestion.recordings.tables import footage_print, recording, recording_inspection, upload
from hengjian.platform.db import Caller, Database, ReadSession, Session, sql
from hengjian.platform.events import emit
from hengjian.platform.ids import uuid7
from hengjian.platform.log import append_row
from hengjian.platform.objects import Objects
from hengjian.platform.video import VideoReport, inspect_file
from hengjian.platform.video.likeness import keys_of, telling
from hengjian.tenants.api import read_label_id

INSPECT = "recordings.inspect"
"""Job: look into one archived recording."""
RECORDING_INSPECTED = "recording.inspected"
_TASK_LABELS = sql("""
    select distinct e.label_id from label_event e
      join sample s on s.tenant_id = e.tenant_id and s.source_ref = e.sample_ref
     where e.tenant_id = :tenant and s.task_ref = :task
""")
_ISSUED = sql("select label_id, issued_at from seal_label where tenant_id = :tenant and label_id = any(:labels)")
_SIGNED = 1 << 63


@dataclass(frozen=True, slots=True)
class Inspector:
    """The job that follows archiving."""

    database: Database
    objects: Objects

    async def inspect(self, payload: Mapping[str, Any]) -> None:
        """Job `recordings.inspect`: what is found becomes a row beside the recording; once more, another row.

        Raises:
            ObjectMissingError: the store does not answer; the job is tried again.
        """
        tenant_id, recording_id = UUID(payload["tenant_id"]), UUID(payload["recording_id"])
        caller = Caller(kind="job", tenant_id=tenant_id, actor=INSPECT)
        this = (recording.c.tenant_id == tenant_id, recording.c.id == recording_id)
        async with self.database.read(caller) as reading:
            found = await reading.first(select(recording).where(*this))
        if found is None:
            return
        with TemporaryDirectory() as folder:
            file = Path(folder) / "recording"
            await self.objects.copy_to(found.object_path, file)
            report = await asyncio.to_thread(inspect_file, file)
        async with self.database.write(caller) as session:
            if await session.first(select(recording.c.id).where(*this)) is not None:
                await _store(session, found, report)


async def _store(session: Session, found: Any, report: VideoReport) -> None:
    known, challenge = await _known(session, found, report), await _challenge(session, found, report)
    claim = Claim(
        started_at=found.started_at,
        ended_at=found.ended_at,
        completed_at=found.completed_at,
        archived_at=found.archived_at,
        labels=frozenset(found.label_ids),
    )
    row = {
        "tenant_id": found.tenant_id,
        "region": found.region,
        "recording_id": found.id,
        "id": uuid7(),
        "at": datetime.now(UTC),
        "report": msgspec.to_builtins(report),
        "problems": [{"code": one.code, "facts": dict(one.facts)} for one in compared(claim, report, known, challenge)],
        "challenge": challenge.verdict.value,
    }
    await session.run(insert(recording_inspection).values(row))
    await append_row(session, recording_inspection, row, facts={"recording": str(found.id), "sha256": report.sha256})
    await _keep_print(session, found, report)
    await emit(session, RECORDING_INSPECTED, {"tenant_id": str(found.tenant_id), "recording_id": str(found.id)})


async def _known(session: ReadSession, found: Any, report: VideoReport) -> Known:
    seen = frozenset(label for code in report.codes if (label := read_label_id(code.text)) is not None)
    task = (
        await session.all(_TASK_LABELS, {"tenant": found.tenant_id, "task": found.task_ref}) if found.task_ref else ()
    )
    wanted = {"tenant": found.tenant_id, "labels": sorted({*found.label_ids, *seen})}
    issued = {row.label_id: row.issued_at for row in await session.all(_ISSUED, wanted)}
    return Known(seen_labels=seen, task_labels=frozenset(row.label_id for row in task), issued=issued)


async def _challenge(session: ReadSession, found: Any, report: VideoReport) -> ChallengeResult:
    sent = await session.first(
        select(upload.c.begun_at).where(upload.c.tenant_id == found.tenant_id, upload.c.recording_id == found.id)
    )
    return challenge_result(
        await challenges_of(session, found.tenant_id, found.task_ref),
        report.codes,
        started_at=found.started_at,
        ended_at=found.ended_at,
        declared_at=None if sent is None else sent.begun_at,
    )


async def _keep_print(session: Session, found: Any, report: VideoReport) -> None:
    """How the pictures look, for finding the same footage elsewhere."""
    pictures = telling(report.fingerprints)
    row = {
        "recording_id": found.id,
        "tenant_id": found.tenant_id,
        "region": found.region,
        "at_ms": [one.at_ms for one in pictures],
        "bits": [one.bits - 2 * _SIGNED if one.bits >= _SIGNED else one.bits for one in pictures],
        "keys": sorted({key for one in pictures for key in keys_of(one.bits)}),
    }
    statement = upsert(footage_print).values(row)
    again = {name: statement.excluded[name] for name in ("at_ms", "bits", "keys")}
    await session.run(statement.on_conflict_do_update(index_elements=["recording_id"], set_=again))
