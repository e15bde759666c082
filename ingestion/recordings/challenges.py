"""Give out the word that must be seen in a recording made now, at one task, at one place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select

from hengjian.ingestion.recordings.domain.challenge import VALID_FOR, Issued, new_code, qr_text
from hengjian.ingestion.recordings.errors import RecordingRefusedError
from hengjian.ingestion.recordings.tables import field_challenge
from hengjian.platform import audit
from hengjian.platform.db import ReadSession, Session, sql
from hengjian.platform.ids import uuid7
from hengjian.platform.log import append_row

_TASK = sql("select tenant_id, region from monitoring_task where tenant_id = :tenant and source_ref = :task limit 1")


@dataclass(frozen=True, slots=True)
class FieldChallenge:
    """A word as it is shown: `code` as text, `qr` is what its QR code holds. Times are the server's."""

    id: UUID
    task_ref: str
    code: str
    qr: str
    issued_at: datetime
    valid_until: datetime


async def issue_challenge(
    session: Session,
    tenant_id: UUID,
    task_ref: str,
    *,
    issued_to: str,
    now: datetime,
    longitude: str | None = None,
    latitude: str | None = None,
) -> FieldChallenge:
    """Give out a new word for a task; it is good for ten minutes.

    Args:
        session: of the organization itself, or of the bureau over it.
        tenant_id: the organization that does the task.
        task_ref: the task.
        issued_to: who asked, as the caller's actor or a person's reference.
        now: the server's time.
        longitude: where it was asked for, degrees as text.
        latitude: the same.

    Raises:
        RecordingRefusedError: TASK_UNKNOWN.
    """
    task = await session.first(_TASK, {"tenant": tenant_id, "task": task_ref})
    if task is None:
        raise RecordingRefusedError("TASK_UNKNOWN", task=task_ref)
    row = {
        "tenant_id": tenant_id,
        "region": task.region,
        "id": uuid7(),
        "task_ref": task_ref,
        "code": new_code(),
        "issued_at": now,
        "valid_until": now + VALID_FOR,
        "issued_to": issued_to,
        "longitude": longitude,
        "latitude": latitude,
    }
    await session.run(insert(field_challenge).values(row))
    await append_row(session, field_challenge, row)
    await audit.record(session, "challenge.issue", target=str(row["id"]), tenant_id=tenant_id)
    code = str(row["code"])
    return FieldChallenge(row["id"], task_ref, code, qr_text(code), now, now + VALID_FOR)


async def challenges_of(session: ReadSession, tenant_id: UUID, task_ref: str | None) -> Sequence[Issued]:
    """The words given out for a task, the oldest first; none without a task."""
    if task_ref is None:
        return ()
    rows = await session.all(
        select(field_challenge.c.code, field_challenge.c.issued_at, field_challenge.c.valid_until)
        .where(field_challenge.c.tenant_id == tenant_id, field_challenge.c.task_ref == task_ref)
        .order_by(field_challenge.c.issued_at)
    )
    return [Issued(row.code, row.issued_at, row.valid_until) for row in rows]
