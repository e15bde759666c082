"""What reviewers saw in recordings, against the lists of contents; rows are only added, the newest of a list stands."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import insert, select

from hengjian.ingestion.recordings.domain.contents import CONTENTS, ContentList
from hengjian.ingestion.recordings.errors import ReviewRefusedError
from hengjian.ingestion.recordings.looks import open_looks
from hengjian.ingestion.recordings.read import RecordingRecord
from hengjian.ingestion.recordings.tables import recording_review
from hengjian.platform import audit
from hengjian.platform.db import ReadSession, Session
from hengjian.platform.ids import uuid7
from hengjian.platform.log import append_row

LONGEST_NOTE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What one person saw in one recording, of the five things of a list."""

    recording_id: UUID
    at: datetime
    reviewer_name: str
    content_list: ContentList
    seen: frozenset[str]
    note: str

    @property
    def complete(self) -> bool:
        """Whether all five were seen."""
        return self.seen >= set(CONTENTS[self.content_list])


async def review_recording(
    session: Session,
    recording: RecordingRecord,
    content_list: ContentList,
    *,
    seen: Collection[str],
    note: str,
    name: str,
) -> None:
    """Writes down what the caller saw; row, leaf and audit in one transaction.

    Raises:
        ReviewRefusedError: NOT_OPENED: the caller did not look into it; NOTE_MISSING: something was not seen and nothing is said about it; NOTE_TOO_LONG.
    """
    now = datetime.now(UTC)
    if recording.id not in await open_looks(session, recording.tenant_id, [recording.id], now=now):
        raise ReviewRefusedError("NOT_OPENED")
    found = [tag for tag in CONTENTS[content_list] if tag in seen]
    said = note.strip()
    if len(found) < len(CONTENTS[content_list]) and not said:
        raise ReviewRefusedError("NOTE_MISSING")
    if len(said) > LONGEST_NOTE:
        raise ReviewRefusedError("NOTE_TOO_LONG")
    row = {
        "tenant_id": recording.tenant_id,
        "region": recording.region,
        "recording_id": recording.id,
        "id": uuid7(),
        "at": now,
        "reviewer": session.caller.actor,
        "reviewer_name": name,
        "content_list": content_list.value,
        "seen": [tag.value for tag in found],
        "note": said,
    }
    await session.run(insert(recording_review).values(row))
    await append_row(session, recording_review, row)
    detail = {"list": content_list.value, "seen": len(found)}
    await audit.record(
        session, "recording.review", target=str(recording.id), tenant_id=recording.tenant_id, detail=detail
    )


async def reviews_of(
    session: ReadSession, tenant_id: UUID, recording_ids: Sequence[UUID]
) -> dict[UUID, tuple[Review, ...]]:
    """All reviews of these recordings, newest first."""
    rows = await session.all(
        select(recording_review)
        .where(recording_review.c.tenant_id == tenant_id, recording_review.c.recording_id.in_(recording_ids))
        .order_by(recording_review.c.at.desc(), recording_review.c.id.desc())
    )
    found: dict[UUID, tuple[Review, ...]] = {}
    for row in rows:
        review = Review(
            recording_id=row.recording_id,
            at=row.at,
            reviewer_name=row.reviewer_name,
            content_list=ContentList(row.content_list),
            seen=frozenset(row.seen),
            note=row.note,
        )
        found[row.recording_id] = (*found.get(row.recording_id, ()), review)
    return found
