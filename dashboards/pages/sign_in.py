"""Signing in with password and second factor, and signing out."""

import re
from datetime import timedelta
from typing import Annotated

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.guards import (
    FORM,
    SECOND_FACTOR,
    SESSION,
    check_form,
    form_field,
    give_cookie,
    new_form_token,
    read_cookie,
    session_form,
)
from hengjian.dashboards.language import mark
from hengjian.dashboards.pages.other_records import LoginPage
from hengjian.dashboards.shell import address
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.platform.db import GATE
from hengjian.tenants.api import begin_login, end_session, finish_login, session_caller
from hengjian.tenants.errors import LoginBusyError, LoginExpiredError, LoginPausedError, LoginRefusedError

_FIVE_MINUTES = int(timedelta(minutes=5).total_seconds())
_HALF_A_DAY = int(timedelta(hours=12).total_seconds())
_LOCAL = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f\\]*")

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]

WRONG_PASSWORD = (mark("账号或密码不正确"), mark("请核对大小写；连续输错会暂停登录一段时间。"))
WRONG_CODE = (mark("动态口令不正确或已用过"), mark("请等验证器显示下一个口令再输入，并核对手机时间。"))
PAUSED = (mark("输错次数过多，登录已暂停"), mark("请过几分钟再试；忘记密码请联系本单位管理员。"))
BUSY = (mark("同时登录的人太多"), mark("请过几秒再试。"))
EXPIRED = (mark("超过 5 分钟没有输入动态口令"), mark("请重新输入账号和密码。"))


def local_path(wish: str) -> str:
    """A path on this site to go on to, or empty: an address of another site is dropped.

    >>> local_path("/orgs?grade=D"), local_path("//evil.example"), local_path("https://evil.example")
    ('/orgs?grade=D', '', '')
    """
    return wish if _LOCAL.fullmatch(wish) and not wish.startswith("/login") else ""


@get("/login")
async def show_login(request: HtmlRequest, site: GivenSite) -> Response[str]:
    """The first step."""
    return _first_step(site, request, LoginPage(next=local_path(request.query_params.get("next", ""))))


@post("/login", status_code=200)
async def take_password(request: HtmlRequest, site: GivenSite, data: Form) -> Response[str]:
    """Login and password; with both right the second factor is asked."""
    check_form(site, request, read_cookie(site, request, FORM), field=data.get("csrf", ""))
    wish = local_path(data.get("next", ""))
    login, password = data.get("login", "").strip(), data.get("password", "")
    try:
        token = await begin_login(site.desk, login=login, password=password, caller=site.caller(request, GATE))
    except (LoginRefusedError, LoginPausedError, LoginBusyError) as refused:
        problem, advice = _words(refused, WRONG_PASSWORD)
        return _first_step(site, request, LoginPage(login=login, next=wish, problem=problem, advice=advice), refused)
    response = Redirect(address("/login/otp", [], next=wish or None), status_code=303)
    give_cookie(site, request, response, name=SECOND_FACTOR, value=token, max_age=_FIVE_MINUTES)
    return response


@get("/login/otp")
async def show_second_factor(request: HtmlRequest, site: GivenSite) -> Response[str]:
    """The second step, for a browser that has passed the first."""
    if not read_cookie(site, request, SECOND_FACTOR):
        return Redirect("/login", status_code=303)
    return _second_step(site, request, LoginPage(next=local_path(request.query_params.get("next", ""))))


@post("/login/otp", status_code=200)
async def take_code(request: HtmlRequest, site: GivenSite, data: Form) -> Response[str]:
    """The one-time code; with it the session begins."""
    pending = read_cookie(site, request, SECOND_FACTOR)
    check_form(site, request, pending, field=data.get("csrf", ""))
    wish = local_path(data.get("next", ""))
    caller = site.caller(request, GATE)
    try:
        token = await finish_login(site.desk, pending, code="".join(data.get("code", "").split()), caller=caller)
    except LoginExpiredError as expired:
        return _first_step(site, request, LoginPage(next=wish, problem=EXPIRED[0], advice=EXPIRED[1]), expired)
    except (LoginRefusedError, LoginPausedError, LoginBusyError) as refused:
        problem, advice = _words(refused, WRONG_CODE)
        return _second_step(site, request, LoginPage(next=wish, problem=problem, advice=advice), refused)
    signed_in = await session_caller(site.database, token, caller=caller)
    home = "/overview" if signed_in and signed_in.caller.kind == "bureau" else "/my"
    response = Redirect(wish or home, status_code=303)
    give_cookie(site, request, response, name=SESSION, value=token, max_age=_HALF_A_DAY)
    give_cookie(site, request, response, name=SECOND_FACTOR, value="", max_age=0)
    return response


@post("/logout", status_code=303)
async def sign_out(request: HtmlRequest, site: GivenSite, visitor: GivenVisitor) -> Response[str]:
    """Ends the session wherever a copy of its token lies."""
    await session_form(site, request)
    if visitor.signed_in is not None:
        await end_session(site.database, visitor.signed_in)
    response = Redirect("/login", status_code=303)
    give_cookie(site, request, response, name=SESSION, value="", max_age=0)
    return response


@get("/", status_code=303)
async def start(visitor: GivenVisitor) -> Redirect:
    """The bare address leads to the visitor's own home."""
    return Redirect(visitor.home, status_code=303)


def _first_step(site: Site, request: HtmlRequest, page: LoginPage, refused: Exception | None = None) -> Response[str]:
    known = read_cookie(site, request, FORM)
    token = known or new_form_token()
    response = site.show(request, "login.html", page, csrf=form_field(token), status=_status(refused))
    if not known:
        give_cookie(site, request, response, name=FORM, value=token, max_age=_HALF_A_DAY)
    return response


def _second_step(site: Site, request: HtmlRequest, page: LoginPage, refused: Exception | None = None) -> Response[str]:
    token = read_cookie(site, request, SECOND_FACTOR)
    return site.show(request, "otp.html", page, csrf=form_field(token), status=_status(refused))


def _status(refused: Exception | None) -> int:
    match refused:
        case None:
            return 200
        case LoginPausedError() | LoginBusyError():
            return 429
        case _:
            return 401


def _words(refused: Exception, wrong: tuple[str, str]) -> tuple[str, str]:
    match refused:
        case LoginPausedError():
            return PAUSED
        case LoginBusyError():
            return BUSY
        case _:
            return wrong
