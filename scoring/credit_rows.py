"""Rows behind a credit record, read in one statement for any number of organizations, and what each says."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

import msgspec

from hengjian.platform.db import ReadSession
from hengjian.scoring.domain.credit_events import ENGINE, CreditAct, EventKind, EventStanding, StepTaken, fold

_STEPS = """coalesce((select jsonb_agg(to_jsonb(s) order by s.seq) from credit_step s
    where s.tenant_id = t.tenant_id and s.event_id = t.id), '[]')"""
_MINE = "tenant_id = any($1::uuid[])"
# By kind of row: (organization, JSON); $1 are organizations, $2 the first day that counts.
_SOURCES: Mapping[str, str] = {
    "registration": f"""
        select tenant_id, jsonb_build_object('filed_on', min(valid_from)) from registration where {_MINE}
        group by tenant_id""",
    "push": f"""
        select tenant_id, jsonb_build_object('month', date_trunc('month', received_at at time zone 'Asia/Shanghai')::date,
          'first_day', min((received_at at time zone 'Asia/Shanghai')::date))
        from push_batch where {_MINE} and accepted > 0
        group by tenant_id, date_trunc('month', received_at at time zone 'Asia/Shanghai')""",
    "site": f"""
        select tenant_id, jsonb_build_object('ref', source_ref, 'city', city, 'since', valid_from,
          'until', nullif(valid_until, 'infinity'))
        from point where {_MINE} and valid_until > $2""",
    "job": f"""
        select tenant_id, jsonb_build_object('ref', source_ref, 'since', issued_on) from (
          select distinct on (tenant_id, source_ref) tenant_id, source_ref, issued_on from monitoring_report
          where {_MINE} order by tenant_id, source_ref, valid_from desc) t
        where issued_on >= $2
        union all
        select tenant_id, jsonb_build_object('ref', 'task:' || source_ref, 'since', planned_on, 'city', city) from (
          select distinct on (tenant_id, source_ref) tenant_id, source_ref, planned_on, city from monitoring_task
          where {_MINE} order by tenant_id, source_ref, valid_from desc) t
        where planned_on >= $2 and (
          exists (select from field_event e where e.tenant_id = t.tenant_id and e.task_ref = t.source_ref)
          or exists (select from sample s join label_event e on e.tenant_id = s.tenant_id and e.sample_ref = s.source_ref
            where s.tenant_id = t.tenant_id and s.task_ref = t.source_ref))""",
    "device": f"""
        select t.tenant_id, jsonb_build_object('ref', t.source_ref, 'name', t.name, 'since', t.commissioned_on,
          'until', nullif(t.valid_until, 'infinity'), 'city', p.city)
        from (select distinct on (tenant_id, source_ref) tenant_id, source_ref, name, commissioned_on, valid_until,
            point_ref
          from instrument where {_MINE} order by tenant_id, source_ref, valid_from desc) t
        left join lateral (select city from point p where p.tenant_id = t.tenant_id and p.source_ref = t.point_ref
          order by valid_from desc limit 1) p on true
        where t.valid_until > $2""",
    "failure": f"""
        select tenant_id, jsonb_build_object('ref', source_ref, 'device', instrument_ref, 'began_at', began_at,
          'repaired_at', repaired_at, 'description', coalesce(description, ''))
        from (select distinct on (tenant_id, source_ref) * from device_failure
          where {_MINE} order by tenant_id, source_ref, valid_from desc) t
        where (began_at at time zone 'Asia/Shanghai')::date >= $2""",
    "penalty": f"""
        select tenant_id, to_jsonb(t) || jsonb_build_object('fine', fine::text, 'steps', {_STEPS}) from penalty t
        where {_MINE}""",
    "veto": f"select tenant_id, to_jsonb(t) || jsonb_build_object('steps', {_STEPS}) from veto t where {_MINE}",
    "check": f"select tenant_id, to_jsonb(t) || jsonb_build_object('steps', {_STEPS}) from credit_check t where {_MINE}",
    "confirmed": f"""
        select f.tenant_id, jsonb_build_object('no', f.no, 'rule', f.rule_id, 'region', f.region,
          'closed_on', f.closed_on, 'confirmed_at', d.at, 'due_on', d.until)
        from finding f join lateral (select at, until from finding_decision d
          where d.tenant_id = f.tenant_id and d.finding_id = f.id and d.act = 'confirm' order by at desc limit 1) d on true
        where f.{_MINE} and f.confirmed and f.state <> 'dismissed'""",
    "year": f"""
        select g.tenant_id, jsonb_build_object('region', g.region, 'year', g.year, 'published_on', g.published_on,
          'rated', g.rated, 'confirmed', f.confirmed, 'undecided', f.undecided)
        from (select tenant_id, region, year, min(published_on) as published_on,
            (array_agg(grade order by at desc, id desc))[1] is not null as rated
          from published_grade where {_MINE} and kind = 'final' group by tenant_id, region, year) g
        cross join lateral (select count(*) filter (where confirmed) as confirmed,
            count(*) filter (where not confirmed) as undecided
          from finding f where f.tenant_id = g.tenant_id and f.region = g.region and f.state <> 'dismissed'
            and f.severity <> 'info' and f.costs_points and f.opened_on <= make_date(g.year, 12, 31)
            and coalesce(least(f.closed_on, f.frozen_on), 'infinity') > greatest(f.opened_on, make_date(g.year, 1, 1))) f""",
}
EVENTS = ("penalty", "veto", "check")
HEALTH = ("device", "failure")


class RegistrationRow(msgspec.Struct):
    """The first registration."""

    filed_on: date


class PushRow(msgspec.Struct):
    """A month with pushes, and the first day of one in it."""

    month: date
    first_day: date


class SiteRow(msgspec.Struct):
    """A point of a contractor over the days of one row; `until` excluded."""

    ref: str
    city: str
    since: date
    until: date | None


class JobRow(msgspec.Struct):
    """A report of an institution, or a task of which anything was told, with its city."""

    ref: str
    since: date
    city: str | None = None


class DeviceRow(msgspec.Struct):
    """An instrument with the city of its point."""

    ref: str
    name: str
    since: date
    until: date | None
    city: str | None = None


class FailureRow(msgspec.Struct):
    """A failure of an instrument; it lasts while `repaired_at` is None."""

    ref: str
    device: str
    began_at: datetime
    repaired_at: datetime | None
    description: str


class StepRow(msgspec.Struct):
    """A step of a person with an event."""

    seq: int
    at: datetime
    act: CreditAct
    actor: str
    actor_name: str
    document_no: str
    reason: str
    on_day: date | None = None

    def taken(self) -> StepTaken:
        """The step as the domain knows it."""
        return StepTaken(
            act=self.act, actor=self.actor, on_day=self.on_day, document_no=self.document_no, reason=self.reason
        )


class EventRow(msgspec.Struct, kw_only=True):
    """What all events have: who decided what in which region."""

    id: UUID
    region: str
    steps: list[StepRow]

    def standing_of(self, kind: EventKind, entered_by: str) -> EventStanding:
        """Where it stands by its steps."""
        return fold(EventStanding(kind=kind, entered_by=entered_by), (step.taken() for step in self.steps))


class PenaltyRow(EventRow, kw_only=True):
    """A penalty as entered; `fine` in yuan."""

    document_no: str
    measure: str
    fine: Decimal | None
    decided_on: date
    duty_done_on: date | None
    organ: str
    conduct: str | None
    summary: str
    entered_at: datetime
    entered_by: str
    entered_by_name: str

    @property
    def standing(self) -> EventStanding:
        """Where it stands; a duty done on entry is done."""
        began = EventStanding(kind=EventKind.PENALTY, entered_by=self.entered_by, duty_done_on=self.duty_done_on)
        return fold(began, (step.taken() for step in self.steps))


class VetoRow(EventRow, kw_only=True):
    """A veto item laid before people."""

    item: str
    ground: str
    rests_on: list[str]
    proposed_at: datetime
    proposed_by: str

    @property
    def standing(self) -> EventStanding:
        """Where it stands."""
        return self.standing_of(EventKind.VETO, self.proposed_by)

    @property
    def by_engine(self) -> bool:
        """Whether nobody entered it."""
        return self.proposed_by == ENGINE


class CheckRow(EventRow, kw_only=True):
    """A result of a check as entered."""

    kind: str
    document_no: str
    checked_on: date
    fit: bool
    severity: str | None
    due_on: date | None
    organ: str
    summary: str
    entered_at: datetime
    entered_by: str
    entered_by_name: str

    @property
    def standing(self) -> EventStanding:
        """Where it stands."""
        return self.standing_of(EventKind.CHECK, self.entered_by)


class ConfirmedRow(msgspec.Struct):
    """A confirmed finding with the day by which it is to be put right."""

    no: str
    rule: str
    region: str
    confirmed_at: datetime
    closed_on: date | None = None
    due_on: date | None = None


class YearRow(msgspec.Struct):
    """A year with a final result in a region, and the findings that lasted in it."""

    region: str
    year: int
    published_on: date
    rated: bool
    confirmed: int
    undecided: int


_SHAPES: Mapping[str, Any] = {
    "registration": RegistrationRow,
    "push": PushRow,
    "site": SiteRow,
    "job": JobRow,
    "device": DeviceRow,
    "failure": FailureRow,
    "penalty": PenaltyRow,
    "veto": VetoRow,
    "check": CheckRow,
    "confirmed": ConfirmedRow,
    "year": YearRow,
}
ALL = tuple(_SOURCES)
Rows = dict[str, list[Any]]


async def read_rows(
    session: ReadSession, tenant_ids: Sequence[UUID], *, since: date, kinds: Iterable[str] = ALL
) -> dict[UUID, Rows]:
    """The rows of each organization by kind, in one statement; sites, jobs, devices and failures since a day."""
    wanted = tuple(kinds)
    found: dict[UUID, Rows] = {one: {kind: [] for kind in wanted} for one in tenant_ids}
    for kind, tenant_id, text in await session.fetch_raw(_statement(wanted), list(tenant_ids), since):
        found[tenant_id][kind].append(_decoder(kind).decode(text))
    return found


@cache
def _statement(kinds: tuple[str, ...]) -> str:
    parts = (f"select '{kind}' as kind, q.* from ({_SOURCES[kind]}) q (tenant_id, held)" for kind in kinds)
    return (
        "select kind, tenant_id, held::text from ("
        + " union all ".join(parts)
        + ") every where $2::date is not null order by kind, tenant_id"
    )


@cache
def _decoder(kind: str) -> Any:
    return msgspec.json.Decoder(_SHAPES[kind])
