"""`hengjian verify`: recompute a dossier with no server and no database."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from hengjian.deploy.cli.frame import in_chinese, print_json
from hengjian.scoring.domain.dossier_verify import Outcome, Verification, verify_dossier

EXIT_CODES = {Outcome.VERIFIED: 0, Outcome.DIFFERS: 1, Outcome.UNREADABLE: 3, Outcome.UNKNOWN_FORMAT: 4}
LARGEST_BYTES = 512 * 1024 * 1024


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@click.pass_context
def verify(context: click.Context, *, file: Path, as_json: bool) -> None:
    """Judge and score a dossier FILE again from its own facts and rules, and name the first difference.

    Exit codes: 0 verified; 1 it differs; 2 asked wrongly; 3 not a dossier; 4 a format this version does not know.
    """
    if file.stat().st_size > LARGEST_BYTES:
        raise click.UsageError(f"{file} is larger than any dossier ({LARGEST_BYTES // 1024 // 1024} MiB)")
    found = verify_dossier(file.read_bytes())
    if as_json:
        print_json(
            {name: value for name, value in asdict(found).items() if name != "result"} | {"score": _score(found)}
        )
    else:
        click.echo(_told(found), err=found.outcome is not Outcome.VERIFIED)
    context.exit(EXIT_CODES[found.outcome])


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
        + ("" if chinese else f"  {judged} judgements recomputed, facts as known at {about['known_at']}")
    )
