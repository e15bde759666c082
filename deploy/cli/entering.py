"""What the commands that enter organizations, people and keys share: one transaction, refusals as messages."""

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from hengjian.deploy.access import check_reachable, find_access
from hengjian.deploy.cli.frame import in_chinese, print_json, settings_of
from hengjian.deploy.services import Services, open_services
from hengjian.platform.db import Caller, Session
from hengjian.tenants.errors import TenantsError

Answer = TypeVar("Answer")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


def enter(
    context: click.Context, work: Callable[[Session, Services], Awaitable[Answer]], *, as_json: bool = False
) -> Answer:
    """Do the work in one transaction as an operator of this machine, whose name the audit keeps.

    What is refused is said on standard error, or in JSON on standard output when asked, and ends the command with 1.

    Raises:
        DeployError: the database cannot be reached.
    """
    settings = settings_of(context)
    check_reachable(find_access(settings).application)
    try:
        return asyncio.run(_in_one_transaction(open_services(settings), work))
    except TenantsError as refused:
        if as_json:
            print_json({"error": {"code": refused.code, "en": str(refused), "zh": refused.zh}})
        else:
            click.echo(f"{'错误：' if in_chinese() else 'Error: '}{refused.zh if in_chinese() else refused}", err=True)
        context.exit(1)


async def _in_one_transaction(services: Services, work: Callable[[Session, Services], Awaitable[Answer]]) -> Answer:
    operator = Caller(kind="job", actor=f"operator:{getpass.getuser()}", source="command line")
    try:
        async with services.database.write(operator) as session:
            return await work(session, services)
    finally:
        await services.database.close()
