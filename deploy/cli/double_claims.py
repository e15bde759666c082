"""`hengjian double-claims`: what two organizations claim at once."""

from typing import Any

import click

from hengjian.deploy.cli.entering import AS_JSON, operate, operator
from hengjian.deploy.cli.frame import in_chinese, print_json
from hengjian.deploy.cli.lawbook import Region
from hengjian.deploy.services import Services
from hengjian.scoring.api import claims_key, double_claims_seen, match_claims
from hengjian.tenants.api import known_organizations

MOST = 10_000
KINDS = {
    "person": "人员",
    "certificate": "上岗证",
    "instrument": "仪器设备",
    "vehicle": "运维车辆",
    "label": "识别标识码",
}


@click.command("double-claims")
@click.option("--region", type=Region(), required=True, help="As a bureau over this region sees them.")
@click.option("--compare", is_flag=True, help="Compare all registers first, as is done each night.")
@AS_JSON
@click.pass_context
def double_claims(context: click.Context, *, region: str, compare: bool, as_json: bool) -> None:
    """List people, certificates, instruments, plates and labels that two organizations of a region claim for the same days.

    An organization itself is only ever told which of its rows are claimed elsewhere.
    """
    found = operate(context, lambda services: _seen(services, region, compare=compare), as_json=as_json)
    if as_json:
        print_json(found)
        return
    for one in found:
        kind = KINDS[one["kind"]] if in_chinese() else one["kind"]
        click.echo(f"{kind}  {one['first_day']} – {one['last_day']}")
        click.echo(f"    {one['organization']}  {one['ref']}")
        click.echo(f"    {one['other_organization']}  {one['other_ref']}")
    click.echo(f"{len(found)} double claims.")


async def _seen(services: Services, region: str, *, compare: bool) -> list[dict[str, Any]]:
    database = services.database
    if compare:
        await match_claims(database, key=claims_key(services.key))
    async with database.read(operator(kind="bureau", region=region)) as session:
        found = await double_claims_seen(session, limit=MOST)
        sides = {side for one in found for side in (one.tenant_id, one.other_tenant_id)}
        names = await known_organizations(session, sides)
    return [
        {
            "kind": one.kind.value,
            "first_day": one.first_day.isoformat(),
            "last_day": None if one.last_day is None else one.last_day.isoformat(),
            "organization": names.get(one.tenant_id),
            "ref": one.ref,
            "other_organization": names.get(one.other_tenant_id),
            "other_ref": one.other_ref,
        }
        for one in found
    ]
