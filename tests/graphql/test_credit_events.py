"""Credit events by key: two keys of a bureau, an organization that sees what was settled, and nobody else."""

from datetime import date
from typing import Any

from hengjian.platform.db import Database
from tests.support.api import Api, Sender, a_bureau_sender, a_sender, with_key

ENTER = """mutation ($input: EnterPenaltyInput!) { enterPenalty(input: $input) {
    eventId userErrors { code reason messageZh messageEn } } }"""
STEP = """mutation ($input: TakeCreditStepInput!) { takeCreditStep(input: $input) {
    eventId userErrors { code reason } } }"""
CHECK = """mutation ($input: EnterCheckInput!) { enterCheck(input: $input) { eventId userErrors { code } } }"""
VETO = """mutation ($input: EnterVetoInput!) { enterVeto(input: $input) { eventId userErrors { code } } }"""
ASK = """query ($code: String!) { creditEvents(creditCode: $code) {
    id kind what documentNo day status proposal fine restsOn } }"""


def fine(code: str, **changes: Any) -> dict[str, Any]:
    whole = {"creditCode": code, "by": "王芳", "documentNo": "罚1", "measure": "fine", "fine": "20000.00"}
    return whole | {"decidedOn": str(date(2026, 11, 2)), "organ": "市局", "summary": "未按规范运维"} | changes


async def told(api: Api, who: Sender, code: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await api.ask(who.key, ASK, {"code": code}))["data"]["creditEvents"]
    return found


async def test_two_keys_enter_and_confirm(api: Api, database: Database) -> None:
    """One key may not confirm what it entered; the organization sees the penalty once it is confirmed."""
    sender, first = await a_sender(database), await a_bureau_sender(database)
    second, code = await with_key(database, first.organization), sender.organization.credit_code
    answer = (await api.ask(first.key, ENTER, {"input": fine(code)}))["data"]["enterPenalty"]
    assert answer["userErrors"] == []
    step = {"creditCode": code, "by": "李娜", "eventId": answer["eventId"], "act": "CONFIRM"}
    refused = (await api.ask(first.key, STEP, {"input": step}))["data"]["takeCreditStep"]
    assert refused["userErrors"] == [{"code": "CREDIT_EVENT_REFUSED", "reason": "same_person"}]
    assert await told(api, sender, code) == []
    assert [one["status"] for one in await told(api, first, code)] == ["waiting"]
    taken = (await api.ask(second.key, STEP, {"input": step}))["data"]["takeCreditStep"]
    assert taken == {"eventId": answer["eventId"], "userErrors": []}
    ((penalty,), stranger) = await told(api, sender, code), await a_sender(database)
    assert (penalty["status"], penalty["fine"], penalty["what"]) == ("standing", "20000.00", "fine")
    assert await told(api, stranger, code) == []


async def test_what_is_refused_says_why(api: Api, database: Database) -> None:
    """An organization's own key, a bureau of elsewhere, an unknown measure, a fine without an amount, a day ahead."""
    sender, bureau = await a_sender(database), await a_bureau_sender(database)
    elsewhere, code = await a_bureau_sender(database, "6502"), sender.organization.credit_code
    cases: list[tuple[Sender, dict[str, Any], str]] = [
        (sender, {}, "CREDIT_EVENT_REFUSED"),
        (elsewhere, {}, "ORGANIZATION_UNKNOWN"),
        (bureau, {"measure": "tickling"}, "PENALTY_UNKNOWN"),
        (bureau, {"fine": None}, "PENALTY_UNKNOWN"),
        (bureau, {"decidedOn": "2099-01-01"}, "CREDIT_EVENT_REFUSED"),
        (bureau, {"conduct": "rudeness"}, "CREDIT_EVENT_REFUSED"),
        (bureau, {"summary": " "}, "CREDIT_EVENT_REFUSED"),
        (bureau, {"by": " "}, "CREDIT_EVENT_REFUSED"),
    ]
    for who, change, expected in cases:
        (error,) = (await api.ask(who.key, ENTER, {"input": fine(code, **change)}))["data"]["enterPenalty"][
            "userErrors"
        ]
        assert error["code"] == expected, change
        assert error["messageZh"] != error["messageEn"]
    assert await told(api, bureau, code) == []


async def test_checks_and_vetoes_by_key(api: Api, database: Database) -> None:
    """Both wait for a second key; an unfit check needs its severity."""
    sender, bureau = await a_sender(database), await a_bureau_sender(database)
    code = sender.organization.credit_code
    check: dict[str, Any] = {
        "creditCode": code,
        "by": "王芳",
        "kind": "spot_check",
        "documentNo": "检1",
        "checkedOn": "2026-11-02",
    }
    check |= {"organ": "市局", "summary": "抽查", "fit": False}
    refused = (await api.ask(bureau.key, CHECK, {"input": check}))["data"]["enterCheck"]
    assert [one["code"] for one in refused["userErrors"]] == ["CREDIT_EVENT_REFUSED"]
    entered = {**check, "severity": "MINOR", "dueOn": "2026-11-30"}
    assert (await api.ask(bureau.key, CHECK, {"input": entered}))["data"]["enterCheck"]["userErrors"] == []
    veto = {"creditCode": code, "by": "王芳", "item": "forged_document", "documentNo": "决1", "decidedOn": "2026-11-02"}
    answer = (await api.ask(bureau.key, VETO, {"input": {**veto, "ground": "伪造"}}))["data"]["enterVeto"]
    assert answer["userErrors"] == []
    found = {one["kind"]: one for one in await told(api, bureau, code)}
    assert (found["veto"]["status"], found["veto"]["proposal"]) == ("waiting", "propose_decide")
    assert (found["check"]["what"], found["check"]["status"]) == ("spot_check", "waiting")
