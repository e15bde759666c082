"""`hengjian lawbook diff`, `export`, `import` and `replay`: versions compared, changes as files, frozen cases judged again."""

import getpass
import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from hengjian.deploy.cli.entering import AS_JSON, operate, operator, organization_of
from hengjian.deploy.cli.frame import in_chinese, print_json
from hengjian.deploy.cli.lawbook import Day, lawbook
from hengjian.deploy.services import Services
from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Caller, Database
from hengjian.scoring.api import (
    Difference,
    Person,
    Replayed,
    differences,
    draft_change,
    lawbook_now,
    read_change,
    read_change_file,
    replay_stored,
    write_change,
)
from hengjian.scoring.domain.dossier_verify import Outcome, replay_dossier
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.errors import PackError
from hengjian.scoring.lawbook_content import canonical_content, read_file
from hengjian.tenants.api import supervised_ids

__all__ = ["lawbook"]
ANY_PATH = click.Path(exists=True, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@lawbook.command("diff")
@click.argument("before", type=ANY_PATH)
@click.argument("after", type=ANY_PATH)
@AS_JSON
@click.pass_context
def diff_command(context: click.Context, *, before: Path, after: Path, as_json: bool) -> None:
    """Tell what differs between two law-books, packs, rules or exported changes; exit code 1 when anything does."""
    try:
        found = list(differences(_content(before), _content(after)))
    except (PackError, ValueError) as error:
        raise click.UsageError(error.zh if in_chinese() and isinstance(error, PackError) else str(error)) from error
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        for one in found:
            _tell(one)
    context.exit(1 if found else 0)


@lawbook.command("export")
@click.argument("no")
@click.option("--bureau", metavar="CREDIT_CODE", required=True, help="The bureau that sees the change.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="File to write.")
@click.pass_context
def export_command(context: click.Context, *, no: str, bureau: str, out: Path) -> None:
    """Write the change NO as a file for another bureau."""

    async def work(services: Services) -> bytes:
        book = await lawbook_now(services.database)
        async with services.database.read(await _bureau(services, bureau)) as session:
            detail = await read_change(session, no, book=book, today=legal_day(datetime.now(UTC)))
        return write_change(detail.change.in_book)

    out.write_bytes(operate(context, work))
    click.echo(str(out))


@lawbook.command("import")
@click.argument("file", type=FILE)
@click.option("--bureau", metavar="CREDIT_CODE", required=True, help="The bureau whose draft it becomes.")
@click.option("--from-day", type=Day(), help="Another first day than the file's.")
@click.pass_context
def import_command(context: click.Context, *, file: Path, bureau: str, from_day: date | None) -> None:
    """Draft the change of a FILE for a bureau and its region; check, preview and approval follow as for any draft."""
    content = file.read_bytes()

    async def work(services: Services) -> str:
        new = read_change_file(content, from_day=from_day)
        book, by = await lawbook_now(services.database), Person(getpass.getuser(), frozenset({"rule_author"}))
        async with services.database.write(await _bureau(services, bureau)) as session:
            return await draft_change(session, new, by=by, book=book, now=datetime.now(UTC))

    click.echo(operate(context, work))


@lawbook.command("replay")
@click.argument("dossiers", nargs=-1, type=FILE)
@AS_JSON
@click.pass_context
def replay_command(context: click.Context, *, dossiers: tuple[Path, ...], as_json: bool) -> None:
    """Judge every stored judgement, or the given DOSSIERS, again by the law-book with all approved changes.

    Nothing before the first day of a change may come out otherwise; exit code 1 when anything does.
    """

    async def work(services: Services) -> dict[str, Any]:
        book = await lawbook_now(services.database)
        if dossiers:
            told = [(str(path), replay_dossier(path.read_bytes(), book)) for path in dossiers]
            differing = [{"dossier": path, **_plain(one)} for path, one in told if one.outcome is not Outcome.VERIFIED]
            return {"replayed": len(told), "differences": differing}
        found = [one async for one in _replayed(services.database, book)]
        return {"replayed": len(found), "differences": [asdict(one) for one in found if one is not None]}

    answer = operate(context, work, as_json=as_json)
    if as_json:
        print_json(json.loads(json.dumps(answer, default=str)))
    else:
        for one in answer["differences"]:
            click.echo(json.dumps(one, ensure_ascii=False, default=str), err=True)
        click.echo(f"{answer['replayed']} replayed, {len(answer['differences'])} differ")
    context.exit(1 if answer["differences"] else 0)


async def _replayed(database: Database, book: LawBook) -> AsyncIterator[Replayed | None]:
    async with database.read(operator()) as session:
        everybody = await supervised_ids(session)
    for tenant_id in everybody:
        async with database.read(operator(tenant_id=tenant_id)) as session:
            async for one in replay_stored(session, tenant_id, lawbook=book):
                yield one


def _plain(one: Any) -> dict[str, str]:
    return {"outcome": one.outcome.value, "where": one.where, "says": one.says, "recomputed": one.recomputed}


async def _bureau(services: Services, credit_code: str) -> Caller:
    known = await organization_of(services, credit_code)
    return operator(kind="bureau", tenant_id=known.id, region=known.region)


def _content(path: Path) -> dict[str, Any]:
    """What a law-book, a pack, a rule's file or an exported change says, by file."""
    if path.is_dir():
        files = sorted(path.glob("**/*.yaml"))
        return {str(file.relative_to(path)): _content(file) for file in files}
    if path.suffix == ".json":
        said: dict[str, Any] = json.loads(path.read_bytes())
        return said
    document = read_file(path)
    found: dict[str, Any] = json.loads(canonical_content([document]))
    only: dict[str, Any] = found[path.name]
    return only


def _tell(one: Difference) -> None:
    click.echo(f"{one.path}\n  - {one.before}\n  + {one.after}")
