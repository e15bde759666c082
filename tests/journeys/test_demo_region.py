"""The demo region, loaded as an operator loads it: real processes, the public API, then judgement and reports."""

import asyncio
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import asyncpg
import pytest

from hengjian.deploy.demo.appeal import RULE as APPEALED_RULE
from hengjian.deploy.demo.appeal import STEPS
from hengjian.deploy.demo.appeal import STORY as APPEALED_STORY
from hengjian.deploy.demo.credit import BREACHES
from hengjian.deploy.demo.others import others
from hengjian.deploy.demo.pages import Pages
from hengjian.deploy.demo.stories import contractors
from hengjian.deploy.demo.wenzhou import CARELESS, FOUND, ON_ARRIVAL
from hengjian.deploy.embedded import plain_url
from hengjian.deploy.processes import start_bound
from hengjian.platform.db import Database
from hengjian.scoring.api import load_lawbook
from hengjian.scoring.jobs import evaluate
from tests.support.databases import TestDatabase

ROOT = Path(__file__).parents[2]
STORIES = (*contractors(), *others())
OPEN_FINDINGS = """
    select distinct o.credit_code, f.rule_id from finding f join organization o on o.id = f.tenant_id
    where f.closed_on is null
"""
NO_DATA = """
    select distinct o.credit_code, j.rule_id from judgement j join organization o on o.id = j.tenant_id
    where j.verdict = 'no_data'
"""
APPEALED = """
    select f.no, f.state, array(
        select e.event from finding_event e where e.tenant_id = f.tenant_id and e.finding_id = f.id order by e.at, e.id
    ) as events from finding f join organization o on o.id = f.tenant_id where o.credit_code = $1 and f.rule_id = $2
"""
OF_EVIDENCE = """
    select distinct o.credit_code, f.rule_id from finding f join organization o on o.id = f.tenant_id
    where f.rule_id ~ '^[VS]-' and f.closed_on is distinct from f.opened_on
"""
GRADES = "select credit_code, grade from standing where region = home_region"


@dataclass(frozen=True)
class Deployment:
    environment: dict[str, str]
    state: Path

    def load(self) -> str:
        loader = [sys.executable, str(ROOT / "deploy" / "demo")]
        done = subprocess.run(loader, env=self.environment, capture_output=True, text=True, check=False, timeout=360)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def deployment(fresh_database: TestDatabase, tmp_path: Path) -> Iterator[Deployment]:
    """Web and worker over a database of their own, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "HENGJIAN_DATABASE_URL": fresh_database.app_url,
        "HENGJIAN_MIGRATION_URL": "",
        "HENGJIAN_STATE": str(tmp_path),
        "HENGJIAN_BASE_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
    }
    log = tmp_path / "processes.log"
    with log.open("wb") as output:
        words = [[sys.executable, "-m", "hengjian.deploy.cli", verb] for verb in ("serve", "worker")]
        children = [start_bound(each, output=output.fileno(), environment=environment) for each in words]
    try:
        wait_until_ready(port, log)
        yield Deployment(environment, tmp_path)
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(20)


def wait_until_ready(port: int, log: Path) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            link.request("GET", "/readyz")
            if link.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            link.close()
        time.sleep(0.2)
    pytest.fail(f"the web process did not become ready: {log.read_text()[-2000:]}")


async def judged(place: TestDatabase) -> tuple[dict[str, set[str]], dict[str, set[str]], dict[str, str]]:
    """Open findings and rules without data by credit code, and the grades, after everybody was judged."""
    database, lawbook = Database.connect(place.app_url), load_lawbook()
    behind = await asyncpg.connect(plain_url(place.admin_url))
    try:
        for row in await behind.fetch("select id from organization where not 'BUREAU' = any(kinds)"):
            await evaluate(database, {"tenant_id": str(row["id"])}, lawbook=lawbook)
        findings: dict[str, set[str]] = {story.credit_code: set() for story in STORIES}
        no_data: dict[str, set[str]] = {story.credit_code: set() for story in STORIES}
        for row in await behind.fetch(OPEN_FINDINGS):
            findings[row["credit_code"]].add(row["rule_id"])
        for row in await behind.fetch(NO_DATA):
            no_data[row["credit_code"]].add(row["rule_id"])
        grades = {row["credit_code"]: row["grade"] for row in await behind.fetch(GRADES)}
        return findings, no_data, grades
    finally:
        await behind.close()
        await database.close()


async def ever_found(place: TestDatabase) -> dict[str, set[str]]:
    """Every finding of recordings and labels that was not corrected away, by credit code."""
    behind = await asyncpg.connect(plain_url(place.admin_url))
    try:
        found: dict[str, set[str]] = {}
        for row in await behind.fetch(OF_EVIDENCE):
            found.setdefault(row["credit_code"], set()).add(row["rule_id"])
        return found
    finally:
        await behind.close()


async def reports(place: TestDatabase) -> int:
    """How many reports are listed."""
    behind = await asyncpg.connect(plain_url(place.admin_url))
    try:
        return int(await behind.fetchval("select count(*) from report where state = 'made'"))
    finally:
        await behind.close()


async def appealed(place: TestDatabase) -> asyncpg.Record:
    """The finding that was appealed against: number, state, and the steps taken."""
    code = next(story.credit_code for story in STORIES if story.number == APPEALED_STORY)
    behind = await asyncpg.connect(plain_url(place.admin_url))
    try:
        (row,) = await behind.fetch(APPEALED, code, APPEALED_RULE)
        return row
    finally:
        await behind.close()


def finding_page(deployment: Deployment, no: str) -> str:
    """The page of a finding as somebody of the province sees it who took no part."""
    told = json.loads((deployment.state / "demo.json").read_text("utf-8"))
    user = next(user for user in told["users"] if user["login"] == "administrator65")
    return Pages.signed_in(told["base_url"], user).read(f"/findings/{no}")


def the_appeal_is_won(deployment: Deployment, place: TestDatabase) -> None:
    """Every step once, though loaded twice; dismissed, and the decision shows the official score before and after."""
    won = asyncio.run(appealed(place))
    acts = [event for event in won["events"] if event in {step.act for step in STEPS}]
    assert (won["state"], acts) == ("dismissed", [step.act for step in STEPS])
    score = re.search(
        r"正式得分 ([\d.]+)（[A-D]）→ ([\d.]+)（[A-D]），违规 (\d+) → 0 天", finding_page(deployment, won["no"])
    )
    assert score is not None
    assert Decimal(score[2]) > Decimal(score[1])
    assert int(score[3]) > 0


def test_each_story_is_judged_as_it_tells(deployment: Deployment, fresh_database: TestDatabase) -> None:
    """Loaded twice, every organization breaks the rules its story names and no other; the model contractor is graded A."""
    first, second = deployment.load(), deployment.load()
    assert "refused 2" in first
    assert "everything was there" in second
    findings, no_data, grades = asyncio.run(judged(fresh_database))
    the_appeal_is_won(deployment, fresh_database)
    today = {**BREACHES, CARELESS: ON_ARRIVAL}
    assert findings == {
        story.credit_code: set(story.breaches) | today.get(story.number, frozenset()) for story in STORIES
    }
    assert asyncio.run(ever_found(fresh_database)) == {story.credit_code: FOUND for story in STORIES[-1:]}
    assert no_data == {story.credit_code: set(story.no_data) for story in STORIES}
    assert grades[STORIES[0].credit_code] == "A"
    assert asyncio.run(reports(fresh_database)) == 5
    told = json.loads((deployment.state / "demo.json").read_text("utf-8"))
    assert {key["credit_code"] for key in told["keys"]} >= {story.credit_code for story in STORIES}
    assert {tuple(user) for user in told["users"]} == {("login", "password", "totp_secret", "role", "region")}
