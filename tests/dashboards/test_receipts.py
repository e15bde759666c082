"""What a sender learns from its receipts."""

import pytest

from hengjian.dashboards.language import Words, read_catalogue
from hengjian.dashboards.pages.receipts import field_text
from hengjian.platform.db import Database
from tests.dashboards.visiting import Browser
from tests.support.api import Api, a_sender
from tests.support.people import a_bureau, an_account

ZH, EN = Words("zh", {}), Words("en", read_catalogue())


@pytest.mark.parametrize(
    ("path", "zh", "en"),
    [
        (("input", "rows", "1", "identityNumber"), "行 2 · 身份证号", "row 2 · identity number"),
        (("rows", "0"), "行 1", "row 1"),
        (("input", "rows", "0", "noSuchField"), "行 1 · noSuchField", "row 1 · noSuchField"),
        (("input", "sequence"), "input.sequence", "input.sequence"),
    ],
)
def test_a_field_is_named_as_people_do(path: tuple[str, ...], zh: str, en: str) -> None:
    """Rows count from 1 and fields have their register's label; what has none keeps the API's name."""
    assert (field_text("people", path, ZH), field_text("people", path, EN)) == (zh, en)


async def test_a_gap_in_a_stream_is_shown_until_it_is_filled(browser: Browser, api: Api, database: Database) -> None:
    """Numbers 2 and 3 never came: the bureau's page and the organization's own say so, with the register's name."""
    sender = await a_sender(database)
    rows = [{"sourceRef": "P-1", "name": "甲", "role": "TECHNICIAN", "hiredOn": "2026-01-05"}]
    for sequence in (1, 4):
        await api.push(sender.key, "people", rows, sequence=sequence)
    await browser.sign_in(await an_account(database, sender.organization))
    assert "人员的推送缺第 2–3 号（数据流 default，已收到第 4 号）" in (await browser.get("/my")).text
    browser.client.cookies.clear()
    await browser.sign_in(await an_account(database, await a_bureau(database)))
    receipts = f"/orgs/{sender.organization.credit_code}/receipts"
    assert "缺第 2–3 号" in (await browser.get(receipts)).text
    for sequence in (2, 3):
        await api.push(sender.key, "people", rows, sequence=sequence)
    assert "缺第" not in (await browser.get(receipts)).text
