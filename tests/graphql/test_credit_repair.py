"""Credit repair by key: an organization applies, two keys of its bureau decide, and nobody else learns of it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Database
from hengjian.scoring.domain.functions import add_months
from tests.graphql.test_credit_events import ENTER, STEP, fine
from tests.support.api import Api, Sender, a_bureau_sender, a_sender, with_key

ERRORS = "userErrors { code reason messageZh messageEn }"
REPAIR = "id creditCode kind ref number turn state text by files { name } steps { act by onDay documentNo reason }"
APPLY = (
    f"mutation ($input: ApplyForRepairInput!) {{ applyForRepair(input: $input) {{ repair {{ {REPAIR} }} {ERRORS} }} }}"
)
DECIDE = f"mutation ($input: DecideRepairInput!) {{ decideRepair(input: $input) {{ repair {{ {REPAIR} }} {ERRORS} }} }}"
MATTERS = "query ($code: String!) { repairableMatters(creditCode: $code) { kind ref number what possibleFrom } }"
LIST = f"""query ($first: Int!, $after: String, $code: String, $waits: Boolean) {{
    creditRepairs(first: $first, after: $after, creditCode: $code, waits: $waits) {{
        nodes {{ {REPAIR} }} pageInfo {{ hasNextPage endCursor }} }} }}"""
TODAY = legal_day(datetime.now(UTC))


@dataclass
class Desk:
    """A penalized contractor, and two keys of its bureau."""

    api: Api
    sender: Sender
    first: Sender
    second: Sender

    @property
    def code(self) -> str:
        return self.sender.organization.credit_code

    async def penalize(self, number: str, **changes: Any) -> str:
        entered = fine(self.code, documentNo=number, decidedOn=str(add_months(TODAY, -8)), **changes)
        answer = await self.api.ask(self.first.key, ENTER, {"input": entered})
        event = answer["data"]["enterPenalty"]["eventId"]
        step = {"creditCode": self.code, "by": "李娜", "eventId": event, "act": "CONFIRM"}
        assert (await self.api.ask(self.second.key, STEP, {"input": step}))["data"]["takeCreditStep"][
            "eventId"
        ] == event
        return str(event)

    async def applies(self, ref: str, *, key: str = "", kind: str = "PENALTY", **changes: Any) -> dict[str, Any]:
        given = {"kind": kind, "ref": ref, "text": "已缴清", "by": "周敏", **changes}
        body = await self.api.ask(key or self.sender.key, APPLY, {"input": given})
        told: dict[str, Any] = body["data"]["applyForRepair"]
        return told

    async def decides(self, who: Sender, repair: str, act: str, **more: Any) -> dict[str, Any]:
        given = {"creditCode": self.code, "by": "王芳", "repairId": repair, "act": act, **more}
        told: dict[str, Any] = (await self.api.ask(who.key, DECIDE, {"input": given}))["data"]["decideRepair"]
        return told

    async def listed(self, who: Sender, **asked: Any) -> dict[str, Any]:
        body = await self.api.ask(who.key, LIST, {"first": 50, **asked})
        told: dict[str, Any] = body["data"]["creditRepairs"]
        return told


@pytest.fixture
async def desk(api: Api, database: Database) -> Desk:
    sender, first = await a_sender(database), await a_bureau_sender(database)
    return Desk(api, sender, first, await with_key(database, first.organization))


def grant(**changes: Any) -> dict[str, Any]:
    return {"onDay": str(TODAY), "documentNo": "修复〔2026〕1号", "reason": "已核实", **changes}


async def test_an_organization_applies_and_two_keys_decide(desk: Desk) -> None:
    """From the matter to the repair; the organization sees the decision, no proposal."""
    event = await desk.penalize("罚1", dutyDoneOn=str(add_months(TODAY, -6)))
    body = await desk.api.ask(desk.sender.key, MATTERS, {"code": desk.code})
    (matter,) = body["data"]["repairableMatters"]
    assert (matter["kind"], matter["ref"], matter["number"]) == ("PENALTY", event, "罚1")
    assert matter["possibleFrom"] <= str(TODAY)
    applied = await desk.applies(event)
    assert applied["userErrors"] == []
    repair = applied["repair"]["id"]
    proposed = await desk.decides(desk.first, repair, "PROPOSE_GRANT", **grant())
    assert (proposed["repair"]["state"], proposed["userErrors"]) == ("PROPOSED", [])
    ((own,),) = ((await desk.listed(desk.sender))["nodes"],)
    assert (own["state"], own["steps"], own["by"]) == ("WAITING", [], "周敏")
    alone = await desk.decides(desk.first, repair, "GRANT")
    assert [(one["code"], one["reason"]) for one in alone["userErrors"]] == [("REPAIR_REFUSED", "same_person")]
    granted = await desk.decides(desk.second, repair, "GRANT")
    assert [one["act"] for one in granted["repair"]["steps"]] == ["PROPOSE_GRANT", "GRANT"]
    ((own,),) = ((await desk.listed(desk.sender, waits=False))["nodes"],)
    assert (own["state"], [one["act"] for one in own["steps"]]) == ("GRANTED", ["GRANT"])
    assert (await desk.listed(desk.sender, waits=True))["nodes"] == []


async def test_what_is_refused_says_why_in_both_languages(desk: Desk) -> None:
    """Duty open, too early, twice, nothing to repair, no reason, and the wrong side of the desk."""
    open_one, early = await desk.penalize("罚1"), await desk.penalize("罚2", dutyDoneOn=str(add_months(TODAY, -1)))
    ready = await desk.penalize("罚3", dutyDoneOn=str(add_months(TODAY, -6)))
    repair = (await desk.applies(ready))["repair"]["id"]
    told = [
        (await desk.applies(open_one), "duty_open"),
        (await desk.applies(early), "too_early"),
        (await desk.applies(ready), "waits_already"),
        (await desk.applies(str(uuid4())), "not_repairable"),
        (await desk.applies("WG-1", kind="FINDING"), "not_repairable"),
        (await desk.applies(early, text=" "), ""),
        (await desk.applies(ready, by=" "), ""),
        (await desk.applies(ready, key=desk.first.key), "role"),
        (await desk.decides(desk.sender, repair, "PROPOSE_GRANT", **grant()), "role"),
        (await desk.decides(desk.first, repair, "GRANT"), "no_proposal"),
        (await desk.decides(desk.first, repair, "PROPOSE_GRANT", **grant(documentNo="")), "document"),
        (await desk.decides(desk.first, repair, "PROPOSE_GRANT", **grant(onDay="2099-01-01")), "day"),
        (await desk.decides(desk.first, repair, "PROPOSE_REFUSE"), "reason"),
        (await desk.decides(desk.first, str(uuid4()), "PROPOSE_REFUSE", reason="无"), ""),
    ]
    for answer, reason in told:
        (error,) = answer["userErrors"]
        assert answer["repair"] is None
        assert error["reason"] == reason
        assert error["messageZh"] != error["messageEn"]
    assert told[-1][0]["userErrors"][0]["code"] == "REPAIR_UNKNOWN"


async def test_strangers_learn_nothing(desk: Desk, database: Database) -> None:
    """Another organization, another city's bureau: the same answers as for what was never there."""
    event = await desk.penalize("罚1", dutyDoneOn=str(add_months(TODAY, -6)))
    repair = (await desk.applies(event))["repair"]["id"]
    other, elsewhere = await a_sender(database), await a_bureau_sender(database, "6502")
    for stranger in (other, elsewhere):
        assert (await desk.listed(stranger))["nodes"] == []
        assert (await desk.listed(stranger, code=desk.code))["nodes"] == []
        found = await desk.api.ask(stranger.key, MATTERS, {"code": desk.code})
        assert found["data"]["repairableMatters"] == []
        for known, invented in ((repair, str(uuid4())),):
            answers = [await desk.decides(stranger, one, "PROPOSE_REFUSE", reason="无") for one in (known, invented)]
            assert answers[0] == answers[1]
            assert answers[0]["userErrors"][0]["code"] == "ORGANIZATION_UNKNOWN"
    taken = [await desk.applies(one, key=other.key) for one in (event, str(uuid4()))]
    assert taken[0] == taken[1]
    assert [one["id"] for one in (await desk.listed(desk.first, code=desk.code))["nodes"]] == [repair]


async def test_the_list_pages_through_everything_once(desk: Desk) -> None:
    """Cursors give each application once, the newest first; a cursor of another filter is refused."""
    wanted = []
    for number in range(3):
        event = await desk.penalize(f"罚{number}", dutyDoneOn=str(add_months(TODAY, -6)))
        wanted.append((await desk.applies(event))["repair"]["id"])
    seen: list[str] = []
    after = None
    while True:
        page = await desk.listed(desk.sender, first=2, after=after)
        seen += [one["id"] for one in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == wanted[::-1]
    assert await desk.api.codes(desk.sender.key, LIST, {"first": 2, "after": after, "waits": True}) == [
        "CURSOR_MISMATCH"
    ]
