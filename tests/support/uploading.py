"""Uploads as tests make them: descriptions, hashes, whole files in parts."""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hengjian.ingestion.api import UploadDesk
from tests.support.api import Sender

AT = datetime(2026, 5, 6, 6, tzinfo=UTC)
TUS = {"tus-resumable": "1.0.0"}


def about(number: str = "V-1", **changes: Any) -> bytes:
    """A recording as its sender describes it."""
    told = {
        "recordingNo": number,
        "stage": "SAMPLING",
        "node": "WHOLE",
        "deviceId": "cam-1",
        "startedAt": AT.isoformat(),
        "endedAt": (AT + timedelta(minutes=5)).isoformat(),
        "completedAt": (AT + timedelta(minutes=5)).isoformat(),
        "tags": ["PERSON", "SEALING"],
    }
    return json.dumps(told | changes).encode()


def sha256(content: bytes) -> str:
    """As an upload declares it."""
    return hashlib.sha256(content).hexdigest()


def metadata(content: bytes, told: bytes) -> str:
    """The header Upload-Metadata."""
    pairs = {"sha256": sha256(content).encode(), "about": told}
    return ",".join(f"{name} {base64.b64encode(value).decode()}" for name, value in pairs.items())


async def upload_whole(desk: UploadDesk, sender: Sender, content: bytes, told: bytes, part: int = 1 << 20) -> UUID:
    """Begin and send all parts."""
    status = await desk.begin(sender.caller, size=len(content), sha256=sha256(content), about=told)
    for start in range(0, len(content), part):
        status = await desk.append(sender.caller, status.id, offset=start, part=content[start : start + part])
    assert status.state == "COMPLETE"
    return status.id
