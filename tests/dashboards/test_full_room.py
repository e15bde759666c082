"""An organization whose room for files is full: its person learns what happened and what to do, and loses no word."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Database, sql
from hengjian.platform.objects import Objects
from hengjian.scoring.api import load_lawbook
from hengjian.scoring.domain.functions import add_months
from hengjian.tenants.api import KnownOrganization
from tests.dashboards.visiting import Browser, browser_over
from tests.platform.test_walls import row
from tests.scoring.test_repair import Case as RepairCase
from tests.scoring.test_repair import penalized
from tests.support.api import Api, a_sender
from tests.support.people import a_contractor, an_account
from tests.support.tables import register

PDF = {"录用合同.pdf": b"%PDF-1.7 contract"}
TEXT = "已录用两名运维人员，见合同"
SAYS = {
    "zh": (
        "存储配额为 1,016 字节，已用 1,000 字节，这次还需 17 字节，没有接收",
        "联系主管部门扩容",
        "可先不带附件提交",
    ),
    "en": (
        "may keep 1,016 bytes",
        "1,000 bytes are used and this needs 17 more",
        "Ask the bureau",
        "without its files",
    ),
}
HELD = sql("insert into sent_file (tenant_id, path, size, at) values (:tenant, 'ab/ab.pdf', 1000, now())")
ROWS = sql("select count(*) from sent_file where tenant_id = :tenant")


@asynccontextmanager
async def a_clerk(database: Database, owner: AsyncConnection, firm: KnownOrganization) -> AsyncIterator[Browser]:
    """At a deployment that gives 1,016 bytes to each organization, 1,000 of which are used."""
    await owner.execute(HELD, {"tenant": firm.id})
    async with browser_over(database, file_quota=1016) as browser:
        await browser.sign_in(await an_account(database, firm, role="clerk"))
        yield browser


async def notified(owner: AsyncConnection, firm: KnownOrganization) -> str:
    """A finding to which the organization may state."""
    table, no = register().tables["finding"], f"WG-{uuid4().hex[:12]}-1"
    about = {"id": uuid4(), "no": no, "rule_id": "C-05", "severity": "major", "state": "notified", "lacking": []}
    days = {"opened_on": date(2026, 3, 1), "due_on": legal_day(datetime.now(UTC)) + timedelta(days=5)}
    named = {"subject": "", "subject_label": "", "facts": {}}
    await owner.execute(table.insert().values(row(table, firm.id, firm.region) | about | days | named))
    return no


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_statement_whose_file_finds_no_room(database: Database, owner: AsyncConnection, language: str) -> None:
    """Refused with figures and both ways on, the words still in the form; nothing is kept, and without the file it is."""
    firm = await a_contractor(database)
    no = await notified(owner, firm)
    async with a_clerk(database, owner, firm) as browser:
        await browser.get(f"/findings/{no}?lang={language}")
        refused = await browser.hand_in(f"/findings/{no}/statements?lang={language}", PDF, act="state", text=TEXT)
        assert refused.status_code == 422
        alert = re.search(r'<div class="note bad" role="alert" id="problems".*?</div>', refused.text, re.DOTALL)
        assert alert is not None
        assert [part for part in SAYS[language] if part not in alert[0]] == []
        assert f">{TEXT}</textarea>" in refused.text
        assert (await owner.execute(ROWS, {"tenant": firm.id})).scalar_one() == 1
        assert (await browser.send(f"/findings/{no}/statements", act="state", text=TEXT)).status_code == 303
        page = (await browser.get(f"/findings/{no}?lang={language}")).text
        assert (TEXT in page, "录用合同" in page) == (True, False)


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_an_application_for_repair_whose_file_finds_no_room(
    database: Database, owner: AsyncConnection, api: Api, language: str
) -> None:
    """The same on the page of credit events: the application may follow without its file."""
    sender = await a_sender(database)
    case = RepairCase(database, owner, api, sender.key, sender.organization, load_lawbook(), Objects("memory://"))
    ref = await penalized(case, duty=add_months(legal_day(datetime.now(UTC)), -6))
    base = f"/orgs/{sender.organization.credit_code}/credit"
    async with a_clerk(database, owner, sender.organization) as browser:
        await browser.get(f"{base}?lang={language}")
        matter = f"penalty:{ref}"
        refused = await browser.hand_in(f"{base}/repairs?lang={language}", PDF, matter=matter, text=TEXT)
        assert refused.status_code == 422
        assert [part for part in SAYS[language] if part not in refused.text] == []
        assert f">{TEXT}</textarea>" in refused.text
        assert f'<option value="{matter}" selected>' in refused.text
        assert (await owner.execute(ROWS, {"tenant": sender.organization.id})).scalar_one() == 1
        assert (await browser.send(f"{base}/repairs", matter=matter, text=TEXT)).status_code == 303
