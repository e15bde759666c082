"""Archived recordings: found by task, stage, person and time; one with all that is known of it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from hengjian.graphql.context import Info, caller_with
from hengjian.graphql.paging import After, First, PageInfo, check_first, decode_moment, encode_cursor
from hengjian.ingestion.api import (
    ArchivedRecording,
    Looker,
    RecordingSearch,
    RecordingStory,
    closed_to,
    find_recordings,
    read_story,
)
from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Caller
from hengjian.tenants.api import visible_organization


@strawberry.type(name="Recording", description="A recording as it was archived; times are those of its device.")
class RecordingType:
    """One recording; nothing here ever changes."""

    id: UUID
    recording_no: str
    task_ref: str | None
    label_ids: list[str]
    stage: str = strawberry.field(description="EQUIPMENT, SAMPLING, PRESERVATION, HANDOVER or ANALYSIS.")
    node: str = strawberry.field(description="WHOLE, START, END or KEY_STEP.")
    purpose: str | None
    device_id: str
    person_refs: list[str]
    tags: list[str]
    started_at: datetime
    ended_at: datetime
    completed_at: datetime
    archived_at: datetime = strawberry.field(description="When the last byte had arrived, by the server's clock.")
    sha256: str
    size: str = strawberry.field(description="Bytes, as text: films outgrow 32 bits.")
    note: str
    custodian_ref: str | None
    retention_until: date = strawberry.field(description="The last day on which it must be kept.")
    secrecy: str
    closed: str | None = strawberry.field(
        description="STATE or CONFIDENTIAL: the key may not look into it, and is told only number and times. What it shows is empty, and does not find it."
    )


@strawberry.type(name="RecordingProblem", description="Something that does not fit; a lead, not a verdict.")
class RecordingProblemType:
    """A stable code with words in both languages."""

    code: str
    message_zh: str
    message_en: str


@strawberry.type(name="RecordingInspection", description="What was found in the file.")
class RecordingInspectionType:
    """The newest inspection."""

    at: datetime
    container: str | None
    codec: str | None
    width: int | None
    height: int | None
    duration_ms: int | None
    file_problems: list[str] = strawberry.field(description="Codes of what is wrong with the file itself.")
    codes: list[str] = strawberry.field(description="Texts of the QR codes read in the picture.")
    problems: list[RecordingProblemType]
    challenge: str | None = strawberry.field(description="SEEN_IN_TIME, SEEN_LATE, NOT_SEEN or NONE_ISSUED.")


@strawberry.type(name="RecordingCheck", description="A look whether the object still is what was archived.")
class RecordingCheckType:
    """`found` is the SHA-256 of what was there, empty when nothing was."""

    at: datetime
    ok: bool
    found: str


@strawberry.type(name="RecordingHold", description="A legal hold placed or lifted by the bureau.")
class RecordingHoldType:
    """Who, when and why."""

    at: datetime
    placed: bool
    by: str
    reason: str


@strawberry.type(name="RecordingMatch", description="The same footage in another recording.")
class RecordingMatchType:
    """Which one, only a bureau is told."""

    found_at: datetime
    exact: bool = strawberry.field(description="true: the same file; false: the same pictures.")
    at_ms: int
    pictures: int
    elsewhere: bool = strawberry.field(description="true: in a recording of another organization.")
    other_recording_id: UUID | None = strawberry.field(description="Null for an organization.")
    other_at_ms: int | None


@strawberry.type(name="RecordingDetail", description="A recording with everything that happened to it.")
class RecordingDetailType:
    """The newest of each first."""

    recording: RecordingType
    held: bool
    inspection: RecordingInspectionType | None
    checks: list[RecordingCheckType]
    holds: list[RecordingHoldType]
    matches: list[RecordingMatchType]
    upload_id: UUID | None
    upload_state: str | None


@strawberry.type(description="One page of recordings.")
class RecordingPage:
    """Recordings by their start."""

    nodes: list[RecordingType]
    page_info: PageInfo


Since = Annotated[datetime | None, strawberry.argument(description="Started at this time or later.")]
Until = Annotated[datetime | None, strawberry.argument(description="Started before this time.")]


@strawberry.type
class RecordingQueries:
    """Questions about recordings."""

    @strawberry.field(description="Recordings that the caller may see, by their start.")
    async def recordings(  # noqa: PLR0913  # each is an argument of the API
        self,
        info: Info,
        *,
        first: First,
        after: After = None,
        credit_code: str | None = None,
        task: str | None = None,
        stage: str | None = None,
        person: str | None = None,
        since: Since = None,
        until: Until = None,
    ) -> RecordingPage:
        """One page."""
        check_first(first)
        filters = ["recordings", credit_code, task, stage, person, since, until]
        place = decode_moment(after, filters)
        caller = caller_with(info, "read")
        async with info.context.database.read(caller) as session:
            tenant_id = caller.tenant_id if caller.kind == "member" else None
            if credit_code is not None:
                entry = await visible_organization(session, credit_code, on=legal_day(datetime.now(UTC)))
                if entry is None:
                    return RecordingPage(nodes=[], page_info=PageInfo(has_next_page=False, end_cursor=None))
                tenant_id = entry.id
            wanted = RecordingSearch(
                tenant_id=tenant_id, task_ref=task, stage=stage, person_ref=person, since=since, until=until
            )
            found = await find_recordings(session, wanted, looker=_looker(caller), limit=first + 1, after=place)
        shown = found[:first]
        last = [shown[-1].started_at.isoformat(), str(shown[-1].id)] if shown else []
        return RecordingPage(
            nodes=[_recording(one, caller) for one in shown],
            page_info=PageInfo(
                has_next_page=len(found) > first, end_cursor=encode_cursor(last, filters) if shown else None
            ),
        )

    @strawberry.field(description="One recording by its id; null when there is none for the caller.")
    async def recording(self, info: Info, id: UUID) -> RecordingDetailType | None:  # noqa: A002  # the argument's name in the API
        """The recording with its inspection, checks, holds and matches."""
        caller = caller_with(info, "read")
        async with info.context.database.read(caller) as session:
            found = await read_story(session, id)
        return None if found is None else as_detail(found, caller)


def as_detail(found: RecordingStory, caller: Caller) -> RecordingDetailType:
    """A recording as the API shows it to the holder of a key; of a closed one nothing but that it is there."""
    recording, held = _recording(found.recording, caller), found.held
    if recording.closed is not None:
        found = replace(found, inspection=None, checks=(), holds=(), matches=())
    return RecordingDetailType(
        recording=recording,
        held=held,
        inspection=_inspection(found),
        checks=[RecordingCheckType(at=one.at, ok=one.ok, found=one.found) for one in found.checks],
        holds=[RecordingHoldType(at=one.at, placed=one.placed, by=one.by, reason=one.reason) for one in found.holds],
        matches=[
            RecordingMatchType(
                found_at=one.found_at,
                exact=one.exact,
                at_ms=one.at_ms,
                pictures=one.pictures,
                elsewhere=one.elsewhere,
                other_recording_id=one.other_recording_id,
                other_at_ms=one.other_at_ms,
            )
            for one in found.matches
        ],
        upload_id=found.upload_id,
        upload_state=found.upload_state,
    )


def _looker(caller: Caller) -> Looker:
    """Whoever holds a key: nobody by name; a bureau's key looks as an inspector."""
    of_bureau = caller.kind == "bureau"
    return Looker(of_bureau=of_bureau, roles=("inspector",) if of_bureau else (), login="")


def _recording(one: ArchivedRecording, caller: Caller) -> RecordingType:
    closed = closed_to(_looker(caller), secrecy=one.secrecy, custodian_ref=one.custodian_ref)
    if closed is not None:
        one = replace(
            one,
            task_ref=None,
            purpose=None,
            custodian_ref=None,
            label_ids=(),
            person_refs=(),
            tags=(),
            stage="",
            node="",
            device_id="",
            sha256="",
            note="",
        )
    return RecordingType(
        id=one.id,
        recording_no=one.recording_no,
        task_ref=one.task_ref,
        label_ids=list(one.label_ids),
        stage=one.stage,
        node=one.node,
        purpose=one.purpose,
        device_id=one.device_id,
        person_refs=list(one.person_refs),
        tags=list(one.tags),
        started_at=one.started_at,
        ended_at=one.ended_at,
        completed_at=one.completed_at,
        archived_at=one.archived_at,
        sha256=one.sha256,
        size=str(one.size),
        note=one.note,
        custodian_ref=one.custodian_ref,
        retention_until=one.retention_until,
        secrecy=one.secrecy,
        closed=closed,
    )


def _inspection(found: RecordingStory) -> RecordingInspectionType | None:
    if found.inspection is None:
        return None
    report = found.inspection.report
    return RecordingInspectionType(
        at=found.inspection.at,
        container=report["container"],
        codec=report["codec"],
        width=report["width"],
        height=report["height"],
        duration_ms=report["duration_ms"],
        file_problems=[one["code"] for one in report["problems"]],
        codes=[one["text"] for one in report["codes"]],
        problems=[
            RecordingProblemType(code=one.code, message_zh=one.zh, message_en=one.en)
            for one in found.inspection.problems
        ],
        challenge=found.inspection.challenge,
    )
