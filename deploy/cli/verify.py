"""`hengjian verify`: recompute a dossier, or check an evidence bundle, with no server and no database."""

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
from hengjian.platform.proof.verifier import Outcome as BundleOutcome
from hengjian.platform.proof.verifier import (
    Stamped,
    Verdict,
    VerificationError,
    Witnessed,
    is_bundle,
    read_bundle,
    verify_bundle,
)
from hengjian.scoring.domain.dossier_verify import Outcome, Verification, verify_dossier

EXIT_CODES = {
    Outcome.VERIFIED: 0,
    Outcome.DIFFERS: 1,
    Outcome.UNREADABLE: 3,
    Outcome.UNKNOWN_FORMAT: 4,
    Outcome.LAYOUT: 22,
}
UNREADABLE: Mapping[str, tuple[str, str]] = {
    "empty": ("文件是空的", "The file is empty"),
    "json": ("文件不完整或已损坏，不是可读的 JSON（{}）", "Cut off or damaged, no readable JSON ({})"),
    "number": (
        "不是核验包，或已被改动：文件中有 JSON 数字 {}，核验包不含数字",
        "Not a dossier, or changed: it holds the JSON number {}, and a dossier holds none",
    ),
    "format": ("是 JSON，但既不是核验包，也不是存证包", "JSON, but neither a dossier nor an evidence bundle"),
}
DIFFERENCES: Mapping[Outcome, tuple[tuple[str, str], tuple[str, str]]] = {
    Outcome.DIFFERS: (("核验不通过", "重新计算"), ("Not verified", "recomputed")),
    Outcome.LAYOUT: (
        (
            "这是核验包，但字节与出具时不同：空格、换行、键的顺序或转义写法被改动，内容未予核验；请索取原样下载的文件。第一处不同",
            "应为",
        ),
        (
            (
                "A dossier, but not in its canonical bytes: whitespace, order of keys or escapes were changed, and nothing "
                "in it was checked; ask for the file as it was downloaded. First difference"
            ),
            "canonical",
        ),
    ),
}
"""In Chinese and English: what is wrong, and what stands beside the file's words."""
LARGEST_BYTES = 512 * 1024 * 1024
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
    20 time stamp, 21 second signature. Of both: 22 written out anew, in other bytes than its canonical ones.
    """
    if file.stat().st_size > LARGEST_BYTES:
        raise click.UsageError(f"{file} is larger than any dossier ({LARGEST_BYTES // 1024 // 1024} MiB)")
    data = file.read_bytes()
    if is_bundle(data):
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


def _with_second(verdict: Verdict, checkpoint: str, file: Path) -> Verdict:
    try:
        holds = Sm2Public.of(file).signed(checkpoint)
    except Sm2Error as error:
        raise DeployError(error.en, error.zh) from error
    if not holds:
        return Verdict(BundleOutcome.SECOND, verdict.detail)
    return replace(verdict, detail=f"{verdict.detail}, SM2/SM3 未经认证/not certified")


def _verify_bundle(context: click.Context, data: bytes, trust: _Trust, *, as_json: bool) -> NoReturn:
    verdict = _bundle_verdict(data, trust)
    if as_json:
        print_json(_as_json(verdict))
    else:
        click.echo(verdict.sentence(chinese=in_chinese()), err=bool(verdict.outcome))
    context.exit(int(verdict.outcome))


def _bundle_verdict(data: bytes, trust: _Trust) -> Verdict:
    try:
        bundle = read_bundle(data)
    except VerificationError as failed:
        return failed.verdict
    if trust.key is None:
        raise click.UsageError("an evidence bundle needs --key log.pub, from another source than the bundle")
    try:
        public = LogKey.read(trust.key.read_text("utf-8"))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--key") from error
    older = trust.checkpoint.read_text("utf-8", "replace") if trust.checkpoint else None
    verdict = verify_bundle(data, public, older=older, witness=trust.witness, stamped=trust.stamped)
    if trust.sm2 is not None and verdict.outcome is BundleOutcome.VERIFIED:
        return _with_second(verdict, bundle["checkpoint"], trust.sm2)
    return verdict


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
        case Outcome.DIFFERS | Outcome.LAYOUT:
            return _difference(found, chinese=chinese)
        case Outcome.UNREADABLE:
            why = UNREADABLE[found.where][0 if chinese else 1].format(found.says)
            return why + ("；请索取原样下载的文件" if chinese else "; ask for the file as it was downloaded")
        case Outcome.UNKNOWN_FORMAT:
            return (
                f"本版本不识别格式 {found.says}"
                if chinese
                else f"Unknown format {found.says}; this version knows {found.recomputed}"
            )


def _difference(found: Verification, *, chinese: bool) -> str:
    head, other = DIFFERENCES[found.outcome][0 if chinese else 1]
    if chinese:
        return f"{head}：{found.where}\n  文件中：{found.says}\n  {other}：{found.recomputed}"
    return f"{head}: {found.where}\n  the file says  {found.says}\n  {other:<13}  {found.recomputed}"


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
