import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.support.tree import ROOT, project, shipped_files

LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "var", "build", "dist", "node_modules", "*.egg-info", "__pycache__", ".*_cache", "tests", "docs"
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy of the checkout, without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT, folder / "tree", symlinks=True, ignore=LEFT_OUT)
    done = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder],
        cwd=folder / "tree",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    (path,) = folder.glob("*.whl")
    return path


def test_wheel_holds_every_module_and_data_file(wheel: Path) -> None:
    """Nothing that the checkout runs with is missing once installed; the demo stays out."""
    names = set(zipfile.ZipFile(wheel).namelist())
    modules = {f"hengjian/{path.relative_to(ROOT)}" for path in shipped_files()}
    assert modules - names == set()
    assert [name for name in names if name.startswith(("hengjian/deploy/demo", "hengjian/deploy/typing"))] == []
    data = [
        path
        for kind in ("yaml", "csv", "html", "css", "graphql", "mako", "po")
        for path in ROOT.glob(f"[a-z]*/**/*.{kind}")
    ]
    kept = {f"hengjian/{p.relative_to(ROOT)}" for p in data if p.relative_to(ROOT).parts[0] in wheel_folders()}
    assert {name for name in kept if "deploy/typing" not in name and "deploy/demo" not in name} - names == set()


def wheel_folders() -> set[str]:
    return {name.split(".")[1] for name in project()["tool"]["setuptools"]["packages"]}


def test_real_platform_and_graphql_stay_importable(wheel: Path, tmp_path: Path) -> None:
    """Installed beside its dependencies, ours is found as hengjian.*, theirs under their own names."""
    zipfile.ZipFile(wheel).extractall(tmp_path)
    # -S leaves out the checkout's own editable install.
    program = (
        "import sys; sys.path[:0] = [sys.argv[1]]; sys.path.append(sys.argv[2])\n"
        "import platform, graphql\n"
        "assert platform.system() and graphql.parse('{ a }')\n"
        "import hengjian.platform.db, hengjian.deploy.cli\n"
        "assert hengjian.platform.db.__file__.startswith(sys.argv[1]), hengjian.platform.db.__file__\n"
        "hengjian.deploy.cli.main(['--help'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, tmp_path, sysconfig.get_path("purelib")],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert "settings" in done.stdout
