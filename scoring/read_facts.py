"""Registers of many organizations at once, as they are known now: one statement a register, rows by organization."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from hengjian.platform.db import ReadSession
from hengjian.scoring.domain.register_rows import Registers
from hengjian.scoring.fact_statements import first_days, first_days_withdrawn

FirstDays = Mapping[str, date]


async def read_facts(
    session: ReadSession, ids: Sequence[UUID], statements: Mapping[str, str], *, since: date
) -> dict[UUID, Registers]:
    """The rows of each register (statements by kind) by organization, each in the statement's order.

    Args:
        session: of a caller who may see them.
        ids: the organizations; one without rows has empty registers.
        statements: $1 is the organizations, $2 (where it is used) the day.
        since: the first day that matters.
    """
    return await read_wanted(session, dict.fromkeys(ids, statements.keys()), statements, since=since)


async def read_wanted(
    session: ReadSession, wanted: Mapping[UUID, Collection[str]], statements: Mapping[str, str], *, since: date
) -> dict[UUID, Registers]:
    """As `read_facts`, of each organization only the registers that are wanted; nobody's register is not asked for."""
    found: dict[UUID, dict[str, list[Any]]] = {one: {kind: [] for kind in kinds} for one, kinds in wanted.items()}
    for kind, statement in statements.items():
        ids = [one for one, kinds in wanted.items() if kind in kinds]
        values = [since] if "$2" in statement else []
        for row in await session.fetch_raw(statement, ids, *values) if ids else ():
            found[row["tenant_id"]][kind].append(row)
    return dict(found)


async def read_first_days(
    session: ReadSession, ids: Sequence[UUID], tables: Mapping[str, str]
) -> Mapping[UUID, FirstDays]:
    """By organization the first day of any row of each register (tables by kind).

    A register whose every row was withdrawn again is empty: taking rows back makes nothing unknown.
    """
    found: dict[UUID, dict[str, date]] = {one: {} for one in ids}
    if not (ids and tables):
        return found
    for row in await session.fetch_raw(first_days(tables), ids):
        found[row["tenant_id"]][row["kind"]] = row["first_day"]
    lacking = [one for one in ids if len(found[one]) < len(tables)]
    if lacking:
        for row in await session.fetch_raw(first_days_withdrawn(tables), lacking):
            found[row["tenant_id"]].setdefault(row["kind"], row["first_day"])
    return found
