"""A batch is taken once, whatever happens between sender and server."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Database, sql
from hengjian.tenants.api import BY_KIND
from tests.support.api import Api, Sender, a_sender, push_document
from tests.support.live import live_server
from tests.support.rows import a_row

VEHICLES, PEOPLE = BY_KIND["vehicles"], BY_KIND["people"]


@pytest.fixture
async def sender(database: Database) -> Sender:
    return await a_sender(database)


def vehicles(*refs: str, **fields: Any) -> list[dict[str, Any]]:
    return [a_row(VEHICLES, ref, **fields) for ref in refs]


async def count(owner: AsyncConnection, table: str, sender: Sender) -> int:
    found = await owner.execute(
        sql(f"select count(*) from {table} where tenant_id = :id"), {"id": sender.organization.id}
    )
    return int(found.scalar_one())


def codes(answer: dict[str, Any]) -> list[str]:
    return [error["code"] for error in answer["userErrors"]]


async def test_the_same_again_is_the_same_receipt(api: Api, sender: Sender, owner: AsyncConnection) -> None:
    """Eight at once and once more later: one receipt, marked as replayed but for one, and the rows once."""
    rows = [*vehicles("a", "b"), *vehicles("c", city="99")]
    answers = await asyncio.gather(*(api.push(sender.key, "vehicles", rows, idempotencyKey="k") for _ in range(8)))
    answers.append(await api.push(sender.key, "vehicles", rows, idempotencyKey="k"))
    receipts = [answer["receipt"] for answer in answers]
    assert len({receipt["id"] for receipt in receipts}) == 1
    assert sorted(receipt["replayed"] for receipt in receipts) == [False] + [True] * 8
    assert all(answer["rows"] == answers[0]["rows"] for answer in answers)
    assert await count(owner, "push_batch", sender) == 1
    assert await count(owner, "vehicle_assertion", sender) == 3


async def test_of_other_contents_under_one_key_one_wins(api: Api, sender: Sender, owner: AsyncConnection) -> None:
    """In parallel, too; the others are told which receipt has the key, and keep nothing."""
    answers = await asyncio.gather(
        *(api.push(sender.key, "vehicles", vehicles(f"v{n}"), idempotencyKey="k") for n in range(8))
    )
    won = [answer for answer in answers if answer["receipt"]]
    assert len(won) == 1
    lost = [answer for answer in answers if not answer["receipt"]]
    assert {tuple(codes(answer)) for answer in lost} == {("IDEMPOTENCY_KEY_REUSED",)}
    assert all(won[0]["receipt"]["id"] in answer["userErrors"][0]["messageEn"] for answer in lost)
    assert await count(owner, "vehicle", sender) == await count(owner, "push_batch", sender) == 1


async def test_a_batch_refused_whole_leaves_its_key_and_number_free(api: Api, sender: Sender) -> None:
    """The corrected batch comes under the same key and sequence, and names the refused receipt."""
    wrong = await api.push(sender.key, "vehicles", vehicles("a", city="x"), idempotencyKey="k", sequence=1)
    assert (wrong["receipt"]["state"], wrong["receipt"]["idempotencyKey"]) == ("REFUSED", None)
    right = await api.push(
        sender.key, "vehicles", vehicles("a"), idempotencyKey="k", sequence=1, corrects=wrong["receipt"]["id"]
    )
    assert (right["receipt"]["state"], right["receipt"]["expectedNext"]) == ("ACCEPTED", 2)
    assert right["receipt"]["corrects"] == wrong["receipt"]["id"]


async def test_all_or_nothing(api: Api, sender: Sender, owner: AsyncConnection) -> None:
    """With one row refused none enters; row by row, the sound ones do."""
    rows = [*vehicles("a", "b"), *vehicles("c", city="x")]
    none = await api.push(sender.key, "vehicles", rows, mode="ALL_OR_NOTHING", idempotencyKey="k")
    assert (none["receipt"]["state"], none["receipt"]["refused"]) == ("REFUSED", 3)
    assert [len(row["problems"]) for row in none["rows"]] == [0, 0, 1]
    assert await count(owner, "vehicle", sender) == await count(owner, "vehicle_assertion", sender) == 0
    some = await api.push(sender.key, "vehicles", rows, idempotencyKey="k")
    assert (some["receipt"]["state"], some["receipt"]["accepted"]) == ("PARTLY_ACCEPTED", 2)
    assert await count(owner, "vehicle", sender) == 2


async def test_a_dry_run_keeps_nothing(api: Api, sender: Sender, owner: AsyncConnection) -> None:
    """It answers as the push would, also under a key that is taken, and takes neither key nor number."""
    rows = [*vehicles("a"), *vehicles("b", city="x")]
    dry = await api.push(sender.key, "vehicles", rows, dryRun=True, idempotencyKey="k", sequence=1)
    assert await count(owner, "vehicle", sender) == await count(owner, "push_batch", sender) == 0
    body = await api.ask(sender.key, "query ($id: UUID!) { receipt(id: $id) { id } }", {"id": dry["receipt"]["id"]})
    assert body["data"]["receipt"] is None
    real = await api.push(sender.key, "vehicles", rows, idempotencyKey="k", sequence=1)
    assert not real["receipt"]["replayed"]
    assert real["rows"] == dry["rows"]
    same = ("state", "accepted", "refused", "acceptedWithWarnings")
    assert [real["receipt"][name] for name in same] == [dry["receipt"][name] for name in same]
    again = await api.push(sender.key, "vehicles", vehicles("z"), dryRun=True, idempotencyKey="k")
    assert again["receipt"]["accepted"] == 1
    assert await count(owner, "vehicle", sender) == 1


async def test_keys_are_each_senders_and_each_kinds(api: Api, sender: Sender, database: Database) -> None:
    """Another organization's or register's use of a key is not in the way."""
    other = await a_sender(database)
    for key, kind, rows in (
        (sender.key, "vehicles", vehicles("a")),
        (other.key, "vehicles", vehicles("a")),
        (sender.key, "people", [a_row(PEOPLE)]),
    ):
        answer = await api.push(key, kind, rows, idempotencyKey="k")
        assert answer["receipt"]["accepted"] == 1
        assert not answer["receipt"]["replayed"]


async def test_numbers_of_a_stream(api: Api, sender: Sender) -> None:
    """A gap is known as soon as it is there, a late push closes it, a number comes once."""
    for sequence, expected, missing in ((1, 2, []), (4, 5, [(2, 3)]), (3, 5, [(2, 2)]), (2, 5, [])):
        answer = await api.push(sender.key, "vehicles", vehicles("a"), sequence=sequence, stream="s")
        assert answer["receipt"]["expectedNext"] == expected
        assert [(gap["first"], gap["last"]) for gap in answer["receipt"]["missing"]] == missing
    assert codes(await api.push(sender.key, "vehicles", vehicles("b"), sequence=3, stream="s")) == ["SEQUENCE_REUSED"]
    body = await api.ask(sender.key, '{ streamStatus(kind: "vehicles", stream: "s") { highest expectedNext } }')
    assert body["data"]["streamStatus"] == {"highest": 4, "expectedNext": 5}


async def test_who_waits_too_long_is_told_to_come_back(api: Api, sender: Sender, database: Database) -> None:
    """While another batch of the kind holds the turn: retryable, the key stays free."""
    hold = sql("select pg_advisory_xact_lock(hashtextextended(cast(:id as text) || 'vehicles', 0))")
    async with database.write(sender.caller) as other:
        await other.all(hold, {"id": str(sender.organization.id)})
        answer = await api.push(sender.key, "vehicles", vehicles("a"), idempotencyKey="k")
    assert [(error["code"], error["retryable"]) for error in answer["userErrors"]] == [
        ("IDEMPOTENCY_IN_PROGRESS", True)
    ]
    assert not (await api.push(sender.key, "vehicles", vehicles("a"), idempotencyKey="k"))["receipt"]["replayed"]


async def test_an_answer_that_never_arrived_is_given_again(api: Api, sender: Sender, owner: AsyncConnection) -> None:
    """Committed, connection lost, sent once more: the receipt of the first time."""
    lost = asyncio.create_task(api.push(sender.key, "vehicles", vehicles("a"), idempotencyKey="k"))
    while not await count(owner, "push_batch", sender):  # noqa: ASYNC110  # the event is another connection's commit
        await asyncio.sleep(0)
    lost.cancel()
    again = await api.push(sender.key, "vehicles", vehicles("a"), idempotencyKey="k")
    assert again["receipt"]["replayed"]
    assert await count(owner, "vehicle_assertion", sender) == 1


async def test_a_server_killed_in_the_middle_keeps_all_or_nothing(
    app_url: str, sender: Sender, owner: AsyncConnection
) -> None:
    """SIGKILL while several pushes are on their way: each is there whole or not at all, and can be sent again."""
    rows = [a_row(PEOPLE, f"r{n}") for n in range(2_000)]
    bodies = [
        {"query": push_document("people"), "variables": {"input": {"idempotencyKey": f"k{n}", "rows": rows}}}
        for n in range(16)
    ]
    headers = {"authorization": f"Bearer {sender.key}"}
    answered, first = list[str](), asyncio.Event()
    with live_server(app_url) as live:
        async with httpx.AsyncClient(base_url=live.url, headers=headers, timeout=20) as client:

            async def push(body: dict[str, Any]) -> None:
                got = await client.post("/graphql", json=body)
                answered.append(got.json()["data"]["pushPeople"]["receipt"]["id"])
                first.set()

            tasks = [asyncio.create_task(push(body)) for body in bodies]
            await first.wait()
            live.kill()
            await asyncio.gather(*tasks, return_exceptions=True)
    kept = sql("""select b.id::text, b.accepted, count(a.*) as rows from push_batch b
        left join person_assertion a on a.tenant_id = b.tenant_id and a.batch_id = b.id
        where b.tenant_id = :id group by 1, 2""")
    batches = (await owner.execute(kept, {"id": sender.organization.id})).all()
    assert {batch.rows for batch in batches} == {2_000}
    assert set(answered) <= {batch.id for batch in batches}
    assert 1 <= len(batches) < 16
