"""Evaluation over the registers: findings open, persist and close to the day, and their history only grows."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Caller, Database, sql
from hengjian.scoring.api import load_lawbook
from hengjian.scoring.evaluate import Evaluation, evaluate_organization
from hengjian.tenants.api import BY_KIND
from tests.support.people import OPERATOR, a_contractor
from tests.support.pushing import push_straight
from tests.support.rows import a_row

BOOK = load_lawbook()
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
MARCH, MAY = date(2026, 3, 1), date(2026, 5, 1)


@dataclass(frozen=True)
class Firm:
    """A contractor with 51 points from March on and one supervisor, where two are required."""

    database: Database
    owner: AsyncConnection
    id: UUID

    async def push(self, kind: str, *rows: dict[str, Any]) -> None:
        sent = [a_row(BY_KIND[kind], f"r{n}", **{"validFrom": None, **row}) for n, row in enumerate(rows)]
        await push_straight(self.database, self.id, kind, sent)

    async def judge(self, now: datetime = NOW) -> Evaluation:
        async with self.database.write(Caller(kind="job", tenant_id=self.id, actor="test")) as session:
            found = await evaluate_organization(session, self.id, lawbook=BOOK, now=now)
        assert found is not None
        return found

    async def findings(self, rule: str = "C-04", region: str = "650102") -> list[tuple[Any, ...]]:
        statement = sql("""select opened_on, closed_on, state from finding
            where tenant_id = :id and rule_id = :rule and region = :region order by detected_at, opened_on""")
        values = {"id": self.id, "rule": rule, "region": region}
        return [tuple(row) for row in (await self.owner.execute(statement, values)).all()]

    async def events(self, rule: str = "C-04") -> list[str]:
        statement = sql("""select e.event from finding_event e join finding f on f.tenant_id = e.tenant_id
            and f.id = e.finding_id where e.tenant_id = :id and f.rule_id = :rule order by e.at, e.id""")
        return list((await self.owner.execute(statement, {"id": self.id, "rule": rule})).scalars())

    async def kept(self) -> list[Any]:
        found = []
        for table in ("finding", "finding_event", "judgement", "score", "standing"):
            statement = sql(f"select * from {table} where tenant_id = :id order by 1, 2, 3, 4")
            rows = (await self.owner.execute(statement, {"id": self.id})).all()
            found += sorted(str({n: v for n, v in r._mapping.items() if n not in CLOCK}) for r in rows)
        return found


CLOCK = {"judged_at", "computed_at"}


@pytest.fixture
async def firm(database: Database, owner: AsyncConnection) -> Firm:
    made = Firm(database, owner, (await a_contractor(database)).id)
    await made.push("points", *({"inServiceFrom": "2026-03-01"} for _ in range(51)))
    await made.push("people", {"role": "SUPERVISOR", "hiredOn": "2026-01-01"})
    return made


SUPERVISORS = ({"role": "SUPERVISOR", "hiredOn": "2026-01-01"}, {"role": "SUPERVISOR", "hiredOn": "2026-05-01"})


async def test_a_breach_opens_a_finding_on_its_first_day(firm: Firm) -> None:
    """Not on the day it was seen."""
    await firm.judge()
    assert await firm.findings() == [(MARCH, None, "detected")]
    assert await firm.events() == ["detected"]


async def test_judging_again_changes_nothing(firm: Firm) -> None:
    """Neither findings nor events, verdicts, scores or standing; numbers are not used up."""
    first = await firm.judge()
    before = await firm.kept()
    again = await firm.judge()
    assert (again.opened, again.closed, again.open_findings) == (0, 0, first.open_findings)
    assert await firm.kept() == before


async def test_two_evaluations_at_once_are_one(firm: Firm) -> None:
    """The second waits, then finds nothing to do."""
    done = await asyncio.gather(*(firm.judge() for _ in range(4)))
    assert sorted(one.opened > 0 for one in done) == [False, False, False, True]
    assert await firm.findings() == [(MARCH, None, "detected")]
    numbers = sql("select no from finding where tenant_id = :id")
    found = (await firm.owner.execute(numbers, {"id": firm.id})).scalars().all()
    assert len(set(found)) == len(found)


async def test_a_hire_entered_late_ends_the_breach_on_its_day(firm: Firm) -> None:
    """In November it is told that somebody came in May."""
    await firm.judge()
    await firm.push("people", *SUPERVISORS)
    assert (await firm.judge()).closed >= 1
    assert await firm.findings() == [(MARCH, MAY, "closed")]
    assert await firm.events() == ["detected", "ended"]


async def test_who_leaves_reopens_under_the_same_number_only_what_never_ended(firm: Firm) -> None:
    """A new breach after a sound time is a finding of its own; the old one stays as it is."""
    await firm.push("people", *SUPERVISORS)
    await firm.judge()
    assert await firm.findings() == [(MARCH, MAY, "closed")]
    await firm.push("people", SUPERVISORS[0], SUPERVISORS[1] | {"leftOn": "2026-08-01"})
    await firm.judge()
    assert await firm.findings() == [(MARCH, MAY, "closed"), (date(2026, 8, 1), None, "detected")]


async def test_a_correction_makes_a_breach_never_have_been(firm: Firm) -> None:
    """The finding stays, closed on the day it was opened, and doesn't come back to life with the next breach."""
    await firm.judge()
    await firm.push("people", SUPERVISORS[0], SUPERVISORS[1] | {"hiredOn": "2026-02-01"})
    await firm.judge()
    assert await firm.findings() == [(MARCH, MARCH, "closed")]
    assert await firm.events() == ["detected", "corrected_away"]
    before = await firm.kept()
    await firm.judge()
    assert await firm.kept() == before
    await firm.push("people", SUPERVISORS[0], SUPERVISORS[1] | {"withdrawn": True, "hiredOn": "2026-02-01"})
    await firm.judge()
    assert await firm.findings() == [(MARCH, MARCH, "closed"), (MARCH, None, "detected")]


async def test_a_breach_that_ended_before_the_year_judged_stays_a_breach(firm: Firm) -> None:
    """Two years on the days before the span can't be judged any more: what is known of them is kept."""
    await firm.judge()
    await firm.push("people", SUPERVISORS[0], SUPERVISORS[1])
    await firm.judge(now=datetime(2028, 11, 20, 4, tzinfo=UTC))
    assert await firm.findings() == [(MARCH, date(2027, 11, 1), "closed")]
    assert await firm.events() == ["detected", "ended"]


async def test_findings_of_a_region_no_longer_served_end(firm: Firm) -> None:
    """What is judged nowhere any more doesn't stay open for ever, and its verdicts go."""
    serve = sql("""insert into supervision select id, '6502', '2026-01-01', '9999-12-31', false, credit_code, name,
        pinyin, initials, kinds from organization where id = :id""")
    async with firm.database.write(OPERATOR) as session:
        await session.run(serve, {"id": firm.id})
    await firm.judge()
    assert await firm.findings(region="6502") == [(MARCH, None, "detected")]
    leave = sql("update supervision set valid_until = '2026-11-10' where organization_id = :id and region = '6502'")
    async with firm.database.write(OPERATOR) as session:
        await session.run(leave, {"id": firm.id})
    await firm.judge()
    assert await firm.findings(region="6502") == [(MARCH, date(2026, 11, 20), "closed")]
    assert await firm.findings() == [(MARCH, None, "detected")]
    left = sql("select count(*) from judgement where tenant_id = :id and region = '6502'")
    assert (await firm.owner.execute(left, {"id": firm.id})).scalar_one() == 0


async def test_who_stops_being_a_contractor_keeps_its_past(firm: Firm) -> None:
    """Changing its own kind ends its breaches today; it doesn't undo them."""
    await firm.judge()
    change = sql("update organization set kinds = '{INSTITUTION}' where id = :id")
    async with firm.database.write(OPERATOR) as session:
        await session.run(change, {"id": firm.id})
    await firm.judge()
    assert await firm.findings() == [(MARCH, date(2026, 11, 20), "closed")]
    assert "corrected_away" not in await firm.events()
