"""Every question and every push of the API, asked by somebody else: as if the organization did not exist."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from graphql import GraphQLField, GraphQLObjectType, get_named_type, is_required_argument
from hengjian.graphql.schema import schemas
from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Caller, Database, sql
from hengjian.scoring.api import load_lawbook
from hengjian.scoring.evaluate import evaluate_organization
from hengjian.tenants.api import REGISTERS
from tests.support.api import Api, Sender, a_bureau_sender, a_sender
from tests.support.people import credit_code
from tests.support.rows import a_row

SCHEMA = schemas().published
QUERY, MUTATION = SCHEMA.query_type, SCHEMA.mutation_type
assert QUERY is not None
assert MUTATION is not None
# Questions whose answer is the same for everybody, or about the asker alone (drafts: test_rule_changes.py; grades: test_grades.py).
NOT_OF_ANYBODY = {"viewer", "rules", "rule", "ruleChanges", "ruleVersions", "ruleDifferences"} | {
    *("ruleTexts", "creditModelTexts", "publishedGrades", "publicity"),
}
# Questions about what bureaus enter and machines do not push; strangers ask them in the tests named beside.
ASKED_ELSEWHERE = {
    "creditEvents",  # test_credit_events.py
    "creditRepairs",  # test_credit_repair.py
    "label",  # test_labels.py
    "monitoringTask",  # test_labels.py
    "recording",  # test_recordings.py
    "recordings",  # test_recordings.py
    "repairableMatters",  # test_credit_repair.py
    "ruleChangeImpact",  # test_rule_changes.py
}


@dataclass(frozen=True)
class Seen:
    """An organization with something in every register, a finding, and marks by which its data are known."""

    sender: Sender
    mark: str
    receipt: str
    finding: str


async def someone(api: Api, database: Database, owner: AsyncConnection) -> Seen:
    sender, mark = await a_sender(database), f"秘{uuid4().hex}"
    for register in REGISTERS:
        fields: dict[str, Any] = {"name": mark} if register.kind in {"people", "points", "organizations"} else {}
        if register.kind == "organizations":
            fields["creditCode"] = sender.organization.credit_code
        answer = await api.push(
            sender.key, register.kind, [a_row(register, mark, **fields)], idempotencyKey=mark, sequence=3
        )
        assert answer["receipt"]["accepted"] == 1, answer
    job = Caller(kind="job", tenant_id=sender.organization.id, actor="test")
    async with database.write(job) as session:
        await evaluate_organization(session, sender.organization.id, lawbook=load_lawbook())
    no = sql("select no from finding where tenant_id = :id limit 1")
    finding = (await owner.execute(no, {"id": sender.organization.id})).scalar_one()
    return Seen(sender, mark, answer["receipt"]["id"], finding)


def selection(kind: GraphQLObjectType, depth: int = 4) -> str:
    """Every field that takes no argument, as deep as it goes."""
    parts = []
    for name, field in kind.fields.items():
        inner = get_named_type(field.type)
        if not isinstance(inner, GraphQLObjectType):
            parts.append(name)
        elif depth:
            parts.append(f"{name} {selection(inner, depth - 1)}")
    return "{ " + " ".join(parts) + " }"


def question(name: str, field: GraphQLField, known: dict[str, Any]) -> str:
    """The field with all of its arguments that are known."""
    given = {argument: known[argument] for argument in field.args if argument in known}
    told = ", ".join(f"{argument}: {json.dumps(value)}" for argument, value in given.items())
    inner = get_named_type(field.type)
    inside = selection(inner) if isinstance(inner, GraphQLObjectType) else ""
    return f"{{ {name}{f'({told})' if told else ''} {inside} }}"


def known_of(code: str, receipt: str, finding: str, **more: Any) -> dict[str, Any]:
    shared = {"first": 5, "kind": "people", "since": "2025-01-01", "until": "2027-01-01"}
    shared |= {"from": "2026-01-01", "to": legal_day(datetime.now(UTC)).isoformat()}
    return shared | {"creditCode": code, "organization": code, "id": receipt, "no": finding} | more


def without_request(body: dict[str, Any]) -> str:
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    return re.sub(r'"requestId": "[^"]*"', "", text)


async def strangers(database: Database) -> list[Sender]:
    return [await a_sender(database), await a_bureau_sender(database, "6502")]


async def test_every_question_answers_a_stranger_as_if_there_were_nobody(
    api: Api, database: Database, owner: AsyncConnection
) -> None:
    """Content, errors and counts are those for invented codes; the organization itself does get its data."""
    seen = await someone(api, database, owner)
    code, others = seen.sender.organization.credit_code, await strangers(database)
    theirs = known_of(code, seen.receipt, seen.finding, stream="default", search=seen.mark)
    invented = known_of(credit_code(), str(uuid4()), "WG-650102-2026-99999", stream="default", search=uuid4().hex)
    assert QUERY is not None
    for name, field in QUERY.fields.items():
        if name in NOT_OF_ANYBODY | ASKED_ELSEWHERE:
            continue
        asked, nobody = question(name, field, theirs), question(name, field, invented)
        own = without_request(await api.ask(seen.sender.key, asked))
        assert "errors" not in own, own
        for stranger in others:
            told = without_request(await api.ask(stranger.key, asked))
            assert told == without_request(await api.ask(stranger.key, nobody)), name
            assert seen.mark not in told
            assert code not in told
            assert told != own, f"{name} tells the organization itself nothing, so this proves nothing"


async def test_no_list_of_a_strangers_own_holds_anything_of_others(
    api: Api, database: Database, owner: AsyncConnection
) -> None:
    """Lists asked without naming anybody count and show the asker's own: here, nothing."""
    seen, others = await someone(api, database, owner), await strangers(database)
    assert QUERY is not None
    for name, field in QUERY.fields.items():
        named = any(is_required_argument(argument) for argument in field.args.values())
        if "first" not in field.args or named or name in NOT_OF_ANYBODY:
            continue
        for stranger in others:
            body = await api.ask(stranger.key, question(name, field, {"first": 100}))
            told = json.dumps(body, ensure_ascii=False)
            assert seen.mark not in told, name
            assert seen.sender.organization.credit_code not in told, name
            if not stranger.organization.is_bureau:
                assert body["data"][name]["nodes"] == [], name
                assert body["data"][name].get("totalCount", 0) == 0, name


@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.kind)
async def test_no_push_reaches_the_rows_of_another(
    api: Api, database: Database, owner: AsyncConnection, register: Any
) -> None:
    """Same references, same idempotency key, the other's receipt to correct: all of it stays one's own."""
    mine, other = await a_sender(database), await a_sender(database)
    own_code: dict[str, Any] = {"creditCode": mine.organization.credit_code} if register.kind == "organizations" else {}
    first = await api.push(mine.key, register.kind, [a_row(register, **own_code)], idempotencyKey="same")
    before = await everything(owner, register.table, mine)
    withdrawn = a_row(register, withdrawn=True, **own_code)
    told = await api.push(other.key, register.kind, [withdrawn], idempotencyKey="same")
    if register.kind == "organizations":
        assert told["rows"][0]["problems"][0]["code"] == "ORGANIZATION_NOT_YOURS"
        unknown = await api.push(other.key, register.kind, [a_row(register, creditCode=credit_code())])
        assert unknown["rows"][0]["problems"][0]["code"] == "ORGANIZATION_NOT_YOURS"
    assert not told["receipt"]["replayed"]
    assert told["receipt"]["id"] != first["receipt"]["id"]
    for receipt in (first["receipt"]["id"], str(uuid4())):
        answer = await api.push(other.key, register.kind, [a_row(register, "r2")], corrects=receipt)
        assert [error["code"] for error in answer["userErrors"]] == ["CORRECTS_UNKNOWN"]
    assert await everything(owner, register.table, mine) == before


async def everything(owner: AsyncConnection, table: str, sender: Sender) -> list[Any]:
    rows = [
        (await owner.execute(sql(f"select * from {name} where tenant_id = :id"), {"id": sender.organization.id})).all()
        for name in (table, f"{table}_assertion", "push_batch")
    ]
    assert rows[0]
    return rows


async def test_a_reference_to_anothers_row_is_unknown(api: Api, database: Database) -> None:
    """The warning is the same as for a reference that nobody has."""
    mine, other = await a_sender(database), await a_sender(database)
    people, certificates = (next(r for r in REGISTERS if r.kind == kind) for kind in ("people", "certificates"))
    await api.push(mine.key, "people", [a_row(people, "p1")])
    told = await api.push(other.key, "certificates", [a_row(certificates, personRef="p1")])
    nobody = await api.push(other.key, "certificates", [a_row(certificates, personRef="p1")])
    assert told["rows"] == nobody["rows"]
    assert told["rows"][0]["problems"][0]["code"] == "REFERENCE_UNKNOWN"


async def test_a_bureau_pushes_nothing_but_organizations(api: Api, database: Database, owner: AsyncConnection) -> None:
    """Registers are the organization's own word."""
    bureau = await a_bureau_sender(database)
    for register in REGISTERS:
        if register.kind != "organizations":
            answer = await api.push(bureau.key, register.kind, [a_row(register)])
            assert [error["code"] for error in answer["userErrors"]] == ["ORGANIZATION_UNKNOWN"]
    kept = sql("select count(*) from push_batch where tenant_id = :id")
    assert (await owner.execute(kept, {"id": bureau.organization.id})).scalar_one() == 0
