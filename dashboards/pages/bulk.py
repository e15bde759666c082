"""One step with many findings: the preview, and what was done."""

from collections.abc import Mapping

from litestar import Response, post

from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.guards import session_form
from hengjian.dashboards.language import Bilingual
from hengjian.dashboards.pages.finding_life import ACTS, REFUSALS
from hengjian.dashboards.pages.finding_steps import REFUSED, person_of, read_act, words_of
from hengjian.dashboards.pages.life_record import BulkLine, BulkPage
from hengjian.dashboards.pages.lines import rule_title
from hengjian.dashboards.query import read_day
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.scoring.api import (
    BULK_ACTS,
    NEEDS_DAY,
    Act,
    BulkPreview,
    FindingHead,
    findings_of,
    preview_steps,
    take_steps,
)


@post("/findings/bulk", status_code=200)
async def preview_bulk(request: HtmlRequest, site: GivenSite, inspector: GivenVisitor) -> Response[str]:
    """What would happen; with `sure` it happens, as far as it is still allowed."""
    form = await session_form(site, request)
    act = read_act(str(form.get("act", "")))
    nos = [str(one)[:40] for one in form.getall("no", [])]
    by, now, problem = person_of(inspector), site.now(), None
    done = form.get("sure") == "yes" and act in BULK_ACTS
    if done:
        until = read_day(str(form.get("until", "")).strip())
        try:
            async with site.database.write(inspector.caller) as session:
                reason = str(form.get("reason", ""))
                found = await take_steps(session, nos, act, by=by, reason=reason, until=until, now=now)
        except REFUSED as refused:
            done, problem = False, words_of(refused)
    if not done:
        async with site.database.read(inspector.caller) as session:
            found = await preview_steps(session, nos, act, by=by, now=now)
    async with site.database.read(inspector.caller) as session:
        heads = await findings_of(session, [*found.ready, *(no for no, _ in found.refused)])
    page = _page(site, act, found, heads, done=done, problem=problem)
    return site.show(request, "bulk.html", page, visitor=inspector, status=422 if problem else 200)


def _page(
    site: Site,
    act: Act,
    found: BulkPreview,
    heads: Mapping[str, FindingHead],
    *,
    done: bool,
    problem: Bilingual | None,
) -> BulkPage:
    def line(no: str, why: str) -> BulkLine:
        head = heads[no]
        return BulkLine(no, head.organization, rule_title(site, head.rule_id), why)

    return BulkPage(
        act=act,
        label=ACTS[act],
        ready=tuple(line(no, "") for no in found.ready),
        refused=tuple(line(no, REFUSALS[why]) for no, why in found.refused),
        done=done,
        needs_reason=act is not Act.NOTIFY,
        takes_day=act is Act.PROPOSE_CONFIRM or act in NEEDS_DAY,
        problem=problem,
    )
