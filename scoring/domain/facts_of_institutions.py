"""The facts of monitoring institutions."""

from types import MappingProxyType

from hengjian.scoring.domain.facts_shape import PERSONS, Fact
from hengjian.scoring.domain.rules import Wording
from hengjian.scoring.domain.values import ValueType

INTEGER, DATE, BOOLEAN, LIST = ValueType.INTEGER, ValueType.DATE, ValueType.BOOLEAN, ValueType.LIST

OF_INSTITUTIONS = (
    Fact(
        name="staff",
        type=INTEGER,
        subjects=("institution",),
        unit=PERSONS,
        label=Wording("监测人员数", "monitoring staff"),
        meaning=Wording(
            "当日在职的监测人员，同一人兼多岗只计一次",
            "monitoring staff employed on the day; somebody with two posts counts once",
        ),
    ),
    Fact(
        name="staff_intermediate",
        type=INTEGER,
        subjects=("institution",),
        unit=PERSONS,
        label=Wording("其中中级及以上人数", "of them intermediate or higher"),
        meaning=Wording(
            "监测人员中具有中级及以上职称或同等能力者；有一人未填职称级别则为未知",
            "those with an intermediate or higher title or equivalent ability; unknown when one title level is",
        ),
    ),
    Fact(
        name="cma_granted_on",
        type=DATE,
        subjects=("institution",),
        label=Wording("资质认定发证日期", "CMA granted on"),
        meaning=Wording(
            "当日已发的最近一张资质认定证书的发证日期", "day of the latest grant of a CMA certificate by the day"
        ),
    ),
    Fact(
        name="reports_issued",
        type=INTEGER,
        subjects=("institution",),
        unit=Wording("份", "reports"),
        label=Wording("本年签发报告数", "reports issued this year"),
        meaning=Wording("自当年1月1日至判定日签发的监测报告", "monitoring reports issued from 1 January to the day"),
    ),
    Fact(
        name="title_level",
        type=ValueType.TEXT,
        subjects=("technical_manager", "signatory"),
        label=Wording("职称级别", "level of the title"),
        meaning=Wording("技术职称的级别，同等能力单列", "level of the professional title, equivalent ability apart"),
        choices=MappingProxyType(
            {
                "NONE": Wording("无职称", "no title"),
                "JUNIOR": Wording("初级", "junior"),
                "INTERMEDIATE_EQUIVALENT": Wording("中级同等能力", "equivalent to intermediate"),
                "INTERMEDIATE": Wording("中级", "intermediate"),
                "ASSOCIATE_SENIOR": Wording("副高级", "associate senior"),
                "SENIOR": Wording("正高级", "senior"),
            }
        ),
    ),
    Fact(
        name="experienced_since",
        type=DATE,
        subjects=("technical_manager", "signatory"),
        label=Wording("从事监测工作起始日期", "experienced since"),
        meaning=Wording("从事生态环境监测相关工作的首日", "first day of work in environmental monitoring"),
    ),
    Fact(
        name="calibration_exempt",
        type=BOOLEAN,
        subjects=("instrument",),
        label=Wording("无需检定校准", "calibration exempt"),
        meaning=Wording(
            "1 表示不影响结果、无需检定校准；缺省视为需要",
            "1 says that it influences no result; absent, it needs calibration",
        ),
    ),
    Fact(
        name="calibration_held",
        type=BOOLEAN,
        subjects=("instrument",),
        label=Wording("已检定校准", "calibrated"),
        meaning=Wording(
            "0 表示已知从未检定校准，缺省表示未知", "0 says it is known that it never was; absent says unknown"
        ),
    ),
    Fact(
        name="calibrated_to",
        type=DATE,
        subjects=("instrument",),
        label=Wording("检定校准有效期至", "calibrated until"),
        meaning=Wording("最近一次检定校准的末日，当日仍有效", "last valid day of the latest calibration"),
    ),
    Fact(
        name="calibration_fit",
        type=BOOLEAN,
        subjects=("instrument",),
        label=Wording("结果确认合格", "fit for use"),
        meaning=Wording(
            "最近一次检定校准的结果是否确认合格", "whether the result of the latest calibration allows the use"
        ),
    ),
    Fact(
        name="key_material",
        type=BOOLEAN,
        subjects=("material_lot",),
        label=Wording("标准物质或关键试剂", "reference material or key reagent"),
        meaning=Wording(
            "标准物质均是；试剂按推送的关键试剂标志", "every reference material is; a reagent as it was pushed"
        ),
    ),
    Fact(
        name="expires_on",
        type=DATE,
        subjects=("material_lot", "contractor_lot"),
        label=Wording("有效期至", "expires on"),
        meaning=Wording("末日，当日仍有效", "last valid day"),
    ),
    Fact(
        name="accepted_on",
        type=DATE,
        subjects=("material_lot",),
        label=Wording("验收日期", "accepted on"),
        meaning=Wording("使用前验收的日期", "day of acceptance"),
    ),
    Fact(
        name="acceptance_recorded",
        type=BOOLEAN,
        subjects=("material_lot",),
        label=Wording("已验收", "acceptance recorded"),
        meaning=Wording("有验收日期为 1，没有为 0", "1 with a day of acceptance, 0 without"),
    ),
    Fact(
        name="verified_on",
        type=DATE,
        subjects=("method",),
        label=Wording("方法验证日期", "verified on"),
        meaning=Wording("方法验证的日期", "day of the verification"),
    ),
    Fact(
        name="verification_recorded",
        type=BOOLEAN,
        subjects=("method",),
        label=Wording("已做方法验证", "verification recorded"),
        meaning=Wording("有方法验证日期为 1，没有为 0", "1 with a day of verification, 0 without"),
    ),
    Fact(
        name="superseded_on",
        type=DATE,
        subjects=("method",),
        label=Wording("被代替日期", "superseded on"),
        meaning=Wording(
            "标准不再现行的首日，现行则缺省", "first day on which the standard is no longer current; absent while it is"
        ),
    ),
    Fact(
        name="environment_limits",
        type=LIST,
        subjects=("room",),
        label=Wording("设定的环境限值", "limits set"),
        meaning=Wording("该场所设有上下限的环境条件", "conditions for which the room has limits"),
        choices=MappingProxyType(
            {
                "TEMPERATURE": Wording("温度", "temperature"),
                "HUMIDITY": Wording("湿度", "humidity"),
            }
        ),
    ),
    Fact(
        name="readings_outside",
        type=LIST,
        subjects=("room",),
        label=Wording("超出限值的条件", "readings outside"),
        meaning=Wording(
            "最近一次记录中超出限值的环境条件；未记录则为未知",
            "conditions outside the limits at the last reading; unknown while one is not read",
        ),
        choices=MappingProxyType(
            {
                "TEMPERATURE": Wording("温度", "temperature"),
                "HUMIDITY": Wording("湿度", "humidity"),
            }
        ),
    ),
    Fact(
        name="action_recorded",
        type=BOOLEAN,
        subjects=("room",),
        label=Wording("已记录处置", "action recorded"),
        meaning=Wording("最近一次记录是否写明处置措施", "whether the last reading names what was done"),
    ),
    Fact(
        name="operator_authorized",
        type=BOOLEAN,
        subjects=("result",),
        label=Wording("检测人员持证", "operator authorized"),
        meaning=Wording(
            "检测当日检测人员持有覆盖该项目的有效上岗证或授权",
            "on the day of the test its maker held a certificate that covers the item",
        ),
    ),
    Fact(
        name="analyst",
        type=ValueType.TEXT,
        subjects=("result",),
        label=Wording("检测人员", "analyst"),
        meaning=Wording("检测人员的来源编号", "source reference of who made the test"),
    ),
    Fact(
        name="checker",
        type=ValueType.TEXT,
        subjects=("result",),
        label=Wording("校核人", "checker"),
        meaning=Wording("校核人的来源编号", "source reference of who checked it"),
    ),
    Fact(
        name="reviewer",
        type=ValueType.TEXT,
        subjects=("result",),
        label=Wording("审核人", "reviewer"),
        meaning=Wording("审核人的来源编号", "source reference of who reviewed it"),
    ),
    Fact(
        name="issued_on",
        type=DATE,
        subjects=("report_item",),
        label=Wording("签发日期", "issued on"),
        meaning=Wording("报告签发日期", "day of issue of the report"),
    ),
    Fact(
        name="same_number",
        type=INTEGER,
        subjects=("report",),
        unit=Wording("份", "reports"),
        label=Wording("同号报告数", "reports of this number"),
        meaning=Wording(
            "到签发日为止使用该报告编号的报告数，含本报告",
            "reports with this number up to the day of issue, this one included",
        ),
    ),
    Fact(
        name="is_amended",
        type=BOOLEAN,
        subjects=("report",),
        label=Wording("修改后的报告", "amended"),
        meaning=Wording("是否为修改后重新签发的报告", "whether it amends an earlier report"),
    ),
    Fact(
        name="amendment_record",
        type=LIST,
        subjects=("report",),
        label=Wording("修改说明", "amendment record"),
        meaning=Wording("修改后的报告注明的内容", "what the amended report states"),
        choices=MappingProxyType(
            {
                "ORIGINAL_NUMBER": Wording("原报告编号", "number of the original"),
                "REASON": Wording("修改原因", "reason"),
            }
        ),
    ),
    Fact(
        name="implemented_on",
        type=DATE,
        subjects=("system_change",),
        label=Wording("实施日期", "implemented on"),
        meaning=Wording("变更生效的日期", "day on which the change took effect"),
    ),
    Fact(
        name="approved_on",
        type=DATE,
        subjects=("system_change",),
        label=Wording("批准日期", "approved on"),
        meaning=Wording("变更获批准的日期", "day of approval"),
    ),
    Fact(
        name="approval_recorded",
        type=BOOLEAN,
        subjects=("system_change",),
        label=Wording("有批准记录", "approval recorded"),
        meaning=Wording("有批准日期为 1，没有为 0", "1 with a day of approval, 0 without"),
    ),
)
