"""Labels of an institution: issued by the bureau, printed by the institution, each with its chain."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from hengjian.dashboards.errors import BadQuery, PageMissing
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.guards import session_form
from hengjian.dashboards.language import Bilingual, Text
from hengjian.dashboards.pages.custody_lines import Beside, label_event_line, label_line, task_href
from hengjian.dashboards.pages.custody_record import IssueLine, LabelPage, LabelsPage, PrintForm
from hengjian.dashboards.pages.profile import Look, open_profile, organization_head, show_tab
from hengjian.dashboards.parts import pager
from hengjian.dashboards.query import Asked, read_query
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.ingestion.api import (
    LabelFilter,
    LabelsRefusedError,
    Printing,
    PrintOrder,
    issue_labels,
    label_issues_of,
    label_life_of,
    label_recipient,
    labels_of,
    people_named,
    print_labels,
    task_of_sample,
    task_with_samples,
    tasks_of,
)
from hengjian.ingestion.api import PrintForm as FileForm
from hengjian.platform.db import ReadSession
from hengjian.scoring.api import ClaimKind, OwnClaim, entry_terms, other_sides, own_double_claims
from hengjian.tenants.api import BY_KIND, read_label_id, read_register, shown_fields

_MOST_CHOICES = 200
_CITY = 4
_FIELDS = ("person", "printer", "task", "reason", "form")
_NOT_RECORDED = Text(
    "打印没有记录，因此没有生成文件；请在 2 秒后再试。",
    "The print was not recorded, so there is no file; try again in 2 seconds.",
)


@dataclass(frozen=True, slots=True)
class _Refused:
    """A form that was not taken, with the words that were typed."""

    problem: Bilingual
    kept: dict[str, str]


@get("/orgs/{credit_code:str}/labels")
async def show_labels(
    request: HtmlRequest, site: GivenSite, visitor: GivenVisitor, credit_code: FromPath[str]
) -> Response[str]:
    """Labels and their issues; `issue` shows those of one, `q` those whose number begins so."""
    return await _show(request, site, visitor, credit_code)


@post("/orgs/{credit_code:str}/labels/issue", status_code=303)
async def take_issue(
    request: HtmlRequest, site: GivenSite, inspector: GivenVisitor, credit_code: FromPath[str]
) -> Response[str]:
    """A bureau issues labels."""
    form = await session_form(site, request)
    typed = str(form.get("count", "")).strip()[:10]
    count = int(typed) if typed.isascii() and typed.isdigit() else 0
    look = await open_profile(request, site, inspector, credit_code)
    issuer = inspector.organization if isinstance(inspector.organization, str) else inspector.organization.zh
    try:
        async with site.database.write(inspector.caller, focus=look.organization.id) as session:
            holder = await label_recipient(session, credit_code, on=site.today)
            made = await issue_labels(session, holder, count=count, issuer=issuer, now=site.now())
    except LabelsRefusedError as refused:
        return await _show(
            request, site, inspector, credit_code, _Refused(Text(refused.zh, refused.en), {"count": typed})
        )
    return Redirect(f"{look.base}/labels?issue={made.id}", status_code=303)


@post("/orgs/{credit_code:str}/labels/print", status_code=200)
async def take_print(
    request: HtmlRequest, site: GivenSite, member: GivenVisitor, credit_code: FromPath[str]
) -> Response[Any]:
    """The institution prints; the answer is the file, and every print an event of its label."""
    form = await session_form(site, request)
    if credit_code != member.credit_code:
        raise PageMissing
    kept = {name: str(form.get(name, "")).strip()[:200] for name in _FIELDS}
    numbers = tuple(str(one) for one in form.getall("label", []))
    try:
        file_form = FileForm(kept["form"])
    except ValueError as unknown:
        raise BadQuery from unknown
    order = PrintOrder(
        label_ids=numbers,
        form=file_form,
        person_ref=kept["person"],
        printer_ref=kept["printer"] or None,
        task_ref=kept["task"] or None,
        reason=kept["reason"] or None,
    )
    printing = Printing(database=site.database, rules=site.push_rules, pdf=site.pdf, public_url=site.origin(request))
    problem: Bilingual
    try:
        made = await print_labels(printing, member.caller, order, now=site.now())
    except LabelsRefusedError as refused:
        problem = Text(refused.zh, refused.en)
    else:
        if made.content:
            disposition = f"attachment; filename*=UTF-8''{quote(made.name)}"
            kind = made.media_type.partition(";")[0]  # the framework names the charset of a text itself
            return Response(made.content, media_type=kind, headers={"Content-Disposition": disposition})
        problem = _NOT_RECORDED
    return await _show(request, site, member, credit_code, _Refused(problem, kept))


@get("/orgs/{credit_code:str}/labels/{label_id:str}")
async def show_label(
    request: HtmlRequest,
    site: GivenSite,
    visitor: GivenVisitor,
    credit_code: FromPath[str],
    label_id: FromPath[str],
) -> Response[str]:
    """One label with its chain."""
    number = read_label_id(label_id)
    if number is None:
        raise PageMissing
    look = await open_profile(request, site, visitor, credit_code)
    words = site.templates.words(site.language(request, visitor))
    tenant = look.organization.id
    async with look.read() as session:
        label = await label_life_of(session, number, tenant_id=tenant)
        if label is None:
            raise PageMissing
        ref = await task_of_sample(session, tenant, label.sample_ref) if label.sample_ref else None
        task = await task_with_samples(session, tenant, ref) if ref else None
        own = await own_double_claims(session, tenant)
        elsewhere = OwnClaim(ClaimKind.LABEL, number) in own
        others = await other_sides(session, tenant, ClaimKind.LABEL) if elsewhere and visitor.of_bureau else {}
        told = {ref for event in label.events for ref in (event.person_ref, event.counterpart_ref) if ref}
        names = await people_named(session, tenant, told)
        head = await organization_head(session, look, "labels")
    faults = task.faults(entry_terms(site.lawbook, task.head.city)) if task else {}
    beside = Beside(faults, task.head.site if task else None, names)
    page = LabelPage(
        head=head,
        line=label_line(look, label),
        issued_at=label.issued_at,
        issuer=label.issuer,
        task_ref=ref or "",
        task_href=task_href(look, ref) if ref else "",
        elsewhere=elsewhere,
        others=tuple((one.name, f"/orgs/{one.credit_code}/labels/{number}") for one in others.get(number, ())),
        timeline=tuple(label_event_line(look, words, event, beside) for event in label.events),
    )
    return show_tab(request, look, "organization_label.html", page)


async def _show(
    request: HtmlRequest, site: Site, visitor: Visitor, credit_code: str, refused: _Refused | None = None
) -> Response[str]:
    asked = read_query(request, sizes_from=50)
    look = await open_profile(request, site, visitor, credit_code)
    wanted = LabelFilter(issue_id=_issue(asked), text=(asked.value("q") or "").upper())
    tenant = look.organization.id
    async with look.read() as session:
        issues = await label_issues_of(session, tenant)
        found, total = await labels_of(session, tenant, wanted, limit=asked.size, offset=asked.offset)
        form = await _print_form(session, look, refused) if not visitor.of_bureau and found else None
        head = await organization_head(session, look, "labels")
    path = f"{look.base}/labels"
    page = LabelsPage(
        head=head,
        may_issue=visitor.of_bureau,
        printing=form,
        problem=refused.problem if refused else None,
        text=wanted.text,
        begins=_begins(look),
        issues=tuple(
            IssueLine(
                href=f"{path}?issue={one.id}",
                issued_at=one.issued_at,
                issuer=one.issuer,
                labels=one.labels,
                used=one.used,
                current=one.id == wanted.issue_id,
            )
            for one in issues
        ),
        lines=tuple(label_line(look, label) for label in found),
        pager=pager(path, asked.query, page=asked.page, size=asked.size, total=total),
    )
    return show_tab(request, look, "organization_labels.html", page, status=422 if refused else 200)


def _begins(look: Look) -> str:
    """How numbers of the visitor's own city begin; a province looks at those of the organization's."""
    own = look.visitor.caller.region or ""
    return f"{(own if len(own) >= _CITY else look.organization.region)[:_CITY]}-"


def _issue(asked: Asked) -> UUID | None:
    text = asked.value("issue")
    try:
        return UUID(text) if text else None
    except ValueError as unreadable:
        raise BadQuery from unreadable


async def _print_form(session: ReadSession, look: Look, refused: _Refused | None) -> PrintForm:
    tenant = look.organization.id
    tasks, _ = await tasks_of(session, tenant, limit=_MOST_CHOICES)
    return PrintForm(
        people=await _named(session, look, "people"),
        printers=await _named(session, look, "labelPrinters"),
        tasks=tuple((one.head.source_ref, f"{one.head.client} {one.head.point_name}") for one in tasks if one.samples),
        kept=dict.fromkeys(_FIELDS, "") | (refused.kept if refused else {}),
    )


async def _named(session: ReadSession, look: Look, kind: str) -> tuple[tuple[str, str], ...]:
    place = [spec.name for spec in shown_fields(BY_KIND[kind])].index("name")
    rows, _ = await read_register(session, kind, look.organization.id, on=look.day, limit=_MOST_CHOICES)
    return tuple((row.source_ref, str(row.values[place])) for row in rows)
