"""The list of a year's result: each organization as listed, as scored now, what it waits for, and what became final."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from hengjian.platform.calendar import start_of_legal_day
from hengjian.platform.db import ReadSession, literal_like, sql
from hengjian.scoring.domain.yearly_result import Entry, Tally

# What a grade waits for: an objection or appeal on a finding of the year, or an evaluation since the last decision on
# one. Set by set, so that ten thousand lines cost what one does.
_LIST = """
    with listed as (
        select tenant_id, region, year, credit_code, name, total, grade, basis_sha256, basis
          from result_entry where year = :year and by_region = :region and prepared = :prepared),
    final as (
        select distinct on (tenant_id, region) tenant_id, region, document_no, total, grade, unrated, until, at,
               dossier_path, dossier_sha256
          from published_grade where year = :year and kind = 'final' order by tenant_id, region, at desc, id desc),
    contested as (
        select tenant_id, region, count(*) as findings from finding
         where (objected or appeal_to is not null) and opened_on <= :last group by tenant_id, region),
    decided as (
        select tenant_id, region, max(at) as at,
               max(at) filter (where act in ('dismiss', 'overturn', 'amend')) as changed_at
          from finding_decision where at >= :since group by tenant_id, region),
    line as (
        select l.tenant_id, l.region, l.year, l.credit_code, l.name, l.total as listed_total, l.grade as listed_grade,
               l.basis_sha256, l.basis, s.official_total as total, s.official_grade as grade, s.unrated, s.model,
               s.model_version, coalesce(c.findings, 0) as contested, coalesce(d.at >= n.computed_at, false) as stale,
               f.document_no, f.total as final_total, f.grade as final_grade, f.unrated as final_unrated,
               f.until as final_until, f.at as final_at, f.dossier_path, f.dossier_sha256,
               f.document_no is not null as final,
               coalesce(c.findings, 0) > 0 or coalesce(d.at >= n.computed_at, false) as waits,
               coalesce(d.changed_at > f.at, false) and (f.total, f.grade, f.unrated)
                 is distinct from (s.official_total, s.official_grade, s.unrated) as moved
          from listed l
          join score s on s.tenant_id = l.tenant_id and s.region = l.region and s.month = :december
          left join standing n on n.tenant_id = l.tenant_id and n.region = l.region
          left join final f on f.tenant_id = l.tenant_id and f.region = l.region
          left join contested c on c.tenant_id = l.tenant_id and c.region = l.region
          left join decided d on d.tenant_id = l.tenant_id and d.region = l.region)
"""
_TALLY = sql(f"""{_LIST}
    select final, waits, moved, count(*) as lines, max(final_at) as last_at from line group by final, waits, moved
""")
_COLUMNS = "line.*, jsonb_array_length(basis -> 'findings') as findings"
_SOME = sql(f"{_LIST} select {_COLUMNS} from line where tenant_id = any(:ids)")
_LINES = sql(f"""{_LIST}
    select {_COLUMNS}, count(*) over () as lines from line
     where (cast(:text as text) is null or credit_code = upper(:text) or name ilike :pattern)
       and (cast(:final as boolean) is null or final = :final)
       and (cast(:waits as boolean) is null or waits = :waits)
       and (cast(:moved as boolean) is null or moved = :moved)
     order by credit_code, region limit :limit offset :offset
""")
EntryKey = tuple[UUID, str]


class Show(StrEnum):
    """Which lines of a list."""

    OPEN = "open"
    WAITS = "waits"
    FINAL = "final"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class ResultList:
    """A list: of a year, by the bureau of a region, as prepared by one step."""

    year: int
    region: str
    prepared: UUID

    @property
    def last_day(self) -> date:
        """The day as of which it is scored."""
        return date(self.year, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEntry:
    """One organization on a list: as listed, as scored now, and what became final with its dossier."""

    tenant_id: UUID
    region: str
    year: int
    credit_code: str
    name: str
    listed_total: Decimal | None
    listed_grade: str | None
    basis_sha256: str
    findings: int
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
    final_at: datetime | None
    dossier_path: str | None
    dossier_sha256: str | None
    entry: Entry

    @property
    def key(self) -> EntryKey:
        """The organization and the region that grades it."""
        return self.tenant_id, self.region


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which part of a list: `text` is in the name, or is the credit code; without a limit, all of it."""

    text: str = ""
    show: Show | None = None
    limit: int | None = None
    offset: int = 0


async def read_tally(session: ReadSession, of: ResultList) -> tuple[Tally, datetime | None]:
    """How far a list is, and when a grade on it became final last."""
    rows = await session.all(_TALLY, _asked(of))
    tally = Tally.of({Entry(row.final, row.waits, row.moved): row.lines for row in rows})
    return tally, max((row.last_at for row in rows if row.last_at), default=None)


async def read_result_list(
    session: ReadSession, of: ResultList, wanted: Wanted | None = None
) -> tuple[tuple[KnownEntry, ...], int]:
    """Lines of a list in the order of their credit codes, and how many there are in all."""
    part = wanted or Wanted()
    text = part.text.strip()[:60].replace("\0", "")
    asked = {
        **_asked(of),
        "text": text or None,
        "pattern": f"%{literal_like(text)}%",
        "final": {Show.FINAL: True, Show.OPEN: False, Show.WRONG: True}.get(part.show) if part.show else None,
        "waits": True if part.show is Show.WAITS else None,
        "moved": True if part.show is Show.WRONG else None,
        "limit": part.limit,
        "offset": part.offset,
    }
    rows = await session.all(_LINES, asked)
    return tuple(_entry(row) for row in rows), rows[0].lines if rows else 0


async def read_entries(session: ReadSession, of: ResultList, ids: Sequence[UUID]) -> dict[EntryKey, KnownEntry]:
    """The lines of some organizations on a list, by organization and region."""
    rows = await session.all(_SOME, {**_asked(of), "ids": list(ids)})
    return {(row.tenant_id, row.region): _entry(row) for row in rows}


def _asked(of: ResultList) -> dict[str, Any]:
    return {
        "year": of.year,
        "region": of.region,
        "prepared": of.prepared,
        "december": date(of.year, 12, 1),
        "last": of.last_day,
        "since": start_of_legal_day(of.last_day),
    }


def _entry(row: Row[Any]) -> KnownEntry:
    values = {name: getattr(row, name) for name in KnownEntry.__slots__ if name != "entry"}
    return KnownEntry(**values, entry=Entry(row.final, row.waits, row.moved))
