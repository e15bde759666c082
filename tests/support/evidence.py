"""An evidence log of one test: a database, a signer that answers, and the owner who may do anything."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from hengjian.platform.db import Caller, Database
from hengjian.platform.log import Entry, append_leaf
from hengjian.platform.log.check import AUDITOR, check_log
from hengjian.platform.log.find import make_bundle
from hengjian.platform.log.sequencer import number_waiting, sign_tree
from hengjian.platform.log.signer import SigningDesk, open_desk, serve_signer
from hengjian.platform.log.signer_link import SOCKET, SignerLink
from hengjian.platform.log.troubles import CheckReport
from hengjian.platform.proof.notes import Checkpoint
from tests.support.databases import TestDatabase

JOB = Caller(kind="job", actor="test")


@dataclass(frozen=True)
class LogCase:
    """Everything around one log."""

    database: Database
    owner: AsyncConnection
    desk: SigningDesk
    signer: SignerLink

    async def settle(self) -> None:
        """Number and sign all that waits."""
        while await number_waiting(self.database):
            pass
        await sign_tree(self.database, self.signer)

    async def entries(self, count: int, *, tenant_id: UUID | None = None) -> list[UUID]:
        """Leaves that are no rows."""
        ids = [uuid4() for _ in range(count)]
        async with self.database.write(JOB) as session:
            for one in ids:
                await append_leaf(session, Entry(kind="test", id=one, facts={"n": str(one)}, tenant_id=tenant_id))
        return ids

    async def check(self) -> CheckReport:
        """The whole check, with the signer's memory."""
        known = [Checkpoint(self.desk.key.name, self.desk.size, self.desk.root)]
        return await check_log(self.database, key=self.desk.key, known=known)

    async def bundle(self, record_id: UUID, *, kind: str | None = None, older: str | None = None) -> bytes:
        """The bundle of a record, as the command line makes it."""
        async with self.database.read(AUDITOR) as session:
            return await make_bundle(session, record_id, kind=kind, older=older, signer=self.signer)

    async def do(self, statement: str) -> None:
        """What only the database's owner may do."""
        await self.owner.exec_driver_sql(statement)


@asynccontextmanager
async def a_log(fresh: TestDatabase, folder: Path) -> AsyncIterator[LogCase]:
    """A log over a database of its own."""
    desk, stop = open_desk(folder / "signer", origin="test/evidence"), asyncio.Event()
    ready = asyncio.Event()
    serving = asyncio.create_task(serve_signer(desk, stop=stop, ready=ready))
    engine = create_async_engine(fresh.admin_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    database = Database.connect(fresh.app_url)
    socket = desk.folder / SOCKET
    await ready.wait()
    try:
        async with engine.connect() as owner:
            yield LogCase(database, owner, desk, SignerLink(socket))
    finally:
        await database.close()
        await engine.dispose()
        stop.set()
        await serving
