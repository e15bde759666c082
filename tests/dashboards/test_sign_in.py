"""Signing in with both factors, forms that are our own, addresses that stay on this site."""

import html
import re
from urllib.parse import unquote

import pytest

from hengjian.dashboards.pages.sign_in import local_path
from hengjian.platform.db import Database
from hengjian.tenants.api import IssuedAccount
from tests.dashboards.visiting import Browser
from tests.support.people import Authenticator, a_bureau, a_contractor, an_account


@pytest.fixture
async def inspector(database: Database) -> IssuedAccount:
    return await an_account(database, await a_bureau(database))


async def test_both_factors_lead_to_the_page_that_was_wanted(browser: Browser, inspector: IssuedAccount) -> None:
    """A stranger is sent to sign in and comes back to the page, filters and all."""
    away = await browser.get("/orgs?grade=D")
    assert (away.status_code, away.headers["location"]) == (303, "/login?next=/orgs%3Fgrade%3DD")
    await browser.get(away.headers["location"])
    asked = await browser.send("/login", login=inspector.login, password=inspector.password, next="/orgs?grade=D")
    await browser.get(asked.headers["location"])
    opened = await browser.send("/login/otp", code=Authenticator(inspector.totp_secret).code(), next="/orgs?grade=D")
    assert (opened.status_code, opened.headers["location"]) == (303, "/orgs?grade=D")
    cookie = next(one for one in opened.headers.get_list("set-cookie") if one.startswith("hengjian_session="))
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert (await browser.get("/orgs?grade=D")).status_code == 200


async def test_an_address_in_chinese_is_reached_as_well(browser: Browser, inspector: IssuedAccount) -> None:
    """References of tasks are the sender's own: a page whose address holds Chinese is what follows the sign-in."""
    away = await browser.get("/orgs/x/recordings/of/采样 1")
    first = await browser.get(away.headers["location"])
    (wish,) = re.findall(r'name="next" value="([^"]*)"', first.text)
    asked = await browser.send("/login", login=inspector.login, password=inspector.password, next=html.unescape(wish))
    second = await browser.get(asked.headers["location"])
    (wish,) = re.findall(r'name="next" value="([^"]*)"', second.text)
    code = Authenticator(inspector.totp_secret).code()
    opened = await browser.send("/login/otp", code=code, next=html.unescape(wish))
    assert opened.status_code == 303
    assert unquote(opened.headers["location"]) == "/orgs/x/recordings/of/采样 1"


async def test_each_kind_of_visitor_has_a_home(browser: Browser, database: Database, inspector: IssuedAccount) -> None:
    """A bureau's people start at the overview, an organization's at its own home."""
    assert (await browser.sign_in(inspector)).headers["location"] == "/overview"
    browser.client.cookies.clear()
    clerk = await an_account(database, await a_contractor(database))
    assert (await browser.sign_in(clerk)).headers["location"] == "/my"


async def test_a_wrong_password_and_an_unknown_login_read_alike(browser: Browser, inspector: IssuedAccount) -> None:
    """Neither the words nor the status tell whether there is such an account."""
    await browser.get("/login")
    wrong = await browser.send("/login", login=inspector.login, password="not the password")
    unknown = await browser.send("/login", login="nobody.at.all", password="not the password")
    assert wrong.status_code == unknown.status_code == 401
    assert "账号或密码不正确" in wrong.text
    assert wrong.text.replace(inspector.login, "")[:3000] == unknown.text.replace("nobody.at.all", "")[:3000]


async def test_a_used_code_opens_nothing(browser: Browser, inspector: IssuedAccount) -> None:
    """The one-time code is one-time."""
    await browser.sign_in(inspector)
    browser.client.cookies.clear()
    again = await browser.sign_in(inspector)
    assert again.status_code == 401
    assert "动态口令不正确或已用过" in again.text
    assert (await browser.get("/overview")).status_code == 303


async def test_signing_out_ends_the_session_everywhere(browser: Browser, inspector: IssuedAccount) -> None:
    """A copy of the cookie is worth nothing afterwards."""
    await browser.sign_in(inspector)
    copy = browser.client.cookies["hengjian_session"]
    await browser.get("/overview")
    assert (await browser.send("/logout")).headers["location"] == "/login"
    browser.client.cookies.set("hengjian_session", copy)
    assert (await browser.get("/overview")).status_code == 303


async def test_a_foreign_form_is_refused(browser: Browser, inspector: IssuedAccount) -> None:
    """A form from another site, or without our token, is not carried out and says what to do."""
    await browser.sign_in(inspector)
    await browser.get("/overview")
    elsewhere = await browser.send("/logout", origin="https://evil.example")
    assert elsewhere.status_code == 403
    assert "没有提交" in elsewhere.text
    await browser.get("/overview")
    assert (await browser.send("/logout", csrf="0" * 64)).status_code == 403
    assert (await browser.get("/overview")).status_code == 200


async def test_the_login_form_is_bound_to_its_browser(browser: Browser, inspector: IssuedAccount) -> None:
    """Nobody can be signed in from a foreign page."""
    await browser.get("/login")
    words = {"login": inspector.login, "password": inspector.password}
    assert (await browser.send("/login", origin="https://evil.example", **words)).status_code == 403
    await browser.get("/login")
    assert (await browser.send("/login", csrf="", **words)).status_code == 403


@pytest.mark.parametrize(
    "wish",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/login/otp",
        "",
        "/a\nb",
        "orgs",
    ],
)
def test_only_addresses_of_this_site_are_followed(wish: str) -> None:
    """What follows `next=` cannot lead away."""
    assert local_path(wish) == ""
