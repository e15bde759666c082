"""Sample profile of one organization."""

from datetime import date

from hengjian.dashboards.language import Language, Text
from hengjian.dashboards.pages.organization_record import (
    FactsPage,
    FactUsed,
    Folded,
    OrganizationHead,
    ReceiptLine,
    RegisterEntry,
    RegisterLine,
    RegistersPage,
    Tab,
    VerdictLine,
)
from hengjian.dashboards.pages.score_record import (
    Band,
    BonusPart,
    BonusYearLine,
    ChangeLine,
    ChangesPart,
    CorrectionLine,
    DayOption,
    DimensionLine,
    DistributionPart,
    GradeShare,
    HistoryLine,
    Named,
    PlanPart,
    ScorePage,
    StepLine,
)
from hengjian.dashboards.parts import pager
from tests.dashboards.sample_frame import C05, CODE, NAME, NOW, POINTS_A_PERSON, TODAY, URUMQI
from tests.dashboards.sample_lists import waterfall


def head(current: str) -> OrganizationHead:
    base = f"/orgs/{CODE}"
    tabs = (
        ("概况", "", None),
        ("违规项", "/findings", 9),
        ("登记台账", "/registers/people", 6),
        ("评分", "/score", None),
        ("信用事件", "/credit", None),
        ("回执", "/receipts", 41),
    )
    return OrganizationHead(
        name=NAME,
        credit_code=CODE,
        kinds=("CONTRACTOR",),
        region=URUMQI,
        grade="B",
        score="84.96",
        base=base,
        suffix="",
        tabs=tuple(Tab(label, base + href, count, label == current) for label, href, count in tabs),
    )


PEOPLE = f"/orgs/{CODE}/registers/people"


VERDICTS = (
    VerdictLine(
        rule_id="C-05",
        title=C05,
        subject="",
        verdict="breach",
        severity="major",
        measured="8.07",
        required="≤ 8",
        unit=POINTS_A_PERSON,
        facts=(
            FactUsed(Text("在役监测点位", "points in service"), "113", PEOPLE),
            FactUsed(Text("在岗运维人员", "technicians"), "14", PEOPLE),
        ),
        missing=(),
        finding="650100-2026-00418",
    ),
    VerdictLine(
        rule_id="C-08",
        title=Text("运维车辆配备", "Vehicles per sets"),
        subject="乌鲁木齐市",
        verdict="pass",
        severity=None,
        measured="4",
        required="≥ 4",
        unit=Text("辆", "vehicles"),
        facts=(FactUsed(Text("设施套数", "sets"), "96"),),
        missing=(),
        finding=None,
    ),
    VerdictLine(
        rule_id="C-09",
        title=Text("易损易耗品库存", "Consumables in stock"),
        subject="蠕动泵管",
        verdict="no_data",
        severity=None,
        measured=None,
        required=None,
        unit="件",
        facts=(),
        missing=(Text("月使用量", "monthly usage"),),
        finding=None,
    ),
    VerdictLine(
        rule_id="C-17",
        title=Text("实验室资质认定", "Laboratory's CMA"),
        subject="",
        verdict="not_applicable",
        severity=None,
        measured=None,
        required=None,
        unit="",
        facts=(),
        missing=(),
        finding=None,
    ),
)


def facts() -> FactsPage:
    return FactsPage(
        head=head("概况"),
        day=TODAY,
        counts={"pass": 11, "breach": 2, "no_data": 1, "not_applicable": 3},
        lines=VERDICTS,
        folded=(Folded(rule_id="C-13", title=Text("自律承诺书", "Pledge"), verdict="pass", lines=()),),
        intervals=None,
    )


def registers() -> RegistersPage:
    rows = tuple(
        RegisterLine(
            anchor=f"r-{i}",
            reference=f"P-{i:03}",
            cells=("王建军", "运维人员", "2024-03-01", None),
            valid_from=date(2024, 3, 1),
            valid_until=None if i else date(2026, 9, 12),
            recorded_at=NOW,
            batch="PB-20260914-003",
            receipt_href="/my/receipts/1" if i else "",
        )
        for i in range(3)
    )
    return RegistersPage(
        head=head("登记台账"),
        day=date(2026, 5, 3),
        title=Text("人员", "people"),
        registers=(
            RegisterEntry(label=Text("人员", "people"), href="#", count=17, current=True),
            RegisterEntry(label=Text("监测点位", "points"), href="#", count=113, current=False),
        ),
        columns=(
            Text("姓名", "name"),
            Text("岗位", "role"),
            Text("入职日期", "first day employed"),
            Text("离职日期", "last day"),
        ),
        rows=rows,
        pager=pager("/x", [], page=1, size=50, total=3),
    )


DIMENSIONS = {
    "D1": "基本能力",
    "D2": "过程与数据质量",
    "D3": "记录、存证与系统对接",
    "D4": "设备健康",
    "D5": "监督检查与整改",
    "D6": "诚信守法",
}


def score(language: Language) -> ScorePage:
    return ScorePage(
        head=head("评分"),
        day=TODAY,
        score="95.50",
        grade="A",
        official="100.00",
        official_grade="A",
        reason="",
        model="2026.1",
        waterfall=waterfall(language),
        trend=None,
        dimensions=tuple(
            DimensionLine(code=code, label=Text(name), score="15.50" if code == "D1" else None, cap="20")
            for code, name in DIMENSIONS.items()
        ),
        bonus=BonusPart(
            points=5,
            given=False,
            years=(
                BonusYearLine(2024, clean=True, text="年度等级已公布，没有违规、处罚和一票否决", href=""),
                BonusYearLine(2025, clean=False, text="有行政处罚", href="/orgs/x/credit"),
            ),
        ),
        bands=(Band("A", "≥ 90"), Band("B", "75 – 90"), Band("C", "60 – 75"), Band("D", "< 60")),
        steps=(
            StepLine(
                rule_id="C-05",
                title=C05,
                dimension="D1",
                severity="major",
                points="−4.50",
                findings=FINDING,
                more=2,
                with_it=(Named("C-06 650100-2026-00391", "/findings/650100-2026-00391"),),
            ),
        ),
        changes=_changes(),
        plan=PlanPart(
            grade="A",
            reached="A",
            by=date(2027, 12, 31),
            next_year=True,
            score="97.50",
            lines=(CorrectionLine(named=FINDING[0], rule_id="C-05", title=C05),),
            reachable=True,
            exact=True,
        ),
        history=(
            HistoryLine(month="2026-11", score="95.50", grade="A", official="100.00", official_grade="A", href="#"),
            HistoryLine(month="2026-10", score=None, grade=None, official=None, official_grade=None, href=""),
        ),
        distribution=DISTRIBUTION,
        dossier=f"/orgs/{CODE}/score/dossier.json",
    )


FINDING = (Named("650100-2026-00418", "/findings/650100-2026-00418"),)


DISTRIBUTION = DistributionPart(
    region=URUMQI,
    kind="CONTRACTOR",
    shares=(
        GradeShare(letter="A", organizations=1_204, width=100, href="/orgs?grade=A", own=True),
        GradeShare(letter="B", organizations=None, width=0, href="", own=False),
    ),
    anonymous=True,
    least=5,
)


def _changes() -> ChangesPart:
    return ChangesPart(
        since=date(2026, 9, 30),
        until=TODAY,
        before="100.00",
        after="95.50",
        grade_before="A",
        grade_after="A",
        difference="−4.50",
        lines=(
            ChangeLine(
                rule_id="C-05", title=C05, dimension="D1", points="−4.50", came=FINDING, went=(), stayed=(), more=0
            ),
        ),
        adds_up=True,
        official=False,
        other_basis="?basis=official#changes",
        from_options=(DayOption(date(2026, 9, 30), chosen=True),),
        to_options=(DayOption(TODAY, chosen=True),),
        action=f"/orgs/{CODE}/score#changes",
        hidden=(("region", "6501"),),
    )


RECEIPTS = (
    ReceiptLine(
        href="/my/receipts/0192f3",
        received_at=NOW,
        register=Text("人员", "people"),
        batch="0192f3a1",
        sequence="42",
        accepted=4980,
        warned=3,
        refused=20,
    ),
    ReceiptLine(
        href="/my/receipts/0192f4",
        received_at=NOW,
        register=Text("监测点位", "points"),
        batch="0192f3a2",
        sequence=None,
        accepted=113,
        warned=0,
        refused=0,
    ),
)
