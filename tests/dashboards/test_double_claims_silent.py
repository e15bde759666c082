"""Who else claims a car or a person changes no byte of what an organization or another city's bureau gets to see.

The same organization is looked at when one other claims its car, and when three others claim its car and person, under
other names, for other days, with other rows: pages, CSV, every question of the API, the answer to a push, the report.
"""

import json
import re
from dataclasses import dataclass
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.filing.api import ReportDesk
from hengjian.platform.db import Database, sql
from hengjian.scoring.claims import match_claims
from hengjian.scoring.jobs import evaluate
from hengjian.tenants.api import BY_KIND, KnownOrganization
from tests.dashboards.test_score_page import base, opened
from tests.dashboards.visiting import LAWBOOK, Browser
from tests.filing.test_make_report import desk as desk
from tests.filing.test_make_report import made_for, subject, words
from tests.graphql.test_isolation import ASKED_ELSEWHERE, NOT_OF_ANYBODY, QUERY, known_of, question
from tests.support.api import Api, Sender, a_sender
from tests.support.people import a_bureau
from tests.support.rows import a_row

KEY = b"k" * 32
# Tokens, who is signed in (another account each time), times, ids of requests.
PASSING = (
    (r'name="csrf" value="[0-9a-f]+"', "csrf"),
    (r'(?s)<details class="menu">.*?</details>', "account"),
    (r'"(requestId|endCursor)": "[^"]*"', "passing"),
    (r"\d\d:\d\d(:\d\d)?(\.\d+)?", "time"),
    (r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", "id"),
)
PAGES = ("", "/registers/vehicles", "/registers/people", "/score", "/credit", "/findings", "/recordings.csv")
OF_BUREAU = (
    "/orgs.csv?q={code}",
    "/findings.csv?q={code}",
    "/orgs?q={code}",
    "/orgs/{code}/registers/vehicles",
    "/inbox",
)


@dataclass
class Claimed:
    """An organization whose car and person others claim too, and everybody who looks at it."""

    api: Api
    browser: Browser
    database: Database
    sender: Sender
    city: KnownOrganization
    plate: str
    number: str

    async def others(self, region: str, *, mark: str, since: str, people: bool) -> Sender:
        """Another organization that claims the same."""
        other = await a_sender(self.database, region)
        rows = [a_row(BY_KIND["vehicles"], f"{mark}{n}", plate=self.plate, validFrom=since) for n in range(1 + people)]
        await push(self.api, other, "vehicles", rows)
        if people:
            person = a_row(BY_KIND["people"], mark, name=mark, identityNumber=self.number, validFrom=since)
            await push(self.api, other, "people", [person])
        return other

    async def seen(self) -> dict[str, str]:
        """Everything that the organization and the bureau of its city get, without what passes."""
        code, found = self.sender.organization.credit_code, {}
        await opened(self.browser, self.database, self.sender.organization, "/my")
        for path in ("/my", "/inbox", "/reports", *(f"{base(self.sender)}{one}" for one in PAGES)):
            found[path] = (await self.browser.get(path)).text
        await opened(self.browser, self.database, self.city, "/orgs")
        for path in OF_BUREAU:
            found[f"bureau {path}"] = (await self.browser.get(path.format(code=code))).text
        assert QUERY is not None
        known = known_of(code, str(uuid4()), "WG-650102-2026-99999", stream="default", search=code)
        for name, field in QUERY.fields.items():
            if name not in NOT_OF_ANYBODY | ASKED_ELSEWHERE:
                asked = question(name, field, known)
                found[f"api {name}"] = json.dumps(await self.api.ask(self.sender.key, asked), ensure_ascii=False)
        return {name: without_passing(text) for name, text in found.items()}


def without_passing(text: str) -> str:
    """Without tokens, times and ids of the request."""
    for pattern, word in PASSING:
        text = re.sub(pattern, word, text)
    return text


async def push(api: Api, sender: Sender, kind: str, rows: list[dict[str, object]]) -> None:
    answer = await api.push(sender.key, kind, rows)
    assert answer["receipt"]["accepted"] == len(rows), answer


@pytest.fixture
async def claimed(api: Api, browser: Browser, database: Database) -> Claimed:
    sender, plate, number = await a_sender(database), f"新A{uuid4().int % 100_000:05d}", "11010519491231002X"
    await push(api, sender, "vehicles", [a_row(BY_KIND["vehicles"], "car", plate=plate, validFrom="2026-01-05")])
    person = a_row(BY_KIND["people"], "person", identityNumber=number, validFrom="2026-01-05")
    await push(api, sender, "people", [person])
    await evaluate(database, {"tenant_id": str(sender.organization.id)}, lawbook=LAWBOOK)
    return Claimed(api, browser, database, sender, await a_bureau(database, "6501"), plate, number)


async def test_nothing_depends_on_who_else_claims(claimed: Claimed, owner: AsyncConnection) -> None:
    """By content, error, count and order alike: the views are the same to the byte, and hold no other's mark."""
    await claimed.others("650202", mark="乙方", since="2026-03-01", people=True)
    await match_claims(claimed.database, key=KEY)
    once = await claimed.seen()
    assert "他处也有登记" in once[f"{base(claimed.sender)}/registers/vehicles"]
    mark = f"秘{uuid4().hex[:8]}"
    others = [await claimed.others(one, mark=mark, since="2026-07-01", people=True) for one in ("652301", "650402")]
    rename = sql("update organization set name = :name where id = any(:ids)")
    await owner.execute(rename, {"name": mark, "ids": [one.organization.id for one in others]})
    await match_claims(claimed.database, key=KEY)
    again = await claimed.seen()
    for name in again:
        assert again[name] == once[name], name
    for name, text in again.items():
        assert mark not in text, name
        assert "乙方" not in text, name
        assert all(one.organization.credit_code not in text for one in others), name


async def test_a_push_answers_alike_whether_others_claim_it_or_not(claimed: Claimed) -> None:
    """A new organization that pushes a claimed plate and one that nobody has gets the same receipt."""
    answers = []
    for plate in (claimed.plate, f"新B{uuid4().int % 100_000:05d}"):
        fresh = await a_sender(claimed.database)
        row = a_row(BY_KIND["vehicles"], "car", plate=plate, validFrom="2026-01-05")
        answer = await claimed.api.push(fresh.key, "vehicles", [row], idempotencyKey="the-same")
        answers.append(re.sub(r"\d{4}-\d\d-\d\dT[^\"]*", "", without_passing(json.dumps(answer, ensure_ascii=False))))
    assert answers[0] == answers[1]


async def test_a_report_names_nobody_else(claimed: Claimed, desk: ReportDesk, owner: AsyncConnection) -> None:
    """The compliance report as PDF: no name, code or row of who claims the same."""
    mark = f"秘{uuid4().hex[:8]}"
    other = await claimed.others("650202", mark=mark, since="2026-03-01", people=True)
    rename = sql("update organization set name = :name where id = :id")
    await owner.execute(rename, {"name": mark, "id": other.organization.id})
    await match_claims(claimed.database, key=KEY)
    row = await made_for(desk, subject(claimed.sender.organization))
    text = words(await desk.objects.take(row.object_path, sha256=row.sha256)).replace("\n", "")
    assert claimed.sender.organization.credit_code in text
    for secret in (mark, other.organization.credit_code):
        assert secret not in text
