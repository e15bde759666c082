import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from hengjian.deploy.embedded import (
    Place,
    Server,
    admin_url,
    choose_binaries,
    ensure_database,
    make_place,
    plain_url,
    temporary_server,
    wheel_folders,
)
from hengjian.deploy.embedded.binaries import system_folders
from hengjian.deploy.errors import NoBinariesError, NotRunningError, SocketPathError

OWNER = Path(__file__).with_name("owner_process.py")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short folder that the server's account may enter, with a space and Chinese in its name."""
    path = Path(tempfile.mkdtemp(prefix="hj 数据 "))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


def value(url: str, query: str) -> object:
    async def ask() -> object:
        link = await asyncpg.connect(plain_url(url))
        try:
            return await link.fetchval(query)
        finally:
            await link.close()

    return asyncio.run(ask())


def servers() -> list[object]:
    known = [next(system_folders(), None), next(wheel_folders(), None)]
    return [pytest.param(path, id=name) for path, name in zip(known, ("system", "wheel"), strict=True) if path]


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def gone_within(pid: int, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.02)
    return not alive(pid)


@pytest.mark.parametrize("bindir", servers())
def test_starts_checks_passwords_and_stops(folder: Path, bindir: Path) -> None:
    """Data checksums are on, a password is asked for, a second starter adopts, nothing is left after the stop."""
    with temporary_server(folder, bindir=bindir) as server:
        assert server.process is not None
        pid = server.process.pid
        ensure_database(server)
        ensure_database(server)
        assert value(admin_url(server), "select current_database()::text") == "hengjian"
        assert value(server.url(), "show data_checksums") == "on"
        assert value(server.url(), "show listen_addresses") == ""
        with pytest.raises(asyncpg.InvalidPasswordError):
            value(server.url(password="guessed"), "select 1")
        second = Server(server.place)
        assert second.start(choose_binaries(second.data, bindir)) is False
        assert second.process is None
    assert not alive(pid)
    with pytest.raises(NotRunningError):
        server.url()


@pytest.mark.parametrize("bindir", servers())
def test_killed_owner_leaves_no_server_and_every_acknowledged_row(folder: Path, bindir: Path) -> None:
    """After kill -9 of the owner the server ends by itself, and the next start has every acknowledged row."""
    with subprocess.Popen([sys.executable, OWNER, folder, bindir], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        pid = int(owner.stdout.readline())
        acknowledged = -1
        while acknowledged < 200:
            acknowledged = int(owner.stdout.readline())
        owner.kill()
        rest = owner.stdout.read().split("\n")
    acknowledged = max([acknowledged, *(int(line) for line in rest[:-1])])
    with temporary_server(folder, durable=True, bindir=bindir) as server:
        assert not alive(pid)
        assert int(str(value(server.url(), "select max(n) from acknowledged"))) >= acknowledged
        assert value(server.url(), "select count(*) = max(n) + 1 from acknowledged") is True


def test_server_ends_with_its_owner_at_once(folder: Path) -> None:
    """No process is left a moment after kill -9, without anybody starting anything again."""
    with subprocess.Popen([sys.executable, OWNER, folder], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        pid = int(owner.stdout.readline())
        assert alive(pid)
        owner.kill()
        assert gone_within(pid, 10)


def test_killed_server_comes_back(folder: Path) -> None:
    """A postmaster killed with kill -9 starts again over the same data."""
    with temporary_server(folder, durable=True) as server:
        value(server.url(), "create table kept as select 42 as n")
        assert server.process is not None
        server.process.kill()
        server.process.wait()
        server.relaunch()
        assert value(server.url(), "select n from kept") == 42


def test_too_long_folder_is_explained(folder: Path) -> None:
    """A folder whose socket path the system would cut is refused, with what to do instead."""
    with pytest.raises(SocketPathError, match="HENGJIAN_STATE"):
        Server(Place(home=folder / ("x" * 90)))


def test_data_is_bound_to_its_major_version(folder: Path) -> None:
    """Data of a version that no server here can read is not touched, and the message names the version."""
    (folder / "PG_VERSION").write_text("9\n")
    with pytest.raises(NoBinariesError, match="version 9"):
        choose_binaries(folder)


def test_named_folder_without_server_is_refused(folder: Path) -> None:
    """HENGJIAN_PG_BINDIR is the only place looked at when it is given."""
    with pytest.raises(NoBinariesError, match="HENGJIAN_PG_BINDIR"):
        choose_binaries(folder / "data", folder)


def test_data_belongs_to_one_installation(folder: Path) -> None:
    """An ordinary user's data lies in the state folder. Root's lies elsewhere: a new clone at an old path does not
    open the old clone's data, and does not delete it either."""
    state, base = folder / "var", folder / "lib"
    first = make_place(state, base)
    if os.geteuid() != 0:
        assert first == Place(home=state / "pg")
        return
    (first.home / "data").mkdir()
    assert make_place(state, base).note == ""
    shutil.rmtree(state)
    again = make_place(state, base)
    assert again.home == first.home
    assert not (again.home / "data").exists()
    (aside,) = base.glob("*.until-*")
    assert (aside / "data").exists()
    assert str(aside) in again.note
