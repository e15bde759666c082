"""Sample catalogue of rules and the page of one rule."""

from datetime import date

from hengjian.dashboards.language import Text
from hengjian.dashboards.pages.rules_record import (
    CodeLine,
    EventLine,
    ExampleLine,
    InputLine,
    ModelLink,
    PackGroup,
    ParameterLine,
    PartLine,
    RegisterLine,
    RuleLine,
    RulePage,
    RulesPage,
)
from hengjian.dashboards.pages.versions_record import (
    DifferenceLine,
    ShippedLine,
    Side,
    VersionChange,
    VersionLine,
    VersionsPage,
)
from hengjian.dashboards.parts import Filter, pager
from tests.dashboards.sample_frame import C04, C05, NOW, TODAY, URUMQI

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
        packs=(
            PackGroup(
                title=Text("运维单位服务能力", "Capability of contractors"),
                href="/rules/packs/x.pdf",
                versions_href="/rules/packs/x/versions",
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
            ),
        ),
        models=(ModelLink(Text("省级 <b>", "Provincial <b>"), "/rules/models/x/versions"),),
        pager=pager("/rules", [], page=1, size=100, total=2),
    )


def rule(*, open_: int | None = 11) -> RulePage:
    return RulePage(
        rule_id="C-04",
        title=C04,
        severities=("major",),
        subject=Text("运维单位", "contractor"),
        pack="65-contractor",
        pack_href="/rules/packs/x.pdf",
        pack_versions_href="/rules/packs/x/versions",
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
        counted_under=(EventLine("C-05", C05, Text("同一事件", "the same event")),),
        takes_over=(EventLine("C-03", "C-03", ""),),
        open=open_,
    )


def versions(*, pack: bool = False, alone: bool = False) -> VersionsPage:
    change = VersionChange(
        number="BG-650100-2026-00001",
        what="每名督查人员的点位数 → 45 个/人 <b>",
        bureau="乌鲁木齐市生态环境局",
        approved_by="复核",
        approved_at=NOW,
    )
    shipped = VersionLine(
        key="2025-10-01.65",
        since=date(2025, 10, 1),
        until=date(2027, 1, 1),
        region="65",
        hash="a" * 64,
        pack_version="c" * 64,
        rules=("C-04", "C-05"),
        changes=(),
        now=True,
        before=True,
        after=False,
    )
    changed = VersionLine(
        key="2027-01-01.6501",
        since=date(2027, 1, 1),
        until=None,
        region=URUMQI,
        hash="",
        pack_version="d" * 64,
        rules=("C-04",),
        changes=(change,),
        now=False,
        before=False,
        after=True,
    )
    path = "parameters.points_per_supervisor.value"
    return VersionsPage(
        rule_id="" if pack else "C-04",
        title=C04,
        action="/rules/C-04/versions",
        versions=(shipped,) if alone else (shipped, changed),
        before=None if alone else Side(date(2025, 10, 1), "65"),
        after=None if alone else Side(date(2027, 1, 1), URUMQI),
        differences=() if alone else (DifferenceLine(path, "50", "", "每名督查人员的点位数 · 值", "C-04"),),
        shipped=(
            ShippedLine(
                release="0.1.0",
                seen_at=NOW,
                hash="a" * 64,
                pack_version="b" * 64,
                differences=(
                    DifferenceLine(path, "50 <b>", "45", "每名督查人员的点位数 · 值", "C-04"),
                    DifferenceLine("title.zh", "旧名", "新名", "pack · 名称 · 中文"),
                ),
                sound=False,
            ),
            ShippedLine(release="0.2.0", seen_at=NOW, hash="c" * 64, pack_version="d" * 64, differences=(), sound=True),
        )
        if not alone
        else (),
    )
