"""`hengjian lawbook`: read, check and try the rules."""

import asyncio
import hashlib
import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from hengjian.deploy.cli.frame import in_chinese, print_json
from hengjian.filing.api import LANGUAGES, Language, print_booklet
from hengjian.platform.calendar import legal_day
from hengjian.platform.pdf import PdfError
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.errors import PackError, ScoringError
from hengjian.scoring.lawbook_commands import check_packs, list_rules, try_rule
from hengjian.scoring.lawbook_files import LAWBOOK_FOLDER, load_lawbook

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)

Command = TypeVar("Command", bound=Callable[..., Any])


class Day(click.ParamType[date]):
    """A legal day, written 2026-11-20."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day, or a usage error."""
        try:
            if isinstance(value, date):
                return value
            return date.fromisoformat(value if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) else "")
        except ValueError:
            self.fail(f"{value} is not a day such as 2026-11-20", param, ctx)


class Region(click.ParamType[str]):
    """A region code of GB/T 2260."""

    name = "region"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The code, or a usage error."""
        if not re.fullmatch(r"\d{2}(\d{2}){0,2}", value, re.ASCII):
            self.fail(f"{value} is not a region code such as 65, 6501 or 650102", param, ctx)
        return str(value)


def _place_and_day(command: Command) -> Command:
    command = click.option("--region", type=Region(), help="Region code; without it each pack's own region.")(command)
    return click.option("--date", "on", type=Day(), help="Day such as 2026-11-20; without it today.")(command)


def _folder(command: Command) -> Command:
    return click.option("--folder", type=FOLDER, default=LAWBOOK_FOLDER, help="Another law-book than the shipped one.")(
        command
    )


@click.group()
def lawbook() -> None:
    """Read, check and try the rules of the law-book."""


@lawbook.command("list")
@_place_and_day
@_folder
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON, with formula, facts and limits.")
def list_command(*, region: str | None, on: date | None, folder: Path, as_json: bool) -> None:
    """List the rules in force."""
    rules = list_rules(_load(folder), region=region, on=on or _today())
    if as_json:
        print_json(rules)
        return
    language = "zh" if in_chinese() else "en"
    if not rules:
        click.echo("没有生效的规则" if in_chinese() else "no rule is in force there and then", err=True)
    for rule in rules:
        clause = f"{rule['clause']['source']} {rule['clause']['clause']}"
        click.echo(f"{rule['rule']}  {rule['severity']:<8}  {clause:<13}  {rule['title'][language]}")
        click.echo(f"      {rule['formula'][language]}")


@lawbook.command("check")
@click.argument("folder", type=FOLDER, default=LAWBOOK_FOLDER)
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@click.pass_context
def check_command(context: click.Context, *, folder: Path, as_json: bool) -> None:
    """Load the packs of a FOLDER (or one pack) and run all their examples; exit code 1 when anything is wrong."""
    found = check_packs(folder)
    if as_json:
        print_json(found)
    else:
        for pack in found["packs"]:
            click.echo(f"ok  {pack['pack']}  {pack['rules']} rules, {pack['examples']} examples  {pack['version']}")
        for model in found["credit_models"]:
            click.echo(f"ok  {model['model']}  credit model  {model['version']}")
        for error in found["errors"]:
            click.echo(error["zh" if in_chinese() else "en"], err=True)
    context.exit(0 if found["ok"] else 1)


@lawbook.command("try")
@click.argument("rule")
@click.argument("facts", nargs=-1, metavar="[NAME=VALUE]...")
@_place_and_day
@_folder
@click.option("--json", is_flag=True, expose_value=False, help="The answer is always JSON.")
def try_command(*, rule: str, facts: tuple[str, ...], region: str | None, on: date | None, folder: Path) -> None:
    """Judge facts by a RULE and print verdict, measured, required, clause and every step as JSON.

    For example: hengjian lawbook try C-04 points=51 supervisors=1. A fact left out is unknown. A list is written
    a,b; a truth value 0 or 1; a day 2026-04-15. A parameter of the rule can be given another value the same way.
    """
    book = _load(folder)
    try:
        answer = try_rule(book, rule, _pairs(facts), region=region, on=on or _today())
    except ScoringError as error:
        raise click.UsageError(error.zh if in_chinese() else str(error)) from error
    print_json(answer)


@lawbook.command("pdf")
@click.argument("pack")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="File to write.")
@click.option("--language", type=click.Choice(LANGUAGES), default="zh", show_default=True)
@click.option("--date", "on", type=Day(), help="Day such as 2026-11-20; without it today.")
@_folder
def pdf_command(*, pack: str, out: Path, language: Language, on: date | None, folder: Path) -> None:
    """Print a PACK of rules as PDF: clauses, formulas, limits over time and examples.

    For example: hengjian lawbook pdf institutions --out institutions.pdf
    """
    book = _load(folder)
    found = next((one for one in book.packs if one.id == pack), None)
    if found is None:
        known = ", ".join(one.id for one in book.packs)
        raise click.UsageError(
            f"没有规则集 {pack}，现有：{known}" if in_chinese() else f"no pack {pack}; there are {known}"
        )
    try:
        content = asyncio.run(print_booklet(book, found, language=language, on=on or _today()))
    except PdfError as failed:
        raise click.ClickException(f"没能生成：{failed}" if in_chinese() else str(failed)) from failed
    out.write_bytes(content)
    click.echo(f"{out}: {len(content):,} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}")


def _pairs(facts: Iterable[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in facts:
        name, sign, value = text.partition("=")
        if not sign or not name or name in pairs:
            raise click.UsageError(f"facts are written NAME=VALUE, each once: {text}")
        pairs[name] = value
    return pairs


def _load(folder: Path) -> LawBook:
    try:
        return load_lawbook(folder)
    except PackError as error:
        raise click.ClickException(error.zh if in_chinese() else str(error)) from error


def _today() -> date:
    return legal_day(datetime.now(UTC))
