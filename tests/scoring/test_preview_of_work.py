"""Previews and shadow days of rules on what is done day by day: visits, clocks, reports, recordings and labels."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.ingestion.api import UploadDesk, UploadLimits
from hengjian.platform.db import Caller, Database, sql
from hengjian.platform.objects import Objects
from hengjian.scoring.api import (
    ChangeKind,
    ImpactRow,
    NewChange,
    evaluate_organization,
    list_impact_rows,
    list_shadow_findings,
)
from hengjian.scoring.changes.jobs import judge_in_shadow
from hengjian.scoring.changes.overlay import ChangeInBook, overlay
from tests.scoring.changing import BOOK, Office, an_office, forget_changes
from tests.scoring.recording import (
    CONTENTS,
    LABEL,
    SITE,
    Laboratory,
    a_laboratory,
    field_event,
    in_order,
    label_event,
    push_task,
    set_up,
)
from tests.scoring.recording import NOW as AFTER_THE_TASK
from tests.scoring.test_fieldwork import NOW, Contractor, day_visit, person, point, visit
from tests.support.api import a_sender, api_over

Span = tuple[str, date, date | None]


@dataclass(frozen=True)
class OfficeThen(Office):
    """A bureau on a day of the story."""

    moment: datetime = NOW

    @property
    def now(self) -> datetime:
        return self.moment

    def change(self, rule_id: str, parameter: str, value: str) -> NewChange:
        """Another value of a limit, with room for the shadow days."""
        return NewChange(
            rule_id=rule_id,
            kind=ChangeKind.PARAMETER,
            parameter=parameter,
            value=value,
            from_day=self.moment.date() + timedelta(days=30),
            reason="试",
            clause="一",
        )

    async def previewed(self, new: NewChange) -> tuple[str, dict[UUID, ImpactRow]]:
        """The number of the change with the examples that its check suggests, and whom it moves."""
        suggested = (await self.check(await self.draft(new))).suggested
        no = await self.draft(replace(new, examples=suggested))
        checked = await self.check(no)
        assert checked.ok, checked.problems
        identity = await self.preview(no)
        async with self.database.read(self.caller()) as session:
            rows = (await list_impact_rows(session, identity)).rows
        return no, {row.organization_id: row for row in rows}

    async def in_shadow(self, no: str, *, days: int) -> dict[UUID, set[str]]:
        """By organization, what only the change finds some days after its approval."""
        await self.submit(no)
        await self.approve(no)
        await judge_in_shadow(self.database, lawbook=BOOK, now=self.moment + timedelta(days=days))
        async with self.database.read(self.caller()) as session:
            found = (await list_shadow_findings(session, no)).findings
        told: dict[UUID, set[str]] = {}
        for one in found:
            if not one.breached_now:
                told.setdefault(one.organization_id, set()).add(one.subject)
        return told


async def judged(
    database: Database, tenant_id: UUID, office: OfficeThen, new: NewChange
) -> tuple[set[Span], set[Span]]:
    """The breaches that a whole evaluation finds by the law-book as it is, and by one with the change all year."""
    since = date(office.moment.year - 1, office.moment.month, 1)
    always = ChangeInBook(no="x", region=office.region, new=replace(new, from_day=since, examples=""))
    found = []
    for book in (BOOK, overlay(BOOK, [always])):
        async with database.write(Caller(kind="job", tenant_id=tenant_id, actor="test")) as session:
            await evaluate_organization(session, tenant_id, lawbook=book, now=office.moment)
            rows = await session.all(
                sql("""select subject, opened_on, closed_on from finding
                        where tenant_id = :id and rule_id = :rule and closed_on is distinct from opened_on"""),
                {"id": tenant_id, "rule": new.rule_id},
            )
        found.append({(row.subject, row.opened_on, row.closed_on) for row in rows})
    return found[0], found[1]


def told(row: ImpactRow | None, side: str) -> set[Span]:
    """The breaches that a preview lists."""
    return {
        (
            one["subject"],
            date.fromisoformat(one["first_day"]),
            date.fromisoformat(one["until"]) if one["until"] else None,
        )
        for one in (row.stretches[side] if row else ())
    }


async def supervised_long_since(owner: AsyncConnection, tenant_id: UUID) -> None:
    """The story is of days before the test made its organizations."""
    await owner.execute(
        text("update supervision set valid_from = '2020-01-01' where organization_id = :id"), {"id": tenant_id}
    )
    await owner.commit()


@pytest.fixture
async def bureau(database: Database, owner: AsyncConnection) -> AsyncIterator[OfficeThen]:
    """The bureau of a contractor's city; what it put in force is gone with the test."""
    made = await an_office(database, "6501")
    yield OfficeThen(database, made.id, made.region)
    await forget_changes(owner)


@pytest.fixture
async def contractor(database: Database, app_url: str, owner: AsyncConnection) -> AsyncIterator[Contractor]:
    """A contractor that keeps every limit, and most of them narrowly."""
    async with api_over(app_url) as api:
        made = Contractor(database, api, await a_sender(database))
        await supervised_long_since(owner, made.sender.organization.id)
        await made.push("people", person("T-1", "TECHNICIAN"), person("S-1", "SUPERVISOR"))
        started = {"inServiceFrom": "2026-09-01", "validFrom": "2026-09-01"}
        await made.push("points", point("P-1", **started), point("P-2", **started))
        weekly = [str(date(2026, 9, 1) + timedelta(days=7 * week)) for week in range(12)]
        await made.push(
            "visits", *(day_visit(f"V-{ref}-{day}", day, pointRef=ref) for ref in ("P-1", "P-2") for day in weekly)
        )
        late = visit("V-R", "2026-10-03T10:00", "2026-10-03T11:00", reviewedAt="2026-10-08T11:00:00+08:00")
        await made.push("visits", late, visit("V-W", "2026-11-15T10:00", "2026-11-15T11:00"))
        sections = (
            "OVERVIEW OPERATION MAINTENANCE ABNORMAL_DATA ORDERS INTERNAL_CHECKS LAW_STUDY NEXT_MONTH SUGGESTIONS"
        )
        report = {"discharger": "甲厂", "sections": sections.split()}
        await made.push(
            "clientReports",
            {**report, "sourceRef": "R-09", "month": "2026-09-01", "receivedOn": "2026-10-08"},
            {**report, "sourceRef": "R-10", "month": "2026-10-01", "receivedOn": "2026-11-04"},
        )
        waste = {"quantityL": "2.5", "licenceNumber": "X-1"}
        await made.push(
            "wasteCollections",
            {**waste, "sourceRef": "W-1", "pointRef": "P-1", "collectedOn": "2026-09-02"},
            {**waste, "sourceRef": "W-2", "pointRef": "P-2", "collectedOn": "2026-11-10"},
        )
        yield made


@pytest.mark.parametrize(
    ("rule", "parameter", "value", "effect"),
    [
        ("C-16", "most_days", "3", "starts"),
        ("C-19", "due_day", "5", "starts"),
        ("C-22", "most_days", "30", "starts"),
        ("C-23", "most_days", "5", "starts"),
        ("C-25", "most_points", "1", "starts"),
        ("C-27", "most_metres", "10", "starts"),
    ],
)
async def test_work_of_a_contractor_is_previewed_as_it_would_be_judged(
    contractor: Contractor, bureau: OfficeThen, rule: str, parameter: str, value: str, effect: str
) -> None:
    """Each subject to the day: who begins to breach when the limit grows narrower, and who stops when it grows wider."""
    tenant = contractor.sender.organization.id
    new = bureau.change(rule, parameter, value)
    before, after = await judged(contractor.database, tenant, bureau, new)
    _, rows = await bureau.previewed(new)
    assert rows[tenant].effect == effect
    assert before == set()
    assert told(rows[tenant], "before") == set()
    assert told(rows[tenant], "after") == after != set()


async def test_a_breach_that_a_wider_limit_ends_is_previewed(contractor: Contractor, bureau: OfficeThen) -> None:
    """Nine days without an inspection are none with ten."""
    await contractor.push("points", point("P-3", inServiceFrom="2026-10-01", validFrom="2026-10-01"))
    await contractor.push(
        "visits", *(day_visit(f"V-3-{day}", day, pointRef="P-3") for day in ("2026-10-01", "2026-10-10"))
    )
    stop = {"sourceRef": "STOP", "pointRef": "P-3", "reason": "检修", "stoppedFrom": "2026-10-11"}
    await contractor.push("pointStops", stop)
    tenant = contractor.sender.organization.id
    new = bureau.change("C-23", "most_days", "10")
    before, after = await judged(contractor.database, tenant, bureau, new)
    _, rows = await bureau.previewed(new)
    assert (rows[tenant].effect, rows[tenant].days_before, rows[tenant].days_after) == ("stops", 2, 0)
    assert (told(rows[tenant], "before"), told(rows[tenant], "after")) == (before, after)


async def test_the_shadow_keeps_what_lasts_and_what_happened(contractor: Contractor, bureau: OfficeThen) -> None:
    """A clock that runs over is found, and a visit of the shadow days stays found after its day."""
    tenant = contractor.sender.organization.id
    no, _ = await bureau.previewed(bureau.change("C-22", "most_days", "30"))
    assert (await bureau.in_shadow(no, days=2))[tenant] == {"P-1"}
    no, _ = await bureau.previewed(bureau.change("C-27", "most_metres", "10"))
    day = str(NOW.date() + timedelta(days=1))
    await contractor.push("visits", day_visit("V-S", day))
    assert (await bureau.in_shadow(no, days=3))[tenant] == {"V-S"}


@pytest.fixture
async def wenzhou(database: Database, owner: AsyncConnection) -> AsyncIterator[OfficeThen]:
    """The bureau of Wenzhou some days after the task."""
    made = await an_office(database, "3303")
    yield OfficeThen(database, made.id, made.region, AFTER_THE_TASK)
    await forget_changes(owner)


@pytest.fixture
async def laboratory(
    database: Database, app_url: str, owner: AsyncConnection, tmp_path: Path
) -> AsyncIterator[Laboratory]:
    """An institution with one task: a gap of four seconds, an entry 5.9 km away, recordings archived after a day."""
    made = await a_laboratory(database, "330302")
    objects = Objects(tmp_path.as_uri())
    desk = UploadDesk(database, objects, UploadLimits(file=10_000_000, part=10_000_000, quota=90_000_000))
    async with api_over(app_url) as api:
        own = Laboratory(database, api, made, desk, tmp_path, owner)
        await supervised_long_since(owner, own.id)
        await set_up(own)
        field, labels = in_order(LABEL)
        labels[1] = {**labels[1], "longitude": "120.760000"}
        labels[4] = label_event("E-5", "RECEIVED", "14:00:01", LABEL, sealState="MISSING", timely=True, preserved=True)
        field.append(field_event("F-9", "SAMPLING", "11:00:00", "11:00:05"))
        await push_task(own, field, labels)
        await own.issue(LABEL)
        await own.record("R-1", "EQUIPMENT", "07:59:59", 6)
        await own.record("R-2", "SAMPLING", "09:59:59", 12, missing=range(4, 8), tags=CONTENTS, **SITE)
        await own.record("R-4", "HANDOVER", "14:00:00", 3)
        await owner.execute(
            text("update recording set archived_at = completed_at + interval '30 hours' where tenant_id = :t"),
            {"t": own.id},
        )
        await owner.commit()
        yield own


@pytest.mark.parametrize(
    ("rule", "parameter", "value", "effect"),
    [
        ("V-02", "longest_whole_minutes", "0", "stops"),
        ("V-03", "longest_whole_minutes", "0", "starts"),
        ("V-05", "most_hours", "24", "starts"),
        ("V-06", "least_years", "11", "starts"),
        ("V-10", "most_seconds", "5", "stops"),
        ("V-11", "most_days", "5", "starts"),
        ("V-13", "least_days", "120", "starts"),
        ("S-03", "within_m", "6000", "stops"),
        ("S-08", "least_spare", "2", "starts"),
    ],
)
async def test_recordings_and_labels_are_previewed_as_they_would_be_judged(
    laboratory: Laboratory, wenzhou: OfficeThen, rule: str, parameter: str, value: str, effect: str
) -> None:
    """Each recording, action, label and city to the day."""
    new = wenzhou.change(rule, parameter, value)
    before, after = await judged(laboratory.database, laboratory.id, wenzhou, new)
    _, rows = await wenzhou.previewed(new)
    assert rows[laboratory.id].effect == effect
    assert (told(rows[laboratory.id], "before"), told(rows[laboratory.id], "after")) == (before, after)


async def test_more_time_to_archive_settles_later_from_its_day_on(laboratory: Laboratory, wenzhou: OfficeThen) -> None:
    """240 hours instead of 72: nothing is missing yet; approved for another day or city, nothing moves today."""
    new = wenzhou.change("V-05", "most_hours", "240")
    now = AFTER_THE_TASK
    as_it_is = await laboratory.found(now)
    assert "V-14" in as_it_is
    for region, day in (("3303", new.from_day), ("330327", date(2026, 1, 1))):
        book = overlay(BOOK, [ChangeInBook(no="x", region=region, new=replace(new, from_day=day))])
        assert await laboratory.found(now, book) == as_it_is, region
    always = overlay(BOOK, [ChangeInBook(no="x", region="3303", new=replace(new, from_day=date(2026, 1, 1)))])
    assert "V-14" not in await laboratory.found(now, always)


async def test_the_shadow_of_recordings_is_the_bureaus(laboratory: Laboratory, wenzhou: OfficeThen) -> None:
    """Recorders unchecked for longer than the new limit, of this institution, in this city."""
    no, _ = await wenzhou.previewed(wenzhou.change("V-11", "most_days", "5"))
    assert (await wenzhou.in_shadow(no, days=1))[laboratory.id] == {"3303"}
    member = Caller(kind="member", tenant_id=laboratory.id, region="330302", actor="account:clerk")
    async with laboratory.database.read(member) as session:
        assert (await list_shadow_findings(session, no)).total == 0
