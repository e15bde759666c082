"""Who is in the directory: looking organizations up by id or credit code, within what the caller may see."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hengjian.platform.db import ReadSession, sql
from hengjian.tenants.register_organization import KnownOrganization

_BY_ID = sql("select id, credit_code, name, kinds, region from organization where id = :id")
_NAMES = sql("""
    select id, name from organization where id = any(:ids)
    union select organization_id, name from supervision where organization_id = any(:ids)
""")
_SUPERVISED = sql("""
    select organization_id as id, credit_code, name, kinds,
           (array_agg(region order by home desc, region))[1] as region,
           array_agg(region order by home desc, region) as regions
      from supervision
     where credit_code = :credit_code and valid_from <= :on and valid_until > :on
     group by organization_id, credit_code, name, kinds
""")


@dataclass(frozen=True, slots=True)
class VisibleOrganization:
    """An organization that the caller may see on a day.

    `region` is its home where that is visible, else a region it serves; `regions` are all visible ones, home first.
    """

    id: UUID
    credit_code: str
    name: str
    kinds: tuple[str, ...]
    region: str
    regions: tuple[str, ...]


async def known_organization(session: ReadSession, organization_id: UUID) -> KnownOrganization | None:
    """The caller's own organization, or one of its region; None when there is none to be seen."""
    row = await session.first(_BY_ID, {"id": organization_id})
    if row is None:
        return None
    return KnownOrganization(
        id=row.id, credit_code=row.credit_code, name=row.name, kinds=frozenset(row.kinds), region=row.region
    )


async def known_organizations(session: ReadSession, organization_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of the organizations among these that the caller may see."""
    rows = await session.all(_NAMES, {"ids": list(organization_ids)}) if organization_ids else ()
    return {row.id: row.name for row in rows}


async def visible_organization(session: ReadSession, credit_code: str, *, on: date) -> VisibleOrganization | None:
    """The organization with this credit code, when it is at home in the caller's region or serves it on the day."""
    row = await session.first(_SUPERVISED, {"credit_code": credit_code, "on": on})
    if row is None:
        return None
    return VisibleOrganization(
        id=row.id,
        credit_code=row.credit_code,
        name=row.name,
        kinds=tuple(row.kinds),
        region=row.region,
        regions=tuple(row.regions),
    )
