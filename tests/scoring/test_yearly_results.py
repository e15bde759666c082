"""The yearly result from its list to final grades: two people, publicity, what is contested waits, the public sees only that."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Caller, Database, sql
from hengjian.platform.objects import Objects
from hengjian.scoring.api import (
    Act,
    GradeFilter,
    Person,
    ResultAct,
    ResultRefusal,
    ResultStep,
    evaluate_organization,
    load_lawbook,
    read_inbox,
    read_public_grades,
    read_result_list,
    read_yearly_result,
    take_result_step,
)
from hengjian.scoring.errors import ResultNotReadyError, ResultRefusedError, StepRefusedError
from hengjian.scoring.publish_results import publish_results
from hengjian.scoring.remind import remind_of_results
from tests.scoring.test_life_of_findings import Case
from tests.support.api import Sender, a_sender, api_over
from tests.support.people import a_bureau

BOOK = load_lawbook()
JANUARY = datetime(2027, 1, 5, 2, tzinfo=UTC)
PUBLIC = Caller(kind="public", actor="anybody")
CITY = "6542"


@dataclass
class Office:
    """A bureau with two contractors, one of them with a finding that is contested."""

    database: Database
    bureau: Caller
    calm: Sender
    case: Case
    objects: Objects
    now: datetime = JANUARY

    async def does(self, who: str, act: ResultAct, *, region: str = CITY) -> None:
        caller = Caller(kind="bureau", tenant_id=self.bureau.tenant_id, region=region, actor=who)
        async with self.database.write(caller) as session:
            by = Person(who, frozenset({who.rstrip("12")}))
            await take_result_step(session, ResultStep(year=2026, act=act), by=by, lawbook=BOOK, now=self.now)
        if act in {ResultAct.PUBLISH, ResultAct.CORRECT}:
            await self.publishes(act)

    async def publishes(self, act: ResultAct) -> int:
        """What the worker does once a step is taken."""
        news = {"tenant_id": str(self.bureau.tenant_id), "region": CITY, "year": 2026, "act": act}
        return await publish_results(self.database, news, lawbook=BOOK, objects=self.objects, now=self.now)

    async def judge(self) -> None:
        for one in (self.calm, Sender(self.case.organization, "")):
            home = one.organization.id
            async with self.database.write(Caller(kind="job", tenant_id=home, actor="t")) as session:
                await evaluate_organization(session, home, lawbook=BOOK, now=self.now)

    async def public(self, kind: str) -> dict[str, Any]:
        async with self.database.read(PUBLIC) as session:
            found, _ = await read_public_grades(session, GradeFilter(kind=kind), limit=None)
        ours = {self.calm.organization.credit_code, self.case.organization.credit_code}
        return {one.credit_code: one for one in found if one.credit_code in ours}


@pytest.fixture
async def office(database: Database, owner: AsyncConnection, app_url: str) -> Any:
    for table in ("result_step", "result_entry", "published_grade"):
        await owner.execute(sql(f"delete from {table}"))  # one bureau, one year: each test begins anew
    await owner.execute(sql(f"delete from score where region like '{CITY}%'"))
    async with api_over(app_url) as api:
        calm, sender = await a_sender(database, "654202"), await a_sender(database, "654202")
        for one, staff in ((calm, 8), (sender, 4)):
            technician = {"role": "TECHNICIAN", "hiredOn": "2024-01-05"}
            people = [{"sourceRef": f"P{n}", "name": f"甲{n}", **technician} for n in range(staff)]
            await api.push(one.key, "people", people)
            fixed = {"discharger": "纸业", "medium": "WATER", "city": CITY, "inServiceFrom": "2025-02-01"}
            await api.push(one.key, "points", [{"sourceRef": f"T{n}", "name": f"口{n}", **fixed} for n in range(41)])
        home = await a_bureau(database, CITY)
        case = Case(database, owner, api, sender.key, sender.organization, "", now=JANUARY)
        made = Office(database, Caller(kind="bureau", tenant_id=home.id, region=CITY), calm, case, Objects("memory://"))
        await made.judge()
        found = sql("select no from finding where tenant_id = :id and rule_id = 'C-05' and closed_on is null")
        case.no = (await owner.execute(found, {"id": sender.organization.id})).scalar_one()
        yield made


def of_the_city(case: Case) -> Any:
    return lambda who: Caller(
        kind="member" if who.startswith("clerk") else "bureau",
        tenant_id=case.organization.id,
        region="654202" if who.startswith("clerk") else CITY,
        actor=who,
    )


async def test_grades_become_final_after_publicity_and_what_is_contested_waits(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """List, approval by another person, fifteen days, the calm one final, the contested one once it is decided."""
    case = office.case
    monkeypatch.setattr(case, "caller", of_the_city(case), raising=False)
    await case.to_confirmed()
    office.now = case.now = JANUARY + timedelta(hours=1)
    await office.judge()
    await office.does("inspector1", ResultAct.PREPARE)
    assert await office.public("publicity") == {}
    await office.does("reviewer1", ResultAct.APPROVE)
    shown = await office.public("publicity")
    listed = shown[case.organization.credit_code]
    assert len(shown) == 2
    assert (listed.until, listed.total < 100) == (date(2027, 1, 20), True)
    assert await office.public("final") == {}

    await case.says("人数有误", objection=True)
    with pytest.raises(ResultRefusedError) as refused:
        await office.does("reviewer1", ResultAct.PUBLISH)
    assert refused.value.reason is ResultRefusal.PUBLICITY_LASTS
    office.now = case.now = datetime(2027, 1, 21, 2, tzinfo=UTC)
    await office.judge()
    await office.does("reviewer1", ResultAct.PUBLISH)
    assert set(await office.public("final")) == {office.calm.organization.credit_code}
    with pytest.raises(ResultRefusedError) as refused:
        await office.does("reviewer1", ResultAct.PUBLISH)
    assert refused.value.reason is ResultRefusal.ALL_WAIT

    await case.does("inspector2", Act.PROPOSE_DISMISS)
    await case.does("reviewer2", Act.DISMISS)
    with pytest.raises(ResultRefusedError):
        await office.does("reviewer1", ResultAct.PUBLISH)  # decided, and not yet scored anew
    office.now += timedelta(hours=1)
    await office.judge()
    await office.does("reviewer1", ResultAct.PUBLISH)
    final = (await office.public("final"))[case.organization.credit_code]
    # Nothing was pushed in December, though it had business: D3 is lost, and nothing else.
    assert (final.total, final.year, final.document_no[:14]) == (Decimal(90), 2026, "PJ-654200-2026")
    assert final.until == date(2028, 1, 21)
    async with office.database.read(case.caller("clerk1")) as session:
        told = [one.kind for one in (await read_inbox(session, limit=50)).notices]
    assert {"result_publicity", "result_final"} <= set(told)


async def test_nobody_prepares_alone_early_or_for_another_region(office: Office) -> None:
    """The one who prepared it does not approve it; a returned list is prepared anew; another bureau's is left alone."""
    await office.does("inspector1", ResultAct.PREPARE)
    own = Caller(kind="bureau", tenant_id=office.bureau.tenant_id, region=CITY, actor="inspector1")
    both = Person("x", frozenset({"inspector", "reviewer"}))
    async with office.database.write(own) as session:
        with pytest.raises(ResultRefusedError, match="prepared the list"):
            await take_result_step(
                session, ResultStep(year=2026, act=ResultAct.APPROVE), by=both, lawbook=BOOK, now=office.now
            )
    with pytest.raises(ResultNotReadyError):
        await office.does("inspector1", ResultAct.PREPARE, region="654202")
    await office.does("reviewer1", ResultAct.RETURN)
    await office.does("inspector1", ResultAct.PREPARE)
    async with office.database.read(
        Caller(kind="bureau", tenant_id=office.bureau.tenant_id, region=CITY, actor="reviewer1")
    ) as session:
        found = await read_yearly_result(session, 2026, region=CITY)
        assert [step.act for step in found.steps] == ["prepare", "return", "prepare"]
        assert found.listed is not None
        lines, total = await read_result_list(session, found.listed)
        assert (len(lines), total, found.tally.total) == (2, 2, 2)
    async with office.database.read(Caller(kind="bureau", region="6501", actor="other")) as session:
        hidden = await read_yearly_result(session, 2026, region=CITY)
        assert (hidden.listed, hidden.tally.total, hidden.steps) == (None, 0, ())


async def test_objections_end_with_publicity(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A finding that ended in the year cannot be objected to once the publicity of its result is over."""
    case = office.case
    monkeypatch.setattr(case, "caller", of_the_city(case), raising=False)
    await case.to_confirmed()
    hired = [{"sourceRef": f"Q{n}", "name": "乙", "role": "TECHNICIAN", "hiredOn": "2026-11-10"} for n in range(4)]
    await case.api.push(case.key, "people", hired)
    office.now = JANUARY + timedelta(hours=1)
    await office.judge()
    await office.does("inspector1", ResultAct.PREPARE)
    await office.does("reviewer1", ResultAct.APPROVE)
    case.now = datetime(2027, 1, 21, 2, tzinfo=UTC)
    with pytest.raises(StepRefusedError, match="publicity"):
        await case.says("人数有误", objection=True)
    case.now = datetime(2027, 1, 20, 2, tzinfo=UTC)
    await case.says("人数有误", objection=True)


async def test_the_bureau_is_reminded_to_publish(office: Office) -> None:
    """A working day before the end, once when it is over; never twice."""
    await office.does("inspector1", ResultAct.PREPARE)
    await office.does("reviewer1", ResultAct.APPROVE)
    last = datetime(2027, 1, 27, 2, tzinfo=UTC)
    for now, new in ((last - timedelta(days=5), 0), (last - timedelta(days=1), 1), (last, 0), (last + timedelta(1), 1)):
        assert await remind_of_results(office.database, lawbook=BOOK, now=now) == new, now
    async with office.database.read(
        Caller(kind="bureau", tenant_id=office.bureau.tenant_id, region=CITY, actor="reviewer1")
    ) as session:
        kinds = [one.kind for one in (await read_inbox(session, limit=50)).notices]
    assert {"result_due", "result_overdue"} <= set(kinds)


async def test_a_final_grade_is_corrected_after_a_later_decision(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Overturned after publication: two people correct the grade, the register shows it with what it replaces."""
    case, code = office.case, office.case.organization.credit_code
    monkeypatch.setattr(case, "caller", of_the_city(case), raising=False)
    await case.to_confirmed()
    office.now = case.now = JANUARY + timedelta(hours=1)
    await office.judge()
    await office.does("inspector1", ResultAct.PREPARE)
    await office.does("reviewer1", ResultAct.APPROVE)
    office.now = case.now = datetime(2027, 1, 21, 2, tzinfo=UTC)
    await office.judge()
    await office.does("reviewer1", ResultAct.PUBLISH)
    first = (await office.public("final"))[code]
    with pytest.raises(ResultRefusedError) as refused:
        await office.does("inspector1", ResultAct.PROPOSE_CORRECT)
    assert refused.value.reason is ResultRefusal.NOTHING_MOVED
    await case.owner.execute(
        sql("update finding set state = 'dismissed', confirmed = false where no = :no"), {"no": case.no}
    )
    await case.owner.execute(
        sql("""insert into finding_decision (tenant_id, region, finding_id, id, at, act, actor, actor_name, reason,
            facts_sha256, pack_version) select tenant_id, region, id, gen_random_uuid(), :at, 'overturn', 'r', 'r', 'x',
            '', pack_version from finding where no = :no"""),
        {"no": case.no, "at": case.now + timedelta(hours=1)},
    )
    office.now += timedelta(hours=2)
    await office.judge()
    with pytest.raises(ResultRefusedError) as refused:
        await office.does("reviewer1", ResultAct.CORRECT)
    assert refused.value.reason is ResultRefusal.NO_PROPOSAL
    await office.does("inspector1", ResultAct.PROPOSE_CORRECT)
    await office.does("reviewer1", ResultAct.RETURN)
    await office.does("inspector1", ResultAct.PROPOSE_CORRECT)
    own = Caller(kind="bureau", tenant_id=office.bureau.tenant_id, region=CITY, actor="inspector1")
    async with office.database.write(own) as session:
        both, step = Person("x", frozenset({"inspector", "reviewer"})), ResultStep(year=2026, act=ResultAct.CORRECT)
        with pytest.raises(ResultRefusedError, match="may not decide"):
            await take_result_step(session, step, by=both, lawbook=BOOK, now=office.now)
    await office.does("reviewer1", ResultAct.CORRECT)
    final = (await office.public("final"))[code]
    assert (final.replaces, final.until) == (first.document_no, first.until)
    assert final.total > first.total
    history = sql(
        "select document_no, replaces from published_grade where tenant_id = :id and kind = 'final' order by at"
    )
    kept = (await case.owner.execute(history, {"id": case.organization.id})).all()
    assert [tuple(one) for one in kept] == [(first.document_no, None), (final.document_no, first.document_no)]
    async with office.database.read(case.caller("clerk1")) as session:
        assert "result_corrected" in [one.kind for one in (await read_inbox(session, limit=50)).notices]
    with pytest.raises(ResultRefusedError):
        await office.does("inspector1", ResultAct.PROPOSE_CORRECT)
