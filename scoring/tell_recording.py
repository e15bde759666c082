"""Tell organization and bureau that an archived recording is no longer what was archived (V-07)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hengjian.ingestion.api import read_story
from hengjian.platform.db import Caller, Database
from hengjian.scoring.notices import Side, Told, give_notice

TELL_RECORDING = "scoring.tell_recording"
"""Job: give notice of a damaged or lost recording."""
SIDES: tuple[Side, ...] = ("organization", "bureau")


async def tell_of_recording(database: Database, payload: Mapping[str, Any]) -> None:
    """Give notice of the recording `recording_id` of `tenant_id`, once for each check that found it so."""
    tenant_id, recording_id = UUID(payload["tenant_id"]), UUID(payload["recording_id"])
    async with database.write(Caller(kind="job", tenant_id=tenant_id, actor=TELL_RECORDING)) as session:
        found = await read_story(session, recording_id)
        if found is None:
            return
        told = Told(tenant_id=tenant_id, region=found.recording.region, no=found.recording.recording_no)
        for side in SIDES:
            once = f"{payload['check_id']}:{side}"
            await give_notice(
                session, told, "recording_damaged", side=side, due_on=None, now=datetime.now(UTC), once=once
            )
