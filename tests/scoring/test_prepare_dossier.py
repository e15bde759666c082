"""From the database: the stored score is the one that a verifier recomputes and that other models are tried on."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Caller, Database, sql
from hengjian.scoring.api import (
    DossierRequest,
    evaluate_organization,
    explain_score,
    load_credit_model,
    load_lawbook,
    prepare_dossier,
    try_model,
)
from hengjian.scoring.domain.dossier_verify import Outcome, verify_dossier
from hengjian.scoring.errors import UnknownFindingError
from hengjian.scoring.lawbook_files import LAWBOOK_FOLDER
from hengjian.tenants.api import REGISTERS, get_supervised
from tests.support.api import Sender, a_sender, api_over
from tests.support.rows import a_row

NOW = datetime.now(UTC)
BOOK = load_lawbook()
STORED = sql("select total, grade, unrated, region from score where tenant_id = :id and as_of = :on")
BOTH = sql("select grade, official_grade from score where tenant_id = :id and as_of = :on")
NUMBERS = sql("select no from finding where tenant_id = :id")
FINDING = sql("select no, rule_id, opened_on from finding where tenant_id = :id and closed_on is null limit 1")


async def judged(app_url: str, database: Database) -> Sender:
    """A contractor with a row in every register, judged."""
    sender = await a_sender(database)
    async with api_over(app_url) as api:
        for register in REGISTERS:
            fields = {"creditCode": sender.organization.credit_code} if register.kind == "organizations" else {}
            answer = await api.push(sender.key, register.kind, [a_row(register, "r1", **fields)])
            assert answer["receipt"]["accepted"] == 1, answer
    async with database.write(job(sender)) as session:
        await evaluate_organization(session, sender.organization.id, lawbook=BOOK, now=NOW)
    return sender


def job(sender: Sender) -> Caller:
    """A job on its behalf."""
    return Caller(kind="job", tenant_id=sender.organization.id, actor="test")


async def dossier(database: Database, sender: Sender, finding: str | None = None) -> bytes:
    """Its dossier of today."""
    today = legal_day(NOW)
    async with database.read(job(sender)) as session:
        organization = await get_supervised(session, sender.organization.id, on=today)
        assert organization is not None
        wanted = DossierRequest(region=organization.region, as_of=today, known_at=NOW, finding=finding)
        return await prepare_dossier(session, organization, wanted, lawbook=BOOK)


async def test_the_stored_score_and_finding_are_recomputed(app_url: str, database: Database) -> None:
    """Score, grade and reason as stored; a finding's first day; and no personal data beyond names of subjects."""
    sender = await judged(app_url, database)
    async with database.read(job(sender)) as session:
        stored = await session.first(STORED, {"id": sender.organization.id, "on": legal_day(NOW)})
        finding = await session.first(FINDING, {"id": sender.organization.id})
    assert stored is not None
    assert finding is not None
    made = await dossier(database, sender)
    found = verify_dossier(made)
    assert found.outcome is Outcome.VERIFIED, found
    assert found.result is not None
    score = found.result["score"]
    total = None if stored.total is None else f"{stored.total:.2f}"
    assert (score["printed"], score["grade"], score["unrated"]) == (total, stored.grade, stored.unrated)
    assert {row["register"] for row in json.loads(made)["provenance"]} == {register.kind for register in REGISTERS}
    assert "11010519491231002X" not in made.decode()
    one = verify_dossier(await dossier(database, sender, finding.no))
    assert one.outcome is Outcome.VERIFIED
    assert one.result is not None
    last = one.result["judgements"][-1]
    assert (last["rule"], last["outcome"], last["first_day"]) == (finding.rule_id, "breach", str(finding.opened_on))


async def test_decisions_are_recomputed_offline(app_url: str, database: Database, owner: AsyncConnection) -> None:
    """One finding dismissed, one confirmed: both stored scores come out of the dossier, which names what counts."""
    sender = await judged(app_url, database)
    id_ = sender.organization.id
    costly = sql("select id, no from finding where tenant_id = :id and costs_points and severity <> 'info' order by no")
    first, second = (await owner.execute(costly, {"id": id_})).all()[:2]
    decide = "update finding set state = '{}', confirmed = {} where tenant_id = :tenant and id = :id"
    await owner.execute(sql(decide.format("dismissed", "false")), {"tenant": id_, "id": first.id})
    await owner.execute(sql(decide.format("confirmed", "true")), {"tenant": id_, "id": second.id})
    async with database.write(job(sender)) as session:
        await evaluate_organization(session, id_, lawbook=BOOK, now=NOW)
        stored = await session.first(BOTH, {"id": id_, "on": legal_day(NOW)})
    assert stored is not None
    made = await dossier(database, sender)
    found = verify_dossier(made)
    assert found.outcome is Outcome.VERIFIED, found
    assert found.result is not None
    assert (found.result["score"]["grade"], found.result["official"]["grade"]) == (stored.grade, stored.official_grade)
    names = {one["finding"]: one for one in json.loads(made)["inputs"]["decisions"]}
    assert (names[first.no]["state"], names[second.no]["confirmed"]) == ("dismissed", True)
    breach = "{rule}/{subject_kind}:{subject}/{first_day}".format(**names[second.no])
    assert [one["breach"] for one in found.result["counted"]["official"]] == [breach]
    gone = "{rule}/{subject_kind}:{subject}/{first_day}".format(**names[first.no])
    assert gone not in {one["breach"] for one in found.result["counted"]["provisional"]}


async def test_another_organizations_finding_is_unknown(app_url: str, database: Database) -> None:
    """By its number nobody learns that it exists elsewhere."""
    one, other = await judged(app_url, database), await a_sender(database)
    async with database.read(job(one)) as session:
        finding = await session.first(FINDING, {"id": one.organization.id})
    assert finding is not None
    with pytest.raises(UnknownFindingError):
        await dossier(database, other, finding.no)


async def test_another_model_is_tried_on_the_same_history(app_url: str, database: Database, tmp_path: Path) -> None:
    """Hardly any points a breach: the difference is explained to the last of them, and the model in force is untouched."""
    sender = await judged(app_url, database)
    file = tmp_path / "trial.yaml"
    shipped = (LAWBOOK_FOLDER / "credit" / "provincial-65.yaml").read_text("utf-8")
    milder = shipped.replace("critical: 5.00, major: 2.00, minor: 0.50", "critical: 0.05, major: 0.02, minor: 0.01")
    file.write_text(milder, "utf-8")
    today, id_ = legal_day(NOW), sender.organization.id
    async with database.read(job(sender)) as session:
        organization = await get_supervised(session, id_, on=today)
        assert organization is not None
        trial = await try_model(session, organization, load_credit_model(file), lawbook=BOOK, as_of=today)
        stored = await session.first(STORED, {"id": id_, "on": today})
    assert stored is not None
    assert (trial.in_force.total, trial.in_force.grade) == (stored.total, stored.grade)
    gained = sum(item.points for item in trial.changes)
    assert gained == trial.tried.points - trial.in_force.points
    assert gained > 0


async def test_a_score_is_explained_by_numbered_findings(app_url: str, database: Database) -> None:
    """Every finding behind a step has its number, steps lead to the score, changes to the difference."""
    sender = await judged(app_url, database)
    today = legal_day(NOW)
    async with database.read(job(sender)) as session:
        organization = await get_supervised(session, sender.organization.id, on=today)
        assert organization is not None
        found = await explain_score(
            session, organization, region=organization.region, as_of=today, since=date(2026, 1, 1), lawbook=BOOK
        )
        numbers = {row.no for row in await session.all(NUMBERS, {"id": sender.organization.id})}
    named = {name for step in found.provisional.score.steps for name in step.findings}
    assert named
    assert {found.numbers[name] for name in named} <= numbers
    assert found.provisional.score.points == 100 + sum(step.points for step in found.provisional.score.steps)
    for moved in (found.provisional, found.official):
        assert sum(item.points for item in moved.changes) == moved.score.points - moved.before.points
    assert found.official.score.points == 100
