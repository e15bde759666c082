"""A change of a rule from draft to the day on which it is in force, and what people may not do with it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Caller, Database, sql
from hengjian.scoring.api import (
    ChangeAct,
    ChangeKind,
    NewChange,
    ScoringError,
    Stage,
    allowed_change_acts,
    check_change,
    draft_switch_off,
    evaluate_organization,
    latest_impact,
    list_changes,
    list_impact_rows,
    list_shadow_findings,
    own_change_effects,
    read_inbox,
    redraft_change,
    return_change,
    withdraw_change,
)
from hengjian.scoring.changes.jobs import judge_in_shadow, tell_of_change
from hengjian.scoring.changes.overlay import ChangeInBook, overlay
from hengjian.scoring.jobs import evaluate
from tests.scoring.changing import (
    AUTHOR,
    BOOK,
    EXAMPLES,
    FIRST_DAY,
    REVIEWER,
    Office,
    a_firm,
    an_office,
    forget_changes,
    seen,
    to_45,
)
from tests.support.people import OPERATOR

_SERVES = sql("""insert into supervision select id, '6523', '2020-01-01', '9999-12-31', false, credit_code, name,
    pinyin, initials, kinds from organization where id = :id""")
TODAY = legal_day(datetime.now(UTC))
FACTS = {"points": 50, "supervisors": 1}


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


@pytest.fixture
async def office(database: Database, owner: AsyncConnection) -> AsyncIterator[Office]:
    """A city's bureau; what it put in force is gone with the test."""
    yield await an_office(database, "6523")
    await forget_changes(owner)


async def test_the_changed_limit_holds_from_its_day_and_only_there(office: Office) -> None:
    """45 instead of 50 points in the bureau's city and its counties from the day on, 50 everywhere and ever else."""
    no = await office.put_through()
    book = await office.book()
    for region, day, verdict in (
        ("6523", FIRST_DAY - timedelta(days=1), "pass"),
        ("6523", FIRST_DAY, "breach"),
        ("652301", FIRST_DAY, "breach"),
        ("6502", FIRST_DAY, "pass"),
        ("65", FIRST_DAY, "pass"),
    ):
        rule = book.rule_in_force("C-04", region=region, on=day)
        assert rule is not None
        assert rule.judge(FACTS).verdict == verdict, (region, day)
    detail = await office.read(no)
    assert detail.head.stage is Stage.SHADOW
    assert [step.act for step in detail.steps] == ["draft", "check", "impact", "submit", "approve"]
    assert (detail.value_before, detail.head.value) == ("50", "45")
    assert "parameters.points_per_supervisor[1].value" in {one.path for one in detail.differences}
    assert detail.rule_version_before != detail.rule_version_after


async def test_nobody_approves_what_he_drafted(office: Office) -> None:
    """Neither through the application nor straight in the database."""
    no = await office.draft()
    await office.check(no)
    await office.preview(no)
    await office.submit(no)
    async with office.database.read(office.caller("account:second")) as session:
        told = [(one.kind, one.finding_no) for one in (await read_inbox(session, limit=50)).notices]
    assert ("change_submitted", no) in told
    with pytest.raises(ScoringError, match="may not approve"):
        await office.approve(no, who="account:author", by=AUTHOR)
    update = sql("update rule_change set state = 'approved', approved_by = drafted_by where no = :no")
    async with office.database.write(office.caller()) as session:
        with pytest.raises(DBAPIError, match="four_eyes"):
            await session.run(update, {"no": no})
    await office.approve(no)


@pytest.mark.parametrize(
    ("new", "wanted"),
    [
        (to_45(examples=""), "give one with the same facts"),
        (to_45(examples=EXAMPLES.replace("required: 2", "required: 9")), "expected 9, got 2"),
        (to_45(examples=EXAMPLES + "- {pints: 3, verdict: pass}\n"), "examples.yaml:4"),
        (to_45(value="50", examples=""), "no example shows what changes"),
        (to_45(value="many"), "points_per_supervisor"),
        (to_45(parameter="points"), "has no parameter"),
        (to_45(kind=ChangeKind.TEXT, text="id: C-04\nrequire: x\n"), "C-04.yaml"),
    ],
)
async def test_a_change_that_is_not_green_goes_no_further(office: Office, new: NewChange, wanted: str) -> None:
    """The check says what is wrong and where; neither preview nor approval comes before it is mended."""
    no = await office.draft(new)
    checked = await office.check(no)
    assert not checked.ok
    assert any(wanted in problem.en for problem in checked.problems), checked.problems
    with pytest.raises(ScoringError, match="run the check first"):
        await office.preview(no)
    async with office.database.write(office.caller()) as session:
        await redraft_change(session, no, to_45(), by=AUTHOR, book=BOOK, now=office.now)
    assert (await office.check(no)).ok


@pytest.mark.parametrize("field", ["reason", "clause", "value", "examples"])
async def test_a_draft_that_cannot_be_kept_is_refused_at_once(office: Office, field: str) -> None:
    """NUL has no place in the database: the author is told, and nothing is drafted."""
    with pytest.raises(ScoringError, match="NUL"):
        await office.draft(to_45(**{field: "45\0"}))


async def test_the_check_suggests_what_the_moved_examples_become(office: Office) -> None:
    """An author who accepts the suggestion is green at once."""
    no = await office.draft(to_45(examples=""))
    suggested = (await office.check(no)).suggested
    async with office.database.write(office.caller()) as session:
        await redraft_change(session, no, to_45(examples=suggested), by=AUTHOR, book=BOOK, now=office.now)
    assert (await office.check(no)).ok


async def test_facts_that_several_examples_share_are_told_once(office: Office, database: Database) -> None:
    """Where another region already changed the rule, its examples repeat the facts of the first ones."""
    await office.put_through()
    there = await an_office(database, "6540")
    no, book = await there.draft(to_45(examples="")), await there.book()
    async with database.write(there.caller()) as session:
        checked = await check_change(session, no, by=AUTHOR, book=book, now=there.now)
    facts = [sorted(one.facts.items()) for one in checked.moved]
    assert facts
    assert all(facts.count(one) == 1 for one in facts)
    assert checked.suggested.count("\n") == len(facts)


async def test_a_preview_of_something_else_does_not_count(office: Office) -> None:
    """Whoever edits after the preview checks and previews again."""
    no = await office.draft()
    await office.check(no)
    await office.preview(no)
    async with office.database.write(office.caller()) as session:
        await redraft_change(session, no, to_45(reason="另有理由"), by=AUTHOR, book=BOOK, now=office.now)
    await office.check(no)
    with pytest.raises(ScoringError, match="preview the impact"):
        await office.submit(no)


async def test_the_shadow_days_lie_before_the_first_day(office: Office) -> None:
    """A change that would be in force in a week is not approved."""
    no = await office.draft(to_45(from_day=TODAY + timedelta(days=7)))
    await office.check(no)
    await office.preview(no)
    with pytest.raises(ScoringError, match="14 days after approval"):
        await office.submit(no)
    with pytest.raises(ScoringError, match="tomorrow"):
        await office.draft(to_45(from_day=TODAY))


async def test_the_preview_tells_who_starts_breaching_and_whose_points_move(office: Office) -> None:
    """50 points with one supervisor begin to breach, 40 do not, 120 with one breach as before; other cities stay out."""
    starts = await a_firm(office.database, "652301", points=50, supervisors=1)
    sound = await a_firm(office.database, "652301", points=40, supervisors=1)
    worse = await a_firm(office.database, "652302", points=93, supervisors=1)
    elsewhere = await a_firm(office.database, "650203", points=50, supervisors=1)
    guest = await a_firm(office.database, "650204", points=50, supervisors=1)
    async with office.database.write(OPERATOR) as session:
        await session.run(_SERVES, {"id": guest})
    no = await office.draft()
    await office.check(no)
    identity = await office.preview(no)
    async with office.database.read(office.caller()) as session:
        impact = await latest_impact(session, no)
        rows = {row.organization_id: row for row in (await list_impact_rows(session, identity)).rows}
    assert impact is not None
    assert (impact.state, impact.done, impact.fresh) == ("done", impact.total, True)
    assert impact.summary.starts == 2
    assert (rows[guest].effect, rows[guest].region) == ("starts", "6523")
    assert impact.summary.replayed >= 3
    assert impact.summary.replay_differs == 0
    assert rows[starts].effect == "starts"
    assert rows[starts].days_after == (impact.until - impact.since).days + 1
    assert rows[starts].months
    assert rows[worse].effect == "same"  # two were wanted, now three: as many days
    assert sound not in rows
    assert elsewhere not in rows


async def test_the_preview_says_what_judging_would_have_said(office: Office, owner: AsyncConnection) -> None:
    """Every month's score after the change is the one that a whole evaluation by the changed law-book stores."""
    firm = await a_firm(office.database, "652302", points=50, supervisors=1)
    no = await office.draft()
    await office.check(no)
    identity = await office.preview(no)
    async with office.database.read(office.caller()) as session:
        rows = {row.organization_id: row for row in (await list_impact_rows(session, identity)).rows}
        impact = await latest_impact(session, no)
    assert impact is not None
    always = ChangeInBook(no=no, region="6523", new=to_45(from_day=impact.since))
    await evaluate(office.database, {"tenant_id": str(firm)}, lawbook=overlay(BOOK, [always]))
    query = sql("select month, total, grade from score where tenant_id = :id")
    stored = {row.month.isoformat(): row for row in (await owner.execute(query, {"id": firm})).all()}
    assert rows[firm].months
    for month in rows[firm].months:
        real = stored[month["month"]]
        assert (Decimal(month["total_after"]), month["grade_after"]) == (real.total, real.grade)
        assert month["total_before"] != month["total_after"]


async def test_judging_picks_it_up_on_its_day_and_the_day_before_stays(office: Office, owner: AsyncConnection) -> None:
    """The evening before, the changed law-book stores what the old one does; from the first day on there is a finding."""
    firm = await a_firm(office.database, "652301", points=50, supervisors=1)
    await office.put_through()
    scores = sql("select month, as_of, total, grade, losses from score where tenant_id = :id order by month")
    findings = sql("select opened_on, closed_on from finding where tenant_id = :id and rule_id = 'C-04'")
    told = []
    for book in (BOOK, await office.book()):
        async with office.database.write(Caller(kind="job", tenant_id=firm, actor="test")) as session:
            await evaluate_organization(session, firm, lawbook=book, now=noon(FIRST_DAY - timedelta(days=1)))
        told.append((await owner.execute(scores, {"id": firm})).all())
        assert (await owner.execute(findings, {"id": firm})).all() == []
    assert told[0] == told[1]
    async with office.database.write(Caller(kind="job", tenant_id=firm, actor="test")) as session:
        await evaluate_organization(session, firm, lawbook=await office.book(), now=noon(FIRST_DAY + timedelta(days=3)))
    assert [tuple(row) for row in (await owner.execute(findings, {"id": firm})).all()] == [(FIRST_DAY, None)]


async def test_shadow_findings_and_drafts_are_the_bureaus_alone(office: Office, owner: AsyncConnection) -> None:
    """The firm sees the approved change and its own difference, not the shadow finding; another city sees neither draft."""
    firm = await a_firm(office.database, "652301", points=50, supervisors=1)
    no = await office.draft()
    member = Caller(kind="member", tenant_id=firm, region="652301", actor="account:clerk")
    other = await an_office(office.database, "6540")
    for stranger in (member, other.caller()):
        async with office.database.read(stranger) as session:
            assert (await list_changes(session, today=TODAY)).total == 0
    await office.check(no)
    await office.preview(no)
    await office.submit(no)
    await office.approve(no)
    before = (await owner.execute(sql("select count(*) from finding where tenant_id = :id"), {"id": firm})).scalar_one()
    assert await judge_in_shadow(office.database, lawbook=BOOK) == 1
    for _ in range(2):
        assert await tell_of_change(office.database, {"tenant_id": str(office.id), "no": no}) >= 1
    async with office.database.read(office.caller()) as session:
        shadow = [one for one in (await list_shadow_findings(session, no)).findings if one.organization_id == firm]
    assert [(one.organization_id, one.breached_now, one.required) for one in shadow] == [(firm, False, "2")]
    async with office.database.read(member) as session:
        assert [one.no for one in (await list_changes(session, today=TODAY)).changes] == [no]
        assert [one.effect for one in await own_change_effects(session, firm)] == ["starts"]
        assert await seen(session, "shadow_finding") == 0
        assert await seen(session, "rule_impact_row") == 0
        assert await session.scalar(sql("select count(*) from notice where kind = 'rule_change'")) == 1
    after = (await owner.execute(sql("select count(*) from finding where tenant_id = :id"), {"id": firm})).scalar_one()
    assert after == before


async def test_a_change_is_switched_off_by_another_one(office: Office) -> None:
    """From its day the old limit holds again; the end goes through check, preview and a second person as well."""
    no = await office.put_through()
    until = FIRST_DAY + timedelta(days=30)
    async with office.database.write(office.caller()) as session:
        end = await draft_switch_off(
            session, no, from_day=until, reason="试行结束", clause="4.3.3.4", by=AUTHOR, book=BOOK, now=office.now
        )
    assert (await office.check(end)).ok
    await office.preview(end)
    await office.submit(end)
    await office.approve(end)
    book = await office.book()
    for day, verdict in ((FIRST_DAY, "breach"), (until - timedelta(days=1), "breach"), (until, "pass")):
        rule = book.rule_in_force("C-04", region="6523", on=day)
        assert rule is not None
        assert rule.judge(FACTS).verdict == verdict, day
    async with office.database.read(office.caller()) as session:
        found = await list_changes(session, today=until, stage=Stage.SWITCHED_OFF)
    assert [one.no for one in found.changes] == [no]


async def test_what_is_withdrawn_or_returned_is_not_law(office: Office) -> None:
    """A second person sends it back with a reason; withdrawn in its shadow days it is gone from the law-book."""
    no = await office.draft()
    await office.check(no)
    await office.preview(no)
    await office.submit(no)
    async with office.database.write(office.caller("account:reviewer")) as session:
        await return_change(session, no, reason="条款不符", by=REVIEWER, now=office.now)
    assert (await office.read(no)).head.stage is Stage.DRAFT
    other = await office.put_through(to_45(from_day=FIRST_DAY + timedelta(days=1)))
    assert (await office.book()).origin is not None
    async with office.database.write(office.caller()) as session:
        await withdraw_change(session, other, reason="暂缓", by=AUTHOR, now=office.now)
    assert (await office.book()).origin is None


async def test_another_bureau_may_read_but_takes_no_step(office: Office) -> None:
    """The province sees the city's draft; every step of it is refused with a text."""
    no = await office.draft()
    province = await an_office(office.database, "65")
    detail = await province.read(no)
    acts = allowed_change_acts(detail, actor="account:author", roles=AUTHOR.roles, tenant_id=province.id, today=TODAY)
    assert all(why is not None and "另一机关" in why.zh for why in acts.values())
    own = allowed_change_acts(detail, actor="account:author", roles=AUTHOR.roles, tenant_id=office.id, today=TODAY)
    assert own[ChangeAct.CHECK] is None
    assert own[ChangeAct.SUBMIT] is not None
    with pytest.raises(ScoringError, match="another bureau"):
        await replace(province).check(no)
