"""Pages cost a known number of statements, however many rows there are."""

import pytest
from sqlalchemy import event

from hengjian.platform.db import Database
from tests.dashboards.visiting import Browser
from tests.support.people import a_bureau, an_account

BUDGET = {"/overview": 12, "/orgs": 12, "/findings": 12, "/inbox": 12, "/rules": 12, "/reports": 12}


@pytest.mark.parametrize(("path", "most"), BUDGET.items())
async def test_a_page_keeps_its_budget(browser: Browser, database: Database, path: str, most: int) -> None:
    """Opening the session and both transactions included, no page asks more than a dozen questions."""
    await browser.sign_in(await an_account(database, await a_bureau(database)))
    asked: list[str] = []
    engine = database.engine.sync_engine

    def count(_link: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        assert (await browser.get(path)).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert 1 < len(asked) <= most, asked
