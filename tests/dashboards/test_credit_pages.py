"""The forms of credit events: preview, four eyes, what the organization sees, and walls between regions."""

import re
from datetime import UTC, datetime

from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Database
from hengjian.scoring.jobs import evaluate
from tests.dashboards.visiting import LAWBOOK, Browser, browser_over
from tests.support.api import a_sender
from tests.support.people import a_bureau, an_account

FINE = {"document_no": "乌环罚〔2026〕1号", "measure": "fine", "fine": "20000", "decided_on": "2026-11-02"}
FINE |= {"organ": "市局", "summary": "未按规范<b>运维</b>", "conduct": "falsification"}
STEP = re.compile(r'action="(/orgs/[^"]+/credit/events/[^"]+)"')


async def test_a_penalty_by_form_goes_through_two_people(browser: Browser, database: Database) -> None:
    """The preview keeps nothing; the entry waits; another confirms; the organization sees it then, and a veto waits."""
    sender, bureau = await a_sender(database), await a_bureau(database)
    base = f"/orgs/{sender.organization.credit_code}/credit"
    await evaluate(database, {"tenant_id": str(sender.organization.id)}, lawbook=LAWBOOK)
    await browser.sign_in(await an_account(database, bureau))
    await browser.get(base)
    shown = await browser.send(f"{base}/penalty", **FINE, do="preview")
    assert shown.status_code == 200
    assert "100.00（A）→ 85.00（B）" in shown.text
    assert "没有行政处罚" in shown.text
    bad = await browser.send(f"{base}/penalty", **(FINE | {"fine": "ten"}), do="enter")
    assert "罚款金额须为大于 0 的数" in bad.text
    assert (await browser.send(f"{base}/penalty", **FINE, do="enter")).status_code == 303
    page = (await browser.get(base)).text
    assert "待复核" in page
    assert "未按规范&lt;b&gt;运维&lt;/b&gt;" in page
    assert not STEP.search(page)
    async with browser_over(database) as other:
        await other.sign_in(await an_account(database, bureau, role="reviewer"))
        step = STEP.search((await other.get(base)).text)
        assert step is not None
        assert "100.00（A）→ 85.00（B）" in other.last.text
        assert (await other.send(step[1], act="confirm")).status_code == 303
        await evaluate(database, {"tenant_id": str(sender.organization.id)}, lawbook=LAWBOOK)
        assert "系统提出建议" in (await other.get(base)).text
    async with browser_over(database) as own:
        await own.sign_in(await an_account(database, sender.organization))
        seen = (await own.get(base)).text
        assert "乌环罚〔2026〕1号" in seen
        assert "系统提出建议" not in seen
        assert not STEP.search(seen)
        assert "<form" not in seen.split('class="tabs"')[1].split("</main>")[0]
    async with browser_over(database) as elsewhere:
        await elsewhere.sign_in(await an_account(database, await a_bureau(database, "6502")))
        assert (await elsewhere.get(base)).status_code == 404


async def test_a_step_that_is_refused_says_why(browser: Browser, database: Database) -> None:
    """An unknown step or event, and a step in a wrong state."""
    sender, bureau = await a_sender(database), await a_bureau(database)
    base = f"/orgs/{sender.organization.credit_code}/credit"
    await browser.sign_in(await an_account(database, bureau))
    await browser.get(base)
    await browser.send(
        f"{base}/veto", item="forged_document", document_no="决1", decided_on="2026-11-02", summary="伪造"
    )
    async with browser_over(database) as other:
        await other.sign_in(await an_account(database, bureau, role="reviewer"))
        step = STEP.search((await other.get(base)).text)
        assert step is not None
        assert (await other.send(step[1], act="confirm")).text.count("现在的状态不能办理") == 1
        assert (await other.send(step[1], act="leap")).status_code == 422
        await other.get(base)
        gone = f"{base}/events/0190a0a0-0000-7000-8000-000000000000"
        assert (await other.send(gone, act="decide")).status_code == 404
        await other.get(base)
        assert (await other.send(step[1], act="decide")).status_code == 303
        assert "有效" in (await other.get(base)).text


APPLICATION = re.compile(r'action="(/orgs/[^"]+/credit/repairs/[^"]+)"')


async def test_an_organization_applies_for_repair_and_two_people_decide(browser: Browser, database: Database) -> None:
    """The day from which it is possible stands on both pages; too early it is refused; then applied, proposed, granted."""
    sender, bureau = await a_sender(database), await a_bureau(database)
    base = f"/orgs/{sender.organization.credit_code}/credit"
    await evaluate(database, {"tenant_id": str(sender.organization.id)}, lawbook=LAWBOOK)
    async with browser_over(database) as first, browser_over(database) as second:
        await first.sign_in(await an_account(database, bureau))
        await second.sign_in(await an_account(database, bureau, role="reviewer"))
        paid = {"decided_on": "2026-03-02", "duty_done_on": "2026-03-10"}
        for number, change in (("罚早", {"duty_done_on": str(legal_day(datetime.now(UTC)))}), ("罚晚", paid)):
            await first.get(base)
            form = FINE | {"document_no": number, "conduct": ""} | change
            assert (await first.send(f"{base}/penalty", **form, do="enter")).status_code == 303
        steps = set(STEP.findall((await second.get(base)).text))
        assert len(steps) == 2
        for step in steps:
            await second.get(base)
            await second.send(step, act="confirm")
        await browser.sign_in(await an_account(database, sender.organization, role="clerk"))
        home = (await browser.get("/my")).text
        assert "起可以申请" in home
        shown = (await browser.get(base)).text
        (late,) = re.findall(r'<option value="(penalty:[^"]+)">[^<]*罚晚', shown)
        (early,) = {step.rpartition("/")[2] for step in steps} - {late.partition(":")[2]}
        refused = await browser.send(f"{base}/repairs", matter=f"penalty:{early}", text="已缴清")
        assert "未到可以修复的日期" in refused.text
        await browser.get(base)
        assert (await browser.send(f"{base}/repairs", matter=late, text="已缴清<b>")).status_code == 303
        assert "申请正在办理" in (await browser.get(base)).text
        assert not APPLICATION.search(browser.last.text)
        action = APPLICATION.search((await first.get(base)).text)
        assert action is not None
        assert "已缴清&lt;b&gt;" in first.last.text
        incomplete = await first.send(
            action[1], act="propose_grant", reason="已核实", document_no="", on_day="2026-11-20"
        )
        assert "修复决定文书号" in incomplete.text
        await first.get(base)
        proposal = {"act": "propose_grant", "reason": "已核实", "document_no": "修1", "on_day": "2026-11-20"}
        assert (await first.send(action[1], **proposal)).status_code == 303
        assert "提议待复核" not in (await browser.get(base)).text
        assert "机构申请信用修复" in (await second.get("/inbox")).text
        await second.get(base)
        assert (await second.send(action[1], act="grant")).status_code == 303
        assert "已修复" in (await browser.get(base)).text
        assert "信用修复已准予" in (await browser.get("/my/inbox")).text
