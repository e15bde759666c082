"""Journey 8 up to the decision, in a real browser: notice, statement with a file, proposal, confirmation, objection."""

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
# Journey 8 in ecosystem section 4: the institution's own steps for one objection.
BUDGET = 3


@dataclass
class Office:
    """The people of one case, each with a window of their own."""

    address: str
    database: Database
    bureau: KnownOrganization
    contractor: KnownOrganization

    @asynccontextmanager
    async def person(self, role: str) -> AsyncIterator[Visit]:
        home = self.contractor if role == "clerk" else self.bureau
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
        yield Office(address, database, await a_bureau(database), sender.organization)


async def decide(visit: Visit, effect: str, reason: str) -> None:
    await visit.page.locator("#why").fill(reason)
    await visit.page.get_by_role("button", name=effect, exact=True).click()
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
        await decide(visit, "提议确认违规", "合同自 12 月起，不影响本期。")
        assert await visit.serious_issues() == []
    async with office.person("reviewer") as visit:
        await visit.go(f"/findings/{no}")
        await visit.page.get_by_role("button", name="确认违规", exact=True).click()
        assert "请写明理由" in await visit.page.locator("#problems").inner_text()
        visit.heard.clear()  # the browser itself tells of a 422
        await decide(visit, "确认违规", "同意，陈述不予采信。")
        assert "已确认" in await visit.page.locator(".head").inner_text()
        assert not await visit.sticks_out()
    async with office.person("clerk") as visit:
        await visit.go("/my/inbox")
        await visit.page.get_by_role("button", name="本页标为已读").click()
        await visit.page.wait_for_selector("text=0 条未读")
        await speak(visit, no, "在役点位应为 32 个。", contract)
        assert re.search(r"异议决定期限 \d{4}-\d\d-\d\d", await visit.page.locator("main").inner_text())


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
