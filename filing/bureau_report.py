"""The monthly compliance report of one bureau: gathered data of its region → the frozen report."""

from collections.abc import Sequence
from decimal import Decimal

from hengjian.filing.charts import grade_counts
from hengjian.filing.domain.chart_records import GRADES
from hengjian.filing.domain.compliance_report import ComplianceReport, Figure, Section, Table, capped
from hengjian.filing.domain.report_data import BureauData, OrganizationLine
from hengjian.filing.moments import moment_text
from hengjian.filing.report_sections import (
    findings_section,
    method_section,
    open_at_end,
    severity_count_text,
    with_chart_data,
)
from hengjian.filing.texts import Say


def bureau_report(data: BureauData, say: Say) -> ComplianceReport:
    """Puts one region's month in order and words."""
    period = data.cover.period
    sections = (
        _grades_section(data, say),
        _organizations_section(data.organizations, say),
        findings_section(data.judgements, period, say, by_rule=True),
        _pushes_section(data, say),
        method_section(data.cover, say, made_at=moment_text(data.cover.made_at)),
    )
    return ComplianceReport(
        kind="bureau",
        title=say("辖区月度合规报告"),
        cover=data.cover,
        score=None,
        figures=_figures(data, say),
        summary=_summary(data, say),
        sections=with_chart_data(sections, say),
    )


def _rated(lines: Sequence[OrganizationLine]) -> list[OrganizationLine]:
    return [line for line in lines if line.score.total is not None]


def _silent(data: BureauData) -> list[OrganizationLine]:
    return [line for line in data.organizations if not line.batches]


def _figures(data: BureauData, say: Say) -> tuple[Figure, ...]:
    lines, findings = data.organizations, data.judgements.findings
    poor = sum(line.score.grade in {"C", "D"} for line in lines)
    return (
        Figure(value=f"{len(lines):,}", unit=say("家"), label=say("辖区内机构")),
        Figure(value=f"{len(_rated(lines)):,}", unit=say("家"), label=say("有暂定得分")),
        Figure(value=f"{poor:,}", unit=say("家"), label=say("暂定等级 C 或 D")),
        Figure(
            value=f"{len(open_at_end(findings, data.cover.period)):,}", unit=say("项"), label=say("月末未了结违规项")
        ),
        Figure(value=f"{sum(f.fresh for f in findings):,}", unit=say("项"), label=say("本月新发生")),
        Figure(value=f"{len(_silent(data)):,}", unit=say("家"), label=say("本月未推送")),
    )


def _summary(data: BureauData, say: Say) -> tuple[str, ...]:
    lasting = open_at_end(data.judgements.findings, data.cover.period)
    sentences = [_grades_sentence(data.organizations, say)]
    if lasting:
        counts = severity_count_text(lasting, say)
        sentences.append(
            say(
                "月末未了结违规项 {n} 项，涉及 {m} 家机构：{counts}。",
                n=len(lasting),
                m=len(data.judgements.lasting),
                counts=counts,
            )
        )
    else:
        sentences.append(say("月末没有未了结的违规项。"))
    lowest = sorted(_rated(data.organizations), key=_by_score)[:3]
    if lowest:
        named = say("、").join(say("{name}（{score}）", name=o.name, score=_decimal(o.score.total)) for o in lowest)
        sentences.append(say("暂定得分最低：{named}。", named=named))
    return tuple(sentences)


def _grades_sentence(lines: Sequence[OrganizationLine], say: Say) -> str:
    counted = [(grade, sum(line.score.grade == grade for line in lines)) for grade in GRADES]
    parts = [say("{grade} 级 {n} 家", grade=grade, n=n) for grade, n in counted]
    unrated = sum(line.score.grade is None for line in lines)
    return say(
        "机构 {n} 家：{parts}，暂不评价 {unrated} 家。", n=len(lines), parts=say("、").join(parts), unrated=unrated
    )


def _decimal(value: Decimal | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _by_score(line: OrganizationLine) -> tuple[Decimal, str]:
    return (Decimal(1000) if line.score.total is None else line.score.total, line.credit_code)


def _grades_section(data: BureauData, say: Say) -> Section:
    return Section(
        anchor="grades",
        title=say("等级分布"),
        sentences=(_grades_sentence(data.organizations, say), say("等级为暂定，只评定有数据的维度。")),
        charts=(grade_counts(data.grades, say),) if data.grades else (),
        empty="" if data.grades else say("辖区内没有机构。"),
    )


def _organizations_section(lines: Sequence[OrganizationLine], say: Say) -> Section:
    """Every organization, the lowest provisional score first; those without a score last."""
    printed, rest = capped(sorted(lines, key=_by_score))
    table = Table(
        title="",
        head=(
            say("机构"),
            say("统一社会信用代码"),
            say("地区"),
            say("暂定得分"),
            say("等级"),
            say("严重"),
            say("较重"),
            say("一般"),
        ),
        rows=tuple(_organization_row(line, say) for line in printed),
        remainder=rest,
        numeric=frozenset({3, 5, 6, 7}),
        widths=(27, 20, 13, 10, 12, 6, 6, 6),
        empty=say("辖区内没有机构。"),
    )
    return Section(
        anchor="organizations",
        title=say("机构"),
        sentences=(say("按暂定得分由低到高；后三列为月末未了结违规项，项。"),),
        tables=(table,),
    )


def _organization_row(line: OrganizationLine, say: Say) -> tuple[str, ...]:
    return (
        line.name,
        line.credit_code,
        line.place,
        _decimal(line.score.total),
        line.score.grade or say("暂不评价"),
        str(line.critical),
        str(line.major),
        str(line.minor),
    )


def _pushes_section(data: BureauData, say: Say) -> Section:
    silent, silent_rest = capped(sorted(_silent(data), key=lambda line: line.credit_code))
    active = [line for line in data.organizations if line.batches]
    pushing, rest = capped(sorted(active, key=lambda line: (-line.refused_rows, line.credit_code)))
    return Section(
        anchor="pushes",
        title=say("推送情况"),
        tables=(
            Table(
                title=say("本月未推送的机构"),
                head=(say("机构"), say("统一社会信用代码"), say("最近一次推送")),
                rows=tuple((line.name, line.credit_code, moment_text(line.last_push)) for line in silent),
                remainder=silent_rest,
                widths=(45, 30, 25),
                empty=say("辖区内机构本月都有推送。"),
            ),
            Table(
                title=say("本月有推送的机构"),
                head=(say("机构"), say("统一社会信用代码"), say("批次"), say("未接收行数"), say("最近一次推送")),
                rows=tuple(
                    (
                        line.name,
                        line.credit_code,
                        str(line.batches),
                        str(line.refused_rows),
                        moment_text(line.last_push),
                    )
                    for line in pushing
                ),
                remainder=rest,
                numeric=frozenset({2, 3}),
                widths=(35, 24, 8, 12, 21),
                empty=say("本月没有收到推送。"),
            ),
        ),
    )
