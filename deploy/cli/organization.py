"""`hengjian organization`."""

import click

from hengjian.deploy.cli.entering import AS_JSON, enter
from hengjian.deploy.cli.frame import print_json
from hengjian.deploy.services import Services
from hengjian.platform.db import Session
from hengjian.tenants.api import KnownOrganization, NewOrganization, OrganizationKind, create_organization

KINDS = [kind.value.lower() for kind in OrganizationKind if kind is not OrganizationKind.BUREAU]


@click.group()
def organization() -> None:
    """Enter the organizations that are supervised."""


@organization.command()
@click.option("--credit-code", required=True, help="Its 18-character unified social credit code.")
@click.option("--name", required=True, help="Its registered name.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    required=True,
    type=click.Choice(KINDS, case_sensitive=False),
    help="What it is; may be given more than once.",
)
@click.option("--region", required=True, help="Where it is registered: a GB/T 2260 code.")
@click.option("--demo", is_flag=True, help="Mark it as demo data.")
@AS_JSON
@click.pass_context
def create(  # one argument an option, all named
    context: click.Context,
    *,
    credit_code: str,
    name: str,
    kinds: tuple[str, ...],
    region: str,
    demo: bool,
    as_json: bool,
) -> None:
    """Enter an organization. It tells the rest of itself with `pushOrganizations`."""
    new = NewOrganization(
        credit_code=credit_code,
        name=name,
        kinds=tuple(OrganizationKind(kind.upper()) for kind in kinds),
        region=region,
        demo=demo,
    )

    async def work(session: Session, _services: Services) -> KnownOrganization:
        return await create_organization(session, new)

    made = enter(context, work, as_json=as_json)
    if as_json:
        print_json({"id": made.id, "credit_code": made.credit_code, "name": made.name, "region": made.region})
    else:
        click.echo(f"{made.name} ({made.credit_code}) is supervised in {made.region} from today.")
