"""The tab of credit events: penalties, vetoes, checks and devices, and the bureau's forms and steps on them."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from hengjian.dashboards.errors import BadQuery, PageMissing
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.guards import session_form
from hengjian.dashboards.language import Bilingual, Text
from hengjian.dashboards.pages.credit_forms import FORMS, entry_forms, preview_of
from hengjian.dashboards.pages.credit_lines import EventPrinter, device_lines
from hengjian.dashboards.pages.credit_records import CreditPage, YearGrade
from hengjian.dashboards.pages.credit_repair import read_repair_part
from hengjian.dashboards.pages.finding_steps import person_of
from hengjian.dashboards.pages.profile import Look, open_profile, organization_head, show_tab
from hengjian.dashboards.pages.results import printed
from hengjian.dashboards.places import region_name
from hengjian.dashboards.query import read_day
from hengjian.dashboards.shell import address
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.platform.db import ReadSession, Session
from hengjian.scoring.api import (
    CreditAct,
    CreditDesk,
    GradeFilter,
    PublicGrade,
    StoredHistory,
    read_credit_events,
    read_public_grades,
    stored_history,
)
from hengjian.scoring.errors import (
    CreditEventRefusedError,
    NoCreditModelError,
    ScoringError,
    UnknownCreditEventError,
    UnknownPenaltyError,
)
from hengjian.tenants.api import get_supervised

_REFUSED = (CreditEventRefusedError, UnknownPenaltyError, NoCreditModelError)


@get("/orgs/{credit_code:str}/credit")
async def show_credit(
    request: HtmlRequest, site: GivenSite, visitor: GivenVisitor, credit_code: FromPath[str]
) -> Response[str]:
    """Credit events; those of a region are decided there, and count wherever the organization is judged."""
    return await credit_answer(request, site, visitor, credit_code)


@post("/orgs/{credit_code:str}/credit/{form:str}", status_code=303)
async def enter_event(
    request: HtmlRequest, site: GivenSite, inspector: GivenVisitor, credit_code: FromPath[str], form: FromPath[str]
) -> Response[str]:
    """Enter a penalty, a veto or a check, or show what it would do to the score; what is refused keeps the words."""
    kept = await _read_form(request, site)
    if form not in FORMS:
        raise PageMissing
    look = await open_profile(request, site, inspector, credit_code)
    try:
        if kept.get("do") == "preview":
            async with look.read() as session:
                words = site.templates.words(site.language(request, inspector))
                preview = await preview_of(session, look, form, kept, region=region_of(look), words=words)
            return await credit_answer(request, site, inspector, credit_code, kept=kept, form=form, preview=preview)
        async with site.database.write(inspector.caller) as session:
            await FORMS[form](await desk_of(session, site, inspector, look), kept)
    except _REFUSED as refused:
        return await credit_answer(request, site, inspector, credit_code, kept=kept, form=form, problem=_words(refused))
    return _back(credit_code)


@post("/orgs/{credit_code:str}/credit/events/{event_id:uuid}", status_code=303)
async def take_credit_step(
    request: HtmlRequest, site: GivenSite, inspector: GivenVisitor, credit_code: FromPath[str], event_id: FromPath[UUID]
) -> Response[str]:
    """One step with an event."""
    kept = await _read_form(request, site)
    look = await open_profile(request, site, inspector, credit_code)
    try:
        act = CreditAct(kept.get("act", ""))
    except ValueError as unknown:
        raise BadQuery from unknown
    on_day: date | None = read_day(kept.get("on_day"))
    try:
        async with site.database.write(inspector.caller) as session:
            desk = await desk_of(session, site, inspector, look)
            number, reason = kept.get("document_no", ""), kept.get("reason", "")
            await desk.take(event_id, act, on_day=on_day, document_no=number, reason=reason)
    except UnknownCreditEventError as missing:
        raise PageMissing from missing
    except _REFUSED as refused:
        return await credit_answer(request, site, inspector, credit_code, problem=_words(refused))
    return _back(credit_code)


async def credit_answer(
    request: HtmlRequest,
    site: Site,
    visitor: Visitor,
    credit_code: str,
    *,
    kept: Mapping[str, str] | None = None,
    form: str = "",
    preview: str = "",
    problem: Bilingual | None = None,
) -> Response[str]:
    """The tab, with what went wrong or what a form would do."""
    look = await open_profile(request, site, visitor, credit_code)
    words = site.templates.words(site.language(request, visitor))
    region = region_of(look)
    async with look.read() as session:
        found = await read_credit_events(session, look.organization.id, on=look.day)
        stored = await _stored(session, look, region)
        head = await organization_head(session, look, "credit")
        repair = await read_repair_part(session, look, typed=kept or {})
        grades, _ = await read_public_grades(session, GradeFilter(tenant_id=look.organization.id), limit=None)
    model = site.lawbook.credit_model(region=region, on=look.day)
    printer = EventPrinter(visitor=visitor, words=words, model=model, stored=stored, today=look.day)
    devices = device_lines(found.devices, found.failures, model=model, now=site.now(), words=words)
    page = CreditPage(
        head=head,
        action=f"{look.base}/credit",
        penalties=tuple(printer.penalty(row) for row in found.penalties),
        vetoes=tuple(printer.veto(row) for row in found.vetoes),
        checks=tuple(printer.check(row) for row in found.checks),
        devices=tuple(one for one in devices if one.health != 100 or one.failures),
        healthy=sum(one.health == 100 and not one.failures for one in devices),
        forms=entry_forms(model, kept or {}, form=form, preview=preview)
        if model and visitor.of_bureau and look.as_of is None and "inspector" in visitor.roles
        else None,
        repair=repair,
        grades=tuple(_year_grade(look, one) for one in grades),
        problem=problem,
    )
    return show_tab(request, look, "organization_credit.html", page, status=422 if problem else 200)


def _year_grade(look: Look, one: PublicGrade) -> YearGrade:
    href = address(f"/credit/{one.year}/{one.credit_code}/dossier", [], region=one.region)
    return YearGrade(
        year=one.year,
        region=region_name(one.region, look.day),
        grade=one.grade,
        total=printed(look.site, one.total, one.region, one.year),
        document_no=one.document_no,
        until=one.until,
        dossier_href=href if one.dossier_sha256 else "",
    )


def region_of(look: Look) -> str:
    """The region in which this visitor's decisions on the organization stand: its home, else one it serves here."""
    asked = [look.region] if look.region else []
    return next(iter([*asked, *look.organization.regions]), look.organization.region)


async def _stored(session: ReadSession, look: Look, region: str) -> StoredHistory | None:
    if not look.visitor.of_bureau or look.as_of is not None:
        return None
    return await stored_history(session, look.organization.id, region, lawbook=look.site.lawbook, on=look.day)


async def desk_of(session: Session, site: Site, visitor: Visitor, look: Look) -> CreditDesk:
    """The desk of a bureau's person for the organization."""
    organization = await get_supervised(session, look.organization.id, on=look.day)
    if organization is None:
        raise PageMissing
    return CreditDesk(
        session=session,
        organization=organization,
        region=region_of(look),
        by=person_of(visitor),
        now=site.now(),
        lawbook=site.lawbook,
    )


async def _read_form(request: HtmlRequest, site: Site) -> dict[str, str]:
    form = await session_form(site, request)
    return {str(name): str(value).strip() for name, value in form.multi_items() if name != "csrf"}


def _words(refused: ScoringError) -> Bilingual:
    return Text(refused.zh, str(refused))


def _back(credit_code: str) -> Response[str]:
    return Redirect(f"/orgs/{credit_code}/credit", status_code=303)
