"""Objects that no row names any more, swept away a share a night.

An object is kept before its row is written, so a refused form, a photo whose event never came or a job that was cut
leaves one behind. The rule: an object of a kind listed here, at the path of its hash, that no row of a marked table
names, and that nobody has kept again for 90 days, is deleted. Recordings go by their term and are never touched here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Table

from hengjian.platform import audit
from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Caller, Database, sql
from hengjian.platform.db.tables import metadata
from hengjian.platform.file_room import FORGET
from hengjian.platform.objects import Objects

SWEEP = "objects.sweep"
"""Job: a thirtieth of the store, each night."""
UNNAMED_FOR = timedelta(days=90)
NIGHTS = 30
SWEPT_SUFFIXES = frozenset({"jpg", "png", "pdf", "docx", "xlsx"})
_READER = Caller(kind="auditor", actor=SWEEP)
_FEW = 100


class TooMuchUnnamedError(Exception):
    """More than a tenth of what was looked at is named by no row: a wrong database or store, so nothing is deleted."""


def names_objects(table: Table, paths: str) -> Table:
    """Mark a table whose rows name objects, and give it back.

    Args:
        table: which the kind of caller `auditor` may read.
        paths: SQL that gives the paths of the row `t`, one a row: `values (t.object_path)`.
    """
    table.info["objects"] = paths
    return table


def naming_tables() -> dict[str, Table]:
    """The marked tables by name; those of the contexts that are loaded."""
    return {table.name: table for table in metadata.tables.values() if "objects" in table.info}


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Sweeper:
    """The nightly job over one store."""

    database: Database
    objects: Objects
    now: Callable[[], datetime] = _now

    async def sweep(self, _payload: Mapping[str, Any]) -> None:
        """Job `objects.sweep`; twice is harmless.

        Raises:
            StoreSilentError: the store does not answer; tried again.
            TooMuchUnnamedError: somebody has to look before anything is deleted.
        """
        before = self.now() - UNNAMED_FOR
        for folder in folders_of_night(legal_day(self.now()).toordinal()):
            kept = await self.objects.kept_before(folder, before)
            old = {path for path in kept if path.rpartition(".")[2] in SWEPT_SUFFIXES}
            unnamed = sorted(old - await self._named(folder)) if old else []
            if len(unnamed) > max(_FEW, len(old) // 10):
                raise TooMuchUnnamedError(f"{len(unnamed)} of {len(old)} objects below {folder}/")
            if unnamed:
                async with self.database.write(Caller(kind="job", actor=SWEEP)) as session:
                    await session.run(FORGET, {"paths": unnamed, "before": before})
            gone = [path for path in unnamed if await self.objects.delete_kept_before(path, before)]
            if gone:
                async with self.database.write(Caller(kind="job", actor=SWEEP)) as session:
                    await audit.record(session, SWEEP, target=folder, detail={"deleted": gone})

    async def _named(self, folder: str) -> set[str]:
        """The paths below a folder that any row of any organization names."""
        found: set[str] = set()
        async with self.database.read(_READER) as session:
            for table in naming_tables().values():
                rows = await session.all(
                    sql(f"""
                        select distinct named.path from {table.name} t
                         cross join lateral ({table.info["objects"]}) as named (path)
                         where left(named.path, 3) = :below
                    """),
                    {"below": f"{folder}/"},
                )
                found.update(row.path for row in rows)
        return found


def folders_of_night(day: int) -> list[str]:
    """The first two hexadecimal digits that are looked at on a day; after 30 nights all have been.

    >>> sorted(folder for day in range(30) for folder in folders_of_night(day))[:3]
    ['00', '01', '02']
    """
    return [f"{number:02x}" for number in range(256) if number % NIGHTS == day % NIGHTS]
