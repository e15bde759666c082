"""`hengjian lawbook diff`, `export`, `import` and `replay`: versions compared, changes as files, frozen cases judged again."""

import asyncio
import getpass
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from hengjian.deploy.access import check_reachable, find_access
from hengjian.deploy.cli.frame import in_chinese, print_json, settings_of
from hengjian.deploy.cli.lawbook import Day, lawbook
from hengjian.deploy.services import open_services
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
from hengjian.scoring.errors import PackError, ScoringError
from hengjian.scoring.lawbook_content import canonical_content, read_file
from hengjian.tenants.api import get_organization, supervised_ids
from hengjian.tenants.errors import TenantsError

__all__ = ["lawbook"]
ANY_PATH = click.Path(exists=True, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
Answer = TypeVar("Answer")


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

    async def work(database: Database) -> bytes:
        book = await lawbook_now(database)
        async with database.read(await _bureau(database, bureau)) as session:
            detail = await read_change(session, no, book=book, today=datetime.now(UTC).date())
        return write_change(detail.change.in_book)

    out.write_bytes(_done(context, work))
    click.echo(str(out))


@lawbook.command("import")
@click.argument("file", type=FILE)
@click.option("--bureau", metavar="CREDIT_CODE", required=True, help="The bureau whose draft it becomes.")
@click.option("--from-day", type=Day(), help="Another first day than the file's.")
@click.pass_context
def import_command(context: click.Context, *, file: Path, bureau: str, from_day: date | None) -> None:
    """Draft the change of a FILE for a bureau and its region; check, preview and approval follow as for any draft."""
    content = file.read_bytes()

    async def work(database: Database) -> str:
        new = read_change_file(content, from_day=from_day)
        book, operator = await lawbook_now(database), getpass.getuser()
        by = Person(operator, frozenset({"rule_author"}))
        async with database.write(await _bureau(database, bureau)) as session:
            return await draft_change(session, new, by=by, book=book, now=datetime.now(UTC))

    click.echo(_done(context, work))


@lawbook.command("replay")
@click.argument("dossiers", nargs=-1, type=FILE)
@AS_JSON
@click.pass_context
def replay_command(context: click.Context, *, dossiers: tuple[Path, ...], as_json: bool) -> None:
    """Judge every stored judgement, or the given DOSSIERS, again by the law-book with all approved changes.

    Nothing before the first day of a change may come out otherwise; exit code 1 when anything does.
    """

    async def work(database: Database) -> dict[str, Any]:
        book = await lawbook_now(database)
        if dossiers:
            told = [(str(path), replay_dossier(path.read_bytes(), book)) for path in dossiers]
            differing = [{"dossier": path, **_plain(one)} for path, one in told if one.outcome is not Outcome.VERIFIED]
            return {"replayed": len(told), "differences": differing}
        found = [one async for one in _replayed(database)]
        return {"replayed": len(found), "differences": [asdict(one) for one in found if one is not None]}

    answer = _done(context, work)
    if as_json:
        print_json(json.loads(json.dumps(answer, default=str)))
    else:
        for one in answer["differences"]:
            click.echo(json.dumps(one, ensure_ascii=False, default=str), err=True)
        click.echo(f"{answer['replayed']} replayed, {len(answer['differences'])} differ")
    context.exit(1 if answer["differences"] else 0)


async def _replayed(database: Database) -> AsyncIterator[Replayed | None]:
    book, operator = await lawbook_now(database), f"operator:{getpass.getuser()}"
    async with database.read(Caller(kind="job", actor=operator, source="command line")) as session:
        everybody = await supervised_ids(session)
    for tenant_id in everybody:
        caller = Caller(kind="job", tenant_id=tenant_id, actor=operator, source="command line")
        async with database.read(caller) as session:
            async for one in replay_stored(session, tenant_id, lawbook=book):
                yield one


def _plain(one: Any) -> dict[str, str]:
    return {"outcome": one.outcome.value, "where": one.where, "says": one.says, "recomputed": one.recomputed}


async def _bureau(database: Database, credit_code: str) -> Caller:
    operator = f"operator:{getpass.getuser()}"
    async with database.write(Caller(kind="job", actor=operator, source="command line")) as session:
        known = await get_organization(session, credit_code)
    return Caller(kind="bureau", tenant_id=known.id, region=known.region, actor=operator, source="command line")


def _done(context: click.Context, work: Callable[[Database], Awaitable[Answer]]) -> Answer:
    """Do the work with the database open; a refusal is told in the reader's language and ends with 1."""
    settings = settings_of(context)
    check_reachable(find_access(settings).application)

    async def run() -> Answer:
        async with _opened(open_services(settings).database) as database:
            return await work(database)

    try:
        return asyncio.run(run())
    except (ScoringError, TenantsError) as refused:
        click.echo(refused.zh if in_chinese() else str(refused), err=True)
        context.exit(1)


@asynccontextmanager
async def _opened(database: Database) -> AsyncIterator[Database]:
    try:
        yield database
    finally:
        await database.close()


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
