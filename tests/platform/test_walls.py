"""Wrong tenant on every table: what one organization or region may do to the rows of another is nothing."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Column, Table, insert
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Caller, Database, sql
from tests.support.tables import register

TENANT_TABLES = sorted(
    (table for table in register().tables.values() if table.info["dist"] == "tenant"), key=lambda table: table.name
)
# Working notes of a judgement: nobody looks at them but the next one.
OF_JUDGEMENTS = {"carried_over"}
VALUES: dict[type, Any] = {
    str: "x",
    int: 1,
    bool: True,
    date: date(2026, 11, 20),
    datetime: datetime(2026, 11, 20, tzinfo=UTC),
    bytes: b"x",
    list: [],
    float: 1,
}
# Columns whose CHECK allows only some words.
WORDS = {("report", "kind"): "organization", ("report", "state"): "made", ("claim", "kind"): "person"}


def value(table: Table, column: Column[Any]) -> Any:
    if (table.name, column.name) in WORDS:
        return WORDS[table.name, column.name]
    if isinstance(column.type, JSONB):
        return {}
    kind = column.type.python_type
    return uuid4() if kind is UUID else VALUES.get(kind, 1)


def row(table: Table, tenant_id: UUID, region: str) -> dict[str, Any]:
    fixed = {"tenant_id": tenant_id, "region": region}
    required = (column for column in table.columns if not column.nullable and column.name not in fixed)
    return fixed | {column.name: value(table, column) for column in required}


LAST_ID = UUID(int=2**128 - 1)


def strangers(mine: UUID) -> list[Caller]:
    """Everybody who must not touch a row of 650102's organization."""
    before, after = UUID(int=mine.int - 1), UUID(int=mine.int + 1)
    return [
        Caller(kind="member", tenant_id=uuid4(), region="650102", actor="another organization of the same county"),
        Caller(kind="bureau", tenant_id=uuid4(), region="6502", actor="another city"),
        Caller(kind="bureau", tenant_id=uuid4(), region="64", actor="another province"),
        Caller(kind="bureau", tenant_id=uuid4(), region=None, actor="a bureau without a region"),
        Caller(kind="public", actor="anybody"),
        Caller(kind="gate", actor="somebody not yet known"),
        Caller(kind="job", tenant_id=uuid4(), actor="a job for another organization"),
        Caller(kind="slice", tenants=(UUID(int=0), before), actor="a slice of all organizations before"),
        Caller(kind="slice", tenants=(after, LAST_ID), actor="a slice of all organizations after"),
        Caller(kind="slice", tenants=(after, before), actor="a slice whose ends are changed over"),
    ]


@pytest.fixture
def tenant_id() -> UUID:
    return uuid4()


async def touched(database: Database, stranger: Caller, statement: Any) -> int:
    """How many rows a statement saw or changed; none when the right itself is missing."""
    try:
        async with database.write(stranger) as session:
            return int(await session.run(statement))
    except DBAPIError as refused:
        assert getattr(refused.orig, "sqlstate", None) == "42501", refused  # noqa: PT017  # any other error is a failure
        return 0


@pytest.mark.parametrize("table", TENANT_TABLES, ids=lambda table: table.name)
async def test_no_stranger_reads_changes_adds_or_removes_a_row(
    database: Database, owner: AsyncConnection, table: Table, tenant_id: UUID
) -> None:
    """Select, update, delete and insert, by each kind of caller."""
    mine = row(table, tenant_id, "650102")
    await owner.execute(insert(table).values(mine))
    for stranger in strangers(tenant_id):
        for deed in (
            f"select from {table.name}",
            f"update {table.name} set region = region",
            f"delete from {table.name}",
        ):
            statement = sql(f"{deed} where tenant_id = '{tenant_id}'")
            assert await touched(database, stranger, statement) == 0, (stranger.actor, deed)
        assert await touched(database, stranger, insert(table).values(row(table, tenant_id, "650102"))) == 0
    kept = await owner.execute(sql(f"select count(*) from {table.name} where tenant_id = :id"), {"id": tenant_id})
    assert kept.scalar_one() == 1


@pytest.mark.parametrize(
    "table", [table for table in TENANT_TABLES if table.name not in OF_JUDGEMENTS], ids=lambda table: table.name
)
async def test_who_may_see_a_row_does(
    database: Database, owner: AsyncConnection, table: Table, tenant_id: UUID
) -> None:
    """The organization itself, its county, city and province: the wall isn't simply shut."""
    await owner.execute(insert(table).values(row(table, tenant_id, "650102")))
    seers = [Caller(kind="member", tenant_id=tenant_id, region="650102")]
    seers += [Caller(kind="bureau", tenant_id=uuid4(), region=region) for region in ("650102", "6501", "65")]
    for seer in seers:
        async with database.read(seer) as session:
            found = await session.scalar(
                sql(f"select count(*) from {table.name} where tenant_id = :id"), {"id": tenant_id}
            )
        assert found == 1, seer


@pytest.mark.parametrize("name", sorted(OF_JUDGEMENTS))
async def test_only_a_judgement_sees_its_notes(
    database: Database, owner: AsyncConnection, name: str, tenant_id: UUID
) -> None:
    """Neither the organization nor a bureau over it; the jobs that judge it do."""
    table = register().tables[name]
    await owner.execute(insert(table).values(row(table, tenant_id, "650102")))
    asked = sql(f"select 1 from {name} where tenant_id = '{tenant_id}'")
    for nobody in (
        Caller(kind="member", tenant_id=tenant_id, region="650102"),
        Caller(kind="bureau", tenant_id=uuid4(), region="65"),
    ):
        assert await touched(database, nobody, asked) == 0
    for judging in (Caller(kind="job", tenant_id=tenant_id), Caller(kind="slice", tenants=(tenant_id, tenant_id))):
        async with database.read(judging) as session:
            assert len(await session.all(asked)) == 1


async def test_a_slice_sees_what_it_may_judge_from_end_to_end(database: Database, owner: AsyncConnection) -> None:
    """Both ends are inside, and one organization is a slice as well."""
    table = register().tables["finding"]
    ids = sorted(uuid4() for _ in range(3))
    for one in ids:
        await owner.execute(insert(table).values(row(table, one, "650102")))
    asked = sql("select tenant_id from finding where tenant_id = any(:ids) order by tenant_id")
    for first, last in ((0, 2), (0, 1), (1, 1)):
        async with database.write(Caller(kind="slice", tenants=(ids[first], ids[last]))) as session:
            seen = [found.tenant_id for found in await session.all(asked, {"ids": ids})]
        assert seen == ids[first : last + 1]


async def test_without_a_caller_there_is_nothing(database: Database) -> None:
    """The login role itself may read no table, so a forgotten context fails closed."""
    for table in register().tables:
        with pytest.raises(DBAPIError, match="permission denied"):
            async with database.engine.connect() as connection:
                await connection.execute(sql(f"select from {table}"))
