"""One change of a rule: what differs, its examples, whom it moves, its shadow days, and the steps of two people."""

from dataclasses import replace
from datetime import date

from litestar import Response, get, post
from litestar.params import FromPath

from hengjian.dashboards.errors import BadQuery, PageMissing
from hengjian.dashboards.given import GivenGuest, GivenSite, GivenVisitor
from hengjian.dashboards.guards import session_form
from hengjian.dashboards.language import Bilingual, Text, Words, mark
from hengjian.dashboards.pages.change_form import (
    NO_DAY,
    TEXT,
    Typed,
    change_form,
    check_and_preview,
    may_draft,
    read_typed,
    said,
    to_change,
    typed_of,
)
from hengjian.dashboards.pages.change_impact import impact_view, shadow_line
from hengjian.dashboards.pages.change_words import STEPS, change_line
from hengjian.dashboards.pages.changes import reader
from hengjian.dashboards.pages.changes_record import (
    ActButton,
    ChangeForm,
    ChangePage,
    MovedLine,
    StepLine,
)
from hengjian.dashboards.pages.difference_words import difference_lines
from hengjian.dashboards.pages.finding_steps import person_of
from hengjian.dashboards.pages.lines import fact_text
from hengjian.dashboards.pages.rule_words import fact_label
from hengjian.dashboards.query import read_query
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.platform.db import Session
from hengjian.scoring.api import (
    ChangeAct,
    ChangeDetail,
    ChangeKind,
    ExampleMoved,
    ScoringError,
    ShadowPage,
    Stage,
    UnknownChangeError,
    allowed_change_acts,
    approve_change,
    draft_switch_off,
    list_shadow_findings,
    read_change,
    redraft_change,
    return_change,
    start_impact,
    submit_change,
    withdraw_change,
)

_BUTTONS = {
    ChangeAct.APPROVE: mark("批准"),
    ChangeAct.SUBMIT: mark("送审"),
    ChangeAct.IMPACT: mark("重新预览影响"),
    ChangeAct.RETURN: mark("退回起草人"),
    ChangeAct.WITHDRAW: mark("撤回变更"),
}
_REASONED = frozenset({ChangeAct.RETURN, ChangeAct.WITHDRAW})


@get("/rules/changes/{no:str}")
async def show_change(request: HtmlRequest, site: GivenSite, guest: GivenGuest, no: FromPath[str]) -> Response[str]:
    """The page of one change."""
    return await _answer(request, site, guest, no)


@post("/rules/changes/{no:str}", status_code=303)
async def take_change(
    request: HtmlRequest, site: GivenSite, inspector: GivenVisitor, no: FromPath[str]
) -> Response[str]:
    """Write the draft anew and run its examples; when all come out, the preview begins."""
    form = await session_form(site, request)
    typed = read_typed(form)
    try:
        async with site.database.write(inspector.caller) as session:
            detail = await read_change(session, no, book=site.lawbook, today=site.today)
            new = typed.change(detail.head.rule_id)
            if new is None:
                return await _answer(request, site, inspector, no, problem=NO_DAY, typed=typed)
            by = person_of(inspector)
            await redraft_change(session, no, new, by=by, book=site.lawbook, now=site.now())
            await check_and_preview(session, site, inspector, no)
    except UnknownChangeError as missing:
        raise PageMissing from missing
    except ScoringError as refused:
        return await _answer(request, site, inspector, no, problem=said(refused), typed=typed)
    return to_change(no, "#results")


@post("/rules/changes/{no:str}/steps", status_code=303)
async def take_change_step(
    request: HtmlRequest, site: GivenSite, inspector: GivenVisitor, no: FromPath[str]
) -> Response[str]:
    """One step of the author or of the second person; what is refused is said on the page."""
    form = await session_form(site, request)
    act, reason = str(form.get("act", "")), str(form.get("reason", ""))
    if act not in _BUTTONS:
        raise BadQuery
    try:
        async with site.database.write(inspector.caller) as session:
            await _step(session, site, inspector, no, act=ChangeAct(act), reason=reason)
    except UnknownChangeError as missing:
        raise PageMissing from missing
    except ScoringError as refused:
        return await _answer(request, site, inspector, no, problem=said(refused))
    return to_change(no)


@post("/rules/changes/{no:str}/end", status_code=303)
async def take_end(request: HtmlRequest, site: GivenSite, inspector: GivenVisitor, no: FromPath[str]) -> Response[str]:
    """Draft the end of a change that is in force; it goes the same way as any change."""
    form = await session_form(site, request)
    typed = read_typed(form)
    new = typed.change("")
    if new is None:
        return await _answer(request, site, inspector, no, problem=NO_DAY)
    try:
        async with site.database.write(inspector.caller) as session:
            ending = await draft_switch_off(
                session,
                no,
                from_day=new.from_day,
                reason=typed.reason,
                clause=typed.clause,
                by=person_of(inspector),
                book=site.lawbook,
                now=site.now(),
            )
            await check_and_preview(session, site, inspector, ending)
    except UnknownChangeError as missing:
        raise PageMissing from missing
    except ScoringError as refused:
        return await _answer(request, site, inspector, no, problem=said(refused))
    return to_change(ending)


async def _step(session: Session, site: Site, visitor: Visitor, no: str, *, act: ChangeAct, reason: str) -> None:
    by, now, book = person_of(visitor), site.now(), site.lawbook
    match act:
        case ChangeAct.APPROVE:
            await approve_change(session, no, by=by, book=book, now=now)
        case ChangeAct.SUBMIT:
            await submit_change(session, no, by=by, book=book, now=now)
        case ChangeAct.IMPACT:
            await start_impact(session, no, by=by, now=now)
        case ChangeAct.RETURN:
            await return_change(session, no, reason=reason, by=by, now=now)
        case _:
            await withdraw_change(session, no, reason=reason, by=by, now=now)


async def _answer(
    request: HtmlRequest,
    site: Site,
    guest: Visitor | None,
    no: str,
    *,
    problem: Bilingual | None = None,
    typed: Typed | None = None,
) -> Response[str]:
    asked = read_query(request)
    words = site.templates.words(site.language(request, guest))
    bureau = guest is not None and guest.of_bureau
    async with site.database.read(reader(guest)) as session:
        try:
            detail = await read_change(session, no, book=site.lawbook, today=site.today)
        except UnknownChangeError as missing:
            raise PageMissing from missing
        impact = await impact_view(session, site, asked, no) if bureau else None
        shadow = await list_shadow_findings(session, no) if bureau else ShadowPage((), 0)
    page = _page(site, guest, detail, words, typed=typed)
    page = replace(
        page,
        impact=impact,
        shadow=tuple(shadow_line(site, detail.head.rule_id, one, words) for one in shadow.findings),
        shadow_total=shadow.total,
        problem=problem,
    )
    return site.show(request, "change.html", page, visitor=guest, status=422 if problem else 200)


def _page(site: Site, guest: Visitor | None, detail: ChangeDetail, words: Words, *, typed: Typed | None) -> ChangePage:
    head = detail.head
    allowed = _allowed(site, guest, detail)
    ready = {act for act, why in allowed.items() if why is None}
    return ChangePage(
        line=change_line(site, head, words, before=detail.value_before),
        rule_region=head.region,
        reason=head.reason,
        clause=head.clause,
        version_before=detail.rule_version_before,
        version_after=detail.rule_version_after,
        drafted_by=head.drafted_by,
        approved_by=head.approved_by,
        approved_at=head.approved_at,
        differences=tuple(difference_lines(site, head.rule_id, detail.differences, words)),
        check_ok=detail.check.ok,
        check_problems=tuple(detail.check.problems),
        moved=tuple(_moved(one, words) for one in detail.check.moved),
        form=_draft_form(site, detail, words, typed) if ChangeAct.DRAFT in ready else None,
        impact=None,
        shadow=(),
        shadow_total=0,
        steps=tuple(
            StepLine(label=STEPS.get(one.act, one.act), by=one.actor_name, at=one.at, reason=one.reason)
            for one in detail.steps
        ),
        acts=tuple(
            ActButton(act=act, label=label, needs_reason=act in _REASONED)
            for act, label in _BUTTONS.items()
            if act in ready
        ),
        waits=_waits(head.stage, head.from_day, allowed),
        end=_end_form(site, detail, words) if may_draft(guest) and _can_end(guest, detail) else None,
        ended=head.until is not None,
    )


def _allowed(site: Site, guest: Visitor | None, detail: ChangeDetail) -> dict[ChangeAct, Bilingual | None]:
    """Each step with None where the visitor may take it; nothing for who belongs to no bureau."""
    if guest is None or not guest.of_bureau:
        return {}
    caller = guest.caller
    found = allowed_change_acts(
        detail, actor=caller.actor, roles=frozenset(guest.roles), tenant_id=caller.tenant_id, today=site.today
    )
    return dict(found)


def _waits(stage: Stage, from_day: date, allowed: dict[ChangeAct, Bilingual | None]) -> Bilingual | None:
    """What stands in the way of the next step; an approved change only waits for its day."""
    if stage is Stage.SHADOW:
        return Text(f"试运行中，{from_day} 起自动生效。", f"In its shadow days; in force by itself from {from_day}.")
    awaited = {Stage.CHECKED: ChangeAct.SUBMIT, Stage.SUBMITTED: ChangeAct.APPROVE}.get(stage)
    return allowed.get(awaited) if awaited else None


def _can_end(guest: Visitor | None, detail: ChangeDetail) -> bool:
    head = detail.head
    own = guest is not None and guest.caller.tenant_id == head.tenant_id
    return own and head.stage is Stage.IN_FORCE and head.until is None and head.kind is not ChangeKind.END


def _draft_form(site: Site, detail: ChangeDetail, words: Words, typed: Typed | None) -> ChangeForm | None:
    """The form again; without examples of one's own it begins with what the moved ones become."""
    if detail.head.kind is ChangeKind.END:
        return None
    rule = site.lawbook.find(detail.head.rule_id)[0][1]
    given = typed or typed_of(detail.new)
    form = change_form(site, rule, words, region=detail.head.region, typed=given)
    examples = None if given.what == TEXT else given.examples or detail.check.suggested
    return replace(form, action=f"/rules/changes/{detail.head.no}", examples=examples)


def _end_form(site: Site, detail: ChangeDetail, words: Words) -> ChangeForm:
    rule = site.lawbook.find(detail.head.rule_id)[0][1]
    form = change_form(site, rule, words, region=detail.head.region)
    return replace(form, action=f"/rules/changes/{detail.head.no}/end", whats=())


def _moved(one: ExampleMoved, words: Words) -> MovedLine:
    facts = words("，").join(
        f"{words.of(fact_label(name))} = {fact_text(name, value, words)}" for name, value in one.facts.items()
    )
    return MovedLine(one.number, facts, str(one.before["verdict"]), str(one.after["verdict"]))
