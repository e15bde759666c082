"""Open, keep and close findings; their history only grows."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from hengjian.platform.db import ReadSession, Session
from hengjian.platform.ids import uuid7s
from hengjian.scoring.bulk_rows import insert_rows, update_rows
from hengjian.scoring.domain.counting import BreachKey, counted_elsewhere, key_of
from hengjian.scoring.domain.facts import FACTS
from hengjian.scoring.domain.finding_life import Life, State, ended, recurred, rejudged
from hengjian.scoring.domain.reconcile import Changes, KnownFinding, reconcile
from hengjian.scoring.domain.timeline import Stretch
from hengjian.scoring.judged import Judged
from hengjian.scoring.notices import Told, notice_row
from hengjian.scoring.stored_life import LIFE_COLUMNS, LifeRow, case_digest, life_of, life_values
from hengjian.scoring.stored_values import as_json, as_text
from hengjian.scoring.tables import finding, finding_event, notice
from hengjian.tenants.api import SupervisedOrganization

ACTOR = "law-book"

_LASTED = f"""
    select {LIFE_COLUMNS}, tenant_id, region, no, id, rule_id, subject_kind, subject, opened_on, closed_on, severity,
        measured, required, decided_facts, counted_in::text
      from finding where tenant_id = any($1::uuid[]) and (closed_on is null or closed_on > $2)
     order by tenant_id, id
"""
_FOR_WRITING = f"{_LASTED} for update"
_DECODER = msgspec.json.Decoder(list[dict[str, str | None]])
# A turn that people decided on before and must look at again.
_FOR_THE_BUREAU = frozenset({State.RECTIFIED, State.DETECTED})
_NUMBERS = """
    insert into number_series as n (series, last)
    select series, count from unnest($1::text[], $2::int[]) as wanted (series, count) order by series
    on conflict (series) do update set last = n.last + excluded.last returning n.series, n.last
"""
_Other = tuple[str, UUID]


class StoredFinding(LifeRow, frozen=True, gc=False):
    """A finding as it is stored, as far as a judgement asks; the columns follow those of its life."""

    tenant_id: UUID
    region: str
    no: str
    id: UUID
    rule_id: str
    subject_kind: str
    subject: str
    opened_on: date
    closed_on: date | None
    severity: str
    measured: str | None
    required: str | None
    decided_facts: str | None
    counted_in: str


@dataclass(frozen=True, slots=True)
class FindingChanges:
    """How many findings an evaluation opened and closed, how many are open after it, and where each breach stands."""

    opened: int
    closed: int
    still_open: int
    lives: dict[BreachKey, Life]


@dataclass(slots=True)
class FindingWrites:
    """What a judgement writes to findings, for all its organizations together."""

    opened: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    closed: list[dict[str, Any]] = field(default_factory=list)
    counted: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)
    numbers: dict[UUID, str] = field(default_factory=dict)
    """Of the findings that others may count under, as far as they have one."""


async def known_findings(
    session: ReadSession, ids: Sequence[UUID], *, since: date, for_writing: bool = False
) -> dict[UUID, list[StoredFinding]]:
    """By organization the findings that lasted on some day from `since` on; for writing kept from other writers."""
    found: dict[UUID, list[StoredFinding]] = defaultdict(list)
    statement = _FOR_WRITING if for_writing else _LASTED
    for row in await session.fetch_raw(statement, list(ids), since):
        found[row["tenant_id"]].append(StoredFinding(*row))
    return found


def lives_of(breaches: Sequence[Stretch], known: Iterable[StoredFinding]) -> dict[BreachKey, Life]:
    """Where each breach of one organization in one region would stand once its findings are in line; nothing is written.

    Args:
        breaches: all of them.
        known: the findings of the region, on subjects of the kinds by which the organization is judged.
    """
    here = {row.id: row for row in known}
    return _lives(_matched(here, breaches), here)


def bring_in_line(judged: Judged, known: Iterable[StoredFinding], writes: FindingWrites) -> FindingChanges:
    """What brings the findings of one organization in one region in line with its breaches."""
    here = {row.id: row for row in known if row.region == judged.region and row.subject_kind in judged.subject_kinds}
    breaches = judged.breaches
    changes = _matched(here, breaches)
    lives = _lives(changes, here)
    closed = 0
    for found, breach in changes.kept:
        closed += found.closed_on is None and breach.until is not None
        _keep(judged, here[found.id], breach, lives[key_of(breach)], writes)
    for found in changes.gone:
        # Of days before the span nothing new is known: what began there did happen, up to the span.
        ended_on = judged.since if found.opened_on < judged.since else None
        _close(writes, here[found.id], closed_on=ended_on or found.opened_on, now=judged.now)
        writes.events.append(_event(judged, found.id, "ended" if ended_on else "corrected_away", ended_on=ended_on))
    opened = list(zip(uuid7s(len(changes.opened)), changes.opened, strict=True))
    kept = [(found.id, breach) for found, breach in changes.kept]
    writes.numbers |= {identity: here[identity].no for identity, _ in kept}
    under = _under(breaches, lives, [*opened, *kept])
    _open(judged, opened, writes, under)
    for identity, breach in kept:
        others = under.get(key_of(breach), [])
        if _counted_in(others, writes.numbers) != _DECODER.decode(here[identity].counted_in):
            key = {"tenant_id": judged.organization.id, "id": identity}
            writes.counted.append({**key, **_counted(others)})
    still_open = sum(breach.until is None for breach in breaches)
    return FindingChanges(len(changes.opened), closed + len(changes.gone), still_open, lives)


def end_elsewhere(
    organization: SupervisedOrganization,
    kinds: frozenset[str],
    known: Iterable[StoredFinding],
    writes: FindingWrites,
    *,
    today: date,
    now: datetime,
) -> int:
    """End today what is open where the organization is judged no more; how many ended.

    `kinds` are the kinds of subjects that it is judged by; who is no longer a contractor keeps its past.
    """
    left = [
        row
        for row in known
        if row.closed_on is None and not (row.region in organization.judged_regions and row.subject_kind in kinds)
    ]
    for row in left:
        _close(writes, row, closed_on=today, now=now)
        writes.events.append(_history(row.tenant_id, row.region, row.id, "ended", now=now, ended_on=today))
    return len(left)


async def write_findings(session: Session, writes: FindingWrites) -> None:
    """Give the new findings their numbers and write everything, one statement a table and sort of change."""
    await _number(session, writes.opened)
    writes.numbers |= {row["id"]: row["no"] for row in writes.opened}
    for row in (*writes.opened, *writes.counted):
        row["counted_in"] = _counted_in(row["counted_in"], writes.numbers)
    await insert_rows(session, finding, writes.opened)
    await update_rows(session, finding, writes.changed)
    await update_rows(session, finding, writes.closed)
    await update_rows(session, finding, writes.counted)
    events = zip(uuid7s(len(writes.events)), writes.events, strict=True)
    await insert_rows(session, finding_event, [{**event, "id": identity} for identity, event in events])
    await insert_rows(session, notice, writes.notices, on_conflict="on conflict do nothing")


async def _number(session: Session, opened: Sequence[dict[str, Any]]) -> None:
    """Replace the series in `no` by the next numbers; gap-free, as they are taken in this transaction."""
    wanted = Counter(row["no"] for row in opened)
    if not wanted:
        return
    taken = await session.fetch_raw(_NUMBERS, list(wanted), list(wanted.values()))
    following = {row["series"]: row["last"] - wanted[row["series"]] for row in taken}
    for row in opened:
        following[row["no"]] += 1
        row["no"] = f"{row['no']}-{following[row['no']]:05d}"


def _matched(here: Mapping[UUID, StoredFinding], breaches: Sequence[Stretch]) -> Changes:
    findings = [KnownFinding(row.id, row.rule_id, row.subject, row.opened_on, row.closed_on) for row in here.values()]
    return reconcile(findings, breaches)


def _lives(changes: Changes, here: Mapping[UUID, StoredFinding]) -> dict[BreachKey, Life]:
    lives = {key_of(breach): _first(breach) for breach in changes.opened}
    return lives | {key_of(breach): _next(here[found.id], breach) for found, breach in changes.kept}


def _next(before: StoredFinding, breach: Stretch) -> Life:
    """Where a finding stands once it is in line with its breach."""
    new_facts = before.decided_facts is not None and before.decided_facts != _digest(breach)
    life = life_of(before)
    if before.closed_on is None and breach.until is not None:
        return ended(life)
    if before.closed_on is not None and breach.until is None:
        return recurred(life, new_facts=new_facts)
    return rejudged(life, new_facts=new_facts)


def _keep(judged: Judged, before: StoredFinding, breach: Stretch, after: Life, writes: FindingWrites) -> None:
    """Bring one finding in line with its breach, after which it stands as told."""
    opened_on = _opened_on(before, breach, judged.since)
    life = life_of(before)
    measured = as_text(breach.verdict.measured)
    moved = after != life or (opened_on, breach.until, breach.severity) != (
        before.opened_on,
        before.closed_on,
        before.severity,
    )
    if moved or measured != before.measured:
        values = {**_values(judged, breach), **life_values(after)}
        writes.changed.append({**values, "id": before.id, "opened_on": opened_on})
    if moved or (measured != before.measured and not _advances(breach)):
        writes.events += _events_of_change(judged, before, breach)
    if after.state is not life.state and after.state in _FOR_THE_BUREAU and (life.confirmed or life.deciders):
        once = f"{judged.today}:{before.closed_on}:{breach.until}"
        told = Told(before.tenant_id, before.region, before.no, before.rule_id)
        writes.notices.append(notice_row(told, after.state, side="bureau", due_on=None, now=judged.now, once=once))


def _advances(breach: Stretch) -> bool:
    """Whether what is measured moves on by itself: a history of nights says nothing."""
    measured = breach.rule.rule.measured
    return measured is not None and any(name in FACTS and FACTS[name].advances for name in measured.names)


def _digest(breach: Stretch) -> str:
    return case_digest(as_json(breach.facts), breach.severity or "", as_text(breach.verdict.required))


def _close(writes: FindingWrites, row: StoredFinding, *, closed_on: date, now: datetime) -> None:
    values = {"tenant_id": row.tenant_id, "id": row.id, "judged_at": now, "closed_on": closed_on}
    writes.closed.append({**values, **life_values(ended(life_of(row)))})


def _opened_on(found: StoredFinding, breach: Stretch, since: date) -> date:
    """A breach that fills the span from its first day may have begun before; then the finding keeps its day."""
    return min(found.opened_on, breach.first_day) if breach.first_day <= since else breach.first_day


def _first(breach: Stretch) -> Life:
    """A breach that was over before anybody knew of it is closed, as nobody confirmed it."""
    return Life() if breach.until is None else ended(Life())


def _under(
    breaches: Sequence[Stretch], lives: Mapping[BreachKey, Life], found: Iterable[tuple[UUID, Stretch]]
) -> dict[BreachKey, list[_Other]]:
    """The breaches that count under others, with rule and identity of the findings of these."""
    counted = counted_elsewhere(breaches, lives)
    identities = {key_of(breach): identity for identity, breach in found} if counted else {}
    return {key: [(other[0], identities[other]) for other in others] for key, others in counted.items()}


def _counted(others: Sequence[_Other]) -> dict[str, Any]:
    """The columns that tell under what a finding counts; numbers follow once all are given (see `write_findings`)."""
    return {"counted_under": list(dict.fromkeys(rule for rule, _ in others)), "counted_in": others}


def _counted_in(others: Iterable[_Other], numbers: Mapping[UUID, str]) -> list[dict[str, str | None]]:
    return [{"rule": rule, "no": numbers.get(identity)} for rule, identity in others]


def _open(
    judged: Judged,
    opened: Iterable[tuple[UUID, Stretch]],
    writes: FindingWrites,
    under: Mapping[BreachKey, Sequence[_Other]],
) -> None:
    """The new findings, each with its series for a number (see `_number`)."""
    series = f"WG-{judged.region:0<6}-{judged.today.year}"
    for identity, breach in opened:
        writes.opened.append(
            {
                **_values(judged, breach),
                "state": _first(breach).state,
                "region": judged.region,
                "id": identity,
                "no": series,
                "rule_id": breach.rule.id,
                "subject_kind": breach.subject.kind,
                "subject": breach.subject.key,
                "opened_on": breach.first_day,
                "detected_at": judged.now,
                "costs_points": breach.rule.costs_points,
                **_counted(under.get(key_of(breach), ())),
            }
        )
        writes.events.append(_event(judged, identity, "detected"))
        if breach.until is not None:
            writes.events.append(_event(judged, identity, "ended", ended_on=breach.until))


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


def _events_of_change(judged: Judged, found: StoredFinding, breach: Stretch) -> list[dict[str, Any]]:
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
        "at": now,
        "event": event,
        "actor": ACTOR,
        "detail": {"last_day": last_day} if last_day else {},
    }
