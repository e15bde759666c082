"""Five sites and five hundred with the same breaches score alike in D2, out of the database."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Caller, Database, sql
from hengjian.scoring import evaluate
from hengjian.scoring.domain.subjects import Made, Subject
from hengjian.scoring.gather_subjects import gather_made
from tests.scoring.test_credit_events import MONTH, NOW, TODAY, book_with_site_rules
from tests.support.api import Api, Sender, a_sender, api_over

LAST = sql("select dimensions from score where tenant_id = :id order by month desc limit 1")
# How many of the three rules on sites each of five sites breaches.
PATTERNS = (
    [0] * 5,
    [3] * 5,
    [0, 0, 0, 0, 1],
    *([(site * step + site // 2) % 4 for site in range(5)] for step in (1, 2, 3)),
)


async def a_firm(api: Api, database: Database, sites: int) -> Sender:
    """A contractor with so many points in service since the first of this month."""
    sender = await a_sender(database)
    fixed = {"discharger": "纸业", "medium": "WATER", "city": "6501", "inServiceFrom": str(MONTH)}
    rows = [{"sourceRef": f"PT-{n}", "name": f"口{n}", **fixed} for n in range(sites)]
    assert (await api.push(sender.key, "points", rows))["receipt"]["accepted"] == sites
    return sender


def breaches(pattern: Sequence[int], sites: int) -> list[Subject]:
    """The pattern over and over, once for each five sites."""
    found = []
    for number in range(sites):
        days = tuple(sorted({MONTH, TODAY}))
        subject = Subject(kind="item", key=f"site {number}", label="", days=days, unit=f"PT-{number}")
        facts = {"stock": 999999, "monthly_usage": 0, "installed_base": pattern[number % 5]}
        subject.by_day.update(dict.fromkeys(days, facts))
        found.append(subject)
    return found


async def test_the_same_rate_of_breaches_costs_the_same(
    database: Database, owner: AsyncConnection, app_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the pattern, a hundred times as many sites lose exactly as much."""
    book = book_with_site_rules(tmp_path)
    async with api_over(app_url) as api:
        firms = [(await a_firm(api, database, sites), sites) for sites in (5, 500)]
    pattern: list[int] = []
    many = {one.organization.id: sites for one, sites in firms}

    async def with_sites(*given: Any, **named: Any) -> dict[UUID, Made]:
        found = await gather_made(*given, **named)
        return {one: Made([*made.subjects, *breaches(pattern, many[one])]) for one, made in found.items()}

    monkeypatch.setattr(evaluate, "gather_made", with_sites)

    async def lost(pushed: Sender) -> str:
        home = pushed.organization.id
        async with database.write(Caller(kind="job", tenant_id=home, actor="t")) as session:
            await evaluate.evaluate_organization(session, home, lawbook=book, now=NOW, anew=True)
        dimensions = (await owner.execute(LAST, {"id": home})).scalar_one()
        return next(str(one["lost"]) for one in dimensions if one["id"] == "D2")

    seen = set()
    for chosen in PATTERNS:
        pattern[:] = chosen
        few, hundredfold = [await lost(one) for one, _ in firms]
        assert few == hundredfold, chosen
        seen.add(few)
    assert len(seen) > 3
