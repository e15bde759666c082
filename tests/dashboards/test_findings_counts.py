"""What is only told (提示, info) is counted nowhere in secret: overview, list and links agree on the numbers."""

import re
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Database
from hengjian.tenants.api import KnownOrganization
from tests.dashboards.visiting import Browser
from tests.platform.test_walls import row
from tests.support.people import a_bureau, a_contractor, an_account
from tests.support.tables import register

CITY, REGION = "6530", "653022"
SAYS = {
    "zh": ("3 项未关闭，其中提示 1 项", "严重 0 · 较重 1 · 一般 1；另有提示 1 项，不计", "不含提示"),
    "en": ("3 open, 1 of them info", "critical 0 · major 1 · minor 1; besides 1 info, not counted", "All but info"),
}


async def three_findings(owner: AsyncConnection, firm: KnownOrganization) -> list[str]:
    """A major one, a minor one and one that is only told; their numbers."""
    tables = register().tables
    place = {"credit_code": firm.credit_code, "name": firm.name, "kinds": ["CONTRACTOR"], "total": None, "grade": None}
    await owner.execute(tables["standing"].insert().values(row(tables["standing"], firm.id, REGION) | place))
    series, numbers = f"WG-{uuid4().hex[:12]}", []
    for severity in ("major", "minor", "info"):
        about = {"id": uuid4(), "no": f"{series}-{severity}", "rule_id": "C-05", "severity": severity, "lacking": []}
        days = {"opened_on": date(2026, 3, 1), "state": "detected", "subject": severity, "subject_label": severity}
        await owner.execute(
            tables["finding"].insert().values(row(tables["finding"], firm.id, REGION) | about | days | {"facts": {}})
        )
        numbers.append(f"{series}-{severity}")
    return numbers


def listed(page: str) -> set[str]:
    return set(re.findall(r'href="/findings/(WG-[\w-]+)"', page))


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_overview_and_list_count_the_same(
    browser: Browser, database: Database, owner: AsyncConnection, language: str
) -> None:
    """Each page says how many are only told, and a number of the overview leads to exactly what it counts."""
    firm = await a_contractor(database, REGION)
    numbers = await three_findings(owner, firm)
    header, note, filtered = SAYS[language]
    await browser.sign_in(await an_account(database, await a_bureau(database, CITY)))
    overview = (await browser.get(f"/overview?lang={language}")).text
    assert note in overview
    every = (await browser.get(f"/findings?lang={language}")).text
    assert (header in every, listed(every)) == (True, set(numbers))
    links = set(re.findall(r'href="(/findings\?[^"]*severity=counted)"', overview))
    assert len(links) == 3, "of the figure, of a rule, of a region"
    assert listed(overview) == set(numbers[:2])
    for link in links:
        shown = (await browser.get(link.replace("&amp;", "&"))).text
        assert (listed(shown), filtered in shown) == (set(numbers[:2]), True), link
    for name in ("finding", "standing"):
        table = register().tables[name]
        await owner.execute(table.delete().where(table.c.tenant_id == firm.id))
