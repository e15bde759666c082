"""`hengjian db`."""

import click

from hengjian.deploy import migrations
from hengjian.deploy.access import check_reachable, find_access
from hengjian.deploy.cli.frame import print_json, settings_of
from hengjian.deploy.errors import SettingError


@click.group()
def db() -> None:
    """Look after the database."""


@db.command()
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@click.pass_context
def upgrade(context: click.Context, *, as_json: bool) -> None:
    """Make the roles and bring the schema to the newest revision; safe to repeat, and at once on several machines."""
    access = find_access(settings_of(context))
    if access.migration is None:
        raise SettingError("HENGJIAN_MIGRATION_URL", value="", wanted="an administrator's address, to migrate with")
    check_reachable(access.migration)
    revision = migrations.upgrade(access.migration, app_password=access.password)
    if as_json:
        print_json({"revision": revision})
    else:
        click.echo(f"The schema is at revision {revision}.")
