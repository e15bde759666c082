"""Who may say what of which organization, and the directory that follows."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Database, sql
from hengjian.tenants.api import BY_KIND
from hengjian.tenants.register_organization import create_bureau
from tests.support.api import Api, Sender, a_bureau_sender, a_sender, with_key
from tests.support.people import OPERATOR, credit_code
from tests.support.rows import a_row

ORGANIZATIONS = BY_KIND["organizations"]


@pytest.fixture
async def bureau(database: Database) -> Sender:
    return await a_bureau_sender(database, "6501")


def organization(code: str, ref: str = "o1", **fields: Any) -> dict[str, Any]:
    return a_row(ORGANIZATIONS, ref, creditCode=code, **{"regionsServed": [], **fields})


async def pushed(api: Api, sender: Sender, *rows: dict[str, Any]) -> list[list[str]]:
    """By row, the codes of its problems."""
    answer = await api.push(sender.key, "organizations", rows, report="ALL")
    assert answer["userErrors"] == []
    return [[problem["code"] for problem in row["problems"]] for row in answer["rows"]]


async def entry(owner: AsyncConnection, code: str) -> Any:
    return (await owner.execute(sql("select * from organization where credit_code = :code"), {"code": code})).first()


async def served(owner: AsyncConnection, code: str) -> list[tuple[str, bool]]:
    statement = sql("""select region, home from supervision where credit_code = :code
        and valid_from <= :today and valid_until > :today order by region""")
    asked = {"code": code, "today": legal_day(datetime.now(UTC))}
    return [tuple(row) for row in (await owner.execute(statement, asked)).all()]


async def test_a_bureau_enters_organizations_of_its_region(api: Api, bureau: Sender, owner: AsyncConnection) -> None:
    """In the directory, supervised at home and where it serves, with its row among its own registers."""
    code = credit_code()
    assert await pushed(api, bureau, organization(code, regionsServed=["650103", "650102"])) == [[]]
    made = await entry(owner, code)
    assert (made.region, made.kinds, made.demo) == ("650102", ["CONTRACTOR"], False)
    assert await served(owner, code) == [("650102", True), ("650103", False)]
    profile = sql("select count(*) from profile where tenant_id = :id")
    assert (await owner.execute(profile, {"id": made.id})).scalar_one() == 1


async def test_a_bureau_enters_none_elsewhere(api: Api, bureau: Sender, owner: AsyncConnection) -> None:
    """Neither below another city nor above itself; and a bureau is nobody it may push."""
    rows = [organization(credit_code(), f"o{n}", homeRegion=home) for n, home in enumerate(("650203", "65", "6502"))]
    rows.append(organization(credit_code(), "o9", kinds=["BUREAU"]))
    rows.append(organization(credit_code(), "o10", kinds=[]))
    rows.append(organization(credit_code(), "o11", regionsServed=["6501", "6502"]))
    told = await pushed(api, bureau, *rows)
    assert told == [["OUTSIDE_JURISDICTION"]] * 3 + [["KINDS_UNFIT"]] * 2 + [["OUTSIDE_JURISDICTION"]]
    assert [await entry(owner, row["creditCode"]) for row in rows] == [None] * 6


async def test_an_organization_of_another_bureau_stays_its(
    api: Api, bureau: Sender, database: Database, owner: AsyncConnection
) -> None:
    """The same credit code can't be entered twice, nor taken over."""
    other = await a_sender(database, "650203")
    answer = await api.push(bureau.key, "organizations", [organization(other.organization.credit_code)])
    assert [error["code"] for error in answer["userErrors"]] == ["ORGANIZATION_ELSEWHERE"]
    assert (await entry(owner, other.organization.credit_code)).region == "650203"


async def test_an_organization_speaks_for_itself_only(api: Api, database: Database, owner: AsyncConnection) -> None:
    """Its name and where it serves; not its home region, not another's data, never as a bureau, never as nothing."""
    sender = await a_sender(database)
    code = sender.organization.credit_code
    assert await pushed(api, sender, organization(code, name="新名", regionsServed=["6502"])) == [[]]
    assert (await entry(owner, code)).name == "新名"
    assert await served(owner, code) == [("650102", True), ("6502", False)]
    for fields, refusal in (
        ({"homeRegion": "650103"}, "HOME_REGION_FIXED"),
        ({"kinds": ["BUREAU"]}, "KINDS_UNFIT"),
        ({"kinds": []}, "KINDS_UNFIT"),
        ({"creditCode": credit_code()}, "ORGANIZATION_NOT_YOURS"),
    ):
        assert await pushed(api, sender, organization(code, "o2") | fields) == [[refusal]]
    assert (await entry(owner, code)).kinds == ["CONTRACTOR"]
    assert await pushed(api, sender, organization(code, regionsServed=[])) == [[]]
    assert await served(owner, code) == [("650102", True)]


@pytest.mark.parametrize("home", ["650199", "650111"])
async def test_a_home_region_that_is_none_today_is_refused_by_row(
    api: Api, bureau: Sender, owner: AsyncConnection, home: str
) -> None:
    """Unknown or abolished: the row is told so, the others enter."""
    bad, good = organization(credit_code(), "bad", homeRegion=home), organization(credit_code(), "good")
    told = await pushed(api, bureau, bad, good)
    assert "HOME_REGION_UNFIT" in told[0]
    assert told[1] == []
    assert await entry(owner, bad["creditCode"]) is None
    assert await entry(owner, good["creditCode"]) is not None


async def test_a_blank_name_is_refused_by_row(api: Api, bureau: Sender) -> None:
    """Spaces are no name."""
    told = await pushed(api, bureau, organization(credit_code(), "a", name=" 　"), organization(credit_code(), "b"))
    assert told == [["TEXT_EMPTY"], []]


async def test_one_organization_twice_in_a_batch_is_refused_by_row(
    api: Api, bureau: Sender, owner: AsyncConnection
) -> None:
    """Under two references: the second is told of the first, which enters."""
    code = credit_code()
    told = await pushed(api, bureau, organization(code, "a", name="甲公司"), organization(code, "b", name="乙公司"))
    assert told == [[], ["DUPLICATE_CREDIT_CODE"]]
    assert (await entry(owner, code)).name == "甲公司"


async def test_who_a_demonstration_enters_belongs_to_it(api: Api, database: Database, owner: AsyncConnection) -> None:
    """The mark is inherited from the bureau, and no field of a push can set or lift it."""
    async with database.write(OPERATOR) as session:
        known = await create_bureau(session, credit_code=credit_code("11"), name="演示局", region="6501", demo=True)
    demo, code = await with_key(database, known), credit_code()
    assert await pushed(api, demo, organization(code)) == [[]]
    assert (await entry(owner, code)).demo
    real = await a_bureau_sender(database, "6501")
    assert await pushed(api, real, organization(code, name="改名")) == [[]]
    assert (await entry(owner, code)).demo


async def test_each_organization_that_a_bureau_touched_is_judged(
    api: Api, bureau: Sender, owner: AsyncConnection
) -> None:
    """One event each, not one for the bureau."""
    codes = [credit_code(), credit_code()]
    await pushed(api, bureau, *(organization(code, code) for code in codes))
    made = {str((await entry(owner, code)).id) for code in codes}
    events = await owner.execute(sql("select payload->>'tenant_id' from outbox where name = 'push.accepted'"))
    told = set(events.scalars())
    assert made <= told
    assert str(bureau.organization.id) not in told


async def test_a_bureau_waits_for_an_organizations_own_push(api: Api, bureau: Sender, database: Database) -> None:
    """Both write one register, so they follow each other; who waits too long is told to come back."""
    code = credit_code()
    assert await pushed(api, bureau, organization(code)) == [[]]
    async with database.read(OPERATOR) as session:
        there = await session.scalar(sql("select id from organization where credit_code = :code"), {"code": code})
        hold = sql("select pg_advisory_xact_lock(hashtextextended(cast(:id as text) || 'organizations', 0))")
        await session.scalar(hold, {"id": str(there)})
        answer = await api.push(bureau.key, "organizations", [organization(code)], idempotencyKey="second")
    assert [error["code"] for error in answer["userErrors"]] == ["IDEMPOTENCY_IN_PROGRESS"]
