"""Organizations and accounts are entered once, with what they may have, and the gate sees nothing else."""

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import GATE, Caller, Database, sql
from hengjian.platform.db.caller import CallerKind
from hengjian.tenants.accounts import AccountMaker, NewUser, create_user, second_factor_box
from hengjian.tenants.domain.kinds import OrganizationKind
from hengjian.tenants.errors import (
    LoginTakenError,
    LoginUnfitError,
    OrganizationExistsError,
    OrganizationUnfitError,
    PasswordUnfitError,
    RoleMisplacedError,
    TenantsError,
)
from hengjian.tenants.password_hashes import PasswordHashes
from hengjian.tenants.register_organization import NewOrganization, create_bureau, create_organization
from tests.support.people import KEY, OPERATOR, a_bureau, a_contractor, an_account, credit_code

OPEN_TO_THE_GATE = {"account", "session", "login_pause", "api_key"}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"credit_code": "91650102000000000X"}, "credit_code"),
        ({"region": "659999"}, "region"),
        ({"kinds": ()}, "kinds"),
        ({"kinds": (OrganizationKind.BUREAU,)}, "kinds"),
        ({"name": "  "}, "name"),
        ({"name": "甲\0乙"}, "name"),
    ],
)
async def test_an_unfit_organization_is_refused_by_field(
    database: Database, changed: dict[str, object], field: str
) -> None:
    """Wrong check digit, unknown region, no kind, a bureau by the side door, no name."""
    fit: dict[str, object] = {
        "credit_code": credit_code(),
        "name": "甲公司",
        "kinds": (OrganizationKind.CONTRACTOR,),
        "region": "6501",
    }
    with pytest.raises(OrganizationUnfitError) as refused:
        async with database.write(OPERATOR) as session:
            await create_organization(session, NewOrganization(**{**fit, **changed}))  # type: ignore[arg-type]  # mixed on purpose
    assert refused.value.field == field


async def test_an_organization_is_supervised_at_home_from_today_and_entered_once(
    database: Database, owner: AsyncConnection
) -> None:
    """A second entry under the same code is refused and changes nothing."""
    contractor = await a_contractor(database)
    row = (
        await owner.execute(sql("select * from supervision where organization_id = :id"), {"id": contractor.id})
    ).one()
    assert (row.region, row.home, row.name) == ("650102", True, contractor.name)
    with pytest.raises(OrganizationExistsError):
        async with database.write(OPERATOR) as session:
            await create_bureau(session, credit_code=contractor.credit_code, name="乙", region="6501")


@pytest.mark.parametrize(
    ("user", "refusal"),
    [
        (NewUser("a b", "王芳", frozenset({"inspector"})), LoginUnfitError),
        (NewUser("wang.fang.1", "王芳", frozenset({"clerk"})), RoleMisplacedError),
        (NewUser("wang.fang.1", "王芳", frozenset()), RoleMisplacedError),
        (NewUser("wang.fang.1", "王芳", frozenset({"root"})), RoleMisplacedError),
        (NewUser("wang.fang.1", "王芳", frozenset({"inspector"}), password="short"), PasswordUnfitError),
    ],
)
async def test_an_unfit_account_is_refused(database: Database, user: NewUser, refusal: type[TenantsError]) -> None:
    """Each refusal says in both languages what to change."""
    bureau = await a_bureau(database)
    maker = AccountMaker(passwords=PasswordHashes(), box=second_factor_box(KEY))
    with pytest.raises(refusal) as refused:
        async with database.write(OPERATOR) as session:
            await create_user(session, maker, organization=bureau, user=user)
    assert str(refused.value)
    assert refused.value.zh


async def test_a_login_is_given_once(database: Database) -> None:
    """Also when it is written otherwise."""
    bureau = await a_bureau(database)
    first = await an_account(database, bureau)
    with pytest.raises(LoginTakenError):
        await an_account(database, bureau, login=first.login.upper())


async def test_the_table_keeps_neither_password_nor_second_factor_in_clear(
    database: Database, owner: AsyncConnection
) -> None:
    """argon2id for the one, sealed with a key outside the database for the other."""
    person = await an_account(database, await a_bureau(database))
    row = (await owner.execute(sql("select * from account where id = :id"), {"id": person.id})).one()
    assert row.password_hash.startswith("$argon2id$")
    assert person.password not in str(row)
    assert person.totp_secret.encode() not in row.totp_sealed
    assert person.totp_secret not in str(row)
    assert person.password not in repr(person)


async def test_the_usual_hash_is_the_low_memory_profile_of_rfc_9106() -> None:
    """64 MiB, three passes, four lanes."""
    assert (await PasswordHashes().hash("Tian-Shan-7")).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


async def may_read(database: Database, table: str) -> bool:
    try:
        async with database.read(GATE) as session:
            await session.all(sql(f"select * from {table} limit 1"))
    except DBAPIError as denied:
        return "permission denied" not in str(denied)
    return True


async def test_the_gate_reads_accounts_sessions_pauses_and_keys_and_nothing_else(
    database: Database, owner: AsyncConnection
) -> None:
    """Whoever breaks in before the caller is known finds no register, finding or event."""
    tables = await owner.execute(sql("select tablename from pg_tables where schemaname = 'public'"))
    readable = {table for (table,) in tables.all() if await may_read(database, table)}
    assert readable == OPEN_TO_THE_GATE


@pytest.mark.parametrize("kind", ["member", "bureau", "public"])
@pytest.mark.parametrize("table", sorted(OPEN_TO_THE_GATE))
async def test_requests_of_known_callers_cannot_read_accounts_or_keys(
    database: Database, kind: CallerKind, table: str
) -> None:
    """An injected query in a page finds no password hash."""
    contractor = await a_contractor(database)
    with pytest.raises(DBAPIError, match="permission denied"):
        async with database.read(Caller(kind=kind, tenant_id=contractor.id, region="65")) as session:
            await session.all(sql(f"select * from {table}"))


@pytest.mark.parametrize(
    "statement",
    [
        "update account set password_hash = ''",
        "update account set roles = '{administrator}'",
        "insert into account select * from account",
        "delete from account",
        "update api_key set scopes = '{push}'",
        "update api_key set revoked_at = null",
        "insert into api_key select * from api_key",
        "update session set expires_at = 'infinity'",
        "update session set account_id = id",
        "delete from session",
    ],
)
async def test_the_gate_cannot_change_what_people_and_keys_may_do(database: Database, statement: str) -> None:
    """It may note the last code, the last use and the end of a session; no more."""
    with pytest.raises(DBAPIError, match="permission denied"):
        async with database.write(GATE) as session:
            await session.run(sql(statement))
