"""Every page can be reached from every window, and what is done often is done in few steps."""

from collections.abc import Iterator

import pytest

from hengjian.platform.db import Database
from hengjian.scoring.jobs import evaluate
from tests.dashboards.chromium import visiting, web_process
from tests.dashboards.visiting import LAWBOOK
from tests.support.api import Api, a_sender
from tests.support.people import a_bureau, an_account

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(app_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with web_process(app_url, tmp_path_factory.mktemp("web")) as url:
        yield url


async def test_a_telephone_reaches_what_the_bottom_bar_has_no_room_for(address: str, database: Database) -> None:
    """The menu of all pages holds the same places as the bar at the side of a desk."""
    reviewer = await an_account(database, await a_bureau(database), role="reviewer")
    async with visiting(address) as visit:
        await visit.sign_in(reviewer)
        wanted = await visit.page.locator("nav.side:visible a").all_inner_texts()
        assert "合规报告" in wanted
    async with visiting(address, "phone") as visit:
        await visit.sign_in(reviewer, ahead=1)
        await visit.page.locator("details.places > summary").click()
        shown = await visit.page.locator("details.places a:visible").all_inner_texts()
        assert [text.strip() for text in shown] == [text.strip() for text in wanted]
        assert await visit.serious_issues() == []
        assert not await visit.sticks_out()
        await visit.page.locator("details.places").get_by_role("link", name="合规报告").click()
        await visit.page.wait_for_url("**/reports")
        assert visit.heard == []


async def test_all_findings_of_a_page_are_chosen_with_one_click(address: str, api: Api, database: Database) -> None:
    """One box ticks the others and unticks them again; the preview then names all of them."""
    sender = await a_sender(database)
    points = [
        {"sourceRef": f"PT-{n}", "name": f"排放口 {n}", "discharger": "试验纸业", "medium": "WATER", "city": "6501"}
        | {"inServiceFrom": "2026-02-01"}
        for n in range(3)
    ]
    await api.push(sender.key, "points", points)
    await api.push(
        sender.key, "people", [{"sourceRef": "P-1", "name": "甲", "role": "TECHNICIAN", "hiredOn": "2026-01-05"}]
    )
    await evaluate(database, {"tenant_id": str(sender.organization.id)}, lawbook=LAWBOOK)
    inspector = await an_account(database, await a_bureau(database))
    async with visiting(address) as visit:
        await visit.sign_in(inspector)
        await visit.go(f"/findings?q={sender.organization.credit_code}")
        boxes = visit.page.locator("tbody input[name=no]")
        all_of_them = visit.page.get_by_label("选择本页全部")
        await all_of_them.check()
        ticked = await boxes.evaluate_all("all => all.map(one => one.checked)")
        assert ticked
        assert all(ticked)
        await all_of_them.uncheck()
        assert not any(await boxes.evaluate_all("all => all.map(one => one.checked)"))
        await visit.page.emulate_media(media="print")  # on paper a list is a list, without what one clicks
        assert not await visit.page.locator("form.batch, tbody input[name=no], .filter").filter(visible=True).count()
        assert await visit.page.locator("tbody th[scope=row]").first.is_visible()
        await visit.page.emulate_media(media="screen")
        assert await visit.serious_issues() == []
        assert visit.heard == []


@pytest.mark.parametrize("width", ["desk", "phone"])
async def test_a_stranger_finds_every_public_page(address: str, width: str) -> None:
    """Register, rules, log and both checks lead to each other, and each fits the window."""
    public = ["/register", "/rules", "/rules/changes", "/log", "/verify", "/v", "/login"]
    async with visiting(address, width) as visit:
        for path in public:
            assert await visit.go(path) == 200, path
            links = await visit.page.locator("a:visible").evaluate_all("all => all.map(a => a.getAttribute('href'))")
            assert [one for one in public if one != path and one not in links] == [], path
            assert not await visit.sticks_out(), path
            assert await visit.serious_issues() == [], path
        assert visit.heard == []


async def test_the_catalogue_starts_folded_on_a_phone(address: str) -> None:
    """A phone opens on the names of the packs, a tap shows a pack's rules, and a search what it found; a desk sees all."""
    async with visiting(address, "phone") as visit:
        await visit.go("/rules")
        rules = visit.page.locator("tbody th a.rule:visible")
        assert await rules.count() == 0
        await visit.page.locator("details.pack > summary").first.click()
        assert await rules.first.inner_text() == "C-01"
        await visit.page.get_by_label("编号、名称、拼音或条款原文").fill("ducha")
        await visit.page.keyboard.press("Enter")
        await visit.page.wait_for_url("**/rules?q=ducha*")
        assert "C-04" in await rules.all_inner_texts()
        await visit.page.get_by_role("link", name="清除全部").click()
        await visit.page.wait_for_url("**/rules")
        await visit.page.wait_for_selector("details.pack:not([open])")
        assert visit.heard == []
    async with visiting(address) as visit:
        await visit.go("/rules")
        assert await visit.page.locator("details.pack:not([open])").count() == 0
