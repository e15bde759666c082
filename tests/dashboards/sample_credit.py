"""Sample credit events of one organization."""

from datetime import date

from hengjian.dashboards.language import Text
from hengjian.dashboards.pages.credit_records import (
    CreditPage,
    CreditStep,
    DeviceLine,
    EntryForms,
    EventLine,
    FormChoice,
    MatterLine,
    RepairLine,
    RepairPart,
    StepLine,
    YearGrade,
)
from hengjian.dashboards.pages.life_record import FileLine
from tests.dashboards.sample_frame import CODE, NOW
from tests.dashboards.sample_profile import head

STEP = StepLine(
    label="提议认定（填写决定文书）",
    by="阿依努尔",
    at=NOW,
    on_day=date(2026, 11, 18),
    document_no="乌环决〔2026〕7号",
    reason="<b>证据</b>确凿。",
)


def event(title: Text, number: str, *choices: CreditStep, rests_on: tuple[tuple[str, str], ...] = ()) -> EventLine:
    return EventLine(
        id="0190",
        anchor=number,
        title=title,
        number=number,
        day=date(2026, 11, 18),
        organ="乌鲁木齐市生态环境局",
        text="伪造比对监测记录。",
        marks=("系统提出建议", "自 2026-11-18 起等级为 D"),
        rests_on=rests_on,
        status="待复核",
        tone="minor",
        steps=(STEP,),
        choices=choices,
        waits="您录入或提议了这一事项，须由另一名复核人办理",
    )


MATTERS = tuple(
    MatterLine(
        value=f"penalty:{n}",
        kind="行政处罚",
        number=f"乌环罚〔2026〕{n}号",
        what=Text("罚款", "fine"),
        possible_from=(date(2026, 11, 1), date(2027, 2, 1), None)[n],
        ready=n == 0,
        waits=False,
    )
    for n in range(3)
)


def repair_part() -> RepairPart:
    propose = CreditStep(act="propose_grant", label="提议准予修复", takes_day=True, takes_document=True)
    refuse = CreditStep(act="propose_refuse", label="提议不予修复", takes_day=False, takes_document=False)
    line = RepairLine(
        id="0191",
        kind="行政处罚",
        number="乌环罚〔2026〕1号",
        href="#e-1",
        by="李娜",
        at=NOW,
        text="罚款已缴清<b>。",
        files=(FileLine("缴款<凭证>.pdf", 1024, "/x"),),
        status="待审查",
        tone="minor",
        steps=(STEP,),
        choices=(propose, refuse),
        waits="您提议了这一事项，须由另一名复核人办理",
    )
    return RepairPart(action=f"/orgs/{CODE}/credit/repairs", matters=MATTERS, applications=(line,), applies=True)


def page() -> CreditPage:
    decide = CreditStep(
        act="decide", label="认定一票否决", takes_day=False, takes_document=False, hint="94.35 (A) → 94.35 (D)"
    )
    propose = CreditStep(act="propose_decide", label="提议认定（填写决定文书）", takes_day=True, takes_document=True)
    grounds = (("WG-650100-2026-00418", "/findings/WG-650100-2026-00418"),)
    fine = Text("罚款 20,000 元", "fine of 20,000 yuan")
    falsified = Text("弄虚作假行为经查实", "falsification proven")
    return CreditPage(
        head=head("信用事件"),
        action=f"/orgs/{CODE}/credit",
        penalties=(event(fine, "乌环罚〔2026〕1号"),),
        vetoes=(event(falsified, "乌环决〔2026〕7号", decide, propose, rests_on=grounds),),
        checks=(),
        devices=(
            DeviceLine(
                ref="INS-1",
                name="烟气分析仪",
                since=date(2023, 11, 3),
                years=3,
                failures=("2026-11-02，20.0 小时",),
                health=80,
            ),
        ),
        healthy=11,
        forms=EntryForms(
            measures=(FormChoice("fine", "罚款"),),
            conducts=(FormChoice("falsification", falsified),),
            checks=(FormChoice("spot_check", "随机抽查"),),
            kept={"document_no": "x"},
            open="penalty",
            preview="94.35 → 79.35",
        ),
        repair=repair_part(),
        grades=(
            YearGrade(
                year=2025,
                region=Text("乌鲁木齐市", "Urumqi"),
                grade="A",
                total="96.00",
                document_no="PJ-650100-2025-00001",
                until=date(2027, 3, 20),
                dossier_href=f"/credit/2025/{CODE}/dossier?region=650102",
            ),
        ),
        problem=Text("请写明理由", "give a reason"),
    )
