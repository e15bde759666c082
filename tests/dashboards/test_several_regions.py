"""An organization that two cities judge: whose grade is shown, and the way to the other."""

import re

from hengjian.platform.db import Database
from hengjian.scoring.jobs import evaluate
from tests.dashboards.visiting import LAWBOOK, Browser
from tests.support.api import Api, a_sender
from tests.support.people import a_bureau, an_account

CURRENT = re.compile(r'<a href="([^"]+)" aria-current="true">([^<]+)<span class="g')


async def test_the_profile_says_whose_standing_it_shows(browser: Browser, api: Api, database: Database) -> None:
    """The province sees both regions and switches; each tab keeps the choice; a region of nobody's is refused."""
    sender = await a_sender(database)
    profile = {
        "sourceRef": "O-1",
        "creditCode": sender.organization.credit_code,
        "name": sender.organization.name,
        "kinds": ["CONTRACTOR"],
        "homeRegion": "650102",
        "validFrom": "2026-01-05",
        "regionsServed": ["6502"],
    }
    await api.push(sender.key, "organizations", [profile])
    await evaluate(database, {"tenant_id": str(sender.organization.id)}, lawbook=LAWBOOK)
    await browser.sign_in(await an_account(database, await a_bureau(database, "65")))
    base = f"/orgs/{sender.organization.credit_code}"
    page = (await browser.get(base)).text
    assert len(CURRENT.findall(page)) == 1
    for region, name in (("650102", "天山区"), ("6502", "克拉玛依市")):
        assert f'href="{base}?region={region}"' in page
        there = (await browser.get(f"{base}/score?region={region}")).text
        assert [said.strip() for _, said in CURRENT.findall(there)] == [name]
        assert f'href="{base}/findings?region={region}"' in there
    assert (await browser.get(f"{base}?region=6503")).status_code == 422


async def test_a_city_explains_the_score_it_keeps_whoever_else_judges(
    browser: Browser, api: Api, database: Database
) -> None:
    """What is judged in another city, which the bureau cannot see, takes no points here."""
    sender = await a_sender(database)
    profile = {
        "sourceRef": "O-1",
        "creditCode": sender.organization.credit_code,
        "name": sender.organization.name,
        "kinds": ["CONTRACTOR"],
        "homeRegion": "650102",
        "validFrom": "2026-01-05",
        "regionsServed": ["6502"],
    }
    point = {
        "name": "排口",
        "discharger": "某厂",
        "medium": "WATER",
        "city": "6502",
        "inServiceFrom": "2026-01-05",
    }
    await api.push(sender.key, "organizations", [profile])
    await api.push(sender.key, "points", [point | {"sourceRef": f"P{number}"} for number in range(31)])
    sets = [
        {"sourceRef": f"S{n}", "pointRef": f"P{n}", "name": "套", "city": "6502", "inServiceFrom": "2026-01-05"}
        for n in range(31)
    ]
    await api.push(sender.key, "sets", sets)
    await api.push(
        sender.key, "vehicles", [{"sourceRef": "V1", "plate": "新A12345", "city": "6501", "validFrom": "2026-01-05"}]
    )
    await evaluate(database, {"tenant_id": str(sender.organization.id)}, lawbook=LAWBOOK)
    base = f"/orgs/{sender.organization.credit_code}/score"
    await browser.sign_in(await an_account(database, await a_bureau(database, "65")))
    assert "C-08" in (await browser.get(f"{base}?region=6502")).text
    await browser.sign_in(await an_account(database, await a_bureau(database, "6501")))
    assert "C-08" not in (await browser.get(base)).text


async def test_where_one_region_judges_nothing_is_to_choose(browser: Browser, database: Database) -> None:
    """No switch with a single choice."""
    sender = await a_sender(database)
    await evaluate(database, {"tenant_id": str(sender.organization.id)}, lawbook=LAWBOOK)
    await browser.sign_in(await an_account(database, await a_bureau(database, "65")))
    assert "等级和得分所属地区" not in (await browser.get(f"/orgs/{sender.organization.credit_code}")).text
