"""Bring the directory and the table of who is supervised where in line with what an organization says of itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hengjian.platform.db import Session, sql
from hengjian.tenants.domain.kinds import OrganizationKind
from hengjian.tenants.domain.pinyin import initials_of, pinyin_of
from hengjian.tenants.domain.row_checks import OPEN_END
from hengjian.tenants.domain.rows_capacity import OrganizationRow
from hengjian.tenants.register_organization import NewOrganization, create_organization

_VISIBLE = sql("select id, credit_code, kinds, region, demo from organization where credit_code = any(:codes)")
_OWN = sql("select id, credit_code, kinds, region, demo from organization where id = :id")
_RENAME = sql("""
    update organization set name = :name, pinyin = :pinyin, initials = :initials, kinds = :kinds where id = :id
""")
_RENAME_SUPERVISED = sql("""
    update supervision set name = :name, pinyin = :pinyin, initials = :initials, kinds = :kinds
    where organization_id = :id
""")
# Who was supervised when the year ended is graded there first: it leaves a region when the grades are due.
_END_SERVED = sql("""
    update supervision set valid_until = case when valid_from < :new_year then :rated else :today end
    where organization_id = :id and not home and valid_until > :today and not region = any(:served)
""")
_STAY = sql("""
    update supervision set valid_until = :open_end
    where organization_id = :id and not home and valid_until > :today and region = any(:served)
""")
_BEGIN_SERVED = sql("""
    insert into supervision (organization_id, region, valid_from, valid_until, home, credit_code, name, pinyin,
        initials, kinds)
    select :id, served.region, :since, :open_end, false, :credit_code, :name, :pinyin, :initials, :kinds
    from unnest(cast(:served as text[])) as served(region)
    where not exists (select from supervision s
        where s.organization_id = :id and s.region = served.region and s.valid_until > :today)
    on conflict (organization_id, region, valid_from) do update set valid_until = excluded.valid_until
""")


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """What the directory says of an organization."""

    id: UUID
    credit_code: str
    kinds: frozenset[str]
    region: str
    demo: bool

    @property
    def is_bureau(self) -> bool:
        """Whether it supervises rather than being supervised."""
        return OrganizationKind.BUREAU in self.kinds


def first_day_after_grades(year: int) -> date:
    """The day after 31 March, by which the grades of the year before are due.

    >>> first_day_after_grades(2027)
    datetime.date(2027, 4, 1)
    """
    return date(year, 4, 1)


async def visible_entries(session: Session, credit_codes: Sequence[str]) -> dict[str, DirectoryEntry]:
    """The organizations among these credit codes that the caller may see."""
    rows = await session.all(_VISIBLE, {"codes": list(credit_codes)})
    return {
        row.credit_code: DirectoryEntry(row.id, row.credit_code, frozenset(row.kinds), row.region, row.demo)
        for row in rows
    }


async def own_entry(session: Session) -> DirectoryEntry:
    """The caller's own organization."""
    row = await session.first(_OWN, {"id": session.caller.tenant_id})
    if row is None:
        message = "the caller's organization is not in the directory"
        raise LookupError(message)
    return DirectoryEntry(row.id, row.credit_code, frozenset(row.kinds), row.region, row.demo)


async def enter_or_update(
    session: Session, row: OrganizationRow, *, known: DirectoryEntry | None, demo: bool, today: date
) -> DirectoryEntry:
    """Enter an organization that is new, and bring names, kinds and regions served up to date.

    Args:
        session: of the organization itself, or of the bureau that enters it.
        row: as checked.
        known: its entry, or None when it is new (then only a bureau may call).
        demo: whether a new one belongs to a demonstration.
        today: legal day.

    Raises:
        OrganizationExistsError: it is entered elsewhere, outside the caller's jurisdiction.
    """
    if known is None:
        new = NewOrganization(row.credit_code, row.name, tuple(row.kinds), row.home_region, demo)
        created = await create_organization(session, new)
        known = DirectoryEntry(created.id, row.credit_code, created.kinds, created.region, demo)
    pinyin = pinyin_of(row.name)
    names = {
        "id": known.id,
        "name": row.name,
        "pinyin": pinyin,
        "initials": initials_of(pinyin),
        "kinds": sorted(row.kinds),
    }
    await session.run(_RENAME, names)
    await session.run(_RENAME_SUPERVISED, names)
    if row.valid_from is None or row.valid_from <= today:
        await _serve(session, row, known, names, today)
    return known


async def _serve(
    session: Session, row: OrganizationRow, known: DirectoryEntry, names: dict[str, object], today: date
) -> None:
    served = sorted(set(row.regions_served) - {known.region})
    own = {"id": known.id, "today": today, "served": served}
    year = {"new_year": date(today.year, 1, 1), "rated": max(today, first_day_after_grades(today.year))}
    await session.run(_END_SERVED, own | year)
    await session.run(_STAY, own | {"open_end": OPEN_END})
    since = {"since": row.valid_from or today, "today": today, "open_end": OPEN_END}
    values = {**names, **since, "served": served, "credit_code": known.credit_code}
    await session.run(_BEGIN_SERVED, values)
