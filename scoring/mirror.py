"""The regulator's mirror: how often its confirmations were undone, how long it takes, and what is overdue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from hengjian.platform.calendar import start_of_legal_day
from hengjian.platform.db import ReadSession, sql

# One row a finding that a bureau decided since a day. Undone is a confirmation that an objection or an appeal took
# back, or that an appeal put on other facts; `by` is who proposed it first.
_CASES = """
    with decided as (
        select tenant_id, finding_id,
               min(at) filter (where act in ('confirm', 'dismiss')) as decided_at,
               min(at) filter (where act = 'confirm') as confirmed_at,
               max(at) filter (where act in ('dismiss', 'overturn', 'amend')) as undone_at,
               (array_agg(actor order by at, id) filter (where act = 'propose_confirm'))[1] as by,
               (array_agg(actor_name order by at, id) filter (where act = 'propose_confirm'))[1] as by_name
          from finding_decision where at >= :since group by tenant_id, finding_id),
    cases as (
        select f.no, f.rule_id, f.region, d.by, d.by_name, d.decided_at, d.confirmed_at is not null as confirmed,
               coalesce(d.undone_at > d.confirmed_at, false) as undone,
               extract(epoch from d.decided_at - f.detected_at) / 86400 as days,
               f.tenant_id
          from decided d join finding f on f.tenant_id = d.tenant_id and f.id = d.finding_id)
"""
_KEYS = {"rule": ("rule_id", "rule_id"), "by": ("by", "by_name"), "region": ("region", "region")}
_MEDIAN = sql(f"""{_CASES}
    select count(*) as decided, percentile_cont(0.5) within group (order by days)::numeric(12, 1) as median
      from cases where decided_at is not null
""")
# What a bureau had to do by a day that is over: after a statement period to propose, on an objection or appeal to decide.
_IS_OVERDUE = "f.due_on < :today and (f.state = 'notified' or f.objected or f.appeal_to is not null)"
_OVERDUE = sql(f"select count(*) from finding f where {_IS_OVERDUE}")
_NO_DATA = sql("""
    select rule_id, count(*) as subjects, count(distinct tenant_id) as organizations from judgement
     where verdict = 'no_data' group by rule_id order by subjects desc, rule_id limit 15
""")
_NO_DATA_BEHIND = sql("""
    select s.name, s.credit_code, j.subject_label as subject, j.missing, count(*) over () as found
      from judgement j join standing s on s.tenant_id = j.tenant_id and s.region = j.region
     where j.verdict = 'no_data' and j.rule_id = :rule
     order by s.name, s.credit_code, j.subject limit :limit offset :offset
""")
_BEHIND = {
    "confirmed": "c.confirmed",
    "undone": "c.undone",
    "decided": "c.decided_at is not null",
}
MIRROR_LISTS = frozenset({*_BEHIND, "overdue"})
MirrorKey = Literal["rule", "by", "region"]


@dataclass(frozen=True, slots=True)
class Undone:
    """Of the confirmations under a key how many were undone."""

    key: str
    name: str
    confirmed: int
    undone: int


@dataclass(frozen=True, slots=True)
class NoData:
    """How many subjects of how many organizations a rule could not judge."""

    rule_id: str
    subjects: int
    organizations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirror:
    """The bureau's own figures since a day; `median_days` from detection to decision is None before any decision."""

    by_rule: tuple[Undone, ...]
    by_inspector: tuple[Undone, ...]
    by_region: tuple[Undone, ...]
    no_data: tuple[NoData, ...]
    decided: int
    median_days: Decimal | None
    overdue: int


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A subject that a rule could not judge, and the facts that were missing."""

    organization: str
    credit_code: str
    subject: str
    missing: tuple[str, ...]


async def read_mirror(session: ReadSession, *, since: date, today: date) -> Mirror:
    """The figures of the caller's region; `since` and `today` are legal days."""
    median = await session.first(_MEDIAN, {"since": start_of_legal_day(since)})
    return Mirror(
        by_rule=await _undone(session, "rule", since),
        by_inspector=await _undone(session, "by", since),
        by_region=await _undone(session, "region", since),
        no_data=tuple(NoData(one.rule_id, one.subjects, one.organizations) for one in await session.all(_NO_DATA)),
        decided=median.decided if median else 0,
        median_days=median.median if median else None,
        overdue=await session.scalar(_OVERDUE, {"today": today}),
    )


async def findings_behind(
    session: ReadSession,
    what: str,
    *,
    key: tuple[MirrorKey, str] | None,
    since: date,
    today: date,
    page: tuple[int, int],
) -> tuple[Sequence[str], int]:
    """The numbers of the findings behind a figure (one of `MIRROR_LISTS`), and how many there are.

    `key` narrows it to one rule, inspector or region; `page` is limit and offset.
    """
    limit, offset = page
    asked = {
        "since": start_of_legal_day(since),
        "today": today,
        "limit": limit,
        "offset": offset,
        "key": key[1] if key else "",
    }
    if what == "overdue":
        rows = await session.all(
            sql(f"""
                select f.no, count(*) over () as found from finding f where {_IS_OVERDUE}
                 order by f.due_on, f.no limit :limit offset :offset
            """),
            asked,
        )
    else:
        narrowed = f"and c.{_KEYS[key[0]][0]} = :key" if key else ""
        rows = await session.all(
            sql(f"""{_CASES}
                select c.no, count(*) over () as found from cases c where {_BEHIND[what]} {narrowed}
                 order by c.decided_at desc, c.no limit :limit offset :offset
            """),
            asked,
        )
    return [row.no for row in rows], rows[0].found if rows else 0


async def unjudged_behind(
    session: ReadSession, rule: str, *, page: tuple[int, int]
) -> tuple[tuple[Unjudged, ...], int]:
    """The subjects that a rule could not judge, and how many there are."""
    rows = await session.all(_NO_DATA_BEHIND, {"rule": rule, "limit": page[0], "offset": page[1]})
    found = tuple(Unjudged(one.name, one.credit_code, one.subject, tuple(one.missing)) for one in rows)
    return found, rows[0].found if rows else 0


async def _undone(session: ReadSession, key: MirrorKey, since: date) -> tuple[Undone, ...]:
    column, name = _KEYS[key]
    statement = sql(f"""{_CASES}
        select {column} as key, max({name}) as name, count(*) as confirmed, count(*) filter (where undone) as undone
          from cases where confirmed and {column} is not null group by {column}
         order by count(*) filter (where undone)::numeric / count(*) desc, count(*) desc, {column} limit 50
    """)
    rows = await session.all(statement, {"since": start_of_legal_day(since)})
    return tuple(Undone(row.key, row.name or row.key, row.confirmed, row.undone) for row in rows)
