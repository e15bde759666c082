"""A finding that counts under another of the same event says so wherever it is listed, with the way to that one."""

import csv
import io
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

ABOUT = {"opened_on": date(2026, 3, 1), "state": "detected", "subject": "", "subject_label": "", "facts": {}}


async def two_of_one_event(owner: AsyncConnection, firm: KnownOrganization) -> tuple[str, str]:
    """C-06 under C-07, and C-07; their numbers."""
    table = register().tables["finding"]
    series = f"WG-{uuid4().hex[:12]}"
    under, counts = f"{series}-1", f"{series}-2"
    counted = {"counted_under": ["C-07"], "counted_in": [{"rule": "C-07", "no": counts}]}
    for no, rule, more in ((under, "C-06", counted), (counts, "C-07", {"counted_under": [], "counted_in": []})):
        fixed = {"id": uuid4(), "no": no, "rule_id": rule, "severity": "major", "lacking": [], **ABOUT, **more}
        await owner.execute(table.insert().values(row(table, firm.id, firm.region) | fixed))
    return under, counts


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", ["/findings?q={under}", "/overview", "/orgs/{code}/findings"])
async def test_it_leads_to_the_finding_that_counts(
    browser: Browser, database: Database, owner: AsyncConnection, path: str, language: str
) -> None:
    """On the lists and the overview, in both languages."""
    firm = await a_contractor(database, "650105")
    under, counts = await two_of_one_event(owner, firm)
    await browser.sign_in(await an_account(database, await a_bureau(database, "650105")))
    address = path.format(code=firm.credit_code, under=under)
    page = (await browser.get(f"{address}{'&' if '?' in address else '?'}lang={language}")).text
    assert ("不另扣分" if language == "zh" else "no further points") in page
    if path != "/overview":  # where a line may stand for several
        assert f'href="/findings/{counts}"' in page
    await owner.execute(register().tables["finding"].delete().where(register().tables["finding"].c.no == under))


@pytest.mark.parametrize(
    ("language", "says"),
    [("zh", "共 2 段违规，其中 1 段计入另一项，不另扣分"), ("en", ": 2, 1 of them counted under another finding")],
)
async def test_the_chart_of_breaches_marks_it(
    browser: Browser, database: Database, owner: AsyncConnection, language: str, says: str
) -> None:
    """In its description, its key and its table, on the organization's page."""
    firm = await a_contractor(database, "650105")
    _, counts = await two_of_one_event(owner, firm)
    await browser.sign_in(await an_account(database, await a_bureau(database, "650105")))
    page = (await browser.get(f"/orgs/{firm.credit_code}?lang={language}")).text
    figure = page[page.index('data-vega="intervals"') :]
    assert says in figure
    assert f"<td>C-07 {counts}</td>" in figure
    assert 'stroke-dasharray="4 2"/></svg>' in page, "the key"
    assert '"under": true' in figure or '"under":true' in figure


async def test_the_file_names_it(browser: Browser, database: Database, owner: AsyncConnection) -> None:
    """The exported list has rule and number of the finding that counts, and nothing beside one that counts itself."""
    firm = await a_contractor(database)
    under, counts = await two_of_one_event(owner, firm)
    await browser.sign_in(await an_account(database, await a_bureau(database)))
    text = (await browser.get(f"/findings.csv?q={under[:-2]}&lang=zh")).text.lstrip("\ufeff")
    lines = {line["编号"]: line["计入"] for line in csv.DictReader(io.StringIO(text))}
    assert lines == {under: f"C-07 {counts}", counts: ""}


async def test_an_organization_sees_it_on_its_home(
    browser: Browser, database: Database, owner: AsyncConnection
) -> None:
    """The organization learns on its home which of its findings costs nothing more."""
    firm = await a_contractor(database)
    _, counts = await two_of_one_event(owner, firm)
    await browser.sign_in(await an_account(database, firm))
    page = (await browser.get("/my?lang=zh")).text
    assert f'href="/findings/{counts}" title="{counts}"' in page
