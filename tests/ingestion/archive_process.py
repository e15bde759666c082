"""A worker's archiving in a process of its own that stops at a chosen moment, to be killed there."""

import asyncio
import sys
from collections.abc import Sequence
from typing import Any

from hengjian.ingestion.api import Archive
from hengjian.platform.db import Database
from hengjian.platform.objects import Objects, StoredObject


class Stopping(Objects):
    """A store that never comes back from one moment: before the whole is written, when it is, when all is committed."""

    def __init__(self, url: str, moment: str) -> None:
        super().__init__(url)
        self._moment = moment

    async def keep_parts(self, paths: Sequence[str], *, sha256: str, suffix: str) -> StoredObject | None:
        await self._stop("begun")
        kept = await super().keep_parts(paths, sha256=sha256, suffix=suffix)
        await self._stop("kept")
        return kept

    async def drop_below(self, folder: str) -> None:
        await self._stop("committed")
        await super().drop_below(folder)

    async def _stop(self, moment: str) -> None:
        if moment == self._moment:
            sys.stdout.write("here\n")
            sys.stdout.flush()
            await asyncio.sleep(600)


async def _main(url: str, objects: str, moment: str, payload: dict[str, Any]) -> None:
    database = Database.connect(url, pool_size=2)
    await Archive(database, Stopping(objects, moment)).archive(payload)


if __name__ == "__main__":
    address, folder, at, tenant, upload = sys.argv[1:]
    asyncio.run(_main(address, folder, at, {"tenant_id": tenant, "upload_id": upload}))
