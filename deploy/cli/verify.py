"""`hengjian verify`: recompute a dossier, or check an evidence bundle, with no server and no database."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

import click

from hengjian.deploy.cli.frame import in_chinese, print_json
from hengjian.deploy.errors import DeployError
from hengjian.platform.log.sm2 import Sm2Error, Sm2Public
from hengjian.platform.log.witness import WitnessKey, witnessed_by
from hengjian.platform.proof.notes import LogKey
from hengjian.platform.proof.stamps import StampError, read_roots, read_token, stamped_at
from hengjian.platform.proof.verifier import PREFIX, Stamped, Verdict, Witnessed, verify_bundle
from hengjian.platform.proof.verifier import Outcome as BundleOutcome
from hengjian.scoring.domain.dossier_verify import Outcome, Verification, verify_dossier

EXIT_CODES = {Outcome.VERIFIED: 0, Outcome.DIFFERS: 1, Outcome.UNREADABLE: 3, Outcome.UNKNOWN_FORMAT: 4}
LARGEST_BYTES = 512 * 1024 * 1024
LARGEST_BUNDLE = 64 * 1024 * 1024
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", type=_FILE, help="For an evidence bundle: the log's public key, log.pub.")
@click.option("--checkpoint", type=_FILE, help="For an evidence bundle: an older checkpoint that you kept.")
@click.option(
    "--witness", type=_FILE, help="For an evidence bundle: the public key of a witness that must have signed."
)
@click.option("--tsa-ca", type=_FILE, help="For an evidence bundle: CA certificates (PEM) of a time-stamp authority.")
@click.option(
    "--sm2", type=_FILE, help="For an evidence bundle: SM2 public key of the second signature (SM2/SM3, not certified)."
)
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@click.pass_context
def verify(
    context: click.Context,
    *,
    file: Path,
    key: Path | None,
    checkpoint: Path | None,
    witness: Path | None,
    tsa_ca: Path | None,
    sm2: Path | None,
    as_json: bool,
) -> None:
    """Check FILE with nothing but what is in it: a dossier, or an evidence bundle against the log's public key.

    A dossier is judged and scored again from its own facts and rules. A bundle's record, leaf, place in the tree,
    checkpoint, promise and older checkpoint are checked.

    Exit codes: 0 verified; 1 a dossier differs; 2 asked wrongly; 3 neither of both, or damaged; 4 a format this version
    does not know. Of a bundle: 10 key, 11 record, 12 leaf, 13 not in the tree, 14 history rewritten, 15 nothing about
    the older checkpoint, 16 promise, 17 deletion certificate, 18 a part that proves nothing was altered, 19 witness,
    20 time stamp, 21 second signature.
    """
    if file.stat().st_size > LARGEST_BYTES:
        raise click.UsageError(f"{file} is larger than any dossier ({LARGEST_BYTES // 1024 // 1024} MiB)")
    data = file.read_bytes()
    if PREFIX in data[:LARGEST_BUNDLE]:
        wanted = None if witness is None else _witness(witness)
        stamped = None if tsa_ca is None else _stamped(tsa_ca)
        trust = _Trust(key=key, checkpoint=checkpoint, witness=wanted, stamped=stamped, sm2=sm2)
        _verify_bundle(context, data, trust, as_json=as_json)
    found = verify_dossier(data)
    if as_json:
        print_json(
            {name: value for name, value in asdict(found).items() if name != "result"} | {"score": _score(found)}
        )
    else:
        click.echo(_told(found), err=found.outcome is not Outcome.VERIFIED)
    context.exit(EXIT_CODES[found.outcome])


@dataclass(frozen=True)
class _Trust:
    """What the reader brings along, from other sources than the bundle."""

    key: Path | None
    checkpoint: Path | None
    witness: Witnessed | None
    stamped: Stamped | None
    sm2: Path | None


def _witness(file: Path) -> Witnessed:
    try:
        return witnessed_by(WitnessKey.read(file.read_text("utf-8")))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--witness") from error


def _stamped(file: Path) -> Stamped:
    try:
        roots = read_roots(file.read_bytes())
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--tsa-ca") from error

    def moment(text: str, token: str) -> str | None:
        try:
            return stamped_at(text, read_token(token), roots=roots).isoformat()
        except StampError:
            return None

    return moment


def _with_second(verdict: Verdict, data: bytes, file: Path) -> Verdict:
    try:
        holds = Sm2Public.of(file).signed(json.loads(data)["checkpoint"])
    except Sm2Error as error:
        raise DeployError(error.en, error.zh) from error
    if not holds:
        return Verdict(BundleOutcome.SECOND, verdict.detail)
    return replace(verdict, detail=f"{verdict.detail}, SM2/SM3 未经认证/not certified")


def _verify_bundle(context: click.Context, data: bytes, trust: _Trust, *, as_json: bool) -> NoReturn:
    if trust.key is None:
        raise click.UsageError("an evidence bundle needs --key log.pub, from another source than the bundle")
    try:
        public = LogKey.read(trust.key.read_text("utf-8"))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--key") from error
    older = trust.checkpoint.read_text("utf-8", "replace") if trust.checkpoint else None
    verdict = verify_bundle(data, public, older=older, witness=trust.witness, stamped=trust.stamped)
    if trust.sm2 is not None and verdict.outcome is BundleOutcome.VERIFIED:
        verdict = _with_second(verdict, data, trust.sm2)
    if as_json:
        print_json(_as_json(verdict))
    else:
        click.echo(verdict.sentence(chinese=in_chinese()), err=bool(verdict.outcome))
    context.exit(int(verdict.outcome))


def _as_json(verdict: Verdict) -> dict[str, Any]:
    return {
        "outcome": verdict.outcome.name,
        "exit_code": int(verdict.outcome),
        "detail": verdict.detail,
        "deleted": verdict.deleted,
        "zh": verdict.sentence(chinese=True),
        "en": verdict.sentence(chinese=False),
    }


def _score(found: Verification) -> Any:
    return found.result["score"] if found.result else None


def _shown(score: Mapping[str, Any]) -> str:
    return f"{score['printed'] or '–'} {score['grade'] or score['unrated']}"


def _told(found: Verification) -> str:
    chinese = in_chinese()
    match found.outcome:
        case Outcome.VERIFIED:
            return _verified(found, chinese=chinese)
        case Outcome.DIFFERS if chinese:
            return f"核验不通过：{found.where}\n  文件中：{found.says}\n  重新计算：{found.recomputed}"
        case Outcome.DIFFERS:
            return f"Not verified: {found.where}\n  the file says  {found.says}\n  recomputed     {found.recomputed}"
        case Outcome.UNREADABLE:
            return "不是核验包，或文件已损坏" if chinese else f"Not a dossier, or damaged: {found.recomputed}"
        case Outcome.UNKNOWN_FORMAT:
            return (
                f"本版本不识别格式 {found.says}"
                if chinese
                else f"Unknown format {found.says}; this version knows {found.recomputed}"
            )


def _verified(found: Verification, *, chinese: bool) -> str:
    about, score = found.about or {}, _score(found)
    judged = len((found.result or {})["judgements"])
    if score is None:
        what = f"{'违规项' if chinese else 'finding'} {about['finding']} ({about['rule']})"
    else:
        what = _shown(score)
        official = (found.result or {}).get("official")
        if official is not None:
            what += f", {'正式' if chinese else 'official'} {_shown(official)}"
    head = "核验通过" if chinese else "Verified"
    return (
        f"{head}: {about['name']} {about['credit_code']}, {about['region']}, {about['as_of']}: {what}\n"
        + (f"  重新判定 {judged} 项，登记时点 {about['known_at']}" if chinese else "")
        + (
            ""
            if chinese
            else f"  {judged} {'judgement' if judged == 1 else 'judgements'} recomputed, facts as known at {about['known_at']}"
        )
    )
