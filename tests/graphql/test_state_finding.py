"""An organization's system answers to findings, and to its own only."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Caller, Database, sql
from hengjian.scoring.api import Act, Person, decide_finding, evaluate_organization, load_lawbook
from tests.support.api import Api, Sender, a_bureau_sender, a_sender

STATE = """mutation ($input: StateFindingInput!) { stateFinding(input: $input) {
    finding { no state dueOn } userErrors { code reason messageZh messageEn } } }"""
ASK = """query ($no: String!) { finding(no: $no) { finding { state dueOn dueProvisional }
    statements { text by objection late files } decisions { act reason until } events { event } } }"""


async def notified(api: Api, database: Database, owner: AsyncConnection) -> tuple[Sender, str]:
    sender = await a_sender(database)
    one = {"name": "甲", "role": "SUPERVISOR", "hiredOn": "2024-01-05"}
    await api.push(sender.key, "people", [{"sourceRef": "P1", **one}])
    job = Caller(kind="job", tenant_id=sender.organization.id, actor="test")
    async with database.write(job) as session:
        await evaluate_organization(session, sender.organization.id, lawbook=load_lawbook())
    no = sql("select no from finding where tenant_id = :id and closed_on is null limit 1")
    found: str = (await owner.execute(no, {"id": sender.organization.id})).scalar_one()
    by = Person("王芳", frozenset({"inspector"}))
    bureau = Caller(kind="bureau", tenant_id=sender.organization.id, region="6501", actor="inspector")
    async with database.write(bureau) as session:
        now = datetime(2026, 11, 20, tzinfo=UTC)
        await decide_finding(session, found, Act.NOTIFY, by=by, reason="", until=None, now=now)
    return sender, found


async def test_a_statement_by_key_is_kept_and_shown(api: Api, database: Database, owner: AsyncConnection) -> None:
    """State, deadline, words and the decisions that may be seen."""
    sender, no = await notified(api, database, owner)
    before = (await api.ask(sender.key, ASK, {"no": no}))["data"]["finding"]
    assert before["finding"] == {"state": "notified", "dueOn": str(date(2026, 11, 27)), "dueProvisional": False}
    said = {"no": no, "text": "已整改", "by": "李春梅"}
    answer = (await api.ask(sender.key, STATE, {"input": said}))["data"]["stateFinding"]
    assert answer == {"finding": {"no": no, "state": "stated", "dueOn": None}, "userErrors": []}
    after = (await api.ask(sender.key, ASK, {"no": no}))["data"]["finding"]
    assert [one["text"] for one in after["statements"]] == ["已整改"]
    assert [one["act"] for one in after["decisions"]] == ["notify"]


async def test_what_is_refused_says_why_and_keeps_nothing(api: Api, database: Database, owner: AsyncConnection) -> None:
    """An objection before any decision, an empty text, somebody else's finding, a bureau's key."""
    sender, no = await notified(api, database, owner)
    cases: list[tuple[Sender, dict[str, Any], str, str]] = [
        (sender, {"objection": True}, "FINDING_STEP_REFUSED", "state"),
        (sender, {"text": " "}, "STATEMENT_REFUSED", ""),
        (sender, {"by": ""}, "STATEMENT_REFUSED", ""),
        (await a_sender(database), {}, "FINDING_UNKNOWN", ""),
        (await a_bureau_sender(database), {}, "FINDING_STEP_REFUSED", "role"),
    ]
    for who, change, code, reason in cases:
        body = await api.ask(who.key, STATE, {"input": {"no": no, "text": "已整改", "by": "李春梅", **change}})
        (error,) = body["data"]["stateFinding"]["userErrors"]
        assert (error["code"], error["reason"]) == (code, reason)
    kept = sql("select count(*) from finding_statement where tenant_id = :id")
    assert (await owner.execute(kept, {"id": sender.organization.id})).scalar_one() == 0


APPEAL = """mutation ($input: AppealFindingInput!) { appealFinding(input: $input) {
    finding { no state } userErrors { code reason messageZh messageEn } } }"""


async def test_an_appeal_by_key_keeps_the_contested_fact(api: Api, database: Database, owner: AsyncConnection) -> None:
    """Not before an objection was decided, not with nonsense, not for another's; then once, with what is contested."""
    sender, no = await notified(api, database, owner)
    stranger = await a_sender(database)
    contested = {"fact": "supervisors", "value": "2", "firstDay": "2026-11-01"}
    appeal = {"no": no, "text": "人数有误", "by": "李春梅", "contested": contested}

    async def told(who: Sender, **change: Any) -> Any:
        answer = await api.ask(who.key, APPEAL, {"input": {**appeal, **change}})
        return [(one["code"], one["reason"]) for one in answer["data"]["appealFinding"]["userErrors"]]

    assert await told(sender) == [("FINDING_STEP_REFUSED", "state")]
    heard = sql("""update finding set state = 'confirmed', confirmed = true, heard = true, decided_in = '6501',
        appeal_until = '2099-01-01' where no = :no""")
    await owner.execute(heard, {"no": no})
    assert await told(stranger) == [("FINDING_UNKNOWN", "")]
    for change, code in (
        ({"contested": {**contested, "fact": "nothing"}}, "STATEMENT_REFUSED"),
        ({"contested": {**contested, "until": "2026-10-01"}}, "STATEMENT_REFUSED"),
        ({"contested": {**contested, "value": "two"}}, "FACT_REFUSED"),
        ({"text": " "}, "STATEMENT_REFUSED"),
    ):
        assert await told(sender, **change) == [(code, "")], change
    assert await told(sender) == []
    kept = sql(
        "select contest, appeal_to from finding_statement s join finding f on f.id = s.finding_id where f.no = :no"
    )
    contest, upper = (await owner.execute(kept, {"no": no})).one()
    assert (contest["fact"], upper) == ("supervisors", "65")
