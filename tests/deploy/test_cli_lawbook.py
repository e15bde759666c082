"""`hengjian lawbook` on the command line: answers, messages and exit codes."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hengjian.deploy.cli import main


def run(*arguments: str) -> Result:
    """The command's result."""
    return CliRunner().invoke(main, ["lawbook", *arguments], env={"LC_ALL": "C.UTF-8"})


def test_try() -> None:
    """The documented call answers JSON and exit code 0, a breach included."""
    result = run("try", "C-04", "points=51", "supervisors=1")
    answer = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (answer["verdict"], answer["measured"], answer["required"]) == ("breach", 1, 2)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["C-99"], "the known rules are C-01"),
        (["C-04", "point=1"], "it knows points, supervisors"),
        (["C-04", "points"], "NAME=VALUE"),
        (["C-04", "points=1", "points=2"], "each once"),
        (["C-04", "--region", "x"], "region code"),
        (["C-04", "--date", "20260101"], "2026-11-20"),
        (["C-04", "--date", "2020-01-01"], "not in force"),
    ],
)
def test_asked_wrongly(arguments: list[str], says: str) -> None:
    """Exit code 2, and the message says what would be right."""
    result = run("try", *arguments)
    assert result.exit_code == 2
    assert says in result.stderr


def test_messages_in_chinese() -> None:
    """In a Chinese terminal the message is Chinese."""
    result = CliRunner().invoke(main, ["lawbook", "try", "C-99"], env={"LC_ALL": "zh_CN.UTF-8"})
    assert "没有规则 C-99" in result.stderr


def test_list_and_check(tmp_path: Path) -> None:
    """List prints a line a rule; check answers 0 for the shipped law-book and 1 for a folder without packs."""
    assert "S003 4.3.3.4" in run("list").stdout
    listed = json.loads(run("list", "--json", "--date", "2026-11-20").stdout)
    assert {"C-04", "L-07", "K-04"} <= {rule["rule"] for rule in listed}
    assert json.loads(run("check", "--json").stdout)["ok"] is True
    empty = run("check", str(tmp_path))
    assert (empty.exit_code, "no pack" in empty.stderr) == (1, True)
