"""A bureau's steps: notify, propose, confirm, dismiss, suspend, send back, resume, verify, close; each with its reason."""

from datetime import date, datetime

from sqlalchemy import insert

from hengjian.platform.db import Session
from hengjian.platform.ids import uuid7
from hengjian.platform.log import append_row
from hengjian.scoring.domain.finding_life import Act
from hengjian.scoring.errors import StatementRefusedError
from hengjian.scoring.finding_steps import Person, Taken, take_step
from hengjian.scoring.tables import finding_decision

LONGEST_REASON = 2000
NEEDS_REASON = frozenset(Act) - {Act.NOTIFY, Act.STATE, Act.OBJECT}
NEEDS_DAY = frozenset({Act.PROPOSE_SUSPEND})


async def decide_finding(
    session: Session, no: str, act: Act, *, by: Person, reason: str, until: date | None, now: datetime
) -> Taken:
    """Take a bureau's step and keep who took it, when, why and on which facts.

    Raises:
        UnknownFindingError: there is none that the caller sees.
        StepRefusedError: not now, or not by this person.
        StatementRefusedError: the reason is missing or too long, or a suspension has no end.
    """
    why = reason.strip()
    if (act in NEEDS_REASON and not why) or len(why) > LONGEST_REASON or "\0" in why:
        raise StatementRefusedError(
            zh=f"请写明理由，至多 {LONGEST_REASON} 字", en=f"give a reason of at most {LONGEST_REASON} characters"
        )
    if act in NEEDS_DAY and until is None:
        raise StatementRefusedError(zh="请写明暂缓到哪一天", en="say until which day it is suspended")
    taken = await take_step(session, no, act, by=by, now=now, until=until)
    found = taken.found
    row = {
        "tenant_id": found.tenant_id,
        "region": found.region,
        "finding_id": found.id,
        "id": uuid7(),
        "at": now,
        "act": act,
        "actor": session.caller.actor,
        "actor_name": by.name,
        "reason": why,
        "until": until or taken.life.due_on,
        "facts_sha256": taken.digest,
        "pack_version": found.pack_version,
    }
    await session.run(insert(finding_decision).values(row))
    await append_row(session, finding_decision, row, facts={"finding": found.no, "act": act})
    return taken
