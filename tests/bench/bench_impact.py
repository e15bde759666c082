"""How long the preview of a changed limit takes over a year of ten thousand contractors."""

import asyncio
import time
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg

from hengjian.deploy.embedded import plain_url
from hengjian.deploy.worker import collect_seldom
from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Caller, Database
from hengjian.scoring.api import (
    ChangeKind,
    NewChange,
    Person,
    check_change,
    draft_change,
    latest_impact,
    load_lawbook,
    start_impact,
)
from hengjian.scoring.changes.jobs import preview
from tests.bench.contractors import fill_contractors
from tests.bench.figures import Figure, alone
from tests.bench.stage import Stage

CONTRACTORS = 10_000
AUTHOR = Person("规则", frozenset({"rule_author"}))
EXAMPLES = """\
- {points: 50, supervisors: 1, verdict: breach}
- {points: 100, supervisors: 2, verdict: breach}
"""
# Half of the contractors have fewer points, so that the change makes a difference for the others.
_FEWER_POINTS = "delete from point where source_ref in ('R-1', 'R-2', 'R-3', 'R-4', 'R-5', 'R-6') and region < '650802'"


def measure(stage: Stage) -> list[Figure]:
    """A province changes how many points one supervisor may have."""
    asyncio.run(_fill(plain_url(stage.admin_url)))
    seconds, note = asyncio.run(_preview(stage.app_url))
    return [alone("impact_10k_year_seconds", seconds, "s", note)]


async def _fill(admin: str) -> None:
    link = await asyncpg.connect(admin)
    try:
        await fill_contractors(link, CONTRACTORS)
        await link.execute(_FEWER_POINTS)
        await link.execute("vacuum analyze")
    finally:
        await link.close()


async def _preview(url: str) -> tuple[float, str]:
    database, lawbook, now = Database.connect(url, statement_timeout_ms=60_000), load_lawbook(), datetime.now(UTC)
    bureau = Caller(kind="bureau", tenant_id=uuid4(), region="65", actor="account:author")
    async with database.write(bureau) as session:
        no = await draft_change(session, _change(legal_day(now)), by=AUTHOR, book=lawbook, now=now)
        checked = await check_change(session, no, by=AUTHOR, book=lawbook, now=now)
        assert checked.ok, checked.problems
        identity: UUID = await start_impact(session, no, by=AUTHOR, now=now)
    collect_seldom()  # as in the worker, whose job it is
    begun = time.perf_counter()
    await preview(database, {"tenant_id": str(bureau.tenant_id), "impact_id": str(identity)}, lawbook=lawbook)
    seconds = time.perf_counter() - begun
    async with database.read(bureau) as session:
        found = await latest_impact(session, no)
    await database.close()
    assert found is not None
    assert found.done == CONTRACTORS
    return seconds, f"{found.summary.starts} begin to breach, {found.summary.longer} breach longer"


def _change(today: date) -> NewChange:
    return NewChange(
        rule_id="C-04",
        kind=ChangeKind.PARAMETER,
        from_day=today + timedelta(days=30),
        reason="量测",
        clause="4.3.3.4",
        parameter="points_per_supervisor",
        value="45",
        examples=EXAMPLES,
    )
