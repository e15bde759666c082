"""Reading registers: the rows in force on a day, chosen by exact values, a city with its counties."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
import pytest_asyncio

from hengjian.platform.db import Database
from hengjian.tenants.api import BY_KIND, count_registers, read_register, shown_fields
from tests.support.api import Api, a_sender, api_over

PEOPLE = [
    {"sourceRef": "P-1", "name": "甲", "role": "TECHNICIAN", "hiredOn": "2026-01-05", "city": "650102"},
    {"sourceRef": "P-10", "name": "乙", "role": "SUPERVISOR", "hiredOn": "2026-03-01", "city": "6502"},
    {
        "sourceRef": "P-2",
        "name": "丙",
        "role": "TECHNICIAN",
        "hiredOn": "2026-01-05",
        "leftOn": "2026-02-01",
        "identityNumber": "11010519491231002X",
    },
]


@pytest_asyncio.fixture
async def api(app_url: str) -> AsyncIterator[Api]:
    async with api_over(app_url) as opened:
        yield opened


async def test_a_day_shows_the_rows_in_force(api: Api, database: Database) -> None:
    """The last day employed is in, the day of leaving is out; counts and rows agree."""
    sender = await a_sender(database)
    await api.push(sender.key, "people", PEOPLE)
    expected = {"2026-01-04": [], "2026-01-31": ["P-1", "P-2"], "2026-02-01": ["P-1"], "2026-03-01": ["P-1", "P-10"]}
    async with database.read(sender.caller) as session:
        for day, refs in expected.items():
            on = date.fromisoformat(day)
            rows, total = await read_register(session, "people", sender.organization.id, on=on, limit=10)
            assert ([row.source_ref for row in rows], total) == (refs, len(refs))
            assert (await count_registers(session, sender.organization.id, on=on))["people"] == len(refs)


async def test_rows_are_chosen_by_exact_values(api: Api, database: Database) -> None:
    """A reference is not a prefix; a city takes its counties; an unknown column is refused."""
    sender = await a_sender(database)
    await api.push(sender.key, "people", PEOPLE)
    organization, on = sender.organization.id, date(2026, 3, 1)
    async with database.read(sender.caller) as session:
        for where, refs in (
            ({"source_ref": "P-1"}, ["P-1"]),
            ({"city": "6501"}, ["P-1"]),
            ({"role": "SUPERVISOR"}, ["P-10"]),
        ):
            rows, _ = await read_register(session, "people", organization, on=on, where=where, limit=10)
            assert [row.source_ref for row in rows] == refs
        with pytest.raises(KeyError):
            await read_register(session, "people", organization, on=on, where={"1=1 or name": "x"}, limit=1)


async def test_a_sealed_field_gives_its_end_only(api: Api, database: Database) -> None:
    """An identity number is never read back whole."""
    sender = await a_sender(database)
    await api.push(sender.key, "people", PEOPLE)
    async with database.read(sender.caller) as session:
        rows, _ = await read_register(
            session, "people", sender.organization.id, on=date(2026, 1, 31), where={"source_ref": "P-2"}, limit=1
        )
    named = {field.name: value for field, value in zip(shown_fields(BY_KIND["people"]), rows[0].values, strict=True)}
    assert named["identity_number"] == "002X"
    assert "11010519491231002X" not in str(rows)
