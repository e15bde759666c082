"""A bureau's steps: notify, propose, confirm, dismiss, suspend, send back, resume, verify, close; each with its reason."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert

from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Session, sql
from hengjian.platform.ids import uuid7
from hengjian.platform.log import append_row
from hengjian.scoring.accepted_facts import accept_fact
from hengjian.scoring.appeal_effect import effects_on_appeal, write_effect
from hengjian.scoring.domain.contest import ContestedFact, read_contest, write_contest
from hengjian.scoring.domain.finding_life import ON_APPEAL, Act, Refusal
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.errors import StatementRefusedError, StepRefusedError
from hengjian.scoring.finding_steps import Person, Taken, take_step
from hengjian.scoring.tables import finding_decision

LONGEST_REASON = 2000
NEEDS_REASON = frozenset(Act) - {Act.NOTIFY, Act.STATE, Act.OBJECT, Act.APPEAL}
NEEDS_DAY = frozenset({Act.PROPOSE_SUSPEND})
_PROPOSED_FACT = sql("""
    select d.accepted from finding_decision d
      join finding f on f.tenant_id = d.tenant_id and f.id = d.finding_id
     where f.no = :no and d.act = 'propose_amend' order by d.at desc, d.id desc limit 1
""")


@dataclass(frozen=True, slots=True)
class OnAppeal:
    """What a step on appeal needs: the law-book to judge again by, and the fact that an inspector proposes to accept."""

    lawbook: LawBook
    accepted: ContestedFact | None = None


async def decide_finding(
    session: Session,
    no: str,
    act: Act,
    *,
    by: Person,
    reason: str,
    until: date | None,
    now: datetime,
    appeal: OnAppeal | None = None,
) -> Taken:
    """Take a bureau's step and keep who took it, when, why and on which facts.

    A decision on appeal keeps the score before and after it. What a reviewer accepts is what was proposed, and the
    organization is judged by it from then on.

    Raises:
        UnknownFindingError: there is none that the caller sees.
        StepRefusedError: not now, or not by this person.
        StatementRefusedError: the reason is missing or too long, or a suspension has no end.
    """
    why = _checked_reason(act, reason, until)
    accepted = appeal.accepted if appeal and act is Act.PROPOSE_AMEND else None
    if act is Act.PROPOSE_AMEND and accepted is None:
        raise StatementRefusedError(
            zh="请写明采信的事实、数值和起止日期", en="say which fact is accepted, its value and its days"
        )
    if act is Act.AMEND:
        accepted = await _proposed_fact(session, no)
    effect = None
    if act in ON_APPEAL and appeal is not None:
        effect = (await effects_on_appeal(session, no, accepted, lawbook=appeal.lawbook, today=legal_day(now))).get(act)
    taken = await take_step(session, no, act, by=by, now=now, until=until)
    if act is Act.AMEND and accepted is not None:
        if await _proposed_fact(session, no) != accepted:  # another fact was proposed before the row was locked
            raise StepRefusedError(Refusal.NO_PROPOSAL)
        await accept_fact(session, taken, accepted)
    row = _decision(taken, act, by=by, why=why, until=until, now=now) | {
        "actor": session.caller.actor,
        "accepted": None if accepted is None else write_contest(accepted),
        "effect": write_effect(effect),
    }
    await session.run(insert(finding_decision).values(row))
    await append_row(session, finding_decision, row, facts={"finding": taken.found.no, "act": act})
    return taken


async def _proposed_fact(session: Session, no: str) -> ContestedFact | None:
    return read_contest(await session.scalar(_PROPOSED_FACT, {"no": no}))


def _checked_reason(act: Act, reason: str, until: date | None) -> str:
    why = reason.strip()
    if (act in NEEDS_REASON and not why) or len(why) > LONGEST_REASON or "\0" in why:
        raise StatementRefusedError(
            zh=f"请写明理由，至多 {LONGEST_REASON} 字", en=f"give a reason of at most {LONGEST_REASON} characters"
        )
    if act in NEEDS_DAY and until is None:
        raise StatementRefusedError(zh="请写明暂缓到哪一天", en="say until which day it is suspended")
    return why


def _decision(taken: Taken, act: Act, *, by: Person, why: str, until: date | None, now: datetime) -> dict[str, Any]:
    found = taken.found
    return {
        "tenant_id": found.tenant_id,
        "region": found.region,
        "finding_id": found.id,
        "id": uuid7(),
        "at": now,
        "act": act,
        "actor_name": by.name,
        "reason": why,
        "until": until or taken.life.due_on,
        "facts_sha256": taken.digest,
        "pack_version": found.pack_version,
    }
