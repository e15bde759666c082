"""A receipt's page says where it stands in the evidence log, and hands out a bundle that verifies."""

import hashlib
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


@pytest.mark.parametrize("width", list(WIDTHS))
async def test_anybody_reads_the_log_and_finds_what_verifies_it(
    fresh_database: TestDatabase, tmp_path: Path, width: str
) -> None:
    """Without an account, in both languages: nothing yet, then checkpoint, fingerprint, witness and time stamp."""
    async with a_log(fresh_database, tmp_path) as log:
        with web_process(fresh_database.app_url, tmp_path) as address:
            async with visiting(address, width) as visit:
                await visit.go("/log")
                assert "尚无已签检查点" in await visit.page.locator("main").inner_text()
                await log.entries(3)
                await log.settle()
                for kind, name in (("cosignature", "witness.example/1"), ("timestamp", "https://tsa.example/tsr")):
                    await log.do(
                        f"insert into log_attestation (size, kind, name, body) values (3, '{kind}', '{name}', '')"
                    )
                await visit.page.get_by_role("link", name="核验").first.click()
                await visit.page.get_by_role("link", name=re.compile("存证日志")).first.click()
                said = await visit.page.locator("main").inner_text()
                finger = hashlib.sha256(log.desk.key.public).hexdigest()
                for part in ("test/evidence", finger[:8], "witness.example/1", "https://tsa.example/tsr"):
                    assert part in said, part
                assert not await visit.sticks_out()
                assert await visit.serious_issues() == []
                await visit.go("/log?lang=en")
                assert "Newest checkpoint" in await visit.page.locator("main").inner_text()
                assert not await visit.sticks_out()
                assert visit.heard == []
