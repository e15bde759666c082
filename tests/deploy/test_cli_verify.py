"""`hengjian verify` on the command line: what it says, and an exit code for each outcome."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hengjian.deploy.cli import main
from tests.scoring.domain.dossiers import a_dossier

DOSSIER = a_dossier()


def run(*arguments: str, language: str = "C.UTF-8") -> Result:
    """The command's result."""
    return CliRunner().invoke(main, ["verify", *arguments], env={"LC_ALL": language})


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (DOSSIER, 0, "Verified: 试验运维有限公司 91650102MA00000000, 650102, 2026-10-31: 79.00 B, official 89.00 B"),
        (DOSSIER.replace(b'"grade":"B"', b'"grade":"A"'), 1, "Not verified: hashes.result"),
        (b"{}", 3, "Not a dossier"),
        (b'{"format":"hengjian-dossier/9"}', 4, "Unknown format hengjian-dossier/9"),
    ],
)
def test_outcomes(tmp_path: Path, content: bytes, code: int, says: str) -> None:
    """Each outcome has its exit code and names what is wrong."""
    file = tmp_path / "f.json"
    file.write_bytes(content)
    result = run(str(file))
    assert (result.exit_code, says in result.output) == (code, True), result.output
    told = json.loads(run(str(file), "--json").stdout)
    assert (told["outcome"] == "verified") is (code == 0)


def test_in_chinese_and_asked_wrongly(tmp_path: Path) -> None:
    """The terminal's language is used; a file that is not there is exit code 2."""
    file = tmp_path / "f.json"
    file.write_bytes(DOSSIER)
    assert "核验通过" in run(str(file), language="zh_CN.UTF-8").output
    assert run(str(tmp_path / "none.json")).exit_code == 2
