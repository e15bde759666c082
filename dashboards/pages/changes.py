"""Changes of rules as lists: a bureau's own and those below it, everybody else what is approved; and one's own effects."""

from litestar import Response, get

from hengjian.dashboards.given import GivenGuest, GivenSite, GivenVisitor
from hengjian.dashboards.labels import STAGES
from hengjian.dashboards.language import Language, Words, mark
from hengjian.dashboards.pages.change_words import change_line
from hengjian.dashboards.pages.changes_record import ChangeLine, ChangesPage, EffectLine, MyChangesPage
from hengjian.dashboards.pages.lines import rule_title
from hengjian.dashboards.pages.organization_record import Tab
from hengjian.dashboards.pages.profile import score_text
from hengjian.dashboards.parts import pager
from hengjian.dashboards.places import region_name
from hengjian.dashboards.query import read_query
from hengjian.dashboards.shell import address
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.platform.db import Caller
from hengjian.scoring.api import OwnEffect, Stage, list_changes, own_change_effects

_PUBLIC_STAGES = (Stage.SHADOW, Stage.IN_FORCE, Stage.SWITCHED_OFF)
_MOST = 20


@get("/rules/changes")
async def show_changes(request: HtmlRequest, site: GivenSite, guest: GivenGuest) -> Response[str]:
    """One page of the list, the newest first."""
    asked = read_query(request)
    stage = asked.one_of("stage", frozenset(Stage))
    async with site.database.read(reader(guest)) as session:
        found = await list_changes(
            session, today=site.today, stage=Stage(stage) if stage else None, limit=asked.size, offset=asked.offset
        )
    words = site.templates.words(site.language(request, guest))
    stages = tuple(Stage) if guest is not None and guest.of_bureau else _PUBLIC_STAGES
    tabs = [("", mark("全部")), *((one.value, STAGES[one]) for one in stages)]
    page = ChangesPage(
        tabs=tuple(
            Tab(label, address(asked.path, asked.query, stage=code or None, page=None), None, code == (stage or ""))
            for code, label in tabs
        ),
        changes=tuple(change_line(site, one, words) for one in found.changes),
        pager=pager(asked.path, asked.query, page=asked.page, size=asked.size, total=found.total),
    )
    return site.show(request, "changes.html", page, visitor=guest)


@get("/my/changes")
async def show_my_changes(request: HtmlRequest, site: GivenSite, member: GivenVisitor) -> Response[str]:
    """The approved changes that move the visitor's organization, with its own difference."""
    tenant_id = member.caller.tenant_id
    async with site.database.read(member.caller) as session:
        found = await own_change_effects(session, tenant_id) if tenant_id else ()
    page = MyChangesPage(tuple(_effect(site, one) for one in found))
    return site.show(request, "my_changes.html", page, visitor=member)


def reader(guest: Visitor | None) -> Caller:
    """Who reads: the visitor, or the public."""
    return guest.caller if guest else Caller(kind="public", actor="public")


async def changes_of_rule(
    site: Site, guest: Visitor | None, rule_id: str, language: Language
) -> tuple[ChangeLine, ...]:
    """The latest changes of one rule that the reader sees."""
    words: Words = site.templates.words(language)
    async with site.database.read(reader(guest)) as session:
        found = await list_changes(session, today=site.today, rule_id=rule_id, limit=_MOST)
    return tuple(change_line(site, one, words) for one in found.changes)


def _effect(site: Site, one: OwnEffect) -> EffectLine:
    model = site.lawbook.credit_model(region=one.region, on=site.today)
    return EffectLine(
        number=one.no,
        rule_id=one.rule_id,
        title=rule_title(site, one.rule_id),
        region=region_name(one.region, site.today),
        from_day=one.from_day,
        effect=one.effect,
        days_before=one.days_before,
        days_after=one.days_after,
        points_before=score_text(one.points_before, model),
        points_after=score_text(one.points_after, model),
        grade_before=one.grade_before,
        grade_after=one.grade_after,
    )
