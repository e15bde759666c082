"""The steps of people with a change of a rule: each checked, kept, audited and told in one transaction."""

from dataclasses import astuple
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from hengjian.platform.audit import record
from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Session, sql
from hengjian.platform.events import emit
from hengjian.platform.ids import uuid7
from hengjian.platform.log import append_row
from hengjian.scoring.changes.check import ChangeCheck, check
from hengjian.scoring.changes.overlay import edition_on, pack_for
from hengjian.scoring.changes.stored import StoredChange, book_without, content_of, find_change, version_of
from hengjian.scoring.changes.tables import rule_change, rule_change_step, rule_impact
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.rule_change import (
    ChangeAct,
    ChangeKind,
    ChangeRefusal,
    ChangeState,
    NewChange,
    Standing,
    Taker,
    change_refusal,
)
from hengjian.scoring.errors import ChangeRefusedError, ChangeUnsoundError
from hengjian.scoring.finding_steps import Person
from hengjian.scoring.lawbook_content import canonical_json
from hengjian.scoring.notices import Told, give_notice

IMPACT_WANTED = "rule_change.impact_wanted"
APPROVED = "rule_change.approved"
_LONGEST_TEXT = 2_000
_COUNT = "select count(*) from rule_change where region = $1 and no like $2 || '%'"
_BUREAU = sql("select name from organization where id = :id")
_REWRITE = sql("""
    update rule_change set rule_id = :rule_id, kind = :kind, from_day = :from_day, ends = :ends,
        content = cast(:content as jsonb), version = :version, state = 'draft', drafted_by = :drafted_by,
        drafted_by_name = :drafted_by_name
     where tenant_id = :tenant_id and id = :id
""")
_SET_STATE = sql("update rule_change set state = :state where tenant_id = :tenant_id and id = :id")
_SUBMIT = sql(
    "update rule_change set state = 'submitted', submitted_by = :by where tenant_id = :tenant_id and id = :id"
)
_APPROVE = sql("""
    update rule_change set state = 'approved', approved_by = :by, approved_by_name = :name, approved_at = :at
     where tenant_id = :tenant_id and id = :id
""")


async def draft_change(session: Session, new: NewChange, *, by: Person, book: LawBook, now: datetime) -> str:
    """Draft a change for the caller's bureau and region; its number.

    Raises:
        ChangeRefusedError: the person is no rule author, or belongs to no bureau.
        ChangeUnsoundError: it lacks a reason, a clause or what its kind needs.
        UnknownRuleError: there is no such rule.
    """
    caller, today = session.caller, legal_day(now)
    if caller.tenant_id is None or not caller.region or caller.kind != "bureau":
        raise ChangeRefusedError(ChangeRefusal.OTHER_BUREAU)
    _refuse(_new_standing(new, caller.actor), ChangeAct.DRAFT, session, by, today=today)
    _sound(new, caller.region, book=book, today=today)
    await session.lock(f"rule_change{caller.region}")
    series = f"BG-{caller.region:0<6}-{today.year}-"
    taken = (await session.fetch_raw(_COUNT, caller.region, series))[0]["count"]
    no, identity = f"{series}{taken + 1:05d}", uuid7()
    values = {
        **_said(new, caller.region),
        "tenant_id": caller.tenant_id,
        "region": caller.region,
        "id": identity,
        "no": no,
        "bureau": await session.scalar(_BUREAU, {"id": caller.tenant_id}) or "",
        "state": ChangeState.DRAFT.value,
        "drafted_by": caller.actor,
        "drafted_by_name": by.name,
        "drafted_at": now,
    }
    await session.run(insert(rule_change).values(values))
    await _trace(session, no, identity, ChangeAct.DRAFT, by=by, now=now, reason=new.reason, version=values["version"])
    return no


async def redraft_change(
    session: Session, no: str, new: NewChange, *, by: Person, book: LawBook, now: datetime
) -> None:
    """Write a draft anew; whatever was checked of it no longer counts, and who wrote it last is its drafter.

    Raises:
        UnknownChangeError: there is none that the caller sees.
        ChangeRefusedError: not now, or not by this person.
        ChangeUnsoundError: it lacks a reason, a clause or what its kind needs.
    """
    found = await _for_step(session, no, ChangeAct.DRAFT, by, now)
    _sound(new, found.region, book=book, today=legal_day(now))
    values = _said(new, found.region)
    key = {"tenant_id": found.tenant_id, "id": found.id}
    who = {"drafted_by": session.caller.actor, "drafted_by_name": by.name}
    await session.run(_REWRITE, {**values, **key, **who, "content": canonical_json(values["content"])})
    await _trace(
        session, no, found.id, ChangeAct.DRAFT, by=by, now=now, reason=new.reason, version=str(values["version"])
    )


async def draft_switch_off(
    session: Session, no: str, *, from_day: date, reason: str, clause: str, by: Person, book: LawBook, now: datetime
) -> str:
    """Draft the end of a change from a day on; it goes the same way as any change. Its number.

    Raises:
        As `draft_change`, and UnknownChangeError: there is no such change.
    """
    found = await find_change(session, no)
    new = NewChange(
        rule_id=found.new.rule_id, kind=ChangeKind.END, from_day=from_day, reason=reason, clause=clause, ends=no
    )
    return await draft_change(session, new, by=by, book=book, now=now)


async def check_change(session: Session, no: str, *, by: Person, book: LawBook, now: datetime) -> ChangeCheck:
    """Run the check; when it is sound the change may go on.

    Raises:
        UnknownChangeError: there is none that the caller sees.
        ChangeRefusedError: not now, or not by this person.
    """
    found = await _for_step(session, no, ChangeAct.CHECK, by, now)
    others_book, others = await book_without(session, book, no)
    result = check(others_book, found.in_book, others)
    state = ChangeState.CHECKED if result.ok else ChangeState.DRAFT
    await session.run(_SET_STATE, {"state": state.value, "tenant_id": found.tenant_id, "id": found.id})
    reason = "" if result.ok else result.problems[0].zh
    await _trace(session, no, found.id, ChangeAct.CHECK, by=by, now=now, reason=reason, version=found.version)
    return result


async def start_impact(session: Session, no: str, *, by: Person, now: datetime) -> UUID:
    """Want the impact on the last twelve months; a job reckons it. The preview's id.

    Raises:
        UnknownChangeError: there is none that the caller sees.
        ChangeRefusedError: not now, or not by this person.
    """
    found = await _for_step(session, no, ChangeAct.IMPACT, by, now)
    today, identity = legal_day(now), uuid7()
    values = {
        "tenant_id": found.tenant_id,
        "region": found.region,
        "change_id": found.id,
        "id": identity,
        "version": found.version,
        "state": "waiting",
        "since": date(today.year - 1, today.month, 1),
        "until": today,
        "done": 0,
        "total": 0,
        "started_at": now,
        "summary": {},
    }
    await session.run(insert(rule_impact).values(values))
    await _trace(session, no, found.id, ChangeAct.IMPACT, by=by, now=now, reason="", version=found.version)
    await emit(session, IMPACT_WANTED, {"tenant_id": str(found.tenant_id), "impact_id": str(identity)})
    return identity


async def submit_change(session: Session, no: str, *, by: Person, book: LawBook, now: datetime) -> None:
    """Send a checked and previewed change to the second person.

    Raises:
        UnknownChangeError, ChangeRefusedError, ChangeUnsoundError: as for checking; it is checked once more.
    """
    found = await _for_step(session, no, ChangeAct.SUBMIT, by, now)
    await _still_sound(session, found, book)
    await session.run(_SUBMIT, {"by": session.caller.actor, "tenant_id": found.tenant_id, "id": found.id})
    await _trace(session, no, found.id, ChangeAct.SUBMIT, by=by, now=now, reason="", version=found.version)
    told = Told(found.tenant_id, found.region, no)
    await give_notice(session, told, "change_submitted", side="bureau", due_on=None, now=now, once=str(now))


async def approve_change(session: Session, no: str, *, by: Person, book: LawBook, now: datetime) -> None:
    """Put a change in force from its day; the shadow days begin, and whom it moves is told.

    Raises:
        UnknownChangeError, ChangeRefusedError, ChangeUnsoundError: as for checking; it is checked once more.
    """
    await session.lock("rule_changeapproval")
    found = await _for_step(session, no, ChangeAct.APPROVE, by, now)
    await _still_sound(session, found, book)
    values = {"by": session.caller.actor, "name": by.name, "at": now}
    await session.run(_APPROVE, {**values, "tenant_id": found.tenant_id, "id": found.id})
    await _trace(session, no, found.id, ChangeAct.APPROVE, by=by, now=now, reason="", version=found.version)
    await emit(session, APPROVED, {"tenant_id": str(found.tenant_id), "no": no, "change_id": str(found.id)})


async def return_change(session: Session, no: str, *, reason: str, by: Person, now: datetime) -> None:
    """Send a change back to its author, with a reason.

    Raises:
        UnknownChangeError, ChangeRefusedError: as for checking.
        ChangeUnsoundError: there is no reason.
    """
    await _end_step(session, no, ChangeAct.RETURN, ChangeState.DRAFT, reason=reason, by=by, now=now)


async def withdraw_change(session: Session, no: str, *, reason: str, by: Person, now: datetime) -> None:
    """Take a change back before its day, with a reason; nobody was ever judged by it.

    Raises:
        UnknownChangeError, ChangeRefusedError: as for checking.
        ChangeUnsoundError: there is no reason.
    """
    await _end_step(session, no, ChangeAct.WITHDRAW, ChangeState.WITHDRAWN, reason=reason, by=by, now=now)


async def _end_step(
    session: Session, no: str, act: ChangeAct, state: ChangeState, *, reason: str, by: Person, now: datetime
) -> None:
    found = await _for_step(session, no, act, by, now)
    _text(reason, zh="请写明理由", en="give the reason")
    await session.run(_SET_STATE, {"state": state.value, "tenant_id": found.tenant_id, "id": found.id})
    await _trace(session, no, found.id, act, by=by, now=now, reason=reason, version=found.version)


async def _for_step(session: Session, no: str, act: ChangeAct, by: Person, now: datetime) -> StoredChange:
    found = await find_change(session, no, for_step=True)
    _refuse(found.standing(session.caller.tenant_id), act, session, by, today=legal_day(now))
    return found


def _refuse(standing: Standing, act: ChangeAct, session: Session, by: Person, *, today: date) -> None:
    why = change_refusal(standing, act, Taker(session.caller.actor, by.roles), today=today)
    if why is not None:
        raise ChangeRefusedError(why)


def _new_standing(new: NewChange, actor: str) -> Standing:
    return Standing(
        state=ChangeState.DRAFT,
        from_day=new.from_day,
        until=None,
        drafted_by=actor,
        submitted_by=None,
        own=True,
        previewed=False,
    )


async def _still_sound(session: Session, found: StoredChange, book: LawBook) -> None:
    others_book, others = await book_without(session, book, found.no)
    result = check(others_book, found.in_book, others)
    if not result.ok:
        problem = result.problems[0]
        raise ChangeUnsoundError(zh=problem.zh, en=problem.en)


def _sound(new: NewChange, region: str, *, book: LawBook, today: date) -> None:
    """What can be told at once, without running anything."""
    _text(new.reason, zh="请写明变更理由", en="give the reason for the change")
    _text(new.clause, zh="请写明依据条款", en="give the clause that the change rests on")
    _storable(*(value for value in astuple(new) if isinstance(value, str)))
    if new.from_day <= today:
        raise ChangeUnsoundError(zh="生效日最早为明天", en="the first day is tomorrow at the earliest")
    pack_for(book, new.rule_id, region)
    edition_on(book, new.rule_id, region, new.from_day)
    needed = {
        ChangeKind.PARAMETER: ("参数与新值", "a parameter and its new value", new.parameter and new.value),
        ChangeKind.SEVERITY: ("新的严重程度", "the new severity", new.severity),
        ChangeKind.TEXT: ("规则正文", "the rule's text", new.text),
        ChangeKind.END: ("所停用变更的编号", "the number of the change that it ends", new.ends),
    }
    if new.kind in needed and not needed[new.kind][2].strip():
        zh, en, _ = needed[new.kind]
        raise ChangeUnsoundError(zh=f"请填写{zh}", en=f"give {en}")


def _text(text: str, *, zh: str, en: str) -> None:
    if not text.strip():
        raise ChangeUnsoundError(zh=zh, en=en)
    _storable(text)
    if len(text) > _LONGEST_TEXT:
        raise ChangeUnsoundError(zh=f"文字超过 {_LONGEST_TEXT} 字", en=f"the text is longer than {_LONGEST_TEXT}")


def _storable(*texts: str) -> None:
    if any("\0" in text for text in texts):
        raise ChangeUnsoundError(
            zh="文字含有不能保存的控制字符（NUL），请删除后再提交",
            en="a text holds the control character NUL, which cannot be kept: remove it",
        )


def _said(new: NewChange, region: str) -> dict[str, Any]:
    """The columns that follow from what a change says."""
    return {
        "rule_id": new.rule_id,
        "kind": new.kind.value,
        "from_day": new.from_day,
        "ends": new.ends or None,
        "content": content_of(new),
        "version": version_of(new, region),
    }


async def _trace(
    session: Session, no: str, change_id: UUID, act: ChangeAct, *, by: Person, now: datetime, reason: str, version: str
) -> None:
    caller = session.caller
    step = {"change_id": change_id, "id": uuid7(), "at": now, "act": act.value, "actor": caller.actor}
    own = {"tenant_id": caller.tenant_id, "region": caller.region}
    told = {"actor_name": by.name, "reason": reason, "version": version}
    row = {**own, **step, **told}
    await session.run(insert(rule_change_step).values(row))
    await append_row(session, rule_change_step, row, facts={"no": no, "act": act.value, "version": version})
    await record(session, f"rule_change.{act}", target=no, detail={"version": version})
