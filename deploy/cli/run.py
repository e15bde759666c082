"""`hengjian run`."""

import click

from hengjian.deploy.cli.frame import settings_of
from hengjian.deploy.supervisor import Supervisor


@click.command()
@click.option(
    "--setup", default="", metavar="COMMAND", help="Run once when everything is ready, e.g. a loader of data."
)
@click.pass_context
def run(context: click.Context, setup: str) -> None:
    """Start database, web and worker, and keep them running until Ctrl-C.

    Without HENGJIAN_DATABASE_URL a PostgreSQL of our own is started, with its data in the state folder (for root:
    below /var/lib/hengjian). Killing this process, also by kill -9, ends all the others and loses nothing acknowledged.
    """
    Supervisor(settings_of(context), say=click.echo, setup=setup).run()
