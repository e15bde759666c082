"""An organization is found by its credit code without reading the whole directory."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from hengjian.platform.db import Caller, Database, sql
from hengjian.tenants.directory import _SUPERVISED
from tests.support.databases import TestDatabase

MANY = sql("""
    insert into supervision (organization_id, region, valid_from, valid_until, home, credit_code, name, pinyin,
        initials, kinds)
    select gen_random_uuid(), '650102', date '2026-01-01', date '9999-12-31', true, lpad(n::text, 18, '0'),
           '单位' || n, 'danwei', 'dw', array['CONTRACTOR'] from generate_series(1, 10000) n
""")
CODE = "000000000000005000"


@pytest.mark.parametrize(
    "caller",
    [Caller(kind="bureau", region="65"), Caller(kind="member", tenant_id=UUID(int=7))],
    ids=lambda caller: caller.kind,
)
async def test_a_credit_code_is_looked_up_by_index(fresh_database: TestDatabase, caller: Caller) -> None:
    """Among ten thousand, for a province and for an organization: each opened page of an organization asks this."""
    owner = create_async_engine(fresh_database.admin_url, isolation_level="AUTOCOMMIT")
    async with owner.connect() as link:
        await link.execute(MANY)
        await link.execute(sql("analyze supervision"))
    await owner.dispose()
    database = Database.connect(fresh_database.app_url)
    async with database.read(caller) as session:
        asked = {"credit_code": CODE, "on": date(2026, 11, 20)}
        plan = "\n".join(row[0] for row in await session.all(sql(f"explain analyze {_SUPERVISED.text}"), asked))
        found = await session.all(_SUPERVISED, asked)
    await database.close()
    assert ("Seq Scan" in plan, "Index" in plan) == (False, True), plan
    assert [row.credit_code for row in found] == ([CODE] if caller.kind == "bureau" else [])
