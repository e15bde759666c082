"""Errors as pages that say what to do next. One table maps kinds of errors to HTTP."""

from urllib.parse import quote

import structlog
from litestar import Response
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException
from litestar.types import ExceptionHandlersMap

from hengjian.dashboards.errors import BadQuery, ForeignForm, NotSignedIn, PageError, PageForbidden, PageMissing
from hengjian.dashboards.language import mark
from hengjian.dashboards.pages.other_records import ErrorPage
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.platform.db import OutsideJurisdictionError

_LOG = structlog.stdlib.get_logger("hengjian.pages")
_STATUS: dict[type[PageError], int] = {PageMissing: 404, PageForbidden: 403, BadQuery: 422, ForeignForm: 403}


def failure_handlers(site: Site) -> ExceptionHandlersMap:
    """How the pages answer each kind of error."""

    def page_error(request: HtmlRequest, error: PageError) -> Response[str]:
        return _page(site, request, error)

    def missing(request: HtmlRequest, _error: Exception) -> Response[str]:
        return _page(site, request, PageMissing())

    def unread(request: HtmlRequest, error: HTTPException) -> Response[str]:
        return _page(site, request, BadQuery() if error.status_code < 500 else PageError())

    def unexpected(request: HtmlRequest, error: Exception) -> Response[str]:
        _LOG.error("page failed", path=request.url.path, error=type(error).__name__, exc_info=error)
        return _page(site, request, PageError())

    return {
        NotSignedIn: _to_login,
        PageError: page_error,
        OutsideJurisdictionError: missing,
        NotFoundException: missing,
        MethodNotAllowedException: missing,
        HTTPException: unread,
        Exception: unexpected,
    }


def _to_login(request: HtmlRequest, _error: NotSignedIn) -> Response[str]:
    """To sign in and back again; a part of a page can't show that, so it sends the whole page there."""
    path = request.url.path
    query = str(request.url.query)
    wish = "" if path == "/" or request.method != "GET" else f"?next={quote(path + ('?' + query if query else ''))}"
    if request.headers.get("hx-request"):
        return Response("", status_code=200, headers={"HX-Redirect": f"/login{wish}"})
    return Response("", status_code=303, headers={"Location": f"/login{wish}"})


def _page(site: Site, request: HtmlRequest, error: PageError) -> Response[str]:
    visitor = request.scope.get("state", {}).get("visitor")
    known = visitor if isinstance(visitor, Visitor) else None
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500)
    page = ErrorPage(status=status, title=error.title, advice=error.advice, detail="", ways=_ways(known, request))
    return site.show(request, "error.html", page, visitor=known, status=status)


def _ways(visitor: Visitor | None, request: HtmlRequest) -> tuple[tuple[str, str], ...]:
    if visitor is None:
        return ((mark("去登录"), "/login"), (mark("规则库"), "/rules"))
    if not visitor.of_bureau:
        return ((mark("我的首页"), "/my"), (mark("违规项"), "/findings"))
    if request.url.query:
        return ((mark("去掉筛选"), request.url.path), (mark("总览"), "/overview"))
    return ((mark("总览"), "/overview"), (mark("机构"), "/orgs"), (mark("违规项"), "/findings"))
