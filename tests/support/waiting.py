"""Two at once, in an order: the second begins, and the first goes on once the second waits for it in the database."""

import asyncio
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import sql

_WAITS = sql("select exists (select from pg_locks where not granted)")


async def until_it_waits(owner: AsyncConnection, second: asyncio.Task[Any]) -> None:
    """Returns when somebody waits for a lock, or the second is done without having waited."""
    while not second.done() and not (await owner.execute(_WAITS)).scalar_one():
        await asyncio.wait([second], timeout=0.01)
