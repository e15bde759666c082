"""The overview of a bureau's region: what waits, who breaches what, how it moves."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from litestar import Response, get

from hengjian.dashboards.charts import Chart, on_page
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.language import Words, mark
from hengjian.dashboards.open_trend import open_trend
from hengjian.dashboards.pages.lines import finding_lines, grouped, lasted, rule_title
from hengjian.dashboards.pages.overview_record import (
    Change,
    EdgeCase,
    Figure,
    GradeBar,
    OverviewPage,
    RegionLine,
    RuleBar,
    Todo,
    WorstLine,
)
from hengjian.dashboards.pages.profile import score_text
from hengjian.dashboards.places import region_name
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.filing.api import WeekCount, speaker, weekly_findings
from hengjian.scoring.api import (
    ChildRegion,
    CreditModel,
    OpenCount,
    Overview,
    OverviewChange,
    Week,
    WorstStanding,
    read_overview,
)

_FILLS = {"A": "#0f7a5f", "B": "#7fb2e0", "C": "#e0a21b", "D": "#a3231f", None: "#a9b4bf"}
_LINES = 7
_COUNTED = ("critical", "major", "minor")
_SHOWN = "/findings?severity=counted"
"""The list of what the overview counts."""
_TODO = (
    ("critical", mark("严重违规项待确认")),
    ("major", mark("较重违规项待确认")),
    ("minor", mark("一般违规项待确认")),
)


@get("/overview")
async def show_overview(request: HtmlRequest, site: GivenSite, inspector: GivenVisitor) -> Response[str]:
    """The region of the visitor's bureau, today."""
    words = site.templates.words(site.language(request, inspector))
    model = site.lawbook.credit_model(region=inspector.caller.region, on=site.today)
    limits = [grade.at_least for grade in model.grades if grade.at_least] if model else []
    async with site.database.read(inspector.caller) as session:
        overview = await read_overview(session, today=site.today, grade_limits=limits)
    return site.show(request, "overview.html", _page(site, overview, model, words), visitor=inspector)


def _page(site: Site, seen: Overview, model: CreditModel | None, words: Words) -> OverviewPage:
    today = site.today
    counted = [one for one in seen.open if one.severity in _COUNTED]
    by_severity = _sums((one.severity, one.findings) for one in counted)
    open_total = sum(by_severity.values())
    return OverviewPage(
        day=today,
        todo=(*_todo(seen, by_severity, words, today), _without_data(seen, words)),
        figures=_figures(seen, by_severity, words),
        open_total=open_total,
        findings=grouped(finding_lines(site, seen.findings, words=words), words, most=_LINES),
        grades=_grades(seen),
        graded_total=seen.organizations,
        edge=tuple(_edge(one, model) for one in seen.near),
        weekly=_weekly(site, seen.weeks, words),
        trend=_trend(site, seen.weeks, open_total, words),
        rules=_rules(site, counted),
        worst=tuple(_worst(one, model, today) for one in seen.worst),
        changes=tuple(_change(site, one) for one in seen.changes),
        regions=tuple(_region(one, counted, today) for one in seen.regions),
    )


def _sums(pairs: Iterable[tuple[str, int]]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for key, count in pairs:
        sums[key] += count
    return sums


def _todo(seen: Overview, counts: Counter[str], words: Words, today: date) -> list[Todo]:
    oldest: dict[str, date] = {}
    for one in seen.open:
        oldest[one.severity] = min(oldest.get(one.severity, one.oldest), one.oldest)
    return [
        Todo(
            label=label,
            count=counts[severity],
            note=words("最长 %(n)s 天", n=f"{lasted(oldest[severity], None, today):,}")
            if severity in oldest
            else words("没有"),
            href=f"/findings?severity={severity}",
            urgent=severity == "critical" and counts[severity] > 0,
        )
        for severity, label in _TODO
    ]


def _without_data(seen: Overview, words: Words) -> Todo:
    return Todo(
        label=mark("无数据，不作判定"),
        count=seen.no_data,
        note=words("%(n)s 家机构", n=f"{seen.without_data:,}"),
        href="/orgs?sort=-no_data",
    )


def _figures(seen: Overview, counts: Counter[str], words: Words) -> tuple[Figure, ...]:
    this_week, last_week = seen.weeks[-1], seen.weeks[-2]
    kinds = words("运维 %(a)s · 监测 %(b)s", a=f"{seen.contractors:,}", b=f"{seen.institutions:,}")
    severities = words(
        "严重 %(a)s · 较重 %(b)s · 一般 %(c)s", a=counts["critical"], b=counts["major"], c=counts["minor"]
    )
    if told := sum(one.findings for one in seen.open if one.severity not in _COUNTED):
        severities += words("；另有提示 %(n)s 项，不计", n=f"{told:,}")
    return (
        Figure(label=mark("在管机构"), value=f"{seen.organizations:,}", unit=mark("家"), note=kinds, href="/orgs"),
        Figure(
            label=mark("监测点位"),
            value=None if seen.points is None else f"{seen.points:,}",
            unit=mark("个"),
            note=words("运维单位在运"),
            href="/orgs",
        ),
        Figure(
            label=mark("未关闭违规项"),
            value=f"{counts.total():,}",
            unit=mark("项"),
            note=severities,
            href=_SHOWN,
        ),
        Figure(
            label=mark("本周新发生"),
            value=f"{_counted(this_week.opened):,}",
            unit=mark("项"),
            note=words("上周 %(n)s 项", n=_counted(last_week.opened)),
            href=f"/findings?state=all&began={this_week.monday.isoformat()}",
        ),
        Figure(
            label=mark("本周解除"),
            value=f"{_counted(this_week.closed):,}",
            unit=mark("项"),
            note=words("上周 %(n)s 项", n=_counted(last_week.closed)),
            href=f"/findings?state=all&ended={this_week.monday.isoformat()}",
        ),
    )


def _counted(by_severity: dict[str, int]) -> int:
    return sum(by_severity.get(severity, 0) for severity in _COUNTED)


def _grades(seen: Overview) -> tuple[GradeBar, ...]:
    counts = {one.grade: one.organizations for one in seen.grades}
    most = max([*counts.values(), 1])
    return tuple(
        GradeBar(
            letter=letter,
            count=counts.get(letter, 0),
            width=_width(counts.get(letter, 0), most),
            fill=fill,
            href=f"/orgs?grade={letter or 'N'}",
        )
        for letter, fill in _FILLS.items()
    )


def _width(count: int, most: int) -> str:
    """A share of 100 with one place, for a bar."""
    tenths = count * 1000 // most
    return f"{tenths // 10}.{tenths % 10}"


def _edge(one: WorstStanding, model: CreditModel | None) -> EdgeCase:
    return EdgeCase(name=one.name, credit_code=one.credit_code, score=score_text(one.total, model) or "–")


def _weekly(site: Site, weeks: Sequence[Week], words: Words) -> Chart:
    rows = [
        WeekCount(monday=week.monday, counts={s: week.opened.get(s, 0) for s in ("critical", "major", "minor")})
        for week in weeks
    ]
    return on_page(weekly_findings(rows, speaker(words.language)), site.drawer)


def _trend(site: Site, weeks: Sequence[Week], open_now: int, words: Words) -> Chart:
    """Open findings at the end of each week, counted back from today's."""
    counts: list[tuple[date, int]] = []
    left = open_now
    for week in reversed(weeks):
        counts.append((week.monday + timedelta(days=6), left))
        left += _counted(week.closed) - _counted(week.opened)
    return on_page(open_trend(counts[::-1], words), site.drawer, width=460)


def _rules(site: Site, counted: Sequence[OpenCount]) -> tuple[RuleBar, ...]:
    top = _sums((one.rule_id, one.findings) for one in counted).most_common(7)
    most = top[0][1] if top else 1
    return tuple(
        RuleBar(rule_id=rule_id, title=rule_title(site, rule_id), count=count, width=_width(count, most))
        for rule_id, count in top
    )


def _worst(one: WorstStanding, model: CreditModel | None, today: date) -> WorstLine:
    return WorstLine(
        name=one.name,
        credit_code=one.credit_code,
        grade=one.grade,
        region=region_name(one.region, today),
        score=score_text(one.total, model),
        critical=one.critical,
        major=one.major,
        minor=one.minor,
    )


def _change(site: Site, one: OverviewChange) -> Change:
    return Change(
        number=one.no,
        organization=one.organization,
        rule_id=one.rule_id,
        title=rule_title(site, one.rule_id),
        severity=one.severity,
        opened=one.opened,
        day=one.day,
    )


def _region(one: ChildRegion, counted: Sequence[OpenCount], today: date) -> RegionLine:
    by_child: defaultdict[str, int] = defaultdict(int)
    for count in counted:
        by_child[count.child] += count.findings
    found = by_child[one.code]
    return RegionLine(
        code=one.code,
        name=region_name(one.code, today),
        organizations=one.organizations,
        points=None if one.points is None else f"{one.points:,}",
        open=found,
        per_hundred=_per_hundred(found, one.points),
        no_data=f"{one.no_data:,}",
    )


def _per_hundred(findings: int, points: int | None) -> str | None:
    """Findings per hundred points with one place; None without points."""
    if not points:
        return None
    tenths = (findings * 1000 + points // 2) // points
    return f"{tenths // 10}.{tenths % 10}"
