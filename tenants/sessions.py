"""Logging in with password and one-time code, and what a session's token opens.

Everything here runs as the gate: before the caller is known it reads accounts, sessions and pauses, and nothing else.
"""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert

from hengjian.platform.audit import record, record_refusal
from hengjian.platform.db import GATE, Caller, Database, Session, sql
from hengjian.platform.ids import uuid7
from hengjian.platform.sealing import SecretBox
from hengjian.tenants.domain.logins import normalised_login
from hengjian.tenants.domain.page_requests import csrf_token
from hengjian.tenants.domain.second_factor import matching_step
from hengjian.tenants.errors import LoginExpiredError, LoginPausedError, LoginRefusedError
from hengjian.tenants.identity_tables import session as session_table
from hengjian.tenants.login_pauses import book_attempt, clear_login, forgive_attempt, login_subject
from hengjian.tenants.password_hashes import PasswordHashes

SECOND_FACTOR_WITHIN = timedelta(minutes=5)
IDLE_LIMIT = timedelta(minutes=30)
ABSOLUTE_LIMIT = timedelta(hours=12)
_SEEN_EVERY = timedelta(minutes=1)

_ACCOUNT = sql("select * from account where login = :login and disabled_at is null")
_SESSION = sql("""
    select account.*, session.id as session_id, session.last_seen_at < now() - cast(:seen_every as interval) as stale
    from session join account on account.id = session.account_id
    where session.token_digest = :digest and session.state = :state and session.ended_at is null
      and session.expires_at > now() and session.last_seen_at > now() - cast(:idle as interval) and account.disabled_at is null
""")
_SEEN = sql("update session set last_seen_at = now() where id = :id")
_END = sql("update session set ended_at = now() where id = :id and ended_at is null")
_USE_STEP = sql("update account set totp_last_step = :step where id = :id and totp_last_step < :step")


@dataclass(frozen=True)
class LoginDesk:
    """What logging in needs: the database, the password hashes and the seal over second factors."""

    database: Database
    passwords: PasswordHashes
    box: SecretBox


@dataclass(frozen=True)
class Account:
    """A person as the pages show them."""

    id: UUID
    login: str
    name: str
    locale: str
    roles: frozenset[str]


@dataclass(frozen=True)
class SignedIn:
    """Who a session belongs to. `csrf` is what the session's forms carry."""

    caller: Caller
    account: Account
    session_id: UUID
    csrf: str


async def begin_login(desk: LoginDesk, *, login: str, password: str, caller: Caller = GATE) -> str:
    """Check the password; the token with which the second factor is asked, good for five minutes and nothing else.

    `caller` is the gate with the request's source address and id.

    Raises:
        LoginRefusedError: login or password is wrong, in the same words and time.
        LoginPausedError: too many failures before.
        LoginBusyError: too many log-ins at once.
    """
    typed = normalised_login(login) or ""
    await _book(desk.database, caller, login=typed)
    async with desk.database.read(caller) as reading:
        known = await reading.first(_ACCOUNT, {"login": typed})
    if not await desk.passwords.fits(known.password_hash if known else None, password) or known is None:
        await _refuse(desk.database, caller, login=typed, reason="password" if known else "unknown")
        raise LoginRefusedError
    async with desk.database.write(caller) as session:
        await forgive_attempt(session, login=typed)
        return await _open(session, known.id, state="password_ok", lasts=SECOND_FACTOR_WITHIN)


async def finish_login(desk: LoginDesk, token: str, *, code: str, caller: Caller = GATE) -> str:
    """Check the one-time code; the token of the session, a new one so that the old is worth nothing.

    Raises:
        LoginExpiredError: the token is unknown, used or older than five minutes.
        LoginRefusedError: the code is wrong or was used before.
        LoginPausedError: too many failures before.
    """
    async with desk.database.read(caller) as reading:
        known = await _find(reading.first, token, state="password_ok")
    if known is None:
        raise LoginExpiredError
    await _book(desk.database, caller, login=known.login)
    step = matching_step(desk.box.open(known.totp_sealed, str(known.id)), code, datetime.now(UTC))
    async with desk.database.write(replace(caller, actor=f"account:{known.id}")) as session:
        opened = await _admit(session, known, step)
    if opened is None:
        await _refuse(desk.database, caller, login=known.login, reason="code" if step is None else "code_again")
        raise LoginRefusedError
    return opened


async def session_caller(database: Database, token: str, *, caller: Caller = GATE) -> SignedIn | None:
    """Who this token belongs to, or None: unknown, ended, idle for 30 minutes or 12 hours old.

    The returned caller carries the request's source address and id from `caller`.
    """
    async with database.read(caller) as reading:
        known = await _find(reading.first, token, state="second_factor_ok")
    if known is None:
        return None
    if known.stale:
        async with database.write(caller) as session:
            await session.run(_SEEN, {"id": known.session_id})
    return SignedIn(
        caller=_caller_of(known, caller),
        account=Account(
            id=known.id, login=known.login, name=known.name, locale=known.locale, roles=frozenset(known.roles)
        ),
        session_id=known.session_id,
        csrf=csrf_token(token),
    )


async def end_session(database: Database, signed_in: SignedIn) -> None:
    """Log out: from now on the token opens nothing, wherever a copy of it lies."""
    async with database.write(replace(signed_in.caller, kind="gate")) as session:
        if await session.run(_END, {"id": signed_in.session_id}):
            await record(session, "logout", target=str(signed_in.session_id))


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()


async def _find(first: Any, token: str, *, state: str) -> Row[Any] | None:
    limits = {"idle": IDLE_LIMIT, "seen_every": _SEEN_EVERY}
    found: Row[Any] | None = await first(_SESSION, {"digest": _digest(token), "state": state, **limits})
    return found


async def _open(session: Session, account_id: UUID, *, state: str, lasts: timedelta) -> str:
    token = secrets.token_urlsafe(32)
    values = {
        "id": uuid7(),
        "token_digest": _digest(token),
        "account_id": account_id,
        "state": state,
        "source": session.caller.source,
        "expires_at": datetime.now(UTC) + lasts,
    }
    await session.run(insert(session_table).values(values))
    return token


async def _admit(session: Session, known: Row[Any], step: int | None) -> str | None:
    """The new session's token, or None when there is no step or somebody used it first."""
    if step is None or not await session.run(_USE_STEP, {"id": known.id, "step": step}):
        return None
    if not await session.run(_END, {"id": known.session_id}):
        return None
    await forgive_attempt(session, login=known.login)
    await clear_login(session, login=known.login)
    token = await _open(session, known.id, state="second_factor_ok", lasts=ABSOLUTE_LIMIT)
    await record(session, "login", target=str(known.id), tenant_id=known.tenant_id)
    return token


def _caller_of(known: Row[Any], request: Caller) -> Caller:
    return replace(
        request,
        kind=known.kind,
        tenant_id=known.tenant_id,
        region=known.region,
        actor=f"account:{known.id}",
        roles=frozenset(known.roles),
    )


async def _book(database: Database, caller: Caller, *, login: str) -> None:
    left = await book_attempt(database, caller, login=login)
    if left is not None:
        await _refuse(database, caller, login=login, reason="paused")
        raise LoginPausedError(left)


async def _refuse(database: Database, caller: Caller, *, login: str, reason: str) -> None:
    await record_refusal(database, caller, "login.refused", target=login_subject(login), detail={"reason": reason})
