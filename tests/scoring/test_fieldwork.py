"""A contractor judged from what it pushes of its work: visits, stops, repairs, waste, reports, materials."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from hengjian.platform.db import Caller, Database, sql
from hengjian.scoring.api import load_lawbook
from hengjian.scoring.evaluate import evaluate_organization
from hengjian.scoring.fact_sources import fact_source
from hengjian.tenants.api import read_register
from tests.support.api import Api, Sender, a_sender, api_over

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
LAWBOOK = load_lawbook()
Row = Mapping[str, Any]
Found = dict[str, tuple[str, date, date | None]]


@dataclass
class Contractor:
    """A contractor, and what it pushes and is found to be."""

    database: Database
    api: Api
    sender: Sender

    async def push(self, kind: str, *rows: Row) -> None:
        """Push rows, all of which are taken."""
        payload = await self.api.push(self.sender.key, kind, rows)
        assert payload["receipt"]["refused"] == 0, payload

    async def refused(self, kind: str, row: Row) -> list[tuple[list[str], str]]:
        """The problems of a row that is not taken."""
        payload = await self.api.push(self.sender.key, kind, [row])
        return [(one["path"][3:], one["code"]) for one in payload["receipt"]["rows"][0]["problems"]]

    async def found(self, rule: str) -> Found:
        """By subject, the severity of a finding with its first day and its end."""
        statement = "select subject, severity, opened_on, closed_on from finding where tenant_id = :id and rule_id = :r"
        rows = await self._asked(statement, rule)
        return {row.subject: (row.severity, row.opened_on, row.closed_on) for row in rows}

    async def judged(self, rule: str) -> dict[str, str]:
        """By subject, the verdict of today."""
        rows = await self._asked("select subject, verdict from judgement where tenant_id = :id and rule_id = :r", rule)
        return {row.subject: row.verdict for row in rows}

    async def _asked(self, statement: str, rule: str) -> Any:
        identity = self.sender.organization.id
        async with self.database.write(Caller(kind="job", tenant_id=identity, actor="test")) as session:
            await evaluate_organization(session, identity, lawbook=LAWBOOK, now=NOW)
            return await session.all(sql(statement), {"id": identity, "r": rule})


@pytest.fixture
async def contractor(database: Database, app_url: str) -> Any:
    """A contractor with two points, a technician and a supervisor."""
    sender = await a_sender(database)
    async with api_over(app_url) as api:
        made = Contractor(database, api, sender)
        await made.push("people", person("T-1", "TECHNICIAN"), person("S-1", "SUPERVISOR"))
        far = {"longitude": "85.200000", "latitude": "45.600000"}
        await made.push("points", point("P-1"), point("P-2", **far))
        yield made


def person(ref: str, role: str) -> Row:
    return {"sourceRef": ref, "name": "王芳", "role": role, "hiredOn": "2025-01-06"}


def point(ref: str, **fields: Any) -> Row:
    return {
        "sourceRef": ref, "name": ref, "discharger": "甲厂", "medium": "WATER", "city": "6501",
        "inServiceFrom": "2026-10-01", "longitude": "87.600000", "latitude": "43.800000", "doorSystem": True,
        "producesWaste": True, **fields,
    }  # fmt: skip


def visit(ref: str, started: str, ended: str, **fields: Any) -> Row:
    return {
        "sourceRef": ref, "pointRef": "P-1", "personRef": "T-1", "purposes": ["INSPECTION"], "mobile": True,
        "startedAt": f"{started}:00+08:00", "endedAt": f"{ended}:00+08:00", "doorEnteredAt": f"{started}:30+08:00",
        "submittedAt": f"{ended}:00+08:00", "longitude": "87.600100", "latitude": "43.800100", **fields,
    }  # fmt: skip


def day_visit(ref: str, day: str, **fields: Any) -> Row:
    return visit(ref, f"{day}T10:00", f"{day}T11:00", reviewedAt=f"{day}T18:00:00+08:00", **fields)


async def test_a_week_without_an_inspection_is_found_to_the_day(contractor: Contractor) -> None:
    """Nine days between two inspections are a breach on the last two of them; a stop holds the clock."""
    assert await contractor.judged("C-23") == {"P-1": "no_data", "P-2": "no_data"}
    days = ["2026-10-01", "2026-10-08", "2026-10-17", "2026-10-20", "2026-11-13"]
    await contractor.push("visits", *(day_visit(f"V-{day}", day) for day in days))
    stop = {"sourceRef": "STOP", "pointRef": "P-1", "reason": "检修", "stoppedFrom": "2026-10-21"}
    await contractor.push("pointStops", {**stop, "stoppedUntil": "2026-11-10"})
    found = await contractor.found("C-23")
    assert found["P-1"] == ("major", date(2026, 10, 16), date(2026, 10, 18))
    assert found["P-2"] == ("major", date(2026, 10, 9), None)
    assert await contractor.judged("C-23") == {"P-1": "pass", "P-2": "breach"}


async def test_a_record_is_reviewed_within_a_week(contractor: Contractor) -> None:
    """Seven days to the second pass; a record that waits is a breach until somebody reviews it."""
    await contractor.push(
        "visits",
        visit("V-1", "2026-10-01T10:00", "2026-10-01T11:00", reviewedAt="2026-10-08T11:00:00+08:00"),
        visit("V-2", "2026-10-02T10:00", "2026-10-02T11:00", reviewedAt="2026-10-09T11:00:01+08:00"),
        visit("V-3", "2026-11-11T10:00", "2026-11-11T11:00"),
        visit("V-4", "2026-11-13T10:00", "2026-11-13T11:00"),
    )
    assert await contractor.found("C-16") == {
        "V-2": ("minor", date(2026, 10, 9), date(2026, 10, 10)),
        "V-3": ("minor", date(2026, 11, 19), None),
    }


async def test_nobody_is_at_two_places(contractor: Contractor) -> None:
    """Urumqi to Karamay, some 275 km: in an hour too fast, at once critical, in three hours possible."""
    far = {"pointRef": "P-2", "longitude": "85.200000", "latitude": "45.600000"}
    await contractor.push(
        "visits",
        visit("V-1", "2026-10-12T08:00", "2026-10-12T09:00"),
        visit("V-2", "2026-10-12T10:00", "2026-10-12T10:30", **far),
        visit("V-3", "2026-10-12T13:30", "2026-10-12T14:00"),
        visit("V-4", "2026-10-12T13:45", "2026-10-12T14:30", **far),
    )
    on, after = date(2026, 10, 12), date(2026, 10, 13)
    found = await contractor.found("C-26")
    assert found["3:V-1V-2"] == ("major", on, after)
    assert found["3:V-3V-4"] == ("critical", on, after)
    assert "3:V-2V-3" not in found


async def test_presence_is_borne_out_by_door_and_position(contractor: Contractor) -> None:
    """Some 14 metres off is there; 1.6 kilometres off is not, nor is who never opened the door."""
    await contractor.push(
        "visits",
        day_visit("V-1", "2026-10-01"),
        day_visit("V-2", "2026-10-02", longitude="87.620000"),
        day_visit("V-3", "2026-10-03", doorEnteredAt=None),
    )
    found = await contractor.found("C-27")
    assert {ref: days[1] for ref, days in found.items()} == {"V-2": date(2026, 10, 2), "V-3": date(2026, 10, 3)}


async def test_reports_are_whole_and_in_time(contractor: Contractor) -> None:
    """The first report is a day late; the second lacks a section until it is completed."""
    sections = "OVERVIEW OPERATION MAINTENANCE ABNORMAL_DATA ORDERS INTERNAL_CHECKS LAW_STUDY NEXT_MONTH SUGGESTIONS"
    row = {"discharger": "甲厂", "sections": sections.split()}
    await contractor.push("points", point("P-1", inServiceFrom="2026-09-01", validFrom="2026-09-01"))
    first = {**row, "sourceRef": "R-09", "month": "2026-09-01", "receivedOn": "2026-10-11"}
    second = {**row, "sourceRef": "R-10", "month": "2026-10-01", "receivedOn": "2026-11-05"}
    await contractor.push("clientReports", first, {**second, "sections": sections.split()[:8]})
    assert await contractor.found("C-19") == {
        "2026-09:甲厂": ("minor", date(2026, 10, 11), date(2026, 10, 12)),
        "2026-10:甲厂": ("minor", date(2026, 11, 11), None),
    }
    await contractor.push("clientReports", {**second, "receivedOn": "2026-11-16"})
    assert (await contractor.found("C-19"))["2026-10:甲厂"] == ("minor", date(2026, 11, 11), date(2026, 11, 17))


async def test_waste_spares_and_materials(contractor: Contractor) -> None:
    """Waste handed to nobody licensed, a foreign spare without proof, a gas that ran out while in use."""
    waste = {"sourceRef": "W-1", "pointRef": "P-1", "collectedOn": "2026-10-05", "quantityL": "2.5"}
    await contractor.push("wasteCollections", waste)
    assert await contractor.judged("C-22") == {"P-1": "breach", "P-2": "pass"}
    licensed = {"licenceNumber": "6501000001", "licenceUntil": "2026-10-20"}
    await contractor.push("wasteCollections", {**waste, **licensed, "sourceRef": "W-2", "collectedOn": "2026-10-20"})
    assert (await contractor.found("C-22"))["P-1"] == ("major", date(2026, 10, 5), date(2026, 10, 20))
    repair = {"pointRef": "P-1", "fault": "泵不转", "spareUsed": True, "originalBrand": "甲", "originalModel": "A1"}
    other = {**repair, "spareBrand": "乙", "spareModel": "B1"}
    await contractor.push(
        "repairs",
        {**other, "sourceRef": "M-1", "repairedOn": "2026-10-06"},
        {**other, "sourceRef": "M-2", "repairedOn": "2026-10-07", "compatibilityProof": "T-1"},
        {**repair, "sourceRef": "M-3", "repairedOn": "2026-10-08", "spareBrand": "甲", "spareModel": "A1"},
    )
    assert await contractor.found("C-21") == {"M-1": ("minor", date(2026, 10, 6), date(2026, 10, 7))}
    gas = {"sourceRef": "G-1", "name": "SO2", "lot": "1", "expiresOn": "2026-10-15", "inUseFrom": "2026-10-01"}
    await contractor.push("referenceMaterials", {**gas, "certificateNumber": "GBW-1", "inUseUntil": "2026-10-20"})
    assert await contractor.found("C-20") == {"G-1": ("major", date(2026, 10, 16), date(2026, 10, 20))}


async def test_how_many_points_one_person_visits(contractor: Contractor) -> None:
    """Five points in a day are noted of a technician, and 51 in a month of a supervisor, from that visit on."""
    await contractor.push("points", *(point(f"Q-{n}") for n in range(51)))
    day = [
        visit(f"D-{n}", f"2026-10-05T{9 + n:02}:00", f"2026-10-05T{9 + n:02}:30", pointRef=f"Q-{n}") for n in range(5)
    ]
    month = [
        visit(f"M-{n}", f"2026-10-{6 + n // 3:02}T10:00", f"2026-10-{6 + n // 3:02}T10:00", pointRef=f"Q-{n}",
              personRef="S-1", purposes=["SUPERVISORY"])
        for n in range(51)
    ]  # fmt: skip
    await contractor.push("visits", *day, *month)
    assert await contractor.found("C-25") == {"2026-10-05:T-1": ("info", date(2026, 10, 5), date(2026, 10, 6))}
    assert await contractor.found("C-24") == {"2026-10:S-1": ("info", date(2026, 10, 22), date(2026, 11, 1))}
    assert (await contractor.found("C-13")) == {}


async def test_a_pledge_after_the_first_visit_is_late(contractor: Contractor) -> None:
    """C-13 knows the first visit now: signed a day later is minor."""
    await contractor.push("visits", day_visit("V-1", "2026-10-02"))
    await contractor.push("pledges", {"sourceRef": "L-1", "personRef": "T-1", "signedOn": "2026-10-03"})
    assert (await contractor.found("C-13"))["T-1"][0] == "minor"


async def test_what_cannot_be_is_refused(contractor: Contractor) -> None:
    """An end before the start, a review before the submission, a latitude beyond the pole, a month that is a day."""
    backwards = visit("V-1", "2026-10-01T10:00", "2026-10-01T09:00", reviewedAt="2026-10-01T08:00:00+08:00")
    assert await contractor.refused("visits", {**backwards, "latitude": "90.1"}) == [
        (["endedAt"], "DATES_REVERSED"),
        (["reviewedAt"], "DATES_REVERSED"),
        (["latitude"], "NUMBER_OUT_OF_RANGE"),
    ]
    report = {"sourceRef": "R", "discharger": "甲厂", "month": "2026-10-02", "receivedOn": "2026-11-05", "sections": []}
    assert await contractor.refused("clientReports", report) == [(["month"], "MONTH_NOT_ITS_FIRST_DAY")]


async def test_every_fact_of_a_finding_leads_to_its_rows(contractor: Contractor) -> None:
    """Both visits of a pair, the inspections of a point, the report of a month."""
    await contractor.push("visits", day_visit("V:1", "2026-10-02"), day_visit("2V", "2026-10-03"))
    asked = [
        ("distance_m", "visit_pair", "3:V:12V", ["2V"]),
        ("travel_seconds", "visit_pair", "3:V:12V", ["V:1"]),
        ("days_since_inspection", "point", "P-1", ["2V", "V:1"]),
        ("points_visited", "technician_day", "2026-10-02:T-1", ["2V", "V:1"]),
        ("service_month", "client_month", "2026-10:甲厂", ["P-1", "P-2"]),
    ]
    async with contractor.database.read(contractor.sender.caller) as session:
        for name, kind, key, wanted in asked:
            source = fact_source(name, subject_kind=kind, subject=key)
            assert source is not None
            rows, _ = await read_register(
                session, source.kind, contractor.sender.organization.id, on=date(2026, 11, 20),
                where=dict(source.where), limit=9,
            )  # fmt: skip
            assert [row.source_ref for row in rows] == wanted
