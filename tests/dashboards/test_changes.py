"""Pages of rule changes: who may draft, what comes back when it is refused, and who sees what."""

import html
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Database, sql
from hengjian.scoring.changes.jobs import judge_in_shadow, tell_of_change
from hengjian.tenants.api import known_organization
from tests.dashboards.visiting import Browser
from tests.scoring.changing import FIRST_DAY, Office, a_firm, forget_changes, to_45
from tests.support.people import OPERATOR, a_bureau, a_contractor, an_account

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
    shown = (await browser.get(page)).text
    assert "还没有全部通过" in shown
    assert "结果将变为“不符合”" in shown
    assert "已按新值填好" in shown
    assert "退回" not in shown  # a draft of one's own can only be withdrawn
    unreadable = await browser.send(page, **TYPED | {"what": "text", "text": "id: C-04\nseverity: majr"})
    assert unreadable.status_code == 303
    assert "规则文件有误" in (await browser.get(page)).text
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
    assert "<ins>6505</ins>" not in page  # a region by its name
    assert f"试运行中，{FIRST_DAY + timedelta(days=1)} 起自动生效" in page
    assert "对过去 12 个月的影响" not in page
    assert 'method="post"' not in page
    assert done in (await browser.get("/rules/C-04")).text
    assert (await browser.get(f"/rules/changes/{done}/impact.csv")).status_code == 303


async def test_a_draft_that_nobody_has_checked_says_what_to_do(
    browser: Browser, database: Database, office: Office
) -> None:
    """As it comes from another bureau's file: its form stands open with the button that runs the examples."""
    no = await office.draft()
    async with database.read(office.caller()) as session:
        own = await known_organization(session, office.id)
    assert own is not None
    await browser.sign_in(await an_account(database, own, role="rule_author"))
    page = (await browser.get(f"/rules/changes/{no}")).text
    assert "运行示例并预览影响" in page
    assert "改动后须重新运行示例和预览" not in page
    assert (await browser.send(f"/rules/changes/{no}", **TYPED, examples=to_45().examples)).status_code == 303
    assert "改动后须重新运行示例和预览" in (await browser.get(f"/rules/changes/{no}")).text


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


async def test_anybody_reads_what_a_change_alters_and_who_approved_it(browser: Browser, office: Office) -> None:
    """The version to come stands beside today's, old → new, with number, bureau and second person; no account needed."""
    no = await office.put_through()
    page = (await browser.get("/rules/C-04/versions?lang=zh")).text
    assert "<del>50</del>" in page
    assert "<ins>45</ins>" in page
    assert f'href="/rules/changes/{no}"' in page
    assert "复核 批准于" in page
    pack = (await browser.get("/rules/packs/contractor-capability-65/versions?lang=en")).text
    assert no in pack


@pytest.mark.parametrize(("what", "said"), [("off", "在本地区停用这条规则"), ("severity:critical", "级别 较重 → 严重")])
async def test_a_rule_is_switched_off_or_weighed_otherwise(
    browser: Browser, database: Database, what: str, said: str
) -> None:
    """The same form drafts another severity and the end of a rule in the region; its page says what changes."""
    await sign_in(browser, database, "rule_author")
    await browser.get("/rules/C-04")
    drafted = await browser.send("/rules/C-04/changes", **{**TYPED, "what": what, "value": ""})
    assert drafted.status_code == 303, drafted.text
    page = (await browser.get(drafted.headers["location"])).text
    assert said in page
    assert ("<progress" in page) == (what == "off")


async def test_a_change_is_returned_and_withdrawn_with_a_reason(browser: Browser, database: Database) -> None:
    """Without a reason nothing happens; with one the author may take the draft back, and it stands in the history."""
    await sign_in(browser, database, "rule_author")
    await browser.get("/rules/C-04")
    page = (await browser.send("/rules/C-04/changes", **TYPED)).headers["location"]
    await browser.get(page)
    assert "请写明理由" in (await browser.send(f"{page}/steps", act="withdraw", reason=" ")).text
    assert (await browser.send(f"{page}/steps", act="withdraw", reason="先调研")).status_code == 303
    gone = (await browser.get(page)).text
    assert "已撤回" in gone
    assert "先调研" in gone
    assert 'name="act"' not in gone
    foreign = await browser.send(f"{page}/steps", csrf="0" * 64, act="withdraw", reason="x")
    assert foreign.status_code == 403


async def test_a_change_in_force_is_ended_by_another(
    browser: Browser, database: Database, office: Office, owner: AsyncConnection
) -> None:
    """Once it is in force its page offers the end from a day; that is a draft of its own, on its way to a second person."""
    no = await office.put_through()
    yesterday = sql("""
        update rule_change set from_day = current_date - 1, submitted_by = 'x',
            content = jsonb_set(content, '{from_day}', to_jsonb((current_date - 1)::text)) where no = :no
    """)
    await owner.execute(yesterday, {"no": no})
    async with database.read(OPERATOR) as session:
        home = await known_organization(session, office.id)
    assert home is not None
    await browser.sign_in(await an_account(database, home, role="rule_author"))
    page = await browser.get(f"/rules/changes/{no}")
    assert "停用这项变更" in page.text
    ended = {"from_day": FIRST_DAY.isoformat(), "clause": "4.3.3.4", "reason": "恢复原规定"}
    assert (await browser.send(f"/rules/changes/{no}/end", **{**ended, "reason": ""})).status_code == 422
    await browser.get(f"/rules/changes/{no}")
    draft = await browser.send(f"/rules/changes/{no}/end", **ended)
    assert draft.status_code == 303
    assert "停用一项变更，恢复原规定" in (await browser.get(draft.headers["location"])).text


async def test_shadow_days_show_what_the_change_would_find(
    browser: Browser, database: Database, office: Office
) -> None:
    """A bureau sees who would breach only by the new limit; nobody else sees the list."""
    await a_firm(database, f"{REGION}02", points=50, supervisors=1)
    no = await office.put_through()
    await judge_in_shadow(database, lawbook=await office.book())
    assert "试运行</h2>" not in (await browser.get(f"/rules/changes/{no}")).text
    await sign_in(browser, database, "inspector")
    page = (await browser.get(f"/rules/changes/{no}")).text
    assert "试运行</h2>" in page
    assert "≥ 2" in page


async def test_a_whole_rule_is_written_anew(browser: Browser, database: Database) -> None:
    """The form holds the rule's file; a fault is told with its line; mended, its own examples run and the preview begins."""
    await sign_in(browser, database, "rule_author")
    shown = (await browser.get("/rules/C-04")).text
    text = html.unescape(shown.split('name="text"')[1].split(">", 1)[1].split("</textarea>")[0])
    assert "points_per_supervisor" in text
    whole = TYPED | {"what": "text", "value": ""}
    drafted = await browser.send("/rules/C-04/changes", **whole, text=text.replace("require:", "require: (", 1))
    page = (await browser.get(drafted.headers["location"])).text
    assert re.search(r"C-04\.yaml:\d+", page)
    assert "require: (" in page
    mended = text.replace("severity: major", "severity: minor")
    assert (await browser.send(drafted.headers["location"], **whole, text=mended)).status_code == 303
    page = (await browser.get(drafted.headers["location"])).text
    assert "还没有全部通过" not in page
