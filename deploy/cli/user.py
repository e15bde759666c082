"""`hengjian user`."""

import sys
from typing import Literal

import click

from hengjian.deploy.cli.entering import AS_JSON, enter
from hengjian.deploy.cli.frame import print_json
from hengjian.deploy.services import Services
from hengjian.platform.db import Session
from hengjian.tenants.api import (
    IssuedAccount,
    NewUser,
    Role,
    account_maker,
    create_user,
    disable_user,
    get_organization,
)


@click.group()
def user() -> None:
    """Give people accounts and take them back."""


@user.command()
@click.option("--organization", "credit_code", required=True, help="Credit code of the bureau or organization.")
@click.option("--login", required=True, help="3 to 64 letters, digits or . _ - @; capitals don't matter.")
@click.option("--name", required=True, help="The person's name.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="May be given more than once; the last two are an organization's, the others a bureau's.",
)
@click.option("--locale", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of pages.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input; otherwise one is made.")
@AS_JSON
@click.pass_context
def create(  # one argument an option, all named
    context: click.Context,
    *,
    credit_code: str,
    login: str,
    name: str,
    roles: tuple[str, ...],
    locale: Literal["zh", "en"],
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Make an account. Password and second factor are printed once and kept nowhere in clear."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else None
    new = NewUser(login=login, name=name, roles=frozenset(roles), locale=locale, password=password)

    async def work(session: Session, services: Services) -> IssuedAccount:
        organization = await get_organization(session, credit_code)
        return await create_user(session, account_maker(services.key), organization=organization, user=new)

    made = enter(context, work, as_json=as_json)
    secrets = {"password": made.password, "totp_secret": made.totp_secret, "otpauth_uri": made.otpauth_uri}
    if as_json:
        print_json({"id": made.id, "login": made.login, **secrets})
        return
    click.echo(f"Account {made.login} is made. This is shown once:")
    for label, secret in secrets.items():
        click.echo(f"  {label.replace('_', ' ')}: {secret}")


@user.command()
@click.argument("login")
@AS_JSON
@click.pass_context
def disable(context: click.Context, login: str, *, as_json: bool) -> None:
    """Shut an account and end its sessions at once."""

    async def work(session: Session, _services: Services) -> None:
        await disable_user(session, login)

    enter(context, work, as_json=as_json)
    if as_json:
        print_json({"login": login, "disabled": True})
    else:
        click.echo(f"Account {login} is shut.")
