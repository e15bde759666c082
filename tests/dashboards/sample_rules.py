"""Sample catalogue of rules and the page of one rule."""

from datetime import date

from hengjian.dashboards.language import Text
from hengjian.dashboards.pages.rules_record import (
    CodeLine,
    ExampleLine,
    InputLine,
    PackLink,
    ParameterLine,
    PartLine,
    RegisterLine,
    RuleLine,
    RulePage,
    RulesPage,
)
from hengjian.dashboards.parts import Filter, pager
from tests.dashboards.sample_frame import C04, C05, TODAY, URUMQI

EXAMPLES = (
    ExampleLine(facts="points = 51，supervisors = 1", verdict="breach", severity="major", measured="1", required="2"),
    ExampleLine(
        facts="points = 0，supervisors = 0",
        verdict="not_applicable",
        severity=None,
        measured=None,
        required=None,
    ),
)
PARAMETERS = (
    ParameterLine(
        name="points_per_supervisor",
        label=Text("每名督查人员的点位数", "points per supervisor"),
        note="",
        region="65",
        since=date(2025, 10, 1),
        time="now",
        value="50",
        unit=Text("点位/人", "points/person"),
        status="verified",
    ),
)


def rules(*, counted: bool = True) -> RulesPage:
    return RulesPage(
        day=TODAY,
        in_force=2,
        counted=counted,
        filter=Filter(action="/rules", text="督查", text_label="编号、名称、拼音或条款原文", choices=(), chips=()),
        packs=(PackLink(Text("运维单位服务能力", "Capability of contractors"), "/rules/packs/x.pdf"),),
        pager=pager("/rules", [], page=1, size=100, total=2),
        rules=(
            RuleLine(
                rule_id="C-05",
                title=C05,
                formula="在役点位 ≤ 8 × 运维人员",
                subject=Text("运维单位", "contractor"),
                severities=("critical", "major"),
                clause="4.3.5.3",
                source=Text("《运维单位运行服务规范》编制说明", "Service specification, explanatory notes"),
                marks=("verified",),
                in_force=True,
                open=14,
            ),
            RuleLine(
                rule_id="C-04",
                title=C04,
                formula="督查人员 ≥ ⌈点位 ÷ 50⌉",
                subject=Text("运维单位", "contractor"),
                severities=("major",),
                clause="4.3.3.4",
                source=Text("《运维单位运行服务规范》编制说明", "Service specification, explanatory notes"),
                marks=("restated", "memory"),
                in_force=False,
                open=None,
            ),
        ),
    )


def rule(*, open_: int | None = 11) -> RulePage:
    return RulePage(
        rule_id="C-04",
        title=C04,
        severities=("major",),
        subject=Text("运维单位", "contractor"),
        pack="65-contractor",
        pack_href="/rules/packs/x.pdf",
        region=URUMQI,
        in_force=False,
        in_force_from=date(2025, 10, 1),
        in_force_until=date(2026, 10, 1),
        costs_points=False,
        marks=("restated", "memory"),
        quote="每运维50个监测点位应至少配置1名督查人员",
        source=Text("《固定污染源自动监测设施运维单位运行服务规范》"),
        clause="4.3.3.4",
        formula=Text("督查人员 ≥ ⌈监测点位 ÷ 50⌉", "supervisors ≥ ⌈points ÷ 50⌉"),
        parts=(
            PartLine(part="applies", words="监测点位数 > 0", code="points > 0"),
            PartLine(part="severity", words="督查人员 = 0", code="supervisors == 0", severity="critical"),
        ),
        examples=EXAMPLES,
        parameters=PARAMETERS,
        inputs=(
            InputLine(
                name="points", label=Text("监测点位数", "points"), meaning=Text("当日在运", "in service"), unit="个"
            ),
        ),
        registers=(
            RegisterLine(
                Text("监测点位", "points"),
                "pushPoints",
                (CodeLine("REGION_UNKNOWN", Text("没有这个地区", "no such region"), Text("请核对", "check it")),),
            ),
        ),
        remedy=Text("增配督查人员。", "Appoint supervisors."),
        open=open_,
    )
