"""Rows that may change until a logged step vouches for them, and not afterwards: the check holds them against it.

Such a row has no leaf of its own; the step has, with the hash of what the row then said.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Table

from hengjian.platform.db import ReadSession, sql
from hengjian.platform.db.tables import metadata
from hengjian.platform.log.troubles import CheckReport, TroubleKind


@dataclass(frozen=True, slots=True)
class Vouching:
    """How the rows of a table are held against the steps that vouch for them.

    Attributes:
        kind: what a trouble calls the rows.
        rows: a query for each step that vouches, with its row, `name` first; a row that is gone, or one for which
            nothing vouches although it claims so, is among them with nulls.
        is_gone: whether there is no row any more.
        holds: whether the row still says what the step vouched for.
    """

    kind: str
    rows: str
    is_gone: Callable[[Row[Any]], bool]
    holds: Callable[[Row[Any]], bool]


def vouched(table: Table, vouching: Vouching) -> Table:
    """Mark a table whose rows are held against the steps that vouch for them; the auditor must be able to read both."""
    table.info["vouched"] = vouching
    return table


async def check_vouched(session: ReadSession, report: CheckReport) -> None:
    """Compare every vouched row of the contexts that are loaded with its step."""
    for one in _vouchings():
        for row in await session.all(sql(one.rows)):
            report.rows += 1
            if one.is_gone(row):
                report.found(TroubleKind.ROW_MISSING, f"{one.kind} {row.name}")
            elif not one.holds(row):
                report.found(TroubleKind.ROW_CHANGED, f"{one.kind} {row.name}")


def _vouchings() -> Iterator[Vouching]:
    for table in metadata.sorted_tables:
        found = table.info.get("vouched")
        if isinstance(found, Vouching):
            yield found
