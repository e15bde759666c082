"""`hengjian dossier`, `score`, `score-with` and `double-claims` over a database: what they print, write and refuse."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hengjian.deploy.cli import main
from hengjian.platform.db import Caller, Database
from hengjian.scoring.api import evaluate_organization, load_lawbook
from hengjian.scoring.lawbook_files import LAWBOOK_FOLDER
from hengjian.tenants.api import REGISTERS
from tests.support.api import a_sender, api_over
from tests.support.people import credit_code
from tests.support.rows import a_row

Command = Callable[..., Result]


@pytest.fixture
def command(app_url: str, tmp_path: Path) -> Command:
    """Runs the command line on the test's database."""

    def run(*words: str) -> Result:
        environment = {"HENGJIAN_DATABASE_URL": app_url, "HENGJIAN_STATE": str(tmp_path), "LC_ALL": "C.UTF-8"}
        return CliRunner().invoke(main, words, env=environment)

    return run


@pytest.fixture
def judged(app_url: str) -> str:
    """The credit code of a contractor with a row in every register, judged."""

    async def make() -> str:
        database = Database.connect(app_url)
        try:
            sender = await a_sender(database)
            home = sender.organization
            async with api_over(app_url) as api:
                for register in REGISTERS:
                    fields = {"creditCode": home.credit_code} if register.kind == "organizations" else {}
                    await api.push(sender.key, register.kind, [a_row(register, "r1", **fields)])
            async with database.write(Caller(kind="job", tenant_id=home.id, actor="test")) as session:
                await evaluate_organization(session, home.id, lawbook=load_lawbook())
            return home.credit_code
        finally:
            await database.close()

    return asyncio.run(make())


def test_a_dossier_is_written_and_verified(command: Command, judged: str, tmp_path: Path) -> None:
    """Two commands: write, verify. Then a byte is changed."""
    file = tmp_path / "f.json"
    written = command("dossier", judged, "--out", str(file))
    assert written.exit_code == 0, written.output
    verified = command("verify", str(file))
    assert (verified.exit_code, judged in verified.output) == (0, True), verified.output
    file.write_bytes(file.read_bytes().replace(b'"outcome":"breach"', b'"outcome":"passed"', 1))
    assert command("verify", str(file)).exit_code == 1


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["dossier", "{code}", "--finding", "WG-0", "--out", "{out}"], 1, "no finding WG-0"),
        (["dossier", "{code}", "--date", "2999-01-01", "--out", "{out}"], 2, "has not come yet"),
        (["dossier", "{other}", "--out", "{out}"], 1, "No organization"),
        (["score", "{other}"], 1, "No organization"),
        (["score", "{code}", "--since", "2999-01-01"], 2, "comes after"),
        (["score", "{code}", "--date", "2020-01-01", "--since", "2019-12-31"], 1, "no credit model"),
        (["score-with", "{model}", "--organization", "{other}"], 1, "No organization"),
        (["evaluate", "--organization", "{other}", "--json"], 1, '"zh": "没有机构 {other}，请核对统一社会信用代码。"'),
    ],
)
def test_refusals(command: Command, judged: str, tmp_path: Path, words: list[str], code: int, says: str) -> None:
    """Each says what is wrong, and writes no file."""
    out, model = tmp_path / "f.json", LAWBOOK_FOLDER / "credit" / "provincial-65.yaml"
    names = {"code": judged, "other": credit_code(), "out": str(out), "model": str(model)}
    found = command(*(word.format(**names) for word in words))
    assert (found.exit_code, says.format(**names) in found.output) == (code, True), found.output
    assert not out.exists()


def test_a_score_and_a_trial(command: Command, judged: str, tmp_path: Path) -> None:
    """A score is printed from 100 downwards; the same model tried moves nothing; an unsound one names its line."""
    told = command("score", judged).output.splitlines()
    assert told[1].strip().startswith("official")
    assert told[2].strip() == "100"
    assert any("C-04" in line or "C-05" in line or "C-03" in line for line in told)
    shipped = LAWBOOK_FOLDER / "credit" / "provincial-65.yaml"
    trial = json.loads(command("score-with", str(shipped), "--organization", judged, "--json").output)
    assert [(one["credit_code"], one["changes"]) for one in trial["scores"]] == [(judged, [])]
    unsound = tmp_path / "unsound.yaml"
    unsound.write_text(shipped.read_text("utf-8").replace("contractor: 20", "contractor: 21"), "utf-8")
    refused = command("score-with", str(unsound))
    assert (refused.exit_code, "caps of contractor sum to 100" in refused.output) == (1, True), refused.output


def test_double_claims_are_listed(command: Command, judged: str) -> None:
    """Every organization of these tests has the same made-up rows, so there are some; a region of nobody has none."""
    listed = command("double-claims", "--region", "65", "--compare", "--json")
    assert listed.exit_code == 0, listed.output
    assert judged
    assert {one["kind"] for one in json.loads(listed.output)} <= {
        "person",
        "certificate",
        "instrument",
        "vehicle",
        "label",
    }
    assert command("double-claims", "--region", "11").output.strip() == "0 double claims."
