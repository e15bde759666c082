"""The result of a year in a bureau's region: prepare the list, approve or return it, decide to publish or correct."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert

from hengjian.platform.audit import record
from hengjian.platform.calendar import Calendar, legal_day
from hengjian.platform.db import Caller, Session, sql
from hengjian.platform.events import emit
from hengjian.platform.ids import uuid7
from hengjian.platform.log import append_row
from hengjian.scoring.domain.finding_life import Doer
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.yearly_result import (
    ResultAct,
    ResultRefusal,
    Terms,
    YearlyResult,
    result_after,
    result_refusal,
)
from hengjian.scoring.errors import NoCreditModelError, ResultNotReadyError, ResultRefusedError
from hengjian.scoring.finding_steps import CALENDAR, Person
from hengjian.scoring.notices import Told, give_notice
from hengjian.scoring.publish_grades import Publication, one_at_a_time, publish
from hengjian.scoring.read_result_list import Show, Wanted, read_result_list
from hengjian.scoring.read_results import KnownResult, read_yearly_result
from hengjian.scoring.result_tables import result_entry, result_step

LONGEST_REASON = 2000
# Those who were supervised on the last day: who left before, or came after, is rated where it was then.
_SCORED = sql("""
    select s.tenant_id, s.region, w.credit_code, w.name, s.official_total as total, s.official_grade as grade,
           s.unrated, s.as_of, s.model, s.model_version, s.pack_version
      from score s join supervision w on w.organization_id = s.tenant_id and w.region = s.region
       and (w.home or (w.valid_from <= :last and w.valid_until > :last))
     where s.month = :december order by w.credit_code, s.region
""")
_BASIS = sql("""
    select tenant_id, region, no, rule_id, subject, severity, opened_on, closed_on, frozen_on, costs_points from finding
     where confirmed and state <> 'dismissed' and opened_on <= :last and (closed_on is null or closed_on > :first)
       and closed_on is distinct from opened_on
     order by no
""")
_ELSEWHERE = sql("select 1 from result_entry where year = :year and by_region <> :region limit 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultStep:
    """Which step with the result of which year, and why."""

    year: int
    act: ResultAct
    reason: str = ""


async def take_result_step(
    session: Session, step: ResultStep, *, by: Person, lawbook: LawBook, now: datetime
) -> YearlyResult:
    """Take a step with the result of the caller's own region; list, notices, audit and news are written with it.

    What is to be published or corrected becomes final by the job that this makes necessary (`publish_results`).

    Raises:
        ResultRefusedError: not now, or not by this person.
        ResultNotReadyError: not everybody is scored as of 31 December yet, or another bureau has a list of the year.
        NoCreditModelError: no model is in force in the region.
    """
    caller = session.caller
    region, today = caller.region or "", legal_day(now)
    await one_at_a_time(session, region, step.year)
    found = await read_yearly_result(session, step.year, region=region)
    doer = Doer(caller.actor, by.roles, region)
    if (why := result_refusal(found.result, step.act, doer, found.tally, on=today)) is not None:
        raise ResultRefusedError(why)
    if len(step.reason) > LONGEST_REASON or "\0" in step.reason:
        raise ResultNotReadyError(
            zh=f"理由至多 {LONGEST_REASON} 字", en=f"a reason has at most {LONGEST_REASON} characters"
        )
    model = lawbook.credit_model(region=region, on=date(step.year, 12, 31))
    if model is None:
        raise NoCreditModelError(region, date(step.year, 12, 31))
    after = result_after(found.result, step.act, doer, on=today, terms=Terms.of(model.terms), calendar=CALENDAR)
    identity = uuid7()
    row = {"id": identity, "at": now, "act": step.act, "actor": caller.actor, "actor_name": by.name}
    own = {"tenant_id": caller.tenant_id, "region": region, "year": step.year}
    row = {**own, **row, "reason": step.reason.strip(), "publicity_until": after.publicity_until}
    await session.run(insert(result_step).values(row))
    await append_row(session, result_step, row, facts={"act": step.act, "year": step.year})
    await _work(session, step, identity, found, after, now=now)
    await record(session, f"result.{step.act}", target=f"{region}:{step.year}", tenant_id=caller.tenant_id)
    news = {"tenant_id": str(caller.tenant_id), "region": region, "year": step.year, "act": step.act}
    await emit(session, f"result.{step.act}", news)
    return after


async def _work(
    session: Session, step: ResultStep, identity: UUID, found: KnownResult, after: YearlyResult, *, now: datetime
) -> None:
    """What a step does to the list and to what the public sees; final grades are published in the background."""
    match step.act:
        case ResultAct.PREPARE:
            await _prepare(session, step.year, identity, region=session.caller.region or "")
        case ResultAct.APPROVE if found.listed is not None and after.publicity_until is not None:
            entries, _ = await read_result_list(session, found.listed)
            await publish(session, entries, Publication(step.year, "publicity", now, after.publicity_until))
        case ResultAct.PROPOSE_CORRECT if found.listed is not None:
            entries, _ = await read_result_list(session, found.listed, Wanted(show=Show.WRONG))
            for one in (one for one in entries if one.entry.wrong):
                told = Told(one.tenant_id, one.region, one.document_no or "")
                await give_notice(
                    session, told, "result_correct_waits", side="bureau", due_on=None, now=now, once=str(identity)
                )


def allowed_result_acts(
    found: KnownResult, *, caller: Caller, roles: frozenset[str], on: date
) -> dict[ResultAct, ResultRefusal | None]:
    """Each step of this person's roles, with why it is refused now."""
    doer = Doer(caller.actor, roles, caller.region or "")
    told = {act: result_refusal(found.result, act, doer, found.tally, on=on) for act in ResultAct}
    return {act: why for act, why in told.items() if why is not ResultRefusal.ROLE}


def legal_calendar() -> Calendar:
    """The calendar by which terms are counted."""
    return CALENDAR


async def _prepare(session: Session, year: int, prepared: UUID, *, region: str) -> None:
    """The list as it stands: official score and grade as of 31 December, and the confirmed findings behind them."""
    last = date(year, 12, 31)
    if await session.first(_ELSEWHERE, {"year": year, "region": region}):
        raise ResultNotReadyError(
            zh="其他生态环境局已编制该年度名单，其中有本辖区机构",
            en="another bureau has prepared a list of this year with organizations of this region",
        )
    scored = await session.all(_SCORED, {"december": date(year, 12, 1), "last": last})
    if not scored or any(one.as_of != last for one in scored):
        raise ResultNotReadyError(
            zh=f"还有机构没有截至 {last} 的得分；每晚 2 点自动计算，请明天再编制",
            en=f"not every organization is scored as of {last} yet; scores are made at 2 each night: prepare it tomorrow",
        )
    basis: dict[tuple[UUID, str], list[dict[str, Any]]] = {}
    for one in await session.all(_BASIS, {"first": date(year, 1, 1), "last": last}):
        basis.setdefault((one.tenant_id, one.region), []).append(_finding(one))
    rows = []
    for one in scored:
        held = {"findings": basis.get((one.tenant_id, one.region), [])}
        digest = hashlib.sha256(json.dumps(held, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
        own = {"year": year, "prepared": prepared, "by_region": region, "basis": held, "basis_sha256": digest}
        rows.append({**one._asdict(), **own})
    await session.run(insert(result_entry), rows)


def _finding(row: Row[Any]) -> dict[str, Any]:
    return {
        "no": row.no,
        "rule": row.rule_id,
        "subject": row.subject,
        "severity": row.severity,
        "opened_on": row.opened_on.isoformat(),
        "closed_on": row.closed_on and row.closed_on.isoformat(),
        "frozen_on": row.frozen_on and row.frozen_on.isoformat(),
        "costs_points": row.costs_points,
    }
