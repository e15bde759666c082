"""The regulator's mirror counts what was undone, under rule, inspector and region, and leads to those findings."""

from datetime import date, datetime, timedelta

from hengjian.platform.calendar import LEGAL_ZONE
from hengjian.platform.db import Caller, sql
from hengjian.scoring.api import Act, findings_behind, read_mirror, unjudged_behind
from tests.scoring.test_life_of_findings import NOW, Case, case  # noqa: F401  # the fixture

SINCE, TODAY = date(2025, 11, 1), NOW.date()


async def test_a_confirmation_undone_is_counted_and_found(case: Case) -> None:  # noqa: F811
    """Confirmed by one pair, dismissed on objection by another: under the rule, the first inspector and the region."""
    await case.to_confirmed()
    whole = case.caller("reviewer1")
    async with case.database.read(whole) as session:
        before = await read_mirror(session, since=SINCE, today=TODAY)
    case.now = NOW + timedelta(hours=1)
    await case.says("人数有误", objection=True)
    async with case.database.read(whole) as session:
        late = await read_mirror(session, since=SINCE, today=date(2026, 12, 12))
    await case.does("inspector2", Act.PROPOSE_DISMISS)
    await case.does("reviewer2", Act.DISMISS)
    async with case.database.read(whole) as session:
        after = await read_mirror(session, since=SINCE, today=TODAY)
        for key in (("rule", "C-05"), ("by", "inspector1"), ("region", "650102"), None):
            numbers, total = await findings_behind(
                session, "undone", key=key, since=SINCE, today=TODAY, page=(10_000, 0)
            )
            assert case.no in numbers
            assert total == len(numbers)
        no_data = after.no_data[0]
        _, behind = await unjudged_behind(session, no_data.rule_id, page=(1, 0))
    one = {each.key: each for each in after.by_rule}["C-05"]
    old = {each.key: each for each in before.by_rule}["C-05"]
    assert (one.undone - old.undone, one.confirmed - old.confirmed) == (1, 0)
    assert {each.key: each.undone for each in after.by_inspector}["inspector1"] >= 1
    assert after.decided == before.decided
    assert late.overdue >= 1
    assert behind == no_data.subjects


async def test_the_first_day_begins_at_midnight_in_beijing(case: Case) -> None:  # noqa: F811
    """What was decided half an hour after that belongs to the day, and to no day after it."""
    days = ((TODAY, True), (TODAY + timedelta(days=1), False))
    async with case.database.read(case.caller("reviewer1")) as session:
        before = [(await read_mirror(session, since=since, today=TODAY)).decided for since, _ in days]
    await case.to_confirmed()
    decided = sql("update finding_decision set at = :at where finding_id = (select id from finding where no = :no)")
    await case.owner.execute(decided, {"at": datetime(2026, 11, 20, 0, 30, tzinfo=LEGAL_ZONE), "no": case.no})
    async with case.database.read(case.caller("reviewer1")) as session:
        for (since, there), earlier in zip(days, before, strict=True):
            numbers, _ = await findings_behind(
                session, "confirmed", key=None, since=since, today=TODAY, page=(10_000, 0)
            )
            assert (case.no in numbers) == there
            mirror = await read_mirror(session, since=since, today=TODAY)
            assert mirror.decided - earlier == int(there)


async def test_another_city_sees_none_of_it(case: Case) -> None:  # noqa: F811
    """The figures of a region without decisions are empty, and its median is unknown, not 0."""
    await case.to_confirmed()
    async with case.database.read(Caller(kind="bureau", region="6599", actor="reviewer9")) as session:
        found = await read_mirror(session, since=SINCE, today=TODAY)
    assert (found.by_rule, found.decided, found.median_days, found.overdue) == ((), 0, None, 0)
