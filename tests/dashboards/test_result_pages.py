"""The list of a year and the public register: searched, filtered, paged and exported, whatever their length."""

import csv
import io
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Database
from hengjian.platform.ids import uuid7
from tests.dashboards.test_budget import statements_of
from tests.dashboards.visiting import Browser
from tests.support.people import a_bureau, an_account
from tests.support.results import a_list

YEAR = 2025


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))


@pytest.mark.parametrize(("region", "count"), [("6527", 3), ("6528", 130)])
async def test_a_list_costs_the_same_however_long(
    browser: Browser, database: Database, owner: AsyncConnection, region: str, count: int
) -> None:
    """Twenty lines of whatever number, a dozen statements at most; the file holds all of them."""
    home = await a_bureau(database, region)
    await a_list(owner, home.id, region, year=YEAR, step=uuid7(), count=count)
    await browser.sign_in(await an_account(database, home, role="reviewer"))
    for path in (
        f"/credit/{YEAR}",
        f"/credit/{YEAR}?q=9&show=final",
        f"/credit/{YEAR}/list.csv",
        f"/register?q={region}",
    ):
        assert len(await statements_of(browser, database, path)) <= 12, path
    page = (await browser.get(f"/credit/{YEAR}")).text
    assert page.count('<a class="btn s"') == min(count, 20)
    assert f"{count} 家机构，已公布 {count // 2} 家" in page
    lines = rows_of((await browser.get(f"/credit/{YEAR}/list.csv")).text)
    assert len(lines) == 1 + count
    final = rows_of((await browser.get(f"/credit/{YEAR}/list.csv?show=final")).text)
    assert len(final) == 1 + count // 2


async def test_one_organization_is_found_by_name_and_code(
    browser: Browser, database: Database, owner: AsyncConnection
) -> None:
    """By the end of its name and by its whole code; what is not there says so and leads back; nothing for a stranger."""
    region, home = "6529", await a_bureau(database, "6529")
    await a_list(owner, home.id, region, year=YEAR, step=uuid7(), count=40)
    await browser.sign_in(await an_account(database, home, role="inspector"))
    page = (await browser.get(f"/credit/{YEAR}?q=单位37")).text
    assert ("运维单位37" in page, "运维单位36" in page) == (True, False)
    code = page.split('class="sub mono">')[1][:18]
    assert "运维单位37" in (await browser.get(f"/credit/{YEAR}?q={code.lower()}")).text
    assert "清除全部筛选" in (await browser.get(f"/credit/{YEAR}?q={uuid4().hex}")).text
    assert (await browser.get(f"/credit/{YEAR}?show=everything")).status_code == 422
    browser.client.cookies.clear()
    await browser.sign_in(await an_account(database, await a_bureau(database, "6530"), role="reviewer"))
    assert "还没有名单" in (await browser.get(f"/credit/{YEAR}")).text
    assert len(rows_of((await browser.get(f"/credit/{YEAR}/list.csv")).text)) == 1


async def test_anybody_takes_the_whole_register(browser: Browser, database: Database, owner: AsyncConnection) -> None:
    """Without an account, by year and grade; the file is the list, and no cell can become a formula."""
    region, home = "6531", await a_bureau(database, "6531")
    await a_list(owner, home.id, region, year=2024, step=uuid7(), count=60)
    page = (await browser.get("/register?year=2024&grade=A&size=50")).text
    assert page.count('<th scope="row">') == 30
    assert "没有找到" in (await browser.get("/register?year=2024&grade=D")).text
    lines = rows_of((await browser.get("/register.csv?year=2024")).text)
    assert (len(lines), {line[2] for line in lines[1:]}) == (31, {"2024"})
    english = rows_of((await browser.get("/register.csv?year=2024&lang=en")).text)
    assert english[0][0] != lines[0][0]
    assert (await browser.get("/register?year=x")).status_code == 422
