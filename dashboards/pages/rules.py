"""The public catalogue of rules: searched and filtered by anybody, each pack as a PDF."""

from litestar import Response, get
from litestar.params import FromPath

from hengjian.dashboards.errors import PageMissing
from hengjian.dashboards.given import GivenGuest, GivenSite
from hengjian.dashboards.labels import SEVERITIES, SOURCE_MARKS
from hengjian.dashboards.language import Bilingual, mark
from hengjian.dashboards.pages.rule_words import home_region, source_title
from hengjian.dashboards.pages.rules_record import ModelLink, PackGroup, RuleLine, RulesPage
from hengjian.dashboards.parts import Choice, Filter, chips, choice, pager
from hengjian.dashboards.query import Asked, read_query
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.scoring.api import (
    SUBJECTS,
    CatalogueRule,
    RuleFilter,
    formula_on,
    open_findings_by_rule,
    search_rules,
    severities_of,
    source_marks,
)

_TEXT = mark("编号、名称、拼音或条款原文")
_LONG_LIST = 100


@get("/rules")
async def show_rules(request: HtmlRequest, site: GivenSite, guest: GivenGuest) -> Response[str]:
    """The rules of the law-book; whoever is signed in sees beside each how many findings are open."""
    asked, region, today = read_query(request, sizes_from=_LONG_LIST), home_region(guest), site.today
    wanted = _wanted(site, asked)
    found = search_rules(site.lawbook, wanted, region=region, on=today)
    counts = await _open_counts(site, guest)
    choices = _choices(site, wanted)
    page = RulesPage(
        day=today,
        in_force=len(site.lawbook.rules_in_force(region=region, on=today)),
        counted=guest is not None,
        filter=Filter(
            action=asked.path,
            text=wanted.text or "",
            text_label=_TEXT,
            choices=choices,
            chips=chips(asked.path, asked.query, choices, (_TEXT, wanted.text or "")),
        ),
        models=tuple(ModelLink(one.title, f"/rules/models/{one.id}/versions") for one in site.lawbook.credit_models),
        packs=_packs(site, found[asked.offset : asked.offset + asked.size], counts, region=region),
        pager=pager(asked.path, asked.query, page=asked.page, size=asked.size, total=len(found)),
    )
    return site.show(request, "rules.html", page, visitor=guest)


@get("/rules/packs/{file:str}")
async def download_pack(
    request: HtmlRequest, site: GivenSite, guest: GivenGuest, file: FromPath[str]
) -> Response[bytes]:
    """All rules of a pack with their clauses, limits and examples, as they stand today; the file is drawn once a day."""
    pack_id, _, kind = file.rpartition(".")
    pack = next((one for one in site.lawbook.packs if one.id == pack_id), None)
    if pack is None or kind != "pdf":
        raise PageMissing
    language = site.language(request, guest)
    content = await site.press.draw(site.lawbook, pack, language=language, on=site.today)
    name = f"{pack.id}-{site.today.isoformat()}-{language}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Vary": "Cookie"}
    return Response(content, media_type="application/pdf", headers=headers)


def pack_href(pack_id: str) -> str:
    """The address of a pack's PDF."""
    return f"/rules/packs/{pack_id}.pdf"


def pack_versions_href(pack_id: str) -> str:
    """The address of a pack's versions."""
    return f"/rules/packs/{pack_id}/versions"


async def _open_counts(site: Site, guest: Visitor | None) -> dict[str, int]:
    if guest is None:
        return {}
    async with site.database.read(guest.caller) as session:
        return await open_findings_by_rule(session)


def _wanted(site: Site, asked: Asked) -> RuleFilter:
    return RuleFilter(
        text=asked.value("q"),
        pack=asked.one_of("pack", frozenset(pack.id for pack in site.lawbook.packs)),
        severity=asked.one_of("severity", frozenset(SEVERITIES)),
        source_status=asked.one_of("source", frozenset(SOURCE_MARKS)),
    )


def _choices(site: Site, wanted: RuleFilter) -> tuple[Choice, ...]:
    everything: dict[str, Bilingual | str] = {"": mark("全部")}
    packs = {pack.id: pack.title for pack in site.lawbook.packs}
    return (
        choice("pack", mark("规则集"), {**everything, **packs}, wanted.pack or ""),
        choice("severity", mark("级别"), {**everything, **SEVERITIES}, wanted.severity or ""),
        choice("source", mark("来源"), {**everything, **SOURCE_MARKS}, wanted.source_status or ""),
    )


def _packs(
    site: Site, found: tuple[CatalogueRule, ...], counts: dict[str, int], *, region: str | None
) -> tuple[PackGroup, ...]:
    return tuple(
        PackGroup(
            title=pack.title,
            href=pack_href(pack.id),
            versions_href=pack_versions_href(pack.id),
            rules=tuple(_line(site, one, counts, region=region) for one in rules),
        )
        for pack in site.lawbook.packs
        if (rules := [one for one in found if one.pack.id == pack.id])
    )


def _line(site: Site, one: CatalogueRule, counts: dict[str, int], *, region: str | None) -> RuleLine:
    rule = one.rule
    return RuleLine(
        rule_id=rule.id,
        title=rule.title,
        formula=formula_on(rule, region or one.pack.region, site.today),
        subject=SUBJECTS.get(rule.subject, rule.subject),
        severities=severities_of(rule),
        clause=rule.cites.clause,
        source=source_title(one.pack, rule),
        marks=source_marks(rule, one.pack.region, site.today),
        in_force=one.in_force,
        open=counts.get(rule.id, 0),
    )
