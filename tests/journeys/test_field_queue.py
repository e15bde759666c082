"""The queue of a phone in a real browser: nothing twice, nothing lost, nothing under another account."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Route
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Database
from hengjian.tenants.api import new_label_id, read_label_id
from tests.dashboards.chromium import web_process
from tests.journeys.phones import Phone, a_phone
from tests.support.custody import Institution, with_labels
from tests.support.people import an_account

pytestmark = pytest.mark.browser
_ADD = """async ([kind, row]) => Field.add({owner: document.getElementById('main').dataset.owner, kind,
    row: {deviceId: await Field.device(), ...row}, step: crypto.randomUUID(), title: '试', about: ''})"""
_SEND = "async () => Field.send(document.getElementById('main').dataset.owner)"
_COUNTS = "async () => [(await Field.all('entries')).length, (await Field.all('sent')).length]"


@dataclass
class Office:
    """An institution, and what the server has of it."""

    address: str
    database: Database
    owner: AsyncConnection
    institution: Institution

    async def refs(self, table: str = "field_event") -> list[str]:
        """References of the events in the order in which they were recorded."""
        wanted = text(
            f"select source_ref from {table}_assertion where tenant_id = :id order by recorded_at, row_index"
        )  # our own tables
        return list((await self.owner.execute(wanted, {"id": self.institution.organization.id})).scalars())


@pytest.fixture(scope="module")
def address(app_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with web_process(app_url, tmp_path_factory.mktemp("web")) as url:
        yield url


@pytest.fixture
async def office(address: str, database: Database, owner: AsyncConnection) -> Office:
    return Office(address, database, owner, await with_labels(database, count=1))


def arrival(**fields: Any) -> dict[str, Any]:
    """One event of a task, as the phone makes it."""
    return {
        "sourceRef": str(uuid4()),
        "taskRef": "T-1",
        "kind": "ARRIVED",
        "happenedAt": "2026-11-20T02:00:00Z",
    } | fields


async def entered(phone: Phone, row: dict[str, Any], kind: str = "fieldEvents") -> str:
    """Put an entry into the queue; its reference."""
    await phone.page.evaluate(_ADD, [kind, row])
    return str(row["sourceRef"])


async def test_an_answer_that_was_lost_is_asked_for_again(office: Office) -> None:
    """The server has taken the entry, its answer is cut off: sent again it is the same row, and the next follows."""
    async with a_phone(office.address, await an_account(office.database, office.institution.organization)) as phone:
        await phone.settle("/field/queue")
        lost = 0

        async def lose_the_answer(route: Route) -> None:
            nonlocal lost
            lost += 1
            await route.fetch()
            await route.abort()

        await phone.page.route("**/field/push/*", lose_the_answer, times=1)
        first = await entered(phone, arrival())
        assert await phone.page.evaluate(_SEND) == "offline"
        assert (await office.refs(), lost) == ([first], 1)
        second = await entered(phone, arrival(kind="EQUIPMENT_ISSUED"))
        assert await phone.page.evaluate(_SEND) == "done"
        assert await office.refs() == [first, second]
        assert await phone.page.evaluate(_COUNTS) == [0, 2]
        sent = await phone.page.evaluate(
            "async () => (await Field.all('sent')).map(one => [one.receipt.sequence, one.receipt.replayed])"
        )
        assert sent == [[1, True], [2, False]]


async def test_two_windows_send_an_entry_once(office: Office) -> None:
    """Both windows of one phone send at the same moment; each entry is one row, in order."""
    async with a_phone(office.address, await an_account(office.database, office.institution.organization)) as phone:
        await phone.settle("/field/queue")
        other = await phone.visit.context.new_page()
        await other.goto(office.address + "/field/queue")
        await other.wait_for_selector("body[data-ready]")
        await phone.offline()
        refs = [await entered(phone, arrival(note=str(n))) for n in range(6)]
        await phone.offline(cut=False)
        await phone.page.evaluate(_SEND)
        await other.evaluate(_SEND)
        assert await office.refs() == refs
        assert await phone.page.evaluate(_COUNTS) == [0, 6]


async def test_a_refused_entry_stays_with_its_reason_until_it_is_corrected(office: Office) -> None:
    """What follows is sent all the same; corrected it is sent under a new key; given up it is gone."""
    async with a_phone(office.address, await an_account(office.database, office.institution.organization)) as phone:
        await phone.settle("/field/queue")
        (label,) = office.institution.labels
        event = {"kind": "PRINTED", "happenedAt": "2026-11-20T02:00:00Z", "personRef": "P-1"}
        wrong = await entered(phone, {"sourceRef": str(uuid4()), "labelId": "6501-0000", **event}, "labelEvents")
        right = await entered(phone, {"sourceRef": str(uuid4()), "labelId": label, **event}, "labelEvents")
        assert await phone.page.evaluate(_SEND) == "done"
        assert await office.refs("label_event") == [right]
        await phone.waits_for("未接收 1 条")
        line = phone.page.locator("#queue li.refused")
        assert "标识码" in await line.locator("[data-problems]").inner_text()
        assert await phone.visit.serious_issues() == []
        await phone.reopen("/field/queue")
        line = phone.page.locator("#queue li.refused")
        await line.locator("input[name=labelId]").fill(label)
        await line.get_by_role("button", name="改正后重发").click()
        await phone.page.locator("#queue-empty").wait_for()
        assert await office.refs("label_event") == [right, wrong]
        hopeless = await entered(phone, arrival(happenedAt="1066-01-01T00:00:00Z"))
        await phone.page.evaluate(_SEND)
        assert "发生时间" in await phone.page.locator("#queue li.refused form").inner_text()
        await phone.page.get_by_role("button", name="放弃这条").click()
        await phone.page.locator("#queue-empty").wait_for()
        assert hopeless not in await office.refs()


async def test_entries_are_sent_under_their_own_account_only(office: Office) -> None:
    """Another account on the same phone neither sends nor sees them; after its own sign-in they go on."""
    mine = await an_account(office.database, office.institution.organization)
    other = await an_account(office.database, office.institution.organization)
    async with a_phone(office.address, mine) as phone:
        await phone.keep()
        await phone.settle("/field/queue")
        await phone.offline()
        ref = await entered(phone, arrival())
        await phone.visit.context.clear_cookies()
        await phone.offline(cut=False)
        assert await phone.page.evaluate(_SEND) == "signed-out"
        await phone.visit.sign_in(other)
        await phone.settle("/field/queue")
        await phone.page.get_by_text("本机还有另一账号的 1 条记录").wait_for()
        assert await phone.page.locator("#queue li").count() == 0
        theirs = await phone.page.evaluate("async () => (await Field.all('entries'))[0].owner")
        assert await phone.page.evaluate("owner => Field.send(owner)", theirs) == "other-account"
        taken = await phone.page.evaluate(
            """async owner => { const me = await (await Field.request('/field/me')).json();
            const answer = await Field.request('/field/push/fieldEvents', {method: 'POST', body: '{}',
                headers: {'x-csrf-token': me.csrf, 'x-field-owner': owner}}); return [answer.status, (await answer.json()).code]; }""",
            theirs,
        )
        assert taken == [409, "OTHER_ACCOUNT"]
        assert await office.refs() == []
        await phone.visit.context.clear_cookies()
        await phone.visit.sign_in(mine, ahead=1)
        await phone.open("/field")
        await phone.waits_for("待发送 0 条")
        assert await office.refs() == [ref]


async def test_the_phone_reads_labels_as_the_server_does(office: Office) -> None:
    """Right numbers in any spelling are taken, every single wrong character is noticed."""
    numbers = [new_label_id("650100") for _ in range(40)]
    spelt = [numbers[0].lower(), numbers[1].replace("-", " "), f"https://bureau.example/v/{numbers[2]}"]
    spoilt = [
        one[:place] + ("7" if one[place] != "7" else "8") + one[place + 1 :] for one in numbers for place in (0, 8, 20)
    ]
    typed = [*numbers, *spelt, *spoilt, "", "6501"]
    async with a_phone(office.address, await an_account(office.database, office.institution.organization)) as phone:
        await phone.open("/field")
        read = await phone.page.evaluate("typed => typed.map(Field.readLabel)", typed)
        assert read == [read_label_id(one) for one in typed]


async def test_the_phone_hashes_as_everybody_does(office: Office) -> None:
    """Piece by piece the hash is the one that the browser gives for the whole."""
    async with a_phone(office.address, await an_account(office.database, office.institution.organization)) as phone:
        await phone.open("/field")
        same = await phone.page.evaluate(
            """async () => { const file = new Blob([crypto.getRandomValues(new Uint8Array(60_001)), new Uint8Array(9_000_000)]);
            const whole = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
            return await Field.uploads.sha256(file) === [...whole].map(octet => octet.toString(16).padStart(2, '0')).join(''); }"""
        )
        assert same
