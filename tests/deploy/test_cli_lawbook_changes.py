"""`hengjian lawbook` with changes: from one bureau to another as a file, compared, and frozen cases judged again."""

import asyncio
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest
from click.testing import CliRunner, Result

from hengjian.deploy.cli import main
from hengjian.deploy.embedded import plain_url
from hengjian.platform.db import Database
from hengjian.scoring.lawbook_files import LAWBOOK_FOLDER
from hengjian.tenants.api import known_organization
from tests.scoring.changing import Office, a_firm, an_office

Command = Callable[..., Result]


@pytest.fixture
def command(app_url: str, tmp_path: Path) -> Command:
    """Runs the command line on the test's database."""

    def run(*words: str) -> Result:
        environment = {"HENGJIAN_DATABASE_URL": app_url, "HENGJIAN_STATE": str(tmp_path), "LC_ALL": "C.UTF-8"}
        return CliRunner().invoke(main, words, env=environment)

    return run


@pytest.fixture
def approved(app_url: str, admin_url: str) -> Iterator[tuple[str, str, str]]:
    """The number of an approved change, and the credit codes of its bureau and of another one."""

    async def make() -> tuple[str, str, str]:
        database = Database.connect(app_url)
        try:
            office, other = await an_office(database, "6543"), await an_office(database, "6542")
            await a_firm(database, "654301", points=50, supervisors=1)
            return await office.put_through(), await _credit_code(office), await _credit_code(other)
        finally:
            await database.close()

    yield asyncio.run(make())
    asyncio.run(_forget(admin_url))


async def _forget(admin_url: str) -> None:
    link = await asyncpg.connect(plain_url(admin_url))
    await link.execute("delete from rule_change")
    await link.close()


async def _credit_code(office: Office) -> str:
    async with office.database.read(office.caller()) as session:
        known = await known_organization(session, office.id)
    assert known is not None
    return known.credit_code


def test_a_change_goes_from_bureau_to_bureau_as_a_file(
    command: Command, approved: tuple[str, str, str], tmp_path: Path
) -> None:
    """Exported, imported as a draft of the other one; a byte changed on the way is refused."""
    no, bureau, other = approved
    file = tmp_path / "change.json"
    assert command("lawbook", "export", no, "--bureau", bureau, "--out", str(file)).exit_code == 0
    imported = command("lawbook", "import", str(file), "--bureau", other)
    assert imported.exit_code == 0, imported.output
    assert imported.output.startswith("BG-654200-")
    forged = tmp_path / "forged.json"
    forged.write_text(file.read_text("utf-8").replace('"45"', '"44"'), "utf-8")
    refused = command("lawbook", "import", str(forged), "--bureau", other)
    assert refused.exit_code == 1
    assert "hash" in refused.output
    compared = command("lawbook", "diff", str(file), str(forged), "--json")
    assert [one["path"] for one in json.loads(compared.output)] == ["content.value"]


def test_frozen_cases_come_out_the_same_by_the_changed_law_book(
    command: Command, approved: tuple[str, str, str], app_url: str, tmp_path: Path
) -> None:
    """Every stored judgement, and a dossier of days before the change."""
    assert approved
    told = command("lawbook", "replay", "--json")
    answer = json.loads(told.output)
    assert (told.exit_code, answer["differences"]) == (0, [])
    assert answer["replayed"] > 0
    firm = asyncio.run(_a_firm(app_url))
    dossier = tmp_path / "f.json"
    assert command("dossier", firm, "--out", str(dossier)).exit_code == 0
    assert "1 replayed, 0 differ" in command("lawbook", "replay", str(dossier)).output


async def _a_firm(app_url: str) -> str:
    database = Database.connect(app_url)
    try:
        firm = await a_firm(database, "654301", points=50, supervisors=1)
        async with database.read((await an_office(database, "654301")).caller()) as session:
            known = await known_organization(session, firm)
        assert known is not None
        return known.credit_code
    finally:
        await database.close()


def test_two_law_books_are_compared_value_by_value(command: Command, tmp_path: Path) -> None:
    """Nothing between a law-book and itself; then the one value that somebody changed."""
    copy = tmp_path / "book"
    shutil.copytree(LAWBOOK_FOLDER, copy)
    same = command("lawbook", "diff", str(LAWBOOK_FOLDER), str(copy))
    assert (same.exit_code, same.output) == (0, "")
    file = copy / "contractor-capability-65" / "C-04.yaml"
    file.write_text(file.read_text("utf-8").replace("value: 50", "value: 45"), "utf-8")
    other = command("lawbook", "diff", str(LAWBOOK_FOLDER), str(copy))
    assert other.exit_code == 1
    assert "parameters.points_per_supervisor[0].value\n  - 50\n  + 45" in other.output
