"""One archived recording with all that happened to it, and whether it still is what was archived."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hengjian.ingestion.recordings.beside import Match, matches_of
from hengjian.ingestion.recordings.domain.challenge import ChallengeVerdict
from hengjian.ingestion.recordings.domain.problem_texts import RecordingProblem, problems_told
from hengjian.ingestion.recordings.holds import Hold, holds_of
from hengjian.ingestion.recordings.search import COLUMNS, ArchivedRecording, archived
from hengjian.ingestion.recordings.tables import (
    recording,
    recording_check,
    recording_inspection,
    upload,
)
from hengjian.platform.db import ReadSession, sql


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found in the file; `report` is a VideoReport as built-in values, `challenge` None when not looked for."""

    at: datetime
    report: Mapping[str, Any]
    problems: tuple[RecordingProblem, ...]
    challenge: ChallengeVerdict | None


@dataclass(frozen=True, slots=True)
class Check:
    """One look whether the object still is what was archived; `found` is the hash now, empty when it is gone."""

    at: datetime
    ok: bool
    found: str


@dataclass(frozen=True, slots=True)
class RecordingStory:
    """A recording with everything that happened to it, each the newest first; `held` is whether a hold stands now."""

    recording: ArchivedRecording
    inspection: Inspection | None
    checks: tuple[Check, ...]
    holds: tuple[Hold, ...]
    matches: tuple[Match, ...]
    upload_id: UUID | None
    upload_state: str | None

    @property
    def held(self) -> bool:
        """Whether it is kept whatever its term."""
        return bool(self.holds) and self.holds[0].placed


@dataclass(frozen=True, slots=True)
class Integrity:
    """Whether a recording still is what was archived (V-07); `checked_at` is None before its first look."""

    recording_id: UUID
    recording_no: str
    sound: bool | None
    deleted_early: bool | None
    checked_at: datetime | None


_INTEGRITY = sql("""
    select r.id, r.recording_no, last.ok, false as early, last.at from recording r
      left join lateral (select c.ok, c.at from recording_check c
                          where c.tenant_id = r.tenant_id and c.recording_id = r.id
                          order by c.at desc, c.id desc limit 1) last on true
     where r.tenant_id = :tenant
    union all
    select d.recording_id, d.recording_no, null, (d.at at time zone 'Asia/Shanghai')::date <= d.retention_until, d.at
      from recording_deletion d where d.tenant_id = :tenant
""")


async def read_story(session: ReadSession, recording_id: UUID) -> RecordingStory | None:
    """One recording with all that is known of it; None when there is none for the caller."""
    row = await session.first(select(*COLUMNS).where(recording.c.id == recording_id))
    if row is None:
        return None
    inspections = await _of(session, recording_inspection, row, limit=1)
    checks = await _of(session, recording_check, row)
    holds = await holds_of(session, row.tenant_id, [recording_id])
    matches = await matches_of(session, row.tenant_id, [recording_id])
    sent = await session.first(
        select(upload.c.id, upload.c.state).where(
            upload.c.tenant_id == row.tenant_id, upload.c.recording_id == recording_id
        )
    )
    return RecordingStory(
        recording=archived(row),
        inspection=_inspection(inspections[0]) if inspections else None,
        checks=tuple(Check(one.at, one.ok, one.found) for one in checks),
        holds=holds.get(recording_id, ()),
        matches=tuple(sorted(matches, key=lambda match: match.found_at, reverse=True)),
        upload_id=sent.id if sent else None,
        upload_state=sent.state if sent else None,
    )


async def integrity_of(session: ReadSession, tenant_id: UUID) -> tuple[Integrity, ...]:
    """Whether each recording of an organization still is what was archived, deleted ones included (V-07)."""
    rows = await session.all(_INTEGRITY, {"tenant": tenant_id})
    return tuple(Integrity(row.id, row.recording_no, row.ok, row.early, row.at) for row in rows)


async def _of(session: ReadSession, table: Any, row: Any, limit: int = 100) -> Sequence[Any]:
    return await session.all(
        select(table)
        .where(table.c.tenant_id == row.tenant_id, table.c.recording_id == row.id)
        .order_by(table.c.at.desc(), table.c.id.desc())
        .limit(limit)
    )


def _inspection(row: Any) -> Inspection:
    verdict = ChallengeVerdict(row.challenge) if row.challenge else None
    return Inspection(row.at, row.report, problems_told(row.problems), verdict)
