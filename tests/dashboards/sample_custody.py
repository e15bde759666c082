"""Sample pages of labels and tasks."""

from datetime import date

from hengjian.dashboards.language import Text
from hengjian.dashboards.pages.custody_record import (
    IssueLine,
    LabelLine,
    LabelPage,
    LabelsPage,
    PrintForm,
    PublicLabelPage,
    SampleLine,
    TaskEntry,
    TaskPage,
    TasksPage,
    TimelineLine,
)
from hengjian.dashboards.parts import pager
from tests.dashboards import sample_profile as profile
from tests.dashboards.sample_frame import CODE, NOW

BASE = f"/orgs/{CODE}"
NUMBER = "6501-7KM2-9QXA-4TNB-C"
LABEL = LabelLine(
    label_id=NUMBER,
    href=f"{BASE}/labels/{NUMBER}",
    state="已拒收",
    look="wait",
    prints=2,
    sample="S-1",
    changed_at=NOW,
    troubles=1,
    printable=True,
)
LINE = TimelineLine(
    what="接收并核查",
    more="冷藏",
    label_id=NUMBER,
    label_href=LABEL.href,
    sample="S-1",
    person="P-1 → P-2",
    happened_at=NOW,
    recorded_at=NOW,
    place="12 m",
    said=(("封口和标识码", "破损严重"), ("原因", "<b>摔落</b>")),
    troubles=("封口或标识码破损严重仍接收，按拒收处理", "不在现场录入"),
    receipt_href=f"{BASE}/receipts/1",
)


def labels(*, bureau: bool) -> LabelsPage:
    """The list, with the form of one side."""
    printing = PrintForm(
        people=(("P-1", "王芳"),),
        printers=(("B-1", "打码机"),),
        tasks=(("T-1", "试验化工 总排口"),),
        kept={"person": "P-1", "task": "", "printer": "", "reason": "淋湿"},
    )
    return LabelsPage(
        head=profile.head("识别标识码"),
        may_issue=bureau,
        printing=None if bureau else printing,
        problem=None if bureau else Text("请选择", "choose"),
        text="",
        begins="6501-",
        issues=(
            IssueLine(href=f"{BASE}/labels?issue=1", issued_at=NOW, issuer="试验局", labels=9, used=1, current=True),
        ),
        lines=(LABEL,),
        pager=pager(f"{BASE}/labels", [], page=1, size=50, total=1),
    )


def label() -> LabelPage:
    """One label."""
    return LabelPage(
        head=profile.head("识别标识码"),
        line=LABEL,
        issued_at=NOW,
        issuer="试验局",
        task_ref="T-1",
        task_href=f"{BASE}/task?ref=T-1",
        elsewhere=True,
        others=(("另一检测公司", "/orgs/2/labels/1"),),
        timeline=(LINE,),
    )


def tasks() -> TasksPage:
    """The list of tasks."""
    entry = TaskEntry(
        reference="T-1",
        href=f"{BASE}/task?ref=T-1",
        client="试验化工",
        point="总排口",
        planned_on=date(2026, 11, 20),
        origin="自行采样",
        samples=2,
        events=3,
    )
    return TasksPage(
        head=profile.head("监测任务"),
        text="",
        lines=(entry,),
        pager=pager(f"{BASE}/tasks", [], page=1, size=20, total=1),
    )


def task() -> TaskPage:
    """One task."""
    return TaskPage(
        head=profile.head("监测任务"),
        reference="T-1",
        client="试验化工",
        point="总排口",
        origin="自行采样",
        plan=(("计划日期", "2026-11-20"), ("企业代码", "")),
        samples=(
            SampleLine(
                reference="S-1",
                items="化学需氧量",
                container="玻璃瓶",
                preservation=("冷藏",),
                labels=(LABEL,),
                missing=False,
            ),
            SampleLine(reference="S-2", items="氨氮", container="", preservation=(), labels=(), missing=True),
        ),
        timeline=(LINE,),
        troubles=2,
    )


def checked(outcome: str) -> PublicLabelPage:
    """What anybody is told."""
    return PublicLabelPage(
        typed=NUMBER,
        outcome=outcome,
        label_id="" if outcome == "unreadable" else NUMBER,
        city=Text("乌鲁木齐市", "Urumqi"),
        state="已拒收",
        good=False,
        changed_at=NOW,
    )
