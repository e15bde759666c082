"""What is asked for and done around recordings: challenges before they are made, holds afterwards."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import strawberry

from hengjian.graphql.context import Info, caller_with
from hengjian.graphql.queries_recordings import RecordingDetailType, as_detail
from hengjian.ingestion.api import (
    RecordingRefusedError,
    issue_challenge,
    lift_hold,
    place_hold,
    read_story,
)
from hengjian.platform.db import Session


@strawberry.input(name="IssueChallengeInput", description="For which task, and where one is.")
class IssueChallengeInput:
    """Positions are degrees as text."""

    task_ref: str
    longitude: str | None = None
    latitude: str | None = None


@strawberry.type(name="FieldChallenge", description="A word that must be seen in the recording made now (现场口令).")
class FieldChallengeType:
    """Show it as text or as a QR code."""

    id: UUID
    task_ref: str
    code: str
    qr: str = strawberry.field(description="What its QR code holds.")
    issued_at: datetime
    valid_until: datetime


@strawberry.type(name="RecordingError", description="Why nothing was done.")
class RecordingErrorType:
    """A stable code with words in both languages."""

    code: str
    message_zh: str
    message_en: str


@strawberry.type(name="IssueChallengePayload", description="The word, or why there is none.")
class IssueChallengePayload:
    """One of both."""

    challenge: FieldChallengeType | None
    user_errors: list[RecordingErrorType]


@strawberry.input(name="RecordingHoldInput", description="Which recording, why, and who decides.")
class RecordingHoldInput:
    """`reason` has 1 to 2,000 characters, `by` 1 to 60."""

    recording_id: UUID
    reason: str
    by: str


@strawberry.type(name="RecordingHoldPayload", description="The recording after the step, or why it was refused.")
class RecordingHoldPayload:
    """One of both."""

    recording: RecordingDetailType | None
    user_errors: list[RecordingErrorType]


_FORBIDDEN = RecordingErrorType(
    code="FORBIDDEN",
    message_zh="只有机构自己的密钥可以领取现场口令，只有主管部门的密钥可以保全录像。请换用相应的密钥。",
    message_en="Challenges are for an organization's own key, holds for a bureau's. Use that key.",
)


async def _issue_challenge(info: Info, input: IssueChallengeInput) -> IssueChallengePayload:  # noqa: A002  # the argument's name in the API
    caller = caller_with(info, "push")
    if caller.kind != "member" or caller.tenant_id is None:
        return IssueChallengePayload(challenge=None, user_errors=[_FORBIDDEN])
    try:
        async with info.context.database.write(caller) as session:
            made = await issue_challenge(
                session,
                caller.tenant_id,
                input.task_ref,
                issued_to=caller.actor,
                now=datetime.now(UTC),
                longitude=input.longitude,
                latitude=input.latitude,
            )
    except RecordingRefusedError as refused:
        return IssueChallengePayload(challenge=None, user_errors=[_error(refused)])
    challenge = FieldChallengeType(
        id=made.id,
        task_ref=made.task_ref,
        code=made.code,
        qr=made.qr,
        issued_at=made.issued_at,
        valid_until=made.valid_until,
    )
    return IssueChallengePayload(challenge=challenge, user_errors=[])


async def _place(info: Info, input: RecordingHoldInput) -> RecordingHoldPayload:  # noqa: A002  # the argument's name in the API
    return await _step(info, input, place_hold)


async def _lift(info: Info, input: RecordingHoldInput) -> RecordingHoldPayload:  # noqa: A002  # the argument's name in the API
    return await _step(info, input, lift_hold)


async def _step(info: Info, given: RecordingHoldInput, act: Callable[..., Awaitable[None]]) -> RecordingHoldPayload:
    caller = caller_with(info, "push")
    if caller.kind != "bureau":
        return RecordingHoldPayload(recording=None, user_errors=[_FORBIDDEN])
    try:
        async with info.context.database.write(caller) as session:
            await _act(session, given, act)
            found = await read_story(session, given.recording_id)
    except RecordingRefusedError as refused:
        return RecordingHoldPayload(recording=None, user_errors=[_error(refused)])
    return RecordingHoldPayload(recording=as_detail(found, caller) if found else None, user_errors=[])


async def _act(session: Session, given: RecordingHoldInput, act: Callable[..., Awaitable[None]]) -> None:
    name = given.by.strip()[:60]
    await act(session, given.recording_id, reason=given.reason, name=name, now=datetime.now(UTC))


def _error(refused: RecordingRefusedError) -> RecordingErrorType:
    return RecordingErrorType(code=refused.code, message_zh=refused.zh, message_en=refused.en)


def recording_fields() -> list[Any]:
    """The mutations around recordings."""
    return [
        strawberry.mutation(
            _issue_challenge,
            name="issueFieldChallenge",
            description="Ask for the word that must be seen in a recording made now; the key needs the scope push.",
        ),
        strawberry.mutation(
            _place, name="holdRecording", description="Keep a recording beyond its term; for a bureau's key with push."
        ),
        strawberry.mutation(
            _lift,
            name="releaseRecording",
            description="Let a recording's term count again; for a bureau's key with push.",
        ),
    ]
