"""A process that owns a server, for tests to kill: prints the address, then inserts and acknowledges rows."""

import asyncio
import sys
from pathlib import Path

import asyncpg

from hengjian.deploy.embedded import plain_url, temporary_server


async def acknowledge(url: str) -> None:
    link = await asyncpg.connect(plain_url(url))
    await link.execute("create table if not exists acknowledged (n integer)")
    for n in range(100_000):
        await link.execute("insert into acknowledged values ($1)", n)
        sys.stdout.write(f"{n}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    bindir = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    with temporary_server(Path(sys.argv[1]), durable=True, bindir=bindir) as server:
        sys.stdout.write(f"{server.process.pid if server.process else 0}\n")
        sys.stdout.flush()
        asyncio.run(acknowledge(server.url()))
