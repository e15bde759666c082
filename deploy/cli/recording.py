"""`hengjian recording`: what can be said of a recording without server and database."""

from pathlib import Path

import click

from hengjian.deploy.cli.frame import print_json
from hengjian.platform.video import inspect_file


@click.group()
def recording() -> None:
    """Recordings (录像) of sampling, handover and analysis."""


@recording.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
def inspect(context: click.Context, *, file: Path) -> None:
    """Look into FILE in a process that can reach nothing else, and print what is there as JSON.

    Times are seconds from the first picture. `labels` are the codes read in the picture. What is wrong stands in
    `problems`; exit code 1 says that one of them is an error, so that the file is no evidence.
    """
    if not file.is_file():  # a pipe or a device never ends
        raise click.BadParameter("not a regular file", param_hint="FILE")
    report = inspect_file(file)
    print_json(report.as_json())
    context.exit(0 if report.usable else 1)
