"""The evidence log of one deployment: opening its key, checking it from outside the database."""

import json
from pathlib import Path

import structlog
from sqlalchemy.engine import make_url

from hengjian.deploy.access import find_access
from hengjian.deploy.errors import DeployError
from hengjian.deploy.services import Services, signer_folder
from hengjian.deploy.settings import Settings
from hengjian.filing import api as _filing
from hengjian.platform import audit
from hengjian.platform.db import Caller, Database
from hengjian.platform.log.check import check_log
from hengjian.platform.log.signer import PUBLIC_FILE, STATE_FILE
from hengjian.platform.log.troubles import CheckReport
from hengjian.platform.proof.notes import Checkpoint, LogKey, unbase64

_log = structlog.get_logger()
_LONG_MS = 30 * 60_000
# The tables of every context are known to the check once its door has been opened.
LOADED = (_filing.__name__,)


class LogKeyError(DeployError):
    """The log's public key can't be read."""

    code = "LOG_KEY"

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is not the log's public key. Start the signer once (hengjian run), or give --key FILE.",
            f"{path} 不是日志公钥。请先启动一次签名进程（hengjian run），或用 --key 指定文件。",
        )


class LogTroubleError(Exception):
    """The nightly check found something; the audit and the log of the process name it."""


def public_key(settings: Settings, file: Path | None = None) -> LogKey:
    """The log's public key, from a file or from the signer's folder.

    Raises:
        LogKeyError: it can't be read.
    """
    path = file or signer_folder(settings) / PUBLIC_FILE
    try:
        return LogKey.read(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise LogKeyError(path) from error


def remembered(settings: Settings, key: LogKey) -> list[Checkpoint]:
    """What the signer signed last, from its own file; nothing when it isn't on this machine or signed nothing yet."""
    try:
        state = json.loads((signer_folder(settings) / STATE_FILE).read_text("ascii"))
        return [Checkpoint(key.name, int(state["size"]), unbase64(state["root"]))]
    except (OSError, ValueError, KeyError, TypeError):
        return []


async def check_whole_log(settings: Settings, *, key: LogKey, kept: list[Checkpoint]) -> CheckReport:
    """The whole check over a connection of its own, whose statements may take long."""
    database = Database.connect(make_url(find_access(settings).application), pool_size=1, statement_timeout_ms=_LONG_MS)
    try:
        return await check_log(database, key=key, known=[*kept, *remembered(settings, key)])
    finally:
        await database.close()


async def check_nightly(services: Services) -> None:
    """Check everything, and leave a trace of the outcome in the audit.

    Raises:
        LogTroubleError: something was found.
        DeployError: the public key can't be read.
    """
    key = public_key(services.settings)
    report = await check_whole_log(services.settings, key=key, kept=[])
    detail = {"size": report.size, "rows": report.rows, "troubles": len(report.troubles)}
    async with services.database.write(Caller(kind="job", actor="log.check")) as session:
        outcome: audit.Outcome = "failed" if report.troubles else "ok"
        await audit.record(session, "log.check", outcome=outcome, detail=detail)
    for trouble in report.troubles:
        await _log.aerror("log.trouble", kind=trouble.kind, where=trouble.where)
    if report.troubles:
        raise LogTroubleError(f"{len(report.troubles)}: {report.troubles[0].sentence(chinese=False)}")
