import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.tree import CONTEXTS, ROOT, functions, imported, project, python_files, shipped_files

EVERYTHING = (*CONTEXTS, "tests")
ADDRESS = re.compile(r"https?://(?!localhost|127\.)")
MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home)/\w")


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_package_list_equals_folders() -> None:
    """Every folder with modules is in the wheel, and the list names nothing else."""
    folders = {path.parent.relative_to(ROOT) for path in shipped_files()} | {Path(name) for name in CONTEXTS}
    listed = project()["tool"]["setuptools"]["packages"]
    assert sorted(listed) == sorted(".".join(("hengjian", *folder.parts)) for folder in folders)


def test_top_level_folders_have_no_init() -> None:
    """With an __init__ there, `import platform` and `import graphql` would find ours instead of the real ones."""
    assert [name for name in (*CONTEXTS, "tests") if (ROOT / name / "__init__.py").exists()] == []


def test_folders_below_have_an_init() -> None:
    """Without one, a folder's modules are found here and missing from the wheel."""
    folders = {path.parent for path in shipped_files()} - {ROOT / name for name in CONTEXTS}
    assert [relative(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_files_and_functions_stay_short() -> None:
    """A reader sees a whole file in one go: 400 lines a file, 60 a function."""
    long_files = [relative(p) for p in python_files(*EVERYTHING) if len(p.read_text("utf-8").splitlines()) > 400]
    long_functions = [
        f"{relative(path)}:{node.lineno} {node.name}"
        for path in python_files(*EVERYTHING)
        for node in functions(path)
        if (node.end_lineno or 0) - node.lineno + 1 > 60
    ]
    assert long_files + long_functions == []


def test_contexts_meet_at_their_doors() -> None:
    """Another context's `api` and `errors` are all that may be imported; deploy wires everything together."""
    wrong = []
    for context in (name for name in CONTEXTS if name != "deploy"):
        for path in python_files(context):
            for line, name in imported(path):
                found = re.match(r"hengjian\.(\w+)\.(\w+)", name)
                if found and found[1] not in {context, "platform"} and found[2] not in {"api", "errors"}:
                    wrong.append(f"{relative(path)}:{line} {name}")
    assert wrong == []


def test_environment_is_read_in_deploy_only() -> None:
    """Settings are values passed down: no other context looks at the environment.

    The PDF renderer only hands its child what every process needs (PATH, HOME), and nothing else.
    """
    wrong = []
    for path in python_files(*(name for name in CONTEXTS if name != "deploy")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Attribute | ast.Name) or relative(path) == "platform/pdf/renderer.py":
                continue
            name = ast.unparse(node)
            if name in {"os.environ", "os.getenv", "environ", "getenv"}:
                wrong.append(f"{relative(path)}:{node.lineno} {name}")
    assert wrong == []


def test_import_contracts_hold() -> None:
    """Contexts import downward only, and the domain stays pure."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--config", ROOT / "pyproject.toml", "--no-cache"],
        cwd=ROOT / "deploy" / "typing",
        env={"PYTHONPATH": ".", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize(
    "pattern", ["requirements/*.txt", "requirements/*.in", "package*.json", ".npmrc", "pyproject.toml"]
)
def test_locks_name_no_registry(pattern: str) -> None:
    """Packages come by name and hash from whatever registry the machine is set up for."""
    files = list(ROOT.glob(pattern))
    assert files
    for file in files:
        text = file.read_text("utf-8")
        assert not ADDRESS.search(text), file
        assert not re.search(r"^\s*--(?:extra-)?index-url", text, re.MULTILINE), file


def test_every_locked_package_has_a_hash() -> None:
    """What is installed is what was reviewed, byte for byte."""
    for file in (ROOT / "requirements").glob("*.txt"):
        entries = re.split(r"\n(?=[a-z0-9])", file.read_text("utf-8"))
        assert [entry.split()[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry] == []
    lock = (ROOT / "package-lock.json").read_text("utf-8")
    assert lock.count('"integrity": "sha512-') == lock.count('"node_modules/')


def test_no_machine_paths() -> None:
    """The tree speaks of no particular machine."""
    texts = [*python_files(*CONTEXTS), *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "Makefile"]
    assert [relative(path) for path in texts if MACHINE.search(path.read_text("utf-8"))] == []
