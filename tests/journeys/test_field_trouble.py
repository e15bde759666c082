"""What goes wrong with phones: a session that ended offline, two tabs at once, a clock a day off, no room left."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Database
from tests.dashboards.chromium import web_process
from tests.journeys.phones import a_phone
from tests.journeys.test_field_queue import _COUNTS, _SEND, Office, arrival, entered
from tests.support.api import api_over
from tests.support.custody import a_task, with_labels
from tests.support.people import an_account

pytestmark = pytest.mark.browser
OVER = """update session set expires_at = now() - interval '1 minute'
    where account_id in (select id from account where tenant_id = :t)"""

# The browser's database as it behaves when its room is used up: nothing is added, what is there can go.
FULL = """() => { const put = IDBObjectStore.prototype.put; IDBObjectStore.prototype.put = function (...given) {
    if (this.name === 'state') return put.apply(this, given);
    throw new DOMException('no room', 'QuotaExceededError'); }; }"""


@pytest.fixture(scope="module")
def address(app_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with web_process(app_url, tmp_path_factory.mktemp("web")) as url:
        yield url


@pytest.fixture
async def office(address: str, database: Database, owner: AsyncConnection) -> Office:
    return Office(address, database, owner, await with_labels(database, count=1))


async def test_a_session_that_ended_while_offline_loses_nothing_and_says_where_to_sign_in(office: Office) -> None:
    """The kept page opens, entries wait, the line leads to the log-in and back; then they go, once, in order."""
    person = await an_account(office.database, office.institution.organization)
    async with a_phone(office.address, person) as phone:
        await phone.keep()
        await phone.settle("/field/queue")
        await phone.offline()
        await office.owner.execute(text(OVER), {"t": office.institution.organization.id})
        refs = [await entered(phone, arrival(note=str(number))) for number in range(3)]
        await phone.reopen("/field/queue")
        assert await phone.page.locator("#queue li").count() == 3
        await phone.offline(cut=False)
        assert await phone.page.evaluate(_SEND) == "signed-out"
        await phone.page.evaluate("() => dispatchEvent(new Event('online'))")
        way = phone.page.locator("#sign-in")
        await way.wait_for()
        assert await phone.page.locator("#queue li").count() == 3
        assert "/field/queue" in (await way.get_attribute("href") or "").replace("%2F", "/")
        await phone.visit.context.clear_cookies()
        await phone.visit.sign_in(person, ahead=1)
        await phone.settle("/field/queue")
        assert await office.refs() == refs
        assert await phone.page.evaluate(_COUNTS) == [0, 3]


async def test_two_tabs_that_enter_and_send_at_the_same_moment(office: Office) -> None:
    """Each entry is one row, whoever sends it; places in the stream are given once."""
    async with a_phone(office.address, await an_account(office.database, office.institution.organization)) as phone:
        await phone.settle("/field/queue")
        other = await phone.visit.context.new_page()
        await other.goto(office.address + "/field/queue")
        await other.wait_for_selector("body[data-settled]")
        for number in range(4):
            await entered(phone, arrival(note=str(number)))
        ended = await asyncio.gather(*(page.evaluate(_SEND) for page in (phone.page, other, phone.page, other)))
        assert set(ended) == {"done"}
        refs = await office.refs()
        assert (len(refs), len(set(refs))) == (4, 4)
        told = await phone.page.evaluate("async () => (await Field.all('sent')).map(one => one.receipt.sequence)")
        assert sorted(told) == [1, 2, 3, 4]


@pytest.mark.parametrize(("hours", "words"), [(24, "快约 24 小时"), (-24, "慢约 24 小时")])
async def test_a_clock_that_is_a_day_off_is_told_and_both_times_are_kept(
    office: Office, hours: int, words: str
) -> None:
    """The phone warns; what it says is recorded as it says it, beside the server's time; nothing is lost."""
    async with a_phone(office.address, await an_account(office.database, office.institution.organization)) as phone:
        await phone.settle("/field/queue")
        assert await phone.page.locator("#clock").inner_text() == ""
        wrong = datetime.now(UTC) + timedelta(hours=hours)
        await phone.page.clock.set_fixed_time(wrong)
        await entered(phone, arrival(happenedAt=wrong.isoformat()))
        assert await phone.page.evaluate(_SEND) == "done"
        await phone.page.evaluate("() => Field.changed()")
        await phone.waits_for(words)
        told = await office.owner.execute(
            text("select happened_at, recorded_at from field_event_assertion where tenant_id = :t"),
            {"t": office.institution.organization.id},
        )
        ((happened, recorded),) = told
        assert abs(happened - wrong) < timedelta(seconds=1)
        assert abs(recorded - datetime.now(UTC)) < timedelta(minutes=5)


async def test_a_browser_without_room_says_so_and_sends_what_it_has(office: Office, app_url: str) -> None:
    """A new entry is refused in words, with what was typed still there; what waited leaves all the same, once."""
    key, today = office.institution.sender.key, legal_day(datetime.now(UTC)).isoformat()
    async with api_over(app_url) as api:
        who = {"sourceRef": "P-1", "name": "王芳", "role": "SAMPLER", "hiredOn": "2024-01-05"}
        await api.push(key, "people", [who])
        await api.push(key, "monitoringTasks", [a_task(plannedOn=today)])
    async with a_phone(office.address, await an_account(office.database, office.institution.organization)) as phone:
        await phone.settle("/field/tasks/T-1")
        await phone.offline()
        ref = await entered(phone, arrival(kind="EQUIPMENT_RETURNED"))
        await phone.page.evaluate(FULL)
        await phone.do("EQUIPMENT_ISSUED T-1")
        await phone.page.get_by_text("手机存储空间不够，这条记录没有保存").first.wait_for()
        assert await phone.page.evaluate(_COUNTS) == [1, 0]
        await phone.offline(cut=False)
        assert await phone.page.evaluate(_SEND) == "done"
        assert (await office.refs(), await phone.page.evaluate(_COUNTS)) == ([ref], [0, 0])
        await phone.reopen("/field/tasks/T-1")
        await phone.did("EQUIPMENT_ISSUED T-1")
        await phone.waits_for("待发送 0 条")
        assert len(await office.refs()) == 2
