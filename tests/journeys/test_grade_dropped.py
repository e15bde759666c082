"""Journey 3 in a real browser: why did the grade drop? From the tile to the finding and its facts."""

import re
from collections.abc import Iterator
from fractions import Fraction

import pytest

from hengjian.platform.db import Database
from hengjian.scoring.jobs import evaluate
from tests.dashboards.chromium import Visit, visiting, web_process
from tests.dashboards.visiting import LAWBOOK
from tests.support.api import Api, Sender, a_sender, api_over
from tests.support.breaches import TODAY
from tests.support.journeys import Journey
from tests.support.people import a_bureau, an_account

pytestmark = pytest.mark.browser
# Grade tile, what changed, finding.
BUDGET, SECONDS = 3, 60
SHORT_SINCE = f"{TODAY.year}-01-01"


@pytest.fixture(scope="module")
def address(app_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with web_process(app_url, tmp_path_factory.mktemp("web")) as url:
        yield url


async def dropped(api: Api, database: Database) -> Sender:
    """A contractor that is short of people for its 60 points, which it took on with the new year."""
    sender = await a_sender(database)
    one = {"role": "TECHNICIAN", "hiredOn": "2024-01-05"}
    await api.push(sender.key, "people", [{"sourceRef": f"P{n}", "name": f"甲{n}", **one} for n in range(4)])
    fixed = {"discharger": "纸业", "medium": "WATER", "city": "6501", "inServiceFrom": SHORT_SINCE}
    await api.push(sender.key, "points", [{"sourceRef": f"T{n}", "name": f"口{n}", **fixed} for n in range(60)])
    await evaluate(database, {"tenant_id": str(sender.organization.id)}, lawbook=LAWBOOK)
    return sender


async def walk(visit: Visit, start: str) -> None:
    """Tile, what changed, finding: the sum is the difference, and the finding shows the rows it rests on."""
    journey = Journey(3, "等级为什么降了", BUDGET, SECONDS)
    await visit.go(start)
    with journey.step("等级"):
        await visit.page.locator("a.tile").click()
        await visit.page.wait_for_url(re.compile("/score"))
    part = visit.page.locator("#changes")
    if await part.locator("tbody a[href^='/findings/']").count() == 0:
        with journey.step("换一个比较日"):
            await visit.page.locator(".c4 a[href*='from=']").last.click()
            await visit.page.wait_for_url(re.compile("from="))
    before, after = [Fraction(text) for text in await part.locator(".moved b").all_inner_texts()]
    points = [number(text) for text in await part.locator("tbody td.num").all_inner_texts()]
    assert sum(points) == number(await part.locator("[data-sum]").inner_text()) == after - before
    assert after < before
    with journey.step("违规项"):
        await part.locator("tbody a[href^='/findings/']").first.click()
        await visit.page.wait_for_url(re.compile("/findings/WG-"))
    told = await visit.page.locator("main").inner_text()
    assert "事实追溯" in told
    assert "怎样改正" in told
    journey.arrived()


def number(text: str) -> Fraction:
    return Fraction(text.replace("−", "-").replace("+", ""))


@pytest.mark.parametrize("width", ["desk", "phone"])
async def test_why_the_grade_dropped(address: str, app_url: str, database: Database, width: str) -> None:
    """By the organization from its home, by the bureau from the profile, within the budget and without a fault."""
    async with api_over(app_url) as api:
        sender = await dropped(api, database)
    profile = f"/orgs/{sender.organization.credit_code}"
    for who, start in ((sender.organization, "/my"), (await a_bureau(database), profile)):
        async with visiting(address, width) as visit:
            await visit.sign_in(await an_account(database, who))
            await walk(visit, start)
            for path in (f"{profile}/score", f"{profile}/score?lang=en", "/verify?lang=zh"):
                assert await visit.go(path) == 200
                assert not await visit.sticks_out(), path
                assert await visit.cut_off() == [], path
                assert await visit.serious_issues() == [], path
            assert visit.heard == []
