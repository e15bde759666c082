"""One finding: verdict, clause, facts, and the register rows behind the facts."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import quote

from litestar import Response, get
from litestar.params import FromPath

from hengjian.dashboards.errors import PageMissing
from hengjian.dashboards.formats import number, stored
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.language import Bilingual, Text, Words, mark
from hengjian.dashboards.pages.finding_appeal import with_appeal
from hengjian.dashboards.pages.finding_life import ACTS, read_panel, with_problem
from hengjian.dashboards.pages.findings_record import (
    CountedLine,
    FactLine,
    FindingPage,
    LifeStep,
    OtherFinding,
    SourceGroup,
    SourceRow,
    Step,
)
from hengjian.dashboards.pages.life_record import Claim, LifePanel
from hengjian.dashboards.pages.lines import (
    choice_text,
    fact_text,
    lasted,
    page_behind,
    required_text,
    rule_title,
    subject_text,
)
from hengjian.dashboards.pages.recordings import task_recordings_href
from hengjian.dashboards.pages.registers import short_id, summary
from hengjian.dashboards.pages.rule_words import event_lines, fact_label, home_region, source_title, value_text
from hengjian.dashboards.places import region_name
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.platform.db import ReadSession
from hengjian.scoring.api import (
    ON_APPEAL,
    PROPOSED,
    Act,
    AppealEffect,
    FactSource,
    FindingDetail,
    FindingEvent,
    FindingHead,
    Pack,
    Rule,
    RuleInForce,
    effects_on_appeal,
    explain_stored,
    fact_source,
    formula_on,
    read_finding,
)
from hengjian.scoring.api import Step as TraceStep
from hengjian.scoring.errors import UnknownRuleError
from hengjian.tenants.api import BY_KIND, RegisterRecord, read_register

_MOST_ROWS = 8
_COMPARED = re.compile(r"\s*(<=|>=|==|<|>)\s*")
_LOGIC = re.compile(r"\b(and|or|not|if|else)\b")
_SIGNS = {"<=": "≤", ">=": "≥", "==": "=", "<": "<", ">": ">"}
_EVENTS = {
    "detected": (mark("检出"), mark("收到推送后自动判定")),
    "rejudged": (mark("重新判定"), mark("事实有变化，按新的事实重新判定")),
    "ended": (mark("违规解除"), mark("事实已符合要求")),
    "reopened": (mark("再次违规"), mark("解除后补登的事实表明违规仍在")),
    "corrected_away": (mark("更正后撤销"), mark("补正的台账表明没有违规")),
    **{act.value: (label, "") for act, label in ACTS.items()},
}
_DECIDE = LifeStep(mark("确认或驳回"), mark("监管人员提议、复核人决定，只有已确认的违规项计入正式得分"), None, "now")
_MEND = LifeStep(mark("整改"), mark("推送更新的台账后自动重新判定"), None, "")
_CHECK = LifeStep(mark("核验与关闭"), mark("由两名人员先后核验、关闭"), None, "")
_AHEAD: Mapping[str, tuple[LifeStep, ...]] = {
    "detected": (_DECIDE, _MEND, _CHECK),
    "notified": (_DECIDE, _MEND, _CHECK),
    "stated": (_DECIDE, _MEND, _CHECK),
    "confirmed": (replace(_MEND, look="now"), _CHECK),
    "suspended": (replace(_MEND, look="now"), _CHECK),
    "rectified": (replace(_CHECK, look="now"),),
    "verified": (replace(_CHECK, look="now"),),
}
Rows = tuple[tuple[RegisterRecord, ...], int]


@get("/findings/{no:str}")
async def show_finding(
    request: HtmlRequest, site: GivenSite, visitor: GivenVisitor, no: FromPath[str]
) -> Response[str]:
    """One finding that the visitor may see."""
    return await finding_answer(request, site, visitor, no)


async def finding_answer(
    request: HtmlRequest,
    site: Site,
    visitor: Visitor,
    no: str,
    *,
    problem: Bilingual | None = None,
    kept: str = "",
    claim: Claim | None = None,
) -> Response[str]:
    """The page of one finding, again with what was typed where a step was refused.

    Raises:
        PageMissing: there is none that the visitor may see.
    """
    words = site.templates.words(site.language(request, visitor))
    async with site.database.read(visitor.caller) as session:
        found = await read_finding(session, no)
        panel = await read_panel(session, site, visitor, no, words=words)
    if found is None or panel is None:
        raise PageMissing
    sources = _sources(found)
    day = judged_day(found, site.today)
    focus = found.head.tenant_id if visitor.of_bureau else None
    rows: dict[FactSource, Rows] = {}
    async with site.database.read(visitor.caller, focus=focus) as session:
        for source in dict.fromkeys(sources.values()):
            rows[source] = await _rows(session, source, found, day)
        if panel.appeals:
            effects = await _effects(session, site, panel)
            panel = with_appeal(panel, found, effects, labels=ACTS, typed=claim, words=words)
    panel = with_problem(panel, problem, kept)
    page = _page(site, visitor, found, sources=sources, rows=rows, panel=panel, words=words)
    return site.show(request, "finding.html", page, visitor=visitor, status=422 if problem else 200)


async def _effects(session: ReadSession, site: Site, panel: LifePanel) -> dict[Act, AppealEffect]:
    """The score before and after each outcome, for those who may decide the appeal now."""
    if not any(choice.act in ON_APPEAL or PROPOSED.get(Act(choice.act)) in ON_APPEAL for choice in panel.choices):
        return {}
    return await effects_on_appeal(session, panel.number, panel.contested, lawbook=site.lawbook, today=site.today)


def judged_day(found: FindingDetail, today: date) -> date:
    """The day whose facts the finding shows: today, or its last day of breach."""
    closed = found.head.closed_on
    return today if closed is None else max(found.head.opened_on, closed - timedelta(days=1))


def _sources(found: FindingDetail) -> dict[str, FactSource]:
    known = {
        name: fact_source(name, subject_kind=found.subject_kind, subject=found.subject_key) for name in found.facts
    }
    return {name: source for name, source in known.items() if source is not None}


async def _rows(session: ReadSession, source: FactSource, found: FindingDetail, day: date) -> Rows:
    return await read_register(
        session,
        source.kind,
        found.head.tenant_id,
        on=day,
        where=dict(source.where),
        ended=source.ended,
        limit=_MOST_ROWS,
    )


def _page(
    site: Site,
    visitor: Visitor,
    found: FindingDetail,
    *,
    sources: Mapping[str, FactSource],
    rows: Mapping[FactSource, Rows],
    panel: LifePanel,
    words: Words,
) -> FindingPage:
    head, today = found.head, site.today
    day = judged_day(found, today)
    pack, rule, in_force = _law(site, found, day, visitor)
    trace = explain_stored(in_force, found.facts) if in_force else ()
    base = f"/orgs/{head.credit_code}"
    return FindingPage(
        number=head.no,
        rule_id=head.rule_id,
        title=rule.title if rule else Text(head.rule_id),
        severity=head.severity,
        state=head.state,
        organization=head.organization,
        credit_code=head.credit_code,
        region=region_name(head.region, today),
        subject=subject_text(head.subject, words, on=today),
        ways=tuple(_ways(found, base)),
        since=head.opened_on,
        until=head.closed_on,
        days=lasted(head.opened_on, head.closed_on, today),
        in_force_from=rule.in_force_from if rule else head.opened_on,
        measured=stored(head.measured),
        required=required_text(rule, head.required, measured=head.measured),
        gap=words("、").join(choice_text("", code, words) for code in found.lacking) or None,
        unit=rule.unit if rule and head.measured is not None else "",
        formula=words.of(formula_on(rule, head.region, day)) if rule else "–",
        substituted=substituted(trace),
        trace=tuple(Step(step.expression, fact_text("", _plain(step.value), words)) for step in trace),
        quote=rule.cites.quote if rule else "",
        source=source_title(pack, rule) if pack and rule else "",
        clause=rule.cites.clause if rule else "",
        facts=(*_facts(found, sources, rows, base=base, words=words), *_parameters(in_force, words)),
        sources=_groups(rows, base, day, words=words),
        remedy=rule.remedy if rule else "–",
        life=_life(found.events, head.state),
        lawbook_version=found.pack_version,
        judged_at=found.judged_at,
        detected_at=found.detected_at,
        costs_points=found.costs_points,
        counted_under=_counted_under(site, head),
        others=tuple(_other(site, one, words) for one in found.others),
        previous=found.previous,
        next=found.next,
        panel=panel,
    )


def _counted_under(site: Site, head: FindingHead) -> tuple[CountedLine, ...]:
    numbers: dict[str, list[str]] = {}
    for one in head.counted_in:
        numbers.setdefault(one.rule_id, []).extend([one.no] if one.no else [])
    events = event_lines(site.lawbook, head.rule_id, numbers)
    return tuple(CountedLine(event, tuple(numbers[event.rule_id])) for event in events)


def _ways(found: FindingDetail, base: str) -> Iterator[tuple[str, str]]:
    """To the label, and to the monitoring task with its recordings, that a finding is about."""
    if found.subject_kind == "label":
        yield mark("识别标识码"), f"{base}/labels/{found.subject_key}"
    kind, _, ref = (found.unit or "").partition(":")
    if kind == "task":
        yield mark("任务经过"), f"{base}/task?ref={quote(ref, safe='')}"
        yield mark("录像与覆盖"), task_recordings_href(found.head.credit_code, ref)


def _law(
    site: Site, found: FindingDetail, day: date, visitor: Visitor
) -> tuple[Pack | None, Rule | None, RuleInForce | None]:
    """The rule as the law-book words it, and as it stood on the day judged."""
    try:
        pack, rule = site.lawbook.find(found.head.rule_id)[0]
    except UnknownRuleError:
        return None, None, None
    region = found.head.region or home_region(visitor)
    return pack, rule, site.lawbook.rule_in_force(rule.id, region=region, on=day)


def substituted(trace: tuple[TraceStep, ...]) -> str:
    """The demand with its values: `113 ≤ 112`; empty where the rule compares more than one pair."""
    demands = [step for step in trace if step.part == "require" and isinstance(step.value, bool)]
    if not demands:
        return ""
    sides = _COMPARED.split(demands[-1].expression)
    if len(sides) != 3 or _LOGIC.search(demands[-1].expression):
        return ""
    values = {step.expression: step.value for step in trace}
    left, sign, right = sides
    return f"{_side(left, values)} {_SIGNS[sign]} {_side(right, values)}"


def _side(expression: str, values: Mapping[str, object]) -> str:
    return number(values[expression]) if expression in values else expression


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _facts(
    found: FindingDetail, sources: Mapping[str, FactSource], rows: Mapping[FactSource, Rows], *, base: str, words: Words
) -> list[FactLine]:
    made = []
    for name, value in found.facts.items():
        page, href = page_behind(base, found.subject_kind, name)
        source = sources.get(name)
        made.append(
            FactLine(
                name=fact_label(name),
                value=fact_text(name, value, words),
                rows=rows[source][1] if source else 0,
                href=f"#rows-{source.kind}" if source else href,
                parameter=False,
                page="" if source else page,
            )
        )
    return made


def _parameters(rule: RuleInForce | None, words: Words) -> list[FactLine]:
    if rule is None:
        return []
    labels = {parameter.name: parameter.label for parameter in rule.rule.parameters}
    return [
        FactLine(
            name=labels[name],
            value=value_text(entry.value, words)
            + ("" if isinstance(entry.value, tuple) else f" {words.of(entry.unit)}"),
            rows=0,
            href="",
            parameter=True,
        )
        for name, entry in rule.parameters.items()
    ]


def _groups(rows: Mapping[FactSource, Rows], base: str, day: date, *, words: Words) -> tuple[SourceGroup, ...]:
    """One table a register; two facts from the same rows of it share the table."""
    made: dict[str, SourceGroup] = {}
    for source, (records, total) in rows.items():
        register = BY_KIND[source.kind]
        lines = tuple(
            SourceRow(
                reference=record.source_ref,
                summary=summary(register, record, words),
                valid_from=record.valid_from,
                valid_until=record.valid_until,
                recorded_at=record.recorded_at,
                batch=short_id(record.batch_id),
                receipt_href=f"{base}/receipts/{record.batch_id}",
            )
            for record in records
        )
        href = f"{base}/registers/{source.kind}?as_of={day.isoformat()}"
        before = made.get(source.kind)
        if before is None or before.total < total:
            made[source.kind] = SourceGroup(
                register=source.kind, label=Text(register.zh, register.en), total=total, rows=lines, href=href
            )
    return tuple(made.values())


def _life(events: tuple[FindingEvent, ...], state: str) -> tuple[LifeStep, ...]:
    """What has happened, and what comes next."""
    return tuple(_done(one) for one in events) + _AHEAD.get(state, ())


def _done(event: FindingEvent) -> LifeStep:
    label, note = _EVENTS.get(event.event, (event.event, ""))
    return LifeStep(label, note, event.at, "ok")


def _other(site: Site, one: FindingHead, words: Words) -> OtherFinding:
    return OtherFinding(
        number=one.no,
        rule_id=one.rule_id,
        title=rule_title(site, one.rule_id),
        subject=subject_text(one.subject, words, on=site.today),
        since=one.opened_on,
        state=one.state,
        counted_in=one.counted_in,
    )
