"""Asking for a report: whom it may be about, what it leaves behind, and when the page stops asking."""

import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.dashboards.pages.ask_report import report_months
from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Database, sql
from hengjian.tenants.api import KnownOrganization
from tests.dashboards.visiting import Browser
from tests.support.people import a_bureau, a_contractor, an_account

WANTED = sql("select payload from outbox where name = 'report.wanted' and payload ->> 'subject_id' = :subject")
TRAIL = sql("select outcome, detail from audit where action = 'report.request' and tenant_id = :subject")


async def ask(browser: Browser, about: KnownOrganization, **changes: str) -> int:
    """Sends the form of the page opened last; the status of the answer."""
    month = report_months(legal_day(datetime.now(UTC)))[1]
    fields = {"organization": about.credit_code, "month": month, "language": "en", **changes}
    return (await browser.send("/reports", **fields)).status_code


@pytest.mark.parametrize("role", ["inspector", "reviewer", "administrator"])
async def test_a_bureau_asks_for_an_organization_of_its_region(
    browser: Browser, database: Database, owner: AsyncConnection, role: str
) -> None:
    """One event and one audit row; the page then asks every few seconds, and not for ever."""
    contractor = await a_contractor(database)
    await browser.sign_in(await an_account(database, await a_bureau(database), role=role))
    await browser.get(f"/orgs/{contractor.credit_code}")
    assert await ask(browser, contractor) == 303
    subject = str(contractor.id)
    event = (await owner.execute(WANTED, {"subject": subject})).one().payload
    assert (event["language"], event["scheduled"]) == ("en", False)
    row = (await owner.execute(TRAIL, {"subject": contractor.id})).one()
    assert (row.outcome, row.detail["month"]) == ("ok", event["month"])
    back = browser.last.headers["location"]
    assert f"organization={contractor.credit_code}" in back
    assert 'hx-trigger="every 3s"' in (await browser.get(back)).text
    asked = int(re.search(r"asked=(\d+)", back)[1])  # type: ignore[index]  # the address says it
    late = (await browser.get(back.replace(str(asked), str(asked - 130_000)))).text
    assert "hx-trigger" not in late
    assert "两分钟内没有生成" in late
    assert "两分钟" not in (await browser.get(back.replace(str(asked), "1"))).text


async def test_an_organization_asks_for_itself_only(
    browser: Browser, database: Database, owner: AsyncConnection
) -> None:
    """Its own report is asked for; another organization's is not found, and no event is left."""
    own, other = await a_contractor(database), await a_contractor(database)
    await browser.sign_in(await an_account(database, own))
    await browser.get("/reports")
    assert await ask(browser, own) == 303
    assert len((await owner.execute(WANTED, {"subject": str(own.id)})).all()) == 1
    await browser.get("/reports")
    assert await ask(browser, other) == 404
    assert (await owner.execute(WANTED, {"subject": str(other.id)})).all() == []


async def test_a_bureau_asks_for_nobody_elsewhere(browser: Browser, database: Database, owner: AsyncConnection) -> None:
    """The next city's bureau finds no such organization."""
    contractor = await a_contractor(database)
    await browser.sign_in(await an_account(database, await a_bureau(database, "6502")))
    await browser.get("/reports")
    assert await ask(browser, contractor) == 404
    assert (await owner.execute(WANTED, {"subject": str(contractor.id)})).all() == []


async def test_a_rule_author_does_not_ask(browser: Browser, database: Database, owner: AsyncConnection) -> None:
    """No form is shown; a form sent all the same is refused, and the refusal is kept."""
    bureau = await a_bureau(database)
    await browser.sign_in(await an_account(database, bureau, role="rule_author"))
    assert 'action="/reports"' not in (await browser.get("/reports")).text
    assert await ask(browser, bureau) == 403
    assert (await owner.execute(TRAIL, {"subject": bureau.id})).one().outcome == "refused"


@pytest.mark.parametrize("change", [{"month": "2999-01"}, {"month": ""}, {"language": "fr"}, {"organization": "\0"}])
async def test_a_form_that_makes_no_sense_is_refused(
    browser: Browser, database: Database, change: dict[str, str]
) -> None:
    """A month to come, another language and a NUL give a page that says what to do."""
    bureau = await a_bureau(database)
    await browser.sign_in(await an_account(database, bureau))
    await browser.get("/reports")
    assert await ask(browser, bureau, **change) == 422


async def test_a_form_from_elsewhere_is_refused(browser: Browser, database: Database) -> None:
    """Without our token, or from another site, nothing is asked for."""
    bureau = await a_bureau(database)
    await browser.sign_in(await an_account(database, bureau))
    await browser.get("/reports")
    assert await ask(browser, bureau, csrf="") == 403
    await browser.get("/reports")
    assert await ask(browser, bureau, origin="https://evil.example") == 403


def test_the_months_go_back_over_the_turn_of_the_year() -> None:
    """This month and the twelve before it."""
    months = report_months(date(2026, 2, 28))
    assert (len(months), months[:3], months[-1]) == (13, ("2026-02", "2026-01", "2025-12"), "2025-02")
