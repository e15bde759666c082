"""Before a page: whose session it is, and whether a form is one of our own."""

import secrets
from uuid import UUID

from litestar import Response
from litestar.datastructures import Cookie, FormMultiDict

from hengjian.dashboards.errors import ForeignForm, NotSignedIn, PageForbidden
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.platform.db import GATE, Caller
from hengjian.tenants.api import (
    KnownOrganization,
    PageRequest,
    csrf_token,
    known_organization,
    page_request_fault,
    session_caller,
)

SESSION = "hengjian_session"
SECOND_FACTOR = "hengjian_otp"
FORM = "hengjian_form"


def cookie_name(name: str, *, secure: bool) -> str:
    """`__Host-` binds a cookie to this host and to https; browsers refuse the prefix without https."""
    return f"__Host-{name}" if secure else name


def read_cookie(site: Site, request: HtmlRequest, name: str) -> str:
    """One of our own cookies, empty when it is not there."""
    return str(request.cookies.get(cookie_name(name, secure=site.secure(request)), ""))


def give_cookie(
    site: Site, request: HtmlRequest, response: Response[str], *, name: str, value: str, max_age: int
) -> None:
    """Sets one of our own cookies; an age of 0 takes it back."""
    secure = site.secure(request)
    response.set_cookie(
        Cookie(
            cookie_name(name, secure=secure),
            value=value,
            max_age=max_age,
            path="/",
            httponly=True,
            secure=secure,
            samesite="strict",
        )
    )


async def provide_visitor(request: HtmlRequest, site: GivenSite) -> Visitor:
    """Who is signed in.

    Raises:
        NotSignedIn: nobody, or the session has ended.
    """
    token = read_cookie(site, request, SESSION)
    signed_in = await session_caller(site.database, token, caller=site.caller(request, GATE)) if token else None
    if signed_in is None or signed_in.caller.tenant_id is None:
        raise NotSignedIn
    own = await _own_organization(site, signed_in.caller, signed_in.caller.tenant_id)
    if own is None:
        raise NotSignedIn
    visitor = Visitor(
        name=signed_in.account.name,
        login=signed_in.account.login,
        roles=tuple(sorted(signed_in.account.roles)),
        organization=own.name,
        credit_code=own.credit_code,
        of_bureau=signed_in.caller.kind == "bureau",
        caller=signed_in.caller,
        kinds=own.kinds,
        csrf=signed_in.csrf,
        locale=signed_in.account.locale,
        signed_in=signed_in,
    )
    request.state["visitor"] = visitor
    await site.kept_lawbook.current(site.database)
    return visitor


async def _own_organization(site: Site, caller: Caller, tenant_id: UUID) -> KnownOrganization | None:
    """The visitor's organization; its name is kept for a minute, as every page shows it."""
    found = site.names.get(tenant_id)
    if found is None:
        async with site.database.read(caller) as session:
            found = await known_organization(session, tenant_id)
        if found is not None:
            site.names.put(tenant_id, found)
    return found


async def provide_guest(request: HtmlRequest, site: GivenSite) -> Visitor | None:
    """Who is signed in on a page for everybody; None is anybody else."""
    try:
        return await provide_visitor(request, site)
    except NotSignedIn:
        await site.kept_lawbook.current(site.database)
        return None


def provide_inspector(visitor: GivenVisitor) -> Visitor:
    """The visitor, when a bureau employs them.

    Raises:
        PageForbidden: the page is a bureau's.
    """
    if not visitor.of_bureau:
        raise PageForbidden
    return visitor


def provide_member(visitor: GivenVisitor) -> Visitor:
    """The visitor, when a supervised organization employs them.

    Raises:
        PageForbidden: the page is an organization's own.
    """
    if visitor.of_bureau:
        raise PageForbidden
    return visitor


def new_form_token() -> str:
    """What ties a form shown before sign-in to the browser it was shown in."""
    return secrets.token_urlsafe(24)


def check_form(site: Site, request: HtmlRequest, form_token: str, *, field: str) -> None:
    """Lets a form pass that carries the token of its cookie and, where the browser says so, comes from our origin.

    Raises:
        ForeignForm: it does not.
    """
    origin = site.origin(request)
    asked = PageRequest(
        method=request.method,
        origin=request.headers.get("origin") or origin,
        fetch_site=request.headers.get("sec-fetch-site", ""),
        csrf=request.headers.get("x-csrf-token") or field,
    )
    if not form_token or page_request_fault(asked, origin, form_token) is not None:
        raise ForeignForm


async def session_form(site: Site, request: HtmlRequest) -> FormMultiDict:
    """The fields of a form that one of the session's own pages sent.

    Raises:
        ForeignForm: it is not one of ours.
    """
    form = await request.form()
    check_form(site, request, read_cookie(site, request, SESSION), field=str(form.get("csrf", "")))
    return form


def form_field(form_token: str) -> str:
    """The value of the hidden field that belongs to a cookie's token."""
    return csrf_token(form_token)
