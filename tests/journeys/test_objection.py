"""Journey 8 in a real browser: notice, statement with a file, confirmation, objection, and the appeal that is won."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from hengjian.platform.db import Database
from hengjian.scoring.jobs import evaluate
from hengjian.tenants.api import KnownOrganization
from tests.dashboards.chromium import Visit, visiting, web_process
from tests.dashboards.visiting import LAWBOOK
from tests.support.api import a_sender, api_over
from tests.support.people import a_bureau, an_account

pytestmark = pytest.mark.browser
# Journey 8 in ecosystem section 4: the institution's own steps for one objection, and beyond it for the appeal.
BUDGET = 3
APPEAL_BUDGET = 2


@dataclass
class Office:
    """The people of one case, each with a window of their own."""

    address: str
    database: Database
    bureau: KnownOrganization
    upper: KnownOrganization
    contractor: KnownOrganization

    @asynccontextmanager
    async def person(self, role: str, *, upper: bool = False) -> AsyncIterator[Visit]:
        home = self.contractor if role == "clerk" else self.upper if upper else self.bureau
        account = await an_account(self.database, home, role=role)
        async with visiting(self.address) as visit:
            await visit.sign_in(account)
            yield visit
            assert visit.heard == []


@pytest.fixture(scope="module")
def address(app_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with web_process(app_url, tmp_path_factory.mktemp("web")) as url:
        yield url


@pytest.fixture
async def office(address: str, app_url: str, database: Database) -> AsyncIterator[Office]:
    async with api_over(app_url) as api:
        sender = await a_sender(database)
        one = {"role": "TECHNICIAN", "hiredOn": "2024-01-05"}
        await api.push(sender.key, "people", [{"sourceRef": f"P{n}", "name": f"甲{n}", **one} for n in range(4)])
        fixed = {"discharger": "纸业", "medium": "WATER", "city": "6501", "inServiceFrom": "2026-02-01"}
        await api.push(sender.key, "points", [{"sourceRef": f"T{n}", "name": f"口{n}", **fixed} for n in range(41)])
        await evaluate(database, {"tenant_id": str(sender.organization.id)}, lawbook=LAWBOOK)
        yield Office(address, database, await a_bureau(database), await a_bureau(database, "65"), sender.organization)


async def decide(visit: Visit, act: str, reason: str) -> None:
    await visit.page.locator("#why").fill(reason)
    await visit.page.locator(f"button[name=act][value={act}]").click()
    await visit.page.wait_for_url("**#h-d")


async def test_an_institution_states_and_objects_within_the_budget(office: Office, tmp_path: Path) -> None:
    """Open from the inbox, write and attach, submit: three steps; what is missing is said where it was typed."""
    contract = tmp_path / "录用合同.pdf"
    contract.write_bytes(b"%PDF-1.7 invented")
    async with office.person("inspector") as visit:
        await visit.go(f"/findings?q={office.contractor.credit_code}&rule=C-05")
        await visit.page.locator("input[name=no]").check()
        await visit.page.get_by_role("button", name="预览").click()
        assert "可办理 1 项" in await visit.page.locator(".head").inner_text()
        assert await visit.serious_issues() == []
        await visit.page.get_by_role("button", name="通知机构").click()
        await visit.page.wait_for_selector("text=已办理 1 项")
        no = await visit.page.locator(".chk .mono").first.inner_text()
    async with office.person("clerk") as visit:
        await visit.go("/my/inbox")
        assert await visit.serious_issues() == []
        await speak(visit, no, "已录用一名运维人员，见合同。", contract)
    async with office.person("inspector") as visit:
        await visit.go(f"/findings/{no}")
        assert await visit.page.locator("a.tag", has_text="录用合同.pdf").count() == 1
        async with visit.page.expect_download() as download:
            await visit.page.locator("a.tag", has_text="录用合同.pdf").click()
        assert (await (await download.value).path()).read_bytes() == contract.read_bytes()
        await decide(visit, "propose_confirm", "合同自 12 月起，不影响本期。")
        assert await visit.serious_issues() == []
    async with office.person("reviewer") as visit:
        await visit.go(f"/findings/{no}")
        await visit.page.get_by_role("button", name="确认违规", exact=True).click()
        assert "请写明理由" in await visit.page.locator("#problems").inner_text()
        visit.heard.clear()  # the browser itself tells of a 422
        await decide(visit, "confirm", "同意，陈述不予采信。")
        assert "已确认" in await visit.page.locator(".head").inner_text()
        assert not await visit.sticks_out()
    async with office.person("clerk") as visit:
        await visit.go("/my/inbox")
        await visit.page.get_by_role("button", name="本页标为已读").click()
        await visit.page.wait_for_selector("text=0 条未读")
        await speak(visit, no, "在役点位应为 32 个。", contract)
        assert re.search(r"异议决定期限 \d{4}-\d\d-\d\d", await visit.page.locator("main").inner_text())
    await and_appeals(office, no)


async def and_appeals(office: Office, no: str) -> None:
    """Two steps more; won, the score before and after stands on the finding's page."""
    await the_objection_is_rejected(office, no)
    async with office.person("clerk") as visit:
        await visit.go(f"/findings/{no}")
        await appeal(visit)
    await the_appeal_is_won(office, no)
    await evaluate(office.database, {"tenant_id": str(office.contractor.id)}, lawbook=LAWBOOK)
    async with office.person("clerk") as visit:
        await visit.go("/my/inbox")
        assert await visit.page.get_by_text("申诉决定：采信事实，重新判定").count() == 1
        await visit.go(f"/findings/{no}")
        text = await visit.page.locator("main").inner_text()
        assert re.search(r"正式得分 \d\d\.\d\d（[A-D]）→ 100\.00（A），违规 \d+ → 0 天", text)
        assert "已更正撤销，不计违规天数" in text
        assert await visit.serious_issues() == []
        assert not await visit.sticks_out()


async def the_objection_is_rejected(office: Office, no: str) -> None:
    for role, act in (("inspector", "propose_confirm"), ("reviewer", "confirm")):
        async with office.person(role) as visit:
            await visit.go(f"/findings/{no}")
            await decide(visit, act, "异议理由不成立。")


async def appeal(visit: Visit) -> None:
    """From the finding's page: fill in what should be, submit; a day that is missing is asked for."""
    page, steps = visit.page, 0
    assert re.search(r"向上一级生态环境局申诉，至 \d{4}-\d\d-\d\d", await page.locator("main").inner_text())
    await page.locator("#c-fact").select_option("technicians")
    await page.locator("#c-value").fill("6")
    await page.locator("#c-from").fill("2024-01-05")
    await page.locator("#say").fill("另有两名运维人员在岗，社保记录可查。")
    steps += 1
    await page.get_by_role("button", name="提交申诉").click()
    await page.wait_for_url("**#h-d")
    steps += 1
    assert re.search(r"申诉决定期限 \d{4}-\d\d-\d\d", await page.locator("main").inner_text())
    assert steps <= APPEAL_BUDGET


async def the_appeal_is_won(office: Office, no: str) -> None:
    """The lower bureau can only read; the upper one sees each outcome with both scores, and two of it decide."""
    async with office.person("inspector") as visit:
        await visit.go(f"/findings/{no}")
        assert "由上一级生态环境局决定" in await visit.page.locator("main").inner_text()
        assert await visit.page.locator("button[value=propose_amend]").count() == 0
    async with office.person("inspector", upper=True) as visit:
        await visit.go(f"/findings/{no}")
        shown = await visit.page.locator("tr", has_text="采信事实并重新判定").inner_text()
        assert "100.00" in shown
        assert await visit.serious_issues() == []
        assert not await visit.sticks_out()
        await decide(visit, "propose_amend", "社保记录属实。")
    async with office.person("reviewer", upper=True) as visit:
        await visit.go(f"/findings/{no}")
        await decide(visit, "amend", "同意。")


async def speak(visit: Visit, no: str, text: str, file: Path) -> None:
    steps = 0
    await visit.page.locator(f"tr:has-text('{no}') a").first.click()
    await visit.page.wait_for_url(f"**/findings/{no}")
    steps += 1
    await visit.page.locator("#say").fill(text)
    await visit.page.locator("#files").set_input_files(file)
    steps += 1
    await visit.page.get_by_role("button", name=re.compile("提交(陈述|异议)")).click()
    await visit.page.wait_for_url("**#h-d")
    steps += 1
    assert text in await visit.page.locator("main").inner_text()
    assert steps <= BUDGET
