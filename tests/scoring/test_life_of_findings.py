"""Findings live by what people do: statements, decisions, notices, scores; each side within its own walls."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Caller, Database, sql
from hengjian.platform.file_room import QUOTA, FileQuotaError, FileRoom
from hengjian.platform.objects import Objects
from hengjian.scoring.api import (
    Act,
    Attachment,
    FindingFilter,
    Person,
    Refusal,
    decide_finding,
    effect_of_confirming,
    evaluate_organization,
    list_findings,
    load_lawbook,
    mark_read,
    open_stated_file,
    preview_steps,
    read_finding,
    read_inbox,
    read_life,
    state_finding,
    take_steps,
)
from hengjian.scoring.errors import StatementRefusedError, StepRefusedError, UnknownFindingError
from hengjian.scoring.remind import remind_of_due
from hengjian.tenants.api import KnownOrganization
from tests.scoring.test_fieldwork import day_visit
from tests.support.api import Api, a_sender, api_over

BOOK = load_lawbook()
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
PDF = Attachment("录用合同.pdf", b"%PDF-1.7 contract")


@dataclass
class Case:
    """A contractor with findings, its bureau, and the people of both."""

    database: Database
    owner: AsyncConnection
    api: Api
    key: str
    organization: KnownOrganization
    no: str
    now: datetime = NOW

    def caller(self, who: str) -> Caller:
        if who.startswith("clerk"):
            home = self.organization
            return Caller(kind="member", tenant_id=home.id, region=home.region, actor=who)
        return Caller(kind="bureau", tenant_id=self.organization.id, region="6501", actor=who)

    async def does(self, who: str, act: Act, *, reason: str = "事实清楚", until: date | None = None) -> None:
        person = Person(who, frozenset({who.rstrip("12")}))
        async with self.database.write(self.caller(who)) as session:
            await decide_finding(session, self.no, act, by=person, reason=reason, until=until, now=self.now)

    async def says(
        self, text: str = "已录用一名运维人员", *files: Attachment, objection: bool = False, quota: int = QUOTA
    ) -> Objects:
        objects, by = Objects("memory://"), Person("李春梅", frozenset({"clerk"}))
        async with self.database.write(self.caller("clerk1")) as session:
            await state_finding(
                session,
                self.no,
                by=by,
                text=text,
                objection=objection,
                files=files,
                room=FileRoom(objects, quota),
                now=self.now,
            )
        return objects

    async def judge(self) -> None:
        async with self.database.write(Caller(kind="job", tenant_id=self.organization.id, actor="t")) as session:
            await evaluate_organization(session, self.organization.id, lawbook=BOOK, now=self.now)

    async def row(self, columns: str = "state") -> Any:
        return (await self.owner.execute(sql(f"select {columns} from finding where no = :no"), {"no": self.no})).one()

    async def scores(self) -> tuple[Decimal | None, Decimal | None]:
        statement = sql("select total, official_total from score where tenant_id = :id order by month desc limit 1")
        return tuple((await self.owner.execute(statement, {"id": self.organization.id})).one())

    async def losing(self) -> list[str]:
        """The rules that cost points in the provisional score."""
        statement = sql("select losses from score where tenant_id = :id order by month desc limit 1")
        losses = (await self.owner.execute(statement, {"id": self.organization.id})).scalar_one()
        return [loss["rule"] for loss in losses]

    async def to_confirmed(self) -> None:
        await self.does("inspector1", Act.NOTIFY)
        await self.says()
        await self.does("inspector1", Act.PROPOSE_CONFIRM)
        await self.does("reviewer1", Act.CONFIRM)


@pytest.fixture
async def case(database: Database, owner: AsyncConnection, app_url: str) -> Any:
    async with api_over(app_url) as api:
        sender = await a_sender(database)
        technician = {"role": "TECHNICIAN", "hiredOn": "2024-01-05"}
        await api.push(sender.key, "people", [{"sourceRef": f"P{n}", "name": f"甲{n}", **technician} for n in range(4)])
        await api.push(sender.key, "points", [point(n) for n in range(41)])
        made = Case(database, owner, api, sender.key, sender.organization, "")
        async with database.write(Caller(kind="job", tenant_id=sender.organization.id, actor="t")) as session:
            await evaluate_organization(session, sender.organization.id, lawbook=BOOK, now=NOW)
        found = sql("select no from finding where tenant_id = :id and rule_id = 'C-05' and closed_on is null")
        made.no = (await owner.execute(found, {"id": sender.organization.id})).scalar_one()
        yield made


def point(n: int) -> dict[str, Any]:
    fixed = {"discharger": "纸业", "medium": "WATER", "city": "6501", "inServiceFrom": "2026-02-01"}
    return {"sourceRef": f"PT{n}", "name": f"口{n}", **fixed}


async def test_only_what_two_people_confirmed_costs_points_officially(case: Case) -> None:
    """Notice, statement, proposal, confirmation; the official score falls with the last, by what was foretold."""
    await case.judge()
    provisional, before = await case.scores()
    assert before == 100
    assert provisional is not None
    assert provisional < 100
    async with case.database.read(case.caller("reviewer1")) as session:
        effect = await effect_of_confirming(session, case.no, lawbook=BOOK, on=NOW.date())
    await case.to_confirmed()
    await case.judge()
    assert effect is not None
    assert effect.without == 100
    assert (await case.scores()) == (provisional, effect.with_it)
    assert effect.with_it < 100
    assert (await case.row("state, confirmed, deciders")) == ("confirmed", True, ["inspector1", "reviewer1"])


async def test_a_dismissal_outlives_judgement_until_the_facts_change(case: Case) -> None:
    """The same facts leave it dismissed and free of points; one more point in service begins it anew."""
    await case.does("inspector1", Act.NOTIFY)
    await case.says()
    await case.does("inspector1", Act.PROPOSE_DISMISS)
    await case.does("reviewer1", Act.DISMISS)
    assert "C-05" in await case.losing()
    await case.judge()
    assert (await case.row()).state == "dismissed"
    assert "C-05" not in await case.losing()
    await case.api.push(case.key, "points", [point(99)])
    await case.judge()
    assert (await case.row("state, confirmed, proposal")) == ("detected", False, None)
    async with case.database.read(case.caller("inspector1")) as session:
        found = await read_finding(session, case.no)
    assert found is not None
    told = [event.event for event in found.events]
    assert told == ["detected", "notify", "state", "propose_dismiss", "dismiss", "rejudged"]


async def test_time_alone_undoes_no_decision(case: Case) -> None:
    """A clock runs on night after night: what was proposed stays proposed, and what was dismissed dismissed."""
    visit = day_visit("v", "2026-10-01", pointRef="PT0", personRef="P0")
    await case.api.push(case.key, "visits", [visit])
    await case.judge()
    asked = sql("select no from finding where tenant_id = :id and rule_id = 'C-23' and subject = 'PT1'")
    case.no = (await case.owner.execute(asked, {"id": case.organization.id})).scalar_one()
    await case.does("inspector1", Act.NOTIFY)
    await case.says()
    await case.does("inspector1", Act.PROPOSE_DISMISS)
    case.now += timedelta(days=1)
    await case.judge()
    assert (await case.row("proposal")).proposal == "dismiss"
    await case.does("reviewer1", Act.DISMISS)
    case.now += timedelta(days=1)
    await case.judge()
    assert (await case.row()).state == "dismissed"
    async with case.database.read(case.caller("inspector1")) as session:
        found = await read_finding(session, case.no)
    assert found is not None
    assert [event.event for event in found.events] == ["detected", "notify", "state", "propose_dismiss", "dismiss"]


async def test_a_confirmed_breach_that_ends_is_rectified_then_verified_by_two(case: Case) -> None:
    """Hiring ends it; an inspector verifies, a reviewer closes, and the confirmation costs what it did."""
    await case.to_confirmed()
    await case.judge()
    _, before = await case.scores()
    hired = [{"sourceRef": f"Q{n}", "name": "乙", "role": "TECHNICIAN", "hiredOn": "2026-11-10"} for n in range(4)]
    await case.api.push(case.key, "people", hired)
    await case.judge()
    assert (await case.row("state, closed_on")) == ("rectified", date(2026, 11, 10))
    async with case.database.read(case.caller("inspector2")) as session:
        assert "rectified" in {one.kind for one in (await read_inbox(session, limit=10_000)).notices}
    await case.does("inspector2", Act.VERIFY)
    await case.does("reviewer1", Act.CLOSE)
    await case.judge()
    assert (await case.row("state, confirmed")) == ("closed", True)
    assert (await case.scores())[1] == before


async def test_an_objection_freezes_the_item_and_others_decide_it(case: Case) -> None:
    """Fifteen working days; neither of the two who decided; won, it costs nothing."""
    await case.to_confirmed()
    await case.says("人数有误", objection=True)
    assert (await case.row("objected, frozen_on, due_on")) == (True, date(2026, 11, 20), date(2026, 12, 11))
    with pytest.raises(StepRefusedError) as refused:
        await case.does("inspector1", Act.PROPOSE_DISMISS)
    assert refused.value.reason is Refusal.DECIDED_BEFORE
    await case.does("inspector2", Act.PROPOSE_DISMISS)
    await case.does("reviewer2", Act.DISMISS)
    await case.judge()
    assert (await case.row("state, objected, frozen_on")) == ("dismissed", False, None)
    assert (await case.scores())[1] == 100


async def test_what_was_handed_in_is_kept_by_hash_and_seen_by_both_sides_only(case: Case) -> None:
    """The file comes back as it was; another organization and another city find no finding."""
    await case.does("inspector1", Act.NOTIFY)
    objects = await case.says("见附件", PDF)
    for who in ("clerk1", "inspector1"):
        async with case.database.read(case.caller(who)) as session:
            found = await read_life(session, case.no)
            assert found is not None
            file = found.statements[0].files[0]
            assert (await open_stated_file(session, objects, case.no, file.sha256))[1] == PDF.content
    other = Caller(kind="bureau", region="6502", actor="inspector9")
    async with case.database.write(other) as session:
        assert await read_life(session, case.no) is None
        person = Person("x", frozenset({"inspector"}))
        with pytest.raises(UnknownFindingError):
            await decide_finding(session, case.no, Act.PROPOSE_CONFIRM, by=person, reason="x", until=None, now=NOW)


@pytest.mark.parametrize(
    "file",
    [*(Attachment(name, b"MZ") for name in ("a.exe", "a.pdf", "a", "a.png")), replace(PDF, name="a\0.pdf")],
    ids=repr,
)
async def test_a_file_that_is_not_what_it_says_is_refused_with_the_statement(case: Case, file: Attachment) -> None:
    """Nothing of it stays: no statement, no step."""
    await case.does("inspector1", Act.NOTIFY)
    with pytest.raises(StatementRefusedError):
        await case.says("见附件", file)
    assert (await case.row()).state == "notified"


async def test_without_room_files_are_refused_with_the_statement_and_words_alone_are_heard(case: Case) -> None:
    """Nothing of the refused one stays; a full room does not keep an organization from stating its case."""
    await case.does("inspector1", Act.NOTIFY)
    with pytest.raises(FileQuotaError):
        await case.says("见附件", PDF, quota=len(PDF.content) - 1)
    assert (await case.row()).state == "notified"
    await case.says("附件另送", quota=1)
    assert (await case.row()).state == "stated"


async def test_an_organization_can_neither_decide_nor_rewrite(case: Case) -> None:
    """The database itself refuses: another state, a decision, a statement of before."""
    await case.does("inspector1", Act.NOTIFY)
    await case.says()
    for deed in (
        "update finding set state = 'dismissed' where no = :no",
        "update finding set confirmed = false where no = :no",
        "update finding set objected = true, state = 'confirmed' where no = :no",
        "insert into finding_decision select tenant_id, region, id, id, now(), 'dismiss', '', '', '', null, '', '' from finding where no = :no",
        "update finding_statement set text = :no",
        "delete from finding_event where event <> :no",
    ):
        with pytest.raises(DBAPIError, match=r"row-level security|permission denied"):
            async with case.database.write(case.caller("clerk1")) as session:
                await session.run(sql(deed), {"no": case.no})


async def test_proposals_stay_inside_the_bureau(case: Case) -> None:
    """The organization sees the notice and its own words, not what awaits review."""
    await case.does("inspector1", Act.NOTIFY)
    await case.says()
    await case.does("inspector1", Act.PROPOSE_DISMISS, reason="拟驳回")
    async with case.database.read(case.caller("clerk1")) as session:
        life, found = await read_life(session, case.no), await read_finding(session, case.no)
    assert life is not None
    assert found is not None
    assert [one.act for one in life.decisions] == ["notify"]
    assert [one.event for one in found.events] == ["detected", "notify", "state"]


async def test_many_at_once_are_previewed_and_what_was_answered_is_left_for_itself(case: Case) -> None:
    """All open findings are notified; the answered one is not confirmed with the others."""
    numbers = sql("select no from finding where tenant_id = :id and closed_on is null order by no")
    nos = list((await case.owner.execute(numbers, {"id": case.organization.id})).scalars())
    assert len(nos) > 2
    by = Person("甲", frozenset({"inspector"}))
    async with case.database.write(case.caller("inspector1")) as session:
        preview = await preview_steps(session, [*nos, "WG-0-0"], Act.NOTIFY, by=by, now=NOW)
        done = await take_steps(session, nos, Act.NOTIFY, by=by, reason="", until=None, now=NOW)
    assert set(preview.ready) == set(done.ready) == set(nos)
    await case.says()
    after = NOW + timedelta(days=10)
    async with case.database.write(case.caller("inspector1")) as session:
        done = await take_steps(session, nos, Act.PROPOSE_CONFIRM, by=by, reason="逾期未陈述", until=None, now=after)
    assert done.refused == ((case.no, Refusal.ONE_BY_ONE),)
    assert set(done.ready) == set(nos) - {case.no}


async def test_each_side_has_its_inbox_and_its_own_marks(case: Case) -> None:
    """A notice comes once to the side concerned; what one person has read is unread for the next; reminders once."""
    await case.does("inspector1", Act.NOTIFY)
    async with case.database.write(case.caller("clerk1")) as session:
        inbox = await read_inbox(session, limit=10)
        assert [(one.kind, one.due_on) for one in inbox.notices] == [("notify", date(2026, 11, 27))]
        assert await mark_read(session, [one.id for one in inbox.notices]) == 1
        assert await mark_read(session, [one.id for one in inbox.notices]) == 0
        assert (await read_inbox(session, limit=10)).unread == 0
    async with case.database.read(case.caller("clerk2")) as session:
        assert (await read_inbox(session, limit=10)).unread == 1
    job = Caller(kind="job", tenant_id=case.organization.id, actor="t")
    given = []
    for day in (20, 26, 26, 28, 29):
        async with case.database.write(job) as session:
            now = datetime(2026, 11, day, 1, tzinfo=UTC)
            given.append(await remind_of_due(session, case.organization.id, now=now))
    assert given == [0, 1, 0, 2, 0]


async def test_judging_waits_for_a_decision_that_is_being_taken(case: Case) -> None:
    """What somebody decides while the organization is judged is not undone by what the engine had read before."""
    await case.does("inspector1", Act.NOTIFY)
    await case.says()
    await case.does("inspector1", Act.PROPOSE_CONFIRM)
    await case.api.push(case.key, "points", [point(0) | {"name": "改名"}, point(99)])
    by = Person("复核", frozenset({"reviewer"}))
    async with case.database.write(case.caller("reviewer1")) as session:
        await decide_finding(session, case.no, Act.CONFIRM, by=by, reason="属实", until=None, now=NOW)
        judging = asyncio.create_task(case.judge())
        await asyncio.sleep(0.5)
        assert not judging.done()
    await judging
    assert (await case.row("state, confirmed, measured")) == ("confirmed", True, "10.5")


async def test_what_awaits_review_is_listed_for_the_bureau_alone(case: Case) -> None:
    """The organization asking the same learns nothing of proposals."""
    await case.does("inspector1", Act.NOTIFY)
    await case.says()
    for proposed in (0, 1):
        found = {}
        for who in ("reviewer1", "clerk1"):
            async with case.database.read(case.caller(who)) as session:
                mine = FindingFilter(tenant_id=case.organization.id, proposed=True)
                _, found[who] = await list_findings(session, mine, sort="-severity", limit=9)
        assert found["reviewer1"] == proposed
        assert found["clerk1"] > 1
        if not proposed:
            await case.does("inspector1", Act.PROPOSE_DISMISS)


async def test_nobody_states_without_end(case: Case) -> None:
    """Twenty statements are enough for one finding."""
    await case.does("inspector1", Act.NOTIFY)
    for number in range(20):
        await case.says(f"第 {number} 次")
    with pytest.raises(StatementRefusedError):
        await case.says("又一次")
