"""Reading recordings: those of a task, one of them, and lists to look through."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row

from hengjian.ingestion.recordings.domain.about import Secrecy
from hengjian.ingestion.recordings.domain.access import Looker, closed_to, opened
from hengjian.ingestion.recordings.domain.challenge import ChallengeVerdict
from hengjian.ingestion.recordings.domain.playing import media_type
from hengjian.ingestion.recordings.domain.problem_texts import RecordingProblem, problems_told
from hengjian.platform.calendar import start_of_legal_day
from hengjian.platform.db import ReadSession, sql
from hengjian.platform.video import VideoReport

ARCHIVED_WITHIN = timedelta(hours=72)
"""附件1 第十三条."""
_READ = frozenset({"report", "preview", "challenge", "problems"})
RECORDING_SORTS = frozenset({"-problems", "-time", "time"})

_ORDERS = {
    "-problems": "problems desc, completed_at desc, id",
    "-time": "started_at desc, id",
    "time": "started_at, id",
}
_RECORDING = """
    select r.*, i.at as inspected_at, i.report - 'fingerprints' as report, i.problems, i.challenge,
           p.object_path as preview_path, p.sha256 as preview_sha256, p.width as preview_width,
           p.height as preview_height, p.every_ms as preview_every_ms, p.times_ms as preview_times_ms
      from recording r
      left join lateral (select at, report, problems, challenge from recording_inspection
                          where tenant_id = r.tenant_id and recording_id = r.id order by at desc, id desc limit 1) i on true
      left join lateral (select * from recording_preview
                          where tenant_id = r.tenant_id and recording_id = r.id order by at desc limit 1) p on true
     where r.tenant_id = :tenant and """
_OF_TASK = sql(_RECORDING + "(r.task_ref = :task or r.label_ids && :labels) order by r.started_at, r.id")
_ONE = sql(_RECORDING + "r.id = :id")
# A problem is an error or a warning of the inspection, what its task lacks, late archiving, or footage that is used
# elsewhere too. Of a recording that is closed to who asks, only its existence, its times and whose it is are told.
_LISTED = """
    select r.tenant_id, r.id, r.recording_no, r.started_at, r.archived_at, r.secrecy, r.region, o.name, o.credit_code,
           a.open, case when a.open then r.task_ref end as task_ref, case when a.open then r.stage end as stage,
           case when a.open then r.node end as node, case when a.open then r.device_id end as device_id,
           case when a.open then r.person_refs end as person_refs, case when a.open then r.ended_at end as ended_at,
           i.report is not null as inspected,
           case when a.open then (i.report ->> 'duration_ms')::bigint end as duration_ms, e.errors, e.warnings,
           r.archived_at - r.completed_at > :within as late, f.matches, coalesce(g.missing_ms, 0) as missing_ms,
           100 * e.errors + 10 * f.matches + 5 * (r.archived_at - r.completed_at > :within)::int + e.warnings
             + least(60, ceil(coalesce(g.missing_ms, 0) / 1000.0)) as problems,
           count(*) over () as total
      from recording r
      join organization o on o.id = r.tenant_id
     cross join lateral (select case r.secrecy
           when 'NORMAL' then true when 'STATE' then :state or coalesce(r.custodian_ref = :login, false)
           else :confidential end as open) a
      left join task_missing g on g.tenant_id = r.tenant_id and g.task_ref = r.task_ref and a.open
      left join lateral (select report from recording_inspection
                          where tenant_id = r.tenant_id and recording_id = r.id order by at desc limit 1) i on true
     cross join lateral (select count(*) filter (where p ->> 'severity' = 'error') as errors,
                                count(*) filter (where p ->> 'severity' = 'warning'
                                                   and p ->> 'code' <> 'NO_CREATION_TIME') as warnings
                           from jsonb_array_elements(coalesce(i.report -> 'problems', '[]')) p) e
     cross join lateral (select count(*) as matches from footage_match
                          where tenant_id = r.tenant_id and recording_id = r.id) f
     where {filters}
     order by {order} limit :limit offset :offset"""

_TEXT = """(
    strpos(lower(concat_ws(' ', r.recording_no, o.name, o.credit_code)), lower(:text)) > 0
    or a.open and strpos(lower(concat_ws(' ', r.task_ref, array_to_string(r.person_refs, ' '))), lower(:text)) > 0
    or a.open and exists (select from person p where p.tenant_id = r.tenant_id and p.source_ref = any(r.person_refs)
                                      and strpos(p.name, :text) > 0))"""


@dataclass(frozen=True, slots=True)
class Preview:
    """One sheet of small pictures, one every so many milliseconds."""

    object_path: str
    sha256: str
    width: int
    height: int
    every_ms: int
    times_ms: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingRecord:
    """An archived recording with what was found in it; `report` is None while nobody has looked, without fingerprints.

    Attributes:
        challenge: what became of the words given out for it, None when nobody looked.
        problems: what does not fit together.
    """

    tenant_id: UUID
    region: str
    id: UUID
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
    object_path: str
    note: str
    custodian_ref: str | None
    retention_until: date
    secrecy: str
    report: VideoReport | None
    preview: Preview | None
    challenge: ChallengeVerdict | None = None
    problems: tuple[RecordingProblem, ...] = ()

    @property
    def plays_as(self) -> str | None:
        """The media type under which browsers play it; None when they cannot, or nobody has looked into it yet."""
        return media_type(self.report.container, self.report.codec) if self.report else None

    @property
    def late(self) -> bool:
        """Whether it was archived later than 72 hours after the file was finished."""
        return self.archived_at - self.completed_at > ARCHIVED_WITHIN


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRecording:
    """One recording in a list.

    Attributes:
        open: whether who asks may look into it; if not, what it shows is None or empty.
        errors, warnings: how many its inspection found.
        missing_ms: what its task lacks, milliseconds.
    """

    id: UUID
    tenant_id: UUID
    organization: str
    credit_code: str
    region: str
    recording_no: str
    open: bool
    task_ref: str | None
    stage: str | None
    node: str | None
    device_id: str | None
    person_refs: tuple[str, ...]
    started_at: datetime
    ended_at: datetime | None
    archived_at: datetime
    secrecy: str
    duration_ms: int | None
    inspected: bool
    errors: int
    warnings: int
    late: bool
    matches: int
    missing_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFilter:
    """What a list is to show. `since` and `until` are legal days, both included; `text` is found in numbers and names."""

    tenant_id: UUID | None = None
    text: str | None = None
    task: str | None = None
    stage: str | None = None
    person: str | None = None
    since: date | None = None
    until: date | None = None
    troubled: bool = False


async def recordings_of_task(
    session: ReadSession, tenant_id: UUID, task_ref: str, labels: Sequence[str] = ()
) -> tuple[RecordingRecord, ...]:
    """The recordings that name a task or one of these labels, by their beginning."""
    rows = await session.all(_OF_TASK, {"tenant": tenant_id, "task": task_ref, "labels": list(labels)})
    return tuple(_record(row) for row in rows)


async def read_recording(session: ReadSession, tenant_id: UUID, recording_id: UUID) -> RecordingRecord | None:
    """One recording, None when the caller sees none."""
    row = await session.first(_ONE, {"tenant": tenant_id, "id": recording_id})
    return None if row is None else _record(row)


async def list_recordings(
    session: ReadSession, wanted: RecordingFilter, *, looker: Looker, sort: str, limit: int, offset: int = 0
) -> tuple[tuple[ListedRecording, ...], int]:
    """Recordings that the caller sees, and how many there are in all; `sort` is one of RECORDING_SORTS.

    One that is closed to `looker` is found by number, organization and day only, never by what it shows.

    Raises:
        KeyError: there is no such sort.
    """
    filters, values = _filters(wanted)
    statement = sql(_LISTED.format(filters=" and ".join(["true", *filters]), order=_ORDERS[sort]))
    values |= {"within": ARCHIVED_WITHIN, "limit": limit, "offset": offset, **_opened(looker)}
    rows = await session.all(statement, values)
    return tuple(_listed(row) for row in rows), rows[0].total if rows else 0


def _opened(looker: Looker) -> dict[str, Any]:
    """What `closed_to` says for all recordings at once: which secrecy opens, and to whom as its custodian."""
    open_now = opened(looker)
    keeps = closed_to(looker, secrecy=Secrecy.STATE, custodian_ref=looker.login) is None
    return {
        "state": Secrecy.STATE in open_now,
        "login": looker.login if keeps else None,
        "confidential": {Secrecy.PERSONAL, Secrecy.COMMERCIAL} <= open_now,
    }


def _filters(wanted: RecordingFilter) -> tuple[Sequence[str], dict[str, Any]]:
    day = timedelta(days=1)
    given: dict[str, tuple[str, Any]] = {
        "tenant": ("r.tenant_id = :tenant", wanted.tenant_id),
        "task": ("a.open and r.task_ref = :task", wanted.task),
        "stage": ("a.open and r.stage = :stage", wanted.stage),
        "person": ("a.open and :person = any(r.person_refs)", wanted.person),
        "since": ("r.started_at >= :since", wanted.since and start_of_legal_day(wanted.since)),
        "until": ("r.started_at < :until", wanted.until and start_of_legal_day(wanted.until + day)),
        "text": (_TEXT, wanted.text),
    }
    used = {name: one for name, one in given.items() if one[1] is not None}
    filters = [condition for condition, _ in used.values()]
    if wanted.troubled:
        filters.append(
            "(e.errors + e.warnings + f.matches > 0 or g.missing_ms > 0 or r.archived_at - r.completed_at > :within)"
        )
    return filters, {name: value for name, (_, value) in used.items()}


def _record(row: Row[Any]) -> RecordingRecord:
    made = row.preview_path is not None
    names = (name for name in RecordingRecord.__dataclass_fields__ if name not in _READ)
    plain = {name: getattr(row, name) for name in names}
    texts = {name: tuple(plain[name]) for name in ("label_ids", "person_refs", "tags")}
    return RecordingRecord(
        **plain | texts,
        challenge=ChallengeVerdict(row.challenge) if row.challenge else None,
        problems=problems_told(row.problems),
        report=None if row.report is None else msgspec.convert(row.report, VideoReport),
        preview=Preview(
            row.preview_path,
            row.preview_sha256,
            row.preview_width,
            row.preview_height,
            row.preview_every_ms,
            tuple(row.preview_times_ms),
        )
        if made
        else None,
    )


def _listed(row: Row[Any]) -> ListedRecording:
    renamed = {"organization": row.name, "person_refs": tuple(row.person_refs or ())}
    names = (name for name in ListedRecording.__dataclass_fields__ if name not in renamed)
    return ListedRecording(**{name: getattr(row, name) for name in names} | renamed)
