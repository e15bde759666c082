"""Counting failed log-ins before they happen: an attempt is booked first and forgiven when it succeeds.

Booked first, so that a hundred guesses sent at once are counted as a hundred. Booked for whatever login was typed,
so that a pause doesn't tell whether an account exists.
"""

import hashlib
from datetime import timedelta

from hengjian.platform.db import Database, Session, sql
from hengjian.platform.db.caller import Caller
from hengjian.tenants.domain.lockout import FORGET_AFTER, WITH_LOGIN, WITH_SOURCE, Patience, pause_after

_BOOK = sql("""
    insert into login_pause as known (subject, failures, last_failed_at) values (:subject, 1, now())
    on conflict (subject) do update set last_failed_at = now(), paused_until = null,
        failures = case when known.last_failed_at < now() - cast(:forget as interval) then 1 else known.failures + 1 end
    where known.paused_until is null or known.paused_until <= now()
    returning failures
""")
_PAUSE = sql("update login_pause set paused_until = now() + cast(:pause as interval) where subject = :subject")
_LEFT = sql("select paused_until - now() from login_pause where subject = :subject")
_FORGIVE = sql("""
    update login_pause set failures = greatest(failures - 1, 0), paused_until = null where subject = :subject
""")
_CLEAR = sql("update login_pause set failures = 0, paused_until = null where subject = :subject")


def login_subject(login: str) -> str:
    """Under which a login is counted; a fingerprint, because people also type passwords into that field."""
    return "login:" + hashlib.sha256(login.encode()).hexdigest()


def source_subject(source: str) -> str:
    """Under which an address is counted."""
    return f"source:{source}"


async def book_attempt(database: Database, caller: Caller, *, login: str) -> timedelta | None:
    """Book one attempt for the login and the caller's address; how long is left when either pauses, else None.

    An attempt during a pause doesn't lengthen that pause, so pauses end whoever keeps trying.
    """
    async with database.write(caller) as session:
        subjects = [(login_subject(login), WITH_LOGIN)]
        if caller.source:
            subjects.append((source_subject(caller.source), WITH_SOURCE))
        left = [await _book(session, subject, patience) for subject, patience in subjects]
    return max((wait for wait in left if wait is not None), default=None)


async def forgive_attempt(session: Session, *, login: str) -> None:
    """The attempt booked last was right: take it back. Earlier failures stay."""
    await session.run(_FORGIVE, {"subject": login_subject(login)})
    await session.run(_FORGIVE, {"subject": source_subject(session.caller.source)})


async def clear_login(session: Session, *, login: str) -> None:
    """Both factors were right: this login starts anew. The address doesn't: others may sit behind it."""
    await session.run(_CLEAR, {"subject": login_subject(login)})


async def _book(session: Session, subject: str, patience: Patience) -> timedelta | None:
    failures = await session.scalar(_BOOK, {"subject": subject, "forget": FORGET_AFTER})
    if failures is None:
        left: timedelta | None = await session.scalar(_LEFT, {"subject": subject})
        return left
    pause = pause_after(failures, patience)
    if pause:
        await session.run(_PAUSE, {"subject": subject, "pause": pause})
    return None
