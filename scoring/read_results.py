"""Reading yearly results: where a bureau's stands by its steps, and what is public."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from hengjian.platform.db import ReadSession, literal_like, region_range, sql
from hengjian.scoring.domain.yearly_result import ResultAct, Tally, YearlyResult
from hengjian.scoring.read_result_list import ResultList, read_tally

_STEPS = sql("""
    select id, at, act, actor, actor_name, reason, publicity_until from result_step
     where year = :year and region = :region order by at, id
""")
# Of several grades of a year the last one published stands; the filter on the grade is one of those that stand.
_STANDING = """
    select distinct on (p.tenant_id, p.region, p.year)
           p.credit_code, p.name, p.region, p.by_region, p.year, p.kind, p.total, p.grade, p.unrated, p.model,
           p.model_version, p.document_no, p.published_on, p.until, p.replaces, p.dossier_sha256
      from published_grade p
     where p.kind = :kind
       and (cast(:text as text) is null or p.credit_code = upper(:text) or p.name ilike :pattern)
       and (cast(:year as integer) is null or p.year = :year)
       and (cast(:region as text) is null or p.region like :below)
       and (cast(:tenant_id as uuid) is null or p.tenant_id = :tenant_id)
     order by p.tenant_id, p.region, p.year, p.at desc, p.id desc
"""
_PUBLIC = sql(f"""
    select found.*, count(*) over () as lines from ({_STANDING}) found
     where cast(:grade as text) is null or coalesce(grade, 'N') = :grade
     order by year desc, name, credit_code, region limit :limit offset :offset
""")
_HOW_MANY = sql(f"""
    select count(*) from ({_STANDING}) found where cast(:grade as text) is null or coalesce(grade, 'N') = :grade
""")
_YEARS = sql("select distinct tenant_id, region, year from result_step where year >= :since order by region, year")
_ANY_LEFT = sql("""
    select 1 from result_entry e where e.year = :year and e.by_region = :region and e.prepared = :prepared
       and not exists (select from published_grade p where p.tenant_id = e.tenant_id and p.region = e.region
           and p.year = e.year and p.kind = 'final') limit 1
""")
_DOSSIER = sql("""
    select document_no, dossier_path, dossier_sha256 from published_grade
     where tenant_id = :tenant_id and year = :year and kind = 'final'
       and (cast(:region as text) is null or region = :region)
     order by at desc, id desc limit 1
""")
_LEFT = sql("""
    select w.credit_code, w.name, w.region, max(w.valid_until) as left_on, count(*) over () as organizations
      from supervision w
     where not w.home and w.region >= :low and w.region < :high
       and w.valid_from <= :last and w.valid_until > :first and w.valid_until > w.valid_from
       and not exists (select from supervision s where s.organization_id = w.organization_id
           and left(s.region, 4) = left(w.region, 4) and s.valid_from <= :last and s.valid_until > :last)
     group by w.organization_id, w.credit_code, w.name, w.region order by w.credit_code, w.region limit :limit
""")
_OVER = sql("""
    select 1 from published_grade where tenant_id = :tenant_id and region = :region and year >= :year
       and kind = 'publicity' and until < :on limit 1
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneStep:
    """A step that was taken."""

    at: datetime
    act: ResultAct
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class KnownResult:
    """The result of a year in a region: where it stands, its list and how far that is, and the steps so far.

    `last_final_at` is when a grade became final last.
    """

    result: YearlyResult
    listed: ResultList | None
    tally: Tally
    last_final_at: datetime | None
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

    `replaces` is the document that it corrects, `dossier_sha256` the digest of the file that recomputes it.
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
    dossier_sha256: str | None


@dataclass(frozen=True, slots=True)
class FinalDossier:
    """The file that was kept with a final grade, and the document that published it."""

    document_no: str
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class LeftInYear:
    """An organization that a region supervised during a year and not on its last day, so does not grade."""

    credit_code: str
    name: str
    region: str
    left_on: date


async def read_left(
    session: ReadSession, year: int, *, region: str, limit: int = 100
) -> tuple[tuple[LeftInYear, ...], int]:
    """Who left a region, or one below it, before the end of a year, and how many in all; its home region grades it."""
    low, high = region_range(region)
    asked = {"low": low, "high": high, "first": date(year, 1, 1), "last": date(year, 12, 31), "limit": limit}
    rows = await session.all(_LEFT, asked)
    left = tuple(LeftInYear(row.credit_code, row.name, row.region, row.left_on) for row in rows)
    return left, rows[0].organizations if rows else 0


async def read_yearly_result(session: ReadSession, year: int, *, region: str) -> KnownResult:
    """The result of a year as the steps of the region's bureau tell it."""
    steps = await session.all(_STEPS, {"year": year, "region": region})
    result, prepared = replayed(year, steps)
    listed = None if prepared is None else ResultList(year, region, prepared)
    tally, last_final_at = (Tally(), None) if listed is None else await read_tally(session, listed)
    done = tuple(DoneStep(at=one.at, act=ResultAct(one.act), by=one.actor_name, reason=one.reason) for one in steps)
    return KnownResult(result, listed, tally, last_final_at, done)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeFilter:
    """Which published grades: of a kind (`final` or `publicity`), by name or credit code, year, region and grade.

    `region` takes those below it too, its code has digits alone; grade `N` is not rated; `tenant_id` leaves those of one
    organization.
    """

    kind: str = "final"
    text: str = ""
    year: int | None = None
    region: str | None = None
    grade: str | None = None
    tenant_id: UUID | None = None


async def read_public_grades(
    session: ReadSession, wanted: GradeFilter, *, limit: int | None, offset: int = 0
) -> tuple[tuple[PublicGrade, ...], int]:
    """What is published now, and how much in all: the newest year first, then by name; without a limit, everything."""
    text = wanted.text.strip()[:60].replace("\0", "")
    asked = {
        "kind": wanted.kind,
        "text": text or None,
        "pattern": f"%{literal_like(text)}%",
        "year": wanted.year,
        "region": wanted.region,
        "below": f"{wanted.region}%",
        "grade": wanted.grade,
        "tenant_id": wanted.tenant_id,
    }
    rows = await session.all(_PUBLIC, {**asked, "limit": limit, "offset": offset})
    found = tuple(PublicGrade(**{name: getattr(one, name) for name in PublicGrade.__slots__}) for one in rows)
    return found, rows[0].lines if rows else await session.scalar(_HOW_MANY, asked) if offset else 0


async def find_final_dossier(
    session: ReadSession, tenant_id: UUID, year: int, *, region: str | None = None
) -> FinalDossier | None:
    """The dossier kept with the final grade of a year that stands; None without one that the caller sees."""
    row = await session.first(_DOSSIER, {"tenant_id": tenant_id, "year": year, "region": region})
    if row is None or row.dossier_path is None:
        return None
    return FinalDossier(row.document_no, row.dossier_path, row.dossier_sha256)


async def publicity_over(session: ReadSession, tenant_id: UUID, region: str, *, year: int, on: date) -> bool:
    """Whether the publicity of the result of a year (or a later one) has ended: then nobody objects to it any more."""
    asked = {"tenant_id": tenant_id, "region": region, "year": year, "on": on}
    return await session.first(_OVER, asked) is not None
