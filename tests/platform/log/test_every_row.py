"""Every column of every row of every table that carries evidence, from the catalogue: changed by the owner, it is named."""

import random
import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import ARRAY, Boolean, Column, Date, DateTime, LargeBinary, Numeric, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import Integer

from hengjian.platform.db import Caller
from hengjian.platform.ids import uuid7
from hengjian.platform.log import append_rows, certify_deletion
from hengjian.platform.log.find import logged_tables
from hengjian.platform.log.groups import append_batch, tables_of_batches
from hengjian.platform.proof.verifier import Outcome, verify_bundle
from hengjian.tenants.api import OPEN_END
from tests.platform.test_walls import WORDS, row
from tests.support.evidence import JOB, LogCase
from tests.support.tables import register
from tests.support.tree import ROOT

register()
OTHER_WORDS = {
    ("report", "kind"): "bureau",
    ("report", "state"): "failed",
    ("audit", "outcome"): "refused",
    ("audit", "actor_kind"): "member",
}
SQL: list[tuple[type, str]] = [
    (JSONB, "'{\"x\": 1}'"),
    (ARRAY, "{name} || '{7}'"),
    (Boolean, "not coalesce({name}, false)"),
    (DateTime, "coalesce({name}, now()) + interval '1 second'"),
    (Date, "coalesce({name}, current_date) + 1"),
    (Uuid, "gen_random_uuid()"),
    (LargeBinary, "'\\x07'"),
    (Integer, "coalesce({name}, 0) + 1000"),
    (Numeric, "coalesce({name}, 0) + 1000"),
    (Text, "coalesce({name}, '') || '7'"),
]


def other(table: Table, column: Column[Any]) -> str:
    """SQL for another value of a column."""
    word = OTHER_WORDS.get((table.name, column.name))
    if word is not None:
        return f"'{word}'"
    made = next(text for kind, text in SQL if isinstance(column.type, kind))
    return made.replace("{name}", f'"{column.name}"')


def differing(table: Table, tenant_id: UUID, number: int) -> dict[str, Any]:
    """A row that no other row of the table equals in any key."""
    values = row(table, tenant_id, "650102")
    for column in table.columns:
        if column.name not in values or column.name in {"tenant_id", "region"} or (table.name, column.name) in WORDS:
            continue
        if isinstance(column.type, Text) and not (table.name == "audit" and column.name in {"outcome", "actor_kind"}):
            values[column.name] = f"x{number}"
        elif isinstance(column.type, Integer):
            values[column.name] = number
    fixed: dict[str, Any] = {"scheduled": False} if table.name == "report" else {}
    fixed |= {"outcome": "ok", "actor_kind": "job"} if table.name == "audit" else {}
    return values | fixed


def changeable(table: Table, *left_out: str) -> list[Column[Any]]:
    return [column for column in table.columns if column.name not in left_out]


async def test_every_column_of_every_logged_table(log: LogCase) -> None:
    """One row for each column, that column changed: each is named by kind, id and leaf; nothing else is."""
    victims: dict[str, tuple[str, str]] = {}
    for kind, table in logged_tables().items():
        columns, tenant_id = changeable(table, "id"), uuid4()
        rows = [differing(table, tenant_id, number) | {"id": uuid7()} for number in range(len(columns))]
        for values in rows:
            await log.owner.execute(table.insert().values(values))
        async with log.database.write(JOB) as session:
            await append_rows(session, table, rows)
        for values, column in zip(rows, columns, strict=True):
            change = f"update {table.name} set \"{column.name}\" = {other(table, column)} where id = '{values['id']}'"
            victims[f"{kind} {values['id']}"] = (f"{table.name}.{column.name}", change)
    await log.settle()
    assert (await log.check()).troubles == []
    for _, change in victims.values():
        await log.do(change)
    found = {(str(one.kind), re.sub(r" \(leaf \d+\)$", "", one.where)) for one in (await log.check()).troubles}
    unnamed = [place for where, (place, _) in victims.items() if ("ROW_CHANGED", where) not in found]
    assert unnamed == []
    assert len(found) == len(victims)


async def test_every_row_of_every_logged_table_that_is_deleted_or_added(log: LogCase) -> None:
    """Gone without a certificate, and there without a leaf."""
    expected: set[tuple[str, str]] = set()
    await log.entries(1)
    await log.settle()
    for kind, table in logged_tables().items():
        rows = [differing(table, uuid4(), number) | {"id": uuid7()} for number in range(3)]
        for values in rows:
            await log.owner.execute(table.insert().values(values))
        async with log.database.write(JOB) as session:
            await append_rows(session, table, rows[:2])
        await log.do(f"delete from {table.name} where id = '{rows[0]['id']}'")
        expected |= {("ROW_MISSING", f"{kind} {rows[0]['id']}"), ("ROW_WITHOUT_LEAF", f"{kind} {rows[2]['id']}")}
    await log.settle()
    found = {(str(one.kind), re.sub(r" \(leaf \d+\)$", "", one.where)) for one in (await log.check()).troubles}
    assert found == expected


def batches() -> Iterator[Table]:
    yield from tables_of_batches().values()


async def pushed(log: LogCase, table: Table, values: dict[str, Any]) -> Table:
    """Put a row into a register as a push does: what was asserted, and what is known by it. The register's table."""
    current = table.metadata.tables[table.name.removesuffix("_assertion")]
    values |= {"withdrawn": False}
    await log.owner.execute(table.insert().values(values))
    await log.owner.execute(current.insert().values({name: values[name] for name in values if name in current.c}))
    return current


async def logged(log: LogCase, table: Table, tenant_id: UUID, batch: UUID) -> None:
    """Put a batch into the log, as its job does."""
    async with log.database.write(Caller(kind="job", tenant_id=tenant_id, actor="test")) as session:
        assert await append_batch(session, table, tenant_id=tenant_id, batch_id=batch)


async def test_every_column_of_every_register(log: LogCase) -> None:
    """Pushed rows are named by table, batch and place, whichever column was changed."""
    victims: dict[str, str] = {}
    for table in batches():
        columns = changeable(table, "tenant_id", "batch_id", "row_index")
        batch, tenant_id = uuid7(), uuid4()
        for number in range(len(columns)):
            values = differing(table, tenant_id, number) | {"batch_id": batch, "row_index": number}
            await pushed(log, table, values | {"valid_from": date(2026, 1, 1)})
        await logged(log, table, tenant_id, batch)
        for number, column in enumerate(columns):
            place = f"batch_id = '{batch}' and row_index = {number}"
            change = f'update {table.name} set "{column.name}" = {other(table, column)} where {place}'
            victims[f"{table.name} of batch {batch}, row {number}"] = change
    await log.settle()
    assert (await log.check()).troubles == []
    for change in victims.values():
        await log.do(change)
    troubles = [one for one in (await log.check()).troubles if " of batch " in one.where]
    found = {(str(one.kind), re.sub(r" \(leaf \d+\)$", "", one.where)) for one in troubles}
    assert {("ROW_CHANGED", where) for where in victims} == found


async def test_every_column_of_what_is_known_now(log: LogCase) -> None:
    """The registers that rules read are held against their assertions: each change is named, whatever the column."""
    expected: set[tuple[str, str]] = set()
    changes: list[str] = []
    await log.entries(1)
    for table in batches():
        columns = changeable(table, "batch_id", "row_index", "withdrawn")
        batch, tenant_id = uuid7(), uuid4()
        for number in range(len(columns) + 1):
            values = differing(table, tenant_id, number) | {"batch_id": batch, "row_index": number}
            current = await pushed(log, table, values | {"valid_from": date(2026, 1, 1), "valid_until": OPEN_END})
        await logged(log, table, tenant_id, batch)
        for number, column in enumerate(columns):
            last = "date '2026-02-01'" if column.name == "valid_until" else other(current, column)
            where = f"batch_id = '{batch}' and row_index = {number}"
            changes.append(f'update {current.name} set "{column.name}" = {last} where {where}')
            expected.add(("ROW_CHANGED", f"{current.name} {batch}, row {number}"))
        changes.append(f"delete from {current.name} where batch_id = '{batch}' and row_index = {len(columns)}")
        expected.add(("ROW_MISSING", f"{current.name} {batch}, row {len(columns)}"))
    await log.settle()
    assert (await log.check()).troubles == []
    for change in changes:
        await log.do(change)
    assert {(str(one.kind), one.where) for one in (await log.check()).troubles} == expected


async def test_every_key_of_every_register(log: LogCase) -> None:
    """A row that is deleted, put into another batch, given to another organization or to another place is missed."""
    hurt: dict[UUID, str] = {}
    for table in batches():
        for deed in (
            f"delete from {table.name}",
            f"update {table.name} set batch_id = gen_random_uuid()",
            f"update {table.name} set tenant_id = gen_random_uuid()",
            f"update {table.name} set row_index = 77",
        ):
            batch, tenant_id = uuid7(), uuid4()
            for number in range(2):
                values = differing(table, tenant_id, number) | {"batch_id": batch, "row_index": number}
                await pushed(log, table, values)
            await logged(log, table, tenant_id, batch)
            hurt[batch] = f"{deed} where batch_id = '{batch}' and row_index = 1"
    await log.settle()
    assert (await log.check()).troubles == []
    for deed in hurt.values():
        await log.do(deed)
    named = {
        one.where.split(" of batch ")[1].split(",")[0]
        for one in (await log.check()).troubles
        if " of batch " in one.where
    }
    assert [deed for batch, deed in hurt.items() if str(batch) not in named] == []


async def test_lawful_deletion_of_any_kind_leaves_its_certificate_and_all_proofs(log: LogCase) -> None:
    """In any order, some of each kind: what is gone is certified, what stays verifies, old bundles verify for ever."""
    kept: dict[tuple[str, UUID], bytes] = {}
    gone: list[tuple[str, UUID]] = []
    for kind, table in logged_tables().items():
        rows = [differing(table, uuid4(), number) | {"id": uuid7()} for number in range(3)]
        for values in rows:
            await log.owner.execute(table.insert().values(values))
        async with log.database.write(JOB) as session:
            await append_rows(session, table, rows)
        kept |= {(kind, values["id"]): b"" for values in rows}
        gone.append((kind, rows[1]["id"]))
    await log.settle()
    for kind, record in kept:
        kept[kind, record] = await log.bundle(record, kind=kind)
    random.Random(7).shuffle(gone)  # noqa: S311  # the same order each time
    for kind, record in gone:
        async with log.database.write(JOB) as session:
            await certify_deletion(session, kind=kind, record_id=record, because="retention.test")
        await log.do(f"delete from {logged_tables()[kind].name} where id = '{record}'")
    await log.settle()
    report = await log.check()
    assert (report.troubles, report.deleted) == ([], len(gone))
    for (kind, record), old in kept.items():
        assert verify_bundle(old, log.desk.key).outcome is Outcome.VERIFIED
        verdict = verify_bundle(await log.bundle(record, kind=kind), log.desk.key)
        assert (verdict.outcome, verdict.deleted) == (Outcome.VERIFIED, (kind, record) in gone), kind


LEAF_CHANGES = {
    "kind": "kind = 'other'",
    "record_id": "record_id = gen_random_uuid()::text",
    "tenant_id": "tenant_id = gen_random_uuid()",
    "body": "body = overlay(body placing '9' from 6)",
    "salt": "salt = '\\x07'",
}


@pytest.mark.parametrize("change", LEAF_CHANGES.values(), ids=LEAF_CHANGES)
async def test_every_column_of_a_leaf_that_says_something(log: LogCase, change: str) -> None:
    """Whatever of a leaf is changed, the leaf or the row it stands for is named."""
    table, rows = logged_tables()["push"], []
    for number in range(3):
        rows.append(differing(table, uuid4(), number) | {"id": uuid7()})
        await log.owner.execute(table.insert().values(rows[-1]))
    async with log.database.write(JOB) as session:
        await append_rows(session, table, rows)
    await log.settle()
    await log.do(f"update log_leaf set {change} where number = 1")
    found = [one.where for one in (await log.check()).troubles]
    assert [where for where in found if "leaf 1" in where], found


def test_every_table_is_logged_or_the_docs_say_why_not() -> None:
    """Nobody adds a table without a word on what keeps it honest."""
    page = (ROOT / "docs" / "evidence-log.md").read_text("utf-8").partition("## What is no leaf")[2]
    told = {name for row in re.findall(r"^\| (`.+`) \|", page, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}
    proved = {table.name for table in [*logged_tables().values(), *tables_of_batches().values()]}
    current = {name.removesuffix("_assertion") for name in tables_of_batches()}
    assert set(register().tables) - proved - current - told == set()
    assert told <= set(register().tables)
