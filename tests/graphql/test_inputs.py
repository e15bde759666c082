"""Values of the wrong sort are refused with graphql-core's own words and the exact path, never guessed at."""

from typing import Any

import pytest

from graphql import GraphQLError
from hengjian.graphql.scalars import parse_date_time
from hengjian.platform.db import Database
from hengjian.tenants.api import BY_KIND
from tests.support.api import Api, Sender, a_sender
from tests.support.rows import a_row


@pytest.fixture
async def sender(database: Database) -> Sender:
    return await a_sender(database)


async def refusal(api: Api, sender: Sender, kind: str, row: dict[str, Any]) -> dict[str, Any]:
    name = kind[0].upper() + kind[1:]
    query = f"mutation ($input: Push{name}Input!) {{ push{name}(input: $input) {{ receipt {{ id }} }} }}"
    sound = a_row(BY_KIND[kind], "r0")
    body = await api.ask(sender.key, query, {"input": {"idempotencyKey": "k", "rows": [sound, row]}})
    assert "data" not in body
    error: dict[str, Any] = body["errors"][0]
    assert (error["extensions"]["code"], len(body["errors"])) == ("BAD_INPUT", 1)
    return error


async def message(api: Api, sender: Sender, kind: str, row: dict[str, Any]) -> str:
    return str((await refusal(api, sender, kind, row))["message"])


WRONG = [
    ("people", "hiredOn", "2026-W47-5", "Date takes YYYY-MM-DD"),
    ("people", "hiredOn", "20261120", "Date takes YYYY-MM-DD"),
    ("people", "hiredOn", "2026-11-20T00:00:00", "Date takes YYYY-MM-DD"),
    ("people", "hiredOn", "2026-02-30", "there is no such day: 2026-02-30"),
    ("people", "hiredOn", 20261120, "Date takes YYYY-MM-DD"),
    ("people", "name", 1, "String cannot represent a non string value: 1"),
    ("people", "withdrawn", "true", "Boolean cannot represent a non boolean value: 'true'"),
    ("people", "name", None, "Expected value of non-null type 'String!' not to be None"),
    ("offices", "areaM2", 1.5, 'Decimal takes text such as "49.99"'),
    ("offices", "areaM2", 1, 'Decimal takes text such as "49.99"'),
    ("offices", "areaM2", "NaN", 'Decimal takes text such as "49.99"'),
    ("offices", "areaM2", "Infinity", 'Decimal takes text such as "49.99"'),
    ("offices", "areaM2", "1e5", 'Decimal takes text such as "49.99"'),
    ("offices", "areaM2", "１２", 'Decimal takes text such as "49.99"'),
    ("stock", "quantity", "5", "Int cannot represent non-integer value: '5'"),
    ("stock", "quantity", 1.5, "Int cannot represent non-integer value: 1.5"),
    ("stock", "quantity", 2**31, "Int cannot represent non 32-bit signed integer value"),
]


@pytest.mark.parametrize(("kind", "field", "given", "words"), WRONG)
async def test_a_wrong_value_is_named_with_its_path(
    api: Api, sender: Sender, kind: str, field: str, given: Any, words: str
) -> None:
    """The second row's field, as a client's error handler expects it."""
    error = await refusal(api, sender, kind, a_row(BY_KIND[kind]) | {field: given})
    told, more = error["message"], error["extensions"]
    assert f"Variable '$input' has invalid value at .rows[1].{field}: " in told, told
    assert words in told, told
    assert more["path"] == ["input", "rows", "1", field]
    assert more["messageZh"].startswith(f"请求与接口定义不符。input.rows.1.{field}：")
    assert "与接口定义不符：" not in more["messageZh"], "said in Chinese, not only quoted"
    assert "没有接收任何一行" in more["hintZh"]
    assert "no row was taken" in more["hintEn"]


async def test_a_typo_in_an_enum_is_answered_with_what_was_meant(api: Api, sender: Sender) -> None:
    """Exactly graphql-core's message."""
    told = await message(api, sender, "people", a_row(BY_KIND["people"]) | {"role": "TECHNICAN"})
    assert told == (
        "Variable '$input' has invalid value at .rows[1].role: "
        "Value 'TECHNICAN' does not exist in 'PersonRole' enum. Did you mean the enum value 'TECHNICIAN'?"
    )


async def test_an_unknown_field_is_refused_with_what_was_meant(api: Api, sender: Sender) -> None:
    """A misspelt field is never silently dropped."""
    told = await message(api, sender, "people", a_row(BY_KIND["people"]) | {"hiredOnn": "2026-01-01"})
    assert "hiredOnn" in told
    assert "Did you mean 'hiredOn'?" in told


async def test_a_missing_field_is_named(api: Api, sender: Sender) -> None:
    """In both languages and without a copy of the row, which holds personal data."""
    row = a_row(BY_KIND["people"])
    del row["name"]
    error = await refusal(api, sender, "people", row)
    assert error["message"] == (
        "Variable '$input' has invalid value at .rows[1]: "
        "Expected value of type 'PersonInput' to include required field 'name'."
    )
    assert error["extensions"]["messageZh"] == "请求与接口定义不符。input.rows.1：缺少必填字段 name。"


async def test_an_identity_number_in_the_wrong_place_is_masked(api: Api, sender: Sender) -> None:
    """What a sender put into the wrong field is told back without the day of birth, in both languages."""
    error = await refusal(api, sender, "people", a_row(BY_KIND["people"]) | {"hiredOn": "11010519491231002X"})
    assert "110105********002X" in error["message"]
    assert "110105********002X" in error["extensions"]["messageZh"]
    assert "11010519491231002X" not in str(error)


async def test_an_unknown_mutation_is_answered_with_what_was_meant(api: Api, sender: Sender) -> None:
    """The Chinese words name the field and the neighbours too."""
    body = await api.ask(sender.key, "mutation { pushPeoples(input: {}) { receipt { id } } }", {})
    told = body["errors"][0]["extensions"]["messageZh"]
    assert "Mutation 没有字段 pushPeoples；是不是 'pushPeople'、" in told


@pytest.mark.parametrize("kind", ["vehicles", "offices"])
async def test_a_null_batch_is_refused(api: Api, sender: Sender, kind: str) -> None:
    """Neither null nor a list stands for a batch."""
    name = kind[0].upper() + kind[1:]
    query = f"mutation ($input: Push{name}Input!) {{ push{name}(input: $input) {{ receipt {{ id }} }} }}"
    refused: tuple[object, ...] = (None, [], "x", 1)
    for given in refused:
        assert await api.codes(sender.key, query, {"input": given}) == ["BAD_INPUT"]
    assert await api.codes(sender.key, query, {}) == ["BAD_INPUT"]


def test_naive_and_strange_moments_are_refused() -> None:
    """A time without an offset could be any of two dozen."""
    strange: list[object] = [
        "2026-11-20T09:30:00",
        "2026-11-20",
        "2026-11-20 09:30:00Z",
        "2026-11-20T24:00:00Z",
        "now",
        0,
        None,
    ]
    for given in strange:
        with pytest.raises(GraphQLError, match=r"DateTime takes|no such time"):
            parse_date_time(given)
    assert parse_date_time("2026-11-20T09:30:00.5+08:00").isoformat() == "2026-11-20T09:30:00.500000+08:00"
