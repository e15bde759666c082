"""`hengjian settings`."""

from dataclasses import asdict

import click

from hengjian.deploy.cli.frame import print_json, settings_of
from hengjian.deploy.settings import Explained, explain


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@click.pass_context
def settings(context: click.Context, *, as_json: bool) -> None:
    """Explain every setting: value, unit, default, and where the value came from."""
    known = list(explain(settings_of(context)))
    if as_json:
        print_json([asdict(setting) for setting in known])
        return
    for setting in known:
        click.echo(_lines(setting))
    click.echo("Each can be set in the environment, or as [section] name in the TOML file that HENGJIAN_CONFIG names.")


def _lines(setting: Explained) -> str:
    unit = f" {setting.unit}" if setting.unit else ""
    value = f"{setting.value}{unit}" if setting.value else "(not set)"
    default = f"default {setting.default}{unit}" if setting.default else "no default"
    name = click.style(setting.name, bold=True)
    return f"{name} = {value}\n    {setting.meaning}\n    {default}; from {setting.source}; in the file: {setting.file_name}\n"
