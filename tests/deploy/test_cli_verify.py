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


@pytest.mark.parametrize(
    ("content", "code", "zh", "en"),
    [
        (
            json.dumps(json.loads(DOSSIER), indent=2).encode(),
            22,
            "这是核验包，但字节与出具时不同",
            "A dossier, but not in",
        ),
        (DOSSIER + b"\r\n", 22, "这是核验包，但字节与出具时不同", "A dossier, but not in"),
        (DOSSIER[:-500], 3, "文件不完整或已损坏", "Cut off or damaged"),
        (DOSSIER[:2000] + b"\xff" + DOSSIER[2001:], 3, "文件不完整或已损坏", "Cut off or damaged"),
        (b"%PDF-1.7 \xe2\xe3", 3, "文件不完整或已损坏", "Cut off or damaged"),
        (b'{"name":"x","codes":["a"]}', 3, "既不是核验包，也不是存证包", "neither a dossier nor an evidence bundle"),
        (b"[]", 3, "既不是核验包，也不是存证包", "neither a dossier nor an evidence bundle"),
        (b'{"year":1991}', 3, "JSON 数字 1991", "the JSON number 1991"),
        (DOSSIER.replace(b'"79"', b"79", 1), 3, "JSON 数字 79", "the JSON number 79"),
        (b"", 3, "文件是空的", "The file is empty"),
        (b" \n", 3, "文件是空的", "The file is empty"),
    ],
)
def test_what_cannot_be_verified_is_told_with_what_to_do(
    tmp_path: Path, content: bytes, code: int, zh: str, en: str
) -> None:
    """Written out anew, cut off, of another kind or empty: a sentence for each, and whom to turn to."""
    file = tmp_path / "f.json"
    file.write_bytes(content)
    for language, sentence, advice in (
        ("zh_CN.UTF-8", zh, "请索取原样下载的文件"),
        ("C.UTF-8", en, "ask for the file as it was downloaded"),
    ):
        result = run(str(file), language=language)
        assert (result.exit_code, sentence in result.output) == (code, True), result.output
        assert advice in result.output


def test_in_chinese_and_asked_wrongly(tmp_path: Path) -> None:
    """The terminal's language is used; a file that is not there is exit code 2."""
    file = tmp_path / "f.json"
    file.write_bytes(DOSSIER)
    assert "核验通过" in run(str(file), language="zh_CN.UTF-8").output
    assert run(str(tmp_path / "none.json")).exit_code == 2
