"""Changes of rules through the API: drafts for their bureau, what is approved for everybody with a key."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Database
from hengjian.scoring.api import draft_change
from tests.scoring.changing import AUTHOR, BOOK, Office, forget_changes, to_45
from tests.support.api import a_bureau_sender, a_sender, api_over

ASKED = "{ ruleChanges { number rule kind region stage fromDay value version } }"


@pytest.fixture
async def clean(owner: AsyncConnection) -> AsyncIterator[None]:
    """No approved change is left for other tests."""
    yield
    await forget_changes(owner)


@pytest.mark.usefixtures("clean")
async def test_drafts_are_the_bureaus_and_law_is_everybodys(database: Database, app_url: str) -> None:
    """An organization sees nothing of the draft, and the approved change with its first day."""
    bureau, firm = await a_bureau_sender(database, "6529"), await a_sender(database)
    office = Office(database, bureau.organization.id, "6529")
    async with database.write(office.caller()) as session:
        draft = await draft_change(session, to_45(reason="草稿"), by=AUTHOR, book=BOOK, now=datetime.now(UTC))
    async with api_over(app_url) as api:

        async def numbers(key: str) -> list[str]:
            return [one["number"] for one in (await api.ask(key, ASKED))["data"]["ruleChanges"]]

        assert await numbers(bureau.key) == [draft]
        assert await numbers(firm.key) == []
        law = await office.put_through()
        assert await numbers(bureau.key) == [law, draft]
        (seen,) = (await api.ask(firm.key, ASKED))["data"]["ruleChanges"]
    assert (seen["number"], seen["rule"], seen["stage"], seen["value"]) == (law, "C-04", "shadow", "45")
