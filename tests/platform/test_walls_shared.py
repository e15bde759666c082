"""Wrong tenant on the tables that several organizations share: directory, supervision, accounts, keys, queues, audit."""

import secrets
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import ARRAY, Column, Table, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Caller, Database, sql
from tests.support.tables import register

SHARED = sorted(
    (table for table in register().tables.values() if table.info["dist"] != "tenant"), key=lambda table: table.name
)
WORDS = {
    ("audit", "outcome"): "ok",
    ("job", "state"): "done",
    ("account", "kind"): "member",
    ("session", "state"): "password_ok",
    ("api_key", "kind"): "member",
}
PUBLIC_HASHES = {table: {"select"} for table in ("log_tile", "log_checkpoint", "log_attestation", "law_content")}
# What each kind of stranger may do to whole tables, because no row in them belongs to anybody's organization, or
# because it is how this kind serves everybody. Everything not listed here finds nothing or is refused.
MAY: dict[str, dict[str, set[str]]] = {
    "member": {"outbox": {"insert"}, "issued_digest": {"insert"}, **PUBLIC_HASHES},
    "bureau": {
        "outbox": {"insert"},
        "audit": {"insert"},
        "issued_digest": {"insert"},
        "log_queue": {"insert"},
        **PUBLIC_HASHES,
    },
    "public": {
        "audit": {"insert"},
        "issued_digest": {"select"},
        "label_number": {"select"},
        "log_queue": {"insert"},
        **PUBLIC_HASHES,
    },
    "gate": {
        "audit": {"insert"},
        "log_queue": {"insert"},
        "account": {"select"},
        "api_key": {"select"},
        "session": {"select", "insert"},
        "login_pause": {"select", "insert", "update"},
    },
    "slice": {"number_series": {"select", "insert", "update"}, "outbox": {"insert"}, "log_queue": {"insert"}},
}


def row(table: Table, tenant_id: UUID) -> dict[str, Any]:
    """A row of an organization in 650102, every column filled."""
    made: dict[type, Any] = {
        str: str(uuid4()), int: 1, bool: True, bytes: uuid4().bytes, list: ["CONTRACTOR"], tuple: [1], object: {},
        date: date(2026, 11, 20), datetime: datetime(2026, 11, 20, tzinfo=UTC), UUID: uuid4(),
    }  # fmt: skip
    values = {column.name: WORDS.get((table.name, column.name)) or made[_kind(column)] for column in table.columns}
    if table.name == "log_leaf":  # beside the real leaves of this database, which are numbered from 0
        values["number"] = -1 - secrets.randbelow(2**31)
    mine = {"tenant_id", "organization_id"} | ({"id"} if table.name == "organization" else set())
    mine_too = dict.fromkeys(mine, tenant_id) | {"region": "650102"}
    return values | {name: known for name, known in mine_too.items() if name in values}


def _kind(column: Column[Any]) -> type:
    """The Python type of a column; numbers for an array of numbers."""
    kind: type = column.type.python_type
    numbers = isinstance(column.type, ARRAY) and column.type.item_type.python_type is int
    return tuple if numbers else kind


def strangers() -> list[Caller]:
    """Everybody who must not touch a row of another organization."""
    return [
        Caller(kind="member", tenant_id=uuid4(), region="650102", actor="another organization"),
        Caller(kind="bureau", tenant_id=uuid4(), region="6502", actor="another city"),
        Caller(kind="public", actor="anybody"),
        Caller(kind="gate", actor="somebody not yet known"),
        Caller(kind="slice", tenants=(first := uuid4(), first), actor="a slice of another organization"),
    ]


async def done(database: Database, stranger: Caller, statement: Any) -> bool:
    """Whether a statement saw or changed any row."""
    try:
        async with database.write(stranger) as session:
            return bool(await session.run(statement))
    except DBAPIError as refused:
        assert getattr(refused.orig, "sqlstate", None) == "42501", refused  # noqa: PT017  # any other error is a failure
        return False


@pytest.mark.parametrize("table", SHARED, ids=lambda table: table.name)
async def test_strangers_do_no_more_than_is_written_here(
    database: Database, owner: AsyncConnection, table: Table
) -> None:
    """Select, insert, update and delete by each kind, on a row of somebody else."""
    tenant_id = uuid4()
    mine = row(table, tenant_id)
    await owner.execute(insert(table).values(mine))
    first = next(iter(table.primary_key.columns))
    there = first == mine[first.name]
    for stranger in strangers():
        deeds = {
            "select": select(sql("1")).select_from(table).where(there),
            "update": table.update().where(there).values({first.name: mine[first.name]}),
            "delete": table.delete().where(there),
            "insert": insert(table).values(row(table, tenant_id)),
        }
        found = {deed for deed, statement in deeds.items() if await done(database, stranger, statement)}
        assert found == MAY[stranger.kind].get(table.name, set()), stranger
