"""Pages cost a known number of statements, however many rows there are."""

import pytest
from sqlalchemy import event

from hengjian.platform.db import Database
from tests.dashboards.visiting import Browser
from tests.support.api import Api
from tests.support.custody import a_sample, a_task, with_labels
from tests.support.people import a_bureau, an_account

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
    "/tasks/T-1/recordings": 14,
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
