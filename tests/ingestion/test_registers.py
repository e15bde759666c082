"""Registers in two times: what is known now follows from every assertion ever accepted, and from nothing else."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Database, sql
from hengjian.tenants.api import BY_KIND, OPEN_END
from hengjian.tenants.tables import CURRENT
from tests.support.api import Api, Sender, a_sender
from tests.support.rows import a_row

VEHICLES, PEOPLE = BY_KIND["vehicles"], BY_KIND["people"]
DAY_ONE = date(2026, 1, 1)
SPAN = 40
FEW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
Days = dict[tuple[str, date], tuple[Any, int]]
"""By reference and day, the batch and place of the row that holds."""


@pytest.fixture
async def sender(database: Database) -> Sender:
    return await a_sender(database)


def day(number: int) -> str:
    return str(DAY_ONE + timedelta(days=number))


@some.composite
def assertions(draw: some.DrawFn) -> dict[str, Any]:
    """A vehicle from a day, until a day or open, or withdrawn."""
    start = draw(some.integers(0, SPAN - 1))
    length = draw(some.none() | some.integers(0, SPAN))
    ends = {} if length is None else {"validTo": day(start + length)}
    ref = draw(some.sampled_from("abc"))
    return a_row(VEHICLES, ref, validFrom=day(start), withdrawn=draw(some.integers(0, 4)) == 0, **ends)


@some.composite
def histories(draw: some.DrawFn) -> list[list[dict[str, Any]]]:
    """Batches one after another; no reference twice in a batch."""
    batches = some.lists(assertions(), min_size=1, max_size=3, unique_by=lambda row: row["sourceRef"])
    return draw(some.lists(batches, min_size=1, max_size=7))


def rebuilt(rows: Iterable[Any]) -> Days:
    """The plainest way: each assertion, in the order of recording, overwrites every day from its first on."""
    known: Days = {}
    for row in rows:
        days = [row.valid_from + timedelta(days=n) for n in range((DAY_ONE - row.valid_from).days + 3 * SPAN)]
        for one in days:
            known.pop((row.source_ref, one), None)
            if not row.withdrawn and one < row.valid_until:
                known[row.source_ref, one] = (row.batch_id, row.row_index)
    return known


async def current(owner: AsyncConnection, table: str, sender: Sender) -> Days:
    """What the register says day by day; no day is said twice."""
    found = await owner.execute(sql(f"select * from {table} where tenant_id = :id"), {"id": sender.organization.id})
    known: Days = {}
    for row in found:
        for number in range(3 * SPAN):
            one = DAY_ONE + timedelta(days=number)
            if row.valid_from <= one < row.valid_until:
                assert (row.source_ref, one) not in known, "two rows hold on one day"
                known[row.source_ref, one] = (row.batch_id, row.row_index)
    return known


async def asserted(owner: AsyncConnection, table: str, sender: Sender) -> list[Any]:
    statement = sql(f"select * from {table}_assertion where tenant_id = :id order by recorded_at, row_index")
    return list((await owner.execute(statement, {"id": sender.organization.id})).all())


async def differing(owner: AsyncConnection, sender: Sender) -> list[str]:
    """What the nightly check of the log says of this organization's vehicles."""
    batches = {str(row.batch_id) for row in await asserted(owner, "vehicle", sender)}
    found = (await owner.execute(sql(CURRENT["vehicles"].info["vouched"].rows))).all()
    return [row.name for row in found if row.name.partition(",")[0] in batches]


@given(history=histories())
@FEW
async def test_the_register_is_what_its_assertions_say(
    api: Api, database: Database, owner: AsyncConnection, history: list[list[dict[str, Any]]]
) -> None:
    """Any history of changes, late entries, ends and withdrawals: rebuilt day by day it is the register, at each step."""
    sender = await a_sender(database)
    then: list[tuple[Any, Days]] = []
    for batch in history:
        receipt = (await api.push(sender.key, "vehicles", batch))["receipt"]
        assert receipt["accepted"] == len(batch)
        rows = await asserted(owner, "vehicle", sender)
        now = await current(owner, "vehicle", sender)
        assert now == rebuilt(rows)
        assert await differing(owner, sender) == []
        then.append((max(row.recorded_at for row in rows), now))
    every = await asserted(owner, "vehicle", sender)
    assert len({at for at, _ in then}) == len(history), "the time of record rises with each batch"
    for at, known in then:
        assert rebuilt(row for row in every if row.recorded_at <= at) == known


async def test_a_later_word_cuts_an_earlier_one(api: Api, sender: Sender, owner: AsyncConnection) -> None:
    """Moved in March: until February the old city, from March the new; nothing asserted was changed."""
    await api.push(sender.key, "vehicles", [a_row(VEHICLES, validFrom="2026-01-01", city="6501")])
    await api.push(sender.key, "vehicles", [a_row(VEHICLES, validFrom="2026-03-01", city="6502")])
    statement = sql("select city, valid_from, valid_until from vehicle where tenant_id = :id order by 2")
    found = (await owner.execute(statement, {"id": sender.organization.id})).all()
    january, march = date(2026, 1, 1), date(2026, 3, 1)
    assert [tuple(row) for row in found] == [("6501", january, march), ("6502", march, OPEN_END)]
    kept = [(row.city, row.valid_until) for row in await asserted(owner, "vehicle", sender)]
    assert kept == [("6501", OPEN_END), ("6502", OPEN_END)]


async def test_a_withdrawn_row_leaves_what_was_before(api: Api, sender: Sender, owner: AsyncConnection) -> None:
    """From its day on there is no such thing; withdrawn from the first day, there never was."""
    for start, left in (("2026-03-01", ["2026-03-01"]), ("2026-01-01", [])):
        await api.push(sender.key, "vehicles", [a_row(VEHICLES, validFrom="2026-01-01")])
        await api.push(sender.key, "vehicles", [a_row(VEHICLES, validFrom=start, withdrawn=True)])
        statement = sql("select valid_until::text from vehicle where tenant_id = :id")
        assert (await owner.execute(statement, {"id": sender.organization.id})).scalars().all() == left


async def test_natural_starts_and_ends(api: Api, sender: Sender, owner: AsyncConnection) -> None:
    """A person counts from the hire to before the day of leaving, also without validFrom; validTo is a last day."""
    row = a_row(PEOPLE, hiredOn="2026-01-05", leftOn="2026-02-01")
    del row["validFrom"]
    certificate = a_row(BY_KIND["certificates"], issuedOn="2026-01-10", validFrom=None, validTo="2026-12-31")
    await api.push(sender.key, "people", [row])
    await api.push(sender.key, "certificates", [certificate])
    for table, span in (("person", ("2026-01-05", "2026-02-01")), ("certificate", ("2026-01-10", "2027-01-01"))):
        statement = sql(f"select valid_from::text, valid_until::text from {table} where tenant_id = :id")
        assert tuple((await owner.execute(statement, {"id": sender.organization.id})).one()) == span


async def test_an_identity_number_is_never_kept(api: Api, sender: Sender, owner: AsyncConnection) -> None:
    """Fingerprint and last four; equal numbers have equal fingerprints, and no table holds the number."""
    number = "11010519491231002X"
    await api.push(sender.key, "people", [a_row(PEOPLE, ref, identityNumber=number.lower()) for ref in ("a", "b")])
    wrong = await api.push(sender.key, "people", [a_row(PEOPLE, "c", identityNumber="110105194912310021")])
    assert "110105194912310021" not in str(wrong)
    rows = await asserted(owner, "person", sender)
    assert {row.identity_last4 for row in rows} == {"002X"}
    assert len({bytes(row.identity_fingerprint) for row in rows}) == 1
    for table in ("person", "person_assertion", "push_batch", "audit", "outbox"):
        found = await owner.execute(sql(f"select count(*) from {table} t where t::text ilike '%49123100%'"))
        assert found.scalar_one() == 0, table


ROWS = some.sampled_from(
    [{}, {}, {"plate": "X"}, {"city": "9999"}, {"city": "x"}, {"validFrom": "2300-01-01"}, {"sourceRef": "again"}]
)


@given(kinds=some.lists(ROWS, min_size=1, max_size=8), together=some.booleans())
@FEW
async def test_a_receipt_adds_up(
    api: Api, database: Database, owner: AsyncConnection, kinds: list[dict[str, Any]], together: bool
) -> None:
    """Sent = accepted + refused; the listed rows are those counts; the register holds exactly the accepted rows."""
    sender = await a_sender(database)
    rows = [a_row(VEHICLES, f"r{n}") | kind for n, kind in enumerate(kinds)]
    mode = "ALL_OR_NOTHING" if together else "ROW_BY_ROW"
    answer = await api.push(sender.key, "vehicles", rows, mode=mode, report="ALL")
    receipt, states = answer["receipt"], Counter(row["status"] for row in answer["rows"])
    assert receipt["sent"] == len(rows) == len(answer["rows"]) == receipt["accepted"] + receipt["refused"]
    assert states["REFUSED"] == receipt["refused"]
    assert states["ACCEPTED_WITH_WARNINGS"] == receipt["acceptedWithWarnings"] <= receipt["accepted"]
    assert not together or 0 in {receipt["accepted"], receipt["refused"]}
    kept = [(row.row_index, row.source_ref) for row in await asserted(owner, "vehicle", sender)]
    assert kept == [(r["index"], r["sourceRef"]) for r in answer["rows"] if r["status"] != "REFUSED"]
    assert await current(owner, "vehicle", sender) == rebuilt(await asserted(owner, "vehicle", sender))
    body = await api.ask(sender.key, "query ($id: UUID!) { receipt(id: $id) { sent accepted refused } }", receipt)
    assert body["data"]["receipt"] == {name: receipt[name] for name in ("sent", "accepted", "refused")}
