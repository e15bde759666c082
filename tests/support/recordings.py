"""A task that was worked on, with its recordings really uploaded, archived, inspected and drawn."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text

from hengjian.ingestion.api import Archive, Inspector, Previews, UploadDesk, UploadLimits
from hengjian.platform.db import Database
from hengjian.platform.objects import Objects
from hengjian.tenants.api import new_label_id
from tests.support.api import Api, Sender
from tests.support.clips import RATE, Picture, scene, with_code, write_clip

BEGUN = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
"""10:00 in Shanghai."""
TASK = "CY-20261118/06"


@dataclass(frozen=True)
class Recorded:
    """One archived recording and its file."""

    id: UUID
    content: bytes


@dataclass(frozen=True)
class Studio:
    """Archives clips of one organization."""

    database: Database
    objects: Objects
    sender: Sender
    folder: Path

    async def archive(
        self,
        number: str,
        *,
        at: datetime = BEGUN,
        seconds: int = 10,
        label: str = "",
        pictures: Callable[[int], Picture | None] | None = None,
        **about: Any,
    ) -> Recorded:
        """A small VP8 film that goes the whole way."""
        made = pictures or _film(label)
        file = self.folder / f"{number}.webm"
        write_clip(
            file,
            made,
            frames=seconds * RATE,
            codec="libvpx",
            options={"deadline": "realtime", "cpu-used": "8", "b": "1M"},
        )
        return await self.keep(number, file.read_bytes(), at=at, seconds=seconds, **about)

    async def keep(
        self, number: str, content: bytes, *, at: datetime = BEGUN, seconds: int = 10, **about: Any
    ) -> Recorded:
        """Any content, archived, inspected and drawn."""
        told = {
            "recordingNo": number,
            "stage": "SAMPLING",
            "node": "WHOLE",
            "deviceId": f"cam-{number}",
            "startedAt": at.isoformat(),
            "endedAt": (at + timedelta(seconds=seconds)).isoformat(),
            "completedAt": (at + timedelta(seconds=seconds)).isoformat(),
            "tags": ["PERSON", "SEALING"],
            "taskRef": TASK,
            "personRefs": ["P-1"],
        } | about
        desk = UploadDesk(self.database, self.objects, UploadLimits(file=50_000_000, part=8_000_000, quota=90_000_000))
        sha256 = hashlib.sha256(content).hexdigest()
        status = await desk.begin(self.sender.caller, size=len(content), sha256=sha256, about=json.dumps(told).encode())
        await desk.append(self.sender.caller, status.id, offset=0, part=content)
        archive, tenant = Archive(self.database, self.objects), str(self.sender.organization.id)
        await archive.archive({"tenant_id": tenant, "upload_id": str(status.id)})
        async with self.database.read(self.sender.caller) as session:
            kept = await session.scalar(text("select id from recording where recording_no = :no"), {"no": number})
        payload = {"tenant_id": tenant, "recording_id": str(kept)}
        await Inspector(self.database, self.objects).inspect(payload)
        await Previews(self.database, self.objects).make(payload)
        return Recorded(UUID(str(kept)), content)


def _film(label: str) -> Callable[[int], Picture | None]:
    moving = scene(320, 240)

    def at(number: int) -> Picture | None:
        if 4 * RATE <= number < 6 * RATE:
            return None
        picture = moving(number)
        return with_code(picture, label) if label and number < 3 * RATE else picture

    return at


async def push_task(api: Api, sender: Sender, *, task: str = TASK) -> str:
    """A task of one sample with its events: sampling of thirty seconds, sealed, received; the label's number."""
    label = new_label_id("650100")

    def clock(seconds: int) -> str:
        return (BEGUN + timedelta(seconds=seconds)).isoformat()

    await api.push(
        sender.key, "people", [{"sourceRef": "P-1", "name": "马晓东", "role": "SAMPLER", "hiredOn": "2026-01-05"}]
    )
    plan = {
        "sourceRef": task,
        "client": "华凌热电",
        "pointName": "华凌热电 1 号排口",
        "city": "6501",
        "origin": "SAMPLED",
        "plannedOn": "2026-11-18",
        "items": ["COD"],
        "samplerRefs": ["P-1"],
        "samplingMinutes": 1,
        "validFrom": "2026-11-01",
    }
    sample = {
        "sourceRef": f"{task}-1",
        "taskRef": task,
        "items": ["COD"],
        "preservation": ["COLD"],
        "keySteps": ["TITRATE"],
        "validFrom": "2026-11-01",
    }
    await api.push(sender.key, "monitoringTasks", [plan])
    await api.push(sender.key, "samples", [sample])
    field = {"taskRef": task, "deviceId": "phone-1", "personRefs": ["P-1"]}
    events = [
        {**field, "sourceRef": f"{task}-arrived", "kind": "ARRIVED", "happenedAt": clock(-60)},
        {**field, "sourceRef": f"{task}-sampling", "kind": "SAMPLING", "happenedAt": clock(0), "endedAt": clock(30)},
    ]
    worn = {"labelId": label, "sampleRef": f"{task}-1", "deviceId": "phone-1", "personRef": "P-1"}
    labels = [
        {**worn, "sourceRef": f"{task}-printed", "kind": "PRINTED", "happenedAt": clock(1)},
        {**worn, "sourceRef": f"{task}-labelled", "kind": "LABELLED", "happenedAt": clock(2)},
        {**worn, "sourceRef": f"{task}-received", "kind": "RECEIVED", "happenedAt": clock(7200)},
    ]
    for kind, rows in (("fieldEvents", events), ("labelEvents", labels)):
        payload = await api.push(sender.key, kind, rows)
        assert payload["receipt"]["refused"] == 0, payload
    return label


async def look_rows(database: Database, sender: Sender) -> list[tuple[str, str]]:
    """Who looked what for, as it is written down."""
    async with database.read(sender.caller) as session:
        rows = await session.all(text("select actor_name, purpose from recording_view order by at, id"))
    return [(row.actor_name, row.purpose) for row in rows]
