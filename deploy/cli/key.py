"""`hengjian key`."""

from datetime import timedelta

import click

from hengjian.deploy.cli.entering import AS_JSON, enter
from hengjian.deploy.cli.frame import print_json
from hengjian.deploy.services import Services
from hengjian.platform.db import Session
from hengjian.tenants.api import LONGEST_LIFE, SCOPES, Holder, IssuedKey, get_organization, issue_key, revoke_key


@click.group()
def key() -> None:
    """Issue and revoke the keys with which machines call the API."""


@key.command()
@click.option("--organization", "credit_code", required=True, help="Credit code of the holder.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    default=("push", "read"),
    show_default=True,
    type=click.Choice(sorted(SCOPES)),
    help="What it may do; may be given more than once.",
)
@click.option("--label", default="", help="What it is for, so that people know it later.")
@click.option(
    "--days", type=click.IntRange(1, LONGEST_LIFE.days), default=365, show_default=True, help="How long it lives."
)
@AS_JSON
@click.pass_context
def issue(  # one argument an option, all named
    context: click.Context, *, credit_code: str, scopes: tuple[str, ...], label: str, days: int, as_json: bool
) -> None:
    """Issue a key. It is printed once and kept nowhere; send it as `Authorization: Bearer …`."""

    async def work(session: Session, _services: Services) -> IssuedKey:
        known = await get_organization(session, credit_code)
        holder = Holder(tenant_id=known.id, kind="bureau" if known.is_bureau else "member", region=known.region)
        return await issue_key(session, holder, label=label, scopes=scopes, lives=timedelta(days=days))

    made = enter(context, work, as_json=as_json)
    if as_json:
        expires = made.expires_at.isoformat(timespec="seconds")
        print_json({"key_id": made.key_id, "key": made.text, "scopes": sorted(made.scopes), "expires_at": expires})
    else:
        click.echo(f"Key {made.key_id}, until {made.expires_at:%Y-%m-%d}. This is shown once:\n{made.text}")


@key.command()
@click.argument("key_id")
@AS_JSON
@click.pass_context
def revoke(context: click.Context, key_id: str, *, as_json: bool) -> None:
    """Revoke a key by its id, the middle part of its text; within two seconds it opens nothing."""

    async def work(session: Session, _services: Services) -> None:
        await revoke_key(session, key_id)

    enter(context, work, as_json=as_json)
    if as_json:
        print_json({"key_id": key_id, "revoked": True})
    else:
        click.echo(f"Key {key_id} is revoked.")
