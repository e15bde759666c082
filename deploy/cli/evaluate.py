"""`hengjian evaluate`."""

import asyncio
import getpass
from dataclasses import asdict

import click

from hengjian.deploy.access import check_reachable, find_access
from hengjian.deploy.cli.entering import AS_JSON
from hengjian.deploy.cli.frame import print_json, settings_of
from hengjian.deploy.services import Services, open_services
from hengjian.platform.db import Caller
from hengjian.scoring.api import Evaluation, evaluate_slice, lawbook_now, slices
from hengjian.tenants.api import organization_id_of, supervised_ids


@click.command()
@click.option("--organization", "credit_code", help="Credit code of one organization; without it, all of them.")
@AS_JSON
@click.pass_context
def evaluate(context: click.Context, *, credit_code: str | None, as_json: bool) -> None:
    """Judge organizations by the law-book now, as after a push or at night."""
    settings = settings_of(context)
    check_reachable(find_access(settings).application)
    results = asyncio.run(_evaluate(open_services(settings), credit_code))
    if results is None:
        click.echo(f"No organization {credit_code}. Check the credit code.", err=True)
        context.exit(1)
    if as_json:
        print_json([asdict(result) for result in results])
        return
    for result in results:
        click.echo(
            f"{result.organization}  {', '.join(result.regions)}  {result.judged} verdicts, "
            f"{result.open_findings} open findings ({result.opened} new, {result.closed} ended)"
        )
    click.echo(f"{len(results)} organizations judged.")


async def _evaluate(services: Services, credit_code: str | None) -> list[Evaluation] | None:
    database = services.database
    operator = Caller(kind="job", actor=f"operator:{getpass.getuser()}", source="command line")
    try:
        async with database.read(operator) as session:
            if credit_code is None:
                wanted = await supervised_ids(session)
            else:
                found = await organization_id_of(session, credit_code)
                if found is None:
                    return None
                wanted = [found]
        results: list[Evaluation] = []
        lawbook = await lawbook_now(database)
        for ids in slices(wanted):
            caller = Caller(kind="slice", tenants=(ids[0], ids[-1]), actor=operator.actor, source=operator.source)
            async with database.write(caller) as session:
                results += await evaluate_slice(session, ids, lawbook=lawbook)
        return results
    finally:
        await database.close()
