"""The year of contractors from elsewhere: graded by the regions that they served on 31 December, whoever leaves after."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Caller, Database, sql
from hengjian.scoring.api import ResultAct, evaluate_organization, read_left, read_result_list, read_yearly_result
from hengjian.scoring.domain.dossier_verify import Outcome, verify_dossier
from hengjian.tenants.api import OrganizationKind
from hengjian.tenants.domain.rows_capacity import OrganizationRow
from hengjian.tenants.update_organization import enter_or_update, own_entry
from tests.scoring.test_yearly_results import BOOK, CITY, JANUARY, Office
from tests.scoring.test_yearly_results import office as office
from tests.support.api import Api, Sender, a_sender

OVER = datetime(2027, 1, 21, 2, tzinfo=UTC)
FINAL = sql("""
    select dossier_path, dossier_sha256, total, grade from published_grade where tenant_id = :id and kind = 'final'
""")


async def a_guest(database: Database, api: Api) -> Sender:
    """A contractor at home in another city with nine points here, eight of them within what its one technician may do."""
    one = await a_sender(database, "650102")
    profile = {"sourceRef": "O", "creditCode": one.organization.credit_code, "name": one.organization.name}
    profile |= {"homeRegion": "650102", "validFrom": "2026-01-05"}
    rows: list[dict[str, Any]] = [profile | {"kinds": ["CONTRACTOR"], "regionsServed": [CITY]}]
    await api.push(one.key, "organizations", rows)
    person = {"sourceRef": "P", "name": "甲", "role": "TECHNICIAN", "hiredOn": "2024-01-05"}
    await api.push(one.key, "people", [person])
    fixed = {"discharger": "纸业", "medium": "WATER", "city": CITY, "inServiceFrom": "2025-02-01"}
    await api.push(one.key, "points", [{"sourceRef": f"T{n}", "name": f"口{n}", **fixed} for n in range(9)])
    return one


async def judge(office: Office, guests: Sequence[Sender]) -> None:
    await office.judge()
    for one in guests:
        async with office.database.write(Caller(kind="job", tenant_id=one.organization.id, actor="t")) as session:
            await evaluate_organization(session, one.organization.id, lawbook=BOOK, now=office.now)


async def supervised(owner: AsyncConnection, one: Sender, *, since: str = "2026-01-05", until: str) -> None:
    """From when until when the city supervises a guest."""
    statement = sql("update supervision set valid_from = :a, valid_until = :b where organization_id = :id and not home")
    days = {"a": date.fromisoformat(since), "b": date.fromisoformat(until)}
    await owner.execute(statement, {"id": one.organization.id, **days})


async def test_who_served_on_the_last_day_is_graded_with_a_dossier_and_nobody_else(
    office: Office, owner: AsyncConnection
) -> None:
    """Left in August or come in January: not on the list, and the first is told of; left after the list: final."""
    stayed, left, came = [await a_guest(office.database, office.case.api) for _ in range(3)]
    await supervised(owner, left, until="2026-08-15")
    await supervised(owner, came, since="2027-01-02", until="9999-12-31")
    office.now = JANUARY + timedelta(hours=1)
    await judge(office, [stayed, left, came])
    await office.does("inspector1", ResultAct.PREPARE)
    await office.does("reviewer1", ResultAct.APPROVE)
    async with office.database.read(office.bureau) as session:
        found = await read_yearly_result(session, 2026, region=CITY)
        assert found.listed is not None
        listed = {one.credit_code for one in (await read_result_list(session, found.listed))[0]}
        told, count = await read_left(session, 2026, region=CITY)
    here = [office.calm.organization, office.case.organization, stayed.organization]
    assert listed == {one.credit_code for one in here}
    assert (count, told[0].credit_code, told[0].left_on) == (1, left.organization.credit_code, date(2026, 8, 15))

    await supervised(owner, stayed, until="2027-01-12")
    office.now = OVER
    await judge(office, [stayed])
    await office.does("reviewer1", ResultAct.PUBLISH)
    row = (await owner.execute(FINAL, {"id": stayed.organization.id})).one()
    content = await office.objects.take(row.dossier_path, sha256=row.dossier_sha256)
    assert verify_dossier(content).outcome is Outcome.VERIFIED
    document = json.loads(content)
    assert document["about"]["region"] == CITY
    assert document["about"]["as_of"] == "2026-12-31"
    assert [(await owner.execute(FINAL, {"id": one.organization.id})).all() for one in (left, came)] == [[], []]
    rows = (await owner.execute(sql("select dossier_sha256 from published_grade where kind = 'final'"))).scalars()
    assert None not in set(rows)


@pytest.mark.parametrize(
    ("since", "leaves", "until"),
    [
        ("2026-01-05", "2026-08-15", "2026-08-15"),
        ("2026-01-05", "2027-01-02", "2027-04-01"),
        ("2026-01-05", "2027-03-31", "2027-04-01"),
        ("2026-01-05", "2027-04-02", "2027-04-02"),
        ("2027-01-02", "2027-02-03", "2027-02-03"),
    ],
)
async def test_who_leaves_after_the_year_stays_supervised_until_its_grades_are_due(
    database: Database, owner: AsyncConnection, office: Office, since: str, leaves: str, until: str
) -> None:
    """So nobody leaves a bad grade behind; said twice it is the same, and who comes back before has never left."""
    one = await a_guest(database, office.case.api)
    await supervised(owner, one, since=since, until="9999-12-31")
    for served, expected in (([], until), ([], until), ([CITY], None)):
        await say_served(database, one, served, on=date.fromisoformat(leaves))
        found = await owner.execute(
            sql("select max(valid_until) from supervision where organization_id = :id and not home"),
            {"id": one.organization.id},
        )
        assert found.scalar_one() == (date.fromisoformat(expected) if expected else date(9999, 12, 31))


async def say_served(database: Database, one: Sender, served: list[str], *, on: date) -> None:
    """What the organization tells of where it serves, on a day."""
    home = one.organization
    row = OrganizationRow(
        source_ref="O",
        credit_code=home.credit_code,
        name=home.name,
        kinds=[OrganizationKind.CONTRACTOR],
        home_region="650102",
        regions_served=served,
    )
    async with database.write(one.caller) as session:
        await enter_or_update(session, row, known=await own_entry(session), demo=False, today=on)
