"""Accounts of people: made with a password and a second factor from the first day."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from hengjian.platform.audit import record
from hengjian.platform.db import Session, sql
from hengjian.platform.ids import uuid7
from hengjian.platform.sealing import SecretBox
from hengjian.tenants.domain.logins import normalised_login
from hengjian.tenants.domain.passwords import generated_password, password_fault
from hengjian.tenants.domain.roles import BUREAU_ROLES, ORGANIZATION_ROLES, Role, misplaced_roles
from hengjian.tenants.domain.second_factor import new_secret, provisioning_uri
from hengjian.tenants.errors import (
    LoginTakenError,
    LoginUnfitError,
    PasswordUnfitError,
    RoleMisplacedError,
    UnknownAccountError,
)
from hengjian.tenants.identity_tables import account
from hengjian.tenants.password_hashes import PasswordHashes
from hengjian.tenants.register_organization import KnownOrganization

_DISABLE = sql("""
    update account set disabled_at = now() where login = :login and disabled_at is null returning id, tenant_id
""")
_END_SESSIONS = sql("update session set ended_at = now() where account_id = :id and ended_at is null")


@dataclass(frozen=True)
class NewUser:
    """A person to be given an account in one organization. Without a password one is made."""

    login: str
    name: str
    roles: frozenset[str]
    locale: Literal["zh", "en"] = "zh"
    password: str | None = None


@dataclass(frozen=True)
class IssuedAccount:
    """A fresh account with its secrets, shown once and kept nowhere in clear."""

    id: UUID
    login: str
    password: str
    totp_secret: str
    otpauth_uri: str

    def __repr__(self) -> str:
        """Without the secrets."""
        return f"IssuedAccount(login={self.login!r})"


@dataclass(frozen=True)
class AccountMaker:
    """What making an account needs besides the session."""

    passwords: PasswordHashes
    box: SecretBox


def second_factor_box(deployment_key: bytes) -> SecretBox:
    """What seals the second factors of this deployment's accounts."""
    return SecretBox(deployment_key, "totp")


def account_maker(deployment_key: bytes) -> AccountMaker:
    """For making accounts, with the usual cost of a password."""
    return AccountMaker(passwords=PasswordHashes(), box=second_factor_box(deployment_key))


async def create_user(
    session: Session, maker: AccountMaker, *, organization: KnownOrganization, user: NewUser
) -> IssuedAccount:
    """Give a person an account; a bureau's sees the bureau's region, another's its own organization.

    Raises:
        LoginUnfitError: the login hasn't the shape of one.
        LoginTakenError: another account has it.
        RoleMisplacedError: no role, an unknown one, or one that this kind of organization can't give.
        PasswordUnfitError: the given password breaks a limit.
    """
    login = normalised_login(user.login)
    if login is None:
        raise LoginUnfitError
    roles = _checked_roles(user.roles, of_bureau=organization.is_bureau)
    password = user.password or generated_password()
    if user.password is not None and (fault := password_fault(user.password, login)):
        raise PasswordUnfitError(fault)
    secret, account_id = new_secret(), uuid7()
    values = {
        "id": account_id,
        "login": login,
        "password_hash": await maker.passwords.hash(password),
        "totp_sealed": maker.box.seal(secret, str(account_id)),
        "tenant_id": organization.id,
        "kind": "bureau" if organization.is_bureau else "member",
        "region": organization.region,
        "roles": sorted(roles),
        "name": user.name,
        "locale": user.locale,
    }
    if not await session.run(insert(account).values(values).on_conflict_do_nothing()):
        raise LoginTakenError(login)
    detail = {"roles": sorted(roles)}
    await record(session, "user.create", target=str(account_id), tenant_id=organization.id, detail=detail)
    return IssuedAccount(
        id=account_id,
        login=login,
        password=password,
        totp_secret=secret,
        otpauth_uri=provisioning_uri(secret, login),
    )


async def disable_user(session: Session, login: str) -> None:
    """Shut an account and end its sessions; what it did stays recorded under its id.

    Raises:
        UnknownAccountError: no open account has this login.
    """
    row = await session.first(_DISABLE, {"login": normalised_login(login) or ""})
    if row is None:
        raise UnknownAccountError(login)
    await session.run(_END_SESSIONS, {"id": row.id})
    await record(session, "user.disable", target=str(row.id), tenant_id=row.tenant_id)


def _checked_roles(given: Iterable[str], *, of_bureau: bool) -> frozenset[Role]:
    allowed = sorted(BUREAU_ROLES if of_bureau else ORGANIZATION_ROLES)
    known = {role.value for role in Role}
    unknown = sorted(set(given) - known)
    if unknown:
        raise RoleMisplacedError(unknown, allowed=list(allowed))
    roles = frozenset(Role(role) for role in given)
    misplaced = misplaced_roles(roles, of_bureau=of_bureau)
    if misplaced or not roles:
        raise RoleMisplacedError(sorted(misplaced), allowed=list(allowed))
    return roles
