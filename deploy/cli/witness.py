"""`hengjian witness`: cosign another organization's evidence log."""

import base64
import json
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import click

from hengjian.deploy.cli.frame import in_chinese
from hengjian.deploy.errors import DeployError
from hengjian.platform.log.errors import LogError
from hengjian.platform.log.witness import Witness
from hengjian.platform.proof.notes import Checkpoint, LogKey, Note

_SECONDS = 20
_LARGEST = 1_000_000


@click.command()
@click.argument("url")
@click.option("--key", "key_file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@click.option("--state", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The one file to keep.")
@click.option("--name", default="", help="The witness's name, when the state file is new: witness.example/1.")
@click.option("--every", type=click.IntRange(min=1), metavar="SECONDS", help="Go on for ever; without it once.")
def witness(url: str, *, key_file: Path, state: Path, name: str, every: int | None) -> None:
    """Check that the log at URL only grew since the last time, and sign its newest checkpoint.

    Meant for a machine of another organization: it needs the log's public key (--key), one file (--state) and the address,
    nothing else. It refuses, for good, a log that was rolled back or rewritten. The bureau names your key, which is
    printed, in HENGJIAN_LOG_WITNESSES.
    """
    if not url.startswith(("https://", "http://")):
        raise click.BadParameter("give the address of the platform, https://…", param_hint="URL")
    try:
        log = LogKey.read(key_file.read_text("utf-8"))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--key") from error
    while True:
        try:
            _once(url.rstrip("/"), log, Witness.open(state, name=name))
        except LogError as refused:
            raise DeployError(refused.en, refused.zh) from refused
        except (OSError, ValueError, KeyError) as error:
            if every is None:
                raise DeployError(f"{url} cannot be asked: {error}", f"无法访问 {url}：{error}") from error
            click.echo(f"{url}: {error}", err=True)
        if every is None:
            return
        time.sleep(every)


def _once(url: str, log: LogKey, here: Witness) -> None:
    note = _ask(f"{url}/log/checkpoint").decode()
    line = here.cosign(note, log, lambda old, new: _proof(url, old, new))
    size = Checkpoint.read(Note.read(note).text).size
    try:
        _ask(f"{url}/log/cosignature", f"{size}\n{line}".encode())
        handed = "已交回" if in_chinese() else "handed in"
    except urllib.error.HTTPError as refused:
        handed = f"{'平台未收' if in_chinese() else 'not taken'} ({refused.code})"
    click.echo(f"{log.name} {size} {'已联署' if in_chinese() else 'cosigned'}, {handed}: {here.key}")


def _proof(url: str, old: int, new: int) -> Sequence[bytes]:
    said = json.loads(_ask(f"{url}/log/consistency?from={old}&to={new}"))
    return [base64.b64decode(one) for one in said["proof"]]


def _ask(url: str, body: bytes | None = None) -> bytes:
    request = urllib.request.Request(url, data=body, headers={"content-type": "text/plain"})  # noqa: S310  # http(s) only, checked above
    with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310  # the same
        return bytes(answer.read(_LARGEST))
