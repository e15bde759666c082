"""The page of a task's recordings never says otherwise than a finding: the same rows, the same missing seconds."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.ingestion.api import UploadDesk, UploadLimits
from hengjian.platform.db import Database
from hengjian.platform.objects import Objects
from tests.dashboards.visiting import browser_over
from tests.scoring.recording import (
    LABEL,
    Laboratory,
    a_laboratory,
    in_order,
    label_event,
    push_task,
    set_up,
)
from tests.support.api import api_over
from tests.support.people import an_account

_MISSING = re.compile(r"(\d\d:\d\d:\d\d–\d\d:\d\d:\d\d)，缺")


@pytest_asyncio.fixture
async def laboratory(
    database: Database, app_url: str, owner: AsyncConnection, tmp_path: Path
) -> AsyncIterator[Laboratory]:
    made = await a_laboratory(database, "330302")
    desk = UploadDesk(database, Objects(tmp_path.as_uri()), UploadLimits())
    async with api_over(app_url) as api:
        yield Laboratory(database, api, made, desk, tmp_path, owner)


async def test_missing_seconds_of_the_page_are_those_of_the_findings(laboratory: Laboratory) -> None:
    """Every span that a finding names stands on the page and none besides; a stage without a recording is named."""
    await set_up(laboratory)
    field, labels = in_order(LABEL)
    labels.append(label_event("E-8", "REPRINTED", "10:05:00", LABEL))
    labels.append(label_event("E-9", "LABELLED", "10:25:00", LABEL))  # a reprint is recorded whole, however long
    await push_task(laboratory, field, labels)
    await laboratory.issue(LABEL)
    await laboratory.record("R-1", "EQUIPMENT", "07:59:59", 6)
    await laboratory.record("R-2", "SAMPLING", "09:59:59", 12, missing=range(4, 8))
    await laboratory.record("R-6", "ANALYSIS", "15:00:00", 4, purpose="PHOTOMETRY")
    await laboratory.in_time()
    found = await laboratory.found()
    named = {
        span for rule in found if rule != "V-01" for span in (await laboratory.facts(rule)).get("missing_spans", ())
    }
    assert {"10:00:03–10:00:07", "10:05:00–10:25:00"} < named
    async with browser_over(laboratory.database, laboratory.desk.objects) as browser:
        await browser.sign_in(await an_account(laboratory.database, laboratory.sender.organization))
        page = (await browser.get(f"/orgs/{laboratory.sender.organization.credit_code}/recordings/of/T-1")).text
    rows = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert set(_MISSING.findall(rows)) == named
    recorded = (await laboratory.facts("V-01"))["stages_recorded"]
    assert ("PRESERVATION" in recorded, "样品保存运输：应有录像，没有一段" in page) == (False, True)
    assert ("SAMPLING" in recorded, "现场采样或检测：应有录像，没有一段" in page) == (True, False)
