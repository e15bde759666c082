"""Looking into recordings: each look is written down with who, when and what for before a single octet is handed out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, select

from hengjian.ingestion.recordings.read import RecordingRecord
from hengjian.ingestion.recordings.tables import recording_view
from hengjian.platform import audit
from hengjian.platform.db import ReadSession, Session
from hengjian.platform.ids import uuid7

LOOK_LASTS = timedelta(hours=4)
"""So long one look may go on; after that it is asked for again."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at one recording: who, when, what for."""

    recording_id: UUID
    at: datetime
    actor_name: str
    purpose: str


async def open_recordings(session: Session, recordings: Sequence[RecordingRecord], *, name: str, purpose: str) -> None:
    """Writes down that the caller looks into these recordings from now on; the audit keeps it too."""
    now = datetime.now(UTC)
    rows = [
        {
            "tenant_id": one.tenant_id,
            "region": one.region,
            "recording_id": one.id,
            "id": uuid7(),
            "at": now,
            "actor": session.caller.actor,
            "actor_name": name,
            "purpose": purpose,
        }
        for one in recordings
    ]
    if not rows:
        return
    await session.run(insert(recording_view), rows)
    for one in recordings:
        await audit.record(
            session, "recording.view", target=str(one.id), tenant_id=one.tenant_id, detail={"sha256": one.sha256}
        )


async def open_looks(
    session: ReadSession, tenant_id: UUID, recording_ids: Sequence[UUID], *, now: datetime
) -> dict[UUID, Look]:
    """The caller's looks that still go on, by recording."""
    rows = await session.all(
        select(recording_view)
        .where(recording_view.c.tenant_id == tenant_id, recording_view.c.recording_id.in_(recording_ids))
        .where(recording_view.c.actor == session.caller.actor, recording_view.c.at > now - LOOK_LASTS)
        .order_by(recording_view.c.at)
    )
    return {row.recording_id: Look(row.recording_id, row.at, row.actor_name, row.purpose) for row in rows}


async def last_looks(
    session: ReadSession, tenant_id: UUID, recording_ids: Sequence[UUID], *, limit: int = 10
) -> tuple[Look, ...]:
    """Who looked last, newest first."""
    rows = await session.all(
        select(recording_view)
        .where(recording_view.c.tenant_id == tenant_id, recording_view.c.recording_id.in_(recording_ids))
        .order_by(recording_view.c.at.desc(), recording_view.c.id.desc())
        .limit(limit)
    )
    return tuple(Look(row.recording_id, row.at, row.actor_name, row.purpose) for row in rows)
