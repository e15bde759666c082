import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hengjian.deploy.cli import main
from hengjian.platform.db import Database
from hengjian.tenants.api import KnownOrganization
from tests.support.people import a_bureau, a_contractor


@pytest.fixture
def environment(app_url: str, tmp_path: Path) -> dict[str, str]:
    return {"HENGJIAN_DATABASE_URL": app_url, "HENGJIAN_STATE": str(tmp_path / "state"), "LANG": "C.UTF-8"}


@pytest.fixture
def known(app_url: str) -> tuple[KnownOrganization, KnownOrganization]:
    async def enter() -> tuple[KnownOrganization, KnownOrganization]:
        database = Database.connect(app_url)
        try:
            return await a_bureau(database, "6502"), await a_contractor(database, "650203")
        finally:
            await database.close()

    return asyncio.run(enter())


def call(environment: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(main, ["report", *arguments], env=environment)


def test_a_report_is_written_to_the_file_and_told_in_json(
    environment: dict[str, str], known: tuple[KnownOrganization, KnownOrganization], tmp_path: Path
) -> None:
    """What the answer says of the file is true of it."""
    out = tmp_path / "x.pdf"
    answer = call(
        environment, "--organization", known[1].credit_code, "--month", "2026-10", "--out", str(out), "--json"
    )
    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.output)
    assert out.read_bytes().startswith(b"%PDF-1.7")
    assert told["bytes"] == out.stat().st_size
    assert (told["kind"], told["month"], told["file"]) == ("organization", "2026-10", str(out))


def test_a_bureaus_report_is_made_by_its_region(
    environment: dict[str, str], known: tuple[KnownOrganization, KnownOrganization]
) -> None:
    """Nobody has to know a bureau's credit code."""
    answer = call(environment, "--bureau", known[0].region, "--month", "2026-10", "--language", "en", "--json")
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.output)["kind"] == "bureau"


@pytest.mark.parametrize("arguments", [[], ["--organization", "x", "--bureau", "65"]])
def test_one_subject_must_be_named(environment: dict[str, str], arguments: list[str]) -> None:
    """Exit code 2: it was asked wrongly."""
    assert call(environment, *arguments).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--organization", "91650102DEM0000000"], "REPORT_SUBJECT_UNKNOWN"),
        (["--bureau", "9999"], "REPORT_SUBJECT_UNKNOWN"),
    ],
)
def test_an_unknown_subject_is_refused_with_a_code(
    environment: dict[str, str], arguments: list[str], code: str
) -> None:
    """Exit code 1, and JSON for machines."""
    answer = call(environment, *arguments, "--json")
    assert answer.exit_code == 1
    assert json.loads(answer.output)["error"]["code"] == code


def test_a_month_to_come_is_refused(
    environment: dict[str, str], known: tuple[KnownOrganization, KnownOrganization]
) -> None:
    """The message shows how a month is written."""
    answer = call(environment, "--bureau", known[0].region, "--month", "2999-01")
    assert answer.exit_code == 1
    assert "2026-10" in answer.output
