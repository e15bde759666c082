"""An organization as its supervisors see it: where it is at home, and which regions judge it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from hengjian.platform.db import ReadSession, region_range, sql
from hengjian.tenants.domain.kinds import OrganizationKind

_ORGANIZATIONS = "select * from organization where id = any($1::uuid[]) order by id"
# A bureau sees only its own regions in the table of who is supervised where; which others judge the organization, and
# so what is not judged here, its profile tells.
_REGIONS = sql("""
    select organization_id, region from supervision
    where organization_id = any(:ids) and valid_from <= :on and valid_until > :on
    union
    select tenant_id, unnest(regions_served) from profile
    where tenant_id = any(:ids) and valid_from <= :on and valid_until > :on
    order by 1, 2
""")
_ALL = sql("select id from organization where not 'BUREAU' = any(kinds) order by id")
_UNDER = """
    select o.id, o.credit_code, o.name, o.pinyin, o.initials, o.kinds, o.region, o.demo,
           array_agg(distinct s.region order by s.region) as regions
      from organization o join supervision s on s.organization_id = o.id and s.valid_from <= $3 and s.valid_until > $3
     where o.kinds && $4::text[] and o.id in (
           select organization_id from supervision where region >= $1 and region < $2
              and valid_from <= $3 and valid_until > $3)
     group by o.id order by o.id
"""
_BY_CREDIT_CODE = sql("select id from organization where credit_code = :credit_code")


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisedOrganization:
    """An organization with the regions that supervise it on a day.

    `judged_regions` has one entry a city: the home region where it lies in that city, else the city served.
    """

    id: UUID
    credit_code: str
    name: str
    pinyin: str
    initials: str
    kinds: frozenset[str]
    region: str
    demo: bool
    judged_regions: tuple[str, ...]

    def belongs_to(self, city: str | None, region: str) -> bool:
        """Whether what happens in a city is judged in a region; what has no city is judged in each.

        A city that no judged region covers falls to the home region.
        """
        if city is None:
            return True
        covering = next((judged for judged in self.judged_regions if judged[:4] == city[:4]), self.region)
        return covering == region


def judged_regions(home: str, supervised: Sequence[str]) -> tuple[str, ...]:
    """One region a city, the home region first.

    >>> judged_regions("650102", ["6501", "650102", "6502"])
    ('650102', '6502')
    """
    by_city = {home[:4]: home}
    for region in supervised:
        by_city.setdefault(region[:4], region)
    return tuple(by_city.values())


async def get_supervised(session: ReadSession, organization_id: UUID, *, on: date) -> SupervisedOrganization | None:
    """An organization that the caller may see, or None."""
    found = await get_all_supervised(session, [organization_id], on=on)
    return found[0] if found else None


async def get_all_supervised(
    session: ReadSession, ids: Sequence[UUID], *, on: date
) -> tuple[SupervisedOrganization, ...]:
    """Those of the organizations that the caller may see, in the order of their ids."""
    regions: dict[UUID, list[str]] = {}
    for row in await session.all(_REGIONS, {"ids": list(ids), "on": on}):
        regions.setdefault(row.organization_id, []).append(row.region)
    rows = await session.fetch_raw(_ORGANIZATIONS, list(ids))
    return tuple(_of_row(row, regions.get(row["id"], ())) for row in rows)


async def supervised_ids(session: ReadSession) -> list[UUID]:
    """Every organization that is supervised, as far as the caller may see."""
    return [row.id for row in await session.all(_ALL)]


async def organization_id_of(session: ReadSession, credit_code: str) -> UUID | None:
    """The id of the organization with a credit code, or None when the caller may see none."""
    found: UUID | None = await session.scalar(_BY_CREDIT_CODE, {"credit_code": credit_code})
    return found


async def supervised_under(
    session: ReadSession, region: str, *, kinds: Collection[OrganizationKind], on: date
) -> list[SupervisedOrganization]:
    """Every organization of some kind that a region, or one below it, supervises on a day; for a job, which sees all."""
    rows = await session.fetch_raw(_UNDER, *region_range(region), on, sorted(kinds))
    return [_of_row(row, row["regions"]) for row in rows]


def _of_row(row: Any, regions: Sequence[str]) -> SupervisedOrganization:
    return SupervisedOrganization(
        id=row["id"],
        credit_code=row["credit_code"],
        name=row["name"],
        pinyin=row["pinyin"],
        initials=row["initials"],
        kinds=frozenset(row["kinds"]),
        region=row["region"],
        demo=row["demo"],
        judged_regions=judged_regions(row["region"], regions),
    )
