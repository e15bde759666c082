"""Recordings through the pages: who may look, what is written down, octets by range, contents ticked, lists."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Database
from hengjian.platform.objects import Objects
from hengjian.scoring.cover_tasks import cover_tasks
from hengjian.tenants.api import KnownOrganization
from tests.dashboards.visiting import Browser, browser_over
from tests.support.api import Api, Sender, a_sender
from tests.support.people import a_bureau, an_account
from tests.support.recordings import BEGUN, TASK, Recorded, Studio, look_rows, push_task


@dataclass(frozen=True)
class Recording:
    """An organization with one recorded task, its studio and a browser over the same store."""

    sender: Sender
    studio: Studio
    film: Recorded
    label: str
    browser: Browser

    @property
    def base(self) -> str:
        """The organization's profile."""
        return f"/orgs/{self.sender.organization.credit_code}"

    @property
    def page(self) -> str:
        """The page of the task's recordings."""
        return f"{self.base}/recordings/of/{quote(TASK, safe='')}"

    @property
    def film_address(self) -> str:
        """The recording."""
        return f"{self.base}/recordings/{self.film.id}"

    async def enter(self, database: Database, organization: KnownOrganization, role: str = "") -> Browser:
        """Somebody else signs in."""
        self.browser.client.cookies.clear()
        await self.browser.sign_in(await an_account(database, organization, role=role))
        return self.browser


@pytest_asyncio.fixture
async def world(api: Api, database: Database, tmp_path: Path) -> AsyncIterator[Recording]:
    objects = Objects(tmp_path.as_uri())
    sender = await a_sender(database)
    label = await push_task(api, sender)
    studio = Studio(database, objects, sender, tmp_path)
    film = await studio.archive("R-1", label=label)
    async with browser_over(database, objects) as browser:
        yield Recording(sender, studio, film, label, browser)


async def test_a_look_is_written_down_before_an_octet_is_given(
    world: Recording, database: Database, owner: AsyncConnection
) -> None:
    """Without a purpose nothing is handed out; with one, the row and the audit say who, when and what for."""
    visitor = await world.enter(database, await a_bureau(database))
    assert (await visitor.get(f"{world.film_address}/media")).status_code == 403
    assert (await visitor.get(f"{world.film_address}/preview")).status_code == 403
    page = await visitor.get(world.page)
    assert "调阅这段录像" in page.text
    refused = await visitor.send(f"{world.film_address}/looks", purpose="OTHER", said=" ", task=TASK)
    assert (refused.status_code, "其他用途" in refused.text) == (422, True)
    assert await look_rows(database, world.sender) == []
    taken = await visitor.send(f"{world.film_address}/looks", purpose="OTHER", said="联合检查", task=TASK)
    assert (taken.status_code, taken.headers["location"]) == (303, f"{world.page}?clip={world.film.id}#player")
    assert await look_rows(database, world.sender) == [("王芳", "OTHER 联合检查")]
    audited = "select count(*) from audit where action = 'recording.view' and target = :id and tenant_id = :t"
    values = {"id": str(world.film.id), "t": world.sender.organization.id}
    assert await owner.scalar(text(audited), values) == 1
    answer = await visitor.get(f"{world.film_address}/media")
    assert (answer.status_code, answer.content) == (200, world.film.content)
    shown = (await visitor.get(world.page)).text
    assert "本次调阅已登记" in shown
    assert "联合检查" in shown


async def test_ranges_are_exact_and_the_type_is_what_was_found_inside(world: Recording, database: Database) -> None:
    """RFC 9110: first and last octet, the rest, the tail, nothing there; never a type that a sender chose."""
    visitor = await world.enter(database, world.sender.organization)
    await visitor.get(world.page)
    await visitor.send(f"{world.film_address}/looks", purpose="SELF_CHECK", task=TASK)
    content, media = world.film.content, f"{world.film_address}/media"
    size = len(content)
    for asked, first, last in (
        ("0-0", 0, 0),
        ("5-99", 5, 99),
        (f"{size - 3}-", size - 3, size - 1),
        ("-7", size - 7, size - 1),
    ):
        answer = await visitor.client.get(media, headers={"range": f"bytes={asked}"})
        assert (answer.status_code, answer.content) == (206, content[first : last + 1]), asked
        assert answer.headers["content-range"] == f"bytes {first}-{last}/{size}"
        assert answer.headers["content-length"] == str(last - first + 1)
    beyond = await visitor.client.get(media, headers={"range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    whole = await visitor.client.get(media, headers={"range": "bytes=0-1", "if-range": '"other"'})
    assert (whole.status_code, len(whole.content)) == (200, size)
    head = await visitor.client.head(media)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(size), b"")
    assert whole.headers["content-type"] == "video/webm"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in whole.headers["content-security-policy"]
    preview = await visitor.get(f"{world.film_address}/preview")
    assert (preview.headers["content-type"], preview.content[:3]) == ("image/jpeg", b"\xff\xd8\xff")


async def test_what_is_no_video_is_never_shown_as_one(world: Recording, database: Database) -> None:
    """A page that calls itself a recording is given as a download of unknown kind, and the page says it is no evidence."""
    bad = await world.studio.keep("R-bad", b"<html><script>alert(1)</script>", at=BEGUN + timedelta(hours=1))
    visitor = await world.enter(database, world.sender.organization)
    page = await visitor.get(f"{world.page}?clip={bad.id}")
    assert "不能作为证据" in page.text
    await visitor.send(f"{world.base}/recordings/{bad.id}/looks", purpose="SELF_CHECK", task=TASK)
    answer = await visitor.get(f"{world.base}/recordings/{bad.id}/media")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    shown = (await visitor.get(f"{world.page}?clip={bad.id}")).text
    assert "浏览器不能直接播放这种格式" in shown
    assert "<video" not in shown


async def test_nobody_else_sees_them(world: Recording, database: Database) -> None:
    """Another organization and another city's bureau find nothing, in lists, pages, octets and forms alike."""
    stranger = (await a_sender(database)).organization
    for organization in (stranger, await a_bureau(database, "3303")):
        visitor = await world.enter(database, organization)
        for path in ("", "/media", "/preview"):
            assert (await visitor.get(world.film_address + path)).status_code == 404, path
        assert (await visitor.get(world.page)).status_code == 404
        await visitor.get("/findings")
        assert (await visitor.send(f"{world.film_address}/looks", purpose="ROUTINE")).status_code == 404
    assert ">R-1<" not in (await visitor.get(f"/recordings?q={world.sender.organization.credit_code}")).text
    assert await look_rows(database, world.sender) == []


async def test_a_state_secret_opens_to_custodian_and_reviewer_only(world: Recording, database: Database) -> None:
    """Others read why it is closed; its marks, facts, octets and preview stay away from them."""
    at = BEGUN + timedelta(hours=1)
    secret = await world.studio.archive("R-2", at=at, label=world.label, secrecy="STATE", custodianRef="li.custodian")
    address, page = f"{world.base}/recordings/{secret.id}", f"{world.page}?clip={secret.id}"
    bureau = await a_bureau(database)
    for organization, role in ((world.sender.organization, ""), (bureau, "inspector"), (bureau, "administrator")):
        visitor = await world.enter(database, organization, role)
        shown = (await visitor.get(page)).text
        assert "涉及国家秘密：只有机构指定的保管人" in shown
        assert "文件哈希" not in shown
        assert (await visitor.send(f"{address}/looks", purpose="ROUTINE", task=TASK)).status_code == 404
        assert (await visitor.get(f"{address}/media")).status_code == 404
    reviewer = await world.enter(database, bureau, "reviewer")
    await reviewer.get(page)
    assert (await reviewer.send(f"{address}/looks", purpose="ROUTINE", task=TASK)).status_code == 303
    assert (await reviewer.get(f"{address}/media")).status_code == 200


async def test_the_page_tells_what_is_missing_to_the_second(world: Recording, database: Database) -> None:
    """Thirty seconds had to be recorded; the film shows ten with a gap of two: the rest is named, with both clocks."""
    visitor = await world.enter(database, await a_bureau(database))
    page = (await visitor.get(world.page)).text
    assert "10:00:04–10:00:06，缺 2 秒" in page
    assert "10:00:10–10:00:30，缺 20 秒" in page
    assert "8 / 30 秒" in page
    assert "样品保存运输：计划有冷藏，还没有现场记录" in page
    assert "录像 1，0:00–0:02" in page, "where the label was read"
    assert "没有录像" in page, "nobody recorded the handover"
    assert "马晓东" in page


async def test_a_reviewer_ticks_what_is_seen(world: Recording, database: Database, owner: AsyncConnection) -> None:
    """Only after looking, with a note when something is missing; each review stays, with its leaf; others only read."""
    bureau = await a_bureau(database)
    reviewer = await world.enter(database, bureau, "reviewer")
    address = f"{world.film_address}/reviews"
    await reviewer.get(world.page)
    early = await reviewer.send(address, list="SAMPLING", seen=["PERSON"], note="x", task=TASK)
    assert (early.status_code, "请先登记调阅" in early.text) == (422, True)
    await reviewer.send(f"{world.film_address}/looks", purpose="ROUTINE", task=TASK)
    await reviewer.get(world.page)
    silent = await reviewer.send(address, list="SAMPLING", seen=["PERSON", "SEALING"], task=TASK)
    assert (silent.status_code, "有内容没有看到时须写明情况" in silent.text) == (422, True)
    first = await reviewer.send(
        address, list="SAMPLING", seen=["PERSON", "SEALING", "POINT"], note="看不清性状", task=TASK
    )
    assert first.status_code == 303
    every = ["PERSON", "EQUIPMENT_STATE", "SAMPLE_CHARACTER", "SEALING", "LABELLING"]
    await reviewer.get(world.page)
    assert (await reviewer.send(address, list="SAMPLING", seen=every, task=TASK)).status_code == 303
    rows = (
        await owner.execute(
            text("select id, seen from recording_review where recording_id = :id order by at"), {"id": world.film.id}
        )
    ).all()
    assert [row.seen for row in rows] == [["PERSON", "SEALING"], every]
    leaves = "select count(*) from log_queue where kind = 'recording.review' and record_id = any(:ids)"
    assert await owner.scalar(text(leaves), {"ids": [str(row.id) for row in rows]}) == 2
    shown = (await reviewer.get(world.page)).text
    assert "看到 5 / 5" in shown
    assert "看到 2 / 5" in shown
    inspector = await world.enter(database, bureau, "inspector")
    await inspector.get(world.page)
    assert (await inspector.send(address, list="SAMPLING", seen=every, task=TASK)).status_code == 404


async def test_the_stored_verdict_on_challenges_and_problems_is_shown(
    world: Recording, database: Database, owner: AsyncConnection
) -> None:
    """Each of the four verdicts in words, and what does not fit, in both languages; a secret's are kept from others."""
    visitor = await world.enter(database, await a_bureau(database), "inspector")
    assert "该时段没有发放现场口令" in (await visitor.get(world.page)).text
    problems = '[{"code": "CHALLENGE_NOT_SEEN", "facts": {}}, {"code": "LABEL_NOT_SEEN", "facts": {"label": "L-77"}}]'
    change = text(
        "update recording_inspection set challenge = :c, problems = cast(:p as jsonb) where recording_id = :id"
    )
    for verdict, said in (
        ("SEEN_IN_TIME", "现场口令在有效时间内看到"),
        ("SEEN_LATE", "现场口令看到时已不在有效时间内"),
        ("NOT_SEEN", "已发放现场口令，画面中未看到"),
    ):
        await owner.execute(change, {"c": verdict, "p": problems, "id": world.film.id})
        await owner.commit()
        shown = (await visitor.get(world.page)).text
        assert (said in shown, "画面中未读到申报的识别标识码 L-77" in shown) == (True, True), verdict
    assert "Label L-77, which was told, is not read" in (await visitor.get(f"{world.page}?lang=en")).text
    await owner.execute(text("update recording set secrecy = 'STATE' where id = :id"), {"id": world.film.id})
    await owner.commit()
    closed = (await visitor.get(f"{world.page}?lang=zh")).text
    assert ("L-77" in closed, "已发放现场口令，画面中未看到" in closed) == (False, False)


async def test_a_reviewer_holds_and_lifts_and_both_sides_read_why(world: Recording, database: Database) -> None:
    """Without a reason nothing happens and the page says so; others have no form and are not heard."""
    bureau, holds = await a_bureau(database), f"{world.film_address}/holds"
    reviewer = await world.enter(database, bureau, "reviewer")
    assert "保全这段录像" in (await reviewer.get(world.page)).text
    empty = await reviewer.send(holds, step="place", reason=" ", task=TASK)
    assert (empty.status_code, "请写明理由" in empty.text) == (422, True)
    assert (await reviewer.send(holds, step="keep", reason="x", task=TASK)).status_code == 422
    await reviewer.get(world.page)
    placed = await reviewer.send(holds, step="place", reason="立案调查 7 号", task=TASK)
    assert (placed.status_code, placed.headers["location"]) == (303, f"{world.page}?clip={world.film.id}#player")
    for organization, role, answer in ((bureau, "inspector", 404), (world.sender.organization, "", 403)):
        visitor = await world.enter(database, organization, role)
        shown = (await visitor.get(world.page)).text
        assert ("立案调查 7 号" in shown, "已保全" in shown, "解除保全</button>" in shown) == (True, True, False)
        assert (await visitor.send(holds, step="lift", reason="x", task=TASK)).status_code == answer
    reviewer = await world.enter(database, bureau, "reviewer")
    await reviewer.get(world.page)
    assert (await reviewer.send(holds, step="place", reason="再次", task=TASK)).status_code == 422
    await reviewer.get(world.page)
    assert (await reviewer.send(holds, step="lift", reason="结案", task=TASK)).status_code == 303
    shown = (await reviewer.get(world.page)).text
    assert ("结案" in shown, "立案调查 7 号" in shown, "保全这段录像</button>" in shown) == (True, True, True)
    elsewhere = await world.enter(database, await a_bureau(database, "3303"), "reviewer")
    await elsewhere.get("/findings")
    assert (await elsewhere.send(holds, step="place", reason="x")).status_code == 404


async def test_lists_filter_sort_and_export(world: Recording, database: Database) -> None:
    """By stage, person's name, day and problems; the worst first for a bureau; the file has what the list has."""
    code = world.sender.organization.credit_code
    await world.studio.keep("R-bad", b"no video", at=BEGUN + timedelta(hours=1), stage="ANALYSIS", node="KEY_STEP")
    visitor = await world.enter(database, await a_bureau(database))

    async def found(query: str) -> list[str]:
        page = (
            await visitor.get(f"/recordings?q={code}&{query}" if "q=" not in query else f"/recordings?{query}")
        ).text
        body = page.partition("<tbody>")[2].partition("</tbody>")[0]
        return [number for number in ("R-bad", "R-1") if f">{number}<" in body]

    page = (await visitor.get(f"/recordings?q={code}")).text
    assert page.index(">R-bad<") < page.index(">R-1<")
    assert await found("stage=ANALYSIS") == ["R-bad"]
    assert await found("since=2026-11-19") == []
    assert await found("since=2026-11-18&until=2026-11-18&problems=only") == ["R-bad", "R-1"]
    assert await found("person=P-9") == []
    assert await found("q=马晓东") != []
    assert (await visitor.get("/recordings?since=2026-11-19&until=2026-11-18")).status_code == 422
    sheet = (await visitor.get(f"{world.base}/recordings.csv?stage=SAMPLING")).text
    assert ("R-1" in sheet, "R-bad" in sheet) == (True, False)
    assert (
        "还没有录像"
        in (await visitor.get(f"/orgs/{(await a_sender(database)).organization.credit_code}/recordings")).text
    )


async def test_a_list_tells_of_a_secret_that_it_exists_and_when(world: Recording, database: Database) -> None:
    """No stage, task or person on the page or in the file, and none by which it is found; the reviewer reads them."""
    code, bureau = world.sender.organization.credit_code, await a_bureau(database)
    at = BEGUN + timedelta(hours=2)
    await world.studio.archive(
        "R-secret", at=at, secrecy="STATE", stage="ANALYSIS", node="KEY_STEP", personRefs=["P-1"]
    )

    async def seen(visitor: Browser) -> tuple[str, str]:
        page = (await visitor.get(f"/recordings?q={code}")).text
        (line,) = [part for part in page.split("<tr>") if ">R-secret<" in part]
        sheet = (await visitor.get(f"/recordings.csv?q={code}")).text
        return line, next(row for row in sheet.splitlines() if row.startswith("R-secret"))

    inspector = await world.enter(database, bureau, "inspector")
    for text_seen in await seen(inspector):
        assert not [word for word in ("P-1", "马晓东", TASK, "实验室分析", "cam-R-secret") if word in text_seen], (
            text_seen
        )
        assert "2026-11-18 12:00" in text_seen
    for query in ("stage=ANALYSIS", "person=P-1&since=2026-11-18", f"task={TASK}", "q=马晓东"):
        assert ">R-secret<" not in (await inspector.get(f"/recordings?{query}")).text
    reviewer = await world.enter(database, bureau, "reviewer")
    assert all("马晓东" in text_seen and TASK in text_seen for text_seen in await seen(reviewer))
    assert ">R-secret<" in (await reviewer.get("/recordings?stage=ANALYSIS")).text


async def test_what_a_task_lacks_brings_its_recordings_to_the_front(world: Recording, database: Database) -> None:
    """Kept when a recording or an event arrives, told in the list, and gone when the rest has arrived."""
    tenant = str(world.sender.organization.id)
    await world.studio.archive("R-other", at=BEGUN, taskRef=None)
    visitor = await world.enter(database, await a_bureau(database))
    address = f"/recordings?q={world.sender.organization.credit_code}"
    await cover_tasks(database, {"tenant_id": tenant, "recording_id": str(world.film.id)})
    page = (await visitor.get(address)).text
    lacking = re.search(r"任务缺录 (\d+) 秒", page)
    assert lacking is not None
    assert page.index(">R-1<") < page.index(">R-other<")
    assert ">R-1<" in (await visitor.get(f"{address}&problems=only")).text
    rest = await world.studio.archive("R-rest", at=BEGUN, seconds=40)
    await cover_tasks(database, {"tenant_id": tenant, "recording_id": str(rest.id)})
    less = re.search(r"任务缺录 (\d+) 秒", (await visitor.get(address)).text)
    assert less is None or int(less[1]) < int(lacking[1])
