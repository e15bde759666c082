"""The result of a year in a bureau's region: prepare the list, approve or return it, publish the grades."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert

from hengjian.platform.audit import record
from hengjian.platform.calendar import Calendar, legal_day
from hengjian.platform.db import Caller, Session, sql
from hengjian.platform.events import emit
from hengjian.platform.ids import uuid7, uuid7s
from hengjian.platform.log import append_row, append_rows
from hengjian.scoring.domain.finding_life import Doer
from hengjian.scoring.domain.functions import add_months
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
from hengjian.scoring.read_results import KnownEntry, KnownResult, read_yearly_result
from hengjian.scoring.result_tables import published_grade, result_entry, result_step
from hengjian.scoring.tables import notice

LONGEST_REASON = 2000
_VALID_MONTHS = 12
_LOCK = "select pg_advisory_xact_lock(hashtextextended('result' || $1::text, 0))"
_SCORED = sql("""
    select s.tenant_id, s.region, n.credit_code, n.name, s.official_total as total, s.official_grade as grade,
           s.unrated, s.as_of, s.model, s.model_version, s.pack_version
      from score s join standing n on n.tenant_id = s.tenant_id and n.region = s.region
     where s.month = :december order by n.credit_code, s.region
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

    Raises:
        ResultRefusedError: not now, or not by this person.
        ResultNotReadyError: not everybody is scored as of 31 December yet, or another bureau has a list of the year.
        NoCreditModelError: no model is in force in the region.
    """
    caller = session.caller
    region, today = caller.region or "", legal_day(now)
    await session.fetch_raw(_LOCK, f"{region}:{step.year}")
    found = await read_yearly_result(session, step.year, region=region)
    doer = Doer(caller.actor, by.roles, region)
    entries = [one.entry for one in found.entries]
    if (why := result_refusal(found.result, step.act, doer, entries, on=today)) is not None:
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
    await emit(session, f"result.{step.act}", {"region": region, "year": step.year})
    return after


async def _work(
    session: Session, step: ResultStep, identity: UUID, found: KnownResult, after: YearlyResult, *, now: datetime
) -> None:
    """What a step does to the list and to what the public sees."""
    match step.act:
        case ResultAct.PREPARE:
            await _prepare(session, step.year, identity, region=session.caller.region or "")
        case ResultAct.APPROVE if after.publicity_until is not None:
            await _publish(session, found.entries, "publicity", until=after.publicity_until, now=now, year=step.year)
        case ResultAct.PROPOSE_CORRECT:
            for one in found.entries:
                if one.entry.wrong:
                    told = Told(one.tenant_id, one.region, one.document_no or "")
                    await give_notice(
                        session, told, "result_correct_waits", side="bureau", due_on=None, now=now, once=str(identity)
                    )
        case ResultAct.CORRECT:
            wrong = [one for one in found.entries if one.entry.wrong]
            await _publish(session, wrong, "final", until=None, now=now, year=step.year)
        case ResultAct.PUBLISH:
            ready = [one for one in found.entries if one.entry.ready]
            await _publish(
                session, ready, "final", until=add_months(legal_day(now), _VALID_MONTHS), now=now, year=step.year
            )


def allowed_result_acts(
    found: KnownResult, *, caller: Caller, roles: frozenset[str], on: date
) -> dict[ResultAct, ResultRefusal | None]:
    """Each step of this person's roles, with why it is refused now."""
    doer = Doer(caller.actor, roles, caller.region or "")
    entries = [one.entry for one in found.entries]
    told = {act: result_refusal(found.result, act, doer, entries, on=on) for act in ResultAct}
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
    scored = await session.all(_SCORED, {"december": date(year, 12, 1)})
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


async def _publish(
    session: Session, entries: Sequence[KnownEntry], kind: str, *, until: date | None, now: datetime, year: int
) -> None:
    """Show entries to the public, as they are scored now, and tell each organization.

    Without `until` each takes the place of the grade published before, to the same day.
    """
    region, today = session.caller.region or "", legal_day(now)
    count = await session.scalar(_NUMBERS, {"year": year, "region": region, "kind": kind})
    head = f"{'PJ' if kind == 'final' else 'GS'}-{region:0<6}-{year}"
    rows, notices = [], []
    for number, (one, identity) in enumerate(zip(entries, uuid7s(len(entries)), strict=True), start=count + 1):
        document_no = f"{head}-{number:05d}"
        rows.append(
            {
                "tenant_id": one.tenant_id,
                "region": one.region,
                "year": year,
                "id": identity,
                "kind": kind,
                "by_region": region,
                "credit_code": one.credit_code,
                "name": one.name,
                "total": one.total,
                "grade": one.grade,
                "unrated": one.unrated,
                "model": one.model,
                "model_version": one.model_version,
                "document_no": document_no,
                "published_on": today,
                "until": until or one.final_until or today,
                "replaces": one.document_no if until is None else None,
                "at": now,
            }
        )
        notices.append(
            {
                "tenant_id": one.tenant_id,
                "region": one.region,
                "id": uuid7(),
                "at": now,
                "side": "organization",
                "kind": "result_corrected" if until is None else f"result_{kind}",
                "finding_no": document_no,
                "rule_id": "",
                "due_on": until if kind == "publicity" else None,
                "dedupe": f"{document_no}:{identity}",
            }
        )
    await session.run(insert(published_grade), rows)
    await append_rows(session, published_grade, rows)
    await session.run(insert(notice), notices)


_NUMBERS = sql("select count(*) from published_grade where year = :year and by_region = :region and kind = :kind")
