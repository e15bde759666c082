"""Credit repair from the application to the score: penalty, minor finding, grade D; two people, nobody else's rows."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Caller, Database, sql
from hengjian.platform.file_room import FileRoom
from hengjian.platform.objects import Objects
from hengjian.platform.proof.verifier import Outcome, verify_bundle
from hengjian.scoring.api import (
    Attachment,
    CreditAct,
    NewRepair,
    NewVeto,
    Person,
    RepairAct,
    RepairDecision,
    RepairKind,
    RepairRefusal,
    apply_for_repair,
    decide_repair,
    load_lawbook,
    open_repair_file,
    read_inbox,
    read_matters,
    read_repairs,
)
from hengjian.scoring.domain.functions import add_months
from hengjian.scoring.errors import (
    CreditEventRefusedError,
    RepairRefusedError,
    StatementRefusedError,
    UnknownRepairError,
)
from tests.scoring.test_credit_events import FINE, NOW, TODAY, Firm
from tests.support.api import Api, a_sender, api_over
from tests.support.databases import TestDatabase
from tests.support.evidence import a_log
from tests.support.people import a_contractor
from tests.support.waiting import until_it_waits

PDF = Attachment("整改报告.pdf", b"%PDF-1.7 x")
CLERK = Person("机构经办人", frozenset({"clerk"}))


@dataclass
class Case(Firm):
    """A firm with its clerk, and a bureau that decides on its applications."""

    objects: Objects

    def clerk(self) -> Caller:
        return Caller(kind="member", tenant_id=self.organization.id, region="650102", actor="clerk")

    async def applies(self, kind: RepairKind, ref: str, *, text: str = "已整改", now: Any = NOW) -> UUID:
        async with self.database.write(self.clerk()) as session:
            new = NewRepair(kind, ref, text, (PDF,))
            return await apply_for_repair(
                session, self.organization.id, new, by=CLERK, room=FileRoom(self.objects), lawbook=self.book, now=now
            )

    async def decides(self, who: str, repair_id: UUID, act: RepairAct, **more: Any) -> None:
        decision = RepairDecision(act=act, **more)
        await self.desk(who, lambda desk: decide_repair(desk, repair_id, decision))

    async def grants(self, repair_id: UUID, *, on_day: date = TODAY) -> None:
        proposal = {"on_day": on_day, "document_no": "修复〔2026〕1号", "reason": "已核实"}
        await self.decides("inspector1", repair_id, RepairAct.PROPOSE_GRANT, **proposal)
        await self.decides("reviewer1", repair_id, RepairAct.GRANT)


@pytest.fixture
async def case(database: Database, owner: AsyncConnection, app_url: str) -> AsyncIterator[Case]:
    async with api_over(app_url) as api:
        sender = await a_sender(database)
        yield Case(database, owner, api, sender.key, sender.organization, load_lawbook(), Objects("memory://"))


async def penalized(case: Case, *, duty: date | None) -> str:
    identity = await case.penalty(replace(FINE, decided_on=add_months(TODAY, -8), duty_done_on=duty))
    return str(identity)


async def test_a_penalty_is_repaired_three_months_after_its_duty(case: Case) -> None:
    """Before the duty, before the months, and twice at once it is refused with the day; then two people lift it."""
    ref = await penalized(case, duty=None)
    with pytest.raises(RepairRefusedError, match="duty") as refused:
        await case.applies(RepairKind.PENALTY, ref)
    assert refused.value.reason is RepairRefusal.DUTY_OPEN
    await case.take("inspector1", UUID(ref), CreditAct.DUTY_DONE, on_day=add_months(TODAY, -3) + timedelta(days=3))
    async with case.database.read(case.clerk()) as session:
        (matter,) = await read_matters(session, case.organization.id, lawbook=case.book, on=TODAY)
    assert matter.possible_from is not None
    assert matter.possible_from > TODAY
    with pytest.raises(RepairRefusedError, match=str(matter.possible_from)) as refused:
        await case.applies(RepairKind.PENALTY, ref)
    assert refused.value.reason is RepairRefusal.TOO_EARLY
    await case.take("inspector1", UUID(ref), CreditAct.DUTY_DONE, on_day=add_months(TODAY, -4))
    applied = await case.applies(RepairKind.PENALTY, ref)
    with pytest.raises(RepairRefusedError, match="wait for its decision"):
        await case.applies(RepairKind.PENALTY, ref)
    early = {"on_day": add_months(TODAY, -2), "document_no": "修1", "reason": "已核实"}
    with pytest.raises(RepairRefusedError, match="has not come"):
        await case.decides("inspector1", applied, RepairAct.PROPOSE_GRANT, **early)
    await case.grants(applied)
    await case.judge()
    steps = (await case.last("steps"))[0]
    assert [one for one in steps if one["cause"] == "penalty"] == []
    with pytest.raises(RepairRefusedError, match="cannot be repaired"):
        await case.applies(RepairKind.PENALTY, ref)


async def test_nobody_decides_alone_and_a_return_begins_anew(case: Case) -> None:
    """The same person is refused with both roles; returned and refused applications leave the penalty as it was."""
    applied = await case.applies(RepairKind.PENALTY, await penalized(case, duty=add_months(TODAY, -6)))
    proposal = {"on_day": TODAY, "document_no": "修1", "reason": "已核实"}
    await case.decides("inspector1", applied, RepairAct.PROPOSE_GRANT, **proposal)
    both, grant = Person("inspector1", frozenset({"inspector", "reviewer"})), RepairDecision(act=RepairAct.GRANT)
    with pytest.raises(RepairRefusedError, match="may not decide"):
        await case.desk("inspector1", lambda desk: decide_repair(replace(desk, by=both), applied, grant))
    await case.decides("reviewer1", applied, RepairAct.RETURN, reason="缺凭证")
    await case.decides("inspector1", applied, RepairAct.PROPOSE_REFUSE, reason="未缴清")
    await case.decides("reviewer1", applied, RepairAct.REFUSE)
    async with case.database.read(case.clerk()) as session:
        (seen,) = await read_repairs(session, case.organization.id)
        told = [one.kind for one in (await read_inbox(session, limit=20)).notices]
    assert (seen.standing.state, [one.step.act for one in seen.steps]) == ("refused", ["refuse"])
    assert "repair_refuse" in told
    await case.applies(RepairKind.PENALTY, seen.ref)  # with what was missing, again


async def test_a_minor_finding_counts_no_month_after_its_repair(case: Case) -> None:
    """Accepted by two people, its months up to the acceptance stay, and the next one costs nothing."""
    await push_a_minor_breach(case)
    no = await minor_finding(case)
    applied = await case.applies(RepairKind.FINDING, no)
    await case.grants(applied)
    await case.judge()
    rule = sql("select rule_id from finding where no = :no")
    broken = (await case.owner.execute(rule, {"no": no})).scalar_one()
    assert broken in {one["rule"] for one in (await case.last("losses"))[0]}
    await case.judge(datetime(TODAY.year + 1, 1, 31, 4, tzinfo=UTC))  # it still lasts, in a month after the repair
    assert broken not in {one["rule"] for one in (await case.last("losses"))[0]}
    repaired = sql("select repaired_on from finding where no = :no")
    assert (await case.owner.execute(repaired, {"no": no})).scalar_one() == TODAY


async def test_a_finding_that_is_being_dismissed_is_not_repaired(case: Case) -> None:
    """Whoever grants while another withdraws the finding waits for that, and is told that nothing is left to repair."""
    await push_a_minor_breach(case)
    no = await minor_finding(case)
    applied = await case.applies(RepairKind.FINDING, no)
    proposal = {"on_day": TODAY, "document_no": "修1", "reason": "已核实"}
    await case.decides("inspector1", applied, RepairAct.PROPOSE_GRANT, **proposal)
    bureau = Caller(kind="bureau", tenant_id=case.organization.id, region="6501", actor="reviewer2")
    async with case.database.write(bureau) as session:
        await session.run(sql("update finding set state = 'dismissed' where no = :no"), {"no": no})
        granting = asyncio.create_task(case.decides("reviewer1", applied, RepairAct.GRANT))
        await until_it_waits(case.owner, granting)
    with pytest.raises(RepairRefusedError, match="cannot be repaired"):
        await granting


async def test_grade_d_lasts_until_another_grade_is_granted(case: Case) -> None:
    """Six months bar everything; after them an application, decided by two, gives a grade again."""
    new = NewVeto(item="forged_document", document_no="决1", decided_on=add_months(TODAY, -5), ground="伪造")
    veto = await case.desk("inspector1", lambda desk: desk.enter_veto(new))
    await case.take("reviewer1", veto, CreditAct.DECIDE)
    await case.judge()
    assert (await case.last("grade"))[0] == "D"
    with pytest.raises(RepairRefusedError, match="has not come"):
        await case.applies(RepairKind.VETO, str(veto))
    with pytest.raises(CreditEventRefusedError, match="too early"):
        await case.take("inspector1", veto, CreditAct.PROPOSE_REPAIR, on_day=TODAY, document_no="修1")
    await case.owner.execute(
        sql("update credit_step set on_day = :day where event_id = :id and act = 'propose_decide'"),
        {"day": add_months(TODAY, -7), "id": veto},
    )
    await case.judge()
    assert (await case.last("grade"))[0] == "D"
    await case.grants(await case.applies(RepairKind.VETO, str(veto)))
    await case.judge()
    assert (await case.last("grade"))[0] != "D"


async def test_nobody_else_applies_reads_or_decides(case: Case) -> None:
    """Another organization, another city and a person without the role: neither the matter, nor the file, nor a step."""
    ref = await penalized(case, duty=add_months(TODAY, -6))
    other = (await a_sender(case.database)).organization
    stranger = Caller(kind="member", tenant_id=other.id, region="650102", actor="other")
    async with case.database.write(stranger) as session:
        for tenant_id in (other.id, case.organization.id):
            new = NewRepair(RepairKind.PENALTY, ref, "已整改")
            with pytest.raises(RepairRefusedError, match="cannot be repaired"):
                await apply_for_repair(
                    session, tenant_id, new, by=CLERK, room=FileRoom(case.objects), lawbook=case.book, now=NOW
                )
    applied = await case.applies(RepairKind.PENALTY, ref)
    async with case.database.read(case.clerk()) as session:
        (seen,) = await read_repairs(session, case.organization.id)
        _, content = await open_repair_file(session, case.objects, case.organization.id, seen.files[0].sha256)
    assert content == PDF.content
    city = Caller(kind="bureau", tenant_id=uuid4(), region="6502", actor="t")
    for caller in (stranger, city):
        async with case.database.read(caller) as session:
            assert await read_repairs(session, case.organization.id) == ()
            with pytest.raises(UnknownRepairError):
                await open_repair_file(session, case.objects, case.organization.id, seen.files[0].sha256)
    with pytest.raises(RepairRefusedError, match="another role"):
        await case.decides("visitor", applied, RepairAct.PROPOSE_GRANT, on_day=TODAY, document_no="1", reason="x")
    with pytest.raises(UnknownRepairError):
        await case.decides("inspector1", uuid4(), RepairAct.PROPOSE_REFUSE, reason="x")
    with pytest.raises(StatementRefusedError):
        await case.applies(RepairKind.PENALTY, ref, text=" ")


async def test_each_step_of_a_repair_is_in_the_evidence_log(fresh_database: TestDatabase, tmp_path: Path) -> None:
    """Application, proposal and decision each have a leaf of their row, and a bundle that verifies by itself."""
    async with a_log(fresh_database, tmp_path) as log:
        home = await a_contractor(log.database, "650102")
        case = Case(log.database, log.owner, Api(_no_api), "", home, load_lawbook(), Objects("memory://"))
        applied = await case.applies(RepairKind.PENALTY, await penalized(case, duty=add_months(TODAY, -6)))
        await case.grants(applied)
        await log.settle()
        assert (await log.check()).troubles == []
        ids = (await log.owner.execute(sql("select act, id from credit_repair_step order by seq"))).all()
        assert [one.act for one in ids] == ["propose_grant", "grant"]
        for kind, identity in (("credit.repair", applied), *(("credit.repair_step", one.id) for one in ids)):
            bundle = await log.bundle(identity, kind=kind)
            assert verify_bundle(bundle, log.desk.key).outcome is Outcome.VERIFIED
        await log.do("update credit_repair_step set document_no = '另一文书' where act = 'propose_grant'")
        assert [one.where.split(" (")[0] for one in (await log.check()).troubles] == [f"credit.repair_step {ids[0].id}"]


async def _no_api(*_given: Any) -> None:
    raise AssertionError("nothing is pushed here")


async def push_a_minor_breach(case: Case) -> None:
    """An office of 40 m² since January: rule C-02 asks for more."""
    office = {"sourceRef": "O1", "name": "运维点", "address": "路1号", "city": "6501", "areaM2": "40"}
    office["validFrom"] = f"{TODAY.year}-01-01"
    answer = await case.api.push(case.key, "offices", [office])
    assert answer["receipt"]["accepted"] == 1, answer
    await case.judge()


async def minor_finding(case: Case) -> str:
    """A confirmed minor finding that lasts."""
    find = sql(
        "update finding set confirmed = true, state = 'confirmed' where id = (select id from finding "
        "where tenant_id = :id and severity = 'minor' and closed_on is null order by no limit 1) returning no"
    )
    no: str = (await case.owner.execute(find, {"id": case.organization.id})).scalar_one()
    return no
