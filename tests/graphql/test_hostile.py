"""Requests made to break or to overload the API are answered with a code, quickly, and leave nothing behind."""

import time
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from graphql import get_introspection_query
from hengjian.graphql.documents import DocumentCache
from hengjian.graphql.limits import Limits
from hengjian.graphql.paging import encode_cursor
from hengjian.graphql.schema import schemas
from hengjian.platform.db import Database, sql
from hengjian.tenants.api import BY_KIND, Register
from tests.support.api import Api, Sender, a_sender, push_document, with_key
from tests.support.people import OPERATOR, a_contractor
from tests.support.rows import a_row

PEOPLE: Register = BY_KIND["people"]
TEXTS = [
    "<script>alert(1)</script>",
    '=HYPERLINK("http://evil","x")',
    "+1",
    "@SUM(A1)",
    "'; drop table person; --",
    "{{7*7}}",
    "\u202egpj.exe",
]
VIEWER = "{ viewer { kind } }"


@pytest.fixture
async def sender(database: Database) -> Sender:
    return await a_sender(database)


async def test_hostile_text_is_kept_and_given_back_as_it_is(api: Api, sender: Sender) -> None:
    """Script, formula and SQL are data: neither refused nor changed nor run."""
    rows = [a_row(PEOPLE, f"r{n}", name=text, title=text) for n, text in enumerate(TEXTS)]
    assert (await api.push(sender.key, "people", rows))["receipt"]["state"] == "ACCEPTED"
    body = await api.ask(sender.key, "{ people(first: 200) { nodes { sourceRef name title } } }")
    assert [(node["name"], node["title"]) for node in body["data"]["people"]["nodes"]] == [(t, t) for t in TEXTS]


@pytest.mark.parametrize("field", ["name", "title", "sourceRef"])
@pytest.mark.parametrize("sign", ["\x00", "\x01", "\x08", "\x1f", "\x0b"])
async def test_control_characters_are_named_at_their_place(api: Api, sender: Sender, field: str, sign: str) -> None:
    """NUL would be refused by the database, the others by whoever reads the row next."""
    answer = await api.push(sender.key, "people", [a_row(PEOPLE) | {field: f"a{sign}b"}])
    problem = answer["rows"][0]["problems"][0]
    assert (problem["code"], problem["path"]) == ("TEXT_CONTROL_CHARACTER", ["input", "rows", "0", field])
    assert problem["got"] == f"U+{ord(sign):04X}"


@pytest.mark.parametrize("batch", [{"idempotencyKey": "a\x00"}, {"stream": "a\x00"}])
async def test_nul_in_the_frame_of_a_batch_is_refused(api: Api, sender: Sender, batch: dict[str, Any]) -> None:
    """Key and stream are kept too."""
    answer = await api.push(sender.key, "people", [a_row(PEOPLE)], **batch)
    assert answer["receipt"] is None
    assert answer["userErrors"][0]["code"] in {"IDEMPOTENCY_KEY_INVALID", "STREAM_INVALID"}


@pytest.mark.parametrize(
    "query",
    [
        '{ receipts(first: 1, kind: "a\\u0000") { nodes { id } } }',
        '{ organizations(first: 1, search: "a\\u0000") { totalCount } }',
        '{ organization(creditCode: "a\\u0000") { name } }',
        '{ finding(no: "a\\u0000") { lacking } }',
        '{ streamStatus(kind: "people", stream: "a\\u0000") { highest } }',
        '{ people(first: 1, creditCode: "a\\u0000") { totalCount } }',
    ],
)
async def test_nul_in_a_question_is_the_askers_mistake(api: Api, sender: Sender, query: str) -> None:
    """Not an internal error of ours."""
    assert await api.codes(sender.key, query) == ["BAD_INPUT"]


async def test_5001_rows_are_refused_whole(api: Api, sender: Sender, owner: AsyncConnection) -> None:
    """One more than the limit; the limit itself is taken."""
    rows = [{"sourceRef": f"r{n}", "name": "甲", "role": "OTHER", "hiredOn": "2026-01-05"} for n in range(5_001)]
    answer = await api.push(sender.key, "people", rows)
    assert [error["code"] for error in answer["userErrors"]] == ["BATCH_TOO_LARGE"]
    assert "5001" in answer["userErrors"][0]["messageEn"]
    kept = sql("select count(*) from person where tenant_id = :id")
    assert (await owner.execute(kept, {"id": sender.organization.id})).scalar_one() == 0
    assert (await api.push(sender.key, "people", rows[:5_000]))["receipt"]["accepted"] == 5_000
    assert (await owner.execute(kept, {"id": sender.organization.id})).scalar_one() == 5_000


@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_of_20_mb_is_refused_unread(api: Api, sender: Sender, declared: bool) -> None:
    """By its declared length, and while it streams in when none is declared."""
    sent = 0

    async def stream() -> Any:
        nonlocal sent
        for _ in range(20):
            sent += 1
            yield b" " * 1_000_000

    told = {"content-length": "20000000"} if declared else {}
    headers = {"authorization": f"Bearer {sender.key}", "content-type": "application/json", **told}
    answer = await api.client.post("/graphql", headers=headers, content=stream())
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (413, "BODY_TOO_LARGE")


async def test_only_a_push_may_be_larger_than_a_megabyte(api: Api, sender: Sender) -> None:
    """A question has no use for it."""
    padded = b'{"query": "{ viewer { kind } }", "extensions": {"pad": "' + b"x" * 1_000_001 + b'"}}'
    answer = await api.post(sender.key, padded)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (413, "BODY_TOO_LARGE")
    rows = [a_row(PEOPLE, f"r{n}", name="甲" * 200, title="乙" * 200) for n in range(1_000)]
    assert (await api.push(sender.key, "people", rows, dryRun=True))["receipt"]["accepted"] == 1_000


@pytest.mark.parametrize("where", ["body", "variables", "input", "extensions"])
async def test_deep_json_is_bad_json(api: Api, sender: Sender, where: str) -> None:
    """100,000 brackets end neither the process nor the request's time."""
    deep = b"[" * 100_000 + b"]" * 100_000
    document = push_document("people").replace("\n", " ").encode()
    bodies = {
        "body": deep,
        "variables": b'{"query": "{ viewer { kind } }", "variables": %s}' % deep,
        "input": b'{"query": "%s", "variables": {"input": %s}}' % (document, deep),
        "extensions": b'{"query": "{ viewer { kind } }", "extensions": {"a": %s}}' % deep,
    }
    begun = time.perf_counter()
    answer = await api.post(sender.key, bodies[where])
    assert time.perf_counter() - begun < 2
    assert answer.json()["errors"][0]["extensions"]["code"] in {"BAD_JSON", "BAD_INPUT"}, answer.text
    assert answer.status_code in {200, 400}


DEEP = "{ receipts(first: 1) " + "{ nodes { rows " * 200 + "{ index }" + "} }" * 200 + " }"
WIDE = "{ viewer { " + "kind " * 3_000 + "} }"
DOUBLING = (
    "{ viewer { ...F0 } } "
    + " ".join(f"fragment F{n} on Viewer {{ ...F{n + 1} ...F{n + 1} }}" for n in range(40))
    + " fragment F40 on Viewer { kind }"
)
ALIASES = "{ viewer { " + " ".join(f"a{n}: kind" for n in range(16)) + " } }"
ROOTS = "{ " + " ".join(f"viewer {{ kind }} r{n}: viewer {{ kind }}" for n in range(3)) + " }"
DIRECTIVES = "{ viewer { kind " + "@include(if: true) " * 6 + "} }"
SPREADS = "{ ...R } fragment R on Query { " + " ".join(f"v{n}: viewer {{ kind }}" for n in range(6)) + " }"
LITERAL_ROWS = (
    'mutation { pushPeople(input: { idempotencyKey: "k", rows: ['
    + '{ sourceRef: "a", name: "b", role: OTHER, hiredOn: "2026-01-01" } ' * 120
    + "] }) { receipt { id } } }"
)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (DEEP, {"TOO_DEEP", "DOCUMENT_TOO_LONG", "BAD_INPUT"}),
        ("{ a" * 5_000, {"DOCUMENT_TOO_LONG", "TOO_DEEP"}),
        (DOUBLING, {"COST_EXCEEDED"}),
        (WIDE, {"DOCUMENT_TOO_LONG"}),
        (ALIASES, {"TOO_MANY_FIELDS"}),
        (ROOTS, {"TOO_MANY_FIELDS"}),
        (DIRECTIVES, {"TOO_MANY_FIELDS"}),
        (LITERAL_ROWS, {"DOCUMENT_TOO_LONG"}),
        ("query ($i: Int = " + "[" * 700 + "]" * 700 + ") { viewer { kind } }", {"TOO_DEEP", "BAD_INPUT"}),
    ],
    ids=["deep", "nested", "doubling", "wide", "aliases", "roots", "directives", "literal rows", "deep default"],
)
async def test_oversized_documents_are_refused_before_they_run(
    api: Api, sender: Sender, document: str, code: set[str]
) -> None:
    """Each with its own code, in less than a second."""
    begun = time.perf_counter()
    found = await api.codes(sender.key, document)
    assert time.perf_counter() - begun < 1
    assert set(found) <= code, found
    assert found


def test_a_long_document_is_not_kept() -> None:
    """Comments and blanks are no tokens: five hundred documents of a push's size would fill the memory."""
    documents = DocumentCache(schemas().published, Limits())
    assert documents.get(VIEWER) is documents.get(VIEWER)
    long = VIEWER + " #" + "x" * 1_000_000
    assert documents.get(long) is not documents.get(long)


async def test_root_fields_hide_in_no_fragment(api: Api, sender: Sender) -> None:
    """Six questions are six, also when a fragment asks them under other names."""
    assert await api.codes(sender.key, SPREADS) == ["TOO_MANY_FIELDS"]


async def test_a_fragment_named_like_introspection_is_counted(api: Api, sender: Sender) -> None:
    """The bypass known from another product: a fragment called __schema was skipped by its limits."""
    fields = " ".join("receipts(first: 200) { nodes { rows { problems { code } } } }" for _ in range(1))
    document = f"query {{ ...__schema }} fragment __schema on Query {{ {fields.replace('200', '201')} }}"
    assert await api.codes(sender.key, document) == ["PAGE_SIZE"]


async def test_tools_may_read_the_schema(api: Api, sender: Sender) -> None:
    """The standard introspection query of clients and generators is answered."""
    body = await api.ask(sender.key, get_introspection_query(input_value_deprecation=False))
    assert "errors" not in body, body["errors"]
    assert body["data"]["__schema"]["mutationType"]["name"] == "Mutation"


async def test_introspection_cannot_be_multiplied(api: Api, sender: Sender) -> None:
    """Types of fields of types of fields: each level costs a hundredfold, so it ends at a limit, soon."""
    document = "{ __schema { types " + "{ fields { type " * 4 + "{ name }" + " } }" * 4 + " } }"
    begun = time.perf_counter()
    assert await api.codes(sender.key, document) != []
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize("first", [-1, 0, 201, 2**31, None])
@pytest.mark.parametrize("way", ["literal", "variable"])
async def test_pages_have_1_to_200_items(api: Api, sender: Sender, first: int | None, way: str) -> None:
    """Neither negative paging nor all at once, on every list."""
    for name in ("receipts", "people", "organizations", "findings"):
        if way == "literal":
            given = "null" if first is None else first
            codes = await api.codes(sender.key, f"{{ {name}(first: {given}) {{ pageInfo {{ hasNextPage }} }} }}")
        else:
            document = f"query ($n: Int!) {{ {name}(first: $n) {{ pageInfo {{ hasNextPage }} }} }}"
            codes = await api.codes(sender.key, document, {"n": first})
        assert codes in (["PAGE_SIZE"], ["BAD_INPUT"]), (name, codes)
        assert codes == ["PAGE_SIZE"] or first is None or first > 2**31 - 1


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "中", "WyJ4Il0=", "WyI5Y2M0ZDY4Y2RiMjUiLCAieCIsICJ5Il0="])
async def test_a_cursor_of_elsewhere_is_named_so(api: Api, sender: Sender, cursor: str) -> None:
    """Invented, cut or of another list: start again."""
    for name in ("receipts", "people", "organizations", "findings"):
        document = f"query ($c: String) {{ {name}(first: 1, after: $c) {{ pageInfo {{ hasNextPage }} }} }}"
        assert await api.codes(sender.key, document, {"c": cursor}) == ["CURSOR_MISMATCH"], name


async def test_rows_of_many_receipts_are_not_piled_up(api: Api, sender: Sender) -> None:
    """As many as one receipt may list, not two hundred times that; without their rows all receipts are given."""
    vehicles = [a_row(BY_KIND["vehicles"], f"r{n}", city="x") for n in range(2_600)]
    for _ in range(2):
        await api.push(sender.key, "vehicles", vehicles)
    rows = "rows { index problems { code messageZh } }"
    for document in (
        f"{{ receipts(first: 2) {{ nodes {{ {rows} }} }} }}",
        f"{{ receipts(first: 2) {{ ...P }} }} fragment P on ReceiptPage {{ nodes {{ ... on Receipt {{ {rows} }} }} }}",
    ):
        assert await api.codes(sender.key, document) == ["COST_EXCEEDED"]
    one = await api.ask(sender.key, f"{{ receipts(first: 1) {{ nodes {{ {rows} }} }} }}")
    assert len(one["data"]["receipts"]["nodes"][0]["rows"]) == 2_600
    both = await api.ask(sender.key, "{ receipts(first: 2) { nodes { refused } } }")
    assert [node["refused"] for node in both["data"]["receipts"]["nodes"]] == [2_600, 2_600]


@pytest.mark.parametrize("place", [["x", "y"], ["2026-01-01", "y"], ["2026-01-01"], []])
async def test_a_forged_cursor_is_named_so(api: Api, sender: Sender, place: list[str]) -> None:
    """Its mark can be computed by anybody; its place is still checked."""
    document = "query ($c: String) { receipts(first: 1, after: $c) { pageInfo { hasNextPage } } }"
    assert await api.codes(sender.key, document, {"c": encode_cursor(place, [None])}) == ["CURSOR_MISMATCH"]


async def test_an_organization_that_is_gone_is_no_internal_error(api: Api, database: Database) -> None:
    """A key whose organization left the directory, which only an operator can do."""
    organization = await a_contractor(database)
    sender = await with_key(database, organization)
    async with database.write(OPERATOR) as session:
        await session.run(sql("update organization set region = '6501' where id = :id"), {"id": organization.id})
    assert await api.codes(sender.key, VIEWER) == []
