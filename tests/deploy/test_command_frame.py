import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from hengjian.deploy.cli import PLACES, main


@pytest.mark.parametrize("name", PLACES)
def test_every_listed_command_loads_and_has_help(name: str) -> None:
    """The list names nothing that is not there, and nothing is left unexplained."""
    command = main.get_command(click.Context(main), name)
    assert command is not None
    done = CliRunner().invoke(main, [name, "--help"])
    assert done.exit_code == 0
    assert len(command.get_short_help_str()) > 10


def test_unknown_command_is_wrong_use() -> None:
    """Exit code 2 and the usage, no traceback."""
    done = CliRunner().invoke(main, ["rnu"])
    assert done.exit_code == 2
    assert "No such command" in done.output


def test_settings_are_told_to_machines() -> None:
    """Each setting with value, unit, default and source."""
    done = CliRunner().invoke(main, ["settings", "--json"], env={"PORT": "8765"})
    (port,) = (setting for setting in json.loads(done.output) if setting["name"] == "PORT")
    assert (port["value"], port["default"], port["source"], port["file_name"]) == (
        "8765",
        "8000",
        "environment",
        "web.port",
    )


def test_settings_are_told_to_people() -> None:
    """Unit and meaning stand beside each value."""
    done = CliRunner().invoke(main, ["settings"])
    assert "HENGJIAN_STATEMENT_TIMEOUT_MS = 5000 ms" in done.output
    assert "longest time of one statement" in done.output


@pytest.mark.parametrize(
    ("language", "words"), [("en_GB.UTF-8", "Error: No PostgreSQL runs"), ("zh_CN.UTF-8", "错误：")]
)
def test_refusals_are_messages_in_the_terminals_language(tmp_path: Path, language: str, words: str) -> None:
    """What to do next on standard error, exit code 1, no traceback."""
    environment = {"HENGJIAN_STATE": str(tmp_path), "HENGJIAN_DATABASE_URL": "", "LC_ALL": language}
    done = CliRunner().invoke(main, ["db", "upgrade"], env=environment)
    assert done.exit_code == 1
    assert words in done.stderr
    assert "make run" in done.stderr
    assert "Traceback" not in done.output


def test_useless_setting_is_wrong_use() -> None:
    """A mistake of the operator's is told apart from a failure."""
    done = CliRunner().invoke(main, ["settings"], env={"PORT": "x"})
    assert done.exit_code == 2
    assert "PORT='x'" in done.stderr
