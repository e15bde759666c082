"""Legal holds (证据保全): a bureau keeps a recording beyond its term until it lifts the hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select

from hengjian.ingestion.recordings.errors import RecordingRefusedError
from hengjian.ingestion.recordings.tables import recording, recording_hold
from hengjian.platform import audit
from hengjian.platform.db import ReadSession, Session
from hengjian.platform.ids import uuid7
from hengjian.platform.log import append_row

LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold placed or lifted."""

    at: datetime
    placed: bool
    by: str
    reason: str


async def place_hold(session: Session, recording_id: UUID, *, reason: str, name: str, now: datetime) -> None:
    """Keep a recording whatever its term, until the hold is lifted.

    Args:
        session: of a bureau over the recording's organization.
        recording_id: the recording.
        reason: why, 1 to 2,000 characters.
        name: who places it, as the papers name them.
        now: the server's time.

    Raises:
        RecordingRefusedError: RECORDING_UNKNOWN, REASON_MISSING, ALREADY_HELD.
    """
    await _set(session, recording_id, placed=True, reason=reason, name=name, now=now)


async def lift_hold(session: Session, recording_id: UUID, *, reason: str, name: str, now: datetime) -> None:
    """Let a recording's own term count again; its arguments are those of `place_hold`.

    Raises:
        RecordingRefusedError: RECORDING_UNKNOWN, REASON_MISSING, NOT_HELD.
    """
    await _set(session, recording_id, placed=False, reason=reason, name=name, now=now)


async def holds_of(
    session: ReadSession, tenant_id: UUID, recording_ids: Sequence[UUID]
) -> Mapping[UUID, tuple[Hold, ...]]:
    """What was placed on and lifted from these recordings, by recording, the newest first."""
    rows = await session.all(
        select(recording_hold)
        .where(recording_hold.c.tenant_id == tenant_id, recording_hold.c.recording_id.in_(recording_ids))
        .order_by(recording_hold.c.at.desc(), recording_hold.c.id.desc())
    )
    found: dict[UUID, tuple[Hold, ...]] = {}
    for row in rows:
        hold = Hold(row.at, row.placed, row.actor_name, row.reason)
        found[row.recording_id] = (*found.get(row.recording_id, ()), hold)
    return found


async def is_held(session: ReadSession, tenant_id: UUID, recording_id: UUID) -> bool:
    """Whether the newest hold of a recording was placed and not lifted."""
    newest = (
        select(recording_hold.c.placed)
        .where(recording_hold.c.tenant_id == tenant_id, recording_hold.c.recording_id == recording_id)
        .order_by(recording_hold.c.at.desc(), recording_hold.c.id.desc())
        .limit(1)
    )
    return bool(await session.scalar(newest))


async def lock_recording(session: Session, recording_id: UUID) -> None:
    """Neither hold nor deletion of this recording happens elsewhere until the transaction is over."""
    await session.lock(f"recording{recording_id}")


async def _set(session: Session, recording_id: UUID, *, placed: bool, reason: str, name: str, now: datetime) -> None:
    told = reason.strip()
    if not 1 <= len(told) <= LONGEST_REASON:
        raise RecordingRefusedError("REASON_MISSING")
    await lock_recording(session, recording_id)
    found = await session.first(select(recording.c.tenant_id, recording.c.region).where(recording.c.id == recording_id))
    if found is None:
        raise RecordingRefusedError("RECORDING_UNKNOWN")
    if await is_held(session, found.tenant_id, recording_id) is placed:
        raise RecordingRefusedError("ALREADY_HELD" if placed else "NOT_HELD")
    row = {
        "tenant_id": found.tenant_id,
        "region": found.region,
        "recording_id": recording_id,
        "id": uuid7(),
        "at": now,
        "placed": placed,
        "actor": session.caller.actor,
        "actor_name": name,
        "reason": told,
    }
    await session.run(insert(recording_hold).values(row))
    await append_row(session, recording_hold, row, facts={"recording": str(recording_id), "placed": placed})
    deed = "recording.hold" if placed else "recording.release"
    await audit.record(session, deed, target=str(recording_id), tenant_id=found.tenant_id)
