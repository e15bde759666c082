import io
import re
import subprocess
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import zxingcpp
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.filing.api import (
    FilingError,
    ReportDesk,
    ReportJobs,
    ReportRow,
    ReportWanted,
    find_report,
    list_reports,
    make_report,
    month_before,
    open_report,
    request_report,
)
from hengjian.filing.gather_bureau import gather_bureau
from hengjian.filing.jobs import queue_monthly_reports
from hengjian.filing.make_report import reported_period
from hengjian.filing.report_inputs import ReportInputs
from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Caller, Database
from hengjian.platform.ids import uuid7
from hengjian.platform.issued import replaced
from hengjian.platform.objects import Objects
from hengjian.platform.pdf import PdfLimits, PdfRenderer, PdfTimedOutError
from hengjian.scoring.api import load_lawbook
from hengjian.scoring.evaluate import evaluate_organization
from hengjian.tenants.api import BY_KIND, KnownOrganization, RegisterRow, ReportSubject, RowsToWrite, Sealer, write_rows
from hengjian.tenants.domain.kinds import Medium, PersonRole
from hengjian.tenants.domain.rows_assets import PointRow
from hengjian.tenants.domain.rows_capacity import PersonRow
from tests.support.people import a_bureau, a_contractor

NOW = datetime.now(UTC)
MONTH = month_before(legal_day(NOW))
PUBLIC_URL = "https://hengjian.example"
LAST_YEAR = legal_day(NOW) - timedelta(days=300)


@dataclass(frozen=True)
class Place:
    """A bureau and a contractor in its region, judged: 51 points, one supervisor."""

    bureau: ReportSubject
    contractor: ReportSubject


def subject(known: KnownOrganization) -> ReportSubject:
    return ReportSubject(
        id=known.id, credit_code=known.credit_code, name=known.name, kinds=frozenset(known.kinds), region=known.region
    )


def member(of: ReportSubject) -> Caller:
    return Caller(kind="member", tenant_id=of.id, actor="user:clerk")


def inspector(of: ReportSubject) -> Caller:
    return Caller(kind="bureau", tenant_id=of.id, region=of.region, actor="user:inspector")


async def write(database: Database, of: ReportSubject, kind: str, rows: Sequence[RegisterRow]) -> None:
    accepted = RowsToWrite(
        tenant_id=of.id, region=of.region, batch_id=uuid7(), recorded_at=NOW, indexes=range(len(rows)), rows=rows
    )
    async with database.write(member(of)) as session:
        await write_rows(session, BY_KIND[kind], accepted, sealer=Sealer(bytes(32)))


@pytest_asyncio.fixture
async def place(database: Database) -> Place:
    made = Place(subject(await a_bureau(database, "6501")), subject(await a_contractor(database, "650102")))
    points = [
        PointRow(
            source_ref=f"P{n}",
            name="=HYPERLINK(1)",
            discharger="<b>化工厂</b>",
            medium=Medium.WATER,
            city="6501",
            in_service_from=LAST_YEAR,
        )
        for n in range(51)
    ]
    supervisor = PersonRow(
        source_ref="S1",
        name="王督查",
        role=PersonRole.SUPERVISOR,
        hired_on=LAST_YEAR,
        identity_number="65010219900307721X",
    )
    await write(database, made.contractor, "points", points)
    await write(database, made.contractor, "people", [supervisor])
    job = Caller(kind="job", tenant_id=made.contractor.id, actor="scoring.evaluate")
    async with database.write(job) as session:
        await evaluate_organization(session, made.contractor.id, lawbook=load_lawbook())
    return made


@pytest_asyncio.fixture
async def desk(database: Database, tmp_path: Path) -> AsyncIterator[ReportDesk]:
    async with PdfRenderer() as renderer:
        yield ReportDesk(
            database=database,
            objects=Objects(tmp_path.as_uri()),
            renderer=renderer,
            law_book=load_lawbook(),
            public_url=PUBLIC_URL,
        )


def wanted(about: ReportSubject, **changes: Any) -> ReportWanted:
    asked: dict[str, Any] = {"month": MONTH, "language": "zh", "requested_by": "test"}
    return ReportWanted(subject=about, **{**asked, **changes})


async def made_for(desk: ReportDesk, about: ReportSubject, **changes: Any) -> ReportRow:
    row = await make_report(desk, wanted(about, **changes), now=NOW)
    assert row is not None
    return row


def words(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


async def test_an_organizations_report_tells_its_breach_and_its_registers(desk: ReportDesk, place: Place) -> None:
    """From rows in the registers to the printed verdict with its clause; identity numbers stay out."""
    row = await made_for(desk, place.contractor)
    text_of = words(await desk.objects.take(row.object_path, sha256=row.sha256))
    assert place.contractor.credit_code in text_of
    assert "C-04" in text_of
    assert "每运维50个监测点位应至少配置1名督查人员" in text_of.replace("\n", "")
    assert "<b>化工厂</b>" in text_of
    assert "乌鲁木齐市" in text_of
    assert "721X" not in text_of
    assert row.pages > 1


async def test_a_bureaus_report_counts_the_organizations_of_its_region(desk: ReportDesk, place: Place) -> None:
    """The inspector reads who is where, in both languages."""
    row = await made_for(desk, place.bureau, language="en")
    text_of = words(await desk.objects.take(row.object_path, sha256=row.sha256))
    assert row.kind == "bureau"
    assert "Monthly compliance report of a region" in text_of
    assert place.contractor.credit_code in text_of.replace("\n", "")


async def test_organizations_of_one_name_are_counted_apart(database: Database, place: Place) -> None:
    """What lasts at the contractor is not laid to another one's account that is called the same."""
    namesake = subject(await a_contractor(database, "650102"))
    assert namesake.name == place.contractor.name
    inputs = ReportInputs(
        subject=place.bureau,
        bureau=None,
        period=reported_period(MONTH, NOW),
        number="HG-1",
        now=NOW,
        language="zh",
        law_book=load_lawbook(),
    )
    async with database.read(inspector(place.bureau)) as session:
        data = await gather_bureau(session, inputs)
    open_at = {line.credit_code: line.critical + line.major + line.minor for line in data.organizations}
    assert open_at[place.contractor.credit_code] > 0
    assert open_at[namesake.credit_code] == 0
    assert {place.contractor.id} <= set(data.judgements.lasting)
    assert namesake.id not in data.judgements.lasting


async def test_a_report_is_listed_for_its_organization_and_its_bureau_and_for_nobody_else(
    desk: ReportDesk, place: Place, database: Database
) -> None:
    """Row-level security holds for reports as for everything."""
    row = await made_for(desk, place.contractor)
    stranger, far = subject(await a_contractor(database)), subject(await a_bureau(database, "6502"))
    async with database.read(member(place.contractor)) as session:
        assert [r.id for r in (await list_reports(session))[0]] == [row.id]
    async with database.read(inspector(place.bureau)) as session:
        assert row.id in [r.id for r in (await list_reports(session, tenant_id=place.contractor.id))[0]]
    for other in (member(stranger), inspector(far)):
        with pytest.raises(FilingError, match="no such report"):
            async with database.read(other) as session:
                await find_report(session, row.id)
    with pytest.raises(DBAPIError, match="permission denied"):
        async with database.read(Caller(kind="public")) as session:
            await find_report(session, row.id)


async def test_a_download_is_audited_and_a_changed_file_is_not_handed_out(
    desk: ReportDesk, place: Place, owner: AsyncConnection, tmp_path: Path
) -> None:
    """Who took it is known; what was tampered with stays in the house."""
    row = await made_for(desk, place.contractor)
    async with desk.database.write(member(place.contractor)) as session:
        found, content = await open_report(session, desk.objects, row.id)
    assert content.startswith(b"%PDF")
    assert found.file_name.isascii()
    trail = await owner.execute(
        text("select actor, outcome from audit where action = 'report.download' and target = :id"), {"id": str(row.id)}
    )
    assert trail.all() == [("user:clerk", "ok")]
    file = tmp_path / row.object_path
    file.chmod(0o600)
    file.write_bytes(content + b" ")
    with pytest.raises(FilingError, match="differs from its hash"):
        async with desk.database.write(member(place.contractor)) as session:
            await open_report(session, desk.objects, row.id)


def codes_on(pdf: bytes, folder: Path) -> list[str]:
    """What a scanner reads from the first page as it is printed."""
    (folder / "report.pdf").write_bytes(pdf)
    drawn = folder / "page"
    command = ["pdftoppm", "-r", "150", "-f", "1", "-l", "1", "-png", "-singlefile", "report.pdf", str(drawn)]
    subprocess.run(command, cwd=folder, check=True, timeout=60)
    with Image.open(drawn.with_suffix(".png")) as page:
        return [code.text for code in zxingcpp.read_barcodes(page.convert("L"))]


async def test_the_printed_code_leads_to_the_verification(
    desk: ReportDesk, place: Place, database: Database, tmp_path: Path
) -> None:
    """Read back from the drawn page; its digest stands beside it, is known, and is replaced by the next report."""
    first = await made_for(desk, place.contractor)
    pdf = await desk.objects.take(first.object_path, sha256=first.sha256)
    (code,) = codes_on(pdf, tmp_path)
    address, _, digest = code.partition("?digest=")
    assert address == f"{PUBLIC_URL}/verify"
    assert re.fullmatch("[0-9a-f]{64}", digest)
    assert digest in re.sub(r"\s", "", words(pdf))
    anybody = Caller(kind="public")
    asked = [await replaced(database, each, caller=anybody) for each in (digest, first.sha256, "0" * 64)]
    assert asked == [False, False, None]
    later = await make_report(desk, wanted(place.contractor), now=NOW + timedelta(minutes=1))
    assert later is not None
    asked = [await replaced(database, each, caller=anybody) for each in (digest, first.sha256, later.sha256)]
    assert asked == [True, True, False]


async def test_the_schedule_makes_each_report_once(desk: ReportDesk, place: Place) -> None:
    """A job that runs twice, or beside itself, adds one report; one asked for by a person is added each time."""
    assert await make_report(desk, wanted(place.contractor, scheduled=True), now=NOW) is not None
    assert await make_report(desk, wanted(place.contractor, scheduled=True), now=NOW) is None
    await made_for(desk, place.contractor)
    async with desk.database.read(member(place.contractor)) as session:
        _, total = await list_reports(session)
    assert total == 2


async def test_the_first_of_the_month_puts_in_one_job_for_everybody(
    desk: ReportDesk, place: Place, owner: AsyncConnection
) -> None:
    """The month reported on is the one that ended before the slot, also when the worker wakes late."""
    for _ in range(2):
        await queue_monthly_reports(desk.database, {"slot": "2026-10-31T22:00:00+00:00"})
    rows = await owner.execute(
        text(
            "select payload from job where name = 'filing.make_report' and state = 'waiting' "
            "and payload->>'subject_id' = any(:ids)"
        ),
        {"ids": [str(place.contractor.id), str(place.bureau.id)]},
    )
    payloads = [row.payload for row in rows]
    assert sorted(p["subject_id"] for p in payloads) == sorted([str(place.contractor.id), str(place.bureau.id)])
    assert {p["month"] for p in payloads} == {"2026-10"}
    await owner.execute(text("update job set state = 'done' where name = 'filing.make_report'"))


async def test_somebody_may_ask_for_a_report(desk: ReportDesk, place: Place, owner: AsyncConnection) -> None:
    """Asking leaves an event; the worker's job makes the report under the name of who asked."""
    async with desk.database.write(member(place.contractor)) as session:
        await request_report(session, place.contractor.id, month=MONTH, language="en")
    payload = await owner.scalar(
        text("select payload from outbox where name = 'report.wanted' and payload->>'subject_id' = :id"),
        {"id": str(place.contractor.id)},
    )
    await ReportJobs(desk).make(payload)
    async with desk.database.read(member(place.contractor)) as session:
        (row,), _ = await list_reports(session)
    assert (row.requested_by, row.language, row.state) == ("user:clerk", "en", "made")


async def test_a_report_that_cannot_be_drawn_is_listed_as_failed(
    database: Database, place: Place, tmp_path: Path
) -> None:
    """Nobody waits in vain: the list says which error it was, and there is no file."""
    async with PdfRenderer(PdfLimits(wall_seconds=0.01)) as renderer:
        desk = ReportDesk(
            database=database,
            objects=Objects(tmp_path.as_uri()),
            renderer=renderer,
            law_book=load_lawbook(),
            public_url=PUBLIC_URL,
        )
        with pytest.raises(PdfTimedOutError):
            await make_report(desk, wanted(place.contractor), now=NOW)
    async with database.read(member(place.contractor)) as session:
        (row,), _ = await list_reports(session)
    assert (row.state, row.problem, row.sha256) == ("failed", "PDF_TIMED_OUT", "")
    async with database.write(member(place.contractor)) as session:
        with pytest.raises(FilingError):
            await open_report(session, Objects(tmp_path.as_uri()), row.id)


@pytest.mark.parametrize("month", ["2026-13", "2026", "", "'; drop table report", "2999-01"])
async def test_a_month_that_cannot_be_reported_on_is_refused(desk: ReportDesk, place: Place, month: str) -> None:
    """The message shows how to write it."""
    with pytest.raises(FilingError, match="2026-10"):
        await make_report(desk, wanted(place.contractor, month=month), now=NOW)


def test_a_month_ends_before_the_first_of_the_next() -> None:
    """January's report is last year's December."""
    assert month_before(date(2027, 1, 1)) == "2026-12"
