"""`hengjian dossier`: write what anybody needs to recompute a score or a finding."""

import asyncio
import getpass
from datetime import UTC, date, datetime
from pathlib import Path

import click

from hengjian.deploy.access import check_reachable, find_access
from hengjian.deploy.cli.frame import in_chinese, settings_of
from hengjian.deploy.cli.lawbook import Day, Region
from hengjian.deploy.services import Services, open_services
from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Caller
from hengjian.scoring.api import DossierRequest, issue_dossier, lawbook_now
from hengjian.scoring.errors import ScoringError
from hengjian.tenants.api import get_supervised, organization_id_of


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
    settings = settings_of(context)
    check_reachable(find_access(settings).application)
    try:
        made = asyncio.run(_made(open_services(settings), credit_code, region, on or legal_day(now), now, finding))
    except ScoringError as refused:
        click.echo(refused.zh if in_chinese() else str(refused), err=True)
        context.exit(1)
    if made is None:
        click.echo(f"No organization {credit_code}. Check the credit code.", err=True)
        context.exit(1)
    out.write_bytes(made)
    click.echo(f"{out}  {len(made):,} bytes. Verify it anywhere: hengjian verify {out}")


async def _made(
    services: Services, credit_code: str, region: str | None, on: date, now: datetime, finding: str | None
) -> bytes | None:
    database, actor = services.database, f"operator:{getpass.getuser()}"
    try:
        async with database.read(Caller(kind="job", actor=actor, source="command line")) as session:
            tenant_id = await organization_id_of(session, credit_code)
        if tenant_id is None:
            return None
        lawbook = await lawbook_now(database)
        caller = Caller(kind="job", tenant_id=tenant_id, actor=actor, source="command line")
        async with database.write(caller) as session:
            organization = await get_supervised(session, tenant_id, on=on)
            if organization is None:
                return None
            wanted = DossierRequest(region=region or organization.region, as_of=on, known_at=now, finding=finding)
            return (await issue_dossier(session, organization, wanted, lawbook=lawbook)).content
    finally:
        await database.close()
