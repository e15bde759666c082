"""`hengjian dossier`: write what anybody needs to recompute a score or a finding."""

from datetime import UTC, date, datetime
from pathlib import Path

import click

from hengjian.deploy.cli.entering import operate, operator, organization_of
from hengjian.deploy.cli.lawbook import Day, Region
from hengjian.deploy.services import Services
from hengjian.platform.calendar import legal_day
from hengjian.scoring.api import DossierRequest, issue_dossier, lawbook_now
from hengjian.tenants.api import get_all_supervised


@click.command()
@click.argument("credit_code")
@click.option("--date", "on", type=Day(), help="The score of this day, such as 2026-10-31; without it today.")
@click.option("--region", type=Region(), help="As judged in this region; without it the region it is at home in.")
@click.option("--finding", metavar="NO", help="One finding by its number instead of the score.")
@click.option(
    "--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), required=True, help="File to write."
)
@click.pass_context
def dossier(
    context: click.Context, *, credit_code: str, on: date | None, region: str | None, finding: str | None, out: Path
) -> None:
    """Write the dossier of an organization's score, or of one finding, to be verified with `hengjian verify`.

    Facts are taken as they are known now; the file says when that was.
    """
    now = datetime.now(UTC)
    if on is not None and on > legal_day(now):
        raise click.BadParameter(f"{on} has not come yet", param_hint="--date")
    day = on or legal_day(now)

    async def work(services: Services) -> bytes:
        known = await organization_of(services, credit_code)
        lawbook = await lawbook_now(services.database)
        async with services.database.write(operator(tenant_id=known.id)) as session:
            (organization,) = await get_all_supervised(session, [known.id], on=day)
            wanted = DossierRequest(region=region or known.region, as_of=day, known_at=now, finding=finding)
            return (await issue_dossier(session, organization, wanted, lawbook=lawbook)).content

    made = operate(context, work)
    out.write_bytes(made)
    click.echo(f"{out}  {len(made):,} bytes. Verify it anywhere: hengjian verify {out}")
