"""Changes of rules through the API: drafts for their bureau, what is approved for everybody with a key."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Database
from hengjian.scoring.api import draft_change
from tests.scoring.changing import AUTHOR, BOOK, Office, a_firm, forget_changes, to_45
from tests.support.api import a_bureau_sender, a_sender, api_over

IMPACT = """
query ($number: String!) { ruleChangeImpact(number: $number, first: 1) {
  state upToDate organizations gradesMove totalCount pageInfo { hasNextPage }
  nodes { creditCode region effect daysBefore daysAfter pointsBefore pointsAfter gradeBefore gradeAfter } } }
"""
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


@pytest.mark.usefixtures("clean")
async def test_a_preview_is_the_bureaus(database: Database, app_url: str) -> None:
    """Its own key reads whom the change moves with points and grades; an organization and another bureau read nothing."""
    bureau, other, firm = await a_bureau_sender(database, "6528"), await a_bureau_sender(database, "6530"), "652801"
    moved = [await a_firm(database, firm, points=50, supervisors=1) for _ in range(2)]
    office = Office(database, bureau.organization.id, "6528")
    no = await office.draft()
    await office.check(no)
    await office.preview(no)
    stranger = await a_sender(database)
    async with api_over(app_url) as api:
        found = (await api.ask(bureau.key, IMPACT, {"number": no}))["data"]["ruleChangeImpact"]
        for key in (other.key, stranger.key):
            assert (await api.ask(key, IMPACT, {"number": no}))["data"]["ruleChangeImpact"] is None
    assert (found["state"], found["upToDate"], found["totalCount"]) == ("done", True, len(moved))
    assert found["pageInfo"] == {"hasNextPage": True}
    (one,) = found["nodes"]
    assert (one["effect"], one["region"], one["daysBefore"]) == ("starts", firm, 0)
    assert one["daysAfter"] > 300
