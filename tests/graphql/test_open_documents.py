"""Without a key the law-book answers, and nothing else does."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from graphql import GraphQLField
from hengjian.graphql.open_documents import OPEN_BODY, OPEN_FIELDS, is_open
from hengjian.graphql.schema import schemas
from hengjian.platform.db import Database, sql
from hengjian.scoring.api import keep_shipped, load_lawbook
from hengjian.scoring.lawbook_content import content_hash
from tests.support.api import Api

BOOK = load_lawbook()
TEXT = "hash content sound release firstSeenAt wholeHash differences { path before after }"
SCHEMA = schemas().published
FIELDS: dict[str, GraphQLField] = {}
for _kind in (SCHEMA.query_type, SCHEMA.mutation_type):
    assert _kind is not None
    FIELDS |= _kind.fields
CLOSED = [*sorted(set(FIELDS) - OPEN_FIELDS), "__schema", "__type"]
RULE = '{ rule(id: "C-04") { id quote parameters { value now } examples { facts verdict operator } } }'


async def ask(api: Api, body: dict[str, Any] | bytes) -> tuple[int, dict[str, Any]]:
    sent: dict[str, Any] = {"content": body} if isinstance(body, bytes) else {"json": body}
    answer = await api.client.post("/graphql", headers={"content-type": "application/json"}, **sent)
    told: dict[str, Any] = answer.json()
    return answer.status_code, told


async def test_anybody_reads_a_rule(api: Api) -> None:
    """Clause, limits and examples, without a key."""
    status, told = await ask(api, {"query": RULE})
    assert status == 200
    rule = told["data"]["rule"]
    assert rule["quote"].startswith("运维单位每运维50个")
    assert rule["parameters"] == [{"value": "50", "now": True}]
    assert {"facts": ["points=51", "supervisors=1"], "verdict": "breach", "operator": "≥"} in rule["examples"]


async def test_anybody_compares_versions(api: Api, database: Database) -> None:
    """The versions of a rule with their hashes, what two of them say differently, and what each release said."""
    asked = '{ ruleVersions(rule: "C-18") { key until inForce hash packVersion changes { number } } }'
    _, told = await ask(api, {"query": asked})
    first, second = told["data"]["ruleVersions"]
    assert (first["key"], first["until"], second["until"]) == ("2025-10-01.65", "2026-01-01", None)
    assert first["hash"] != second["hash"]
    between = (
        f'{{ ruleDifferences(rule: "C-18", before: "{first["key"]}", after: "{second["key"]}") {{ path after }} }}'
    )
    found = (await ask(api, {"query": between}))[1]["data"]["ruleDifferences"]
    assert {"path": "parameters.required_registrations.from", "after": "2026-01-01"} in found
    await keep_shipped(database, BOOK, release="0.1.0", now=datetime(2024, 3, 4, tzinfo=UTC))
    model = BOOK.credit_models[0].id
    texts = f'{{ ruleTexts(rule: "C-18") {{ {TEXT} }} creditModelTexts(model: "{model}") {{ {TEXT} }} }}'
    for (text,) in (await ask(api, {"query": texts}))[1]["data"].values():
        assert (text["hash"], text["sound"], text["differences"]) == (content_hash(text["content"]), True, [])
    for asked, code in (
        ('{ ruleTexts(rule: "C-99") { hash } }', "NOT_FOUND"),
        ('{ ruleVersions(rule: "C-99") { key } }', "NOT_FOUND"),
        ('{ ruleDifferences(rule: "C-99", before: "2026-01-01.65", after: "2026-01-01.65") { path } }', "NOT_FOUND"),
        ('{ ruleDifferences(rule: "C-18", before: "yesterday", after: "2026-01-01.65") { path } }', "BAD_INPUT"),
    ):
        assert (await ask(api, {"query": asked}))[1]["errors"][0]["extensions"]["code"] == code, asked


async def test_the_list_is_searched_and_paged(api: Api) -> None:
    """Pages hold every rule once; a cursor belongs to its search; a search narrows."""
    asked, ids, after = (
        "query ($a: String) { rules(first: 7, after: $a) { nodes { id } totalCount pageInfo { hasNextPage endCursor } } }",
        [],
        None,
    )
    while True:
        _, told = await ask(api, {"query": asked, "variables": {"a": after}})
        page = told["data"]["rules"]
        ids += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(ids) == len(set(ids)) == page["totalCount"] > 30
    narrowed = '{ rules(first: 5, search: {text: "ducha 点位", severity: "major"}) { nodes { id } } }'
    assert (await ask(api, {"query": narrowed}))[1]["data"]["rules"]["nodes"] == [{"id": "C-04"}]
    foreign = f'{{ rules(first: 5, after: "{after}", search: {{text: "x"}}) {{ totalCount }} }}'
    assert (await ask(api, {"query": foreign}))[1]["errors"][0]["extensions"]["code"] == "CURSOR_MISMATCH"


async def test_what_is_wrong_in_an_open_question_is_said(api: Api) -> None:
    """An unknown field, an unknown rule and a page too large get the same words as with a key."""
    for query, code in (
        ('{ rule(id: "C-04") { nothing } }', "BAD_INPUT"),
        ('{ rule(id: "C-99") { id } }', "NOT_FOUND"),
        ("{ rules(first: 201) { totalCount } }", "PAGE_SIZE"),
        (f'{{ rules(first: 1, search: {{text: "{"x" * 101}"}}) {{ totalCount }} }}', "BAD_INPUT"),
    ):
        _, told = await ask(api, {"query": query})
        assert told["errors"][0]["extensions"]["code"] == code, query


@pytest.mark.parametrize("name", CLOSED)
async def test_every_other_field_asks_for_a_key(api: Api, name: str) -> None:
    """Alone, beside an open one, under an open one's name, in fragments: refused before anything runs."""
    kind = "mutation" if SCHEMA.mutation_type and name in SCHEMA.mutation_type.fields else "query"
    top = "Mutation" if kind == "mutation" else "Query"
    for query in (
        f"{kind} {{ {name} }}",
        f"{kind} {{ rules: {name} }}",
        f'query {{ rule(id: "C-04") {{ id }} }} {kind} Other {{ {name} }}',
        f"{kind} {{ ...f }} fragment f on {top} {{ ... on {top} {{ {name} }} }}",
        f"{kind} {{ rules(first: 1) {{ totalCount }} {name} @skip(if: true) }}",
    ):
        status, told = await ask(api, {"query": query, "operationName": None})
        assert (status, told["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED"), query
        assert "data" not in told


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b'{"query": 1}', b'{"query": "{ rules"}', b'{"query": "subscription { rules }"}',
     b'{"query": "fragment f on Query { rule }"}', b'{"query": "{ ...f } fragment f on Query { ...f }"}',
     b'{"query": "' + b" " * OPEN_BODY + b'{ rule(id: \\"C-04\\") { id } }"}'],
    ids=range(8),
)  # fmt: skip
async def test_nonsense_asks_for_a_key(api: Api, owner: AsyncConnection, body: bytes) -> None:
    """What is not clearly an open question is refused like anything without a key, and the audit keeps it."""
    counted = sql("select count(*) from audit where action = 'key.missing'")
    before = (await owner.execute(counted)).scalar_one()
    status, told = await ask(api, body)
    assert (status, told["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
    assert (await owner.execute(counted)).scalar_one() == before + 1


async def test_a_key_that_is_no_good_opens_not_even_rules(api: Api) -> None:
    """Whoever sends a key is told when it does not hold, rather than served as a stranger."""
    assert (await api.post("hj_live_nothing", {"query": RULE})).status_code == 401


@given(st.lists(st.sampled_from([*sorted(OPEN_FIELDS), *CLOSED]), min_size=1, max_size=6))
def test_a_document_is_open_exactly_when_all_of_it_is(names: list[str]) -> None:
    """One closed field, however deep in fragments, closes the document."""
    nested = " ".join(f"... on Query {{ {name} }}" if place % 2 else name for place, name in enumerate(names))
    assert is_open(f"{{ {nested} }}", tokens=500) == (set(names) <= OPEN_FIELDS)
    assert not is_open(f"mutation {{ {nested} }}", tokens=500)
