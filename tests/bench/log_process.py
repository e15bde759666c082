"""Signer and sequencer in a process of their own, as in production: `python -m tests.bench.log_process URL FOLDER`."""

import asyncio
import sys
from pathlib import Path

from hengjian.platform.db import Database
from hengjian.platform.log.sequencer import sequence
from hengjian.platform.log.signer import open_desk, serve_signer
from hengjian.platform.log.signer_link import SOCKET, SignerLink


async def _main(url: str, folder: Path) -> None:
    desk, ready = open_desk(folder, origin="bench/evidence"), asyncio.Event()
    serving = asyncio.create_task(serve_signer(desk, stop=asyncio.Event(), ready=ready))
    await ready.wait()
    database, signer = Database.connect(url, pool_size=1), SignerLink(folder / SOCKET)
    while not serving.done():
        if not await sequence(database, signer):
            await asyncio.sleep(0.2)


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], Path(sys.argv[2])))
