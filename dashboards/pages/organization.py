"""The first tabs of an organization's profile: facts against requirements, and findings."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from litestar import Response, get
from litestar.params import FromPath

from hengjian.dashboards.charts import Chart, on_page
from hengjian.dashboards.formats import stored
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.language import Bilingual, Text, Words
from hengjian.dashboards.pages.lines import (
    fact_text,
    find_rule,
    finding_lines,
    page_behind,
    required_text,
    rule_title,
    subject_text,
)
from hengjian.dashboards.pages.organization_record import (
    FactsPage,
    FactUsed,
    Folded,
    OrganizationFindingsPage,
    VerdictLine,
)
from hengjian.dashboards.pages.profile import Look, open_profile, organization_head, show_tab
from hengjian.dashboards.pages.rule_words import fact_label
from hengjian.dashboards.parts import pager
from hengjian.dashboards.query import read_query
from hengjian.dashboards.site import HtmlRequest
from hengjian.filing.api import BreachInterval, breach_intervals, speaker
from hengjian.platform.db import ReadSession
from hengjian.scoring.api import (
    FindingFilter,
    Interval,
    Judgement,
    breach_intervals_of,
    fact_source,
    judge_on_day,
    list_findings,
    read_judgements,
)
from hengjian.tenants.api import get_supervised

VERDICTS = ("pass", "breach", "no_data", "not_applicable")
_MANY = 3
_ORDER = {"breach": 0, "no_data": 1, "pass": 2, "not_applicable": 3}


@get("/orgs/{credit_code:str}")
async def show_facts(
    request: HtmlRequest, site: GivenSite, visitor: GivenVisitor, credit_code: FromPath[str]
) -> Response[str]:
    """Every requirement against the facts, as of today or of a past day."""
    look = await open_profile(request, site, visitor, credit_code)
    words = site.templates.words(site.language(request, visitor))
    async with look.read() as session:
        judged = await _judgements(session, look)
        intervals = await breach_intervals_of(
            session, look.organization.id, regions=look.organization.regions, since=look.day - timedelta(days=365)
        )
        head = await organization_head(session, look, "facts")
    lines = sorted((_line(look, one, words) for one in judged), key=lambda line: (_ORDER[line.verdict], line.rule_id))
    counts = Counter(line.verdict for line in lines)
    folded = folded_rules(lines)
    page = FactsPage(
        head=head,
        day=look.day,
        counts={verdict: counts[verdict] for verdict in VERDICTS},
        lines=tuple(line for line in lines if _key(line) not in folded),
        folded=tuple(folded.values()),
        intervals=_intervals(look, intervals, words),
    )
    return show_tab(request, look, "organization_facts.html", page)


@get("/orgs/{credit_code:str}/findings")
async def show_organization_findings(
    request: HtmlRequest, site: GivenSite, visitor: GivenVisitor, credit_code: FromPath[str]
) -> Response[str]:
    """Findings of one organization, open ones first."""
    asked = read_query(request)
    look = await open_profile(request, site, visitor, credit_code)
    words = site.templates.words(site.language(request, visitor))
    wanted = FindingFilter(tenant_id=look.organization.id, regions=look.organization.regions, on=look.as_of)
    async with look.read() as session:
        found, total = await list_findings(session, wanted, sort="-severity", limit=asked.size, offset=asked.offset)
        head = await organization_head(session, look, "findings")
    page = OrganizationFindingsPage(
        head=head,
        lines=finding_lines(site, found, words=words, several_regions=len(look.organization.regions) > 1),
        pager=pager(asked.path, asked.query, page=asked.page, size=asked.size, total=total),
    )
    return show_tab(request, look, "organization_findings.html", page)


def _key(line: VerdictLine) -> tuple[str, str]:
    return line.rule_id, line.verdict


def folded_rules(lines: Sequence[VerdictLine]) -> dict[tuple[str, str], Folded]:
    """Rules that many subjects pass, that do not apply to them or lack data fold into one entry each; breaches stay."""
    groups: dict[tuple[str, str], list[VerdictLine]] = {}
    for line in lines:
        if line.verdict != "breach":
            groups.setdefault(_key(line), []).append(line)
    return {
        key: Folded(rule_id=key[0], title=found[0].title, verdict=key[1], lines=tuple(found))
        for key, found in groups.items()
        if len(found) >= _MANY
    }


async def _judgements(session: ReadSession, look: Look) -> tuple[Judgement, ...]:
    """The stored verdicts of today, or those of a past day, judged now."""
    organization = look.organization
    if look.as_of is None:
        return await read_judgements(session, organization.id, regions=organization.regions)
    supervised = await get_supervised(session, organization.id, on=look.day)
    if supervised is None:
        return ()
    found: dict[tuple[str, str, str], Judgement] = {}
    for region in supervised.judged_regions:
        if region in organization.regions:
            judged = await judge_on_day(session, supervised, region=region, day=look.day, lawbook=look.site.lawbook)
            found = {(one.rule_id, one.subject_kind, one.subject_key): one for one in judged} | found
    return tuple(found.values())


def _line(look: Look, judged: Judgement, words: Words) -> VerdictLine:
    rule = find_rule(look.site, judged.rule_id)
    return VerdictLine(
        rule_id=judged.rule_id,
        title=rule.title if rule else Text(judged.rule_id),
        subject=subject_text(judged.subject, words, on=look.day),
        verdict=judged.verdict,
        severity=judged.severity if judged.verdict == "breach" else None,
        measured=stored(judged.measured),
        required=required_text(rule, judged.required, measured=judged.measured, breach=judged.verdict == "breach"),
        unit=rule.unit if rule and judged.measured is not None else "",
        facts=tuple(_used(look, judged, name, words) for name in judged.facts if name != "as_of"),
        missing=tuple(fact_label(name) for name in judged.missing),
        finding=judged.finding,
        counted_in=judged.counted_in,
    )


def _used(look: Look, judged: Judgement, name: str, words: Words) -> FactUsed:
    source = fact_source(name, subject_kind=judged.subject_kind, subject=judged.subject_key)
    href = (
        f"{look.base}/registers/{source.kind}{look.suffix}"
        if source
        else page_behind(look.base, judged.subject_kind, name)[1]
    )
    return FactUsed(fact_label(name), shortened(fact_text(name, judged.facts[name], words)), href)


def shortened(text: str, most: int = 40) -> str:
    """Long texts (a business scope) keep their beginning."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _intervals(look: Look, intervals: Sequence[Interval], words: Words) -> Chart | None:
    """The breaches of the last twelve months as bars; None when there was none."""
    if not intervals:
        return None
    since = look.day - timedelta(days=365)
    bars = [_bar(look, one, words) for one in intervals]
    drawing = breach_intervals(bars, speaker(words.language), since=since, until=look.day + timedelta(days=1))
    return on_page(drawing, look.site.drawer, width=1000, wide=True)


def _bar(look: Look, found: Interval, words: Words) -> BreachInterval:
    title: Bilingual = rule_title(look.site, found.rule_id)
    subject = subject_text(found.subject, words, on=look.day)
    until: date | None = found.closed_on if found.closed_on is None or found.closed_on <= look.day else None
    return BreachInterval(
        rule_id=found.rule_id,
        title=f"{words.of(title)} {subject}".strip(),
        since=found.opened_on,
        until=until,
        severity=found.severity,  # type: ignore[arg-type]  # the column holds severities only
        counted_in=tuple(f"{one.rule_id} {one.no or ''}".strip() for one in found.counted_in),
    )
