"""The parts that both reports share: findings, receipts, and how the report came about."""

import re
from collections.abc import Sequence

from hengjian.filing.chart_parts import SEVERITY_WORD
from hengjian.filing.charts import breach_intervals, verdict_counts, weekly_findings
from hengjian.filing.column_widths import column_widths
from hengjian.filing.domain.chart_records import SEVERITIES, Chart
from hengjian.filing.domain.compliance_report import Cover, FindingLine, Period, Section, Table, capped, cut
from hengjian.filing.domain.report_data import Judgements
from hengjian.filing.texts import Say

_NUMBER = re.compile(r"[\d,]+(\.\d+)?|–")


def severity_count_text(findings: Sequence[FindingLine], say: Say) -> str:
    """How many of each severity, worst first; those without any are left out."""
    counted = [(severity, sum(f.severity == severity for f in findings)) for severity in SEVERITIES]
    parts = [say("{word} {n} 项", word=say(SEVERITY_WORD[severity]), n=n) for severity, n in counted if n]
    return say("、").join(parts)


def open_at_end(findings: Sequence[FindingLine], period: Period) -> list[FindingLine]:
    """The findings that still last after the last day of the month."""
    return [f for f in findings if f.until is None or f.until >= period.until]


def findings_section(judgements: Judgements, period: Period, say: Say, *, by_rule: bool) -> Section:
    """Findings of the month with the clauses they rest on; unconfirmed ones are said to be so."""
    findings, rest = capped(_worst_first(judgements.findings, period))
    charts: list[Chart] = []
    if any(week.counts for week in judgements.weeks):
        charts.append(weekly_findings(judgements.weeks, say))
    if by_rule and judgements.verdicts:
        charts.append(verdict_counts(judgements.verdicts, say, name="rules"))
    if not by_rule and judgements.intervals:
        year_before = period.until.replace(year=period.until.year - 1)
        charts.append(breach_intervals(judgements.intervals, say, since=year_before, until=period.until))
    return Section(
        anchor="findings",
        title=say("违规项"),
        sentences=(say("未经确认的违规项为系统检出，待监管人员确认；确认前不扣正式得分。"),) if findings else (),
        charts=tuple(charts),
        findings=findings,
        findings_remainder=rest,
        clauses=judgements.clauses,
        empty="" if findings else say("本月没有违规项。"),
    )


def _worst_first(findings: Sequence[FindingLine], period: Period) -> list[FindingLine]:
    open_numbers = {f.number for f in open_at_end(findings, period)}
    return sorted(
        findings,
        key=lambda f: (f.number not in open_numbers, SEVERITIES.index(f.severity), f.since, f.rule_id, f.number),
    )


def method_section(cover: Cover, say: Say, *, made_at: str) -> Section:
    """From which rules and which knowledge the report was made, and how to check it."""
    sentences = [
        say("判定依据规则库版本 {version}（内容哈希）。条款原文照录，算式与限值以该版本为准。", version=cover.law_book),
        say("数据为 {moment} 所知；报告期内的事实按有效日期判定，其后补报或更正的记录不在本报告内。", moment=made_at),
        say("无数据既不算符合，也不算不符合；不适用的规则不计分。"),
        say("得分为暂定：只评定有数据的维度，并把所有未了结的违规项视作已确认；其余维度未评定，既不计满分也不计零分。"),
        say("金额、面积与比值按十进制或分数精确计算，只在印出时取两位小数。"),
        say("本文件为 PDF/A-3u，其哈希（SHA-256）登记于平台的报告清单，可据以核对文件未被改动。"),
    ]
    if cover.checkpoint:
        sentences.append(
            say(
                "制作时存证日志的检查点（名称、叶数、根哈希）：{checkpoint}。此后任何改写都与之不符。",
                checkpoint=cover.checkpoint,
            )
        )
    if cover.witnesses:
        sentences.append(say("见证方最近联署的检查点（名称、叶数、日期）：{witnesses}。", witnesses=cover.witnesses))
    if cover.demo:
        sentences.append(say("本部署为演示：机构、人员与数值均为虚构。"))
    return Section(anchor="method", title=say("编制说明"), sentences=tuple(sentences))


def with_chart_data(sections: Sequence[Section], say: Say) -> tuple[Section, ...]:
    """The sections with the figures behind every picture as tables, before the last one, for who cannot see them."""
    tables = tuple(
        Table(
            title=cut(chart.description, 60),
            head=chart.head,
            rows=rows,
            remainder=rest,
            numeric=_figures_of(rows),
            widths=column_widths(chart.head, rows),
        )
        for section in sections
        for chart in section.charts
        for rows, rest in [capped(chart.rows, 40)]
    )
    if not tables:
        return tuple(sections)
    appendix = Section(anchor="chart-data", title=say("图中数据"), tables=tables)
    return (*sections[:-1], appendix, sections[-1])


def _figures_of(rows: Sequence[Sequence[str]]) -> frozenset[int]:
    """The columns that hold only numbers."""
    columns = zip(*rows, strict=True)
    return frozenset(i for i, cells in enumerate(columns) if all(_NUMBER.fullmatch(cell) for cell in cells))
