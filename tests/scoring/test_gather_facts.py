"""Each fact against a register made by hand; what no register says is unknown, which is not zero."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from hengjian.platform.db import Caller, Database
from hengjian.scoring.domain.contractor_itself import Terms
from hengjian.scoring.gather_contractor import gather_contractors
from hengjian.tenants.api import BY_KIND
from tests.support.people import a_contractor
from tests.support.pushing import push_straight
from tests.support.rows import a_row

BEFORE, ON, AFTER = date(2026, 1, 31), date(2026, 3, 15), date(2026, 6, 1)
START, END = "2026-02-01", "2026-05-31"


async def push(database: Database, tenant_id: UUID, kind: str, *rows: dict[str, Any]) -> None:
    """Rows true from 1 February up to and including 31 May, unless they say otherwise."""
    span = {"validFrom": START, "validTo": END}
    await push_straight(
        database, tenant_id, kind, [a_row(BY_KIND[kind], f"r{n}") | span | row for n, row in enumerate(rows)]
    )


async def facts(database: Database, tenant_id: UUID, kind: str, key: str = "") -> list[Any]:
    """A subject's facts before, within and after the rows' validity."""
    async with database.read(Caller(kind="job", tenant_id=tenant_id)) as session:
        subjects = await gather_contractors(session, {tenant_id: Terms(certificate_months=3)}, [BEFORE, ON, AFTER])
    found = next(subject for subject in subjects[tenant_id].subjects if (subject.kind, subject.key) == (kind, key))
    return [found.by_day.get(day) for day in (BEFORE, ON, AFTER)]


PERSON = {"hiredOn": START, "leftOn": "2026-06-01", "validTo": None}
OWN: list[tuple[str, str, list[dict[str, Any]], Any, Any]] = [
    ("points", "points", [{"inServiceFrom": START}, {"inServiceFrom": START}], 2, 0),
    ("sets", "sets", [{"inServiceFrom": START}], 1, 0),
    ("technicians", "people", [PERSON, PERSON | {"role": "SUPERVISOR"}], 1, 0),
    ("supervisors", "people", [PERSON, PERSON | {"role": "SUPERVISOR"}], 1, 0),
    ("office_area_m2", "offices", [{"areaM2": "100.5"}, {"areaM2": "50.25"}], "150.75", "0"),
    ("office_area_m2", "offices", [{"areaM2": "100.5"}, {"areaM2": None}], None, "0"),
    ("exclusive_warehouses", "warehouses", [{}, {"shared": True}], 1, 0),
    ("shared_warehouses", "warehouses", [{}, {"shared": True}], 1, 0),
    ("policy_documents", "policyDocuments", [{"kind": "ARCHIVES"}, {"kind": "ARCHIVES"}], ("ARCHIVES",), ()),
    ("active_registrations", "registrations", [{}], ("AUTHORITY_PLATFORM",), ()),
]


@pytest.mark.parametrize(("fact", "kind", "rows", "within", "after"), OWN)
async def test_facts_of_the_organization(
    database: Database, fact: str, kind: str, rows: list[dict[str, Any]], within: Any, after: Any
) -> None:
    """Unknown before the first row of its register, counted while rows hold, zero once they ended."""
    tenant_id = (await a_contractor(database)).id
    assert [day[fact] for day in await facts(database, tenant_id, "contractor")] == [None, None, None]
    await push(database, tenant_id, kind, *rows)
    found = [day[fact] for day in await facts(database, tenant_id, "contractor")]
    assert [value if value is None or isinstance(value, tuple) else str(value) for value in found] == [
        value if value is None or isinstance(value, tuple) else str(value) for value in (None, within, after)
    ]


async def test_rows_that_were_all_withdrawn_leave_zero(database: Database) -> None:
    """Nobody gets rid of a breach by taking its register back."""
    tenant_id = (await a_contractor(database)).id
    await push(database, tenant_id, "people", PERSON)
    await push(database, tenant_id, "people", PERSON | {"withdrawn": True})
    found = await facts(database, tenant_id, "contractor")
    assert [day["technicians"] for day in found] == [None, 0, 0]


async def test_facts_of_a_city(database: Database) -> None:
    """Sets, points and vehicles of each city where a set stands; a county counts to its city."""
    tenant_id = (await a_contractor(database)).id
    await push(database, tenant_id, "sets", {"city": "650102", "inServiceFrom": START}, {"inServiceFrom": START})
    await push(database, tenant_id, "vehicles", {"city": "6501"}, {"city": "6502"})
    found = await facts(database, tenant_id, "contractor_city", "6501")
    assert [(day["sets"], day["vehicles"], day["points"]) for day in found] == [
        (None, None, None),
        (2, 1, None),
        (0, 0, None),
    ]


async def test_facts_of_spares(database: Database) -> None:
    """Stock over all warehouses; an item never counted is unknown, one counted as none is zero."""
    tenant_id = (await a_contractor(database)).id
    await push(database, tenant_id, "spareItems", {}, {"kind": "CORE"}, {"monthlyUsage": None})
    held = {"countedOn": START, "warehouseRef": "r0"}
    counts = [{"itemRef": "r0", "quantity": 4}, {"itemRef": "r0", "quantity": 3, "warehouseRef": "r1"}]
    await push(
        database, tenant_id, "stock", *(held | count for count in counts), held | {"itemRef": "r1", "quantity": 0}
    )
    before, on, after = await facts(database, tenant_id, "item", "r0")
    assert (before, after) == (None, None)
    assert (on["stock"], on["monthly_usage"], on["installed_base"]) == (7, 3, 3)
    core = (await facts(database, tenant_id, "core_item", "r1"))[1]
    assert (core["core_stock"], core["failure_rate_bp"], core["sets"]) == (0, 3, None)
    uncounted = (await facts(database, tenant_id, "item", "r2"))[1]
    assert (uncounted["stock"], uncounted["monthly_usage"]) == (None, None)


async def test_facts_of_a_technician(database: Database) -> None:
    """Without the register of certificates it is unknown whether there is one; with it, there is none."""
    tenant_id = (await a_contractor(database)).id
    await push(database, tenant_id, "people", PERSON, PERSON)
    on = (await facts(database, tenant_id, "person", "r0"))[1]
    assert (on["certificate_held"], on["pledge_signed"], on["first_certificate_on"]) == (None, None, None)
    await push(database, tenant_id, "certificates", {"personRef": "r0", "issuedOn": "2026-02-20"})
    await push(database, tenant_id, "pledges", {"personRef": "r1", "signedOn": START})
    first, second = [(await facts(database, tenant_id, "person", ref))[1] for ref in ("r0", "r1")]
    assert (first["certificate_held"], first["pledge_signed"]) == (True, False)
    assert first["first_certificate_on"] == date(2026, 2, 20)
    assert (second["certificate_held"], second["pledge_signed"]) == (False, True)


async def test_facts_of_a_laboratory(database: Database) -> None:
    """The qualification that holds on the day, also when a later one has lapsed; its last day is inside."""
    tenant_id = (await a_contractor(database)).id
    await push(database, tenant_id, "laboratories", {"itemsUsed": ["COD"], "validTo": None})
    on = (await facts(database, tenant_id, "laboratory", "r0"))[1]
    assert (on["cma_held"], on["item_in_scope"]) == (None, None)
    lapsed = {"laboratoryRef": "r0", "items": ["COD"], "validFrom": "2026-02-10", "validTo": "2026-03-01"}
    await push(database, tenant_id, "accreditations", {"laboratoryRef": "r0", "items": ["COD", "氨氮"]}, lapsed)
    on = (await facts(database, tenant_id, "laboratory", "r0"))[1]
    assert (on["cma_held"], on["item_in_scope"], on["cma_valid_to"]) == (True, True, date(2026, 5, 31))
