"""Sample overview and lists."""

from datetime import date, timedelta
from decimal import Decimal

from hengjian.dashboards.charts import Chart, on_page
from hengjian.dashboards.language import Language, Text, Words, read_catalogue
from hengjian.dashboards.open_trend import open_trend
from hengjian.dashboards.pages.organizations_record import OrganizationLine, OrganizationsPage
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
from hengjian.dashboards.parts import Filter, chips, choice, heads, pager
from hengjian.filing.charts_counts import weekly_findings
from hengjian.filing.charts_score import deduction_waterfall
from hengjian.filing.domain.chart_records import Deduction, Severity, WeekCount
from hengjian.filing.texts import speaker
from tests.dashboards.sample_frame import C04, C05, CODE, DRAWER, LINES, NAME, NOW, TODAY, URUMQI


def weekly(language: Language) -> Chart:
    numbers = (
        (6, 9, 0),
        (5, 8, 1),
        (7, 11, 0),
        (4, 7, 0),
        (8, 10, 1),
        (6, 12, 0),
        (9, 9, 0),
        (5, 8, 0),
        (7, 13, 1),
        (6, 10, 0),
        (8, 9, 0),
        (9, 14, 2),
    )
    first = date(2026, 8, 31)
    weeks = [
        WeekCount(monday=first + timedelta(weeks=i), counts={"major": major, "minor": minor, "critical": critical})
        for i, (major, minor, critical) in enumerate(numbers)
    ]
    return on_page(weekly_findings(weeks, speaker(language)), DRAWER)


def waterfall(language: Language) -> Chart:
    taken: tuple[tuple[str, Severity, str], ...] = (
        ("C-05 人均维护监测点位", "major", "2"),
        ("C-04 督查人员配备", "major", "2"),
        ("C-02 办公场所面积", "minor", "0.5"),
    )
    deductions = [
        Deduction(label=label, severity=severity, points=Decimal(points)) for label, severity, points in taken
    ]
    return on_page(deduction_waterfall(deductions, speaker(language), full=Decimal(100), score=Decimal("95.5")), DRAWER)


def trend(language: Language) -> Chart:
    counts = (61, 60, 64, 63, 66, 64, 68, 67, 70, 66, 69, 73)
    days = [date(2026, 9, 6) + timedelta(weeks=i) for i in range(12)]
    return on_page(
        open_trend(list(zip(days, counts, strict=True)), Words(language, read_catalogue())), DRAWER, width=460
    )


AT_HAND = (
    Todo(label="严重违规项待确认", count=2, note="最长 9 天", href="/findings?severity=critical", urgent=True),
    Todo(label="较重违规项待确认", count=31, note="最长 124 天", href="/findings?severity=major"),
    Todo(label="一般违规项待确认", count=40, note="最长 201 天", href="/findings?severity=minor"),
    Todo(label="无数据，不作判定", count=12, note="4 家机构", href="/orgs"),
    Todo(label="推送序号缺失", count=1, note="1 家机构", href="/orgs"),
)
FIGURES = (
    Figure(label="在管机构", value="86", unit="家", note="运维 31 · 监测 55", href="/orgs"),
    Figure(label="监测点位", value="1,248", unit="个", note="在役", href="/orgs"),
    Figure(label="未关闭违规项", value="73", unit="项", note="严重 2 · 较重 31 · 一般 40", href="/findings"),
    Figure(label="近 7 天新检出", value="25", unit="项", note="上一周 17 项", href="/findings"),
    Figure(label="近 7 天解除", value=None, unit="项", note="", href="/findings"),
)
GRADES = tuple(
    GradeBar(letter=letter, count=count, width=width, fill=fill, href=f"/orgs?grade={letter or 'N'}")
    for letter, count, width, fill in (
        ("A", 27, "71.1", "#0f7a5f"),
        ("B", 38, "100", "#7fb2e0"),
        ("C", 11, "28.9", "#e0a21b"),
        ("D", 3, "7.9", "#a3231f"),
        (None, 7, "18.4", "#a9b4bf"),
    )
)
WORST = (
    WorstLine(name=NAME, credit_code=CODE, grade="D", region=URUMQI, score="57.50", critical=2, major=4, minor=1),
    WorstLine(
        name="准东蓝天监测站",
        credit_code=CODE,
        grade=None,
        region=URUMQI,
        score=None,
        critical=0,
        major=0,
        minor=0,
    ),
)
CHANGES = (
    Change(
        number="650100-2026-00437",
        organization=NAME,
        rule_id="C-05",
        title=C05,
        severity="major",
        opened=True,
        day=TODAY,
    ),
    Change(
        number="650100-2026-00391",
        organization="西域清源运维服务有限公司",
        rule_id="C-04",
        title=C04,
        severity="major",
        opened=False,
        day=date(2026, 11, 18),
    ),
)
REGIONS = (
    RegionLine(
        code="650109",
        name=Text("米东区", "Midong"),
        organizations=24,
        points="412",
        open=34,
        per_hundred="8.3",
        no_data="3",
    ),
    RegionLine(
        code="650102",
        name=Text("天山区", "Tianshan"),
        organizations=12,
        points=None,
        open=4,
        per_hundred=None,
        no_data=None,
    ),
)


def overview(language: Language) -> OverviewPage:
    return OverviewPage(
        day=TODAY,
        todo=AT_HAND,
        figures=FIGURES,
        open_total=73,
        findings=LINES,
        grades=GRADES,
        graded_total=86,
        edge=(
            EdgeCase(name="北疆恒信", credit_code=CODE, score="90.41"),
            EdgeCase(name="瑶池生态", credit_code=CODE, score="75.30"),
        ),
        weekly=weekly(language),
        trend=trend(language),
        rules=(
            RuleBar(rule_id="C-05", title=C05, count=14, width="100"),
            RuleBar(rule_id="C-04", title=C04, count=11, width="78.6"),
        ),
        worst=WORST,
        changes=CHANGES,
        regions=REGIONS,
    )


QUERY = [("grade", "D"), ("page", "2")]
CHOICES = (
    choice("grade", "等级", {"": "全部", "A": "A", "D": "D"}, "D"),
    choice("region", "地区", {"": "全部", "650109": Text("米东区", "Midong")}, ""),
)


def listing(action: str) -> Filter:
    return Filter(
        action=action, text="", text_label="机构或编号", choices=CHOICES, chips=chips(action, QUERY, CHOICES, None)
    )


def organizations() -> OrganizationsPage:
    columns = (
        ("机构", "name", False),
        ("类型", "", False),
        ("地区", "region", False),
        ("等级（暂定）", "", False),
        ("暂定得分", "score", True),
        ("未关闭，项", "open", True),
        ("其中严重，项", "", True),
        ("无数据，项", "no_data", True),
        ("上次推送", "push", False),
    )
    rows = (
        OrganizationLine(
            name=NAME,
            credit_code=CODE,
            kinds=("CONTRACTOR",),
            region=URUMQI,
            grade="B",
            score="84.96",
            open=9,
            critical=0,
            no_data=3,
            last_push=NOW,
        ),
        OrganizationLine(
            name="准东蓝天监测站",
            credit_code="91650100MA77K3X21R",
            kinds=("INSTITUTION", "DISCHARGER"),
            region=URUMQI,
            grade=None,
            score=None,
            open=1,
            critical=1,
            no_data=0,
            last_push=None,
        ),
    )
    return OrganizationsPage(
        jurisdiction_total=86,
        filter=listing("/orgs"),
        heads=heads("/orgs", QUERY, columns, sort="-open"),
        rows=rows,
        pager=pager("/orgs", QUERY, page=2, size=20, total=86),
        csv_href="/orgs.csv?grade=D",
    )
