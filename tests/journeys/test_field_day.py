"""A day in the field on a phone in a real browser: without a network, through a cut, to the laboratory and its refusal."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Route
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.ingestion.api import Archive, LabelState, labels_by_number
from hengjian.platform.calendar import LEGAL_ZONE, legal_day
from hengjian.platform.db import Database
from hengjian.platform.objects import Objects
from tests.dashboards.chromium import web_process
from tests.journeys.phones import Phone, a_phone, a_photo
from tests.support.api import api_over
from tests.support.clips import scene, write_clip
from tests.support.custody import Institution, a_sample, a_task, with_labels
from tests.support.people import an_account

pytestmark = pytest.mark.browser
ON_SITE = {"character": "微黄、微浊", "fixative": "无", "sealMaterial": "封口膜"}
# A box of an MP4 that holds nothing: four parts and a bit to upload.
FREE_ROOM = (2_200_000).to_bytes(4, "big") + b"free" + bytes(2_200_000 - 8)
GOOD = {"timely": "true", "preserved": "true"}


@dataclass
class Field:
    """An institution with a task of today, two samples, and the people who work on them."""

    address: str
    folder: Path
    database: Database
    owner: AsyncConnection
    institution: Institution

    async def rows(self, table: str) -> list[Any]:
        """Events of the institution in the order in which the server recorded them."""
        wanted = text(
            f"select * from {table}_assertion where tenant_id = :id order by recorded_at, row_index"
        )  # our own tables
        return list((await self.owner.execute(wanted, {"id": self.institution.organization.id})).all())

    async def state(self, label: str) -> LabelState:
        """Where a label stands."""
        async with self.database.read(self.institution.sender.caller) as session:
            (found,) = await labels_by_number(session, self.institution.organization.id, [label])
        return found.state


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("web")


@pytest.fixture(scope="module")
def address(app_url: str, folder: Path) -> Iterator[str]:
    with web_process(app_url, folder) as url:
        yield url


@pytest.fixture
async def field(
    address: str, folder: Path, app_url: str, database: Database, owner: AsyncConnection
) -> AsyncIterator[Field]:
    institution = await with_labels(database, count=4)
    key, today = institution.sender.key, legal_day(datetime.now(UTC)).isoformat()
    async with api_over(app_url) as api:
        who = {"hiredOn": "2024-01-05"}
        people = [
            {"sourceRef": "P-1", "name": "王芳", "role": "SAMPLER"},
            {"sourceRef": "P-2", "name": "李明", "role": "ANALYST"},
        ]
        await api.push(key, "people", [one | who for one in people])
        await api.push(
            key,
            "labelPrinters",
            [{"sourceRef": "D-1", "name": "便携打码机", "spare": False, "validFrom": "2026-01-05"}],
        )
        await api.push(key, "monitoringTasks", [a_task(plannedOn=today)])
        asked: dict[str, Any] = {
            "preservation": ["COLD"],
            "holdingMinutes": 2880,
            "keySteps": ["LOAD", "TITRATE"],
            "validFrom": today,
        }
        await api.push(key, "samples", [a_sample(**asked), a_sample("S-2", validFrom=today)])
        yield Field(address, folder, database, owner, institution)


async def test_a_day_in_the_field(field: Field, tmp_path: Path) -> None:
    """Entered without a network, kept over a closed page, sent in order and once, received, refused, analysed."""
    person = await an_account(field.database, field.institution.organization)
    async with a_phone(field.address, person) as phone:
        await phone.keep()
        assert await phone.page.locator("#person").input_value() == "P-1"
        assert await phone.visit.serious_issues() == []
        await phone.offline()
        await phone.page.locator(".ftasks a").first.click()
        await phone.page.wait_for_selector("body[data-ready]")
        await phone.waits_for("离线")
        entered = await on_site_without_network(phone, field.institution.labels[0], a_photo(tmp_path / "label.jpg"))
        assert await field.rows("field_event") == []
        await phone.offline(cut=False)
        await phone.waits_for("待发送 0 条")
        await everything_arrived_in_order_and_once(field, entered)
        await label_sheet(phone, field)
        await second_sample(phone, field.institution.labels[1], tmp_path / "label.jpg")
        assert await phone.visit.serious_issues() == []
        assert not await phone.visit.sticks_out()
        await recording_goes_on_after_a_cut(phone, field, tmp_path / "clip.mp4")
        await at_the_laboratory(phone, field)


async def on_site_without_network(phone: Phone, label: str, photo: Path) -> int:
    """The day until the first sample is handed over; how many entries were made."""
    await phone.did("EQUIPMENT_ISSUED T-1")
    await phone.did("ARRIVED T-1")
    assert "精度 ±12 米" in (await phone.step("ARRIVED T-1").locator("[data-say]").text_content() or "")
    await phone.do("SAMPLING T-1", button="[data-begin]")
    await phone.step("SAMPLING T-1").get_by_text("开始于").wait_for()
    await phone.reopen("/field/tasks/T-1")
    await phone.waits_for("待发送 2 条")
    await phone.did("SAMPLING T-1", button="[data-end]")
    wrong = label[:-1] + ("A" if label[-1] != "A" else "B")
    await phone.do("PRINTED S-1", labelId=wrong, printerRef="D-1")
    assert "标识码不对" in await phone.step("PRINTED S-1").locator("[name=labelId]").evaluate(
        "field => field.validationMessage"
    )
    await phone.did("PRINTED S-1", labelId=label.lower().replace("-", " "), printerRef="D-1")
    await phone.did("SEALED S-1", **ON_SITE)
    await phone.did("LABELLED S-1", photo=photo)
    await phone.did("PRESERVED S-1 COLD")
    await phone.did("HANDED_OVER S-1", counterpartRef="P-2")
    await phone.reopen("/field/tasks/T-1")
    await phone.waits_for("待发送 8 条")
    return 8


async def everything_arrived_in_order_and_once(field: Field, entered: int) -> None:
    """Each entry is one row; the server's order is that of entering; both clocks, place and person are there."""
    of_task, of_label = await field.rows("field_event"), await field.rows("label_event")
    assert [row.kind for row in of_task] == ["EQUIPMENT_ISSUED", "ARRIVED", "SAMPLING", "PRESERVED"]
    assert [row.kind for row in of_label] == ["PRINTED", "SEALED", "LABELLED", "HANDED_OVER"]
    both = sorted([*of_task, *of_label], key=lambda row: row.recorded_at)
    assert len({row.source_ref for row in both}) == len(both) == entered
    assert [row.kind for row in both] == [
        row.kind for row in sorted(both, key=lambda row: row.happened_at if row.kind != "SAMPLING" else row.ended_at)
    ]
    assert all(row.happened_at < row.recorded_at for row in both)
    assert len({row.device_id for row in both}) == 1
    arrived, sealed = of_task[1], of_label[1]
    assert (str(arrived.longitude), arrived.accuracy_m, arrived.person_refs) == ("87.600100", 12, ["P-1"])
    assert of_task[2].ended_at > of_task[2].happened_at
    assert (sealed.character, sealed.fixative, sealed.seal_material) == tuple(ON_SITE.values())
    digest = of_label[2].photo_sha256
    photo = await Objects((field.folder / "objects").as_uri()).take(f"{digest[:2]}/{digest}.jpg", sha256=digest)
    assert photo.startswith(b"\xff\xd8")
    batches = text(
        "select kind, sequence, state from push_batch where tenant_id = :id and stream like 'phone-%' order by received_at"
    )
    sent = (await field.owner.execute(batches, {"id": field.institution.organization.id})).all()
    assert [row.sequence for row in sent if row.kind == "fieldEvents"] == [1, 2, 3, 4]
    assert [row.sequence for row in sent if row.kind == "labelEvents"] == [1, 2, 3, 4]


async def label_sheet(phone: Phone, field: Field) -> None:
    """From the task's page to the label of the other sample as PDF; its print is recorded with the file."""
    await phone.open("/field/tasks/T-1")
    await phone.page.get_by_role("link", name="打印标识码 PDF", exact=True).click()
    await phone.page.locator(f'input[name=label][value="{field.institution.labels[1]}"]').check()
    await phone.page.locator("#p-person").select_option("P-1")
    await phone.page.locator("#p-task").select_option("T-1")
    async with phone.page.expect_download() as download:
        await phone.page.get_by_role("button", name="打印标签页（PDF）").click()
    assert (await (await download.value).path()).read_bytes().startswith(b"%PDF")


async def second_sample(phone: Phone, label: str, photo: Path) -> None:
    """The other sample, with a network: its label is known from the print, and each entry leaves at once."""
    await phone.open("/field/tasks/T-1")
    assert "已完成" in await phone.step("PRINTED S-2").inner_text()
    keys = await phone.page.locator("[data-step]").evaluate_all("steps => steps.map(step => step.dataset.step)")
    handed = [keys.index(f"HANDED_OVER S-{n}") for n in (1, 2)]
    assert keys.index("LABELLED S-2") < keys.index("TRANSPORTED T-1") < min(handed)
    assert max(handed) < keys.index("EQUIPMENT_RETURNED T-1")
    assert await phone.step("SEALED S-2").locator("[name=labelId]").input_value() == label
    await phone.did("SEALED S-2", **ON_SITE)
    await phone.did("LABELLED S-2", photo=photo)
    await phone.did("HANDED_OVER S-2", counterpartRef="P-2")
    await phone.did("EQUIPMENT_RETURNED T-1")
    await phone.waits_for("待发送 0 条")


def a_long_clip(path: Path) -> int:
    """A film that takes several parts to upload; its size."""
    film = write_clip(path, scene(320, 240), frames=50).read_bytes()
    return path.write_bytes(film + FREE_ROOM)


async def recording_goes_on_after_a_cut(phone: Phone, field: Field, clip: Path) -> None:
    """Cut in the middle and after a reload it goes on where it was; what arrives has the hash that was declared."""
    size = a_long_clip(clip)
    parts = 0

    async def cut_the_second(route: Route) -> None:
        nonlocal parts
        parts += route.request.method == "PATCH"
        await (route.abort() if route.request.method == "PATCH" and parts > 1 else route.continue_())

    await phone.page.route("**/my/uploads/*", cut_the_second)
    await phone.open("/field/uploads")
    await phone.page.locator("#u-file").set_input_files(clip)
    await phone.page.locator("#u-task").select_option("T-1")
    await phone.page.locator("#u-stage").select_option("SAMPLING")
    begun = datetime.now(LEGAL_ZONE).replace(tzinfo=None) - timedelta(minutes=5)
    await phone.page.locator("#u-start").fill(begun.isoformat(timespec="seconds"))
    await phone.page.locator("#u-end").fill((begun + timedelta(seconds=10)).isoformat(timespec="seconds"))
    await phone.page.locator("#u-note").fill("采样全过程")
    await phone.page.locator("#upload-form button[type=submit]").click()
    await phone.page.wait_for_function("() => document.querySelector('#uploads progress')?.value > 0")
    assert await phone.page.locator("#uploads progress").evaluate("bar => bar.value < bar.max")
    await phone.reopen("/field/uploads")
    await phone.page.get_by_text("已全部上传").wait_for()
    assert await phone.visit.serious_issues() == []
    wanted = text("select id, state, received, size from upload where tenant_id = :id")
    (upload,) = (await field.owner.execute(wanted, {"id": field.institution.organization.id})).all()
    assert (upload.state, upload.received) == ("COMPLETE", size)
    archive = Archive(field.database, Objects((field.folder / "objects").as_uri()))
    await archive.archive({"tenant_id": str(field.institution.organization.id), "upload_id": str(upload.id)})
    kept = text("select task_ref, stage, sha256 from recording where tenant_id = :id")
    (recording,) = (await field.owner.execute(kept, {"id": field.institution.organization.id})).all()
    assert (recording.task_ref, recording.stage) == ("T-1", "SAMPLING")


async def at_the_laboratory(phone: Phone, field: Field) -> None:
    """An intact seal is received, opened and analysed; a badly broken one can only be refused, with a reason."""
    good, bad = field.institution.labels[:2]
    await phone.open("/field/reception")
    assert await phone.visit.serious_issues() == []
    await phone.page.locator("#person").select_option("P-2")
    await phone.did("RECEIVED S-1", button="[value=RECEIVED]", sealState="INTACT", **GOOD)
    await phone.do("RECEIVED S-2", button="[value=REFUSED]", sealState="BADLY_BROKEN", **GOOD)
    broken = phone.step("RECEIVED S-2")
    assert not await broken.locator("[value=RECEIVED]").is_visible()
    assert await broken.locator("[name=reason]").evaluate("field => !field.validity.valid")
    await phone.did("RECEIVED S-2", button="[value=REFUSED]", reason="封口膜脱落")
    assert not await phone.step("OPENED S-2").is_visible()
    await phone.did("OPENED S-1", sealState="INTACT")
    for code in ("LOAD", "TITRATE"):
        await phone.do(f"KEY_STEP S-1 {code}", button="[data-begin]")
        await phone.did(f"KEY_STEP S-1 {code}", button="[data-end]")
    await phone.did("ANALYSED S-1")
    await phone.waits_for("待发送 0 条")
    assert await field.state(good) is LabelState.ANALYSED
    assert await field.state(bad) is LabelState.REFUSED
    (refusal,) = [row for row in await field.rows("label_event") if row.kind == "REFUSED"]
    assert (refusal.seal_state, refusal.reason, refusal.person_ref) == ("BADLY_BROKEN", "封口膜脱落", "P-2")
    assert await phone.visit.serious_issues() == []
