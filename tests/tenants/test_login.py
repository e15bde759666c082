"""Logging in: both factors, each code once, pauses that neither tell nor last, sessions that end."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Database, sql
from hengjian.tenants.accounts import IssuedAccount, disable_user
from hengjian.tenants.errors import LoginExpiredError, LoginPausedError, LoginRefusedError
from hengjian.tenants.login_pauses import login_subject
from hengjian.tenants.sessions import LoginDesk, begin_login, end_session, finish_login, session_caller
from tests.support.people import (
    OPERATOR,
    Authenticator,
    a_bureau,
    a_contractor,
    an_account,
    quick_desk,
    request,
)

AUDITED = sql("select * from audit where target in (:login, :account) order by id")


@pytest.fixture
def desk(database: Database) -> LoginDesk:
    return quick_desk(database)


@pytest.fixture
async def person(database: Database) -> IssuedAccount:
    return await an_account(database, await a_bureau(database))


async def sign_in(desk: LoginDesk, person: IssuedAccount, ahead: int = 0) -> str:
    asking = request()
    token = await begin_login(desk, login=person.login, password=person.password, caller=asking)
    return await finish_login(desk, token, code=Authenticator(person.totp_secret).code(ahead), caller=asking)


async def trail(owner: AsyncConnection, person: IssuedAccount) -> list[Row[Any]]:
    asked = {"login": login_subject(person.login), "account": str(person.id)}
    return list((await owner.execute(AUDITED, asked)).all())


async def test_both_factors_open_a_session_of_the_persons_jurisdiction(desk: LoginDesk, person: IssuedAccount) -> None:
    """A bureau's inspector acts for the bureau's region, with the request's address and id."""
    asking = request()
    signed_in = await session_caller(desk.database, await sign_in(desk, person), caller=asking)
    assert signed_in is not None
    caller = signed_in.caller
    assert (caller.kind, caller.region, caller.roles) == ("bureau", "6501", frozenset({"inspector"}))
    assert (caller.actor, caller.source) == (f"account:{person.id}", asking.source)
    assert signed_in.account.name == "王芳"


async def test_a_clerk_acts_inside_the_own_organization(desk: LoginDesk, database: Database) -> None:
    """Another kind of organization, another kind of caller."""
    contractor = await a_contractor(database)
    token = await sign_in(desk, await an_account(database, contractor))
    signed_in = await session_caller(database, token)
    assert signed_in is not None
    assert (signed_in.caller.kind, signed_in.caller.tenant_id) == ("member", contractor.id)


async def test_the_first_factor_alone_opens_nothing(desk: LoginDesk, person: IssuedAccount) -> None:
    """The token between the factors is no session, and the session's token is no step towards another."""
    half = await begin_login(desk, login=person.login, password=person.password)
    assert await session_caller(desk.database, half) is None
    whole = await finish_login(desk, half, code=Authenticator(person.totp_secret).code())
    assert whole != half
    for used in (half, whole, "", "\ud800"):
        with pytest.raises(LoginExpiredError):
            await finish_login(desk, used, code=Authenticator(person.totp_secret).code(1))


async def test_a_code_works_once_even_when_sent_ten_times_at_once(desk: LoginDesk, person: IssuedAccount) -> None:
    """Read over a shoulder it is worth nothing."""
    halves = [await begin_login(desk, login=person.login, password=person.password) for _ in range(4)]
    code = Authenticator(person.totp_secret).code()
    answers = await asyncio.gather(*(finish_login(desk, half, code=code) for half in halves), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["LoginRefusedError"] * 3 + ["str"]


@pytest.mark.parametrize(
    ("login", "password"),
    [("", "wrong password"), ("nobody.here", None), ("a\0b", None), ("\ud800", None), ("x" * 5000, "y" * 100_000)],
)
async def test_a_refusal_never_says_what_was_wrong(
    desk: LoginDesk, person: IssuedAccount, login: str, password: str | None
) -> None:
    """Unknown login, wrong password, odd text: one and the same answer."""
    with pytest.raises(LoginRefusedError) as refused:
        await begin_login(desk, login=login or person.login, password=password or person.password, caller=request())
    assert str(refused.value) == str(LoginRefusedError())


async def test_login_is_read_kindly(desk: LoginDesk, person: IssuedAccount) -> None:
    """Capitals, full-width letters and outer spaces don't matter."""
    assert await begin_login(desk, login=f"  Ｗ{person.login[1:].upper()} ", password=person.password)


async def test_five_failures_bring_a_pause_alike_for_unknown_logins(desk: LoginDesk, person: IssuedAccount) -> None:
    """After it even the right password waits, with the seconds said; whether the account exists isn't."""
    for login in (person.login, f"no.{person.login}"):
        for _ in range(5):
            with pytest.raises(LoginRefusedError):
                await begin_login(desk, login=login, password="wrong password", caller=request())
        with pytest.raises(LoginPausedError) as paused:
            await begin_login(desk, login=login, password=person.password, caller=request())
        assert 25 <= paused.value.retry_after_seconds <= 30


async def test_guesses_sent_at_once_are_all_counted(desk: LoginDesk, person: IssuedAccount) -> None:
    """Twenty in parallel: at most five are looked at."""
    guesses = (begin_login(desk, login=person.login, password=f"guess {n}", caller=request()) for n in range(20))
    answers = await asyncio.gather(*guesses, return_exceptions=True)
    kinds = [type(answer).__name__ for answer in answers]
    assert kinds.count("LoginRefusedError") == 5
    assert kinds.count("LoginPausedError") == 15


async def test_a_pause_ends_and_success_forgives(
    desk: LoginDesk, person: IssuedAccount, owner: AsyncConnection
) -> None:
    """The owner gets in after the pause, and the count starts anew."""
    for _ in range(5):
        with pytest.raises(LoginRefusedError):
            await begin_login(desk, login=person.login, password="wrong password", caller=request())
    subject = {"subject": login_subject(person.login)}
    await owner.execute(sql("update login_pause set paused_until = now() where subject = :subject"), subject)
    assert await sign_in(desk, person)
    kept = await owner.execute(sql("select failures, paused_until from login_pause where subject = :subject"), subject)
    assert tuple(kept.one()) == (0, None)


async def test_guessing_codes_with_the_right_password_pauses_too(desk: LoginDesk, person: IssuedAccount) -> None:
    """The password proves nothing yet: beginning anew doesn't wipe the failures of the second factor."""

    async def guess() -> None:
        half = await begin_login(desk, login=person.login, password=person.password, caller=request())
        await finish_login(desk, half, code="000000", caller=request())

    refusals = []
    for _ in range(6):
        with pytest.raises((LoginRefusedError, LoginPausedError)) as refused:
            await guess()
        refusals.append(type(refused.value))
    assert refusals == [LoginRefusedError] * 5 + [LoginPausedError]


async def test_one_address_trying_many_logins_is_slowed_down(desk: LoginDesk) -> None:
    """Fifty failures from one address pause it, whatever logins it types."""
    asking = request()
    for n in range(50):
        with pytest.raises(LoginRefusedError):
            await begin_login(desk, login=f"spray.{n}", password="Summer-2026-x", caller=asking)
    with pytest.raises(LoginPausedError):
        await begin_login(desk, login="spray.50", password="Summer-2026-x", caller=asking)


@pytest.mark.parametrize(
    "aging",
    [
        "last_seen_at = now() - interval '31 minutes'",
        "expires_at = now() - interval '1 second'",
        "ended_at = now()",
    ],
)
async def test_a_session_ends_by_itself(
    desk: LoginDesk, person: IssuedAccount, owner: AsyncConnection, aging: str
) -> None:
    """Idle for half an hour, twelve hours old, or ended."""
    token = await sign_in(desk, person)
    signed_in = await session_caller(desk.database, token)
    assert signed_in is not None
    lasts = await owner.execute(
        sql("select expires_at - created_at from session where id = :id"), {"id": signed_in.session_id}
    )
    assert abs(lasts.scalar_one() - timedelta(hours=12)) < timedelta(minutes=1)
    await owner.execute(sql(f"update session set {aging} where id = :id"), {"id": signed_in.session_id})
    assert await session_caller(desk.database, token) is None


async def test_using_a_session_keeps_it_awake(desk: LoginDesk, person: IssuedAccount, owner: AsyncConnection) -> None:
    """A page after 29 minutes starts the half hour anew."""
    token = await sign_in(desk, person)
    signed_in = await session_caller(desk.database, token)
    assert signed_in is not None
    idle = sql("update session set last_seen_at = now() - interval '29 minutes' where id = :id")
    await owner.execute(idle, {"id": signed_in.session_id})
    assert await session_caller(desk.database, token) is not None
    since = sql("select now() - last_seen_at from session where id = :id")
    assert (await owner.execute(since, {"id": signed_in.session_id})).scalar_one() < timedelta(minutes=1)


async def test_logging_out_and_shutting_an_account_end_sessions_at_once(desk: LoginDesk, person: IssuedAccount) -> None:
    """A copied cookie is worth nothing afterwards."""
    first, second = await sign_in(desk, person), await sign_in(desk, person, ahead=1)
    signed_in = await session_caller(desk.database, first)
    assert signed_in is not None
    await end_session(desk.database, signed_in)
    assert await session_caller(desk.database, first) is None
    assert await session_caller(desk.database, second) is not None
    async with desk.database.write(OPERATOR) as session:
        await disable_user(session, person.login)
    assert await session_caller(desk.database, second) is None
    with pytest.raises(LoginRefusedError):
        await begin_login(desk, login=person.login, password=person.password, caller=request())


async def test_each_log_in_and_refusal_is_audited_without_what_was_typed(
    desk: LoginDesk, person: IssuedAccount, owner: AsyncConnection
) -> None:
    """Who or which login, from where, how it ended; no login, password or code in clear."""
    with pytest.raises(LoginRefusedError):
        await begin_login(desk, login=person.login, password="wrong password", caller=request("192.0.2.7"))
    await sign_in(desk, person)
    rows = await trail(owner, person)
    assert [(row.action, row.outcome) for row in rows] == [
        ("user.create", "ok"),
        ("login.refused", "refused"),
        ("login", "ok"),
    ]
    assert rows[1].source == "192.0.2.7"
    assert rows[2].actor == f"account:{person.id}"
    assert not any(word in str(row) for row in rows for word in (person.login, person.password, "wrong password"))
