"""What scoring does by itself: judge an organization after its push, and everybody each night."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import structlog

from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Caller, Database
from hengjian.platform.jobs import enqueue_all
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.evaluate import evaluate_organization, evaluate_slice, slices
from hengjian.scoring.remind import REMIND_RESULTS as REMIND_RESULTS
from hengjian.scoring.remind import remind_of_due, remind_of_results
from hengjian.tenants.api import supervised_ids

_log = structlog.get_logger()
EVALUATE = "scoring.evaluate"
EVALUATE_ALL = "scoring.evaluate_all"
EVALUATE_MANY = "scoring.evaluate_many"
EVALUATE_IN_TURN = "scoring.evaluate_in_turn"
REMIND = "scoring.remind"
REMIND_ALL = "scoring.remind_all"


async def evaluate(database: Database, payload: Mapping[str, Any], *, lawbook: LawBook) -> None:
    """Judge the organization `tenant_id`, `anew` when that is asked for.

    Twice at once is harmless: the second waits and changes nothing.
    """
    tenant_id, anew = UUID(payload["tenant_id"]), bool(payload.get("anew"))
    async with database.write(Caller(kind="slice", tenants=(tenant_id, tenant_id), actor=EVALUATE)) as session:
        await evaluate_organization(session, tenant_id, lawbook=lawbook, anew=anew)


async def evaluate_all(database: Database) -> None:
    """Queue an evaluation of every supervised organization: time alone turns a pass into a breach.

    Slice by slice, under a name of their own, so that those of a night don't stand before somebody's push.
    """
    async with database.write(Caller(kind="job", actor=EVALUATE_ALL)) as session:
        everybody = await supervised_ids(session)
        payloads = {str(ids[0]): {"ids": [str(one) for one in ids]} for ids in slices(everybody)}
        await enqueue_all(session, EVALUATE_MANY, payloads)


def anew_on(ids: Iterable[UUID], day: date) -> frozenset[UUID]:
    """Those of whom nothing is carried over in the night of a day: each of them once in seven nights."""
    return frozenset(one for one in ids if (one.int + day.toordinal()) % 7 == 0)


async def evaluate_many(database: Database, payload: Mapping[str, Any], *, lawbook: LawBook) -> None:
    """Judge the organizations `ids` in one transaction, a seventh of them as if they had never been judged.

    When that fails nothing of it is kept, and each is queued by itself: those that can be judged are, and the job of
    the one that cannot stays in the queue under its name for a person to see.
    """
    ids, now = sorted(UUID(one) for one in payload["ids"]), datetime.now(UTC)
    anew = anew_on(ids, legal_day(now))
    try:
        async with database.write(Caller(kind="slice", tenants=(ids[0], ids[-1]), actor=EVALUATE_MANY)) as session:
            await evaluate_slice(session, ids, lawbook=lawbook, now=now, anew=anew)
    except Exception:  # noqa: BLE001  # whatever it is, it may concern one organization only
        await _log.aexception("evaluate.slice_failed", first=str(ids[0]), last=str(ids[-1]), organizations=len(ids))
        async with database.write(Caller(kind="job", actor=EVALUATE_MANY)) as session:
            await enqueue_all(
                session, EVALUATE_IN_TURN, {str(one): {"tenant_id": str(one), "anew": one in anew} for one in ids}
            )


async def remind(database: Database, payload: Mapping[str, Any]) -> None:
    """Give notice of what is due in the organization `tenant_id`. Twice gives no notice twice."""
    tenant_id = UUID(payload["tenant_id"])
    async with database.write(Caller(kind="job", tenant_id=tenant_id, actor=REMIND)) as session:
        await remind_of_due(session, tenant_id, now=datetime.now(UTC))


async def remind_all(database: Database) -> None:
    """Queue the reminders of every supervised organization."""
    async with database.write(Caller(kind="job", actor=REMIND_ALL)) as session:
        everybody = await supervised_ids(session)
        await enqueue_all(session, REMIND, {str(one): {"tenant_id": str(one)} for one in everybody})


async def remind_results(database: Database, *, lawbook: LawBook) -> None:
    """Remind bureaus of the grades that they have to publish. Twice gives no notice twice."""
    await remind_of_results(database, lawbook=lawbook, now=datetime.now(UTC))
