"""The review page in a real browser with a real film: keyboard, both widths, without script, no serious axe issue."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import pytest_asyncio
from playwright.async_api import TimeoutError as PlaywrightTimeout

from hengjian.platform.db import Database
from hengjian.platform.objects import Objects
from tests.dashboards.chromium import WIDTHS, Visit, visiting, web_process
from tests.support.api import Api, Sender, a_sender
from tests.support.people import a_bureau, an_account
from tests.support.recordings import TASK, Studio, push_task

pytestmark = pytest.mark.browser
PLAYER = "video[data-player]"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("web")


@pytest.fixture(scope="module")
def address(app_url: str, folder: Path) -> Iterator[str]:
    with web_process(app_url, folder) as url:
        yield url


@pytest_asyncio.fixture
async def sender(api: Api, database: Database, folder: Path, tmp_path: Path) -> Sender:
    """An organization whose task has a film with a label and a gap, and a second one."""
    sender = await a_sender(database)
    label = await push_task(api, sender)
    (folder / "objects").mkdir(exist_ok=True)
    studio = Studio(database, Objects((folder / "objects").as_uri()), sender, tmp_path)
    await studio.archive("R-1", label=label)
    await studio.keep("R-2", b"no video", stage="HANDOVER")
    return sender


async def film_is_there(visit: Visit) -> None:
    """The player knows its film; a busy machine's Chromium sometimes wants the page once more."""
    for left in (3, 2, 1, 0):
        await visit.page.wait_for_selector(PLAYER)
        try:
            await visit.page.wait_for_function(
                f"() => document.querySelector('{PLAYER}').readyState >= 1", timeout=15_000
            )
        except PlaywrightTimeout:
            if not left:
                raise
            await visit.page.reload()
        else:
            return


async def at_second(visit: Visit, second: float) -> None:
    """The film stands there, within the length of a picture."""
    await visit.page.wait_for_function(
        f"() => Math.abs(document.querySelector('{PLAYER}').currentTime - {second}) < 0.3", timeout=20_000
    )


@pytest.mark.parametrize("width", list(WIDTHS))
async def test_a_reviewer_looks_by_keyboard(address: str, database: Database, sender: Sender, width: str) -> None:
    """Opened with a purpose by Enter; J, K, the arrows, the space bar and the digits do what the page says; ticked."""
    reviewer = await an_account(database, await a_bureau(database), role="reviewer")
    page = f"/orgs/{sender.organization.credit_code}/recordings/of/{quote(TASK, safe='')}"
    async with visiting(address, width) as visit:
        await visit.sign_in(reviewer)
        for path in ("/recordings", f"/orgs/{sender.organization.credit_code}/recordings", page, f"{page}?lang=en"):
            assert await visit.go(path) == 200, path
            assert not await visit.sticks_out(), path
            assert await visit.cut_off() == [], path
            assert await visit.serious_issues() == [], path
        await visit.go(f"{page}?lang=zh")
        await visit.page.get_by_role("button", name="调阅这段录像").focus()
        await visit.page.keyboard.press("Enter")
        await film_is_there(visit)
        await visit.page.evaluate("() => document.activeElement.blur()")
        await visit.page.keyboard.press("j")
        await at_second(visit, 4)
        await visit.page.keyboard.press("k")
        await at_second(visit, 0)
        await visit.page.keyboard.press("ArrowRight")
        await at_second(visit, 5)
        await visit.page.keyboard.press("ArrowLeft")
        await at_second(visit, 0)
        await visit.page.keyboard.press("Space")
        assert await visit.page.evaluate(f"() => !document.querySelector('{PLAYER}').paused"), visit.heard
        await visit.page.keyboard.press("Space")
        assert await visit.page.evaluate(f"() => document.querySelector('{PLAYER}').paused"), visit.heard
        assert await visit.serious_issues() == []
        assert not await visit.sticks_out()
        await visit.page.get_by_label("人员").focus()
        await visit.page.keyboard.press("Space")
        await visit.page.get_by_label("备注").fill("其余看不清")
        await visit.page.get_by_role("button", name="提交看到的内容").press("Enter")
        await visit.page.wait_for_selector("text=看到 1 / 5")
        await visit.page.evaluate("() => document.activeElement.blur()")
        await visit.page.keyboard.press("2")
        await visit.page.wait_for_url("**/recordings/of/*?clip=*")
        assert visit.heard == []


async def test_without_script_a_mark_opens_at_its_second(address: str, database: Database, sender: Sender) -> None:
    """The link of a mark leads to the page whose player begins there."""
    clerk = await an_account(database, sender.organization)
    page = f"/orgs/{sender.organization.credit_code}/recordings/of/{quote(TASK, safe='')}"
    async with visiting(address) as visit:
        await visit.sign_in(clerk)
        await visit.go(page)
        await visit.page.get_by_role("button", name="调阅这段录像").click()
        await visit.page.wait_for_selector(PLAYER)
        href = await visit.page.locator("a[data-mark]", has_text="中断").get_attribute("href")
        assert href
        await visit.go(href)
        source = await visit.page.locator(f"{PLAYER} source").get_attribute("src")
        assert source
        assert source.endswith("/media#t=4.000")
