"""What every command shares: found by name, settings read once, errors as messages with exit codes."""

import importlib
import json
import os
from collections.abc import Mapping
from typing import Any, cast

import click

from hengjian.deploy.errors import DeployError
from hengjian.deploy.settings import Settings, read_settings


def in_chinese() -> bool:
    """Whether the terminal's language is Chinese."""
    language = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return language.startswith("zh")


class Commands(click.Group):
    """A group that loads a command only when it is asked for: `hengjian settings` must not load the PDF engine.

    `places` tells for each name where its command is, as `module:function`.
    """

    def __init__(self, *args: Any, places: Mapping[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the list."""
        del ctx
        return list(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name."""
        del ctx
        if cmd_name not in self._places:
            return None
        module, function = self._places[cmd_name].split(":")
        return cast("click.Command", getattr(importlib.import_module(module), function))

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what it refuses becomes a message."""
        try:
            return super().invoke(ctx)
        except DeployError as error:
            click.echo(f"{'错误：' if in_chinese() else 'Error: '}{error.zh if in_chinese() else error}", err=True)
            ctx.exit(error.exit_code)


def settings_of(context: click.Context) -> Settings:
    """The settings, read at first need."""
    root = context.find_root()
    if root.obj is None:
        root.obj = read_settings(os.environ)
    return cast("Settings", root.obj)


def print_json(value: object) -> None:
    """One JSON document for machines."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))
