"""The impact of a change on its page and as a file: whom it moves over twelve months, and what its shadow days find."""

from datetime import date

from litestar import Response, get
from litestar.params import FromPath

from hengjian.dashboards.csv_export import csv_answer
from hengjian.dashboards.errors import PageMissing
from hengjian.dashboards.formats import stored
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.labels import EFFECTS
from hengjian.dashboards.language import Words, mark
from hengjian.dashboards.pages.changes_record import ImpactLine, ImpactView, ShadowLine
from hengjian.dashboards.pages.lines import find_rule, required_text, subject_text
from hengjian.dashboards.pages.organization_record import Tab
from hengjian.dashboards.pages.profile import score_text
from hengjian.dashboards.parts import pager
from hengjian.dashboards.places import region_name
from hengjian.dashboards.query import Asked
from hengjian.dashboards.shell import address
from hengjian.dashboards.site import Site
from hengjian.platform.audit import record
from hengjian.platform.db import ReadSession
from hengjian.scoring.api import (
    Impact,
    ImpactRow,
    ShadowFinding,
    impact_json,
    impact_table,
    latest_impact,
    list_impact_rows,
)


async def impact_view(session: ReadSession, site: Site, asked: Asked, no: str) -> ImpactView | None:
    """The last preview of a change, with one page of whom it moves; None before the first."""
    impact = await latest_impact(session, no)
    if impact is None:
        return None
    only = asked.one_of("effect", frozenset(EFFECTS))
    found = await list_impact_rows(session, impact.id, only=only, limit=asked.size, offset=asked.offset)
    base = f"/rules/changes/{no}"
    return ImpactView(
        state=impact.state,
        done=impact.done,
        total=impact.total,
        poll=address(asked.path, asked.query) if impact.state != "done" else "",
        since=impact.since,
        until=impact.until,
        fresh=impact.fresh,
        organizations=impact.summary.organizations,
        replayed=impact.summary.replayed,
        replay_differs=impact.summary.replay_differs,
        tabs=_tabs(asked, impact, only or ""),
        lines=tuple(_line(one, site, impact.until) for one in found.rows),
        pager=pager(asked.path, asked.query, page=asked.page, size=asked.size, total=found.total),
        csv_href=f"{base}/impact.csv",
        json_href=f"{base}/impact.json",
    )


def _tabs(asked: Asked, impact: Impact, chosen: str) -> tuple[Tab, ...]:
    counted = impact.summary
    every = counted.starts + counted.stops + counted.longer + counted.shorter + counted.same + counted.score
    counts = [("", mark("全部变动"), every)]
    counts += [
        (code, label, counted.grades_move if code == "grade" else getattr(counted, code))
        for code, label in EFFECTS.items()
    ]
    return tuple(
        Tab(label, address(asked.path, asked.query, effect=code or None, page=None), count, code == chosen)
        for code, label, count in counts
        if count or code in {"", "starts", "stops", "grade", chosen}
    )


def _line(one: ImpactRow, site: Site, on: date) -> ImpactLine:
    model = site.lawbook.credit_model(region=one.region, on=on)
    return ImpactLine(
        name=one.name,
        credit_code=one.credit_code,
        region=region_name(one.region, site.today),
        effect=one.effect,
        days_before=one.days_before,
        days_after=one.days_after,
        points_before=score_text(one.points_before, model),
        points_after=score_text(one.points_after, model),
        grade_before=one.grade_before,
        grade_after=one.grade_after,
    )


def shadow_line(site: Site, rule_id: str, one: ShadowFinding, words: Words) -> ShadowLine:
    """What the change would find, ready to print."""
    rule = find_rule(site, rule_id)
    return ShadowLine(
        name=one.name,
        credit_code=one.credit_code,
        subject=subject_text(one.subject_label, words, on=site.today),
        since=one.first_day,
        severity=one.severity,
        measured=stored(one.measured),
        required=required_text(rule, one.required, measured=one.measured),
        fresh=not one.breached_now,
    )


@get("/rules/changes/{no:str}/{file:str}")
async def download_impact(
    site: GivenSite, inspector: GivenVisitor, no: FromPath[str], file: FromPath[str]
) -> Response[str] | Response[bytes]:
    """Everybody whom a change moves, as CSV or JSON; the audit keeps who took it."""
    if file not in {"impact.csv", "impact.json"}:
        raise PageMissing
    async with site.database.write(inspector.caller) as session:
        impact = await latest_impact(session, no)
        if impact is None or impact.state != "done":
            raise PageMissing
        await record(session, f"export.{file.rpartition('.')[2]}", target=no, detail={"list": "impact"})
        if file == "impact.csv":
            head, rows = await impact_table(session, impact.id)
            return csv_answer(f"impact-{no}", site.today, head=head, rows=rows)
        content = await impact_json(session, impact.id)
    name = f"hengjian-impact-{no}-{site.today.isoformat()}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/json", headers=headers)
