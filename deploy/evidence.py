"""The evidence log of one deployment: opening its key, checking it from outside the database."""

import json
from datetime import timedelta
from pathlib import Path

import structlog
from cryptography.x509 import Certificate
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
from hengjian.platform.log.stamping import STAMPER, Stamping, stamp_newest, thin_checkpoints
from hengjian.platform.log.troubles import CheckReport
from hengjian.platform.proof.notes import Checkpoint, LogKey, unbase64
from hengjian.platform.proof.stamps import read_roots

_log = structlog.get_logger()
_LONG_MS = 30 * 60_000
_STAMP_LASTS = timedelta(hours=20)
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


class StampRootsError(DeployError):
    """The CA certificates of the time-stamp authorities can't be read."""

    code = "STAMP_ROOTS"

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} holds no CA certificate in PEM; get it from the time-stamp authority.",
            f"{path} 中没有 PEM 格式的 CA 证书；请向时间戳机构索取。",
        )


class AuthorityAwayError(Exception):
    """A time-stamp authority gave no stamp; it is asked again."""


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


def stamp_roots(settings: Settings, file: Path | None = None) -> list[Certificate]:
    """The time-stamp authorities' CA certificates, from a file or from the settings; none when neither names one.

    Raises:
        StampRootsError: the file can't be read.
    """
    path = file or settings.evidence.stamp_roots
    if path is None:
        return []
    try:
        return read_roots(path.read_bytes())
    except (OSError, ValueError) as error:
        raise StampRootsError(path) from error


async def stamp_log(services: Services, *, unless_within: timedelta | None = None) -> list[Stamping]:
    """Have the newest checkpoint stamped by every authority of the settings; the audit tells how it went.

    Raises:
        StampRootsError: the CA certificates can't be read.
    """
    wanted = services.settings.evidence.stamp_urls.split()
    roots = stamp_roots(services.settings)
    found = await stamp_newest(services.database, wanted, roots=roots, unless_within=unless_within)
    if found:
        failed = [one for one in found if one.problem]
        detail = {"size": found[0].size, "stamped": len(found) - len(failed), "failed": [f.authority for f in failed]}
        async with services.database.write(STAMPER) as session:
            await audit.record(session, "log.stamp", outcome="failed" if failed else "ok", detail=detail)
    return found


async def tend_daily(services: Services) -> None:
    """Stamp the log, and thin old checkpoints. Nothing else waits for an authority.

    Raises:
        AuthorityAwayError: one gave no stamp; the job is tried again, and asks only those that lack.
    """
    await thin_checkpoints(services.database)
    found = await stamp_log(services, unless_within=_STAMP_LASTS)
    for one in found:
        if one.problem:
            await _log.awarning("log.stamp_failed", authority=one.authority, problem=one.problem)
    if failed := [one for one in found if one.problem]:
        raise AuthorityAwayError(f"{failed[0].authority}: {failed[0].problem}")


async def check_whole_log(
    settings: Settings, *, key: LogKey, kept: list[Checkpoint], roots: list[Certificate] | None = None
) -> CheckReport:
    """The whole check over a connection of its own, whose statements may take long."""
    database = Database.connect(make_url(find_access(settings).application), pool_size=1, statement_timeout_ms=_LONG_MS)
    try:
        known = [*kept, *remembered(settings, key)]
        return await check_log(
            database, key=key, known=known, stamp_roots=stamp_roots(settings) if roots is None else roots
        )
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
