"""`hengjian bureau`."""

import click

from hengjian.deploy.cli.entering import AS_JSON, enter
from hengjian.deploy.cli.frame import print_json
from hengjian.deploy.services import Services
from hengjian.platform.db import Session
from hengjian.tenants.api import KnownOrganization, create_bureau


@click.group()
def bureau() -> None:
    """Enter the bureaus that supervise."""


@bureau.command()
@click.option("--credit-code", required=True, help="Its 18-character unified social credit code.")
@click.option("--name", required=True, help="Its full name, as on its seal.")
@click.option("--region", required=True, help="Its jurisdiction with all below: a GB/T 2260 code of 2, 4 or 6 digits.")
@click.option("--demo", is_flag=True, help="Mark it as demo data.")
@AS_JSON
@click.pass_context
def create(context: click.Context, *, credit_code: str, name: str, region: str, demo: bool, as_json: bool) -> None:
    """Enter a bureau. Its people are made with `hengjian user create`."""

    async def work(session: Session, _services: Services) -> KnownOrganization:
        return await create_bureau(session, credit_code=credit_code, name=name, region=region, demo=demo)

    made = enter(context, work, as_json=as_json)
    if as_json:
        print_json({"id": made.id, "credit_code": made.credit_code, "name": made.name, "region": made.region})
    else:
        click.echo(f"{made.name} supervises {made.region} from now on.")
