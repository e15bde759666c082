"""Whom reports are about: every bureau and organization, and who is supervised in a caller's region."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from hengjian.platform.db import ReadSession, sql

_ALL = sql("select id, credit_code, name, kinds, region, demo from organization order by credit_code")
_ONE = sql("select id, credit_code, name, kinds, region, demo from organization where credit_code = :credit_code")
_BY_ID = sql("select id, credit_code, name, kinds, region, demo from organization where id = :id")
_BUREAU = sql("""
    select id, credit_code, name, kinds, region, demo from organization
     where region = :region and 'BUREAU' = any(kinds) order by credit_code limit 1
""")
_BUREAU_OVER = sql("""
    select id, credit_code, name, kinds, region, demo from organization
     where region = any(:regions) and 'BUREAU' = any(kinds) order by length(region) desc, credit_code limit 1
""")
_SUPERVISED = sql("""
    select organization_id as id, credit_code, name, kinds,
           (array_agg(region order by home desc, region))[1] as region
      from supervision
     where valid_until > :since
     group by organization_id, credit_code, name, kinds
     order by credit_code
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSubject:
    """A bureau or organization; `region` is its home, or for a bureau its jurisdiction."""

    id: UUID
    credit_code: str
    name: str
    kinds: frozenset[str]
    region: str
    demo: bool = False

    @property
    def is_bureau(self) -> bool:
        """Whether its report is about its region."""
        return "BUREAU" in self.kinds


async def every_subject(session: ReadSession) -> tuple[ReportSubject, ...]:
    """Everybody there is; for jobs, which alone see all."""
    return tuple(_subject(row._asdict()) for row in await session.all(_ALL))


async def subject_by_credit_code(session: ReadSession, credit_code: str) -> ReportSubject | None:
    """The organization with this credit code, or None."""
    row = await session.first(_ONE, {"credit_code": credit_code})
    return None if row is None else _subject(row._asdict())


async def subject_by_id(session: ReadSession, subject_id: UUID) -> ReportSubject | None:
    """The organization with this id, or None."""
    row = await session.first(_BY_ID, {"id": subject_id})
    return None if row is None else _subject(row._asdict())


async def bureau_of_region(session: ReadSession, region: str) -> ReportSubject | None:
    """The bureau whose jurisdiction is exactly this region, or None."""
    row = await session.first(_BUREAU, {"region": region})
    return None if row is None else _subject(row._asdict())


async def bureau_over(session: ReadSession, region: str) -> ReportSubject | None:
    """The nearest bureau that answers for a region: its own, else its city's, else its province's."""
    regions = [region[:length] for length in (2, 4, 6) if length <= len(region)]
    row = await session.first(_BUREAU_OVER, {"regions": regions})
    return None if row is None else _subject(row._asdict())


async def supervised_since(session: ReadSession, since: date) -> tuple[ReportSubject, ...]:
    """Who has been supervised in the caller's region on some day from `since` on, by credit code.

    An organization entered later belongs too: its registers may tell of earlier days.
    """
    return tuple(_subject(row._asdict()) for row in await session.all(_SUPERVISED, {"since": since}))


def _subject(row: Mapping[str, Any]) -> ReportSubject:
    return ReportSubject(**{**row, "kinds": frozenset(row["kinds"])})
