"""Credit events of the demo region: entered with the province's key, confirmed with that of the city."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hengjian.deploy.demo.client import Client, Json

ENTERED = "query ($code: String!) { creditEvents(creditCode: $code) { id kind status documentNo } }"
PENALTY = """mutation ($input: EnterPenaltyInput!) {
  enterPenalty(input: $input) { eventId userErrors { code messageEn } } }"""
CHECK = """mutation ($input: EnterCheckInput!) {
  enterCheck(input: $input) { eventId userErrors { code messageEn } } }"""
STEP = """mutation ($input: TakeCreditStepInput!) {
  takeCreditStep(input: $input) { eventId userErrors { code messageEn } } }"""
ORGAN = "乌鲁木齐市生态环境局（演示）"


@dataclass(frozen=True, slots=True)
class Entry:
    """One penalty or check of the organization of a story."""

    story: int
    document_no: str
    values: Mapping[str, object]
    check: bool = False


ENTRIES = (
    Entry(
        3,
        "演环罚〔2026〕11号",
        {"measure": "fine", "fine": "20000.00", "decidedOn": "2026-06-16", "summary": "比对监测记录不全"},
    ),
    Entry(
        5,
        "演环罚〔2026〕12号",
        {"measure": "fine", "fine": "60000.00", "decidedOn": "2026-08-05", "summary": "未按期处置设备故障"},
    ),
    Entry(
        12,
        "演环罚〔2026〕13号",
        {
            "measure": "confiscation",
            "decidedOn": "2026-09-09",
            "summary": "伪造比对监测记录，没收违法所得",
            "conduct": "falsification",
        },
    ),
    Entry(
        1,
        "演检〔2026〕21号",
        {"kind": "spot_check", "checkedOn": "2026-05-12", "fit": True, "summary": "随机抽查六个点位"},
        check=True,
    ),
    Entry(
        2,
        "演检〔2026〕22号",
        {
            "kind": "comparison",
            "checkedOn": "2026-10-13",
            "fit": False,
            "severity": "MINOR",
            "dueOn": "2026-10-30",
            "summary": "一个点位比对误差超限",
        },
        check=True,
    ),
)
BREACHES = {2: frozenset({"K-03"}), 12: frozenset({"K-01"})}
"""The rules that these events break today, by story."""


def enter_credit(first: Client, second: Client, codes: Mapping[int, str], *, told: Callable[[str], None]) -> int:
    """Enter and confirm what is missing; how many were entered.

    Args:
        first: with the key that enters.
        second: with the key that confirms.
        codes: the credit code of each story.
        told: is told what was refused.
    """
    entered = 0
    for entry in ENTRIES:
        code = codes[entry.story]
        known = {one["documentNo"]: one for one in first.ask(ENTERED, {"code": code})["creditEvents"]}
        event = known.get(entry.document_no)
        if event is None:
            event_id = _enter(first, code, entry, told)
            entered += 1
        else:
            event_id = event["id"] if event["status"] == "waiting" else None
        if event_id is not None:
            step = {"creditCode": code, "by": "演示复核员", "eventId": event_id, "act": "CONFIRM"}
            _ask(second, STEP, "takeCreditStep", step, told)
    return entered


def _enter(client: Client, code: str, entry: Entry, told: Callable[[str], None]) -> str | None:
    common = {"creditCode": code, "by": "演示监管员", "documentNo": entry.document_no, "organ": ORGAN}
    document, name = (CHECK, "enterCheck") if entry.check else (PENALTY, "enterPenalty")
    answer = _ask(client, document, name, {**common, **entry.values}, told)
    event_id: str | None = answer["eventId"]
    return event_id


def _ask(client: Client, document: str, name: str, values: Mapping[str, object], told: Callable[[str], None]) -> Json:
    answer: Json = client.ask(document, {"input": values})[name]
    for error in answer["userErrors"]:
        told(f"{values['creditCode']}: {error['code']} {error['messageEn']}")
    return answer
