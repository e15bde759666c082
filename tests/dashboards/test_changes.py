"""Pages of rule changes: who may draft, what comes back when it is refused, and who sees what."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Database
from hengjian.scoring.changes.jobs import tell_of_change
from tests.dashboards.visiting import Browser
from tests.scoring.changing import FIRST_DAY, Office, forget_changes, to_45
from tests.support.people import a_bureau, a_contractor, an_account

REGION = "6505"
TYPED = {
    "what": "parameter:points_per_supervisor",
    "value": "45",
    "from_day": FIRST_DAY.isoformat(),
    "clause": "4.3.3.4",
    "reason": "督查力量不足",
    "source_status": "proposal",
}


@pytest_asyncio.fixture
async def office(database: Database, owner: AsyncConnection) -> AsyncIterator[Office]:
    yield Office(database, (await a_bureau(database, REGION)).id, REGION)
    await forget_changes(owner)


async def sign_in(browser: Browser, database: Database, role: str) -> None:
    browser.client.cookies.clear()
    await browser.sign_in(await an_account(database, await a_bureau(database, REGION), role=role))


async def test_only_rule_authors_get_the_form(browser: Browser, database: Database) -> None:
    """Nobody else sees it, and whoever sends it all the same is refused in words."""
    assert 'name="from_day"' not in (await browser.get("/rules/C-04")).text
    await sign_in(browser, database, "inspector")
    assert 'name="from_day"' not in (await browser.get("/rules/C-04")).text
    refused = await browser.send("/rules/C-04/changes", **TYPED)
    assert (refused.status_code, "您的角色不能办理这一步" in refused.text) == (422, True)
    await sign_in(browser, database, "rule_author")
    assert 'name="from_day"' in (await browser.get("/rules/C-04")).text


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("from_day", "下月", "生效日请写成"),
        ("from_day", "2020-01-01", "生效日最早为明天"),
        ("reason", " ", "请写明变更理由"),
        ("clause", "", "请写明依据条款"),
        ("value", "", "请填写参数与新值"),
    ],
)
async def test_what_is_refused_comes_back_as_it_was_typed(
    browser: Browser, database: Database, field: str, typed: str, said: str
) -> None:
    """422, the problem on top, and every word still in its field."""
    await sign_in(browser, database, "rule_author")
    await browser.get("/rules/C-04")
    answer = await browser.send("/rules/C-04/changes", **{**TYPED, field: typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert answer.text.count("督查力量不足") == (field != "reason")
    assert (await browser.send("/rules/C-99/changes", **TYPED)).status_code == 404


async def test_examples_are_edited_until_green(browser: Browser, database: Database) -> None:
    """The draft shows which examples move; a wrong one is named; right ones start the preview."""
    await sign_in(browser, database, "rule_author")
    await browser.get("/rules/C-04")
    drafted = await browser.send("/rules/C-04/changes", **TYPED)
    assert drafted.status_code == 303
    page = drafted.headers["location"]
    assert "还没有全部通过" in (await browser.get(page)).text
    wrong = "- {points: 50, supervisors: 1, verdict: pass}"
    assert (await browser.send(page, **TYPED, examples=wrong)).status_code == 303
    assert "应为 pass" in (await browser.get(page)).text
    assert "<progress" not in browser.last.text
    await browser.send(page, **TYPED, examples=to_45().examples)
    assert "全部通过" in (await browser.get(page)).text
    assert "<progress" in browser.last.text
    early = await browser.send(f"{page}/steps", act="submit")
    assert (early.status_code, "影响预览" in early.text) == (422, True)
    assert (await browser.send(f"{page}/steps", act="nonsense")).status_code == 422


async def test_a_draft_is_the_bureaus_own(browser: Browser, database: Database, office: Office) -> None:
    """Strangers and another bureau find no draft, in list or by number; once approved it is everybody's."""
    no = await office.draft()
    for role in ("", "other"):
        if role:
            await browser.sign_in(await an_account(database, await a_bureau(database, "6502"), role="rule_author"))
        assert (await browser.get(f"/rules/changes/{no}")).status_code == 404
        assert no not in (await browser.get("/rules/changes")).text
        assert no not in (await browser.get("/rules/C-04")).text
    browser.client.cookies.clear()
    done = await office.put_through(to_45(from_day=FIRST_DAY + timedelta(days=1)))
    page = (await browser.get(f"/rules/changes/{done}")).text
    assert "<ins>45</ins>" in page
    assert "对过去 12 个月的影响" not in page
    assert 'method="post"' not in page
    assert done in (await browser.get("/rules/C-04")).text
    assert (await browser.get(f"/rules/changes/{done}/impact.csv")).status_code == 303


async def test_impact_is_a_file_for_the_bureau(browser: Browser, database: Database, office: Office) -> None:
    """CSV and JSON once the preview is done; nothing before, and nothing under another name."""
    no = await office.draft()
    await office.check(no)
    await sign_in(browser, database, "inspector")
    assert (await browser.get(f"/rules/changes/{no}/impact.csv")).status_code == 404
    await office.preview(no)
    table = await browser.get(f"/rules/changes/{no}/impact.csv")
    assert (table.status_code, "credit_code" in table.text) == (200, True)
    assert (await browser.get(f"/rules/changes/{no}/impact.json")).json() == []
    assert (await browser.get(f"/rules/changes/{no}/impact.exe")).status_code == 404
    assert (await browser.get(f"/rules/changes/{no}?effect=x")).status_code == 422


async def test_a_firm_that_nothing_moves_is_told_so(browser: Browser, database: Database, office: Office) -> None:
    """The page of one's own effects opens and says that there are none; a bureau has no such page."""
    no = await office.put_through()
    await tell_of_change(database, {"tenant_id": str(office.id), "no": no})
    await browser.sign_in(await an_account(database, await a_contractor(database, f"{REGION}02")))
    assert "没有影响本机构的规则变更" in (await browser.get("/my/changes")).text
    await sign_in(browser, database, "inspector")
    assert (await browser.get("/my/changes")).status_code == 403
