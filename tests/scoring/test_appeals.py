"""An appeal is decided one level up, by others, on facts that count from then on."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from hengjian.platform.db import Caller, sql
from hengjian.scoring.api import (
    Act,
    Appeal,
    ContestedFact,
    OnAppeal,
    Person,
    Refusal,
    decide_finding,
    effects_on_appeal,
    read_inbox,
    read_life,
    state_finding,
)
from hengjian.scoring.errors import StepRefusedError
from hengjian.scoring.remind import remind_of_due
from tests.scoring.test_life_of_findings import BOOK, NOW, Case, case, point  # noqa: F401  # the fixture

HIRED = ContestedFact("technicians", 6, date(2026, 2, 1))


def upper(who: str) -> Caller:
    return Caller(kind="bureau", region="65", actor=who)


async def up_to_the_appeal(of: Case, contested: ContestedFact | None = HIRED) -> None:
    """Confirmed, objected, upheld by two others, appealed."""
    await of.to_confirmed()
    await of.says("人数有误", objection=True)
    await of.does("inspector2", Act.PROPOSE_CONFIRM)
    await of.does("reviewer2", Act.CONFIRM)
    await of.judge()
    async with of.database.write(of.caller("clerk1")) as session:
        by = Person("李春梅", frozenset({"clerk"}))
        await state_finding(
            session, of.no, by=by, text="另有二人在岗", objection=Appeal(contested), files=(), room=None, now=NOW
        )


async def decides(of: Case, who: str, act: Act, accepted: ContestedFact | None = None) -> None:
    person = Person(who, frozenset({who.split()[1].rstrip("12")}))
    async with of.database.write(upper(who)) as session:
        await decide_finding(
            session, of.no, act, by=person, reason="查明", until=None, now=NOW, appeal=OnAppeal(BOOK, accepted)
        )


async def test_the_institution_is_reminded_of_the_end_of_its_time_to_appeal(case: Case) -> None:  # noqa: F811
    """Once, by the last working day before; the notice names the last day."""
    await case.to_confirmed()
    await case.says("人数有误", objection=True)
    await case.does("inspector2", Act.PROPOSE_CONFIRM)
    await case.does("reviewer2", Act.CONFIRM)
    home = case.organization.id
    for now, new in ((datetime(2026, 12, 2, 2, tzinfo=UTC), 0), (datetime(2026, 12, 3, 2, tzinfo=UTC), 1)):
        async with case.database.write(Caller(kind="job", tenant_id=home, actor="t")) as session:
            given = await remind_of_due(session, home, now=now)
        assert given == new
    async with case.database.read(case.caller("clerk1")) as session:
        told = {one.kind: one.due_on for one in (await read_inbox(session, limit=50)).notices}
    assert told["appeal_due"] == date(2026, 12, 4)


async def test_only_the_upper_bureau_decides_an_appeal(case: Case) -> None:  # noqa: F811
    """Frozen and due in fifteen working days; a fresh inspector of the lower bureau is refused, both sides are told."""
    await up_to_the_appeal(case)
    assert await case.row("appeal_to, frozen_on, due_on") == ("65", NOW.date(), date(2026, 12, 11))
    with pytest.raises(StepRefusedError) as refused:
        await case.does("inspector1", Act.PROPOSE_OVERTURN)
    assert refused.value.reason is Refusal.UPPER_BUREAU
    await decides(case, "upper inspector1", Act.PROPOSE_OVERTURN)
    await decides(case, "upper reviewer1", Act.OVERTURN)
    await case.judge()
    assert await case.row("state, confirmed, appeal_to, frozen_on") == ("dismissed", False, None, None)
    assert (await case.scores())[1] == 100
    for who in ("clerk1", "inspector1"):
        async with case.database.read(case.caller(who)) as session:
            assert "overturn" in {one.kind for one in (await read_inbox(session, limit=50)).notices}


async def test_accepted_facts_score_as_a_fresh_filing_of_them(case: Case) -> None:  # noqa: F811
    """Six technicians accepted: the score foretold is the one the decision keeps, and the one that is then official."""
    await up_to_the_appeal(case)
    async with case.database.read(upper("upper inspector1")) as session:
        foretold = (await effects_on_appeal(session, case.no, HIRED, lawbook=BOOK, today=NOW.date()))[Act.AMEND]
    await decides(case, "upper inspector1", Act.PROPOSE_AMEND, HIRED)
    await decides(case, "upper reviewer1", Act.AMEND)
    async with case.database.read(case.caller("clerk1")) as session:
        found = await read_life(session, case.no)
    assert found is not None
    kept = found.decisions[-1]
    assert (kept.effect, kept.accepted) == (foretold, HIRED)
    await case.judge()
    assert await case.row("opened_on = closed_on") == (True,)
    by_appeal = await case.scores()
    assert by_appeal[1] == Decimal(str(foretold.after)) == 100
    assert foretold.before is not None
    assert Decimal(foretold.before) < 100
    assert "C-05" not in await case.losing()

    hired = [{"sourceRef": f"N{n}", "name": "乙", "role": "TECHNICIAN", "hiredOn": "2024-01-05"} for n in range(2)]
    await case.api.push(case.key, "people", hired)
    gone = sql("delete from accepted_fact where tenant_id = :id")  # only the fresh filing is left
    await case.owner.execute(gone, {"id": case.organization.id})
    await case.judge()
    assert (await case.scores())[1] == by_appeal[1]
    assert "C-05" not in await case.losing()


async def test_a_reviewer_accepts_the_fact_that_he_saw(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """Another fact is proposed while his decision is on its way: he is told, and neither is accepted."""
    await up_to_the_appeal(case)
    await decides(case, "upper inspector1", Act.PROPOSE_AMEND, HIRED)

    async def meanwhile(*given: Any, **named: Any) -> Any:
        monkeypatch.setattr("hengjian.scoring.decide_finding.effects_on_appeal", effects_on_appeal)
        await decides(case, "upper reviewer2", Act.RETURN)
        await decides(case, "upper inspector1", Act.PROPOSE_AMEND, replace(HIRED, value=9))
        return await effects_on_appeal(*given, **named)

    monkeypatch.setattr("hengjian.scoring.decide_finding.effects_on_appeal", meanwhile)
    with pytest.raises(StepRefusedError) as refused:
        await decides(case, "upper reviewer1", Act.AMEND)
    assert refused.value.reason is Refusal.NO_PROPOSAL
    assert (await case.row("state, proposal"))[1] == Act.AMEND
    count = sql("select count(*) from accepted_fact where tenant_id = :id")
    assert (await case.owner.execute(count, {"id": case.organization.id})).scalar_one() == 0


async def test_nobody_changes_what_was_accepted(case: Case) -> None:  # noqa: F811
    """Neither side may add, change or take back an accepted fact by itself, also behind the use cases."""
    await up_to_the_appeal(case)
    await decides(case, "upper inspector1", Act.PROPOSE_AMEND, HIRED)
    await decides(case, "upper reviewer1", Act.AMEND)
    for caller in (case.caller("clerk1"), upper("upper reviewer1")):
        for deed in ("update accepted_fact set subject = subject", "delete from accepted_fact"):
            with pytest.raises(DBAPIError, match="permission denied"):
                async with case.database.write(caller) as session:
                    await session.run(sql(deed))
