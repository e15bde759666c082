"""Published grades for anybody: what is final or in its publicity today, by region, year and name; nothing else."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Database
from hengjian.scoring.result_tables import published_grade
from tests.support.api import Api, a_sender
from tests.support.people import credit_code

FIELDS = "nodes { creditCode name region year total grade documentNo until replaces } totalCount"
NOW = datetime.now(UTC)
TODAY = legal_day(NOW)


async def publish(owner: AsyncConnection, name: str, **change: Any) -> str:
    code = credit_code()
    row = {
        "tenant_id": uuid4(), "region": "640102", "year": 2025, "id": uuid4(), "kind": "final", "by_region": "6401",
        "credit_code": code, "name": name, "total": 94, "grade": "A", "unrated": None, "model": "m",
        "model_version": "v", "document_no": f"PJ-{code}", "published_on": TODAY, "until": TODAY + timedelta(days=1),
        "replaces": None, "at": NOW,
    }  # fmt: skip
    await owner.execute(insert(published_grade).values({**row, **change}))
    return code


async def ask(api: Api, field: str, **given: Any) -> dict[str, Any]:
    told = ", ".join(
        f'{name}: "{value}"' if isinstance(value, str) else f"{name}: {value}" for name, value in given.items()
    )
    body = {"query": f"{{ {field}(first: 50, {told}) {{ {FIELDS} }} }}"}
    answer = await api.client.post("/graphql", headers={"content-type": "application/json"}, json=body)
    found: dict[str, Any] = answer.json()
    return found


async def test_anybody_asks_by_region_year_and_name(api: Api, owner: AsyncConnection) -> None:
    """A region takes those below it; a corrected grade stands in place of the one it replaces."""
    mark, tenant_id = f"公示{uuid4().hex[:8]}", uuid4()
    first = await publish(owner, mark, tenant_id=tenant_id)
    await publish(owner, mark, tenant_id=tenant_id, credit_code=first, grade="B", replaces=f"PJ-{first}",
                  at=NOW + timedelta(seconds=1))  # fmt: skip
    other = await publish(owner, mark, region="630102", year=2024)
    page = (await ask(api, "publishedGrades", search=mark))["data"]["publishedGrades"]
    assert [(one["creditCode"], one["grade"]) for one in page["nodes"]] == [(first, "B"), (other, "A")]
    assert page["nodes"][0]["replaces"] == f"PJ-{first}"
    for given, codes in (({"region": "64"}, [first]), ({"region": "6401"}, [first]), ({"region": "6402"}, []),
                         ({"year": 2024}, [other])):  # fmt: skip
        page = (await ask(api, "publishedGrades", search=mark, **given))["data"]["publishedGrades"]
        assert ([one["creditCode"] for one in page["nodes"]], page["totalCount"]) == (codes, len(codes)), given


async def test_publicity_ends_with_its_last_day(api: Api, owner: AsyncConnection) -> None:
    """What is in publicity today is told, what was yesterday is not; neither is final."""
    mark = f"公示{uuid4().hex[:8]}"
    now = await publish(owner, mark, region="620102", kind="publicity", until=TODAY)
    await publish(owner, mark, region="620102", kind="publicity", until=TODAY - timedelta(days=1))
    page = (await ask(api, "publicity", region="620102"))["data"]["publicity"]
    assert [one["creditCode"] for one in page["nodes"] if one["name"] == mark] == [now]
    assert (await ask(api, "publishedGrades", search=mark))["data"]["publishedGrades"]["nodes"] == []


@pytest.mark.parametrize("given", [{"region": "65%"}, {"region": "x"}, {"region": "1" * 13}, {"search": "x" * 61}])
async def test_what_cannot_be_asked_is_refused(api: Api, given: dict[str, Any]) -> None:
    """No pattern of the database, no endless text."""
    told = await ask(api, "publishedGrades", **given)
    assert told["errors"][0]["extensions"]["code"] == "BAD_INPUT"


async def test_a_key_sees_no_more_than_anybody(api: Api, owner: AsyncConnection, database: Database) -> None:
    """The answer with a key is that without."""
    mark = f"公示{uuid4().hex[:8]}"
    sender = await a_sender(database)
    await publish(owner, mark, tenant_id=sender.organization.id, kind="publicity", until=TODAY - timedelta(days=1))
    query = f'{{ publicity(first: 5, region: "640102") {{ {FIELDS} }} }}'
    assert mark not in str(await api.ask(sender.key, query))
