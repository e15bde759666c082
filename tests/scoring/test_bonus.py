"""The bonus for clean years from the database: final grades of two years, and what takes it away."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert

from hengjian.platform.db import Caller, sql
from hengjian.platform.ids import uuid7
from hengjian.scoring.api import CreditAct, load_lawbook
from hengjian.scoring.credit_files import load_credit_model
from hengjian.scoring.domain.dossier_verify import Outcome, verify_dossier
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.explain_score import explain_score
from hengjian.scoring.lawbook_files import LAWBOOK_FOLDER
from hengjian.scoring.prepare_dossier import DossierRequest, prepare_dossier
from hengjian.scoring.result_tables import published_grade
from hengjian.tenants.api import get_supervised
from tests.scoring.test_credit_events import FINE, FIT, MONTH, NOW, TODAY, Firm
from tests.scoring.test_credit_events import firm as firm
from tests.support.people import credit_code

LAST = TODAY.year - 1
OLD_FINDING = sql("""
    insert into finding (tenant_id, region, id, no, rule_id, subject_kind, subject, subject_label, severity, state,
        opened_on, closed_on, detected_at, judged_at, lacking, facts, pack_version, costs_points, confirmed)
    values (:tenant_id, '650102', gen_random_uuid(), :no, 'C-02', 'office', 'gone', '', 'minor', 'closed', :opened,
        :closed, now(), now(), '{}', '{}', '', true, :confirmed)
""")


async def publish(firm: Firm, year: int, **change: Any) -> None:
    """A final grade of a year, as its list made it."""
    row = {
        "tenant_id": firm.organization.id, "region": "650102", "year": year, "id": uuid7(), "kind": "final",
        "by_region": "6501", "credit_code": credit_code(), "name": "x", "total": 96, "grade": "A", "unrated": None,
        "model": "m", "model_version": "v", "document_no": f"PJ-{year}", "published_on": date(year + 1, 3, 20),
        "until": date(year + 2, 3, 20), "replaces": None, "at": NOW,
    }  # fmt: skip
    await firm.owner.execute(insert(published_grade).values({**row, **change}))


async def bonus_of(firm: Firm) -> tuple[Decimal, list[str]]:
    """The stored total, and the points of the stored step."""
    await firm.judge()
    total, steps = await firm.last("total, steps")
    return total, [one["points"] for one in steps if one["cause"] == "bonus"]


async def test_two_clean_years_raise_the_worked_example(firm: Firm) -> None:
    """94.35 and 5 are 99.35 once both years are final; page, dossier and stored score say the same."""
    check = await firm.desk("inspector1", lambda desk: desk.enter_check(FIT))
    await firm.take("reviewer1", check, CreditAct.CONFIRM)
    await publish(firm, LAST)
    assert await bonus_of(firm) == (Decimal("94.35"), [])
    await publish(firm, LAST - 1)
    assert await bonus_of(firm) == (Decimal("99.35"), ["5.00"])
    async with firm.database.read(Caller(kind="job", tenant_id=firm.organization.id, actor="t")) as session:
        organization = await get_supervised(session, firm.organization.id, on=TODAY)
        assert organization is not None
        found = await explain_score(session, organization, region="650102", as_of=TODAY, since=MONTH, lawbook=firm.book)
        wanted = DossierRequest(region="650102", as_of=TODAY, known_at=NOW)
        dossier = await prepare_dossier(session, organization, wanted, lawbook=firm.book)
    assert [(one.year, one.found) for one in found.provisional.score.years] == [(LAST - 1, "clean"), (LAST, "clean")]
    assert found.provisional.score.total == Decimal("99.35")
    verified = verify_dossier(dossier)
    assert verified.outcome is Outcome.VERIFIED
    assert verified.result is not None
    assert verified.result["score"]["printed"] == "99.35"


@pytest.mark.parametrize(
    ("opened", "closed", "confirmed", "points"),
    [
        (date(LAST, 12, 31), date(TODAY.year, 1, 1), True, []),
        (date(LAST - 2, 5, 1), date(LAST - 1, 1, 2), True, []),
        (date(LAST - 2, 5, 1), date(LAST - 1, 1, 1), True, ["5.00"]),
        (date(LAST, 3, 1), date(LAST, 3, 1), True, ["5.00"]),
        (date(LAST, 3, 1), date(LAST, 3, 2), False, []),
    ],
)
async def test_a_finding_of_these_years_takes_the_bonus(
    firm: Firm,
    opened: date,
    closed: date,
    confirmed: bool,
    points: list[str],
) -> None:
    """On its first and its last day it counts; one that ended before, or never had a day, does not."""
    for year in (LAST - 1, LAST):
        await publish(firm, year)
    case = {"opened": opened, "closed": closed, "confirmed": confirmed, "no": f"WG-T-{uuid7()}"}
    await firm.owner.execute(OLD_FINDING, {"tenant_id": firm.organization.id, **case})
    assert (await bonus_of(firm))[1] == points


async def test_penalties_not_rated_years_and_other_regions_give_none(firm: Firm) -> None:
    """A year without a grade, one of another region, and a fine of the year; an annulled fine gives it back."""
    await publish(firm, LAST - 1)
    await publish(firm, LAST, region="6502")
    assert (await bonus_of(firm))[1] == []
    await publish(firm, LAST, grade=None, total=None, unrated="no_business")
    assert (await bonus_of(firm))[1] == []
    await publish(firm, LAST, replaces="PJ", at=NOW.replace(year=NOW.year + 1))
    assert (await bonus_of(firm))[1] == ["5.00"]
    fine = await firm.penalty(replace(FINE, decided_on=date(LAST, 6, 1)))
    assert (await bonus_of(firm))[1] == []
    await firm.take("inspector1", fine, CreditAct.PROPOSE_ANNUL, on_day=TODAY, document_no="撤1", reason="复议")
    await firm.take("reviewer1", fine, CreditAct.ANNUL)
    assert (await bonus_of(firm))[1] == ["5.00"]


async def test_a_new_model_changes_no_month_before_its_day(firm: Firm, tmp_path: Any) -> None:
    """A model in force from the first of this month scores this month; those before keep theirs, judged again too."""
    shipped = LAWBOOK_FOLDER / "credit" / "provincial-65.yaml"
    text = shipped.read_text("utf-8").replace("in_force_from: 2025-10-01", f"in_force_from: {MONTH}")
    newer = tmp_path / "newer.yaml"
    newer.write_text(text.replace("major: 2.00", "major: 3.00"), "utf-8")
    before, model = load_lawbook(), load_credit_model(newer)
    in_force = before.credit_model(region="650102", on=MONTH)
    assert in_force is not None
    firm.book = LawBook(before.packs, (*before.credit_models, model))
    await firm.judge()
    rows = sql("select month, model_version from score where tenant_id = :id order by month")
    found = (await firm.owner.execute(rows, {"id": firm.organization.id})).all()
    versions: dict[date, str] = {row.month: row.model_version for row in found}
    assert len(versions) > 1
    assert {month: version for month, version in versions.items() if month < MONTH} == dict.fromkeys(
        [month for month in versions if month < MONTH], in_force.version
    )
    assert versions[MONTH] == model.version
