"""Notices: of a bureau's region, or of an organization."""

import re
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from hengjian.dashboards.errors import BadQuery
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.guards import session_form
from hengjian.dashboards.language import mark
from hengjian.dashboards.pages.life_record import InboxPage, NoticeLine
from hengjian.dashboards.pages.lines import rule_title
from hengjian.dashboards.parts import pager
from hengjian.dashboards.query import read_query
from hengjian.dashboards.shell import address
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.scoring.api import Notice, mark_read, read_inbox

_KINDS = {
    "notify": mark("违规项待陈述"),
    "state": mark("机构已陈述"),
    "object": mark("机构提出异议"),
    "propose_confirm": mark("提议确认，待复核"),
    "propose_dismiss": mark("提议驳回，待复核"),
    "propose_suspend": mark("提议暂缓，待复核"),
    "return": mark("提议被退回"),
    "confirm": mark("违规项已确认"),
    "dismiss": mark("违规项已驳回，不计分"),
    "suspend": mark("违规项已暂缓"),
    "resume": mark("违规项恢复办理"),
    "verify": mark("整改已核验，待关闭"),
    "appeal": mark("机构提出申诉"),
    "propose_uphold": mark("提议维持，待复核"),
    "propose_overturn": mark("提议撤销，待复核"),
    "propose_amend": mark("提议采信事实，待复核"),
    "uphold": mark("申诉决定：维持"),
    "overturn": mark("申诉决定：撤销，不计分"),
    "amend": mark("申诉决定：采信事实，重新判定"),
    "close": mark("违规项已关闭"),
    "rectified": mark("违规项已整改，待核验"),
    "detected": mark("事实有变，重新待办"),
    "result_publicity": mark("年度评价结果公示，公示期内可对违规项提出异议"),
    "result_final": mark("年度信用等级已公布"),
    "result_due": mark("年度等级待公布"),
    "result_overdue": mark("年度等级已过公布期限"),
    "appeal_due": mark("申诉期限将到"),
    "recording_damaged": mark("归档录像损坏或丢失，请查明原因"),
    "due": mark("即将到期"),
    "overdue": mark("已逾期"),
    "rule_change": mark("规则将变更，涉及本单位"),
    "change_submitted": mark("规则变更待批准"),
    "veto_proposed": mark("系统建议一票否决，待办理"),
    "credit_waits": mark("信用事件待复核"),
    "repair_apply": mark("机构申请信用修复"),
    "repair_propose_grant": mark("提议准予信用修复，待复核"),
    "repair_propose_refuse": mark("提议不予信用修复，待复核"),
    "repair_return": mark("信用修复提议被退回"),
    "repair_grant": mark("信用修复已准予"),
    "repair_refuse": mark("信用修复未准予"),
    "result_corrected": mark("年度信用等级已更正"),
    "result_correct_waits": mark("年度等级更正待批准"),
}
_ELSEWHERE = {
    "rule_change": "/my/changes",
    "change_submitted": "/rules/changes/{no}",
    "result_corrected": "/register",
    "result_publicity": "/register?list=publicity",
    "result_final": "/register",
}
_MADE_UP = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""An id of ours, of what the engine proposed and nobody has numbered yet: it tells a reader nothing."""
_OF_CREDIT = ("veto_", "credit_", "repair_")


@get("/inbox")
async def show_inbox(request: HtmlRequest, site: GivenSite, inspector: GivenVisitor) -> Response[str]:
    """A bureau's notices."""
    return await _show(request, site, inspector)


@get("/my/inbox")
async def show_my_inbox(request: HtmlRequest, site: GivenSite, member: GivenVisitor) -> Response[str]:
    """An organization's notices."""
    return await _show(request, site, member)


@post(["/inbox", "/my/inbox"], status_code=303)
async def read_notices(request: HtmlRequest, site: GivenSite, visitor: GivenVisitor) -> Response[str]:
    """Mark the notices of a page as read, for this person."""
    form = await session_form(site, request)
    try:
        notices = [UUID(str(one)) for one in form.getall("notice", [])]
    except ValueError as unreadable:
        raise BadQuery from unreadable
    async with site.database.write(visitor.caller) as session:
        await mark_read(session, notices)
    return Redirect(request.url.path, status_code=303)


async def _show(request: HtmlRequest, site: Site, visitor: Visitor) -> Response[str]:
    asked = read_query(request)
    async with site.database.read(visitor.caller) as session:
        inbox = await read_inbox(session, limit=asked.size, offset=asked.offset)
    page = InboxPage(
        action=asked.path,
        unread=inbox.unread,
        notices=tuple(_line(site, one, visitor) for one in inbox.notices),
        pager=pager(asked.path, asked.query, page=asked.page, size=asked.size, total=inbox.total),
    )
    return site.show(request, "inbox.html", page, visitor=visitor)


def _href(one: Notice, visitor: Visitor) -> str:
    """Where the notice leads: a finding, a recording, a bureau's list of a year, or what the public sees."""
    if one.kind == "recording_damaged":
        whose = "" if visitor.of_bureau else f"/orgs/{visitor.credit_code}"
        return address(f"{whose}/recordings", [], q=one.finding_no)
    if one.kind.startswith(_OF_CREDIT):
        return f"/orgs/{one.credit_code}/credit"
    if one.rule_id and one.kind != "rule_change":
        return f"/findings/{one.finding_no}"
    if one.kind == "result_correct_waits":
        return f"/credit/{one.finding_no.split('-')[2]}"
    return _ELSEWHERE.get(one.kind, "/credit/{no}").format(no=one.finding_no)


def _about(one: Notice) -> str:
    """Under what a notice that is not about a finding falls."""
    if one.kind in {"rule_change", "change_submitted"}:
        return mark("规则变更")
    if one.kind == "recording_damaged":
        return mark("录像")
    return mark("信用事件") if one.kind.startswith(_OF_CREDIT) else mark("年度评价")


def _line(site: Site, one: Notice, visitor: Visitor) -> NoticeLine:
    return NoticeLine(
        id=str(one.id),
        label=_KINDS.get(one.kind, one.kind),
        number="" if _MADE_UP.fullmatch(one.finding_no) else one.finding_no,
        rule_id=one.rule_id,
        title=rule_title(site, one.rule_id) if one.rule_id else "",
        href=_href(one, visitor),
        about="" if one.rule_id else _about(one),
        organization=one.organization,
        at=one.at,
        due=one.due_on,
        read=one.read_at is not None,
    )
