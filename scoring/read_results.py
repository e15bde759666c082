"""Reading yearly results: a bureau's list with what waits, and what is public."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from hengjian.platform.db import ReadSession, literal_like, sql
from hengjian.scoring.domain.yearly_result import Entry, ResultAct, YearlyResult

_STEPS = sql("""
    select id, at, act, actor, actor_name, reason, publicity_until from result_step
     where year = :year and region = :region order by at, id
""")
# What an organization's grade waits for: an objection or appeal on a finding of the year, or a score that is older
# than the last decision on one.
_ENTRIES = sql("""
    select e.tenant_id, e.region, e.credit_code, e.name, e.total as listed_total, e.grade as listed_grade,
           e.basis_sha256, jsonb_array_length(e.basis -> 'findings') as findings,
           s.official_total as total, s.official_grade as grade, s.unrated, s.model, s.model_version,
           (select count(*) from finding f where f.tenant_id = e.tenant_id and f.region = e.region
               and (f.objected or f.appeal_to is not null) and f.opened_on <= e.as_of) as contested,
           exists (select from finding_decision d where d.tenant_id = e.tenant_id and d.region = e.region
               and d.at >= s.computed_at) as stale,
           p.document_no, p.total as final_total, p.grade as final_grade, p.unrated as final_unrated, p.until as final_until,
           exists (select from finding_decision d where d.tenant_id = e.tenant_id and d.region = e.region
               and d.act in ('dismiss', 'overturn', 'amend') and d.at > p.at) as decided_since
      from result_entry e
      join score s on s.tenant_id = e.tenant_id and s.region = e.region and s.month = :december
      left join lateral (select * from published_grade p where p.tenant_id = e.tenant_id and p.region = e.region
               and p.year = e.year and p.kind = 'final' order by p.at desc limit 1) p on true
     where e.year = :year and e.by_region = :region and e.prepared = :prepared
     order by e.credit_code, e.region
""")
_PUBLIC = sql("""
    select * from (
        select distinct on (p.tenant_id, p.region, p.year, p.kind)
               p.credit_code, p.name, p.region, p.by_region, p.year, p.kind, p.total, p.grade, p.unrated, p.model,
               p.model_version, p.document_no, p.published_on, p.until, p.replaces, p.at
          from published_grade p
         where p.kind = :kind
           and (cast(:text as text) is null or p.credit_code = upper(:text) or p.name ilike :pattern)
           and (cast(:year as integer) is null or p.year = :year)
           and (cast(:region as text) is null or p.region like :below)
         order by p.tenant_id, p.region, p.year, p.kind, p.at desc) found
     order by year desc, name, credit_code, region limit :limit offset :offset
""")
_HOW_MANY = sql("""
    select count(distinct (p.tenant_id, p.region, p.year)) from published_grade p
     where p.kind = :kind and (cast(:text as text) is null or p.credit_code = upper(:text) or p.name ilike :pattern)
       and (cast(:year as integer) is null or p.year = :year)
       and (cast(:region as text) is null or p.region like :below)
""")
_YEARS = sql("select distinct tenant_id, region, year from result_step where year >= :since order by region, year")
_ANY_LEFT = sql("""
    select 1 from result_entry e where e.year = :year and e.by_region = :region and e.prepared = :prepared
       and not exists (select from published_grade p where p.tenant_id = e.tenant_id and p.region = e.region
           and p.year = e.year and p.kind = 'final') limit 1
""")
_OVER = sql("""
    select 1 from published_grade where tenant_id = :tenant_id and region = :region and year >= :year
       and kind = 'publicity' and until < :on limit 1
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEntry:
    """One organization on a list: as listed, as scored now, and what became final."""

    tenant_id: UUID
    region: str
    credit_code: str
    name: str
    listed_total: Decimal | None
    listed_grade: str | None
    findings: int
    basis_sha256: str
    total: Decimal | None
    grade: str | None
    unrated: str | None
    model: str
    model_version: str
    contested: int
    stale: bool
    document_no: str | None
    final_total: Decimal | None
    final_grade: str | None
    final_unrated: str | None
    final_until: date | None
    decided_since: bool

    @property
    def entry(self) -> Entry:
        """What the procedure looks at."""
        published = (self.final_total, self.final_grade, self.final_unrated)
        final = self.document_no is not None
        return Entry(
            final=final,
            waits=self.contested > 0 or self.stale,
            moved=final and self.decided_since and published != (self.total, self.grade, self.unrated),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneStep:
    """A step that was taken."""

    at: datetime
    act: ResultAct
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class KnownResult:
    """The result of a year in a region: where it stands, its list, and the steps so far."""

    result: YearlyResult
    entries: tuple[KnownEntry, ...]
    steps: tuple[DoneStep, ...]


@dataclass(frozen=True, slots=True)
class Unpublished:
    """A bureau's result of a year with grades that are not final yet."""

    tenant_id: UUID
    region: str
    result: YearlyResult


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicGrade:
    """What anybody may see; `until` is the end of publicity, or of the grade's validity.

    `replaces` is the document that it corrects.
    """

    credit_code: str
    name: str
    region: str
    by_region: str
    year: int
    kind: str
    total: Decimal | None
    grade: str | None
    unrated: str | None
    model: str
    model_version: str
    document_no: str
    published_on: date
    until: date
    replaces: str | None


async def read_yearly_result(session: ReadSession, year: int, *, region: str) -> KnownResult:
    """The result of a year as the steps of the region's bureau tell it."""
    steps = await session.all(_STEPS, {"year": year, "region": region})
    result, prepared = replayed(year, steps)
    entries: Sequence[Row[Any]] = ()
    if prepared is not None:
        asked = {"year": year, "region": region, "prepared": prepared, "december": date(year, 12, 1)}
        entries = await session.all(_ENTRIES, asked)
    known = tuple(KnownEntry(**{name: getattr(one, name) for name in _ENTRY_FIELDS}) for one in entries)
    done = tuple(DoneStep(at=one.at, act=ResultAct(one.act), by=one.actor_name, reason=one.reason) for one in steps)
    return KnownResult(result, known, done)


def replayed(year: int, steps: Sequence[Row[Any]]) -> tuple[YearlyResult, UUID | None]:
    """Where the result stands after its steps, and the step that prepared the list in force."""
    result, prepared = YearlyResult(year=year), None
    for step in steps:
        match ResultAct(step.act):
            case ResultAct.PREPARE:
                result, prepared = YearlyResult(year=year, prepared_by=step.actor), step.id
            case ResultAct.APPROVE:
                result = YearlyResult(year=year, prepared_by=result.prepared_by, publicity_until=step.publicity_until)
            case ResultAct.PROPOSE_CORRECT:
                result = replace(result, correction_by=step.actor)
            case ResultAct.CORRECT:
                result = replace(result, correction_by=None)
            case ResultAct.RETURN if result.correction_by is not None:
                result = replace(result, correction_by=None)
            case ResultAct.RETURN:
                result, prepared = YearlyResult(year=year), None
            case ResultAct.PUBLISH:
                pass
    return result, prepared


async def read_unpublished(session: ReadSession, *, since: int) -> list[Unpublished]:
    """For a job that works for nobody: each list since a year that still has grades to publish."""
    found = []
    for row in await session.all(_YEARS, {"since": since}):
        steps = await session.all(_STEPS, {"year": row.year, "region": row.region})
        result, prepared = replayed(row.year, steps)
        asked = {"year": row.year, "region": row.region, "prepared": prepared}
        if prepared is not None and await session.first(_ANY_LEFT, asked):
            found.append(Unpublished(row.tenant_id, row.region, result))
    return found


async def read_public_grades(
    session: ReadSession,
    kind: str,
    *,
    text: str | None = None,
    year: int | None = None,
    region: str | None = None,
    limit: int,
    offset: int = 0,
) -> tuple[tuple[PublicGrade, ...], int]:
    """What is published now, of a kind (`final` or `publicity`), by name or credit code; and how much in all.

    `region` narrows to a region and those below it; its code has digits alone.
    """
    wanted = (text or "").strip()[:60].replace("\0", "")
    asked = {
        "kind": kind,
        "text": wanted or None,
        "pattern": f"%{literal_like(wanted)}%",
        "year": year,
        "region": region,
        "below": f"{region}%",
    }
    rows = await session.all(_PUBLIC, {**asked, "limit": limit, "offset": offset})
    found = tuple(PublicGrade(**{name: getattr(one, name) for name in PublicGrade.__slots__}) for one in rows)
    return found, await session.scalar(_HOW_MANY, asked)


async def publicity_over(session: ReadSession, tenant_id: UUID, region: str, *, year: int, on: date) -> bool:
    """Whether the publicity of the result of a year (or a later one) has ended: then nobody objects to it any more."""
    asked = {"tenant_id": tenant_id, "region": region, "year": year, "on": on}
    return await session.first(_OVER, asked) is not None


_ENTRY_FIELDS = KnownEntry.__slots__
