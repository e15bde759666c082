"""`hengjian serve` and `hengjian worker`: single parts, for deployments that start each by itself."""

import click

from hengjian.deploy.cli.frame import settings_of
from hengjian.deploy.serving import serve as serve_web
from hengjian.deploy.worker import run_worker


@click.command()
@click.pass_context
def serve(context: click.Context) -> None:
    """Serve pages and API. Any number may run, on one machine or many."""
    serve_web(settings_of(context))


@click.command()
@click.pass_context
def worker(context: click.Context) -> None:
    """Do jobs, deliver events, keep schedules. Any number may run; each slot still fires once."""
    run_worker(settings_of(context))
