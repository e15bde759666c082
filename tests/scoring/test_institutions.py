"""Institutions judged from their registers, pushed as they push them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from hengjian.platform.db import Caller, Database, sql
from hengjian.scoring.api import load_lawbook
from hengjian.scoring.evaluate import evaluate_organization
from hengjian.scoring.fact_sources import fact_source
from hengjian.tenants.api import read_register
from hengjian.tenants.domain.kinds import OrganizationKind
from hengjian.tenants.register_organization import NewOrganization, create_organization
from tests.support.api import Api, Sender, api_over, with_key
from tests.support.people import OPERATOR, credit_code

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
LAWBOOK = load_lawbook()
Row = Mapping[str, Any]


@dataclass
class Laboratory:
    """An institution, and what it pushes and is found to be."""

    database: Database
    api: Api
    sender: Sender

    async def push(self, kind: str, *rows: Row) -> None:
        """Push rows, all of which are taken."""
        payload = await self.api.push(self.sender.key, kind, rows)
        assert payload["receipt"]["refused"] == 0, payload

    async def judged(self, rule: str) -> dict[str, tuple[str, Sequence[str]]]:
        """By subject, the verdict of today and what is lacking."""
        await self._evaluate()
        found = sql("select subject, verdict, lacking from judgement where tenant_id = :id and rule_id = :rule")
        async with self.database.read(self._job) as session:
            rows = await session.all(found, {"id": self.sender.organization.id, "rule": rule})
        return {row.subject: (row.verdict, row.lacking) for row in rows}

    async def found(self, rule: str) -> dict[str, tuple[date, date | None, bool]]:
        """By subject, the first day of a finding, its end, and whether it may cost points."""
        await self._evaluate()
        found = sql(
            "select subject, opened_on, closed_on, costs_points from finding where tenant_id = :id and rule_id = :rule"
        )
        async with self.database.read(self._job) as session:
            rows = await session.all(found, {"id": self.sender.organization.id, "rule": rule})
        return {row.subject: (row.opened_on, row.closed_on, row.costs_points) for row in rows}

    @property
    def _job(self) -> Caller:
        return Caller(kind="job", tenant_id=self.sender.organization.id, actor="test")

    async def _evaluate(self) -> None:
        async with self.database.write(self._job) as session:
            await evaluate_organization(session, self.sender.organization.id, lawbook=LAWBOOK, now=NOW)


@pytest.fixture
async def laboratory(database: Database, app_url: str) -> Any:
    """A new institution without a row."""
    new = NewOrganization(
        credit_code=credit_code(), name="试验检测有限公司", kinds=(OrganizationKind.INSTITUTION,), region="650102"
    )
    async with database.write(OPERATOR) as session:
        organization = await create_organization(session, new)
    sender = await with_key(database, organization)
    async with api_over(app_url) as api:
        yield Laboratory(database, api, sender)


def person(ref: str, **fields: Any) -> Row:
    return {
        "sourceRef": ref,
        "name": "王芳",
        "role": "ANALYST",
        "hiredOn": "2025-01-06",
        "titleLevel": "JUNIOR",
        **fields,
    }


def accreditation(since: str, **fields: Any) -> Row:
    return {
        "sourceRef": "CMA-1",
        "number": "1",
        "laboratoryRef": "LAB",
        "items": ["氨氮"],
        "validFrom": since,
        **fields,
    }


async def test_an_older_institution_stays_under_the_requirements_of_2018(laboratory: Laboratory) -> None:
    """15 percent of its staff, and no head count, until its CMA is granted anew."""
    await laboratory.push("people", *(person(f"E-{n}") for n in range(6)), person("E-6", titleLevel="INTERMEDIATE"))
    await laboratory.push("accreditations", accreditation("2024-05-06", validTo="2026-03-01"))
    assert await laboratory.judged("L-02") == {"": ("not_applicable", [])}
    assert await laboratory.judged("L-03") == {"": ("breach", [])}
    await laboratory.push("people", person("E-1", titleLevel="INTERMEDIATE_EQUIVALENT", validFrom="2026-01-05"))
    assert await laboratory.found("L-03") == {"": (date(2025, 11, 1), date(2026, 1, 5), True)}
    await laboratory.push("accreditations", accreditation("2026-03-02"))
    assert await laboratory.judged("L-03") == {"": ("not_applicable", [])}
    assert await laboratory.found("L-02") == {"": (date(2026, 3, 2), None, False)}


async def test_somebody_with_two_posts_counts_once(laboratory: Laboratory) -> None:
    """The head count is of persons, told apart by their sealed identity numbers."""
    two = [person(ref, identityNumber="11010519491231002X", titleLevel="SENIOR") for ref in ("E-1", "E-2")]
    others = [person(f"E-{n}", identityNumber=None) for n in range(3, 21)]
    await laboratory.push("people", *two, *others)
    await laboratory.push("accreditations", accreditation("2026-03-02"))
    await laboratory.judged("L-02")
    query = sql("select measured from judgement where tenant_id = :id and rule_id = 'L-02'")
    async with laboratory.database.read(laboratory._job) as session:
        assert await session.scalar(query, {"id": laboratory.sender.organization.id}) == "19"


async def test_experience_is_reached_on_its_day(laboratory: Laboratory) -> None:
    """Five years from the first day, to the day; a title can't stand in for years."""
    head = person("E-1", role="TECHNICAL_MANAGER", titleLevel="SENIOR", experiencedSince="2021-03-01")
    await laboratory.push("people", head)
    assert await laboratory.found("L-04") == {"E-1": (date(2025, 11, 1), date(2026, 3, 1), True)}


async def test_an_instrument_is_in_breach_from_the_day_after_its_calibration(laboratory: Laboratory) -> None:
    """Until it is calibrated again; one that needs none is left out, one never calibrated lacks it."""
    plain = {"name": "天平", "model": "T-1", "serial": "1", "commissionedOn": "2025-02-03"}
    await laboratory.push(
        "instruments",
        {**plain, "sourceRef": "I-1"},
        {**plain, "sourceRef": "I-2", "calibrationExempt": True},
        {**plain, "sourceRef": "I-3", "commissionedOn": "2026-06-01"},
    )
    assert await laboratory.judged("L-07") == {
        "I-1": ("no_data", []),
        "I-2": ("not_applicable", []),
        "I-3": ("no_data", []),
    }
    calibration = {"sourceRef": "K-1", "instrumentRef": "I-1", "kind": "CALIBRATION", "number": "1", "fitForUse": True}
    await laboratory.push("calibrations", {**calibration, "calibratedOn": "2025-02-01", "validTo": "2026-01-31"})
    await laboratory.push(
        "calibrations", {**calibration, "sourceRef": "K-2", "calibratedOn": "2026-02-11", "validTo": "2027-02-10"}
    )
    assert (await laboratory.judged("L-07"))["I-3"] == ("breach", ["CALIBRATION"])
    assert await laboratory.found("L-07") == {
        "I-1": (date(2026, 2, 1), date(2026, 2, 11), True),
        "I-3": (date(2026, 6, 1), None, True),
    }


async def test_a_lot_waits_for_acceptance_and_ends_with_its_expiry(laboratory: Laboratory) -> None:
    """Its last day is still valid; the same reference in both registers is two lots."""
    lot = {"sourceRef": "1", "name": "硫酸", "lot": "A", "keyReagent": True, "inUseFrom": "2026-02-02"}
    await laboratory.push("reagentLots", {**lot, "expiresOn": "2026-06-30", "acceptedOn": "2026-02-09"})
    material = {"sourceRef": "1", "name": "氨氮标准溶液", "lot": "B", "inUseFrom": "2026-02-02"}
    await laboratory.push("referenceMaterials", {**material, "expiresOn": "2027-06-30", "acceptedOn": "2026-02-02"})
    assert await laboratory.judged("L-08") == {
        "reagentLots:1": ("breach", []),
        "referenceMaterials:1": ("pass", []),
    }
    async with laboratory.database.read(laboratory._job) as session:
        spans = await session.all(
            sql("select opened_on, closed_on from finding where tenant_id = :id and rule_id = 'L-08' order by 1"),
            {"id": laboratory.sender.organization.id},
        )
    assert [tuple(span) for span in spans] == [(date(2026, 2, 2), date(2026, 2, 9)), (date(2026, 7, 1), None)]


async def test_a_report_outside_the_scope_is_found_on_its_day(laboratory: Laboratory) -> None:
    """An event is judged on its day and leaves a finding of that one day; who made it needs a certificate for the item."""
    await laboratory.push("accreditations", accreditation("2024-05-06", validTo="2026-06-30"))
    line = {"accreditationRef": "CMA-1", "validFrom": "2024-05-06", "methodCode": "HJ 535-2009"}
    await laboratory.push("capabilities", {**line, "sourceRef": "S-1", "item": "氨氮"})
    method = {"sourceRef": "M-1", "code": "HJ 535-2009", "name": "纳氏试剂", "verifiedOn": "2020-01-06"}
    await laboratory.push("methods", {**method, "inUseFrom": "2020-01-06"})
    certificate = {"personRef": "E-1", "kind": "MONITORING", "number": "1", "issuer": "站", "items": ["氨氮"]}
    await laboratory.push("certificates", {**certificate, "sourceRef": "Z-1", "issuedOn": "2024-01-08"})
    reports = {"R-1": "2026-06-30", "R-2": "2026-07-01"}
    await laboratory.push(
        "monitoringReports", *({"sourceRef": ref, "number": ref, "issuedOn": on} for ref, on in reports.items())
    )
    made = {
        "testedOn": "2026-06-29",
        "methodRef": "M-1",
        "analystRef": "E-1",
        "checkerRef": "E-2",
        "reviewerRef": "E-3",
    }
    await laboratory.push(
        "testResults",
        {**made, "sourceRef": "T-1", "item": "氨氮", "reportRef": "R-1"},
        {**made, "sourceRef": "T-2", "item": "总磷", "reportRef": "R-1", "checkerRef": "E-1"},
        {**made, "sourceRef": "T-3", "item": "氨氮", "reportRef": "R-2"},
    )
    tested = (date(2026, 6, 29), date(2026, 6, 30), True)
    assert await laboratory.found("L-06") == {"T-2": tested}
    assert await laboratory.found("L-14") == {"T-2": tested}
    assert await laboratory.found("L-01") == {
        "T-2": (date(2026, 6, 30), date(2026, 7, 1), True),
        "T-3": (date(2026, 7, 1), date(2026, 7, 2), True),
    }


async def test_reports_of_one_number_and_amendments_without_a_reason(laboratory: Laboratory) -> None:
    """The second use of a number is the fault; an amended report names the original and the reason."""
    await laboratory.push(
        "monitoringReports",
        {"sourceRef": "R-1", "number": "2026-001", "issuedOn": "2026-05-06"},
        {"sourceRef": "R-2", "number": "2026-001", "issuedOn": "2026-05-07"},
        {"sourceRef": "R-3", "number": "2026-002", "issuedOn": "2026-05-08", "amendsNumber": "2026-001"},
    )
    assert set(await laboratory.found("L-21")) == {"R-2", "R-3"}
    change = {"sourceRef": "V-1", "title": "升级", "implementedOn": "2026-05-06"}
    await laboratory.push("systemChanges", change, {**change, "sourceRef": "V-2", "approvedOn": "2026-05-06"})
    assert set(await laboratory.found("L-17")) == {"V-1"}


async def test_a_room_outside_its_limits_needs_an_action(laboratory: Laboratory) -> None:
    """The limits are inside; a reading stands until the next."""
    await laboratory.push(
        "rooms",
        {
            "sourceRef": "A",
            "name": "天平室",
            "temperatureLow": "20",
            "temperatureHigh": "25",
            "validFrom": "2025-01-01",
        },
    )
    reading = {"sourceRef": "A", "roomRef": "A"}
    for on, degrees, action in (
        ("2026-03-02", "25.0", None),
        ("2026-03-03", "25.1", None),
        ("2026-03-05", "25.1", "调温"),
    ):
        await laboratory.push(
            "environmentReadings", {**reading, "readOn": on, "temperature": degrees, "action": action}
        )
    assert await laboratory.found("L-10") == {"A": (date(2026, 3, 3), date(2026, 3, 5), True)}


async def test_what_ran_out_is_still_a_source(laboratory: Laboratory) -> None:
    """From an expired calibration's last day one comes to its row, though it is in force no more."""
    expired = {"sourceRef": "K-1", "instrumentRef": "I-1", "kind": "CALIBRATION", "number": "1", "fitForUse": True}
    await laboratory.push("calibrations", {**expired, "calibratedOn": "2025-02-01", "validTo": "2026-01-31"})
    source = fact_source("calibrated_to", subject_kind="instrument", subject="I-1")
    assert source is not None
    tenant_id = laboratory.sender.organization.id
    async with laboratory.database.read(laboratory._job) as session:
        where = dict(source.where)
        rows, total = await read_register(
            session, source.kind, tenant_id, on=TODAY, where=where, ended=source.ended, limit=9
        )
        in_force, _ = await read_register(session, source.kind, tenant_id, on=TODAY, where=where, limit=9)
    assert ([row.source_ref for row in rows], total, in_force) == (["K-1"], 1, ())
