"""What phones send under a session: the same checks and receipts as by key, and the walls around it."""

import hashlib
import html
import json
import re
from typing import Any
from uuid import uuid4

import httpx
import pytest

from hengjian.ingestion.api import labels_by_number
from hengjian.platform.db import Database
from tests.dashboards.visiting import ORIGIN, Browser, browser_over
from tests.support.api import Api
from tests.support.custody import Institution, a_sample, a_task, told, with_labels
from tests.support.people import a_bureau, an_account

AT = "2026-11-20T02:00:00Z"
PHOTO = b"\xff\xd8\xff\xe0 a photo"


class Sending:
    """A browser whose script sends as ours does."""

    def __init__(self, browser: Browser) -> None:
        self.client = browser.client
        self.headers: dict[str, str] = {"accept": "application/json", "origin": ORIGIN}

    async def begin(self) -> None:
        """Ask whose session it is."""
        me = (await self.client.get("/field/me", headers=self.headers)).json()
        self.headers |= {"x-csrf-token": me["csrf"], "x-field-owner": me["owner"]}

    async def push(self, kind: str, rows: list[dict[str, Any]], key: str = "", **headers: str) -> httpx.Response:
        """One push."""
        body = {"idempotencyKey": key or str(uuid4()), "stream": "phone-1", "rows": rows}
        return await self.client.post(f"/field/push/{kind}", json=body, headers=self.headers | headers)

    async def photo(self, content: bytes, digest: str = "") -> httpx.Response:
        """One photo."""
        address = f"/field/photos/{digest or hashlib.sha256(content).hexdigest()}"
        return await self.client.put(address, content=content, headers=self.headers)


@pytest.fixture
async def one(database: Database) -> Institution:
    return await with_labels(database, count=1)


@pytest.fixture
async def sending(browser: Browser, database: Database, one: Institution) -> Sending:
    await browser.sign_in(await an_account(database, one.organization))
    found = Sending(browser)
    await found.begin()
    return found


async def test_a_push_by_session_is_the_push_by_key(
    sending: Sending, api: Api, one: Institution, database: Database
) -> None:
    """Receipt, replay, refusal with words in both languages; the row is found as one that a machine pushed."""
    await api.push(one.sender.key, "monitoringTasks", [a_task()])
    await api.push(one.sender.key, "samples", [a_sample()])
    row = told(one.labels[0], "PRINTED", AT)
    first = (await sending.push("labelEvents", [row], key="k-1")).json()
    again = (await sending.push("labelEvents", [row], key="k-1")).json()
    assert first["receipt"]["id"] == again["receipt"]["id"]
    assert (first["receipt"]["replayed"], again["receipt"]["replayed"]) == (False, True)
    refused = (await sending.push("labelEvents", [told("6501-0", "SEALED", AT)])).json()
    assert refused["receipt"]["state"] == "REFUSED"
    (problem,) = [found for found in refused["rows"][0]["problems"] if not found["warning"]]
    assert problem["code"] == "LABEL_ID_WRONG"
    assert problem["path"] == ["labelId"] or problem["path"][-1] == "labelId"
    assert problem["zh"]
    assert problem["en"]
    async with database.read(one.sender.caller) as session:
        (label,) = await labels_by_number(session, one.organization.id, one.labels)
    assert [event.kind for event in label.events] == ["PRINTED"]


async def test_only_our_pages_and_only_the_owner_send(sending: Sending) -> None:
    """Without the session's token, from elsewhere, or for another account nothing is taken; each says why."""
    rows = [{"sourceRef": "e-1", "taskRef": "T-1", "kind": "ARRIVED", "happenedAt": AT}]
    for headers, status, code in (
        ({"x-csrf-token": "0" * 64}, 403, "FOREIGN_FORM"),
        ({"origin": "https://evil.example"}, 403, "FOREIGN_FORM"),
        ({"x-field-owner": str(uuid4())}, 409, "OTHER_ACCOUNT"),
    ):
        answer = await sending.push("fieldEvents", rows, **headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.json()["zh"]
        assert answer.json()["en"]
    sending.client.cookies.clear()
    answer = await sending.push("fieldEvents", rows)
    assert (answer.status_code, answer.json()["code"]) == (401, "NOT_SIGNED_IN")


async def test_only_events_are_taken_and_only_readable_ones(sending: Sending) -> None:
    """Other registers are not there; what is no row is refused as such, and so is a body beyond the limit."""
    assert (await sending.push("people", [])).status_code == 404
    broken = await sending.push("fieldEvents", [{"sourceRef": "e-1", "kind": "DANCED"}])
    assert (broken.status_code, broken.json()["code"]) == (422, "ENTRY_UNREADABLE")
    large = await sending.push("fieldEvents", [{"sourceRef": "e-1", "note": "x" * 100_000}])
    assert large.status_code in {413, 422}


async def test_a_bureaus_person_enters_nothing(browser: Browser, database: Database) -> None:
    """A bureau looks; it does not write into an institution's registers."""
    await browser.sign_in(await an_account(database, await a_bureau(database)))
    sending = Sending(browser)
    answer = await sending.client.get("/field/me", headers=sending.headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "FORBIDDEN")
    assert (await browser.get("/field")).status_code == 403


async def test_a_photo_is_kept_and_seen_by_those_who_see_its_event(
    sending: Sending, one: Institution, database: Database
) -> None:
    """Kept under its hash; seen once an event names it, by the institution and its bureau, by nobody else."""
    digest = hashlib.sha256(PHOTO).hexdigest()
    assert (await sending.photo(PHOTO)).status_code == 200
    assert (await sending.photo(PHOTO, "0" * 64)).json()["code"] == "PHOTO_REFUSED"
    assert (await sending.photo(b"<svg>")).json()["code"] == "PHOTO_REFUSED"
    address = f"/orgs/{one.organization.credit_code}/photos/{digest}"
    assert (await sending.client.get(address)).status_code == 404
    await sending.push("labelEvents", [told(one.labels[0], "LABELLED", AT, photoSha256=digest)])
    assert (await sending.client.get(address)).content == PHOTO
    others = await with_labels(database, count=1)
    for home, status in (
        (one.bureau.organization, 200),
        (others.organization, 404),
        (await a_bureau(database, "11"), 404),
    ):
        sending.client.cookies.clear()
        await Browser(sending.client).sign_in(await an_account(database, home))
        assert (await sending.client.get(address)).status_code == status


async def test_a_full_room_refuses_photos_and_loses_nothing(database: Database, one: Institution) -> None:
    """What was acknowledged is there and acknowledged again; the refusal says in both languages what is used."""
    async with browser_over(database, file_quota=len(PHOTO)) as small:
        await small.sign_in(await an_account(database, one.organization))
        sending = Sending(small)
        await sending.begin()
        assert (await sending.photo(PHOTO)).status_code == 200
        refused = await sending.photo(PHOTO + b"2")
        assert (refused.status_code, refused.json()["code"]) == (413, "FILE_QUOTA_EXCEEDED")
        for words, next_step in ((refused.json()["zh"], "联系主管部门扩容"), (refused.json()["en"], "Ask the bureau")):
            assert str(len(PHOTO)) in words
            assert next_step in words
        assert (await sending.photo(PHOTO)).status_code == 200
        digest = hashlib.sha256(PHOTO).hexdigest()
        await sending.push("labelEvents", [told(one.labels[0], "LABELLED", AT, photoSha256=digest)])
        photo = await small.get(f"/orgs/{one.organization.credit_code}/photos/{digest}")
        assert photo.content == PHOTO


async def test_the_page_of_a_task_leads_to_its_whole_story(sending: Sending, api: Api, one: Institution) -> None:
    """Each of its links into the desk's pages opens one, also when the reference holds a slash."""
    await api.push(one.sender.key, "monitoringTasks", [a_task("T/8")])
    page = await sending.client.get("/field/tasks/T%2F8")
    links = {html.unescape(found) for found in re.findall(r'href="(/orgs/[^"]*)"', page.text)}
    assert f"/orgs/{one.organization.credit_code}/task?ref=T%2F8" in links
    assert {link: (await sending.client.get(link)).status_code for link in links} == dict.fromkeys(links, 200)


async def test_others_see_no_task_of_the_institution(
    sending: Sending, api: Api, one: Institution, database: Database
) -> None:
    """Its own person opens the task; for a person of another institution there is no such page."""
    await api.push(one.sender.key, "monitoringTasks", [a_task("T/7")])
    await api.push(one.sender.key, "samples", [a_sample(task="T/7")])
    page = await sending.client.get("/field/tasks/T%2F7")
    assert page.status_code == 200
    assert "废水总排口" in page.text
    other = await with_labels(database, count=1)
    async with browser_over(database) as elsewhere:
        await elsewhere.sign_in(await an_account(database, other.organization))
        assert (await elsewhere.get("/field/tasks/T%2F7")).status_code == 404
        assert json.dumps("T/7") not in (await elsewhere.get("/field")).text
