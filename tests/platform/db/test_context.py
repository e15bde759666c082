"""Who asks is known for one transaction, and to nobody after it."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import DBAPIError

from hengjian.platform.db import Caller, Database, NoContextError, OutsideJurisdictionError, Session, sql
from tests.support.people import OPERATOR, a_contractor

SETTINGS = sql("""
    select current_user::text, coalesce(current_setting('app.tenant_id', true), ''),
        coalesce(current_setting('app.region_from', true), ''), coalesce(current_setting('app.focus', true), '')
""")
PEOPLE = "select tenant_id from person where source_ref = $1"
A_PERSON = sql("""
    insert into person (tenant_id, region, source_ref, valid_from, valid_until, batch_id, row_index, recorded_at, name,
        role, hired_on)
    values (:tenant, :region, :ref, '2026-01-01', '9999-12-31', gen_random_uuid(), 0, now(), '甲', 'TECHNICIAN',
        '2026-01-01')
""")


def member(tenant_id: UUID) -> Caller:
    return Caller(kind="member", tenant_id=tenant_id, region="650102", actor="test")


@pytest.fixture
async def single(app_url: str) -> Any:
    """A pool of one connection, so that each caller gets the one before's."""
    database = Database.connect(app_url, pool_size=1)
    yield database
    await database.close()


async def put(session: Session, tenant_id: UUID, ref: str, region: str = "650102") -> None:
    await session.run(A_PERSON, {"tenant": tenant_id, "ref": ref, "region": region})


@pytest.mark.parametrize("ends", ["well", "with an error"])
async def test_nothing_is_left_in_the_pool_for_the_next(single: Database, ends: str) -> None:
    """Role, organization, region and focus are gone with the transaction, also with one that failed."""
    try:
        async with single.write(member(uuid4())) as session:
            assert (await session.first(SETTINGS))[0] == "hengjian_member"  # type: ignore[index]  # a row there is
            if ends != "well":
                await session.run(sql("select 1/0"))
    except DBAPIError:
        assert ends == "with an error"
    async with single.engine.connect() as bare:
        assert tuple((await bare.execute(SETTINGS)).one()) == ("hengjian_app", "", "", "")
        with pytest.raises(DBAPIError, match="permission denied"):
            await bare.execute(sql("select from person"))


async def test_a_cancelled_caller_leaves_nothing_either(single: Database) -> None:
    """A request given up in the middle of a statement; the next one gets a clean connection."""

    async def slow() -> None:
        async with single.write(member(uuid4())) as session:
            await session.run(sql("select pg_sleep(3)"))

    task = asyncio.create_task(slow())
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with single.engine.connect() as bare:
        assert tuple((await bare.execute(SETTINGS)).one()) == ("hengjian_app", "", "", "")


async def test_a_prepared_statement_serves_each_tenant_its_own_rows(single: Database) -> None:
    """One connection, one statement, two organizations in turn, past the point where the server keeps a plan."""
    first, second, ref = uuid4(), uuid4(), f"p-{uuid4()}"
    for tenant_id in (first, second):
        async with single.write(member(tenant_id)) as session:
            await put(session, tenant_id, ref)
    for tenant_id in [first, second] * 10:
        async with single.read(member(tenant_id)) as session:
            assert [row["tenant_id"] for row in await session.fetch_raw(PEOPLE, ref)] == [tenant_id]
    async with single.read(Caller(kind="bureau", tenant_id=uuid4(), region="6501")) as session:
        assert {row["tenant_id"] for row in await session.fetch_raw(PEOPLE, ref)} == {first, second}


async def test_callers_at_once_see_only_their_own(database: Database) -> None:
    """Many transactions of several organizations over few connections."""
    tenants, ref = [uuid4() for _ in range(4)], f"p-{uuid4()}"
    for tenant_id in tenants:
        async with database.write(member(tenant_id)) as session:
            await put(session, tenant_id, ref)

    async def look(tenant_id: UUID) -> bool:
        async with database.read(member(tenant_id)) as session:
            return [row["tenant_id"] for row in await session.fetch_raw(PEOPLE, ref)] == [tenant_id]

    assert all(await asyncio.gather(*(look(tenants[n % 4]) for n in range(40))))


@pytest.mark.parametrize("kind", ["bureau", "job", "public", "gate"])
async def test_a_caller_without_tenant_and_region_sees_no_row(database: Database, kind: Any) -> None:
    """What was not said opens nothing; a member without an organization is refused at once."""
    tenant_id, ref = uuid4(), f"p-{uuid4()}"
    async with database.write(member(tenant_id)) as session:
        await put(session, tenant_id, ref)
    try:
        async with database.read(Caller(kind=kind)) as session:
            assert await session.fetch_raw("select 1 from person where source_ref = $1", ref) == []
    except DBAPIError as refused:
        assert getattr(refused.orig, "sqlstate", None) == "42501", refused  # noqa: PT017  # any other error is a failure
    with pytest.raises(NoContextError):
        async with database.read(Caller(kind="member")):
            pass


async def test_a_focus_opens_one_organization_and_only_inside_the_jurisdiction(database: Database) -> None:
    """A bureau reads registers of who serves its region though at home elsewhere; others look like nobody."""
    guest, stranger = await a_contractor(database, "650203"), await a_contractor(database, "650203")
    async with database.write(OPERATOR) as session:
        for tenant, served in ((guest, "6501"), (stranger, "6502")):
            await session.run(
                sql("""insert into supervision select id, :served, '2026-01-01', '9999-12-31', false, credit_code, name,
                       pinyin, initials, kinds from organization where id = :id"""),
                {"id": tenant.id, "served": served},
            )
    ref = f"p-{uuid4()}"
    for tenant in (guest, stranger):
        async with database.write(member(tenant.id)) as session:
            await put(session, tenant.id, ref, "650203")
    city = Caller(kind="bureau", tenant_id=uuid4(), region="6501")
    async with database.read(city) as session:
        assert await session.fetch_raw(PEOPLE, ref) == []
    async with database.read(city, focus=guest.id) as session:
        assert [row["tenant_id"] for row in await session.fetch_raw(PEOPLE, ref)] == [guest.id]
    for unseen in (stranger.id, uuid4()):
        with pytest.raises(OutsideJurisdictionError):
            async with database.read(city, focus=unseen):
                pass


async def test_a_service_that_ended_closes_the_focus(database: Database) -> None:
    """Supervision has dates: the day after the last, the organization is nobody's guest."""
    guest = await a_contractor(database, "650203")
    async with database.write(OPERATOR) as session:
        await session.run(
            sql("""insert into supervision select id, '6501', '2026-01-01', (now() at time zone 'Asia/Shanghai')::date,
                   false, credit_code, name, pinyin, initials, kinds from organization where id = :id"""),
            {"id": guest.id},
        )
    with pytest.raises(OutsideJurisdictionError):
        async with database.read(Caller(kind="bureau", tenant_id=uuid4(), region="6501"), focus=guest.id):
            pass


async def test_inside_a_context_there_is_no_way_to_another(database: Database) -> None:
    """A caller's role may not call the function that sets contexts, and a read can't write."""
    with pytest.raises(DBAPIError, match="permission denied"):
        async with database.read(member(uuid4())) as session:
            await session.all(sql("select app.set_ctx('job', '', '', '', '')"))
    one = uuid4()
    for caller in (member(one), Caller(kind="slice", tenants=(one, one)), Caller(kind="job", tenant_id=one)):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with database.read(caller) as session:
                await session.all(sql(f"select app.set_ctx('{UUID(int=0)}', '{UUID(int=2**128 - 1)}')"))
    with pytest.raises(DBAPIError, match="read-only transaction"):
        async with database.read(member(tenant := uuid4())) as session:
            await session.all(A_PERSON, {"tenant": tenant, "ref": "x", "region": "65"})
    with pytest.raises(DBAPIError, match="unknown kind"):
        async with database.engine.connect() as connection:
            await connection.execute(sql("select app.set_ctx('owner', '', '', '', '')"))


@pytest.mark.parametrize(
    "caller", [Caller(kind="slice"), Caller(kind="job", tenants=(UUID(int=0), UUID(int=1)))], ids=lambda one: one.kind
)
async def test_a_slice_has_two_ends_and_nobody_else_has(database: Database, caller: Caller) -> None:
    """A range that somebody forgot is refused, never read as everybody."""
    with pytest.raises(NoContextError):
        async with database.read(caller):
            pass
    with pytest.raises(DBAPIError, match="invalid input syntax"):
        async with database.engine.connect() as connection:
            await connection.execute(sql("select app.set_ctx('', '')"))


@pytest.mark.parametrize("hostile", ["'; select 1; --", "65' or true --", "%s %L", "\\", '65"'])
async def test_hostile_regions_stay_text(database: Database, hostile: str) -> None:
    """What reaches the context is quoted, whatever it holds."""
    async with database.read(Caller(kind="bureau", tenant_id=uuid4(), region=hostile)) as session:
        assert await session.scalar(sql("select current_setting('app.region_from')")) == hostile
        assert await session.fetch_raw("select 1 from person limit 1") == []
