"""Findings, clauses, intervals and verdicts of a month, from scoring, in the reader's words."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, cast
from uuid import UUID

from hengjian.filing.code_words import STATES, word
from hengjian.filing.domain.chart_records import BreachInterval, Severity, VerdictCount, WeekCount
from hengjian.filing.domain.compliance_report import ClauseLine, FindingLine, Period, RequirementLine, Verdict
from hengjian.filing.domain.report_data import Judgements
from hengjian.filing.exact_figures import shown
from hengjian.filing.rule_words import RuleWords
from hengjian.filing.texts import Say
from hengjian.platform.db import ReadSession
from hengjian.scoring.api import (
    LastJudgement,
    MonthFinding,
    findings_between,
    last_judgements,
    new_findings_by_week,
    verdicts_by_rule,
)

MOST_ALIKE = 4
"""Subjects of one rule with one verdict that each get a line."""

_TOGETHER = frozenset({"pass", "not_applicable"})
_COUNTED: tuple[Verdict, ...] = ("pass", "breach", "not_applicable", "no_data")


async def gather_judgements(
    session: ReadSession, period: Period, words: RuleWords, say: Say, *, tenant_id: UUID | None
) -> Judgements:
    """What was judged, of one organization, or of all that the caller sees (`tenant_id` None)."""
    year_before = period.until.replace(year=period.until.year - 1)
    looked_back = await findings_between(session, since=year_before, until=period.until, tenant_id=tenant_id)
    of_month = [f for f in looked_back if f.closed_on is None or f.closed_on > period.since]
    weeks = await new_findings_by_week(session, until=period.until, tenant_id=tenant_id)
    verdicts = await verdicts_by_rule(session, tenant_id=tenant_id)
    return Judgements(
        findings=tuple(_finding(f, period, words, say) for f in of_month),
        clauses=_clauses(of_month, words, on=period.last),
        intervals=tuple(_interval(f, words) for f in looked_back) if tenant_id else (),
        weeks=tuple(WeekCount(monday=monday, counts=cast("dict[Severity, int]", dict(c))) for monday, c in weeks),
        verdicts=_verdicts(verdicts, words, say, together=tenant_id is not None),
        lasting=_lasting(of_month, period),
    )


async def gather_requirements(
    session: ReadSession, tenant_id: UUID, words: RuleWords, say: Say
) -> tuple[tuple[RequirementLine, ...], date | None]:
    """The last verdict on every subject of an organization, by rule, and the day it is for.

    Many subjects that pass, or to which a rule does not apply, become one line; breaches and gaps keep theirs.
    """
    judged = await last_judgements(session, tenant_id)
    alike = Counter((one.rule_id, one.verdict) for one in judged if one.verdict in _TOGETHER)
    lines: dict[tuple[object, ...], RequirementLine] = {}
    for index, one in enumerate(judged):
        count = alike[one.rule_id, one.verdict]
        if count > MOST_ALIKE:
            line = replace(_requirement(one, words), subject=say("{n} 个对象", n=count), measured="–", required="–")
            lines.setdefault((one.rule_id, one.verdict), line)
        else:
            lines[one.rule_id, index] = _requirement(one, words)
    return tuple(lines.values()), max((one.as_of for one in judged), default=None)


def _lasting(findings: Iterable[MonthFinding], period: Period) -> dict[UUID, Counter[str]]:
    """By organization: two of them may bear one name."""
    counts: dict[UUID, Counter[str]] = {}
    for one in findings:
        if one.closed_on is None or one.closed_on >= period.until:
            counts.setdefault(one.tenant_id, Counter())[one.severity] += 1
    return counts


def _finding(f: MonthFinding, period: Period, words: RuleWords, say: Say) -> FindingLine:
    end = period.until if f.closed_on is None else f.closed_on
    return FindingLine(
        number=f.no,
        organization=f.organization,
        rule_id=f.rule_id,
        title=words.title(f.rule_id),
        subject=words.subject(f.subject_label, period.last),
        severity=cast("Severity", f.severity),
        since=f.opened_on,
        until=f.closed_on,
        days=(end - f.opened_on).days,
        state=word(STATES, f.state, say),
        measured=shown(f.measured) if f.measured else say("、").join(f.lacking) or "–",
        required=words.limit(f.rule_id, f.required, measured=f.measured, breach=True),
        unit=words.unit(f.rule_id),
        fresh=f.opened_on >= period.since,
        counted_in=_counted_in(f),
    )


def _counted_in(f: MonthFinding) -> tuple[str, ...]:
    return tuple(f"{one.rule_id} {one.no or ''}".strip() for one in f.counted_in)


def _clauses(findings: Iterable[MonthFinding], words: RuleWords, *, on: date) -> tuple[ClauseLine, ...]:
    regions: dict[str, set[str]] = {}
    for f in findings:
        regions.setdefault(f.rule_id, set()).add(f.region)
    lines = (words.clause_line(rule_id, regions=regions[rule_id], on=on) for rule_id in sorted(regions))
    return tuple(line for line in lines if line is not None)


def _interval(f: MonthFinding, words: RuleWords) -> BreachInterval:
    return BreachInterval(
        rule_id=f.rule_id,
        title=words.title(f.rule_id),
        since=f.opened_on,
        until=f.closed_on,
        severity=cast("Severity", f.severity),
        counted_in=_counted_in(f),
    )


def _verdicts(
    counted: dict[str, dict[str, int]], words: RuleWords, say: Say, *, together: bool
) -> tuple[VerdictCount, ...]:
    """One row a rule, or all rules in one row."""
    if not counted:
        return ()
    if together:
        sums = {verdict: sum(c.get(verdict, 0) for c in counted.values()) for verdict in _COUNTED}
        return (_verdict_count(say("全部规则"), sums),)
    return tuple(_verdict_count(f"{rule_id} {words.title(rule_id)}", c) for rule_id, c in counted.items())


def _verdict_count(label: str, counts: Mapping[Any, int]) -> VerdictCount:
    return VerdictCount(
        label=label,
        passed=counts.get("pass", 0),
        breach=counts.get("breach", 0),
        not_applicable=counts.get("not_applicable", 0),
        no_data=counts.get("no_data", 0),
    )


def _requirement(judged: LastJudgement, words: RuleWords) -> RequirementLine:
    return RequirementLine(
        rule_id=judged.rule_id,
        title=words.title(judged.rule_id),
        subject=words.subject(judged.subject_label, judged.as_of),
        verdict=cast("Verdict", judged.verdict),
        severity=cast("Severity | None", judged.severity),
        measured=shown(judged.measured),
        required=words.limit(
            judged.rule_id, judged.required, measured=judged.measured, breach=judged.verdict == "breach"
        ),
        unit=words.unit(judged.rule_id),
        clause=words.clause(judged.rule_id),
    )
