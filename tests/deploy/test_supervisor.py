import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from hengjian.deploy.embedded import find_place
from hengjian.deploy.supervisor import log_ins
from tests.support.people import credit_code

START_SECONDS = 90


@pytest.fixture
def state() -> Iterator[Path]:
    """A state folder; what root's server keeps elsewhere for it is removed too."""
    folder = Path(tempfile.mkdtemp(prefix="hjrun"))
    folder.chmod(0o755)
    yield folder / "var"
    shutil.rmtree(find_place(folder / "var").home, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(state: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HENGJIAN_")}
    return {**kept, "PORT": str(port), "HENGJIAN_STATE": str(state), "LANG": "C.UTF-8"}


def wait_for(process: "subprocess.Popen[str]", word: str) -> str:
    """What was said until the word came."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if word in line:
            return said
    pytest.fail(f"{word!r} never came: {said}")


@contextmanager
def running(state: Path, port: int, *options: str, **more: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "hengjian.deploy.cli", "run", *options]
    with subprocess.Popen(
        command,
        env={**environment(state, port), **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(60)


def family(process: "subprocess.Popen[str]") -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def still_alive(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        left = [p for p in processes if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]
        if not left:
            return []
        time.sleep(0.1)
    return left


def status(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def deed(state: Path, port: int, region: str) -> None:
    """Something that leaves a leaf."""
    words = ("bureau", "create", "--credit-code", credit_code("11"), "--name", f"{region} 局", "--region", region)
    subprocess.run([sys.executable, "-m", "hengjian.deploy.cli", *words], env=environment(state, port), check=True)


def signed_size(port: int, *, above: int) -> int:
    """The newest checkpoint's size, once there is a larger one."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        address = f"http://127.0.0.1:{port}/log/checkpoint"
        with contextlib.suppress(urllib.error.HTTPError), urllib.request.urlopen(address, timeout=5) as answer:
            if (size := int(answer.read().split(b"\n")[1])) > above:
                return size
        time.sleep(0.2)
    pytest.fail("no larger tree was signed")


def test_run_serves_restarts_and_stops_in_order(state: Path) -> None:
    """The set-up command runs when all is ready; a killed part comes back; SIGTERM leaves nothing running."""
    port = free_port()
    mark = state.parent / "loaded"
    with running(state, port, "--setup", f"{sys.executable} -c \"open('{mark}', 'w').write('x')\"") as process:
        assert f"http://127.0.0.1:{port}" in wait_for(process, "is ready")
        assert mark.exists()
        assert status(port, "/healthz") == 200
        assert status(port, "/metrics") == 200
        worker = next(p for p in family(process) if p.cmdline()[-1:] == ["worker"])
        worker.kill()
        assert "worker ended unexpectedly" in wait_for(process, "started again.")
        everything = family(process)
        process.send_signal(signal.SIGTERM)
        said = process.stdout.read() if process.stdout else ""
        assert process.wait(60) == 0
        assert [said.index(part) for part in ("Stopping web", "Stopping worker", "Stopping PostgreSQL")] == sorted(
            said.index(part) for part in ("Stopping web", "Stopping worker", "Stopping PostgreSQL")
        )
        assert still_alive(everything, 5) == []
    events = [json.loads(line) for line in (state / "log" / "worker.log").read_text().splitlines()]
    assert {"event", "level", "timestamp"} <= set(events[0])


def test_a_killed_signer_comes_back_and_what_waited_is_signed(state: Path) -> None:
    """kill -9 of the signer: deeds go on, it goes on from its own memory, and their leaves get proofs afterwards."""
    port = free_port()
    with running(state, port) as process:
        wait_for(process, "is ready")
        deed(state, port, "6501")
        before = signed_size(port, above=0)
        next(p for p in family(process) if p.cmdline()[-2:] == ["log", "signer"]).kill()
        deed(state, port, "6502")
        assert "signer ended unexpectedly" in wait_for(process, "signer was started again.")
        after = signed_size(port, above=before)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/log/consistency?from={before}&to={after}") as answer:
            assert json.load(answer)["to"] == after


def test_killed_supervisor_leaves_no_process_and_the_next_one_finds_its_data(state: Path) -> None:
    """kill -9 takes web, its own workers, worker and PostgreSQL along; the next start works on the same state."""
    port = free_port()
    with running(state, port) as process:
        wait_for(process, "is ready")
        everything = family(process)
        assert len(everything) >= 4
        process.kill()
        assert still_alive(everything, 15) == []
    key = (state / "secret.key").read_text()
    with running(state, port) as process:
        wait_for(process, "is ready")
        assert status(port, "/readyz") == 200
    assert (state / "secret.key").read_text() == key


def test_product_ends_with_the_process_that_asked_for_it(state: Path) -> None:
    """With HENGJIAN_DIE_WITH_PARENT, as make sets it, kill -9 of the parent ends everything in order."""
    port = free_port()
    command = [sys.executable, "-m", "hengjian.deploy.cli", "run"]
    parent = f"import subprocess; subprocess.run({command!r})"
    with subprocess.Popen(
        [sys.executable, "-c", parent],
        env={**environment(state, port), "HENGJIAN_DIE_WITH_PARENT": "1"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        wait_for(process, "is ready")
        everything = family(process)
        process.kill()
        assert still_alive(everything, 30) == []


def test_one_that_is_stopping_is_waited_for(state: Path) -> None:
    """Ctrl-C and at once `make run` again works: the second waits until the first has stopped in order."""
    port = free_port()
    with running(state, port) as first:
        wait_for(first, "is ready")
        first.send_signal(signal.SIGTERM)
        with running(state, port) as second:
            wait_for(second, "is ready")
            assert first.poll() == 0
            assert status(port, "/readyz") == 200


def test_busy_port_is_explained(state: Path) -> None:
    """Somebody else on the port: nothing is started, and the message names another way."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with running(state, port) as process:
            said = process.communicate(timeout=60)[0]
    assert process.returncode == 1
    assert f"Port {port} is in use" in said
    assert f"PORT={port + 1}" in said
    assert "PostgreSQL" not in said


def test_second_run_on_the_same_state_is_refused(state: Path) -> None:
    """Two supervisors over one state would fight for it; the first one is left alone."""
    port = free_port()
    with running(state, port) as first:
        wait_for(first, "is ready")
        with running(state, free_port()) as second:
            said = second.communicate(timeout=60)[0]
        assert second.returncode == 1
        assert "already runs" in said
        assert status(port, "/readyz") == 200


def test_unreachable_database_is_explained(state: Path) -> None:
    """The message says where and why, without the password."""
    url = f"postgresql://boss:hidden-word@127.0.0.1:{free_port()}/hj"
    with running(state, free_port(), HENGJIAN_DATABASE_URL=url) as process:
        said = process.communicate(timeout=60)[0]
    assert process.returncode == 1
    assert "cannot be reached" in said
    assert "hidden-word" not in said


def test_log_ins_are_listed_for_people(tmp_path: Path) -> None:
    """One aligned line for each person; nothing when there is no demo."""
    file = tmp_path / "demo.json"
    assert log_ins(file) == []
    people = [
        {"login": "li", "password": "pw-1", "totp_secret": "ABC", "role": "inspector", "region": "65"},
        {"login": "zhang", "password": "pw-22", "totp_secret": "ABCD", "role": "clerk", "region": None},
    ]
    file.write_text(json.dumps({"users": people}))
    title, first, second = log_ins(file)
    assert str(file) in title
    assert first.index("pw-1") == second.index("pw-22")
