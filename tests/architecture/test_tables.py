"""The table register against the migrated database, and the rules that keep one schema fit for many machines."""

import pytest
from sqlalchemy import Connection, Table, UniqueConstraint, inspect
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import sql
from hengjian.platform.db.policies import ROLES, role
from hengjian.tenants.api import REGISTERS
from tests.support.tables import register

TABLES = sorted(register().tables.values(), key=lambda table: table.name)
TENANT_TABLES = [table for table in TABLES if table.info["dist"] == "tenant"]
SETTLED_ELSEWHERE = {"alembic_version"}
FORCED = sql("""
    select relname from pg_class
    where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace and not (relrowsecurity and relforcerowsecurity)
""")


def named(table: Table) -> str:
    return table.name


async def test_the_register_lists_exactly_the_tables_there_are(owner: AsyncConnection) -> None:
    """A table outside the register would have no class, no test and no place on many machines."""
    found = await owner.execute(sql("select tablename from pg_tables where schemaname = 'public'"))
    assert set(found.scalars()) - SETTLED_ELSEWHERE == {table.name for table in TABLES}


@pytest.mark.parametrize("table", TABLES, ids=named)
async def test_migrations_made_what_the_code_declares(owner: AsyncConnection, table: Table) -> None:
    """Column for column: name, type, whether it may be empty, and the key."""

    def found(connection: Connection) -> tuple[dict[str, tuple[str, bool]], list[str]]:
        seen = inspect(connection)
        columns = {
            column["name"]: (str(column["type"].compile(connection.dialect)), column["nullable"])
            for column in seen.get_columns(table.name)
        }
        return columns, seen.get_pk_constraint(table.name)["constrained_columns"]

    def declared(connection: Connection) -> dict[str, tuple[str, bool]]:
        return {
            column.name: (str(column.type.compile(connection.dialect)), bool(column.nullable))
            for column in table.columns
        }

    columns, key = await owner.run_sync(found)
    assert columns == await owner.run_sync(declared)
    assert key == [column.name for column in table.primary_key.columns]


@pytest.mark.parametrize("table", TENANT_TABLES, ids=named)
async def test_a_tenants_tables_begin_every_key_with_the_tenant(owner: AsyncConnection, table: Table) -> None:
    """Primary key, unique keys, foreign keys: otherwise rows of one tenant can't stay on one machine."""
    assert next(iter(table.primary_key.columns)).name == "tenant_id"
    assert not table.c.region.nullable
    declared = [
        list(constraint.columns) for constraint in table.constraints if isinstance(constraint, UniqueConstraint)
    ]
    assert [columns for columns in declared if columns[0].name != "tenant_id"] == []
    indexes = await owner.run_sync(lambda connection: inspect(connection).get_indexes(table.name))
    assert [index["name"] for index in indexes if index["unique"] and index["column_names"][0] != "tenant_id"] == []
    keys = await owner.run_sync(lambda connection: inspect(connection).get_foreign_keys(table.name))
    assert [key["name"] for key in keys if key["constrained_columns"][0] != "tenant_id"] == []


async def test_every_table_has_row_security_that_binds_its_owner_too(owner: AsyncConnection) -> None:
    """Only Alembic's own table has none; it holds a revision number and is granted to nobody."""
    assert set((await owner.execute(FORCED)).scalars()) == SETTLED_ELSEWHERE


async def test_each_role_has_one_policy_a_table_and_no_policy_reads_a_table(owner: AsyncConnection) -> None:
    """Two policies for one role lose the index, and one with a sub-select fails on other machines."""
    policies = (
        await owner.execute(
            sql(
                "select tablename, roles::text[] as roles, coalesce(qual, '') || coalesce(with_check, '') as text from pg_policies"
            )
        )
    ).all()
    each = [(policy.tablename, name) for policy in policies for name in policy.roles]
    assert len(each) == len(set(each))
    assert {name for _, name in each} <= {role(kind) for kind in ROLES}
    assert [policy.tablename for policy in policies if "select" in policy.text.lower()] == []


async def test_application_roles_own_nothing_and_bypass_nothing(owner: AsyncConnection) -> None:
    """Neither superuser, nor BYPASSRLS, nor owner of a table; no right to truncate; the login role has no right at all."""
    ours = [role(kind) for kind in ROLES]
    mighty = sql(
        "select rolname from pg_roles where rolname = any(:ours) and (rolsuper or rolbypassrls or rolcreaterole)"
    )
    owning = sql("select tablename from pg_tables where tableowner = any(:ours)")
    truncating = sql(
        "select table_name from information_schema.role_table_grants "
        "where (grantee = any(:ours) and privilege_type in ('TRUNCATE', 'TRIGGER', 'REFERENCES')) "
        "or (grantee in ('hengjian_app', 'PUBLIC') and table_schema = 'public')"
    )
    for question in (mighty, owning, truncating):
        assert (await owner.execute(question, {"ours": [*ours, "hengjian_app"]})).all() == []


async def test_a_slice_may_nothing_that_a_job_may_not(owner: AsyncConnection) -> None:
    """Many organizations at once, but neither another table nor another right; and no register is changed."""
    granted = sql("select table_name, privilege_type from information_schema.role_table_grants where grantee = :role")
    of_slice, of_job = [
        {tuple(found) for found in (await owner.execute(granted, {"role": role(kind)})).all()}
        for kind in ("slice", "job")
    ]
    assert of_slice - of_job == set()
    assert {table for table, right in of_slice if right != "SELECT"} == {
        *("carried_over", "finding", "finding_event", "judgement", "log_queue", "notice", "number_series", "outbox"),
        *("score", "standing", "veto"),
    }


async def test_a_slice_reads_every_register(owner: AsyncConnection) -> None:
    """A register that a job may read and a slice may not would fail every judgement that needs it."""
    readable = sql(
        "select table_name from information_schema.role_table_grants where grantee = :role and privilege_type = 'SELECT'"
    )
    of_slice = set((await owner.execute(readable, {"role": role("slice")})).scalars())
    wanted = {name for register in REGISTERS for name in (register.table, f"{register.table}_assertion")}
    assert wanted - of_slice == set(), "add them to a migration: allow(table, 'slice', 'select', SLICE)"


async def test_the_auditor_reads_every_table_that_is_logged_and_writes_none(owner: AsyncConnection) -> None:
    """Else the check of the evidence log would be blind to it; a new logged table needs its policy."""
    logged = {table.name for table in TABLES if {"evidence", "evidence_rows", "vouched"} & table.info.keys()}
    readable = sql("""
        select table_name, privilege_type from information_schema.role_table_grants where grantee = 'hengjian_auditor'
    """)
    granted = {(row.table_name, row.privilege_type) for row in await owner.execute(readable)}
    assert logged - {name for name, _ in granted} == set()
    assert {right for _, right in granted} == {"SELECT"}
