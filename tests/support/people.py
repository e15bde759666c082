"""Bureaus, organizations and accounts of tests, each with a credit code and a login of its own."""

import secrets
import time
from dataclasses import dataclass, replace

import pyotp
from argon2.profiles import CHEAPEST

from hengjian.platform.db import GATE, Caller, Database
from hengjian.tenants.accounts import AccountMaker, IssuedAccount, NewUser, create_user, second_factor_box
from hengjian.tenants.domain.identifiers import credit_code_check_digit, organization_code_check_digit
from hengjian.tenants.domain.kinds import OrganizationKind
from hengjian.tenants.password_hashes import PasswordHashes
from hengjian.tenants.register_organization import (
    KnownOrganization,
    NewOrganization,
    create_bureau,
    create_organization,
)
from hengjian.tenants.sessions import LoginDesk

KEY = bytes(range(32))
OPERATOR = Caller(kind="job", actor="operator:test")


def credit_code(department: str = "91") -> str:
    """A random valid one."""
    number = "".join(secrets.choice("0123456789") for _ in range(8))
    body = f"{department}650102{number}{organization_code_check_digit(number)}"
    return body + credit_code_check_digit(body)


def request(source: str | None = None) -> Caller:
    """A request before its caller is known, from an address of its own."""
    return replace(GATE, source=source or f"test-{secrets.token_hex(6)}", request_id="request-1")


def quick_desk(database: Database) -> LoginDesk:
    """A log-in desk whose passwords cost little."""
    return LoginDesk(database=database, passwords=PasswordHashes(CHEAPEST), box=second_factor_box(KEY))


async def a_bureau(database: Database, region: str = "6501") -> KnownOrganization:
    """A bureau over a region."""
    async with database.write(OPERATOR) as session:
        return await create_bureau(session, credit_code=credit_code("11"), name="试验区生态环境局", region=region)


async def a_contractor(database: Database, region: str = "650102") -> KnownOrganization:
    """A contractor at home in a region."""
    new = NewOrganization(
        credit_code=credit_code(), name="试验运维有限公司", kinds=(OrganizationKind.CONTRACTOR,), region=region
    )
    async with database.write(OPERATOR) as session:
        return await create_organization(session, new)


async def an_account(
    database: Database, organization: KnownOrganization, *, role: str = "", login: str = ""
) -> IssuedAccount:
    """A person of that organization."""
    usual = "inspector" if organization.is_bureau else "clerk"
    user = NewUser(
        login=login or f"wang.{secrets.token_hex(6)}", name="王芳", roles=frozenset({role or usual}), locale="zh"
    )
    maker = AccountMaker(passwords=PasswordHashes(CHEAPEST), box=second_factor_box(KEY))
    async with database.write(OPERATOR) as session:
        return await create_user(session, maker, organization=organization, user=user)


@dataclass(frozen=True)
class Authenticator:
    """The person's telephone."""

    secret: str

    def code(self, steps_ahead: int = 0) -> str:
        """The code shown now, or some half-minutes later."""
        return pyotp.TOTP(self.secret).at(int(time.time()) + steps_ahead * 30)
