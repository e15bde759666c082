"""The fast way of a push and GraphQL's own answer the same, whatever is sent."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from hengjian.platform.db import Database
from hengjian.tenants.api import REGISTERS, FieldSpec, Register, field_specs
from tests.support.api import Api, a_sender, push_document, typed_document
from tests.support.rows import a_row

TEXTS = [
    "甲",
    "",
    " ",
    "x" * 201,
    "\x00",
    "\x01",
    "\x1f",
    "\x7f",
    "a\tb\n",
    "=1+1",
    "<script>",
    "\u2028",
    "NaN",
    "TECHNICIAN",
]
DATES = [
    "2026-02-28",
    "2026-02-30",
    "2026-W47-5",
    "20261120",
    "2026-11-20T00:00:00Z",
    "1899-12-31",
    "2201-01-01",
    "0000-01-01",
]
DAYS = ["2026-02-28", "2026-01-05", "1899-12-31", "2201-01-01", "0001-01-01"]
NUMBERS = [0, -1, 1.0, 1.5, 1e3, 2**31 - 1, 2**31, 2**63, True, "3", "1e5", "0.1234567890", "00012.50", "-4"]
STRANGE = some.sampled_from(
    [*TEXTS, *DATES, *NUMBERS, None, [], ["甲"], ["甲", None], [""], ["甲"] * 101, {}, {"a": 1}]
)
MENDS = [
    {"sequence": 1.0}, {"sequence": 0}, {"sequence": 2_000_000_001}, {"sequence": 7}, {"stream": ""}, {"stream": None},
    {"stream": "\x00"}, {"stream": "x" * 256}, {"mode": "ALL_OR_NOTHING"}, {"mode": "ALL"}, {"mode": None},
    {"report": "ALL"}, {"corrects": "{0198f0d0-0000-7000-8000-000000000000}"}, {"corrects": "0198F0D0000070008000000000000000"},
    {"corrects": "no"}, {"idempotencyKey": ""}, {"idempotencyKey": 1}, {"unknown": 1}, {"dryRun": "true"}, {"rows": []},
    {"rows": None}, {"rows": {"sourceRef": "r1"}},
]  # fmt: skip
KEPT = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def a_value(spec: FieldSpec) -> some.SearchStrategy[Any]:
    """Mostly a value that GraphQL takes for the field, so that the checks behind it have their turn."""
    texts = some.sampled_from([member.value for member in spec.choices] if spec.choices else TEXTS)
    days, numbers = some.sampled_from(DAYS), some.sampled_from([0, 7, 10_001, 2_000_000_001, -1])
    lists = some.lists(texts, max_size=2)
    shapes = {"text": texts, "texts": lists, "date": days, "integer": numbers, "boolean": some.booleans()}
    own: some.SearchStrategy[Any] = shapes.get(
        spec.shape, some.sampled_from(["1.5", "0", "-4", "00012.50", "1000000000"])
    )
    return some.integers(0, 9).flatmap(lambda die: own if die else STRANGE)


@some.composite
def batches(draw: some.DrawFn) -> tuple[Register, dict[str, Any]]:
    """A batch with some of its fields replaced, dropped or added."""
    register = draw(some.sampled_from(REGISTERS))
    specs = some.sampled_from(field_specs(register.row))
    rows = []
    for number in range(draw(some.integers(1, 3))):
        row = a_row(register, f"r{number}")
        for spec in draw(some.lists(specs, min_size=1, max_size=3)):
            row[spec.camel] = draw(a_value(spec))
        if draw(some.integers(0, 9)) == 0:
            row.pop(draw(specs).camel, None)
        rows.append(row)
    mend: dict[str, Any] = draw(some.sampled_from(MENDS)) if draw(some.integers(0, 4)) == 0 else {}
    return register, {"idempotencyKey": "k", "dryRun": True, "rows": rows, **mend}


def essence(body: dict[str, Any]) -> Any:
    """An answer without ids, times and places in the document."""
    if body.get("data"):
        for payload in body["data"].values():
            if payload["receipt"]:
                payload["receipt"].update(id=None, receivedAt=None)
    errors = [(error["message"], error["extensions"]["code"], error.get("path")) for error in body.get("errors", [])]
    return body.get("data"), errors


@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.kind)
async def test_a_sound_row_of_each_kind_enters_both_ways(api: Api, database: Database, register: Register) -> None:
    """One mutation a kind, with every field filled."""
    sender = await a_sender(database)
    fields: dict[str, Any] = {}
    if register.kind == "organizations":
        fields["creditCode"] = sender.organization.credit_code
    for way in ("fast", "typed"):
        answer = await api.push(sender.key, register.kind, [a_row(register, **fields)], way=way)
        assert answer["receipt"]["accepted"] == 1, answer


@given(batch=batches())
@KEPT
async def test_both_ways_answer_alike(api: Api, database: Database, batch: tuple[Register, dict[str, Any]]) -> None:
    """Sound or not, each value of each field gets the same receipt, or the same errors with the same paths."""
    sender = await a_sender(database)
    register, push = batch
    fast = await api.ask(sender.key, push_document(register.kind), {"input": push})
    typed = await api.ask(sender.key, typed_document(register.kind), {"input": push})
    assert essence(fast) == essence(typed)


async def test_a_repeat_the_other_way_is_the_same_batch(api: Api, database: Database) -> None:
    """The fingerprint is of the content, not of the way it was read."""
    sender = await a_sender(database)
    people = next(register for register in REGISTERS if register.kind == "people")
    fast = await api.push(sender.key, "people", [a_row(people)], idempotencyKey="once")
    typed = await api.push(sender.key, "people", [a_row(people)], idempotencyKey="once", way="typed")
    assert typed["receipt"]["replayed"]
    assert typed["receipt"]["id"] == fast["receipt"]["id"]
