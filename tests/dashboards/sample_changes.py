"""Sample changes of rules: the list, the form, one change at work, and an organization's own effects."""

from datetime import date

from hengjian.dashboards.language import Text
from hengjian.dashboards.pages.changes_record import (
    ActButton,
    ChangeForm,
    ChangeFormPage,
    ChangeLine,
    ChangePage,
    ChangesPage,
    EffectLine,
    ImpactLine,
    ImpactView,
    MovedLine,
    MyChangesPage,
    ShadowLine,
    StepLine,
)
from hengjian.dashboards.pages.organization_record import Tab
from hengjian.dashboards.pages.versions_record import DifferenceLine
from hengjian.dashboards.parts import Option, pager
from tests.dashboards.sample_frame import C04, CODE, NAME, NOW, URUMQI

NO = "BG-650100-2026-00001"
FROM = date(2027, 1, 1)
PAGER = pager("/rules/changes", [], page=1, size=20, total=1)
PROBLEM = Text("生效日最早为明天", "the first day is tomorrow at the earliest")


def line(stage: str = "draft") -> ChangeLine:
    return ChangeLine(
        number=NO,
        rule_id="C-04",
        title=C04,
        what="每名督查人员的点位数 50 → 45 个/人",
        region=URUMQI,
        bureau="乌鲁木齐市生态环境局",
        from_day=FROM,
        until=None,
        stage=stage,
    )


def form(examples: str | None = "- {points: 50}", problem: Text | None = None) -> ChangeForm:
    return ChangeForm(
        action="/rules/C-04/changes",
        rule_id="C-04",
        whats=(Option("parameter:points_per_supervisor", "每名督查人员的点位数（现为 50 个/人）", chosen=True),),
        value="45",
        from_day="2027-01-01",
        earliest=date(2026, 12, 4),
        clause="S003 4.3.3.4",
        reason="督查力量不足 <b>",
        statuses=(Option("proposal", "建议值", chosen=True),),
        examples=examples,
        problem=problem,
    )


def changes() -> ChangesPage:
    tabs = (
        Tab("全部", "/rules/changes", None, current=True),
        Tab("待批准", "/rules/changes?stage=submitted", None, current=False),
    )
    return ChangesPage(tabs=tabs, changes=(line(), line("in_force"), line("withdrawn")), pager=PAGER)


def new() -> ChangeFormPage:
    return ChangeFormPage(rule_id="C-04", title=C04, form=form(None, PROBLEM))


def impact(state: str) -> ImpactView:
    moved = ImpactLine(
        name=NAME,
        credit_code=CODE,
        region=URUMQI,
        effect="starts",
        days_before=0,
        days_after=365,
        points_before="96.50",
        points_after=None,
        grade_before="A",
        grade_after=None,
    )
    return ImpactView(
        state=state,
        done=3,
        total=7,
        poll="" if state == "done" else f"/rules/changes/{NO}",
        since=date(2025, 11, 1),
        until=date(2026, 11, 20),
        fresh=False,
        organizations=7,
        replayed=1200,
        replay_differs=0,
        tabs=(Tab("全部变动", "#", 1, current=True),),
        lines=(moved,),
        pager=PAGER,
        csv_href="/impact.csv",
        json_href="/impact.json",
    )


def change(stage: str, *, state: str = "done") -> ChangePage:
    shadow = ShadowLine(
        name=NAME,
        credit_code=CODE,
        subject="",
        since=date(2026, 11, 1),
        severity="major",
        measured="1",
        required="≥ 2",
        fresh=True,
    )
    return ChangePage(
        line=line(stage),
        rule_region="6501",
        reason="督查力量不足",
        clause="4.3.3.4",
        version_before="a" * 64,
        version_after="b" * 64,
        drafted_by="规则",
        approved_by="",
        approved_at=None,
        differences=(
            DifferenceLine(
                "parameters.points_per_supervisor[1].value", "", "45", "每名督查人员的点位数 · 第 2 项 · 值"
            ),
        ),
        check_ok=False,
        check_problems=(Text("请至少给出一个示例", "give at least one example"),),
        moved=(MovedLine(1, "监测点位数 = 50", "pass", "breach"),),
        form=form(),
        impact=impact(state),
        shadow=(shadow,),
        shadow_total=1,
        steps=(StepLine(label="起草变更", by="规则", at=NOW, reason="督查力量不足"),),
        acts=(
            ActButton(act="approve", label="批准", needs_reason=False),
            ActButton(act="withdraw", label="撤回变更", needs_reason=True),
        ),
        waits=Text("起草的人不能批准", "whoever drafted it may not approve it"),
        end=form(None),
        ended=False,
        problem=PROBLEM,
    )


def mine() -> MyChangesPage:
    one = EffectLine(
        number=NO,
        rule_id="C-04",
        title=C04,
        region=URUMQI,
        from_day=FROM,
        effect="longer",
        days_before=3,
        days_after=9,
        points_before="90.00",
        points_after="88.50",
        grade_before="A",
        grade_after="B",
    )
    return MyChangesPage((one,))
