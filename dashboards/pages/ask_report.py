"""Asking for a compliance report: the form, the request, and what has become of it."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from litestar import Response, post
from litestar.response import Redirect

from hengjian.dashboards.errors import BadQuery, PageForbidden, PageMissing
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.guards import session_form
from hengjian.dashboards.pages.other_records import Making
from hengjian.dashboards.parts import ReportForm
from hengjian.dashboards.query import Asked
from hengjian.dashboards.shell import address
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.filing.api import LANGUAGES, list_reports, month_before, request_report
from hengjian.platform.audit import record, record_refusal
from hengjian.platform.db import ReadSession
from hengjian.tenants.api import visible_organization

_BUREAU_ROLES = frozenset({"inspector", "reviewer", "administrator"})
_MONTHS = 13
_PATIENCE = timedelta(minutes=2)
_SHOWN = timedelta(hours=1)


@post("/reports", status_code=303)
async def ask_for_report(request: HtmlRequest, site: GivenSite, visitor: GivenVisitor) -> Response[str]:
    """Asks for the report of a month, on an organization of the region or on the visitor's own; leads to the list."""
    form = await session_form(site, request)
    code, month, language = (str(form.get(name, "")) for name in ("organization", "month", "language"))
    if not may_ask(visitor):
        await record_refusal(site.database, visitor.caller, "report.request")
        raise PageForbidden
    if month not in report_months(site.today) or language not in LANGUAGES or len(code) > 18 or not code.isalnum():
        raise BadQuery
    asked_at = site.now()
    async with site.database.write(visitor.caller) as session:
        about = await _subject(session, site, visitor, code)
        await request_report(session, about, month=month, language=language)
        await record(
            session,
            "report.request",
            target=str(about),
            tenant_id=about,
            detail={"month": month, "language": language},
        )
    where = [("organization", code)] if code != visitor.credit_code else []
    stamp = str(int(asked_at.timestamp() * 1000))
    back = address("/reports", where, month=month, language=language, asked=stamp)
    return Redirect(back, status_code=303)


def may_ask(visitor: Visitor) -> bool:
    """A bureau's inspectors, reviewers and administrators for their region; an organization's people for itself."""
    return not visitor.of_bureau or bool(_BUREAU_ROLES & set(visitor.roles))


def report_months(today: date) -> tuple[str, ...]:
    """The months one may ask for: this one and the twelve before it, newest first."""
    months = [f"{today:%Y-%m}"]
    while len(months) < _MONTHS:
        months.append(month_before(date.fromisoformat(f"{months[-1]}-01")))
    return tuple(months)


def report_form(site: Site, visitor: Visitor, credit_code: str, name: str) -> ReportForm | None:
    """The form for a report on this organization; None for somebody who may not ask."""
    if not may_ask(visitor):
        return None
    months = report_months(site.today)
    return ReportForm(credit_code=credit_code, name=name, months=months, chosen=months[1])


async def report_in_making(session: ReadSession, site: Site, asked: Asked, about: UUID) -> Making | None:
    """What has become of the report that this address asks after; None when it asks after none, or an hour later.

    The page asks again every few seconds until the report is there, has failed, or two minutes have passed.
    """
    month = asked.one_of("month", frozenset(report_months(site.today)))
    language = asked.one_of("language", frozenset(LANGUAGES))
    since = _moment(asked.value("asked"))
    if month is None or language is None or since is None or not timedelta(0) <= site.now() - since < _SHOWN:
        return None
    first = date.fromisoformat(f"{month}-01")
    found, _ = await list_reports(session, tenant_id=about, month=first)
    done = next((one for one in found if one.language == language and one.created_at >= since), None)
    waiting = done is None and site.now() - since < _PATIENCE
    state = done.state if done else "making" if waiting else "late"
    return Making(
        month=month,
        language=language,
        state=state,
        poll=address(asked.path, asked.query) if waiting else "",
        href=f"/reports/{done.id}/file" if done and done.state == "made" else "",
    )


def _moment(text: str | None) -> datetime | None:
    """Milliseconds since 1970.

    Raises:
        BadQuery: no such number.
    """
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 13):
        raise BadQuery
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(text))


async def _subject(session: ReadSession, site: Site, visitor: Visitor, code: str) -> UUID:
    """Whom the report is to be about.

    Raises:
        PageMissing: nobody whom the visitor sees.
    """
    if code == visitor.credit_code and visitor.caller.tenant_id is not None:
        return visitor.caller.tenant_id
    found = await visible_organization(session, code, on=site.today)
    if found is None:
        raise PageMissing
    return found.id
