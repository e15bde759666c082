"""Grades become final by a job, each with the dossier it rests on: the same bytes for ever, their hash in the leaf."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from hengjian.platform.db import Caller, sql
from hengjian.platform.log.check import AUDITOR
from hengjian.platform.log.find import find_evidence
from hengjian.scoring.api import ResultAct, find_final_dossier, read_result_list, read_yearly_result
from hengjian.scoring.domain.dossier_verify import Outcome, verify_dossier
from hengjian.scoring.errors import ResultsBehindError
from hengjian.scoring.read_result_list import Show, Wanted
from tests.scoring.test_yearly_results import CITY, JANUARY, Office, of_the_city
from tests.scoring.test_yearly_results import office as office

OVER = datetime(2027, 1, 21, 2, tzinfo=UTC)
ROW = sql("select id, dossier_sha256 from published_grade where tenant_id = :id and kind = 'final' order by at")


async def to_publication(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A confirmed finding, a list, its approval, and publicity that is over."""
    monkeypatch.setattr(office.case, "caller", of_the_city(office.case), raising=False)
    await office.case.to_confirmed()
    office.now = JANUARY + timedelta(hours=1)
    await office.judge()
    await office.does("inspector1", ResultAct.PREPARE)
    await office.does("reviewer1", ResultAct.APPROVE)
    office.now = OVER
    await office.judge()


async def test_a_final_grade_keeps_the_dossier_that_recomputes_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It verifies offline, says the published score, its hash is in the leaf; later data change no byte of it."""
    await to_publication(office, monkeypatch)
    await office.does("reviewer1", ResultAct.PUBLISH)
    home = office.case.organization
    final = (await office.public("final"))[home.credit_code]
    async with office.database.read(office.case.caller("clerk1")) as session:
        kept = await find_final_dossier(session, home.id, 2026)
    assert kept is not None
    assert (kept.document_no, kept.sha256) == (final.document_no, final.dossier_sha256)
    content = await office.objects.take(kept.path, sha256=kept.sha256)
    verified = verify_dossier(content)
    assert verified.outcome is Outcome.VERIFIED
    assert verified.result is not None
    official = verified.result["official"]
    assert (official["printed"], official["grade"]) == (f"{final.total:.2f}", final.grade)
    row = (await office.case.owner.execute(ROW, {"id": home.id})).one()
    async with office.database.read(AUDITOR) as session:
        leaf = (await find_evidence(session, "result.published", [row.id]))[row.id]
    assert json.loads(leaf.body)["facts"] == {"document_no": kept.document_no, "dossier": kept.sha256}
    hired = [{"sourceRef": f"Q{n}", "name": "乙", "role": "TECHNICIAN", "hiredOn": "2026-01-10"} for n in range(9)]
    await office.case.api.push(office.case.key, "people", hired)
    office.now += timedelta(days=1)
    await office.judge()
    async with office.database.read(office.bureau) as session:
        again = await find_final_dossier(session, home.id, 2026)
    assert again == kept
    assert await office.objects.take(kept.path, sha256=kept.sha256) == content


async def test_strangers_find_no_dossier(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither another organization nor another city's bureau nor the public is told where it lies."""
    await to_publication(office, monkeypatch)
    await office.does("reviewer1", ResultAct.PUBLISH)
    other = Caller(kind="member", tenant_id=office.calm.organization.id, region="654202", actor="c")
    for stranger in (other, Caller(kind="bureau", region="6501", actor="b")):
        async with office.database.read(stranger) as session:
            assert await find_final_dossier(session, office.case.organization.id, 2026) is None


async def test_the_job_may_stop_and_run_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run twice it publishes once; facts that came in since the score make it wait for a new one."""
    await to_publication(office, monkeypatch)
    hired = [{"sourceRef": f"Q{n}", "name": "乙", "role": "TECHNICIAN", "hiredOn": "2026-01-10"} for n in range(9)]
    await office.case.api.push(office.case.key, "people", hired)
    with pytest.raises(ResultsBehindError):
        await office.does("reviewer1", ResultAct.PUBLISH)
    assert set(await office.public("final")) == {office.calm.organization.credit_code}
    told = sql("select payload from outbox where name = 'result.behind' order by id desc limit 1")
    assert (await office.case.owner.execute(told)).scalar_one() == {"tenant_id": str(office.case.organization.id)}
    office.now += timedelta(minutes=5)
    await office.judge()
    assert await office.publishes(ResultAct.PUBLISH) == 1
    assert await office.publishes(ResultAct.PUBLISH) == 0
    assert len(await office.public("final")) == 2
    rows = (await office.case.owner.execute(ROW, {"id": office.case.organization.id})).all()
    assert len(rows) == 1


async def test_one_that_cannot_be_published_holds_back_nobody(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though all of a slice become final in one transaction; once it is mended, the rest follows."""
    await to_publication(office, monkeypatch)
    home, owner = office.case.organization, office.case.owner
    refuse = f"alter table published_grade add constraint refused check (tenant_id <> '{home.id}') not valid"
    await owner.execute(sql(refuse.replace("tenant_id <>", "kind <> 'final' or tenant_id <>")))
    with pytest.raises(ResultsBehindError):
        await office.does("reviewer1", ResultAct.PUBLISH)
    await owner.execute(sql("alter table published_grade drop constraint refused"))
    assert set(await office.public("final")) == {office.calm.organization.credit_code}
    assert await office.publishes(ResultAct.PUBLISH) == 1
    final = await office.public("final")
    assert sorted(one.document_no[-1] for one in final.values()) == ["1", "2"], "numbers have no gap"


async def test_a_list_is_searched_filtered_and_paged(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """By name, credit code and what is still open; pages hold each line once."""
    await to_publication(office, monkeypatch)
    await office.does("reviewer1", ResultAct.PUBLISH)
    code = office.case.organization.credit_code
    async with office.database.read(office.bureau) as session:
        found = await read_yearly_result(session, 2026, region=CITY)
        assert found.listed is not None
        cases = [
            (Wanted(text=code.lower()), [code]),
            (Wanted(text="100%"), []),
            (Wanted(show=Show.OPEN), []),
            (Wanted(show=Show.WRONG), []),
            (Wanted(limit=1), sorted([code, office.calm.organization.credit_code])[:1]),
            (Wanted(limit=1, offset=1), sorted([code, office.calm.organization.credit_code])[1:]),
        ]
        for wanted, expected in cases:
            lines, _ = await read_result_list(session, found.listed, wanted)
            assert [one.credit_code for one in lines] == expected, wanted
        assert (await read_result_list(session, found.listed, Wanted(limit=1)))[1] == 2
    assert (found.tally.total, found.tally.final, found.tally.ready) == (2, 2, 0)


async def test_a_decision_of_later_months_delays_nobody_for_ever(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two months on, December is not scored anew; once the organization is judged after a decision it may be published."""
    await to_publication(office, monkeypatch)
    office.now = office.case.now = datetime(2027, 3, 22, 2, tzinfo=UTC)
    await office.judge()
    statement = sql("""insert into finding_decision (tenant_id, region, finding_id, id, at, act, actor, actor_name,
        reason, facts_sha256, pack_version) select tenant_id, region, id, gen_random_uuid(), :at, 'return', 'r', 'r',
        'x', '', pack_version from finding where no = :no""")
    await office.case.owner.execute(statement, {"no": office.case.no, "at": office.now + timedelta(minutes=1)})
    await office.does("reviewer1", ResultAct.PUBLISH)
    assert set(await office.public("final")) == {office.calm.organization.credit_code}
    office.now += timedelta(minutes=5)
    await office.judge()
    await office.does("reviewer1", ResultAct.PUBLISH)
    assert len(await office.public("final")) == 2
