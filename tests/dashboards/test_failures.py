"""Errors without a place of their own on a page: words that say what to do, in the visitor's language, no bare 500."""

from unittest.mock import patch

import pytest

from hengjian.platform.db import Database
from hengjian.platform.errors import ToldError
from hengjian.platform.log.errors import LogBrokenError
from hengjian.platform.objects import StoreSilentError
from hengjian.scoring.errors import UnknownFindingError
from tests.dashboards.visiting import Browser
from tests.support.people import a_bureau, an_account


@pytest.mark.parametrize("raised", [LogBrokenError("tile 0/0"), StoreSilentError("x"), UnknownFindingError("7")])
async def test_a_page_tells_an_error_of_the_domain_in_both_languages(
    browser: Browser, database: Database, raised: ToldError
) -> None:
    """With its own status, code and words; to our scripts as JSON."""
    await browser.sign_in(await an_account(database, await a_bureau(database)))
    with patch("hengjian.dashboards.pages.evidence_log.latest_checkpoint", side_effect=raised):
        for language, words in (("zh", raised.zh), ("en", raised.en)):
            page = await browser.get(f"/log?lang={language}")
            assert (page.status_code, words in page.text, raised.code in page.text) == (raised.status, True, True)
        told = await browser.client.get("/log", headers={"accept": "application/json"})
        assert told.json() == {"code": raised.code, "zh": raised.zh, "en": raised.en}


async def test_a_database_that_is_away_is_told_as_busy(browser: Browser, database: Database) -> None:
    """503 with what to do; a fault that nobody foresaw stays a page too, without a word of what it was."""
    await browser.sign_in(await an_account(database, await a_bureau(database)))
    for raised, status, words in (
        (ConnectionRefusedError("secret"), 503, "系统繁忙"),
        (ZeroDivisionError("secret"), 500, "请求编号"),
    ):
        with patch("hengjian.dashboards.pages.evidence_log.latest_checkpoint", side_effect=raised):
            page = await browser.get("/log?lang=zh")
        assert (page.status_code, words in page.text, "secret" in page.text) == (status, True, False)
