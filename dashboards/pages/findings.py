"""The list of findings the visitor may see: filter in the address, sort, pages, CSV."""

from collections.abc import Mapping

from litestar import Response, get

from hengjian.dashboards.csv_export import MOST_ROWS, csv_answer
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.labels import SEVERITIES, STATES
from hengjian.dashboards.language import Bilingual, Text, Words, mark
from hengjian.dashboards.pages.finding_life import ACTS
from hengjian.dashboards.pages.findings_record import FindingsPage
from hengjian.dashboards.pages.life_record import ActChoice
from hengjian.dashboards.pages.lines import finding_lines
from hengjian.dashboards.pages.organization_record import Tab
from hengjian.dashboards.pages.organizations import region_options
from hengjian.dashboards.pages.rule_words import home_region
from hengjian.dashboards.parts import Chip, Choice, Filter, FindingLine, chips, choice, heads, pager
from hengjian.dashboards.query import Asked, read_day, read_query
from hengjian.dashboards.shell import address
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.platform.audit import record
from hengjian.scoring.api import (
    BULK_ACTS,
    FINDING_SORTS,
    ROLE_OF,
    FindingFilter,
    RuleInForce,
    count_findings_by_state,
    list_findings,
)

_TEXT = mark("机构、编号或对象")
_SINCE = {"began": mark("违规始于这天或以后"), "ended": mark("解除于这天或以后")}
_COUNTED = {"counted": mark("不含提示")}
_STATES = frozenset({*STATES, "all", "proposed"})
_COLUMNS = (
    (mark("机构名称"), "", False),
    (mark("规则"), "rule", False),
    (mark("实测"), "", True),
    (mark("要求"), "", True),
    (mark("持续，天"), "days", True),
    (mark("级别"), "severity", False),
    (mark("状态"), "", False),
)
_CSV_HEAD = (
    mark("编号"),
    mark("机构名称"),
    mark("统一社会信用代码"),
    mark("规则"),
    mark("要求"),
    mark("对象"),
    mark("级别"),
    mark("状态"),
    mark("违规自"),
    mark("解除于"),
    mark("持续，天"),
    mark("实测"),
    mark("限值"),
    mark("单位"),
    mark("计入"),
)


@get("/findings")
async def show_findings(request: HtmlRequest, site: GivenSite, visitor: GivenVisitor) -> Response[str]:
    """One page of the list; those not closed unless another state is asked for."""
    asked = read_query(request)
    wanted, sort = _wanted(asked), _sort(asked)
    words = site.templates.words(site.language(request, visitor))
    async with site.database.read(visitor.caller) as session:
        found, total = await list_findings(session, wanted, sort=sort, limit=asked.size, offset=asked.offset)
        counts = await count_findings_by_state(session, wanted)
    choices = _choices(site, visitor, wanted)
    page = FindingsPage(
        open_total=counts.get("open", 0),
        told=counts.get("told", 0),
        tabs=_tabs(asked, counts),
        filter=Filter(
            action=asked.path,
            text=wanted.text or "",
            text_label=_TEXT,
            choices=choices,
            chips=(*chips(asked.path, asked.query, choices, (_TEXT, wanted.text or "")), *_since(asked)),
            hidden=tuple((name, value) for name in ("state", "sort", *_SINCE) if (value := asked.value(name))),
        ),
        heads=heads(asked.path, asked.query, _COLUMNS, sort=sort),
        lines=finding_lines(site, found, words=words),
        pager=pager(asked.path, asked.query, page=asked.page, size=asked.size, total=total),
        bulk=_bulk(visitor),
        csv_href=address("/findings.csv", asked.query, page=None, size=None),
    )
    return site.show(request, "findings.html", page, visitor=visitor)


@get("/findings.csv")
async def export_findings(request: HtmlRequest, site: GivenSite, visitor: GivenVisitor) -> Response[str]:
    """The same list as a file, with the same filter; the audit keeps who took it."""
    asked = read_query(request)
    wanted, sort = _wanted(asked), _sort(asked)
    words = site.templates.words(site.language(request, visitor))
    async with site.database.write(visitor.caller) as session:
        found, total = await list_findings(session, wanted, sort=sort, limit=MOST_ROWS)
        detail = {"list": "findings", "rows": len(found), "of": total, "lawbook": site.lawbook_version[:12]}
        await record(session, "export.csv", target="findings", detail=detail)
    head = [words(text) for text in _CSV_HEAD]
    lines = finding_lines(site, found, words=words)
    return csv_answer("findings", site.today, head=head, rows=[_cells(line, words) for line in lines])


def _wanted(asked: Asked) -> FindingFilter:
    state = asked.one_of("state", _STATES)
    severity = asked.one_of("severity", frozenset({*SEVERITIES, *_COUNTED}))
    return FindingFilter(
        text=asked.value("q"),
        region=asked.region(),
        rule=asked.value("rule"),
        severity=None if severity in _COUNTED else severity,
        counted=severity in _COUNTED,
        state=state if state not in {"all", "proposed"} else None,
        proposed=state == "proposed",
        is_open=True if state is None else None,
        began=read_day(asked.value("began")),
        ended=read_day(asked.value("ended")),
    )


def _since(asked: Asked) -> tuple[Chip, ...]:
    """A removable chip for each first day that the address asks for."""
    return tuple(
        Chip(label, day, address(asked.path, asked.query, **{name: None, "page": None}))
        for name, label in _SINCE.items()
        if (day := asked.value(name))
    )


def _bulk(visitor: Visitor) -> tuple[ActChoice, ...]:
    """What the visitor's roles may do with many at once."""
    return tuple(ActChoice(act, ACTS[act], "") for act in BULK_ACTS if ROLE_OF[act] in visitor.roles)


def _sort(asked: Asked) -> str:
    return asked.one_of("sort", FINDING_SORTS) or "-severity"


def _tabs(asked: Asked, counts: Mapping[str, int]) -> tuple[Tab, ...]:
    current = asked.value("state") or ""
    every = sum(count for state, count in counts.items() if state in STATES)
    proposed = counts.get("proposed", 0)
    plan = [
        ("", mark("未关闭"), counts.get("open", 0)),
        *((("proposed", mark("待复核"), proposed),) if proposed or current == "proposed" else ()),
        *((state, STATES[state], counts.get(state, 0)) for state in STATES if counts.get(state) or state == current),
        ("all", mark("全部"), every),
    ]
    return tuple(
        Tab(label, address(asked.path, asked.query, state=state or None, page=None), count, state == current)
        for state, label, count in plan
    )


def _choices(site: Site, visitor: Visitor, wanted: FindingFilter) -> tuple[Choice, ...]:
    everything: dict[str, Bilingual | str] = {"": mark("全部")}
    rules = site.lawbook.rules_in_force(region=home_region(visitor), on=site.today)
    severity = "counted" if wanted.counted else wanted.severity or ""
    found = [
        choice("severity", mark("级别"), {**everything, **_COUNTED, **SEVERITIES}, severity),
        choice("rule", mark("规则"), {**everything, **{rule.id: _named(rule) for rule in rules}}, wanted.rule or ""),
    ]
    if visitor.of_bureau:
        regions = region_options(site, visitor, wanted.region)
        found.append(choice("region", mark("地区"), regions, wanted.region or ""))
    return tuple(found)


def _named(rule: RuleInForce) -> Text:
    return Text(f"{rule.id} {rule.rule.title.zh}", f"{rule.id} {rule.rule.title.en}")


def _cells(line: FindingLine, words: Words) -> tuple[object, ...]:
    return (
        line.number,
        line.organization,
        line.credit_code,
        line.rule_id,
        words.of(line.title),
        line.subject,
        words(SEVERITIES[line.severity]),
        words(STATES[line.state]),
        line.since.isoformat(),
        line.until.isoformat() if line.until else "",
        line.days,
        line.measured,
        line.required,
        words.of(line.unit),
        words("、").join(f"{one.rule_id} {one.no or ''}".strip() for one in line.counted_in),
    )
