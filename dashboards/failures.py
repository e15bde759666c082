"""Errors as pages that say what to do next. One table maps kinds of errors to HTTP."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import structlog
from litestar import Response
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException
from litestar.response import Redirect
from litestar.types import ExceptionHandlersMap

from hengjian.dashboards.errors import (
    BadQuery,
    ForeignForm,
    NotSignedIn,
    OtherAccount,
    PageError,
    PageForbidden,
    PageMissing,
    PhotoRefused,
    TooLarge,
    UnreadEntry,
)
from hengjian.dashboards.language import Language, mark
from hengjian.dashboards.pages.other_records import ErrorPage
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.platform.db import OutsideJurisdictionError, told_of
from hengjian.platform.errors import ToldError

_ENGLISH: Language = "en"
_LOG = structlog.stdlib.get_logger("hengjian.pages")
_STATUS: dict[type[PageError], int] = {
    NotSignedIn: 401,
    PageMissing: 404,
    PageForbidden: 403,
    BadQuery: 422,
    TooLarge: 413,
    ForeignForm: 403,
    OtherAccount: 409,
    UnreadEntry: 422,
    PhotoRefused: 422,
}


def failure_handlers(site: Site) -> ExceptionHandlersMap:
    """How the pages answer each kind of error."""

    def page_error(request: HtmlRequest, error: PageError) -> Response[Any]:
        return _page(site, request, error)

    def not_signed_in(request: HtmlRequest, error: NotSignedIn) -> Response[Any]:
        return _page(site, request, error) if _asked_by_script(request) else _to_login(request)

    def missing(request: HtmlRequest, _error: Exception) -> Response[Any]:
        return _page(site, request, PageMissing())

    def unread(request: HtmlRequest, error: HTTPException) -> Response[Any]:
        if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return _page(site, request, TooLarge())
        return _page(site, request, BadQuery() if error.status_code < 500 else PageError())

    def told(request: HtmlRequest, error: ToldError) -> Response[Any]:
        if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            _LOG.error("page failed", path=request.url.path, error=type(error).__name__, exc_info=error)
        return _told(site, request, error)

    def unexpected(request: HtmlRequest, error: Exception) -> Response[Any]:
        passing = told_of(error)
        if passing is not None:
            return told(request, passing)
        _LOG.error("page failed", path=request.url.path, error=type(error).__name__, exc_info=error)
        return _page(site, request, PageError())

    return {
        NotSignedIn: not_signed_in,
        PageError: page_error,
        OutsideJurisdictionError: missing,
        ToldError: told,
        NotFoundException: missing,
        MethodNotAllowedException: missing,
        HTTPException: unread,
        Exception: unexpected,
    }


def _asked_by_script(request: HtmlRequest) -> bool:
    return request.headers.get("accept", "") == "application/json"


def _to_login(request: HtmlRequest) -> Response[str]:
    """To sign in and back again; a part of a page can't show that, so it sends the whole page there."""
    path = request.url.path
    query = str(request.url.query)
    wish = "" if path == "/" or request.method != "GET" else f"?next={quote(path + ('?' + query if query else ''))}"
    if request.headers.get("hx-request"):
        return Response("", status_code=200, headers={"HX-Redirect": f"/login{wish}"})
    return Redirect(f"/login{wish}", status_code=303)


def _page(site: Site, request: HtmlRequest, error: PageError) -> Response[Any]:
    """The error as a page; to a script of ours its code and its words in both languages."""
    visitor = request.scope.get("state", {}).get("visitor")
    known = visitor if isinstance(visitor, Visitor) else None
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500)
    if _asked_by_script(request):
        english = site.templates.words(_ENGLISH)
        told = {
            "code": error.code,
            "zh": f"{error.title}。{error.advice}",
            "en": f"{english(error.title)}. {english(error.advice)}",
        }
        return Response(told, status_code=status)
    page = ErrorPage(status=status, title=error.title, advice=error.advice, detail="", ways=_ways(known, request))
    return site.show(request, "error.html", page, visitor=known, status=status)


def _told(site: Site, request: HtmlRequest, error: ToldError) -> Response[Any]:
    """An error that carries its own words in both languages, for which no page has a place of its own."""
    if _asked_by_script(request):
        return Response({"code": error.code, "zh": error.zh, "en": error.en}, status_code=error.status)
    visitor = request.scope.get("state", {}).get("visitor")
    known = visitor if isinstance(visitor, Visitor) else None
    words = error.en if site.language(request, known) == _ENGLISH else error.zh
    title = PageError.title if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR else mark("这一步没有办理")
    page = ErrorPage(status=error.status, title=title, advice=words, detail=error.code, ways=_ways(known, request))
    return site.show(request, "error.html", page, visitor=known, status=error.status)


def _ways(visitor: Visitor | None, request: HtmlRequest) -> tuple[tuple[str, str], ...]:
    if visitor is None:
        return ((mark("去登录"), "/login"), (mark("规则库"), "/rules"))
    if not visitor.of_bureau:
        return ((mark("我的首页"), "/my"), (mark("违规项"), "/findings"))
    if request.url.query:
        return ((mark("去掉筛选"), request.url.path), (mark("总览"), "/overview"))
    return ((mark("总览"), "/overview"), (mark("机构"), "/orgs"), (mark("违规项"), "/findings"))
