"""GraphQL over HTTP as its specification has it, and keys that open nothing."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Database, sql
from hengjian.tenants.api import revoke_key
from tests.support.api import Api, Sender, a_sender
from tests.support.people import OPERATOR

VIEWER = {"query": "{ viewer { kind } }"}
MODERN, PLAIN = "application/graphql-response+json", "application/json"


@pytest.fixture
async def sender(database: Database) -> Sender:
    return await a_sender(database)


def code(answer: Any) -> str:
    return str(answer.json()["errors"][0]["extensions"]["code"])


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        (MODERN, MODERN),
        (PLAIN, PLAIN),
        (f"{PLAIN};q=0.5, {MODERN}", MODERN),
        (f"{MODERN};q=0.5, {PLAIN};q=0.9", PLAIN),
        ("*/*", PLAIN),
        ("application/*", PLAIN),
        (f"text/html, {MODERN};q=0", None),
        ("text/html", None),
        (f"{PLAIN};q=abc", None),
    ],
)
async def test_the_answers_type_is_the_askers_wish(api: Api, sender: Sender, accept: str, answered: str | None) -> None:
    """By weight; 406 when neither of ours is wanted."""
    answer = await api.post(sender.key, VIEWER, accept=accept)
    assert answer.status_code == (200 if answered else 406)
    assert answer.headers["content-type"] == f"{answered or PLAIN}; charset=utf-8"


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
async def test_only_post_is_served(api: Api, sender: Sender, method: str) -> None:
    """Anything else is told what to use, and runs nothing."""
    headers = {"authorization": f"Bearer {sender.key}", "content-type": PLAIN}
    answer = await api.client.request(method, "/graphql", headers=headers, json=VIEWER)
    assert (answer.status_code, answer.headers["allow"], code(answer)) == (405, "POST", "METHOD_NOT_ALLOWED")


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", f"{PLAIN}; charset=gbk"],
)
async def test_only_json_in_utf8_is_read(api: Api, sender: Sender, content_type: str) -> None:
    """What a foreign page's form could send is not."""
    answer = await api.post(sender.key, VIEWER, content_type=content_type)
    assert (answer.status_code, code(answer)) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize("content_type", [PLAIN, f'{PLAIN}; charset="UTF-8"', "Application/JSON;charset=utf-8"])
async def test_json_may_say_its_charset(api: Api, sender: Sender, content_type: str) -> None:
    """In any of its spellings."""
    assert (await api.post(sender.key, VIEWER, content_type=content_type)).status_code == 200


@pytest.mark.parametrize(
    ("body", "modern", "plain"),
    [
        (b"{", 400, 400),
        (b'"text"', 400, 200),
        (b"[]", 400, 200),
        (b"{}", 400, 200),
        (b'{"query": 1}', 400, 200),
        (b'{"query": "{"}', 400, 200),
        (b'{"query": "{ nothing }"}', 400, 200),
        (b'{"query": "{ viewer { kind } }", "variables": []}', 400, 200),
        (b'{"query": "{ viewer { kind } }", "operationName": "None"}', 400, 200),
        (b'[{"query": "{ viewer { kind } }"}]', 400, 200),
        (b"\xff\xfe", 400, 400),
    ],
)
async def test_status_of_a_request_that_cannot_run(
    api: Api, sender: Sender, body: bytes, modern: int, plain: int
) -> None:
    """400 without data; clients of plain JSON get 200 for what was well-formed. Batches are not taken."""
    for accept, status in ((MODERN, modern), (PLAIN, plain)):
        answer = await api.post(sender.key, body, accept=accept)
        assert answer.status_code == status, answer.text
        assert "data" not in answer.json()


async def test_a_request_that_ran_answers_200_with_its_errors(api: Api, sender: Sender) -> None:
    """An error of one field is part of the answer."""
    answer = await api.post(sender.key, {"query": '{ rule(id: "no") { id } }'}, accept=MODERN)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (200, ["rule"])


async def test_unknown_revoked_and_expired_keys_open_nothing(api: Api, database: Database, sender: Sender) -> None:
    """401, without a word on which it was, for questions, pushes and nonsense alike."""
    revoked, expired = await a_sender(database), await a_sender(database)
    async with database.write(OPERATOR) as session:
        await revoke_key(session, revoked.key.split("_")[2])
        late = sql("update api_key set expires_at = now() - interval '1 second' where key_id = :id")
        await session.run(late, {"id": expired.key.split("_")[2]})
    unknown = sender.key[:-1] + ("0" if sender.key[-1] != "0" else "1")
    answers = [
        await api.post(key, body)
        for key in (revoked.key, expired.key, unknown, "", "hj_live_", "x" * 10_000)
        for body in (VIEWER, b"{")
    ]
    assert {(a.status_code, code(a), a.headers["www-authenticate"]) for a in answers} == {
        (401, "UNAUTHENTICATED", "Bearer")
    }
    assert len({a.json()["errors"][0]["message"] for a in answers}) == 1


@pytest.mark.parametrize("given", ["", "Basic abc", "Bearer", "bearer  ", "Token x"])
async def test_other_ways_to_sign_in_are_none(api: Api, given: str) -> None:
    """Only a bearer key, in the header."""
    answer = await api.post("", VIEWER, authorization=given)
    assert answer.status_code == 401


async def test_a_key_without_the_scope_is_forbidden_and_the_refusal_recorded(
    api: Api, database: Database, owner: AsyncConnection
) -> None:
    """A reading key can't push, and the audit knows that it tried."""
    sender = await a_sender(database)
    async with database.write(OPERATOR) as session:
        only = sql("update api_key set scopes = '{read}' where key_id = :id")
        await session.run(only, {"id": sender.key.split("_")[2]})
    push = 'mutation { pushVehicles(input: { idempotencyKey: "k", rows: [] }) { receipt { id } } }'
    assert await api.codes(sender.key, push) == ["FORBIDDEN"]
    found = await owner.execute(
        sql("select outcome from audit where tenant_id = :id and action = 'graphql'"), {"id": sender.organization.id}
    )
    assert found.scalars().all() == ["refused"]


async def test_an_error_of_ours_tells_no_inside(api: Api, sender: Sender, owner: AsyncConnection) -> None:
    """Masked, retryable, with the request's id; neither statement nor table reaches the caller."""
    await owner.execute(sql("alter table push_stream rename to push_stream_away"))
    try:
        answer = await api.post(sender.key, {"query": '{ streamStatus(kind: "people") { highest } }'})
    finally:
        await owner.execute(sql("alter table push_stream_away rename to push_stream"))
    error = answer.json()["errors"][0]
    assert (error["extensions"]["code"], error["extensions"]["retryable"]) == ("INTERNAL", True)
    assert error["extensions"]["requestId"] == answer.headers["x-request-id"]
    assert "push_stream" not in answer.text
