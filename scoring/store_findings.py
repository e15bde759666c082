"""Open, keep and close findings; their history only grows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, insert

from hengjian.platform.db import Session, sql
from hengjian.platform.ids import uuid7, uuid7s
from hengjian.scoring.domain.counting import BreachKey, key_of
from hengjian.scoring.domain.finding_life import Life, State, ended, recurred, rejudged
from hengjian.scoring.domain.reconcile import KnownFinding, reconcile
from hengjian.scoring.domain.timeline import Stretch
from hengjian.scoring.judged import Judged
from hengjian.scoring.notices import give_notice
from hengjian.scoring.stored_life import LIFE_COLUMNS, SET_LIFE, case_digest, life_of, life_values
from hengjian.scoring.stored_values import as_json, as_text
from hengjian.scoring.tables import finding, finding_event
from hengjian.tenants.api import SupervisedOrganization

ACTOR = "law-book"

_KNOWN = sql(f"""
    select tenant_id, region, no, id, rule_id, subject, opened_on, closed_on, severity, measured, required,
        decided_facts, {LIFE_COLUMNS}
      from finding
     where tenant_id = :tenant_id and region = :region and subject_kind = any(:kinds)
       and (closed_on is null or closed_on > :since)
       for update
""")
_UPDATE = sql(f"""
    update finding set opened_on = :opened_on, closed_on = :closed_on, {SET_LIFE}, severity = :severity,
        measured = :measured, required = :required, lacking = :lacking, facts = cast(:facts as jsonb),
        judged_at = :judged_at, pack_version = :pack_version, subject_label = :subject_label, unit = :unit
    where tenant_id = :tenant_id and id = :id
""")
_CLOSE = sql(f"""
    update finding set closed_on = :closed_on, {SET_LIFE}, judged_at = :judged_at
    where tenant_id = :tenant_id and id = :id
""")
_OPEN_ELSEWHERE = sql(f"""
    select id, region, {LIFE_COLUMNS} from finding where tenant_id = :tenant_id and closed_on is null
       and not (region = any(:regions) and subject_kind = any(:kinds))
       for update
""")
_FORGET_ELSEWHERE = sql("delete from judgement where tenant_id = :tenant_id and not region = any(:regions)")
# A turn that people decided on before and must look at again.
_FOR_THE_BUREAU = frozenset({State.RECTIFIED, State.DETECTED})
_NUMBERS = sql("""
    insert into number_series as n (series, last) values (:series, :count)
    on conflict (series) do update set last = n.last + excluded.last returning n.last
""")


@dataclass(frozen=True, slots=True)
class FindingChanges:
    """How many findings an evaluation opened and closed, how many are open after it, and where each breach stands."""

    opened: int
    closed: int
    still_open: int
    lives: dict[BreachKey, Life]


async def store_findings(session: Session, judged: Judged) -> FindingChanges:
    """Bring the findings of one organization in one region in line with its breaches."""
    breaches = [stretch for stretch in judged.stretches if stretch.is_breach]
    tenant_id = judged.organization.id
    asked = {"tenant_id": tenant_id, "region": judged.region, "since": judged.since}
    rows = await session.all(_KNOWN, {**asked, "kinds": sorted(judged.subject_kinds)})
    known = {row.id: row for row in rows}
    changes = reconcile(
        [KnownFinding(row.id, row.rule_id, row.subject, row.opened_on, row.closed_on) for row in rows], breaches
    )
    events: list[dict[str, Any]] = []
    await _open(session, judged, changes.opened, events)
    lives = {key_of(breach): _first(breach) for breach in changes.opened}
    closed = 0
    for found, breach in changes.kept:
        before = known[found.id]
        closed += found.closed_on is None and breach.until is not None
        lives[key_of(breach)] = await _keep(session, judged, before, breach, events)
    for found in changes.gone:
        # Of days before the span nothing new is known: what began there did happen, up to the span.
        ended_on = judged.since if found.opened_on < judged.since else None
        values = {"tenant_id": tenant_id, "id": found.id, "judged_at": judged.now}
        values |= {"closed_on": ended_on or found.opened_on, **life_values(ended(life_of(known[found.id])))}
        await session.run(_CLOSE, values)
        events.append(_event(judged, found.id, "ended" if ended_on else "corrected_away", ended_on=ended_on))
    if events:
        await session.run(insert(finding_event), events)
    still_open = sum(breach.until is None for breach in breaches)
    return FindingChanges(len(changes.opened), closed + len(changes.gone), still_open, lives)


async def _keep(
    session: Session, judged: Judged, before: Row[Any], breach: Stretch, events: list[dict[str, Any]]
) -> Life:
    """Bring one finding in line with its breach; where it stands then."""
    values = _values(judged, breach)
    opened_on = _opened_on(before, breach, judged.since)
    digest = case_digest(values["facts"], breach.severity or "", values["required"])
    new_facts = before.decided_facts is not None and before.decided_facts != digest
    life = life_of(before)
    if before.closed_on is None and breach.until is not None:
        after = ended(life)
    elif before.closed_on is not None and breach.until is None:
        after = recurred(life, new_facts=new_facts)
    else:
        after = rejudged(life, new_facts=new_facts)
    now = (opened_on, breach.until, breach.severity, values["measured"])
    if after != life or now != (before.opened_on, before.closed_on, before.severity, before.measured):
        facts = msgspec.json.encode(values["facts"]).decode()
        changed = {**values, **life_values(after), "facts": facts, "id": before.id, "opened_on": opened_on}
        await session.run(_UPDATE, changed)
        events += _events_of_change(judged, before, breach)
    if after.state is not life.state and after.state in _FOR_THE_BUREAU and (life.confirmed or life.deciders):
        once = f"{judged.today}:{before.closed_on}:{breach.until}"
        await give_notice(session, before, after.state, side="bureau", due_on=None, now=judged.now, once=once)
    return after


async def end_elsewhere(
    session: Session, organization: SupervisedOrganization, kinds: Collection[str], *, today: date, now: datetime
) -> int:
    """End today what is open where the organization is judged no more; how many ended.

    `kinds` are the kinds of subjects that it is judged by; who is no longer a contractor keeps its past. Verdicts of
    regions that judge it no more are dropped.
    """
    tenant_id = organization.id
    values = {"tenant_id": tenant_id, "regions": list(organization.judged_regions), "kinds": sorted(kinds)}
    left = await session.all(_OPEN_ELSEWHERE, values)
    for row in left:
        closed = {"tenant_id": tenant_id, "id": row.id, "judged_at": now, "closed_on": today}
        await session.run(_CLOSE, {**closed, **life_values(ended(life_of(row)))})
    if left:
        events = [_history(tenant_id, row.region, row.id, "ended", now=now, ended_on=today) for row in left]
        await session.run(insert(finding_event), events)
    await session.run(_FORGET_ELSEWHERE, {"tenant_id": tenant_id, "regions": list(organization.judged_regions)})
    return len(left)


def _opened_on(found: Row[Any], breach: Stretch, since: date) -> date:
    """A breach that fills the span from its first day may have begun before; then the finding keeps its day."""
    return min(found.opened_on, breach.first_day) if breach.first_day <= since else breach.first_day


def _first(breach: Stretch) -> Life:
    """A breach that was over before anybody knew of it is closed, as nobody confirmed it."""
    return Life() if breach.until is None else ended(Life())


async def _open(session: Session, judged: Judged, breaches: tuple[Stretch, ...], events: list[dict[str, Any]]) -> None:
    if not breaches:
        return
    series = f"WG-{judged.region:0<6}-{judged.today.year}"
    last = await session.scalar(_NUMBERS, {"series": series, "count": len(breaches)})
    new: list[dict[str, Any]] = []
    for number, (identity, breach) in enumerate(
        zip(uuid7s(len(breaches)), breaches, strict=True), start=last - len(breaches) + 1
    ):
        values = _values(judged, breach)
        new.append(
            {
                **values,
                "state": _first(breach).state,
                "region": judged.region,
                "id": identity,
                "no": f"{series}-{number:05d}",
                "rule_id": breach.rule.id,
                "subject_kind": breach.subject.kind,
                "subject": breach.subject.key,
                "opened_on": breach.first_day,
                "detected_at": judged.now,
                "costs_points": breach.rule.costs_points,
            }
        )
        events.append(_event(judged, identity, "detected"))
        if breach.until is not None:
            events.append(_event(judged, identity, "ended", ended_on=breach.until))
    await session.run(insert(finding), new)


def _values(judged: Judged, breach: Stretch) -> dict[str, Any]:
    return {
        "tenant_id": judged.organization.id,
        "subject_label": breach.subject.label,
        "unit": breach.subject.unit,
        "severity": breach.severity,
        "closed_on": breach.until,
        "judged_at": judged.now,
        "measured": as_text(breach.verdict.measured),
        "required": as_text(breach.verdict.required),
        "lacking": list(breach.verdict.lacking),
        "facts": as_json(breach.facts),
        "pack_version": judged.pack_version,
    }


def _events_of_change(judged: Judged, found: Row[Any], breach: Stretch) -> list[dict[str, Any]]:
    if found.closed_on is None and breach.until is not None:
        return [_event(judged, found.id, "ended", ended_on=breach.until)]
    if found.closed_on is not None and breach.until is None:
        return [_event(judged, found.id, "reopened")]
    return [_event(judged, found.id, "rejudged", ended_on=breach.until)]


def _event(judged: Judged, finding_id: UUID, event: str, *, ended_on: date | None = None) -> dict[str, Any]:
    return _history(judged.organization.id, judged.region, finding_id, event, now=judged.now, ended_on=ended_on)


def _history(
    tenant_id: UUID, region: str, finding_id: UUID, event: str, *, now: datetime, ended_on: date | None
) -> dict[str, Any]:
    last_day = None if ended_on is None else str(ended_on - timedelta(days=1))
    return {
        "tenant_id": tenant_id,
        "region": region,
        "finding_id": finding_id,
        "id": uuid7(),
        "at": now,
        "event": event,
        "actor": ACTOR,
        "detail": {"last_day": last_day} if last_day else {},
    }
