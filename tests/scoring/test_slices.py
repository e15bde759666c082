"""Judging many organizations in one transaction says of each what judging it alone says, and no failure spreads."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Caller, Database, sql
from hengjian.platform.ids import uuid7
from hengjian.scoring import evaluate as evaluation
from hengjian.scoring.api import evaluate_slice, load_lawbook
from hengjian.scoring.credit_tables import credit_step, penalty
from hengjian.scoring.domain.contest import ContestedFact, write_contest
from hengjian.scoring.evaluate import evaluate_organization
from hengjian.scoring.jobs import EVALUATE_IN_TURN, evaluate, evaluate_many
from hengjian.scoring.tables import accepted_fact
from hengjian.tenants.api import BY_KIND
from tests.scoring.test_exact_to_the_day import FIELDWORK, rows
from tests.support.people import OPERATOR, a_contractor
from tests.support.pushing import push_straight
from tests.support.rows import a_row

BOOK = load_lawbook()
NOW = datetime(2026, 4, 20, 4, tzinfo=UTC)
TABLES = ("finding", "finding_event", "judgement", "score", "standing")
# Each organization's own, or drawn by lot.
OWN = {"tenant_id", "id", "finding_id", "no", "credit_code", "last_push_at"}
FEW = settings(
    max_examples=4,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


async def kept(owner: AsyncConnection, tenant_id: UUID) -> list[str]:
    """All that is stored of an organization, but for names of its own."""
    found = []
    for table in TABLES:
        stored = (await owner.execute(sql(f"select * from {table} where tenant_id = :id"), {"id": tenant_id})).all()
        found += sorted(f"{table} { {n: v for n, v in row._mapping.items() if n not in OWN} }" for row in stored)
    return found


async def numbers(owner: AsyncConnection, ids: Sequence[UUID]) -> list[int]:
    asked = sql("select right(no, 5)::int from finding where tenant_id = any(:ids) order by 1")
    return list((await owner.execute(asked, {"ids": list(ids)})).scalars())


async def scores(owner: AsyncConnection, tenant_id: UUID) -> list[str]:
    """What the stored scores say and are made of."""
    found = await owner.execute(
        sql("select * from score where tenant_id = :id order by region, month"), {"id": tenant_id}
    )
    unsaid = {"computed_at", "pack_version"}
    return [str({n: v for n, v in row._mapping.items() if n not in unsaid}) for row in found]


async def verdicts(owner: AsyncConnection, tenant_id: UUID) -> list[str]:
    """What the stored verdicts say; the day of judgement is none of it, though it is a fact of some."""
    found = await owner.execute(
        sql("select * from judgement where tenant_id = :id order by region, rule_id, subject"), {"id": tenant_id}
    )
    told = []
    for row in found:
        facts = {name: None if value == str(row.as_of) else value for name, value in row.facts.items()}
        unsaid = {"as_of", "judged_at", "pack_version"}
        told.append(str({n: v for n, v in row._mapping.items() if n not in unsaid} | {"facts": facts}))
    return told


async def forget(owner: AsyncConnection, ids: Sequence[UUID]) -> None:
    """Every digest, so that the next judgement makes and compares everything anew."""
    for table, column in (("score", "digest"), ("judgement", "digest"), ("standing", "said")):
        await owner.execute(sql(f"update {table} set {column} = null where tenant_id = any(:ids)"), {"ids": list(ids)})


async def decide_on(owner: AsyncConnection, tenant_id: UUID, *, ago: int) -> None:
    """A confirmed penalty, and one technician more accepted on appeal, since so many days ago."""
    day, identity = NOW.date() - timedelta(days=ago), uuid4()
    head = {"tenant_id": tenant_id, "region": "650102"}
    new = {"measure": "warning", "organ": "局", "summary": "违规", "entered_at": NOW, "entered_by": "a"}
    await owner.execute(
        insert(penalty).values(**head, **new, id=identity, document_no="1", decided_on=day, entered_by_name="甲")
    )
    step = {"event": "penalty", "act": "confirm", "actor": "b", "actor_name": "乙", "document_no": "", "reason": ""}
    await owner.execute(insert(credit_step).values(**head, **step, id=uuid7(), event_id=identity, seq=1, at=NOW))
    accepted = write_contest(ContestedFact("technicians", 6, day))
    about = {"finding_id": uuid4(), "id": uuid4(), "at": NOW, "subject_kind": "contractor", "subject": ""}
    await owner.execute(insert(accepted_fact).values(**head, **about, accepted=accepted))


async def judge_together(database: Database, ids: Sequence[UUID], now: datetime) -> None:
    async with database.write(Caller(kind="slice", tenants=(min(ids), max(ids)), actor="test")) as session:
        await evaluate_slice(session, ids, lawbook=BOOK, now=now)


async def judge_alone(database: Database, tenant_id: UUID, now: datetime) -> None:
    async with database.write(Caller(kind="job", tenant_id=tenant_id, actor="test")) as session:
        await evaluate_organization(session, tenant_id, lawbook=BOOK, now=now)


Sent = list[tuple[str, dict[str, Any]]]


@given(
    first=some.lists(some.lists(rows(more=FIELDWORK), min_size=6, max_size=12), min_size=3, max_size=3),
    later=some.lists(some.lists(rows(more=FIELDWORK), max_size=4), min_size=3, max_size=3),
    decided=some.lists(some.integers(0, 400), min_size=3, max_size=3),
)
@FEW
async def test_a_slice_stores_what_each_alone_would_store(
    database: Database, owner: AsyncConnection, first: list[Sent], later: list[Sent], decided: list[int]
) -> None:
    """Random registers, fieldwork, penalties and accepted facts, judged, changed, and judged again a night later.

    The same rows, numbers without a gap; and verdicts and scores that were left as they are, are those that would be
    made anew.
    """
    together, alone = [[(await a_contractor(database)).id for _ in first] for _ in range(2)]
    together.sort()
    for night, sent in enumerate((first, later, later)):
        for *pair, each, ago in zip(together, alone, sent, decided, strict=True):
            for kind, row in each:
                for one in pair:
                    await push_straight(database, one, kind, [row])
            if night == 1:
                for one in pair:
                    await decide_on(owner, one, ago=ago)
        await judge_together(database, together, NOW + timedelta(days=night))
        for one in alone:
            await judge_alone(database, one, NOW + timedelta(days=night))
        for one, other in zip(together, alone, strict=True):
            assert await kept(owner, one) == await kept(owner, other)
    left = [(await verdicts(owner, one), await scores(owner, one)) for one in together]
    await forget(owner, together)
    await judge_together(database, together, NOW + timedelta(days=2))
    assert [(await verdicts(owner, one), await scores(owner, one)) for one in together] == left
    taken = await numbers(owner, together + alone)
    assert not taken or taken == list(range(taken[0], taken[0] + len(taken)))


async def a_breach(database: Database) -> UUID:
    """A contractor with points and nobody."""
    tenant_id = (await a_contractor(database)).id
    await push_straight(database, tenant_id, "points", [a_row(BY_KIND["points"], "p", inServiceFrom="2026-03-01")])
    await push_straight(database, tenant_id, "people", [a_row(BY_KIND["people"], "m", role="SUPERVISOR")])
    return tenant_id


async def test_the_same_verdict_is_written_once(database: Database, owner: AsyncConnection) -> None:
    """The night after, a verdict stays as it was written; the standing tells of the last judgement."""
    tenant_id = await a_breach(database)
    asked = sql("select rule_id, judged_at, as_of from judgement where tenant_id = :id order by 1, subject")
    told = []
    for night in range(2):
        await judge_together(database, [tenant_id], NOW + timedelta(days=night))
        told.append((await owner.execute(asked, {"id": tenant_id})).all())
    still = [row for row in told[1] if row.rule_id != "K-04"]
    assert still
    assert set(still) <= set(told[0])
    last = await owner.execute(sql("select as_of from standing where tenant_id = :id"), {"id": tenant_id})
    assert last.scalar_one() == date(2026, 4, 21)


async def test_a_failure_of_one_loses_no_other(
    database: Database, owner: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slice is given back whole and each of it queued by itself; the one that fails alone is named by its job."""
    sick, *sound = [await a_breach(database) for _ in range(3)]
    judge = evaluation._judge

    def fails(about: Any, *others: Any) -> Any:
        if about.organization.id == sick:
            raise ArithmeticError
        return judge(about, *others)

    monkeypatch.setattr(evaluation, "_judge", fails)
    await evaluate_many(database, {"ids": [str(one) for one in (sick, *sound)]}, lawbook=BOOK)
    assert await numbers(owner, [sick, *sound]) == []
    asked = sql(
        "select payload from job where name = :name and state = 'waiting' and payload ->> 'tenant_id' = any(:ids)"
    )
    values = {"name": EVALUATE_IN_TURN, "ids": [str(one) for one in (sick, *sound)]}
    queued = list((await owner.execute(asked, values)).scalars())
    assert len(queued) == len(sound) + 1
    for payload in queued:
        if payload["tenant_id"] == str(sick):
            with pytest.raises(ArithmeticError):
                await evaluate(database, payload, lawbook=BOOK)
        else:
            await evaluate(database, payload, lawbook=BOOK)
    for one in sound:
        assert await numbers(owner, [one])
    async with database.write(OPERATOR) as session:
        await session.run(sql("delete from job where name = :name and payload ->> 'tenant_id' = any(:ids)"), values)


async def test_a_slice_judges_nobody_outside_it(database: Database, owner: AsyncConnection) -> None:
    """Who is asked for beyond the ends of the slice is not there."""
    inside, outside = sorted([await a_breach(database), await a_breach(database)])
    async with database.write(Caller(kind="slice", tenants=(inside, inside), actor="test")) as session:
        found = await evaluate_slice(session, [inside, outside], lawbook=BOOK, now=NOW)
    assert len(found) == 1
    assert (await numbers(owner, [inside]), await numbers(owner, [outside])) != ([], [])
    assert await numbers(owner, [outside]) == []
