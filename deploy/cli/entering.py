"""What the commands that work with the database share: an operator of this machine, refusals as messages."""

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn, TypeVar

import click

from hengjian.deploy.access import check_reachable, find_access
from hengjian.deploy.cli.frame import in_chinese, print_json, settings_of
from hengjian.deploy.services import Services, open_services
from hengjian.filing.errors import FilingError
from hengjian.platform.db import Caller, Session
from hengjian.scoring.errors import ScoringError
from hengjian.tenants.api import KnownOrganization, get_organization
from hengjian.tenants.errors import TenantsError

Answer = TypeVar("Answer")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


def operator_name() -> str:
    """The name of whoever works at this machine's command line, as the audit keeps it."""
    return f"operator:{getpass.getuser()}"


def operator(**seeing: Any) -> Caller:
    """Whoever works at this machine's command line; `seeing` is any other field of the caller."""
    return Caller(**{"kind": "job", "actor": operator_name(), "source": "command line", **seeing})


def operate(context: click.Context, work: Callable[[Services], Awaitable[Answer]], *, as_json: bool = False) -> Answer:
    """Do the work with everything opened, and close it.

    What is refused is said on standard error, or in JSON on standard output when asked, and ends the command with 1.

    Raises:
        DeployError: the database cannot be reached.
    """
    settings = settings_of(context)
    check_reachable(find_access(settings).application)
    try:
        return asyncio.run(_closing(open_services(settings), work))
    except (TenantsError, ScoringError, FilingError) as refused:
        refuse(context, code=refused.code, zh=refused.zh, en=str(refused), as_json=as_json)


def enter(
    context: click.Context, work: Callable[[Session, Services], Awaitable[Answer]], *, as_json: bool = False
) -> Answer:
    """Do the work in one transaction as an operator of this machine; else like `operate`."""

    async def transaction(services: Services) -> Answer:
        async with services.database.write(operator()) as session:
            return await work(session, services)

    return operate(context, transaction, as_json=as_json)


def refuse(context: click.Context, *, code: str, zh: str, en: str, as_json: bool) -> NoReturn:
    """Say what is refused and end with 1."""
    if as_json:
        print_json({"error": {"code": code, "en": en, "zh": zh}})
    else:
        click.echo(f"{'错误：' if in_chinese() else 'Error: '}{zh if in_chinese() else en}", err=True)
    context.exit(1)


async def organization_of(services: Services, credit_code: str) -> KnownOrganization:
    """The organization with this credit code.

    Raises:
        UnknownOrganizationError: there is none.
    """
    async with services.database.read(operator()) as session:
        return await get_organization(session, credit_code)


async def _closing(services: Services, work: Callable[[Services], Awaitable[Answer]]) -> Answer:
    try:
        return await work(services)
    finally:
        await services.database.close()
