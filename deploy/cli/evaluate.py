"""`hengjian evaluate`."""

from dataclasses import asdict

import click

from hengjian.deploy.cli.entering import AS_JSON, operate, operator, organization_of
from hengjian.deploy.cli.frame import print_json
from hengjian.deploy.services import Services
from hengjian.scoring.api import Evaluation, evaluate_slice, lawbook_now, slices
from hengjian.tenants.api import supervised_ids


@click.command()
@click.option("--organization", "credit_code", help="Credit code of one organization; without it, all of them.")
@click.option("--anew", is_flag=True, help="Carry over nothing of what was said before, and tell where that was wrong.")
@AS_JSON
@click.pass_context
def evaluate(context: click.Context, *, credit_code: str | None, anew: bool, as_json: bool) -> None:
    """Judge organizations by the law-book now, as after a push or at night."""
    results = operate(context, lambda services: _evaluate(services, credit_code, anew=anew), as_json=as_json)
    if as_json:
        print_json([asdict(result) for result in results])
        return
    for result in results:
        click.echo(
            f"{result.organization}  {', '.join(result.regions)}  {result.judged} verdicts, "
            f"{result.open_findings} open findings ({result.opened} new, {result.closed} ended)"
        )
    click.echo(f"{len(results)} organizations judged.")


async def _evaluate(services: Services, credit_code: str | None, *, anew: bool) -> list[Evaluation]:
    database = services.database
    if credit_code is None:
        async with database.read(operator()) as session:
            wanted = await supervised_ids(session)
    else:
        wanted = [(await organization_of(services, credit_code)).id]
    results: list[Evaluation] = []
    lawbook = await lawbook_now(database)
    for ids in slices(wanted):
        async with database.write(operator(kind="slice", tenants=(ids[0], ids[-1]))) as session:
            results += await evaluate_slice(session, ids, lawbook=lawbook, anew=ids if anew else ())
    return results
