"""The pages in a real browser: both widths, keyboard, both languages, nothing on the console, no serious axe issue."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from hengjian.deploy.demo.custody import TASK, story
from hengjian.platform.db import Database
from hengjian.scoring.jobs import evaluate
from hengjian.tenants.api import KnownOrganization
from tests.dashboards.chromium import WIDTHS, visiting, web_process
from tests.dashboards.visiting import LAWBOOK
from tests.support.api import Api, a_sender
from tests.support.custody import with_labels
from tests.support.people import a_bureau, an_account

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(app_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with web_process(app_url, tmp_path_factory.mktemp("web")) as url:
        yield url


@pytest_asyncio.fixture
async def contractor(api: Api, database: Database) -> AsyncIterator[KnownOrganization]:
    """A contractor with 41 points, four technicians and therefore findings."""
    sender = await a_sender(database)
    people = [
        {"sourceRef": f"P-{n}", "name": f"甲{n}", "role": "TECHNICIAN", "hiredOn": "2026-01-05"} for n in range(4)
    ]
    points = [
        {
            "sourceRef": f"PT-{n}",
            "name": f"排放口 {n} <b>",
            "discharger": "试验纸业",
            "medium": "WATER",
            "city": "6501",
            "inServiceFrom": "2026-02-01",
        }
        for n in range(41)
    ]
    profile = {
        "sourceRef": "O-1",
        "creditCode": sender.organization.credit_code,
        "name": sender.organization.name,
        "kinds": ["CONTRACTOR"],
        "homeRegion": "650102",
        "validFrom": "2026-01-05",
        "businessScope": "环境保护专用设备销售与安装服务及技术咨询" * 6,
    }
    await api.push(sender.key, "organizations", [profile])
    await api.push(sender.key, "people", people)
    await api.push(sender.key, "points", points)
    await evaluate(database, {"tenant_id": str(sender.organization.id)}, lawbook=LAWBOOK)
    yield sender.organization


@pytest.mark.parametrize("width", list(WIDTHS))
async def test_every_page_of_a_bureau_is_sound(
    address: str, database: Database, contractor: KnownOrganization, width: str
) -> None:
    """Signed in by keyboard, each page opens, fits the window, draws its charts and troubles nobody."""
    inspector = await an_account(database, await a_bureau(database))
    base = f"/orgs/{contractor.credit_code}"
    pages = [
        "/overview",
        "/orgs",
        base,
        f"{base}/findings",
        f"{base}/registers/points",
        f"{base}/score",
        f"{base}/credit",
    ]
    pages += [
        f"{base}/receipts",
        f"{base}?as_of=2026-03-01",
        "/findings",
        "/inbox",
        "/credit",
        "/rules",
        "/rules/C-05",
        "/rules/C-18/versions",
        "/rules/packs/contractor-capability-65/versions",
        f"/rules/models/{LAWBOOK.credit_models[0].id}/versions",
        "/reports",
    ]
    async with visiting(address, width) as visit:
        await visit.sign_in(inspector)
        for path in pages:
            assert await visit.go(path) == 200, path
            assert not await visit.sticks_out(), path
            assert await visit.cut_off() == [], path
            assert await visit.serious_issues() == [], path
        await visit.go(f"/findings?q={contractor.credit_code}&rule=C-05")
        await visit.page.locator("tbody th a").first.click()
        await visit.page.wait_for_url("**/findings/WG-*")
        assert await visit.page.locator(".verdict .big").first.inner_text() == "10.25个/人"
        assert "41 ≤ 32" in await visit.page.locator(".calc").inner_text()
        assert await visit.serious_issues() == []
        assert visit.heard == []


@pytest.mark.parametrize("width", list(WIDTHS))
async def test_an_organizations_own_home_is_sound(
    address: str, database: Database, contractor: KnownOrganization, width: str
) -> None:
    """What must be mended is named with its remedy; a page of the bureau's is answered with the way home."""
    clerk = await an_account(database, contractor)
    async with visiting(address, width) as visit:
        await visit.sign_in(clerk)
        assert await visit.serious_issues() == []
        assert "增配运维人员" in await visit.page.locator(".mend").inner_text()
        await visit.page.locator("tbody th a").first.click()
        await visit.page.wait_for_url("**/receipts/*")
        assert await visit.serious_issues() == []
        assert not await visit.sticks_out()
        assert visit.heard == []
        assert await visit.go("/overview") == 403
        assert await visit.page.get_by_role("link", name="我的首页").first.is_visible()


@pytest.mark.parametrize("width", list(WIDTHS))
async def test_anybody_reads_the_public_register(address: str, width: str) -> None:
    """Without signing in: both lists open, fit the window, and trouble nobody."""
    async with visiting(address, width) as visit:
        for path in ("/register", "/register?list=publicity", "/register?q=%25&lang=en"):
            assert await visit.go(path) == 200, path
            assert not await visit.sticks_out(), path
            assert await visit.cut_off() == [], path
            assert await visit.serious_issues() == [], path
        assert visit.heard == []


@pytest.mark.usefixtures("contractor")
@pytest.mark.parametrize("width", list(WIDTHS))
async def test_a_reviewer_looks_into_the_mirror(address: str, database: Database, width: str) -> None:
    """The mirror and what stands behind its numbers; an inspector is not let in."""
    bureau = await a_bureau(database)
    reviewer = await an_account(database, bureau, role="reviewer")
    async with visiting(address, width) as visit:
        await visit.sign_in(reviewer)
        for path in ("/mirror", "/mirror/behind?what=no_data&rule=C-03", "/mirror/behind?what=overdue", "/credit"):
            assert await visit.go(path) == 200, path
            assert not await visit.sticks_out(), path
            assert await visit.cut_off() == [], path
            assert await visit.serious_issues() == [], path
        assert visit.heard == []
    async with visiting(address, width) as visit:
        await visit.sign_in(await an_account(database, bureau))
        assert await visit.go("/mirror") == 403


async def test_the_list_is_worked_by_keyboard(address: str, database: Database, contractor: KnownOrganization) -> None:
    """Skip link, search key, sorting in place: the address follows, focus and history stay whole."""
    inspector = await an_account(database, await a_bureau(database))
    async with visiting(address) as visit:
        await visit.sign_in(inspector)
        await visit.go("/orgs")
        await visit.page.keyboard.press("Tab")
        assert await visit.page.evaluate("() => document.activeElement.className") == "skip"
        await visit.page.keyboard.press("Enter")
        assert await visit.page.evaluate("() => location.hash") == "#main"
        await visit.page.evaluate("() => document.activeElement.blur()")
        await visit.page.keyboard.press("/")
        await visit.page.keyboard.type(contractor.credit_code)
        await visit.page.keyboard.press("Enter")
        await visit.page.wait_for_url(f"**/orgs?q={contractor.credit_code}")
        assert await visit.page.locator("tbody tr").count() == 1
        await visit.page.get_by_role("link", name="暂定得分").focus()
        await visit.page.keyboard.press("Enter")
        await visit.page.wait_for_url(re.compile(r"sort=-score"))
        assert (await visit.page.locator("th[aria-sort=descending]").inner_text()).startswith("暂定得分")
        await visit.page.get_by_role("link", name="移除").click()
        await visit.page.wait_for_url(re.compile(r"/orgs\?sort=-score$"))
        await visit.page.go_back()
        await visit.page.wait_for_url(re.compile(r"q=.*sort=-score"))
        assert visit.heard == []


async def test_the_language_follows_the_switch(address: str, database: Database) -> None:
    """One click turns every page English, and it stays so until the next click."""
    inspector = await an_account(database, await a_bureau(database))
    async with visiting(address) as visit:
        await visit.sign_in(inspector)
        await visit.page.get_by_role("link", name="English").click()
        await visit.page.wait_for_selector("html[lang=en]")
        await visit.go("/findings")
        assert await visit.page.locator("h1").inner_text() == "Findings"
        assert await visit.serious_issues() == []
        await visit.page.get_by_role("link", name="中文").click()
        await visit.page.wait_for_selector("html[lang=zh-CN]")
        assert visit.heard == []


async def test_a_wrong_password_moves_the_focus_to_what_to_do(address: str) -> None:
    """The summary of the problem takes the focus, and the field says the same words."""
    async with visiting(address) as visit:
        await visit.go("/login")
        assert await visit.serious_issues() == []
        await visit.page.get_by_label("账号").fill("nobody.here")
        await visit.page.get_by_label("密码").fill("not the password")
        await visit.page.keyboard.press("Enter")
        await visit.page.wait_for_selector("#problems")
        assert await visit.page.evaluate("() => document.activeElement.id") == "problems"
        assert (await visit.page.title()).startswith("错误：")
        assert await visit.page.locator("#password-error").inner_text() == "账号或密码不正确"
        assert await visit.serious_issues() == []


async def test_a_filter_is_kept_in_the_address(address: str, database: Database, contractor: KnownOrganization) -> None:
    """Choosing from the form updates the list in place; the address can be sent to a colleague; a chip removes it."""
    inspector = await an_account(database, await a_bureau(database))
    async with visiting(address) as visit:
        await visit.sign_in(inspector)
        await visit.go("/findings")
        await visit.page.get_by_label("机构、编号或对象").fill(contractor.credit_code)
        await visit.page.get_by_label("规则", exact=True).select_option("C-05")
        await visit.page.get_by_role("button", name="筛选").click()
        await visit.page.wait_for_url(re.compile(rf"q={contractor.credit_code}.*rule=C-05"))
        await visit.page.wait_for_function("() => document.querySelectorAll('#results tbody tr').length === 1")
        assert await visit.page.evaluate("() => document.activeElement.closest('#results') !== null")
        assert "共 1 项" in await visit.page.locator("#live").inner_text()
        await visit.page.locator(".chips a", has_text="规则").click()
        await visit.page.wait_for_url(re.compile(rf"q={contractor.credit_code}((?!rule=).)*$"))
        await visit.page.wait_for_function("() => document.querySelectorAll('#results tbody tr').length > 1")
        assert visit.heard == []


@pytest.mark.parametrize("width", list(WIDTHS))
async def test_labels_and_tasks_are_sound(address: str, api: Api, database: Database, width: str) -> None:
    """The way of three samples for both sides, and a label for anybody."""
    one = await with_labels(database, 3)
    number = one.labels[0]
    people = [{"sourceRef": "E-005", "name": "甲", "role": "SAMPLER", "hiredOn": "2026-01-05"}]
    await api.push(one.sender.key, "people", people)
    for kind, rows in story(list(one.labels), datetime.now(UTC) - timedelta(hours=8)):
        await api.push(one.sender.key, kind, rows)
    base = f"/orgs/{one.organization.credit_code}"
    pages = [f"{base}/tasks", f"{base}/task?ref={TASK}", f"{base}/labels", f"{base}/labels/{one.labels[1]}"]
    async with visiting(address, width) as visit:
        for path in (f"/v/{number}", "/v", "/v/3303-0000-0000-0000-T?lang=en"):
            assert await visit.go(path) == 200, path
            assert not await visit.sticks_out(), path
            assert await visit.serious_issues() == [], path
    for person in (await an_account(database, one.organization), await an_account(database, one.bureau.organization)):
        async with visiting(address, width) as visit:
            await visit.sign_in(person)
            for path in pages:
                assert await visit.go(path) == 200, path
                assert not await visit.sticks_out(), path
                assert await visit.cut_off() == [], path
                assert await visit.serious_issues() == [], path
            assert visit.heard == []
