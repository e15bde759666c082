"""The monthly compliance report of one organization: gathered data → the frozen report."""

from collections.abc import Sequence
from decimal import Decimal

from hengjian.filing.charts import deduction_waterfall, score_trend, verdict_counts
from hengjian.filing.domain.chart_records import Chart
from hengjian.filing.domain.compliance_report import (
    ComplianceReport,
    Figure,
    Section,
    Table,
    capped,
)
from hengjian.filing.domain.report_data import OrganizationData, ReceiptLine
from hengjian.filing.moments import moment_text
from hengjian.filing.report_sections import (
    findings_section,
    method_section,
    open_at_end,
    severity_count_text,
    with_chart_data,
)
from hengjian.filing.texts import Say

FULL = Decimal(100)


def organization_report(data: OrganizationData, say: Say) -> ComplianceReport:
    """Puts one organization's month in order and words."""
    period = data.cover.period
    sections = (
        _score_section(data, say),
        _requirements_section(data, say),
        findings_section(data.judgements, period, say, by_rule=False),
        _registers_section(data, say),
        _receipts_section(data.receipts, say),
        method_section(data.cover, say, made_at=moment_text(data.cover.made_at)),
    )
    return ComplianceReport(
        kind="organization",
        title=say("机构月度合规报告"),
        cover=data.cover,
        score=data.score,
        figures=_figures(data, say),
        summary=_summary(data, say),
        sections=with_chart_data(sections, say),
    )


def _figures(data: OrganizationData, say: Say) -> tuple[Figure, ...]:
    findings = data.judgements.findings
    score, sent = data.score, sum(r.sent for r in data.receipts)
    return (
        Figure(value=_decimal(score.total), unit=say("分"), label=say("暂定得分，满分 100")),
        Figure(value=_decimal(score.d1), unit=f"/ {score.d1_cap:f}", label=say("D1 基本能力")),
        Figure(value=str(len(score.not_assessed)), unit=say("个"), label=say("未评定的维度")),
        Figure(value=str(len(open_at_end(findings, data.cover.period))), unit=say("项"), label=say("月末未了结违规项")),
        Figure(value=str(sum(f.fresh for f in findings)), unit=say("项"), label=say("本月新发生")),
        Figure(value=f"{sent:,}", unit=say("行"), label=say("本月推送")),
    )


def _decimal(value: Decimal | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _summary(data: OrganizationData, say: Say) -> tuple[str, ...]:
    """What a reader must know first: the score, what lasts, what is unknown."""
    period, findings = data.cover.period, data.judgements.findings
    lasting = open_at_end(findings, period)
    sentences = [_score_sentence(data, say)]
    if lasting:
        oldest = min(lasting, key=lambda f: (f.since, f.rule_id))
        sentences.append(
            say(
                "月末未了结违规项 {n} 项：{counts}。持续最久的是 {rule} {title}，自 {since} 起 {days} 天，实测 {measured}，要求 {required}。",
                n=len(lasting),
                counts=severity_count_text(lasting, say),
                rule=oldest.rule_id,
                title=oldest.title,
                since=oldest.since.isoformat(),
                days=oldest.days,
                measured=oldest.measured,
                required=oldest.required,
            )
        )
    elif data.requirements:
        sentences.append(say("月末没有未了结的违规项。"))
    unknown = [line.rule_id for line in data.requirements if line.verdict == "no_data"]
    if unknown:
        rules = say("、").join(dict.fromkeys(unknown))
        sentences.append(say("缺少数据、不作判定的规则：{rules}。", rules=rules))
    return tuple(sentences)


def _score_sentence(data: OrganizationData, say: Say) -> str:
    score = data.score
    if score.total is None or score.grade is None:
        return say("暂不评价：{reason}。", reason=score.reason)
    return say(
        "暂定得分 {total}，暂定等级 {grade}；其中 D1 基本能力 {d1} / {cap}；未评定：{others}。",
        total=_decimal(score.total),
        grade=score.grade,
        d1=_decimal(score.d1),
        cap=f"{score.d1_cap:f}",
        others=say("、").join(score.not_assessed) or "–",
    )


def _score_section(data: OrganizationData, say: Say) -> Section:
    charts: list[Chart] = []
    if data.score.total is not None and data.deductions:
        charts.append(
            deduction_waterfall(data.deductions, say, full=FULL, score=data.score.total, limits=data.grade_limits)
        )
    if any(point.score is not None for point in data.trend):
        charts.append(score_trend(data.trend, say, limits=data.grade_limits))
    sentences = [_score_sentence(data, say)]
    if data.score.total is not None and not data.deductions:
        sentences.append(say("没有扣分。"))
    return Section(anchor="score", title=say("得分构成"), sentences=tuple(sentences), charts=tuple(charts))


def _requirements_section(data: OrganizationData, say: Say) -> Section:
    title = say("逐项判定")
    if not data.requirements or data.judged_on is None:
        empty = say("没有适用于本机构的规则，或尚未判定。")
        return Section(anchor="requirements", title=title, empty=empty)
    return Section(
        anchor="requirements",
        title=title,
        sentences=(
            say("最近一次判定，{day} 的状况；同一规则下结论相同的多个对象合为一行。", day=data.judged_on.isoformat()),
        ),
        charts=(verdict_counts(data.judgements.verdicts, say),) if data.judgements.verdicts else (),
        requirements=data.requirements,
    )


def _registers_section(data: OrganizationData, say: Say) -> Section:
    counts = Table(
        title=say("台账概况"),
        head=(say("台账"), say("在册行数"), say("印出行数")),
        rows=tuple((c.title, f"{c.rows:,}", f"{c.printed:,}") for c in data.register_counts),
        numeric=frozenset({1, 2}),
        widths=(60, 20, 20),
        empty=say("没有推送过台账。"),
    )
    return Section(
        anchor="registers",
        title=say("台账"),
        sentences=(say("{day} 在册的行。身份证件号码不印出。", day=data.cover.period.last.isoformat()),),
        tables=(counts, *data.registers),
    )


def _receipts_section(receipts: Sequence[ReceiptLine], say: Say) -> Section:
    printed, rest = capped(receipts)
    sums = [sum(r.sent for r in receipts), sum(r.accepted for r in receipts), sum(r.refused for r in receipts)]
    told = say(
        "本月收到 {n} 个批次，共 {sent} 行，接收 {accepted} 行，未接收 {refused} 行。",
        n=len(receipts),
        sent=f"{sums[0]:,}",
        accepted=f"{sums[1]:,}",
        refused=f"{sums[2]:,}",
    )
    table = Table(
        title="",
        head=(
            say("收到时间"),
            say("台账"),
            say("数据流"),
            say("序号"),
            say("行数"),
            say("接收"),
            say("有提示"),
            say("未接收"),
            say("回执号"),
        ),
        rows=tuple(_receipt_row(r) for r in printed),
        remainder=rest,
        numeric=frozenset({3, 4, 5, 6, 7}),
        widths=(18, 17, 12, 8, 8, 8, 8, 8, 13),
        empty=say("本月没有收到推送。"),
    )
    return Section(anchor="receipts", title=say("推送与回执"), sentences=(told,) if receipts else (), tables=(table,))


def _receipt_row(r: ReceiptLine) -> tuple[str, ...]:
    return (
        moment_text(r.received_at),
        r.kind,
        r.stream,
        "–" if r.sequence is None else str(r.sequence),
        f"{r.sent:,}",
        f"{r.accepted:,}",
        f"{r.warned:,}",
        f"{r.refused:,}",
        r.number,
    )
