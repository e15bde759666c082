"""Reading findings: lists, filtered and paged, and one finding with its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from hengjian.platform.db import ReadSession, literal_like, region_range, sql

SEVERITY_ORDER = "array_position(array['critical', 'major', 'minor', 'info'], f.severity)"
_COLUMNS = """f.tenant_id, f.id, f.no, f.region, f.rule_id, f.subject_label, f.severity, f.state, f.opened_on,
    f.closed_on, f.measured, f.required, f.due_on, f.due_provisional, f.counted_under, f.counted_in"""
_NAMED = """left join standing s on s.tenant_id = f.tenant_id and s.region = f.region"""

_OPEN_FIRST = "f.closed_on is not null"
_SORTS = {
    "severity": f"{SEVERITY_ORDER} desc, f.opened_on, f.id",
    "-severity": f"{_OPEN_FIRST}, {SEVERITY_ORDER}, f.opened_on, f.id",
    "days": "f.opened_on desc, f.id",
    "-days": "f.opened_on, f.id",
    "rule": "f.rule_id, f.opened_on, f.id",
    "-rule": "f.rule_id desc, f.opened_on, f.id",
}
FINDING_SORTS = frozenset(_SORTS)

_FILTER = """
    where (cast(:tenant as uuid) is null or f.tenant_id = :tenant)
      and (cast(:low as text) is null or (f.region >= :low and f.region < :high))
      and (cast(:rule as text) is null or f.rule_id = :rule)
      and (cast(:severity as text) is null or f.severity = :severity)
      and (not :counted or f.severity <> 'info')
      and (cast(:is_open as boolean) is null or (f.closed_on is null and f.state <> 'dismissed') = :is_open)
      and (cast(:state as text) is null or f.state = :state)
      and (not :proposed or f.proposal is not null)
      and (cast(:regions as text[]) is null or f.region = any(:regions))
      and (cast(:on as date) is null or (f.opened_on <= :on and (f.closed_on is null or f.closed_on > :on)))
      and (cast(:began as date) is null or (f.opened_on >= :began and f.closed_on is distinct from f.opened_on
           and f.state <> 'dismissed' and f.severity <> 'info'))
      and (cast(:ended as date) is null or (f.closed_on >= :ended and f.closed_on > f.opened_on
           and f.state <> 'dismissed' and f.severity <> 'info'))
      and (cast(:text as text) is null or f.no like :begins or f.rule_id ilike :begins or f.subject_label ilike :pattern
           or s.name ilike :pattern or s.pinyin like :lower or s.initials like :lower or s.credit_code = :upper)"""

_ONE = sql(f"""
    select {_COLUMNS}, f.detected_at, f.judged_at, f.subject_kind, f.subject, f.unit, f.lacking, f.facts, f.pack_version,
           f.costs_points, s.name, s.credit_code, s.grade
      from finding f {_NAMED} where f.no = :no
""")
_SEVERAL = sql(f"select {_COLUMNS}, s.name, s.credit_code, s.grade from finding f {_NAMED} where f.no = any(:nos)")
_EVENTS = sql("""
    select at, event, actor from finding_event where tenant_id = :tenant and finding_id = :id
       and (:all or event <> 'return' and event not like 'propose%') order by at, id
""")
_OTHERS = sql(f"""
    select {_COLUMNS}, s.name, s.credit_code, s.grade from finding f {_NAMED}
     where f.tenant_id = :tenant and f.region = :region and f.id <> :id
     order by f.closed_on is not null, {SEVERITY_ORDER}, f.opened_on desc limit 6
""")
_NEIGHBOURS = sql(f"""
    with line as (
        select f.no, lag(f.no) over turn as before, lead(f.no) over turn as after
          from finding f where f.closed_on is null and f.state <> 'dismissed'
        window turn as (order by {SEVERITY_ORDER}, f.opened_on, f.id))
    select before, after from line where no = :no
""")
# The choice is made before the names are looked up.
_GRAVEST = sql(f"""
    select {_COLUMNS}, s.name, s.credit_code, s.grade
      from (select * from finding f where f.closed_on is null and f.state <> 'dismissed' and f.severity <> 'info'
             order by {SEVERITY_ORDER}, f.opened_on, f.id limit :limit) f
      {_NAMED} order by {SEVERITY_ORDER}, f.opened_on, f.id
""")
_BY_RULE = sql(
    "select rule_id, count(*) as findings from finding where closed_on is null and state <> 'dismissed' group by rule_id"
)
_STATE_COUNTS = """
    select f.state, count(*) as n, count(*) filter (where f.closed_on is null and f.state <> 'dismissed') as open,
           count(*) filter (where f.closed_on is null and f.state <> 'dismissed' and f.severity = 'info') as told,
           count(*) filter (where f.proposal is not null) as proposed
      from finding f
"""
_BY_STATE = sql(f"{_STATE_COUNTS} group by f.state")
_BY_STATE_AMONG = sql(f"{_STATE_COUNTS} {_NAMED}{_FILTER} group by f.state")
_INTERVALS = sql("""
    select rule_id, subject_label, severity, opened_on, closed_on, counted_under, counted_in from finding
     where tenant_id = :tenant and region = any(:regions) and (closed_on is null or closed_on > :since)
       and closed_on is distinct from opened_on
     order by opened_on
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingFilter:
    """Which findings are wanted; None is any. `regions` are exact, `region` takes all below it; `on` is a day of breach.

    `counted` leaves what the overview counts: nothing that is only told (severity `info`). `proposed` leaves those on which
    a reviewer must decide. `began` and `ended` are first days: what has been breached, or
    mended, since then, counted as the overview counts its weeks (nothing that was dismissed, corrected away, or only told).
    """

    tenant_id: UUID | None = None
    regions: Sequence[str] | None = None
    on: date | None = None
    text: str | None = None
    region: str | None = None
    rule: str | None = None
    severity: str | None = None
    counted: bool = False
    state: str | None = None
    is_open: bool | None = None
    proposed: bool = False
    began: date | None = None
    ended: date | None = None


@dataclass(frozen=True, slots=True)
class CountedIn:
    """The finding under which another of the same event counts; `no` is unknown where it was last judged long ago."""

    rule_id: str
    no: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingHead:
    """One finding in a list. Breached from `opened_on` up to, not including, `closed_on`.

    `counted_in` names the findings under which it counts, costing nothing itself; empty where it counts itself.
    """

    tenant_id: UUID
    id: UUID
    no: str
    region: str
    rule_id: str
    subject: str
    severity: str
    state: str
    opened_on: date
    closed_on: date | None
    measured: str | None
    required: str | None
    organization: str
    credit_code: str
    grade: str | None
    due_on: date | None = None
    due_provisional: bool = False
    counted_in: tuple[CountedIn, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingEvent:
    """One step in the life of a finding."""

    at: datetime
    event: str
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingDetail:
    """One finding with the facts it rests on, its history and its neighbours in the list of open ones.

    `unit` is the site or job on which it falls, as `task:…` a monitoring task.
    """

    head: FindingHead
    subject_kind: str
    subject_key: str
    unit: str | None
    lacking: tuple[str, ...]
    facts: Mapping[str, Any]
    pack_version: str
    costs_points: bool
    detected_at: datetime
    judged_at: datetime
    events: tuple[FindingEvent, ...]
    others: tuple[FindingHead, ...]
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of days on which a rule was breached; `counted_in` as of a finding, and empty where any region counts it."""

    rule_id: str
    subject: str
    severity: str
    opened_on: date
    closed_on: date | None
    counted_in: tuple[CountedIn, ...] = ()


async def list_findings(
    session: ReadSession, wanted: FindingFilter, *, sort: str, limit: int, offset: int = 0
) -> tuple[tuple[FindingHead, ...], int]:
    """A page of the findings wanted, and how many there are in all."""
    statement = sql(
        f"select {_COLUMNS}, s.name, s.credit_code, s.grade, count(*) over () as found from finding f {_NAMED}{_FILTER} "
        f"order by {_SORTS[sort]} limit :limit offset :offset"
    )
    values = {**_values(wanted), "limit": limit, "offset": offset}
    values["proposed"] = wanted.proposed and session.caller.kind != "member"
    rows = await session.all(statement, values)
    return tuple(_head(row) for row in rows), rows[0].found if rows else 0


async def findings_of(session: ReadSession, nos: Sequence[str]) -> dict[str, FindingHead]:
    """Findings by number, as far as the caller sees them."""
    rows = await session.all(_SEVERAL, {"nos": list(nos)})
    return {row.no: _head(row) for row in rows}


async def gravest_findings(session: ReadSession, *, limit: int) -> tuple[FindingHead, ...]:
    """The gravest open findings that the caller sees, the longest first; none that is only told (severity `info`)."""
    return tuple(_head(row) for row in await session.all(_GRAVEST, {"limit": limit}))


async def count_findings_by_state(session: ReadSession, wanted: FindingFilter | None = None) -> dict[str, int]:
    """Findings the caller sees by state; of a filter all counts but what it says of the state itself.

    Besides: those not closed under `open`, those of them that are only told (severity `info`) under `told`, those to be
    reviewed under `proposed`.
    """
    every = FindingFilter()
    among = every if wanted is None else replace(wanted, state=None, is_open=None, proposed=False)
    rows = await (
        session.all(_BY_STATE) if among == every else session.all(_BY_STATE_AMONG, _values(among) | {"proposed": False})
    )
    proposed = 0 if session.caller.kind == "member" else sum(row.proposed for row in rows)
    open_now = {"open": sum(row.open for row in rows), "told": sum(row.told for row in rows)}
    return {row.state: row.n for row in rows} | open_now | {"proposed": proposed}


async def open_findings_by_rule(session: ReadSession) -> dict[str, int]:
    """Open findings the caller sees, by rule."""
    return {row.rule_id: row.findings for row in await session.all(_BY_RULE)}


async def read_finding(session: ReadSession, no: str) -> FindingDetail | None:
    """One finding by its number, or None when the caller sees none."""
    row = await session.first(_ONE, {"no": no})
    if row is None:
        return None
    head = _head(row)
    events = await session.all(
        _EVENTS, {"tenant": head.tenant_id, "id": head.id, "all": session.caller.kind != "member"}
    )
    others = await session.all(_OTHERS, {"tenant": head.tenant_id, "region": head.region, "id": head.id})
    near = await session.first(_NEIGHBOURS, {"no": no})
    return FindingDetail(
        head=head,
        subject_kind=row.subject_kind,
        subject_key=row.subject,
        unit=row.unit,
        lacking=tuple(row.lacking),
        facts=row.facts,
        pack_version=row.pack_version,
        costs_points=row.costs_points,
        detected_at=row.detected_at,
        judged_at=row.judged_at,
        events=tuple(FindingEvent(at=one.at, event=one.event, actor=one.actor) for one in events),
        others=tuple(_head(one) for one in others),
        previous=near.before if near else None,
        next=near.after if near else None,
    )


async def breach_intervals_of(
    session: ReadSession, tenant_id: UUID, *, regions: Sequence[str], since: date
) -> list[Interval]:
    """Breaches of one organization that reach past a day, each once though several regions judged it."""
    values = {"tenant": tenant_id, "regions": list(regions), "since": since}
    found: dict[Interval, list[tuple[CountedIn, ...]]] = {}
    for row in await session.all(_INTERVALS, values):
        one = Interval(row.rule_id, row.subject_label, row.severity, row.opened_on, row.closed_on)
        found.setdefault(one, []).append(counted_in(row))
    return [
        replace(one, counted_in=tuple(dict.fromkeys(chain.from_iterable(under)))) if all(under) else one
        for one, under in found.items()
    ]


def _values(wanted: FindingFilter) -> dict[str, Any]:
    text = wanted.text or ""
    escaped = literal_like(text)
    return {
        "tenant": wanted.tenant_id,
        "regions": None if wanted.regions is None else list(wanted.regions),
        "on": wanted.on,
        "text": wanted.text,
        "begins": f"{escaped}%",
        "pattern": f"%{escaped}%",
        "lower": f"{escaped.lower()}%",
        "upper": text.upper(),
        "low": wanted.region,
        "high": region_range(wanted.region)[1],
        "rule": wanted.rule,
        "severity": wanted.severity,
        "counted": wanted.counted,
        "state": wanted.state,
        "is_open": wanted.is_open,
        "began": wanted.began,
        "ended": wanted.ended,
    }


def _head(row: Row[Any]) -> FindingHead:
    return FindingHead(
        tenant_id=row.tenant_id,
        id=row.id,
        no=row.no,
        region=row.region,
        rule_id=row.rule_id,
        subject=row.subject_label,
        severity=row.severity,
        state=row.state,
        opened_on=row.opened_on,
        closed_on=row.closed_on,
        measured=row.measured,
        required=row.required,
        organization=row.name or "",
        credit_code=row.credit_code or "",
        grade=row.grade,
        due_on=row.due_on,
        due_provisional=row.due_provisional,
        counted_in=counted_in(row),
    )


def counted_in(row: Row[Any]) -> tuple[CountedIn, ...]:
    """What a row of `finding` names as counting in its stead: by rule alone where it was judged before numbers were kept."""
    named = tuple(CountedIn(one["rule"], one["no"]) for one in row.counted_in or ())
    return named or tuple(CountedIn(rule) for rule in row.counted_under or ())
