"""A list of a year while its grades are being published, the register, and the bonus on a score page, in a browser."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Database, sql
from hengjian.platform.ids import uuid7
from tests.dashboards.chromium import WIDTHS, Visit, visiting
from tests.dashboards.test_browser import address as address
from tests.support.api import Sender, api_over
from tests.support.breaches import in_breach
from tests.support.people import a_bureau, an_account
from tests.support.results import a_list

pytestmark = pytest.mark.browser
PUBLISH = sql("""
    insert into result_step (tenant_id, region, year, id, at, act, actor, actor_name, reason)
    values (:bureau, :region, 2025, gen_random_uuid(), now(), 'publish', 'b', '李娜', '')
""")
KEPT = sql(
    "update published_grade set dossier_path = 'x', dossier_sha256 = repeat('9f2b', 16) where by_region = :region"
)


@pytest_asyncio.fixture
async def judged(app_url: str, database: Database) -> AsyncIterator[Sender]:
    async with api_over(app_url) as api:
        yield await in_breach(api, database)


async def sound(visit: Visit, path: str, *, name: str = "") -> None:
    """Opens, fits the window and troubles nobody; a picture where somebody wants to look."""
    assert await visit.go(path) == 200, path
    if name and (folder := os.environ.get("HENGJIAN_SHOTS")):
        await visit.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    assert not await visit.sticks_out(), path
    assert await visit.cut_off() == [], path
    assert await visit.serious_issues() == [], path


@pytest.mark.parametrize("width", list(WIDTHS))
async def test_lists_with_lines_are_sound(
    address: str, database: Database, owner: AsyncConnection, judged: Sender, width: str
) -> None:
    """With twenty lines, progress, filters and hashes, in both languages, at both widths."""
    region = {"desk": "6532", "phone": "6540"}[width]
    home = await a_bureau(database, region)
    await a_list(owner, home.id, region, year=2025, step=uuid7(), count=30)
    await owner.execute(PUBLISH, {"bureau": home.id, "region": region})
    await owner.execute(KEPT, {"region": region})
    code = judged.organization.credit_code
    async with visiting(address, width) as visit:
        await sound(visit, "/register?year=2025", name=f"register-{width}")
        await sound(visit, "/register?year=2025&lang=en", name=f"register-{width}-en")
    async with visiting(address, width) as visit:
        await visit.sign_in(await an_account(database, home, role="reviewer"))
        await sound(visit, "/credit/2025?lang=zh", name=f"year-{width}")
        assert await visit.page.locator("progress").get_attribute("value") == "15"
        await sound(visit, "/credit/2025?lang=en&q=none", name=f"year-{width}-en")
        assert visit.heard == []
    async with visiting(address, width) as visit:
        await visit.sign_in(await an_account(database, judged.organization))
        for language in ("zh", "en"):
            await sound(visit, f"/orgs/{code}/score?lang={language}", name=f"score-{width}-{language}")
            assert await visit.page.locator("#h-bo").is_visible()
        assert visit.heard == []
