"""A sequencer in a process of its own, to be killed."""

import asyncio
import sys
from pathlib import Path

from hengjian.platform.db import Database
from hengjian.platform.log.sequencer import sequence
from hengjian.platform.log.signer_link import SignerLink


async def _main(url: str, socket: Path) -> None:
    database, signer = Database.connect(url, pool_size=1), SignerLink(socket)
    while True:
        await sequence(database, signer)


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], Path(sys.argv[2])))
