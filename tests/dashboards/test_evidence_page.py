"""A receipt's page says where it stands in the evidence log, and hands out a bundle that verifies."""

import re
from pathlib import Path

import pytest

from hengjian.platform.proof.notes import LogKey
from hengjian.platform.proof.verifier import Outcome, verify_bundle
from hengjian.tenants.api import BY_KIND
from tests.dashboards.chromium import WIDTHS, visiting, web_process
from tests.support.databases import TestDatabase
from tests.support.evidence import a_log
from tests.support.people import a_contractor, an_account
from tests.support.pushing import push_straight
from tests.support.rows import a_row

pytestmark = pytest.mark.browser


def outcome_of(file: Path, key: LogKey) -> Outcome:
    return verify_bundle(file.read_bytes(), key).outcome


@pytest.mark.parametrize("width", list(WIDTHS))
async def test_a_receipt_leads_to_its_bundle(fresh_database: TestDatabase, tmp_path: Path, width: str) -> None:
    """Queued at first, with what to do; then leaf, place and checkpoint, and a file for the offline verifier."""
    async with a_log(fresh_database, tmp_path) as log:
        organization = await a_contractor(log.database)
        await push_straight(log.database, organization.id, "points", [a_row(BY_KIND["points"])])
        clerk = await an_account(log.database, organization)
        with web_process(fresh_database.app_url, tmp_path) as address:
            async with visiting(address, width) as visit:
                await visit.sign_in(clerk)
                await visit.page.locator("tbody th a").first.click()
                await visit.page.wait_for_url("**/receipts/*")
                assert "已排队" in await visit.page.locator(".kv").inner_text()
                await log.settle()
                await visit.page.reload()
                assert re.search(r"#\d+ / \d+", await visit.page.locator(".kv").inner_text())
                assert not await visit.sticks_out()
                assert await visit.serious_issues() == []
                async with visit.page.expect_download() as waiting:
                    await visit.page.get_by_text("下载存证包").click()
                file = await (await waiting.value).path()
                assert outcome_of(Path(file), log.desk.key) is Outcome.VERIFIED
                assert visit.heard == []
