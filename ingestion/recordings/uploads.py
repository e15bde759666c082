"""Take a large file in parts that may come after cuts and days: begin, append, look how far it is.

What has been acknowledged is in the store and counted in the database; a part that was cut is asked for again.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import insert, select, update

from hengjian.ingestion.recordings.domain.about import About, faults
from hengjian.ingestion.recordings.errors import UploadRefusedError
from hengjian.ingestion.recordings.tables import recording, upload, upload_part
from hengjian.platform import audit
from hengjian.platform.db import Caller, Database, ReadSession, Session, sql
from hengjian.platform.events import emit
from hengjian.platform.ids import uuid7
from hengjian.platform.objects import Objects, StoreFullError
from hengjian.tenants.api import known_organization, read_label_id

UPLOAD_COMPLETE = "upload.complete"
PARTS = "uploads"
"""Below this path of the store lie the parts, in a folder for each upload."""
_SHA256 = re.compile(r"[0-9a-f]{64}")
_HELD = sql("""
    select (select coalesce(sum(size), 0) from recording where tenant_id = :tenant)
         + (select coalesce(sum(size), 0) from upload where tenant_id = :tenant and state in ('OPEN', 'COMPLETE'))
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadLimits:
    """What one file, one part and one organization may take, in bytes."""

    file: int = 8 << 30
    part: int = 16 << 20
    quota: int = 2 << 40


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadStatus:
    """How far an upload is.

    Attributes:
        state: OPEN, COMPLETE (all there, being proven), ARCHIVED, REFUSED.
        problem: a code of the upload's texts when it was refused.
    """

    id: UUID
    recording_no: str
    size: int
    received: int
    sha256: str
    state: str
    problem: str
    recording_id: UUID | None


@dataclass(frozen=True, slots=True)
class UploadDesk:
    """Takes uploads of one deployment."""

    database: Database
    objects: Objects
    limits: UploadLimits

    async def begin(self, caller: Caller, *, size: int, sha256: str, about: bytes) -> UploadStatus:
        """Open an upload, or give back the one that is open for the same number and content.

        Raises:
            UploadRefusedError: with a code and what to do.
        """
        told = self._checked(size, sha256, about)
        async with self.database.write(caller) as session:
            assert caller.tenant_id is not None  # noqa: S101  # a member acts inside an organization
            await session.lock(f"upload{caller.tenant_id}")
            known = await self._known(session, told.recording_no, size, sha256)
            if known is not None:
                return known
            left = self.limits.quota - int(await session.scalar(_HELD, {"tenant": caller.tenant_id}))
            if size > left:
                raise UploadRefusedError("QUOTA_EXCEEDED", left=max(0, left))
            home = await known_organization(session, caller.tenant_id)
            assert home is not None  # noqa: S101  # its key or session was accepted
            now = datetime.now(UTC)
            row = {
                "tenant_id": caller.tenant_id,
                "region": home.region,
                "id": uuid7(),
                "recording_no": told.recording_no,
                "size": size,
                "sha256": sha256,
                "about": msgspec.to_builtins(told),
                "state": "OPEN",
                "received": 0,
                "problem": "",
                "begun_at": now,
                "begun_by": caller.actor,
                "touched_at": now,
            }
            await session.run(insert(upload).values(row))
            await audit.record(session, "upload.begin", target=str(row["id"]), detail={"size": size})
            return await read_upload(session, row["id"])

    async def append(self, caller: Caller, upload_id: UUID, *, offset: int, part: bytes) -> UploadStatus:
        """Take the part that begins at `offset`, which is what has arrived so far.

        Raises:
            UploadRefusedError: another offset is expected, the upload is unknown or over, or the store is full.
        """
        async with self.database.read(caller) as reading:
            before = await read_upload(reading, upload_id)
        if before.received != offset or before.state != "OPEN":
            raise UploadRefusedError("OFFSET_MISMATCH", offset=before.received)
        if offset + len(part) > before.size:
            raise UploadRefusedError("BEYOND_LENGTH", size=before.size)
        path = f"{PARTS}/{upload_id}/{uuid7()}"
        if part:
            try:
                await self.objects.put_part(path, part)
            except StoreFullError as error:
                raise UploadRefusedError("STORE_FULL", offset=before.received) from error
        async with self.database.write(caller) as session:
            return await self._count(session, before, path, len(part))

    async def _count(self, session: Session, before: UploadStatus, path: str, size: int) -> UploadStatus:
        received, now = before.received + size, datetime.now(UTC)
        complete = received == before.size
        values = {"received": received, "touched_at": now, "state": "COMPLETE" if complete else "OPEN"}
        counted = await session.run(
            update(upload)
            .where(upload.c.tenant_id == session.caller.tenant_id, upload.c.id == before.id)
            .where(upload.c.received == before.received, upload.c.state == "OPEN")
            .values(values | ({"complete_at": now} if complete else {}))
        )
        if not counted:
            raise UploadRefusedError("OFFSET_MISMATCH", offset=(await read_upload(session, before.id)).received)
        if size:
            region = await session.scalar(select(upload.c.region).where(upload.c.id == before.id))
            place = {"tenant_id": session.caller.tenant_id, "region": region, "upload_id": before.id}
            await session.run(
                insert(upload_part).values(place | {"position": before.received, "size": size, "path": path})
            )
        if complete:
            await emit(
                session, UPLOAD_COMPLETE, {"tenant_id": str(session.caller.tenant_id), "upload_id": str(before.id)}
            )
        return await read_upload(session, before.id)

    def _checked(self, size: int, sha256: str, about: bytes) -> About:
        if size < 1:
            raise UploadRefusedError("UPLOAD_LENGTH")
        if size > self.limits.file:
            raise UploadRefusedError("UPLOAD_TOO_LARGE", most=self.limits.file)
        if not _SHA256.fullmatch(sha256):
            raise UploadRefusedError("UPLOAD_METADATA", detail="sha256")
        try:
            told = About.read(about)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise UploadRefusedError("UPLOAD_METADATA", detail=f"about: {error}") from error
        found = [*faults(told, now=datetime.now(UTC)), *_label_faults(told)]
        wrong = ", ".join(f"{field} {code}" for field, code in found)
        if wrong:
            raise UploadRefusedError("UPLOAD_METADATA", detail=f"about: {wrong}")
        return told

    async def _known(self, session: Session, number: str, size: int, sha256: str) -> UploadStatus | None:
        archived = await session.first(
            select(recording.c.sha256).where(
                recording.c.tenant_id == session.caller.tenant_id, recording.c.recording_no == number
            )
        )
        if archived is not None and archived.sha256 != sha256:
            raise UploadRefusedError("RECORDING_NO_TAKEN", number=number)
        found = await session.first(
            select(upload)
            .where(upload.c.tenant_id == session.caller.tenant_id, upload.c.recording_no == number)
            .where(upload.c.sha256 == sha256, upload.c.size == size, upload.c.state != "REFUSED")
            .order_by(upload.c.begun_at.desc())
            .limit(1)
        )
        return None if found is None else _status(found)


def _label_faults(told: About) -> list[tuple[str, str]]:
    return [("labelIds", "LABEL_ID_WRONG") for label in told.label_ids if read_label_id(label) is None]


async def read_upload(session: ReadSession, upload_id: UUID) -> UploadStatus:
    """How far an upload of the caller's is.

    Raises:
        UploadRefusedError: UPLOAD_UNKNOWN.
    """
    found = await session.first(
        select(upload).where(upload.c.tenant_id == session.caller.tenant_id, upload.c.id == upload_id)
    )
    if found is None:
        raise UploadRefusedError("UPLOAD_UNKNOWN")
    return _status(found)


def _status(row: Any) -> UploadStatus:
    return UploadStatus(
        id=row.id,
        recording_no=row.recording_no,
        size=row.size,
        received=row.received,
        sha256=row.sha256,
        state=row.state,
        problem=row.problem,
        recording_id=row.recording_id,
    )
