"""Entering a new organization: a bureau, or one that is supervised."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as insert_new

from hengjian.platform.audit import record
from hengjian.platform.calendar import legal_day
from hengjian.platform.db import ReadSession, Session, sql
from hengjian.platform.ids import uuid7
from hengjian.tenants.domain.identifiers import is_valid_credit_code, tidy_identifier
from hengjian.tenants.domain.kinds import OrganizationKind
from hengjian.tenants.domain.pinyin import initials_of, pinyin_of
from hengjian.tenants.errors import OrganizationExistsError, OrganizationUnfitError, UnknownOrganizationError
from hengjian.tenants.region_files import load_regions
from hengjian.tenants.tables import organization, supervision

_BY_CREDIT_CODE = sql("select id, credit_code, name, kinds, region from organization where credit_code = :credit_code")
_NO_END = date.max


@dataclass(frozen=True)
class NewOrganization:
    """What is known of an organization when it is entered. `region` is its home, a GB/T 2260 code."""

    credit_code: str
    name: str
    kinds: tuple[OrganizationKind, ...]
    region: str
    demo: bool = False


@dataclass(frozen=True)
class KnownOrganization:
    """An organization as accounts and keys need it."""

    id: UUID
    credit_code: str
    name: str
    kinds: frozenset[str]
    region: str

    @property
    def is_bureau(self) -> bool:
        """Whether it supervises rather than being supervised."""
        return OrganizationKind.BUREAU in self.kinds


async def create_bureau(
    session: Session, *, credit_code: str, name: str, region: str, demo: bool = False
) -> KnownOrganization:
    """Enter a bureau, whose jurisdiction is its region with all below.

    Raises:
        OrganizationUnfitError: credit code, region or name can't be used.
        OrganizationExistsError: the credit code is entered already.
    """
    new = NewOrganization(
        credit_code=credit_code, name=name, kinds=(OrganizationKind.BUREAU,), region=region, demo=demo
    )
    return await _enter(session, new, action="bureau.create")


async def create_organization(session: Session, new: NewOrganization) -> KnownOrganization:
    """Enter an organization that is supervised, from today, in its home region.

    Raises:
        OrganizationUnfitError: credit code, region, kinds or name can't be used.
        OrganizationExistsError: the credit code is entered already.
    """
    if not new.kinds or OrganizationKind.BUREAU in new.kinds:
        raise OrganizationUnfitError("kinds", value=_listed(new.kinds))
    return await _enter(session, new, action="organization.create")


async def get_organization(session: ReadSession, credit_code: str) -> KnownOrganization:
    """The organization with this credit code.

    Raises:
        UnknownOrganizationError: there is none.
    """
    wanted = tidy_identifier(credit_code)
    row = await session.first(_BY_CREDIT_CODE, {"credit_code": wanted})
    if row is None:
        raise UnknownOrganizationError(wanted)
    return KnownOrganization(
        id=row.id, credit_code=row.credit_code, name=row.name, kinds=frozenset(row.kinds), region=row.region
    )


async def _enter(session: Session, new: NewOrganization, *, action: str) -> KnownOrganization:
    now = datetime.now(UTC)
    today = legal_day(now)
    credit_code, name, pinyin = _checked(new, today)
    new_id = uuid7()
    shared = {
        "credit_code": credit_code,
        "name": name,
        "pinyin": pinyin,
        "initials": initials_of(pinyin),
        "kinds": sorted(new.kinds),
        "region": new.region,
    }
    entered = {**shared, "id": new_id, "demo": new.demo, "created_at": now}
    if not await session.run(insert_new(organization).values(entered).on_conflict_do_nothing()):
        raise OrganizationExistsError(credit_code)
    if OrganizationKind.BUREAU not in new.kinds:
        watched = {**shared, "organization_id": new_id, "valid_from": today, "valid_until": _NO_END}
        await session.run(insert(supervision).values({**watched, "home": True}))
    known = KnownOrganization(
        id=new_id, credit_code=credit_code, name=name, kinds=frozenset(new.kinds), region=new.region
    )
    await record(session, action, target=str(known.id), tenant_id=known.id, detail={"region": new.region})
    return known


def _checked(new: NewOrganization, today: date) -> tuple[str, str, str]:
    credit_code, name = tidy_identifier(new.credit_code), " ".join(new.name.split())
    if not is_valid_credit_code(credit_code):
        raise OrganizationUnfitError("credit_code", value=new.credit_code)
    if load_regions().find(new.region, today) is None:
        raise OrganizationUnfitError("region", value=new.region)
    if not name or "\0" in name:
        raise OrganizationUnfitError("name", value=new.name)
    return credit_code, name, pinyin_of(name)


def _listed(kinds: Iterable[OrganizationKind]) -> str:
    return ", ".join(kinds)
