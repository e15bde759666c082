"""Invented organizations and regions, as gathered, for looking at reports without a database."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hengjian.filing.domain.chart_records import (
    BreachInterval,
    Deduction,
    GradeCount,
    Severity,
    TrendPoint,
    VerdictCount,
    WeekCount,
)
from hengjian.filing.domain.compliance_report import (
    ClauseLine,
    Cover,
    FindingLine,
    RequirementLine,
    ScoreLine,
    Table,
    period_of,
)
from hengjian.filing.domain.report_data import (
    BureauData,
    Judgements,
    OrganizationData,
    OrganizationLine,
    ReceiptLine,
    RegisterCount,
)

PERIOD = period_of("2026-10")
MADE_AT = datetime(2026, 10, 31, 22, 0, tzinfo=UTC)


def cover(**changes: Any) -> Cover:
    made = Cover(
        subject="天山绿测环境技术有限公司",
        identifier="91650100MA77L0X00A",
        kinds=("运维单位",),
        place="新疆维吾尔自治区 乌鲁木齐市",
        bureau="乌鲁木齐市生态环境局",
        number="HG-6501-202610-3F9A21C0",
        period=PERIOD,
        made_at=MADE_AT,
        law_book="a41f07d29c1188e0b7",
        demo=True,
    )
    return replace(made, **changes)


def score(total: str | None = "90.50", d1: str = "10.50", grade: Any = "B") -> ScoreLine:
    return ScoreLine(
        total=None if total is None else Decimal(total),
        grade=None if total is None else grade,
        d1=None if total is None else Decimal(d1),
        d1_cap=Decimal(20),
        not_assessed=(
            "D2 过程与数据质量",
            "D3 记录、存证与系统对接",
            "D4 设备健康",
            "D5 监督检查与整改",
            "D6 诚信守法",
        ),
        reason="本年没有在用点位" if total is None else "",
    )


def finding(number: int = 1, **changes: Any) -> FindingLine:
    made = FindingLine(
        number=f"F-2026-{number:04d}",
        organization="天山绿测环境技术有限公司",
        rule_id="C-04",
        title="督查人员配备",
        subject="乌鲁木齐市",
        severity="major",
        since=date(2026, 9, 12),
        until=None,
        days=50,
        state="检出，待确认",
        measured="1",
        required="2",
        unit="人",
        fresh=False,
    )
    return replace(made, **changes)


CLAUSE = ClauseLine(
    rule_id="C-04",
    title="督查人员配备",
    source="S003",
    clause="4.3.3.4",
    quote="每运维50个监测点位应至少配置1名督查人员",
    formula="督查人员数 ≥ ⌈点位数 ÷ 50⌉",
    remedy="补足督查人员并推送人员台账，自到岗之日起不再计为违规。",
    in_force_from=date(2025, 10, 1),
)


def weeks(counts: Mapping[Severity, int] | None = None) -> tuple[WeekCount, ...]:
    start = date(2026, 8, 10)
    return tuple(
        WeekCount(monday=start + timedelta(7 * i), counts=counts or {"major": i % 3, "minor": i % 2}) for i in range(12)
    )


def judgements(**changes: Any) -> Judgements:
    made = Judgements(
        findings=(
            finding(),
            finding(
                2,
                rule_id="C-05",
                title="人均维护点位",
                severity="critical",
                since=date(2026, 10, 20),
                days=12,
                measured="8.07",
                required="8",
                unit="点位/人",
                fresh=True,
                subject="",
            ),
            finding(
                3,
                rule_id="C-02",
                title="办公场所面积",
                severity="minor",
                since=date(2026, 9, 1),
                until=date(2026, 10, 9),
                days=38,
                measured="49.99",
                required="50",
                unit="m²",
                state="已关闭",
                subject="",
            ),
        ),
        clauses=(
            CLAUSE,
            replace(
                CLAUSE, rule_id="C-05", title="人均维护点位", clause="4.3.5.3", quote="运维人员人均维护点位不应超过8个"
            ),
        ),
        intervals=(
            BreachInterval(rule_id="C-04", title="督查人员配备", since=date(2026, 9, 12), until=None, severity="major"),
            BreachInterval(
                rule_id="C-05", title="人均维护点位", since=date(2026, 3, 1), until=date(2026, 3, 18), severity="major"
            ),
            BreachInterval(
                rule_id="C-05", title="人均维护点位", since=date(2026, 10, 20), until=None, severity="critical"
            ),
            BreachInterval(
                rule_id="C-02", title="办公场所面积", since=date(2025, 8, 1), until=date(2026, 2, 14), severity="minor"
            ),
            BreachInterval(
                rule_id="C-09", title="易损件库存", since=date(2026, 6, 20), until=date(2026, 6, 28), severity=None
            ),
        ),
        weeks=weeks(),
        verdicts=(VerdictCount(label="全部规则", passed=11, breach=2, not_applicable=3, no_data=1),),
        lasting={UUID(int=1): {"critical": 1, "major": 1}},
    )
    return replace(made, **changes)


def people(rows: int) -> Table:
    return Table(
        title="人员",
        head=("来源编号", "姓名", "角色", "到岗", "生效日期", "登记时间"),
        rows=tuple(
            (
                f"P-{i:04d}",
                "阿力木·某某" if i % 3 else "王小测",
                "运维人员",
                "2026-01-04",
                "2026-01-04",
                "2026-01-05 09:12",
            )
            for i in range(rows)
        ),
        widths=(16, 20, 16, 14, 14, 20),
    )


def requirement(number: int, verdict: Any = "pass", **changes: Any) -> RequirementLine:
    made = RequirementLine(
        rule_id=f"C-{number:02d}",
        title="督查人员配备",
        subject="乌鲁木齐市",
        verdict=verdict,
        severity="major" if verdict == "breach" else None,
        measured="–" if verdict == "no_data" else "3",
        required="≥ 3",
        unit="人",
        clause="4.3.3.4",
    )
    return replace(made, **changes)


def receipt(number: int, **changes: Any) -> ReceiptLine:
    made = ReceiptLine(
        received_at=datetime(2026, 10, 3, 1, number % 60, tzinfo=UTC),
        organization="天山绿测环境技术有限公司",
        kind="人员",
        stream="default",
        sequence=number,
        sent=120,
        accepted=118,
        warned=3,
        refused=2,
        number=f"{number:08x}",
    )
    return replace(made, **changes)


def organization(*, people_rows: int = 24, receipt_count: int = 12, **changes: Any) -> OrganizationData:
    verdicts = ["breach", "pass", "pass", "no_data", "not_applicable", *["pass"] * 12]
    made = OrganizationData(
        cover=cover(),
        judgements=judgements(),
        score=score(),
        deductions=(
            Deduction(label="C-05 人均维护点位", severity="critical", points=Decimal(5)),
            Deduction(label="C-04 督查人员配备（2 个月）", severity="major", points=Decimal(4)),
            Deduction(label="C-02 办公场所面积", severity="minor", points=Decimal("0.5")),
        ),
        trend=tuple(
            TrendPoint(
                day=date(2025 + (10 + i) // 12, (10 + i) % 12 + 1, 1), score=None if i < 2 else Decimal("99.5") - i
            )
            for i in range(12)
        ),
        grade_limits={"A": Decimal(90), "B": Decimal(75), "C": Decimal(60), "D": Decimal(0)},
        requirements=tuple(requirement(i + 1, verdict) for i, verdict in enumerate(verdicts)),
        judged_on=PERIOD.last,
        register_counts=(
            RegisterCount(title="人员", rows=people_rows, printed=people_rows),
            RegisterCount(title="监测点位", rows=51, printed=0),
            RegisterCount(title="运维车辆", rows=0, printed=0),
        ),
        registers=(people(people_rows),),
        receipts=tuple(receipt(i) for i in range(1, receipt_count + 1)),
    )
    return replace(made, **changes)


def organization_line(number: int, **changes: Any) -> OrganizationLine:
    total = str(Decimal(100) - number * 3)
    made = OrganizationLine(
        name=f"第{number}环境技术有限公司",
        credit_code=f"91650100MA77{number:06d}",
        place="乌鲁木齐市",
        score=score(total, grade="A" if number < 4 else "B"),
        critical=number % 2,
        major=number,
        minor=number % 3,
        last_push=MADE_AT - timedelta(days=number),
        batches=number % 4,
        refused_rows=number % 5,
    )
    return replace(made, **changes)


def bureau(*, organizations: int = 12) -> BureauData:
    lines = tuple(organization_line(i) for i in range(1, organizations + 1))
    return BureauData(
        cover=cover(subject="乌鲁木齐市", identifier="6501", kinds=(), place="新疆维吾尔自治区 乌鲁木齐市"),
        judgements=judgements(
            findings=tuple(finding(i, organization=f"第{i}环境技术有限公司", fresh=i % 4 == 0) for i in range(1, 15)),
            verdicts=tuple(
                VerdictCount(
                    label=f"C-{i:02d} 督查人员配备", passed=10 - i, breach=i % 3, not_applicable=1, no_data=i % 2
                )
                for i in range(1, 9)
            ),
        ),
        grades=(
            GradeCount(label="乌鲁木齐市", grades={"A": 3, "B": 5, "C": 2}, not_rated=1),
            GradeCount(label="克拉玛依市", grades={"A": 1}, not_rated=0),
        ),
        organizations=(*lines, organization_line(99, score=score(None))),
    )
