"""The facts of a contractor's work at its points and of what it hands in."""

from types import MappingProxyType

from hengjian.scoring.domain.facts_shape import Fact
from hengjian.scoring.domain.rules import Wording
from hengjian.scoring.domain.values import ValueType

INTEGER, DATE, BOOLEAN = ValueType.INTEGER, ValueType.DATE, ValueType.BOOLEAN
DAYS, METRES, SECONDS = Wording("天", "days"), Wording("米", "metres"), Wording("秒", "seconds")

OF_FIELDWORK = (
    Fact(
        name="from_mobile",
        type=BOOLEAN,
        subjects=("visit_record",),
        label=Wording("移动端填报", "made with the mobile client"),
        meaning=Wording("记录是否由移动端提交", "whether the record was made with the mobile client"),
    ),
    Fact(
        name="review_seconds",
        advances=True,
        type=INTEGER,
        unit=SECONDS,
        subjects=("visit_record",),
        label=Wording("提交至审核用时", "from submission to review"),
        meaning=Wording(
            "自提交至审核的秒数，不足一秒按一秒；尚未审核时计至判定日零时；未填提交时间则为未知",
            "seconds from submission to review, begun ones counted; while there is none, up to the beginning of the "
            "day of judgement; unknown without a time of submission",
        ),
    ),
    Fact(
        name="service_month",
        type=DATE,
        subjects=("client_month",),
        label=Wording("服务月份", "month of service"),
        meaning=Wording(
            "该月首日；该月至少有一个点位在运", "its first day; a point of the client was in service in it"
        ),
    ),
    Fact(
        name="report_received",
        type=BOOLEAN,
        subjects=("client_month",),
        label=Wording("已收到汇报报告", "report received"),
        meaning=Wording(
            "判定日前（含）排污单位已收到该月报告；该台账开始使用之前的月份为未知",
            "by the day of judgement the client has received the report on the month; unknown for months before the "
            "register began",
        ),
    ),
    Fact(
        name="received_on",
        type=DATE,
        subjects=("client_month",),
        label=Wording("收到日期", "received on"),
        meaning=Wording(
            "首份章节齐全的报告的收到日期；尚不齐全时为最近一份的收到日期",
            "day of receipt of the first whole report, of the latest while none is whole",
        ),
    ),
    Fact(
        name="report_sections",
        type=ValueType.LIST,
        subjects=("client_month",),
        label=Wording("报告已有章节", "sections of the report"),
        meaning=Wording("附录B九个章节中已有者", "those of the nine sections of annex B that it has"),
        choices=MappingProxyType(
            {
                "OVERVIEW": Wording("项目基本概述", "overview of the project"),
                "OPERATION": Wording("设施运行情况", "operation of the facilities"),
                "MAINTENANCE": Wording("运维工作", "O&M work"),
                "ABNORMAL_DATA": Wording("异常数据分析", "analysis of abnormal data"),
                "ORDERS": Wording("环保督办单及整改情况", "orders and rectification"),
                "INTERNAL_CHECKS": Wording("内部运维质量检查", "internal quality checks"),
                "LAW_STUDY": Wording("环保法律法规宣贯及学习", "study of laws and rules"),
                "NEXT_MONTH": Wording("下月运维工作计划", "plan for the next month"),
                "SUGGESTIONS": Wording("运维工作建议及需要支持工作", "suggestions and support needed"),
            }
        ),
    ),
    Fact(
        name="material_certified",
        type=BOOLEAN,
        subjects=("contractor_lot",),
        label=Wording("有标准物质证书", "certificate present"),
        meaning=Wording("已填证书编号为 1，未填为 0", "1 with a certificate number, 0 without"),
    ),
    Fact(
        name="spare_used",
        type=BOOLEAN,
        subjects=("repair",),
        label=Wording("更换核心备件", "core spare put in"),
        meaning=Wording("检修中是否更换了核心备件", "whether a core spare was put in"),
    ),
    Fact(
        name="same_brand_and_model",
        type=BOOLEAN,
        subjects=("repair",),
        label=Wording("与原品牌型号一致", "same brand and model"),
        meaning=Wording(
            "备件与原件的品牌、型号均相同；有一项未填则为未知",
            "brand and model of spare and original are equal; unknown when one of them is",
        ),
    ),
    Fact(
        name="compatibility_proven",
        type=BOOLEAN,
        subjects=("repair",),
        label=Wording("有替代能力证明", "compatibility proven"),
        meaning=Wording(
            "有证明完全替代能力的文件编号为 1，没有为 0", "1 with the number of a document that proves it, 0 without"
        ),
    ),
    Fact(
        name="stopped",
        type=BOOLEAN,
        subjects=("point",),
        label=Wording("停运中", "stopped"),
        meaning=Wording("当日有停运标记；没有标记即为在运", "a stop is marked on the day; without a mark it runs"),
    ),
    Fact(
        name="days_since_inspection",
        advances=True,
        type=INTEGER,
        unit=DAYS,
        subjects=("point",),
        label=Wording("距上次巡检天数", "days since the last inspection"),
        meaning=Wording(
            "自上次巡检（投运后尚无巡检的自投运日，最早自现场运维台账首日）至判定日的日期差，扣除停运日；"
            "当日巡检时仍为至当日的间隔",
            "dates from the last inspection (from the first day in service while there is none; at the earliest from the "
            "first day of the register of visits) to the day of judgement, without days of stops; on the day of an "
            "inspection still the gap that it ends",
        ),
    ),
    Fact(
        name="produces_waste",
        type=BOOLEAN,
        subjects=("point",),
        label=Wording("产生废液", "produces waste liquid"),
        meaning=Wording("点位的分析仪器是否产生废液；未填则为未知", "as pushed with the point; unknown when it is not"),
    ),
    Fact(
        name="days_since_collection",
        advances=True,
        type=INTEGER,
        unit=DAYS,
        subjects=("point",),
        label=Wording("距上次废液收集天数", "days since waste was collected"),
        meaning=Wording(
            "自上次收集至判定日的日期差，起算和扣除停运日的办法同巡检",
            "dates from the last collection to the day of judgement, counted as for inspections",
        ),
    ),
    Fact(
        name="collection_licensed",
        type=BOOLEAN,
        subjects=("point",),
        label=Wording("交有证单位", "handed to a licensed unit"),
        meaning=Wording(
            "最近一日收集的废液均交给当日许可证有效的单位；尚未收集则缺省",
            "all waste of the last day of collection went to a unit whose licence was valid then; absent before the first",
        ),
    ),
    Fact(
        name="supervised_points",
        type=INTEGER,
        unit=Wording("个", "points"),
        subjects=("supervisor_month",),
        label=Wording("本月督查点位数", "points supervised in the month"),
        meaning=Wording(
            "督查人员自当月1日至判定日到过的不同点位",
            "different points that a supervisor visited from the 1st to the day",
        ),
    ),
    Fact(
        name="points_visited",
        type=INTEGER,
        unit=Wording("个", "points"),
        subjects=("technician_day",),
        label=Wording("当日到过点位数", "points visited on the day"),
        meaning=Wording("运维人员当日到过的不同点位", "different points that a technician visited on the day"),
    ),
    Fact(
        name="distance_m",
        type=INTEGER,
        unit=METRES,
        subjects=("visit_pair",),
        label=Wording("两地距离", "distance"),
        meaning=Wording(
            "两次现场运维定位（缺定位时为两点位位置）之间的直线距离，只少计不多计，向下取整",
            "straight line between where the two visits were recorded (else between the points), a lower bound, whole "
            "metres",
        ),
    ),
    Fact(
        name="travel_seconds",
        type=INTEGER,
        unit=SECONDS,
        subjects=("visit_pair",),
        label=Wording("间隔时间", "time between"),
        meaning=Wording(
            "前次结束至后次开始的秒数，时间重叠时为负",
            "seconds from the end of the earlier to the start of the later, negative when they overlap",
        ),
    ),
    Fact(
        name="door_system",
        type=BOOLEAN,
        subjects=("visit",),
        label=Wording("有门禁系统", "door system"),
        meaning=Wording("点位站房是否有门禁系统；未填则为未知", "as pushed with the point; unknown when it is not"),
    ),
    Fact(
        name="door_entry_in_visit",
        type=BOOLEAN,
        subjects=("visit",),
        label=Wording("运维时段内有门禁进入", "entry during the visit"),
        meaning=Wording(
            "门禁进入时间在开始和结束时间之间（含）；没有门禁记录为 0",
            "the entry was logged from the start to the end of the visit; 0 when none was",
        ),
    ),
    Fact(
        name="position_distance_m",
        type=INTEGER,
        unit=METRES,
        subjects=("visit",),
        label=Wording("定位与点位距离", "distance from the point"),
        meaning=Wording(
            "现场定位与点位位置的直线距离，只少计不多计，向下取整；缺一个位置则缺省",
            "straight line from the recorded position to the point, a lower bound, whole metres; absent without both",
        ),
    ),
)
