"""The drill of a full disk, in a process of its own whose data folder is a small tmpfs: `full_disk.py FOLDER`.

PostgreSQL, signer, object store: all in FOLDER. It is filled to the last byte while pushes, parts of an upload and
signatures go on, the server is let crash over its own log, and room is made again. Prints what was found, as JSON.
"""

import asyncio
import hashlib
import json
import os
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import asyncpg
from sqlalchemy import text

from hengjian.deploy.embedded.server import Server
from hengjian.deploy.embedded.temporary import temporary_server
from hengjian.ingestion.api import Archive, UploadDesk, UploadLimits, read_upload
from hengjian.platform.db import Database, told_of
from hengjian.platform.log.check import check_log
from hengjian.platform.log.errors import SignerAwayError
from hengjian.platform.log.sequencer import number_waiting, sign_tree
from hengjian.platform.log.signer import open_desk, serve_signer
from hengjian.platform.log.signer_link import SOCKET, SignerLink
from hengjian.platform.objects import Objects
from hengjian.platform.proof.notes import Checkpoint, Note
from hengjian.tenants.api import BY_KIND
from tests.support.api import Sender, a_sender
from tests.support.databases import clone
from tests.support.pushing import push_straight
from tests.support.rows import a_row
from tests.support.uploading import about, sha256

OPTIONS = {"shared_buffers": "16MB", "max_wal_size": "48MB", "min_wal_size": "32MB", "max_connections": "40"}
PART = 40_000
CONTENT = bytes(range(250)) * 4_000


@dataclass
class Drill:
    """Everything in one folder, and what was acknowledged."""

    folder: Path
    database: Database
    signer: SignerLink
    desk: UploadDesk
    sender: Sender
    upload: UUID
    pushed: list[UUID] = field(default_factory=list)
    received: int = 0
    notes: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    round: int = 0

    async def deeds(self) -> None:
        """One push, one part, one numbering, one signature; what fails is told, what is answered is written down."""
        self.round += 1
        await self._try(self._push)
        await self._try(self._send)
        await self._try(self._number)
        await self._try(self._sign)

    async def _try(self, deed: object) -> None:
        try:
            await deed()  # type: ignore[operator]  # one of the four
        except Exception as error:  # noqa: BLE001  # the drill is about what comes
            told = told_of(error)
            code = "AWAY" if isinstance(error, SignerAwayError) else told.code if told else repr(error)
            self.refusals.append(code)

    async def _push(self) -> None:
        rows = [a_row(BY_KIND["people"], ref=f"p{self.round}-{n}", identityNumber=None) for n in range(200)]
        self.pushed.append(await push_straight(self.database, self.sender.organization.id, "people", rows))

    async def _send(self) -> None:
        part = CONTENT[self.received : self.received + PART]
        if part:
            status = await self.desk.append(self.sender.caller, self.upload, offset=self.received, part=part)
            self.received = status.received

    async def _number(self) -> None:
        while await number_waiting(self.database):
            pass

    async def _sign(self) -> None:
        known = await self.signer.state()
        await sign_tree(self.database, self.signer)
        async with self.database.read(self.sender.caller) as session:
            notes = await session.all(text("select note from log_checkpoint where size >= :size"), {"size": known.size})
        self.notes += [row.note for row in notes]


def fill(folder: Path) -> Path:
    """The rest of the disk, to the last byte."""
    ballast = folder / "ballast"
    with ballast.open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            with suppress(OSError):
                while True:
                    file.write(b"x" * size)
    return ballast


async def crash_over_the_log(admin_url: str) -> bool:
    """Have the server begin segments of its write-ahead log until it finds no room; whether it ended over it."""
    for _ in range(20):
        try:
            link = await asyncpg.connect(admin_url.replace("+asyncpg", ""))
            try:
                await link.execute("select pg_logical_emit_message(true, 'drill', repeat('x', 8000000))")
            finally:
                await link.close()
        except asyncpg.DiskFullError:  # its last word; the next session finds nobody
            continue
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            return True
    return False


def forks(notes: list[str]) -> list[int]:
    """Sizes of which two different trees were signed."""
    roots: dict[int, set[bytes]] = {}
    for note in notes:
        signed = Checkpoint.read(Note.read(note).text)
        roots.setdefault(signed.size, set()).add(signed.root)
    return [size for size, seen in roots.items() if len(seen) > 1]


async def run(folder: Path, server: Server, admin_url: str, app_url: str) -> dict[str, object]:
    """The drill."""
    signing, stop, ready = open_desk(folder / "s", origin="drill"), asyncio.Event(), asyncio.Event()
    serving = asyncio.create_task(serve_signer(signing, stop=stop, ready=ready))
    await ready.wait()
    (folder / "objects").mkdir()
    database, objects = Database.connect(app_url), Objects((folder / "objects").as_uri())
    sender, desk = await a_sender(database), UploadDesk(database, objects, UploadLimits())
    begun = await desk.begin(sender.caller, size=len(CONTENT), sha256=sha256(CONTENT), about=about())
    drill = Drill(folder, database, SignerLink(folder / "s" / SOCKET), desk, sender, begun.id)
    for _ in range(3):
        await drill.deeds()
    before = (len(drill.pushed), drill.received, list(drill.refusals))
    await drill._push()
    await drill._number()  # what waits for a signature when the disk is full
    ballast = fill(folder)
    for _ in range(12):
        await drill.deeds()
        fill(folder)
    crashed = await crash_over_the_log(admin_url)
    await drill.deeds()
    refused = list(drill.refusals)
    ballast.unlink()
    await asyncio.to_thread(_up_again, server)
    drill.refusals.clear()
    async with asyncio.timeout(60):
        while drill.received < len(CONTENT) or len(drill.pushed) < before[0] + 3:
            await drill.deeds()
    await drill.deeds()
    await Archive(database, objects).archive({"tenant_id": str(sender.organization.id), "upload_id": str(drill.upload)})
    await drill._number()
    await drill._sign()
    known = [Checkpoint.read(Note.read(note).text) for note in drill.notes]
    report = await check_log(database, key=signing.key, known=known)
    async with database.read(sender.caller) as session:
        there = {row.id for row in await session.all(text("select id from push_batch"))}
        status = await read_upload(session, drill.upload)
        archived = await session.scalar(text("select sha256 from recording"))
    await database.close()
    stop.set()
    await serving
    return {
        "before": before,
        "refused": sorted(set(refused)),
        "crashed": crashed,
        "lost": [str(one) for one in drill.pushed if one not in there],
        "forks": forks(drill.notes),
        "troubles": [one.where for one in report.troubles],
        "waiting": report.waiting,
        "upload": status.state,
        "archived": archived == hashlib.sha256(CONTENT).hexdigest(),
        "remembers": open_desk(folder / "s").size == report.size,
    }


def _up_again(server: Server) -> None:
    """What `hengjian run` does with a server that ended; one that recovers by itself is waited for."""
    until = time.monotonic() + 30
    while not server.ready() and time.monotonic() < until:
        if server.process is None or server.process.poll() is not None:
            server.relaunch()
        time.sleep(0.2)


def main(folder: Path) -> None:
    """Server and databases first, so that the disk is full only when everything runs."""
    with temporary_server(folder, durable=True, options=OPTIONS) as server:
        made = clone(server.url(), "drill")
        found = asyncio.run(run(folder, server, made.admin_url, made.app_url))
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    os.umask(0o022)
    main(Path(sys.argv[1]))
