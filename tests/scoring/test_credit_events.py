"""The whole credit model from the database: what was pushed, what two people entered, and what the score makes of it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.deploy.demo.outset import outset
from hengjian.deploy.demo.plans import CityPlan, Plan
from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Caller, Database, sql
from hengjian.scoring import evaluate, prepare_dossier
from hengjian.scoring.api import (
    CreditAct,
    CreditDesk,
    NewCheck,
    NewPenalty,
    NewVeto,
    Person,
    find_event,
    load_lawbook,
    read_inbox,
)
from hengjian.scoring.credit_rows import read_rows
from hengjian.scoring.domain.functions import add_months
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.subjects import Made, Subject
from hengjian.scoring.domain.verdicts import Severity
from hengjian.scoring.errors import CreditEventRefusedError, UnknownCreditEventError
from hengjian.scoring.explain_score import explain_score
from hengjian.scoring.gather_subjects import gather_made, gather_subjects
from hengjian.scoring.lawbook_files import LAWBOOK_FOLDER, load_pack
from hengjian.tenants.api import KnownOrganization, get_supervised
from tests.support.api import Api, a_sender, api_over
from tests.support.waiting import until_it_waits

NOW = datetime.now(UTC)
TODAY = legal_day(NOW)
MONTH = TODAY.replace(day=1)
FINE = NewPenalty(
    document_no="乌环罚〔2026〕1号", measure="fine", fine=Decimal(20_000), decided_on=MONTH, organ="乌鲁木齐市生态环境局",
    summary="未按规范运维",
)  # fmt: skip
FIT = NewCheck(
    kind="spot_check",
    document_no="检〔2026〕1号",
    checked_on=MONTH,
    organ="乌鲁木齐市生态环境局",
    summary="抽查",
    fit=True,
)
SITE_RULE = """
id: W-0{n}
title: {{zh: 点位规则, en: a rule on sites}}
cites: {{source: S001, clause: "1", quote: 试}}
subject: item
dimension: D2
applies: stock == 999999
inputs: [installed_base, stock]
require: installed_base < {n}
unit: {{zh: "", en: ""}}
formula: {{zh: 试, en: try}}
remedy: {{zh: 试, en: try}}
severity: major
parameters: {{}}
examples:
  - {{stock: 999999, installed_base: 0, verdict: pass}}
  - {{stock: 999999, installed_base: {n}, verdict: breach, severity: major}}
  - {{stock: 999999, verdict: no_data, missing: [installed_base]}}
"""
HEAD = """
id: sites
title: {zh: 点位, en: sites}
region: ""
in_force_from: 2025-10-01
sources: {S001: {zh: 试, en: try}}
"""


def book_with_site_rules(folder: Path) -> LawBook:
    """The shipped law-book and three rules on sites, of which W-01 is the first to be breached."""
    pack = folder / "sites"
    pack.mkdir()
    (pack / "pack.yaml").write_text(HEAD, "utf-8")
    for number in (1, 2, 3):
        (pack / f"W-0{number}.yaml").write_text(SITE_RULE.format(n=number), "utf-8")
    shipped = load_lawbook(LAWBOOK_FOLDER)
    return LawBook((*shipped.packs, load_pack(pack)), shipped.credit_models)


def site_subjects() -> list[Subject]:
    """Of 51 sites 17 are sound, 17 breach one rule and 17 breach three, since the first of this month."""
    found = []
    for index in range(1, 52):
        fails = (0, 1, 3)[index % 3]
        days = tuple(sorted({MONTH, TODAY}))
        facts = {"stock": 999999, "monthly_usage": 0, "installed_base": fails}
        subject = Subject(kind="item", key=f"site {index}", label="", days=days, unit=f"PT-6501-{index:03d}")
        subject.by_day.update(dict.fromkeys(days, facts))
        found.append(subject)
    return found


@dataclass
class Firm:
    """A contractor whose whole history is pushed, and a bureau's people."""

    database: Database
    owner: AsyncConnection
    api: Api
    key: str
    organization: KnownOrganization
    book: LawBook

    async def judge(self, now: datetime = NOW) -> None:
        async with self.database.write(Caller(kind="job", tenant_id=self.organization.id, actor="t")) as session:
            await evaluate.evaluate_organization(session, self.organization.id, lawbook=self.book, now=now)

    async def last(self, columns: str = "total, grade") -> Any:
        statement = sql(f"select {columns} from score where tenant_id = :id order by month desc limit 1")
        return tuple((await self.owner.execute(statement, {"id": self.organization.id})).one())

    async def desk(self, who: str, work: Any, *, now: datetime = NOW) -> Any:
        caller = Caller(kind="bureau", tenant_id=uuid4(), region="6501", actor=who)
        async with self.database.write(caller) as session:
            organization = await get_supervised(session, self.organization.id, on=TODAY)
            assert organization is not None
            by = Person(who, frozenset({who.rstrip("12")}))
            desk = CreditDesk(
                session=session, organization=organization, region="650102", by=by, now=now, lawbook=self.book
            )
            return await work(desk)

    async def penalty(self, new: NewPenalty = FINE) -> UUID:
        identity: UUID = await self.desk("inspector1", lambda desk: desk.enter_penalty(new))
        await self.take("reviewer1", identity, CreditAct.CONFIRM)
        return identity

    async def take(self, who: str, identity: UUID, act: CreditAct, **more: Any) -> None:
        await self.desk(who, lambda desk: desk.take(identity, act, **more))

    async def told(self) -> list[tuple[str, str]]:
        """What the bureau's inbox holds of it: kind, and the code that leads to the page."""
        async with self.database.read(Caller(kind="bureau", tenant_id=uuid4(), region="6501", actor="t")) as session:
            found = (await read_inbox(session, limit=500)).notices
        code = self.organization.credit_code
        return sorted((one.kind, one.finding_no) for one in found if one.credit_code == code)

    async def vetoes(self) -> list[Any]:
        statement = sql("select id, item, rests_on, proposed_by from veto where tenant_id = :id order by item")
        return list((await self.owner.execute(statement, {"id": self.organization.id})).all())


@pytest.fixture
async def firm(
    database: Database, owner: AsyncConnection, app_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Firm]:
    async def with_sites(*given: Any, **named: Any) -> dict[UUID, Sequence[Subject]]:
        found = await gather_subjects(*given, **named)
        return {one: [*subjects, *site_subjects()] for one, subjects in found.items()}

    async def made_with_sites(*given: Any, **named: Any) -> dict[UUID, Made]:
        found = await gather_made(*given, **named)
        return {one: Made([*made.subjects, *site_subjects()], made.turns) for one, made in found.items()}

    monkeypatch.setattr(evaluate, "gather_made", made_with_sites)
    monkeypatch.setattr(prepare_dossier, "gather_subjects", with_sites)
    async with api_over(app_url) as api:
        sender = await a_sender(database)
        plan = Plan(cities=(CityPlan("6501", 51, 51, 2, early=51),), technicians=7, supervisors=2)
        code = sender.organization.credit_code
        sound = outset(1, "试验", plan, code=code, kinds=("CONTRACTOR",), region="650102", serves=("6501",))
        for push in sound:
            if push.kind != "instruments":
                await api.push(sender.key, push.kind, list(push.rows))
        people = next(push.rows for push in sound if push.kind == "people")
        left = {**next(row for row in people if row["sourceRef"] == "S-002"), "leftOn": str(MONTH)}
        await api.push(sender.key, "people", [left])
        office = next(push.rows for push in sound if push.kind == "offices")[0]
        await api.push(sender.key, "offices", [{**office, "areaM2": "40", "validFrom": str(MONTH)}])
        await push_devices(api, sender.key)
        yield Firm(database, owner, api, sender.key, sender.organization, book_with_site_rules(tmp_path))


async def push_devices(api: Api, key: str) -> None:
    """One device two and a half years old, one of half a year that failed for twenty hours today."""
    common = {"name": "分析仪", "model": "X", "pointRef": "PT-6501-001"}
    ages = {"old": add_months(TODAY, -30), "new": add_months(TODAY, -6)}
    rows = [{"sourceRef": ref, "serial": ref, **common, "commissionedOn": str(since)} for ref, since in ages.items()]
    await api.push(key, "instruments", rows)
    failure = {"sourceRef": "F1", "instrumentRef": "new", "beganAt": f"{TODAY}T00:00:00+08:00"}
    await api.push(key, "deviceFailures", [failure])
    await api.push(key, "deviceFailures", [{**failure, "repairedAt": f"{TODAY}T20:00:00+08:00"}])


async def test_the_worked_example_comes_out_of_the_database(firm: Firm) -> None:
    """17.5 + 42.6 + 10 + 9.25 + 5 + 10 = 94.35, A; with a fine of 20,000 yuan 79.35, B; of 20,001 yuan 74.35, C."""
    check = await firm.desk("inspector1", lambda desk: desk.enter_check(FIT))
    await firm.take("reviewer1", check, CreditAct.CONFIRM)
    await firm.judge()
    total, grade, dimensions = await firm.last("total, grade, dimensions")
    points = {one["id"]: one["score"] for one in dimensions}
    assert points == {"D1": "17.50", "D2": "42.60", "D3": "10.00", "D4": "9.25", "D5": "5.00", "D6": "10.00"}
    assert (total, grade) == (Decimal("94.35"), "A")
    fine = await firm.penalty()
    await firm.judge()
    assert await firm.last() == (Decimal("79.35"), "B")
    await firm.take(
        "inspector1", fine, CreditAct.PROPOSE_ANNUL, on_day=TODAY, document_no="撤〔2026〕1号", reason="复议"
    )
    await firm.take("reviewer1", fine, CreditAct.ANNUL)
    await firm.penalty(replace(FINE, document_no="乌环罚〔2026〕2号", fine=Decimal(20_001)))
    await firm.judge()
    assert await firm.last() == (Decimal("74.35"), "C")
    steps = (await firm.last("steps"))[0]
    assert [(one["ref"], one["points"]) for one in steps if one["cause"] == "penalty"] == [
        ("乌环罚〔2026〕2号", "-20.00")
    ]


async def test_what_is_unknown_is_not_assessed(firm: Firm) -> None:
    """Without a check D5 takes and gives nothing; nobody loses points for what nobody looked at."""
    await firm.judge()
    dimensions = (await firm.last("dimensions"))[0]
    assert {one["id"] for one in dimensions if one["score"] is None} == {"D5"}
    assert (await firm.last())[0] == Decimal("94.35")


async def test_the_explained_score_is_the_stored_one(firm: Firm) -> None:
    """The same history is gathered for the page, the dossier and the stored score."""
    await firm.penalty()
    await firm.judge()
    async with firm.database.read(Caller(kind="job", tenant_id=firm.organization.id, actor="t")) as session:
        organization = await get_supervised(session, firm.organization.id, on=TODAY)
        assert organization is not None
        found = await explain_score(session, organization, region="650102", as_of=TODAY, since=MONTH, lawbook=firm.book)
    assert found.provisional.score.total == Decimal("79.35")
    assert "乌环罚〔2026〕1号" in {step.ref for step in found.provisional.score.steps}


@pytest.mark.parametrize(
    ("measure", "fine", "points"),
    [("correction_order", None, 3), ("warning", None, 5), ("fine", 10_000, 10), ("fine", 20_000, 15),
     ("fine", 30_000, 20), ("fine", 50_000, 25), ("fine", 100_000, 30), ("fine", 200_000, 35), ("fine", 300_000, 40),
     ("fine", 400_000, 45), ("fine", 400_001, 50), ("confiscation", None, 25), ("accreditation_revoked", None, 30),
     ("court_duty_unpaid", None, 30), ("business_restricted", None, 40), ("detention", None, 60),
     ("inspection_refused", None, 65), ("crime", None, 70)],
)  # fmt: skip
async def test_a_penalty_of_every_rung_costs_its_points(
    database: Database, owner: AsyncConnection, measure: str, fine: int | None, points: int
) -> None:
    """From the table to the step of the score, beyond the ten points of its dimension."""
    organization = (await a_sender(database)).organization
    firm = Firm(database, owner, None, "", organization, load_lawbook())  # type: ignore[arg-type]  # nothing is pushed
    amount = None if fine is None else Decimal(fine)
    await firm.penalty(replace(FINE, measure=measure, fine=amount))
    await firm.judge()
    steps = (await firm.last("steps"))[0]
    assert [one["points"] for one in steps if one["cause"] == "penalty"] == [f"{-points}.00"]


async def test_nobody_confirms_what_they_entered(firm: Firm) -> None:
    """Four eyes: until another person has confirmed it, a penalty costs nothing; a document is entered once."""
    identity = await firm.desk("inspector1", lambda desk: desk.enter_penalty(FINE))
    await firm.judge()
    assert (await firm.last())[0] == Decimal("94.35")
    both = Person("inspector1", frozenset({"inspector", "reviewer"}))
    with pytest.raises(CreditEventRefusedError, match="may not decide"):
        await firm.desk("inspector1", lambda desk: replace(desk, by=both).take(identity, CreditAct.CONFIRM))
    with pytest.raises(CreditEventRefusedError, match="entered already"):
        await firm.penalty()
    with pytest.raises(CreditEventRefusedError, match="not later than today"):
        await firm.penalty(replace(FINE, document_no="x", decided_on=TODAY + timedelta(days=1)))
    async with firm.database.read(Caller(kind="bureau", tenant_id=uuid4(), region="6502", actor="t")) as session:
        with pytest.raises(UnknownCreditEventError):
            await find_event(session, firm.organization.id, identity)


async def test_two_people_at_once_enter_a_document_once(firm: Firm) -> None:
    """Whoever comes second waits for the first, and is told that it is entered."""

    async def entered(desk: CreditDesk) -> None:
        await desk.enter_penalty(FINE)
        second = asyncio.create_task(firm.desk("inspector2", lambda other: other.enter_penalty(FINE)))
        await until_it_waits(firm.owner, second)
        after.append(second)

    after: list[asyncio.Task[Any]] = []
    await firm.desk("inspector1", entered)
    with pytest.raises(CreditEventRefusedError, match="entered already"):
        await after[0]


async def test_a_failure_belongs_to_the_day_that_people_live(firm: Firm) -> None:
    """One that began at midnight in Beijing, still yesterday in Greenwich, is read from its own day on."""
    async with firm.database.read(Caller(kind="job", tenant_id=firm.organization.id, actor="t")) as session:
        for since, count in ((TODAY, 1), (TODAY + timedelta(days=1), 0)):
            rows = await read_rows(session, [firm.organization.id], since=since, kinds=("failure",))
            assert len(rows[firm.organization.id]["failure"]) == count


async def test_a_repaired_penalty_counts_no_more(firm: Firm) -> None:
    """Repair needs the duty done, is decided by two, and works three months after the duty at the earliest."""
    decided = add_months(TODAY, -5)
    identity = await firm.penalty(replace(FINE, decided_on=decided))
    repair: dict[str, Any] = {"on_day": TODAY, "document_no": "修复〔2026〕1号", "reason": "已履行"}
    with pytest.raises(CreditEventRefusedError, match="not done"):
        await firm.take("inspector1", identity, CreditAct.PROPOSE_REPAIR, **repair)
    await firm.take("inspector1", identity, CreditAct.DUTY_DONE, on_day=decided)
    await firm.take("inspector1", identity, CreditAct.PROPOSE_REPAIR, **repair)
    await firm.judge()
    assert (await firm.last())[0] == Decimal("79.35")
    await firm.take("reviewer1", identity, CreditAct.REPAIR)
    await firm.judge()
    assert (await firm.last())[0] == Decimal("94.35")


async def test_the_engine_proposes_a_veto_and_people_decide(firm: Firm) -> None:
    """Proven falsification is laid before people once; grade D comes with the decision's day and holds six months."""
    await firm.penalty(replace(FINE, conduct="falsification"))
    await firm.judge()
    await firm.judge()
    ((identity, item, rests_on, by),) = await firm.vetoes()
    news = sql("select payload ->> 'id' from outbox where name = 'credit.proposed' and payload ->> 'tenant_id' = :id")
    told = (await firm.owner.execute(news, {"id": str(firm.organization.id)})).scalars().all()
    assert told == [str(identity)]
    assert await firm.told() == [("credit_waits", "乌环罚〔2026〕1号"), ("veto_proposed", str(identity))]
    assert (item, rests_on, by) == ("falsification", ["乌环罚〔2026〕1号"], "law-book")
    assert (await firm.last("grade"))[0] == "B"
    decided = add_months(TODAY, -2)
    with pytest.raises(CreditEventRefusedError, match="number of the document"):
        await firm.take("inspector1", identity, CreditAct.PROPOSE_DECIDE, on_day=decided)
    await firm.take("inspector1", identity, CreditAct.PROPOSE_DECIDE, on_day=decided, document_no="决〔2026〕7号")
    await firm.judge()
    assert (await firm.last("grade"))[0] == "B"
    await firm.take("reviewer1", identity, CreditAct.DECIDE)
    await firm.judge()
    assert await firm.last("grade, official_grade") == ("D", "D")
    statement = sql("select as_of, grade from score where tenant_id = :id order by month")
    months = (await firm.owner.execute(statement, {"id": firm.organization.id})).all()
    assert {as_of for as_of, grade in months if grade == "D"} == {as_of for as_of, _ in months if as_of >= decided}
    held_until = add_months(decided, 6)
    for day in (held_until - timedelta(days=1), held_until, add_months(held_until, 1)):
        await firm.judge(datetime(day.year, day.month, day.day, 4, tzinfo=UTC))
        latest = sql("select grade from standing where tenant_id = :id")
        found = (await firm.owner.execute(latest, {"id": firm.organization.id})).scalar_one()
        assert found == "D", day  # nobody has applied for another grade
    assert len(await firm.vetoes()) == 1


async def test_a_declined_veto_is_not_proposed_again(firm: Firm) -> None:
    """Declined with a reason by two people, the same grounds never come back; new grounds do."""
    await firm.penalty(replace(FINE, measure="crime", fine=None))
    await firm.judge()
    ((identity, item, *_),) = await firm.vetoes()
    assert item == "criminal_judgment"
    with pytest.raises(CreditEventRefusedError, match="reason"):
        await firm.take("inspector1", identity, CreditAct.PROPOSE_DECLINE)
    await firm.take("inspector1", identity, CreditAct.PROPOSE_DECLINE, reason="二审改判")
    await firm.take("reviewer1", identity, CreditAct.DECLINE, reason="二审改判")
    await firm.judge()
    assert len(await firm.vetoes()) == 1
    await firm.penalty(replace(FINE, document_no="刑〔2026〕2号", measure="crime", fine=None))
    await firm.judge()
    assert [one.rests_on for one in await firm.vetoes()] == [["乌环罚〔2026〕1号"], ["刑〔2026〕2号"]]


async def test_a_person_may_enter_a_veto(firm: Firm) -> None:
    """With its document, laid before a second person; the first may not decide it."""
    new = NewVeto(item="forged_document", document_no="决〔2026〕9号", decided_on=TODAY, ground="伪造备案材料")
    identity = await firm.desk("inspector1", lambda desk: desk.enter_veto(new))
    await firm.take("reviewer1", identity, CreditAct.DECIDE)
    await firm.judge()
    assert (await firm.last("grade"))[0] == "D"


async def test_an_unfit_check_and_a_late_rectification_cost_points(firm: Firm) -> None:
    """K-05 costs by the document's severity on the day of the check, K-03 two points a month once the due day is past."""
    later = NOW if TODAY > MONTH else NOW + timedelta(days=1)
    due_on = legal_day(later) - timedelta(days=1)
    unfit = replace(FIT, fit=False, severity=Severity.MINOR, due_on=due_on)
    identity = await firm.desk("inspector1", lambda desk: desk.enter_check(unfit))
    await firm.take("reviewer1", identity, CreditAct.CONFIRM)
    await firm.judge(later)
    rules = {one["rule"]: one["points"] for one in (await firm.last("losses"))[0] if one["dimension"] == "D5"}
    assert rules == {"K-03": "2.00", "K-05": "0.50"}
    await firm.take("inspector1", identity, CreditAct.RECTIFIED, on_day=due_on)
    await firm.judge(later)
    rules = {one["rule"]: one["points"] for one in (await firm.last("losses"))[0] if one["dimension"] == "D5"}
    assert rules == {"K-05": "0.50"}
