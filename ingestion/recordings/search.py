"""Look up archived recordings by task, stage, person and time (附件1 第十二条: quickly and exactly)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import cast, select, tuple_

from hengjian.ingestion.recordings.domain.access import Looker, opened
from hengjian.ingestion.recordings.tables import recording
from hengjian.platform.db import ReadSession
from hengjian.platform.db.tables import TEXTS


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingSearch:
    """What is looked for; absent fields leave open. `since` (included) and `until` (excluded) bound the start."""

    tenant_id: UUID | None = None
    task_ref: str | None = None
    stage: str | None = None
    person_ref: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedRecording:
    """A recording as it was archived; nothing here ever changes."""

    id: UUID
    tenant_id: UUID
    region: str
    recording_no: str
    task_ref: str | None
    label_ids: tuple[str, ...]
    stage: str
    node: str
    purpose: str | None
    device_id: str
    person_refs: tuple[str, ...]
    tags: tuple[str, ...]
    started_at: datetime
    ended_at: datetime
    completed_at: datetime
    archived_at: datetime
    sha256: str
    size: int
    note: str
    custodian_ref: str | None
    longitude: str | None
    latitude: str | None
    retention_until: date
    secrecy: str


COLUMNS = [column for column in recording.c if column.name in ArchivedRecording.__dataclass_fields__]


async def find_recordings(
    session: ReadSession,
    wanted: RecordingSearch,
    *,
    looker: Looker,
    limit: int,
    after: tuple[datetime, UUID] | None = None,
) -> tuple[ArchivedRecording, ...]:
    """Recordings that the caller may see, by the start of the recording, then by id.

    Those that do not open to `looker` are never found by task, stage or person.

    Args:
        session: row-level security decides what is seen.
        looker: who asks.
        wanted: the filter; with an organization every question is answered from an index.
        limit: how many at most.
        after: start and id of the last one that is known already.
    """
    statement = select(*COLUMNS).order_by(recording.c.started_at, recording.c.id).limit(limit)
    if wanted.tenant_id is not None:
        statement = statement.where(recording.c.tenant_id == wanted.tenant_id)
    if {wanted.task_ref, wanted.stage, wanted.person_ref} != {None}:
        statement = statement.where(recording.c.secrecy.in_(opened(looker)))
    if wanted.task_ref is not None:
        statement = statement.where(recording.c.task_ref == wanted.task_ref)
    if wanted.stage is not None:
        statement = statement.where(recording.c.stage == wanted.stage)
    if wanted.person_ref is not None:
        statement = statement.where(recording.c.person_refs.op("@>")(cast([wanted.person_ref], TEXTS)))
    if wanted.since is not None:
        statement = statement.where(recording.c.started_at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(recording.c.started_at < wanted.until)
    if after is not None:
        statement = statement.where(tuple_(recording.c.started_at, recording.c.id) > tuple_(*after))
    return tuple(archived(row) for row in await session.all(statement))


def archived(row: Any) -> ArchivedRecording:
    """A row of COLUMNS as a record."""
    values = dict(row._mapping)  # noqa: SLF001  # SQLAlchemy's public name for a row as a mapping
    lists = {name: tuple(values[name]) for name in ("label_ids", "person_refs", "tags")}
    return ArchivedRecording(**values | lists)
