import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hengjian.deploy import bootstrap
from tests.support.tree import ROOT


@pytest.fixture
def said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> pytest.CaptureFixture[str]:
    """The set-up works in a folder of its own; what it says."""
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "BIN", tmp_path / ".venv" / "bin")
    monkeypatch.setattr(bootstrap, "LOG", tmp_path / "setup.log")
    bootstrap.BIN.mkdir(parents=True)
    return capsys


def test_make_alone_lists_the_verbs() -> None:
    """Whoever types `make` learns what there is, and nothing is started."""
    done = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True)
    for verb in ("run", "test", "lint", "bench", "wheel"):
        assert f"make {verb}" in done.stdout


def test_ordinary_user_is_told_exactly_which_packages_are_missing(
    said: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without root nothing is installed: the missing ones, what they are for, and the command."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda _name: "/usr/bin/dpkg-query")
    monkeypatch.setattr(bootstrap, "installed", lambda package: package != "fonts-noto-cjk")
    bootstrap.debian(bootstrap.DEBIAN_RUN)
    text = said.readouterr().out
    assert "fonts-noto-cjk: Chinese text" in text
    assert text.rstrip().endswith("apt-get install --no-install-recommends fonts-noto-cjk")
    assert "libpango" not in text


def test_root_installs_only_what_is_missing(said: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The list is brought up to date once; packages that are there are not touched."""
    ran: list[tuple[str, ...]] = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda _name: "/usr/bin/dpkg-query")
    monkeypatch.setattr(bootstrap, "installed", lambda package: package.startswith("libpango"))
    monkeypatch.setattr(bootstrap, "command", lambda *words, **_more: ran.append(words))
    bootstrap.debian(bootstrap.DEBIAN_RUN)
    assert [words[:2] for words in ran] == [("apt-get", "update"), ("apt-get", "install")]
    assert ran[1][-2:] == ("libharfbuzz-subset0", "fonts-noto-cjk")
    assert "Debian packages libharfbuzz-subset0 fonts-noto-cjk" in said.readouterr().out


def test_failed_step_shows_the_end_of_what_it_said(said: pytest.CaptureFixture[str]) -> None:
    """The message has the reason in it, not only the name of a log file."""
    program = "import sys; print('first'); sys.exit('no space left')"
    with pytest.raises(bootstrap.SetupError, match="no space left"):
        bootstrap.command(sys.executable, "-c", program)
    assert "first" in bootstrap.LOG.read_text()
    assert said.readouterr().out == ""


@pytest.mark.usefixtures("said")
def test_stamp_holds_until_a_lock_changes(tmp_path: Path) -> None:
    """A step is done again exactly when what it installs has changed."""
    lock = tmp_path / "run.txt"
    lock.write_text("a==1")
    before = bootstrap.digest(lock)
    bootstrap.stamp("step", before)
    assert bootstrap.stamped("step", bootstrap.digest(lock))
    lock.write_text("a==2")
    assert not bootstrap.stamped("step", bootstrap.digest(lock))


@pytest.mark.usefixtures("said")
@pytest.mark.parametrize(
    ("node", "npm", "chosen"), [(20, 11, "npm"), (0, 0, "wheel"), (20, 0, "wheel"), (12, 6, "wheel")]
)
def test_node_of_the_machine_is_used_when_it_will_do(
    monkeypatch: pytest.MonkeyPatch, node: int, npm: int, chosen: str
) -> None:
    """A missing or ancient Node is replaced by the hash-locked package, which trusts the machine's own CAs."""
    monkeypatch.setattr(bootstrap, "_major", lambda program: {"node": node, "npm": npm}[program])
    monkeypatch.setattr(bootstrap, "command", lambda *words, **_more: (bootstrap.BIN / "npm").write_text(str(words)))
    assert bootstrap.npm() == ("npm" if chosen == "npm" else str(bootstrap.BIN / "npm"))
    if chosen == "wheel":
        assert "--require-hashes" in (bootstrap.BIN / "npm").read_text()
        assert "--use-system-ca" in bootstrap.node_environment()["NODE_OPTIONS"]


def test_ci_runs_what_the_readme_says() -> None:
    """The suite on a contributor's machine and in CI is the same command."""
    script = (ROOT / ".ci" / "run").read_text()
    assert "make --no-print-directory test" in script
    assert "make test" in (ROOT / "README.md").read_text("utf-8").split("\n## ", maxsplit=1)[0]
    assert "make test" in (ROOT / "README.zh-CN.md").read_text("utf-8").split("\n## ", maxsplit=1)[0]


def test_page_assets_are_locked() -> None:
    """Every file that pages load comes from a package of the lock file, and none runs a script when installed."""
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert {f"node_modules/{package}" for package in bootstrap.ASSETS} <= set(lock["packages"])
    assert [name for name, entry in lock["packages"].items() if entry.get("hasInstallScript")] == []
