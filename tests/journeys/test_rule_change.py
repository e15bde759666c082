"""Journey 6 in a real browser: a new value from a day, its examples, its impact, and a second person who approves it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Database, sql
from hengjian.scoring.api import KeptLawBook
from hengjian.scoring.changes.jobs import preview, tell_of_change
from hengjian.scoring.jobs import evaluate
from hengjian.tenants.api import KnownOrganization, known_organization
from tests.dashboards.chromium import Visit, visiting, web_process
from tests.dashboards.visiting import LAWBOOK
from tests.scoring.changing import a_firm, forget_changes
from tests.support.people import OPERATOR, a_bureau, an_account

pytestmark = pytest.mark.browser
# Journey 6 in ecosystem section 4: the steps of both people together.
BUDGET = 5
REGION = "6504"
TODAY = legal_day(datetime.now(UTC))
FROM = TODAY + timedelta(days=40)
_WAITING = sql("select tenant_id, id from rule_impact where state = 'waiting' order by started_at desc limit 1")
_JUDGED = sql("""
    select rule_id, verdict, measured, required, severity, as_of from judgement where tenant_id = :id
     order by rule_id, subject
""")


@dataclass
class Office:
    """A bureau with an author and a reviewer, and a contractor that a stricter limit would move."""

    address: str
    database: Database
    owner: AsyncConnection
    bureau: KnownOrganization
    firm: Any
    steps: int = field(default=0)

    @asynccontextmanager
    async def person(self, role: str, width: str = "desk") -> AsyncIterator[Visit]:
        account = await an_account(self.database, self.bureau, role=role)
        async with visiting(self.address, width) as visit:
            await visit.sign_in(account)
            yield visit
            assert visit.heard == []

    async def work(self) -> None:
        """What the worker does with the preview that waits."""
        row = (await self.owner.execute(_WAITING)).one()
        await preview(self.database, {"tenant_id": str(row.tenant_id), "impact_id": str(row.id)}, lawbook=LAWBOOK)

    async def judged(self) -> list[Any]:
        book = await KeptLawBook(LAWBOOK).current(self.database)
        await evaluate(self.database, {"tenant_id": str(self.firm)}, lawbook=book)
        return [tuple(row) for row in await self.owner.execute(_JUDGED, {"id": self.firm})]


@pytest.fixture(scope="module")
def address(app_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with web_process(app_url, tmp_path_factory.mktemp("web")) as url:
        yield url


@pytest.fixture
async def office(address: str, database: Database, owner: AsyncConnection) -> AsyncIterator[Office]:
    firm = await a_firm(database, f"{REGION}02", points=50, supervisors=1)
    yield Office(address, database, owner, await a_bureau(database, REGION), firm)
    await forget_changes(owner)


async def sound(visit: Visit) -> None:
    assert await visit.serious_issues() == []
    assert not await visit.sticks_out()
    assert await visit.cut_off() == []


async def draft(office: Office, visit: Visit) -> str:
    """Steps 1 to 3: new value, examples, and after a look at the impact, off for approval."""
    page = visit.page
    await visit.go("/rules/C-04")
    await page.get_by_text("填写新值").click()
    await page.get_by_label("新值").fill("45")
    await page.get_by_label("自哪一天起").fill(FROM.isoformat())
    await page.get_by_label("变更理由").fill("督查力量不足，投诉增加。")
    await sound(visit)
    await page.get_by_role("button", name="起草并运行示例").click()
    await page.wait_for_url("**/rules/changes/BG-*")
    office.steps += 1
    assert "50 → 45 个/人" in await page.locator(".head").inner_text()
    assert "还没有全部通过" in await page.locator("main").inner_text()
    await sound(visit)
    assert "verdict" in await page.locator("#e-examples").input_value()
    await page.get_by_role("button", name="运行示例并预览影响").click()
    await page.wait_for_selector("progress")
    office.steps += 1
    assert "全部通过" in await page.locator("main").inner_text()
    await sound(visit)
    await office.work()
    await page.wait_for_selector("text=开始违规")
    await sound(visit)
    async with page.expect_download() as download:
        await page.get_by_role("link", name="CSV").click()
    assert "starts" in (await (await download.value).path()).read_text(encoding="utf-8-sig")
    await page.get_by_role("button", name="送审").click()
    await page.wait_for_selector("text=待批准")
    office.steps += 1
    assert await page.get_by_role("button", name="批准").count() == 0
    assert "不能批准" in await page.locator("main").inner_text()
    return page.url.rpartition("/")[2]


async def test_a_limit_changes_within_the_budget(office: Office) -> None:
    """Two people, five steps: draft, examples, send; open, approve. Nothing before its day comes out otherwise."""
    before = await office.judged()
    async with office.person("rule_author") as visit:
        no = await draft(office, visit)
    async with office.person("reviewer") as visit:
        await visit.go("/rules/changes")
        await visit.page.locator(f"a[href$='{no}']").click()
        await visit.page.wait_for_url(f"**/{no}")
        office.steps += 1
        await visit.page.get_by_role("button", name="批准").click()
        await visit.page.wait_for_selector(".head >> text=试运行")
        office.steps += 1
        await sound(visit)
        assert office.steps <= BUDGET
        await visit.go("/rules/C-04")
        assert "50 → 45" in await visit.page.locator("main").inner_text() or no in await visit.page.content()
    assert await office.judged() == before
    book = await KeptLawBook(LAWBOOK).current(office.database)
    limits = [
        book.rule_in_force("C-04", region=region, on=day)
        for region, day in ((REGION, FROM - timedelta(days=1)), (REGION, FROM), ("6501", FROM))
    ]
    assert [str(one.parameters["points_per_supervisor"].value) for one in limits if one] == ["50", "45", "50"]


async def test_a_firm_is_told_its_own_difference(office: Office, database: Database, tmp_path: Path) -> None:
    """After approval the contractor finds the change in its inbox, and its own difference behind it, on a phone."""
    async with office.person("rule_author") as visit:
        no = await draft(office, visit)
    async with office.person("reviewer", "phone") as visit:
        await visit.go(f"/rules/changes/{no}")
        await sound(visit)
        await visit.page.screenshot(path=tmp_path / "phone.png")
        await visit.page.get_by_role("button", name="批准").click()
        await visit.page.wait_for_selector(".head >> text=试运行")
    row = (await office.owner.execute(sql("select tenant_id from rule_change where no = :no"), {"no": no})).one()
    assert await tell_of_change(database, {"tenant_id": str(row.tenant_id), "no": no}) >= 1
    async with database.read(OPERATOR) as session:
        firm = await known_organization(session, office.firm)
    assert firm is not None
    account = await an_account(database, firm, role="clerk")
    async with visiting(office.address, "phone") as visit:
        await visit.sign_in(account)
        await visit.go("/my/inbox")
        await visit.page.locator("tbody a").first.click()
        await visit.page.wait_for_url("**/my/changes")
        assert "开始违规" in await visit.page.locator("main").inner_text()
        await sound(visit)
        assert visit.heard == []
