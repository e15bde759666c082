"""`hengjian log`: the evidence log as operators, auditors and courts use it."""

import asyncio
import signal
from dataclasses import asdict
from pathlib import Path
from uuid import UUID

import click

from hengjian.deploy.access import check_reachable, find_access
from hengjian.deploy.cli.entering import AS_JSON, operate
from hengjian.deploy.cli.frame import in_chinese, print_json, settings_of
from hengjian.deploy.errors import DeployError
from hengjian.deploy.evidence import check_whole_log, public_key, stamp_log, stamp_roots
from hengjian.deploy.services import Services, signer_folder
from hengjian.platform.log.check import AUDITOR
from hengjian.platform.log.errors import LogError
from hengjian.platform.log.find import make_bundle
from hengjian.platform.log.signer import SigningDesk, open_desk, serve_signer
from hengjian.platform.log.signer import resume as resume_signer
from hengjian.platform.log.sm2 import Sm2Signature
from hengjian.platform.log.store import latest_checkpoint
from hengjian.platform.log.troubles import CheckReport
from hengjian.platform.proof.notes import Checkpoint, LogKey
from hengjian.platform.proof.verifier import VerificationError, open_checkpoint

_File = click.Path(exists=True, dir_okay=False, path_type=Path)
_CHECKPOINT = click.option("--checkpoint", type=_File, help="A checkpoint that you kept, as /log/checkpoint gave it.")
_KEY = click.option("--key", "key_file", type=_File, help="The log's public key; else log.pub in the signer's folder.")


@click.group()
def log() -> None:
    """Prove and check what was recorded (docs/evidence-log.md)."""


@log.command()
@click.pass_context
def signer(context: click.Context) -> None:
    """Run the signer: the one process that holds the log's key. `hengjian run` starts it by itself.

    In production run it under an account of its own and keep HENGJIAN_SIGNER out of every other process's reach but the
    socket.
    """
    settings = settings_of(context)
    try:
        desk = open_desk(signer_folder(settings), origin=settings.evidence.origin)
        if settings.evidence.sm2_key is not None:
            desk.second = Sm2Signature.of(settings.evidence.sm2_key)
            click.echo("SM2/SM3: 未经认证 / not certified")
        asyncio.run(_serve_until_told(desk))
    except LogError as refused:
        raise _as_deploy_error(refused) from refused


@log.command()
@click.argument("checkpoint", type=_File, metavar="CHECKPOINT")
@click.pass_context
def resume(context: click.Context, *, checkpoint: Path) -> None:
    """Give a signer whose memory (state.json) is lost the newest CHECKPOINT that was kept outside this machine.

    Not one from this database: a witness, a tenant or a printed report has it. From then on it signs what goes on from there.
    """
    try:
        signed = resume_signer(signer_folder(settings_of(context)), checkpoint.read_text("utf-8"))
    except LogError as refused:
        raise _as_deploy_error(refused) from refused
    click.echo(f"{signed.origin} {signed.size}")


async def _serve_until_told(desk: SigningDesk) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve_signer(desk, stop=stop)


@log.command()
@click.pass_context
def checkpoint(context: click.Context) -> None:
    """Print the newest signed checkpoint; keep it where nobody of this machine can change it."""
    found = operate(context, _newest)
    if found is None:
        raise DeployError("Nothing is signed yet; try again in a few seconds.", "尚无已签检查点，请过几秒再试。")
    click.echo(found, nl=False)


async def _newest(services: Services) -> str | None:
    async with services.database.read(AUDITOR) as session:
        found = await latest_checkpoint(session)
    return found.note if found else None


@log.command()
@click.argument("record", type=click.UUID, metavar="ID")
@click.option("--kind", help="Its kind (push, audit, report …), when the id alone does not tell.")
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), required=True)
@_CHECKPOINT
@click.pass_context
def bundle(context: click.Context, *, record: UUID, kind: str | None, out: Path, checkpoint: Path | None) -> None:
    """Write what anybody needs to verify the record ID offline: hengjian verify FILE --key log.pub."""
    older = checkpoint.read_text("utf-8") if checkpoint else None
    try:
        made = operate(context, lambda services: _bundle(services, record, kind, older))
    except LogError as refused:
        raise _as_deploy_error(refused) from refused
    except ValueError as error:
        raise click.BadParameter("not a checkpoint", param_hint="--checkpoint") from error
    out.write_bytes(made)
    click.echo(f"{out}  {len(made):,} bytes. Verify it anywhere: hengjian verify {out} --key log.pub")


async def _bundle(services: Services, record: UUID, kind: str | None, older: str | None) -> bytes:
    async with services.database.read(AUDITOR) as session:
        return await make_bundle(session, record, kind=kind, older=older, signer=services.signer)


@log.command()
@click.pass_context
def stamp(context: click.Context) -> None:
    """Have the newest checkpoint stamped by the time-stamp authorities of HENGJIAN_LOG_TSA (RFC 3161) now.

    The worker does it each day. Ends with 1 when an authority gave no stamp.
    """
    if not settings_of(context).evidence.stamp_urls:
        raise DeployError(
            "No time-stamp authority is set: HENGJIAN_LOG_TSA=https://…", "未设置时间戳机构：HENGJIAN_LOG_TSA=https://…"
        )
    found = operate(context, stamp_log)
    if not found:
        raise DeployError("Nothing is signed yet; try again in a few seconds.", "尚无已签检查点，请过几秒再试。")
    for one in found:
        click.echo(f"{one.authority} {one.size} {one.at or one.problem}", err=bool(one.problem))
    context.exit(1 if any(one.problem for one in found) else 0)


@log.command()
@_KEY
@_CHECKPOINT
@click.option("--tsa-ca", type=_File, help="CA certificates of the time-stamp authorities; else HENGJIAN_LOG_TSA_CA.")
@AS_JSON
@click.pass_context
def check(
    context: click.Context, *, key_file: Path | None, checkpoint: Path | None, tsa_ca: Path | None, as_json: bool
) -> None:
    """Walk the whole log and every row it covers, both ways, and name what was changed.

    Trusts the public key, the signer's memory and the given checkpoint; nothing in the database. Ends with 1 when
    something is found.
    """
    settings = settings_of(context)
    check_reachable(find_access(settings).application)
    key = public_key(settings, key_file)
    kept = [_opened(checkpoint, key)] if checkpoint else []
    roots = stamp_roots(settings, tsa_ca)
    report = asyncio.run(check_whole_log(settings, key=key, kept=kept, roots=roots))
    if as_json:
        print_json(asdict(report))
    else:
        _tell(report)
    context.exit(1 if report.troubles else 0)


def _opened(file: Path, key: LogKey) -> Checkpoint:
    try:
        return open_checkpoint(file.read_text("utf-8"), key)
    except VerificationError as error:
        raise click.BadParameter("not signed by the log's key", param_hint="--checkpoint") from error


def _tell(report: CheckReport) -> None:
    chinese = in_chinese()
    for trouble in report.troubles:
        click.echo(trouble.sentence(chinese=chinese), err=True)
    if chinese:
        click.echo(
            f"日志 {report.size} 叶，核对记录 {report.rows} 条、检查点 {report.checkpoints} 个、时间戳 {report.stamps} 个，排队 {report.waiting} 条，"
            f"依法删除 {report.deleted} 条，早于日志 {report.before_the_log} 条：发现问题 {len(report.troubles)} 处"
        )
    else:
        click.echo(
            f"{report.size} leaves, {report.rows} rows compared, {report.checkpoints} checkpoints, "
            f"{report.stamps} time stamps, {report.waiting} "
            f"waiting, {report.deleted} deleted lawfully, {report.before_the_log} older than the log: "
            f"{len(report.troubles)} troubles"
        )


def _as_deploy_error(refused: LogError) -> DeployError:
    return DeployError(refused.en, refused.zh)
