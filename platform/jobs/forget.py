"""What queue and outbox need not remember for ever. The audit isn't among it."""

from collections.abc import Mapping
from datetime import timedelta

from hengjian.platform.db import Caller, Database, sql

KEEPER = Caller(kind="job", actor="housekeeping")
_AT_ONCE = 5_000
_KEPT: Mapping[str, tuple[str, str, timedelta]] = {
    "outbox": ("id", "dispatched_at", timedelta(days=30)),
    "job": ("id", "finished_at", timedelta(days=90)),
    "event_seen": ("(consumer, event_id)", "seen_at", timedelta(days=90)),
    "job_slot": ("(name, slot)", "slot", timedelta(days=800)),
}


async def forget_done_work(database: Database) -> int:
    """Remove dispatched events after 30 days, ended jobs after 90, fired slots after 800; how many rows.

    What waits, runs or has never been dispatched stays. Slots stay longest: the newest of each schedule says what
    is due next, also of a yearly one.
    """
    return sum([await forget(database, table, *kept) for table, kept in _KEPT.items()])


async def forget(database: Database, table: str, key: str, since: str, kept: timedelta) -> int:
    """Remove the rows of a table whose `since` is older than `kept`, a few thousand a transaction."""
    columns = key.strip("()")
    statement = sql(f"""
        delete from {table} where {key} in (
            select {columns} from {table} where {since} < now() - cast(:kept as interval) limit :at_once)
    """)
    removed = 0
    while True:
        async with database.write(KEEPER) as session:
            gone = await session.run(statement, {"kept": kept, "at_once": _AT_ONCE})
        removed += gone
        if gone < _AT_ONCE:
            return removed
