"""Pages cost a known number of statements, however many rows there are."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Database
from tests.dashboards.visiting import Browser
from tests.platform.test_walls import row
from tests.support.api import Api
from tests.support.custody import Institution, a_sample, a_task, with_labels
from tests.support.people import a_bureau, an_account
from tests.support.tables import register

BUDGET = {"/overview": 12, "/orgs": 12, "/findings": 12, "/inbox": 12, "/rules": 12, "/reports": 12} | {
    "/recordings": 12,
    "/rules/changes": 12,
    "/rules/C-04/versions": 12,
    "/rules/packs/contractor-capability-65/versions": 12,
    "/credit": 12,
    "/mirror": 12,
    "/log": 12,
}
OF_ONE = dict.fromkeys(("/labels", "/tasks", "/task?ref=T-1", "/recordings", "/credit"), 12) | {
    "/task?ref=T-1": 13,
    "/credit": 13,
    "/recordings/of/T-1": 14,
}


@pytest.mark.parametrize(("path", "most"), BUDGET.items())
async def test_a_page_keeps_its_budget(browser: Browser, database: Database, path: str, most: int) -> None:
    """Opening the session and both transactions included, no page asks more than a dozen questions."""
    await browser.sign_in(await an_account(database, await a_bureau(database), role="reviewer"))
    asked = await statements_of(browser, database, path)
    assert 1 < len(asked) <= most, asked


@pytest.mark.parametrize(("path", "most"), OF_ONE.items())
async def test_a_page_of_one_institution_keeps_its_budget(
    browser: Browser, database: Database, api: Api, path: str, most: int
) -> None:
    """The pages of labels, tasks, recordings and credit, with as many rows as they come to hold in a week."""
    one = await with_labels(database, 30)
    await api.push(one.sender.key, "monitoringTasks", [a_task(f"T-{n}") for n in range(12)])
    await api.push(one.sender.key, "samples", [a_sample(f"S-{n}") for n in range(12)])
    await browser.sign_in(await an_account(database, await a_bureau(database), role="reviewer"))
    asked = await statements_of(browser, database, f"/orgs/{one.organization.credit_code}{path}")
    assert 1 < len(asked) <= most, asked


async def recorded(owner: AsyncConnection, one: Institution, begin: int, until: int) -> str:
    """Recordings of a task with inspection, check, hold and preview, as the archive leaves them; the first one's id."""
    table, at = register().tables["recording"], datetime(2026, 11, 20, 2, tzinfo=UTC)
    home, ids = one.organization, [uuid4() for _ in range(begin, until)]
    for number, identity in zip(range(begin, until), ids, strict=True):
        told = {
            "id": identity,
            "recording_no": f"V-{number}",
            "task_ref": "T-1",
            "stage": "SAMPLING",
            "node": "WHOLE",
            "started_at": at,
            "ended_at": at + timedelta(minutes=5),
            "secrecy": "NORMAL",
            "sha256": f"{number:064x}",
            "label_ids": list(one.labels[:1]),
            "retention_until": date(2036, 11, 20),
        }
        await owner.execute(table.insert().values(row(table, home.id, home.region) | told))
        for name, more in (
            ("recording_inspection", {"report": {"sha256": f"{number:064x}", "size": 1, "duration_ms": 300_000}}),
            ("recording_check", {"ok": True}),
            ("recording_hold", {"placed": True}),
            ("recording_preview", {"times_ms": [0], "object_path": f"previews/{identity}/sheet.jpg"}),
        ):
            beside = register().tables[name]
            told_beside = {"recording_id": identity, "id": uuid4(), "at": at, **more}
            await owner.execute(beside.insert().values(row(beside, home.id, home.region) | told_beside))
    return str(ids[0])


@pytest.mark.parametrize("path", ["/recordings", "{base}/recordings", "{base}/recordings/of/T-1?clip={clip}"])
async def test_recordings_cost_no_statement_each(
    browser: Browser, database: Database, api: Api, owner: AsyncConnection, path: str
) -> None:
    """Lists and the page of review: no more statements with thirty recordings than with three, and within the budget."""
    one = await with_labels(database, 3)
    await api.push(one.sender.key, "monitoringTasks", [a_task("T-1")])
    await api.push(one.sender.key, "samples", [a_sample("S-1", taskRef="T-1")])
    address = path.format(base=f"/orgs/{one.organization.credit_code}", clip=await recorded(owner, one, 0, 3))
    await browser.sign_in(await an_account(database, await a_bureau(database), role="reviewer"))
    few = await statements_of(browser, database, address)
    await recorded(owner, one, 3, 30)
    many = await statements_of(browser, database, address)
    # One more at most: the session's time of last use, or what the driver looks up once a connection.
    assert len(many) <= len(few) + 1, (few, many)
    assert len(many) <= (14 if "clip" in path else 12), many


async def statements_of(browser: Browser, database: Database, path: str) -> list[str]:
    """What opening a page asks the database."""
    asked: list[str] = []
    engine = database.engine.sync_engine

    def count(_link: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        assert (await browser.get(path)).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return asked
