"""Sample findings, rules, reports, receipts and an own home."""

from datetime import date

from hengjian.dashboards.language import Text
from hengjian.dashboards.pages.findings_record import (
    CountedLine,
    FactLine,
    FindingPage,
    FindingsPage,
    LifeStep,
    OtherFinding,
    SourceGroup,
    SourceRow,
    Step,
)
from hengjian.dashboards.pages.life_record import ActChoice
from hengjian.dashboards.pages.organization_record import (
    GapLine,
    Tab,
)
from hengjian.dashboards.pages.other_records import (
    Count,
    Making,
    Mend,
    MissingLine,
    MyPage,
    ProblemLine,
    ReceiptPage,
    ReportLine,
    ReportsPage,
)
from hengjian.dashboards.pages.overview_record import (
    Figure,
)
from hengjian.dashboards.pages.rules_record import EventLine
from hengjian.dashboards.parts import ReportForm, heads, pager
from tests.dashboards import sample_life as life
from tests.dashboards.sample_credit import MATTERS
from tests.dashboards.sample_frame import C05, CODE, LINES, NAME, NOW, POINTS_A_PERSON, TODAY, URUMQI, finding
from tests.dashboards.sample_lists import QUERY, listing
from tests.dashboards.sample_profile import RECEIPTS


def receipt() -> ReceiptPage:
    return ReceiptPage(
        batch="0192f3a1-7c1e",
        register=Text("人员", "people"),
        organization=NAME,
        back_href=f"/orgs/{CODE}/receipts",
        received_at=NOW,
        figures=(
            Count(label="收到", value=5000, unit="行", note=""),
            Count(label="已接收", value=4977, unit="行", note=""),
            Count(label="有提示", value=3, unit="行", note=""),
            Count(label="未接收", value=20, unit="行", note="改后重传"),
        ),
        problems=(
            ProblemLine(
                row=17,
                reference="P-017",
                outcome="refused",
                path="input.rows.16.identityNumber",
                field="行 17 · 身份证号",
                message=Text(
                    "身份证号校验位应为 7，收到 2。请核对后重传这一行。", "Check digit should be 7, received 2."
                ),
                code="ID_CHECK_DIGIT",
            ),
            ProblemLine(
                row=18,
                reference="<script>alert(1)</script>",
                outcome="accepted_with_warnings",
                path="",
                field="",
                message=Text("地区代码已撤销。", "Region abolished."),
                code="REGION_ABOLISHED",
            ),
        ),
        more=2,
        proof=(("回执编号", "0192f3a1-7c1e"), ("内容摘要", "5e0b" * 16)),
    )


TRACE = (Step("points", "113"), Step("8 * technicians", "112"), Step("points <= 8 * technicians", "否"))
FACTS = (
    FactLine(name=Text("在役监测点位", "points"), value="113", rows=113, href="#rows-points", parameter=False),
    FactLine(name=Text("每名运维人员点位上限", "limit"), value="8", rows=0, href="", parameter=True),
    FactLine(name=Text("月使用量"), value=None, rows=0, href="", parameter=False),
)
LIFE = (
    LifeStep("检出", "收到推送后自动判定", NOW, "ok"),
    LifeStep("确认或驳回", "由监管人员决定", None, "now"),
    LifeStep("整改", "期限在决定中写明", None, ""),
)
OTHERS = (
    OtherFinding(
        number="650100-2026-00097",
        rule_id="C-05",
        title=C05,
        subject="",
        since=date(2026, 3, 3),
        state="closed",
    ),
)


COUNTED = (
    CountedLine(EventLine("C-04", "C-04", Text("同一事件 <b>", "the same event <b>")), ("650100-2026-00391",)),
    CountedLine(EventLine("C-03", "C-03", Text("同一事件", "the same event")), ()),
)


def finding_page() -> FindingPage:
    row = SourceRow(
        reference="P-003",
        summary="王建军 · 运维人员 · 离职 2026-09-12",
        valid_from=date(2024, 3, 1),
        valid_until=date(2026, 9, 12),
        recorded_at=NOW,
        batch="0192f3a1",
        receipt_href="/my/receipts/1",
    )
    return FindingPage(
        number="650100-2026-00418",
        rule_id="C-05",
        title=C05,
        severity="major",
        state="detected",
        organization=NAME,
        credit_code=CODE,
        region=URUMQI,
        subject="",
        ways=(("任务经过", "/orgs/1/task?ref=1"),),
        since=date(2026, 9, 12),
        until=None,
        days=70,
        in_force_from=date(2025, 10, 1),
        measured="8.07",
        required="≤ 8",
        gap="移动端",
        unit=POINTS_A_PERSON,
        formula="points <= points_per_technician * technicians",
        substituted="113 ≤ 8 × 14 = 112",
        trace=TRACE,
        quote="污染源自动监测设施运维人员的人均维护监测点位应不高于8个",
        source=Text("《固定污染源自动监测设施运维单位运行服务规范》"),
        clause="4.3.5.3",
        facts=FACTS,
        sources=(
            SourceGroup(
                register="people",
                label=Text("人员", "people"),
                total=15,
                rows=(row,),
                href=f"/orgs/{CODE}/registers/people?as_of=2026-11-20",
            ),
        ),
        remedy=Text(
            "再配备至少 1 名运维人员，或减少维护的点位，并推送人员或点位台账。", "Employ at least one more technician."
        ),
        life=LIFE,
        lawbook_version="a41f" + "0" * 60,
        judged_at=NOW,
        detected_at=NOW,
        costs_points=True,
        counted_under=COUNTED,
        others=OTHERS,
        previous="650100-2026-00417",
        next=None,
        panel=life.panel(),
    )


def findings() -> FindingsPage:
    columns = (
        ("机构", "", False),
        ("规则", "rule", False),
        ("实测", "", True),
        ("要求", "", True),
        ("持续，天", "days", True),
        ("级别", "severity", False),
        ("状态", "", False),
    )
    return FindingsPage(
        open_total=73,
        told=0,
        tabs=(
            Tab("未关闭", "/findings", 73, current=True),
            Tab("待确认", "/findings?state=detected", 14, current=False),
            Tab("已关闭", "/findings?state=closed", 1206, current=False),
        ),
        filter=listing("/findings"),
        heads=heads("/findings", QUERY, columns, sort="-severity"),
        lines=LINES,
        pager=pager("/findings", QUERY, page=1, size=20, total=14),
        csv_href="/findings.csv",
        bulk=(ActChoice("notify", "通知机构", ""),),
    )


def reports() -> ReportsPage:
    return ReportsPage(
        organization=NAME,
        form=ReportForm(credit_code=CODE, name=NAME, months=("2026-11", "2026-10"), chosen="2026-10"),
        making=Making(month="2026-10", language="zh", state="making", poll="/reports?asked=1", href=""),
        pager=pager("/reports", [], page=1, size=20, total=2),
        reports=(
            ReportLine(
                subject=Text(NAME),
                kind="机构月度合规报告",
                month="2026-10",
                language="zh",
                made_at=NOW,
                octets=412000,
                sha256="5e0b" * 16,
                href="/reports/1.pdf",
                state="",
            ),
            ReportLine(
                subject=Text(NAME),
                kind="机构月度合规报告",
                month="2026-11",
                language="zh",
                made_at=None,
                octets=None,
                sha256=None,
                href="",
                state="正在生成",
            ),
        ),
    )


def my() -> MyPage:
    return MyPage(
        name=NAME,
        credit_code=CODE,
        region=URUMQI,
        grade="B",
        day=TODAY,
        figures=(
            Figure(label="暂定得分", value="84.96", unit="分", note="只评了 D1", href="#"),
            Figure(label="未关闭违规项", value="9", unit="项", note="", href="/findings"),
            Figure(label="缺少数据，没有判定", value="1", unit="条", note="", href="#"),
            Figure(label="上次推送", value=None, unit="", note="", href="#"),
        ),
        mend=(Mend(finding(), Text("再配备至少 1 名运维人员，或减少维护的点位。", "Employ one more technician.")),),
        missing=(
            MissingLine(
                rule_id="C-09",
                title=Text("易损易耗品库存", "Consumables in stock"),
                missing=(Text("月使用量", "monthly usage"),),
            ),
        ),
        matters=MATTERS,
        gaps=(GapLine(register=Text("人员", "people"), stream="default", missing="9", highest="11"),),
        receipts=RECEIPTS,
        pager=pager("/my", [], page=1, size=20, total=2),
    )
