"""The checkout as tests of its shape see it."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CONTEXTS = ("platform", "tenants", "ingestion", "scoring", "filing", "graphql", "dashboards", "deploy")
# The typing aid leads back to the root; the demo is a program beside the product, not part of it.
OUTSIDE_THE_PACKAGE = (ROOT / "deploy" / "typing", ROOT / "deploy" / "demo")


def python_files(*folders: str) -> Iterator[Path]:
    """Our own modules below the given folders."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if ROOT / "deploy" / "typing" not in path.parents:
                yield path


def shipped_files() -> Iterator[Path]:
    """The modules that the wheel must hold."""
    for path in python_files(*CONTEXTS):
        if not any(folder in path.parents for folder in OUTSIDE_THE_PACKAGE):
            yield path


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a module, methods and inner functions included."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of each module or name that a module imports absolutely."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def project() -> dict[str, Any]:
    """The content of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
