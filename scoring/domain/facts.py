"""The catalogue of facts: the one place that names them, with type, unit, subject and what exactly is counted."""

from collections.abc import Mapping
from types import MappingProxyType

from hengjian.scoring.domain.facts_of_credit import OF_CREDIT
from hengjian.scoring.domain.facts_of_evidence import OF_EVIDENCE
from hengjian.scoring.domain.facts_of_fieldwork import OF_FIELDWORK
from hengjian.scoring.domain.facts_of_institutions import OF_INSTITUTIONS
from hengjian.scoring.domain.facts_shape import PERSONS, PIECES, Fact
from hengjian.scoring.domain.facts_shape import SUBJECTS as SUBJECTS
from hengjian.scoring.domain.rules import Wording
from hengjian.scoring.domain.values import ValueType

INTEGER, DATE, BOOLEAN, LIST = ValueType.INTEGER, ValueType.DATE, ValueType.BOOLEAN, ValueType.LIST

_CAPACITY = (
    Fact(
        name="points",
        type=INTEGER,
        unit=Wording("个", "points"),
        subjects=("contractor", "contractor_city"),
        label=Wording("监测点位数", "points"),
        meaning=Wording("当日在运的监测点位", "monitoring points in service on the day"),
    ),
    Fact(
        name="sets",
        type=INTEGER,
        unit=Wording("套", "sets"),
        subjects=("contractor", "contractor_city", "core_item"),
        label=Wording("自动监测设施套数", "sets"),
        meaning=Wording(
            "当日在运的设施套数；地市规则只计该地市，核心备件计全部",
            "sets in service on the day; in a city for a city rule, all of them for a core spare",
        ),
    ),
    Fact(
        name="technicians",
        type=INTEGER,
        unit=PERSONS,
        subjects=("contractor",),
        label=Wording("运维人员数", "technicians"),
        meaning=Wording(
            "当日在职的运维人员，不含督查和质量保证人员",
            "technicians employed on the day, without supervisors and quality officers",
        ),
    ),
    Fact(
        name="supervisors",
        type=INTEGER,
        unit=PERSONS,
        subjects=("contractor",),
        label=Wording("督查人员数", "supervisors"),
        meaning=Wording("当日在职的督查人员", "the contractor's supervisors employed on the day"),
    ),
    Fact(
        name="vehicles",
        type=INTEGER,
        unit=Wording("辆", "vehicles"),
        subjects=("contractor_city",),
        label=Wording("运维车辆数", "vehicles"),
        meaning=Wording("当日驻该地市的运维车辆", "vehicles based in the city on the day"),
    ),
    Fact(
        name="office_area_m2",
        type=ValueType.DECIMAL,
        unit=Wording("m²", "m²"),
        subjects=("contractor",),
        label=Wording("办公场所面积", "office area"),
        meaning=Wording("当日各办公场所面积之和；有一处未填则为未知", "sum over offices; unknown when one is"),
    ),
    Fact(
        name="business_scope",
        type=ValueType.TEXT,
        subjects=("contractor",),
        label=Wording("经营范围", "business scope"),
        meaning=Wording("营业执照所载经营范围", "business scope as on the licence"),
    ),
    Fact(
        name="exclusive_warehouses",
        type=INTEGER,
        unit=Wording("座", "warehouses"),
        subjects=("contractor",),
        label=Wording("独立备件库", "warehouses of its own"),
        meaning=Wording("不与他人共用的备件库", "warehouses not shared with another contractor"),
    ),
    Fact(
        name="days_since_push",
        advances=True,
        type=INTEGER,
        unit=Wording("天", "days"),
        subjects=("contractor",),
        label=Wording("距最近一次推送天数", "days since the last push"),
        meaning=Wording(
            "判定日距最近一次有行被接收的推送的天数；从未推送则为未知",
            "days since the last push of which a row was accepted; unknown when there was none yet",
        ),
    ),
    Fact(
        name="shared_warehouses",
        type=INTEGER,
        unit=Wording("座", "warehouses"),
        subjects=("contractor",),
        label=Wording("共用备件库", "shared warehouses"),
        meaning=Wording("与其他运维单位共用的备件库", "warehouses shared with another contractor"),
    ),
)

_STOCK = (
    Fact(
        name="stock",
        type=INTEGER,
        unit=PIECES,
        subjects=("item",),
        label=Wording("库存量", "stock"),
        meaning=Wording("该品种各库最近盘点数之和", "last counts of the item summed over warehouses"),
    ),
    Fact(
        name="monthly_usage",
        type=INTEGER,
        unit=PIECES,
        subjects=("item",),
        label=Wording("月使用量", "monthly usage"),
        meaning=Wording("该品种每月使用数量", "pieces used in a month"),
    ),
    Fact(
        name="installed_base",
        type=INTEGER,
        unit=PIECES,
        subjects=("item",),
        label=Wording("设备保有量", "installed base"),
        meaning=Wording("在用设备上该品种的数量", "pieces installed in equipment in use"),
    ),
    Fact(
        name="core_stock",
        type=INTEGER,
        unit=PIECES,
        subjects=("core_item",),
        label=Wording("核心备件库存量", "core stock"),
        meaning=Wording("该核心备件各库最近盘点数之和", "last counts of the core spare summed over warehouses"),
    ),
    Fact(
        name="failure_rate_bp",
        type=INTEGER,
        unit=Wording("万分之一/月", "basis points a month"),
        subjects=("core_item",),
        label=Wording("月故障率", "failure rate"),
        meaning=Wording("10%/月 写作 1000", "10 % a month is written 1000"),
    ),
)

_PEOPLE = (
    Fact(
        name="technicians_due",
        type=INTEGER,
        unit=PERSONS,
        subjects=("contractor",),
        label=Wording("应持证运维人员数", "technicians due a certificate"),
        meaning=Wording(
            "当日在职且入职已满三个月（到期日次日起）的运维人员",
            "technicians employed on the day whose three months since hire have passed (from the day after the due day)",
        ),
    ),
    Fact(
        name="technicians_certified",
        type=INTEGER,
        unit=PERSONS,
        subjects=("contractor",),
        label=Wording("其中持有效证人数", "of them certified"),
        meaning=Wording(
            "应持证人员中当日持有有效上岗证者；证书截止当日仍有效",
            "those of technicians_due with a certificate valid on the day; its last day is still valid",
        ),
    ),
    Fact(
        name="hired_on",
        type=DATE,
        subjects=("person",),
        label=Wording("入职日期", "hired on"),
        meaning=Wording("入职首日", "first day employed"),
    ),
    Fact(
        name="first_certificate_on",
        type=DATE,
        subjects=("person",),
        label=Wording("首次取证日期", "first certificate on"),
        meaning=Wording("首张上岗证的发证日期；缺省时看是否持证", "day of issue of the first certificate"),
    ),
    Fact(
        name="certificate_held",
        type=BOOLEAN,
        subjects=("person",),
        label=Wording("是否取得过上岗证", "ever certified"),
        meaning=Wording(
            "0 表示已知尚未取证（以判定日计），缺省表示未知",
            "0 says it is known that there is none yet (then the day of judgement counts); absent says unknown",
        ),
    ),
    Fact(
        name="pledge_signed",
        type=BOOLEAN,
        subjects=("person",),
        label=Wording("已签自律承诺书", "pledge signed"),
        meaning=Wording("当日已签为 1，已知未签为 0", "1 when signed by the day, 0 when known not to be"),
    ),
    Fact(
        name="pledge_signed_on",
        type=DATE,
        subjects=("person",),
        label=Wording("承诺书签订日期", "pledge signed on"),
        meaning=Wording("签订日期，可缺省", "day of signature, may be absent"),
    ),
    Fact(
        name="first_visit_on",
        type=DATE,
        subjects=("person",),
        label=Wording("首次现场运维日期", "first visit on"),
        meaning=Wording("首次到现场运维的日期，可缺省", "day of the first visit to a point, may be absent"),
    ),
    Fact(
        name="as_of",
        advances=True,
        type=DATE,
        subjects=tuple(SUBJECTS),
        label=Wording("判定日", "as of"),
        meaning=Wording("作出判定所依据的日期", "the legal day (Asia/Shanghai) the judgement is made for"),
    ),
)

_PAPERS = (
    Fact(
        name="policy_documents",
        type=LIST,
        subjects=("contractor",),
        label=Wording("有效管理制度", "policy documents in force"),
        meaning=Wording("当日有效的制度类别", "kinds of policy documents in force on the day"),
        choices=MappingProxyType(
            {
                "STAFF_MANAGEMENT": Wording("人员管理和考核制度", "staff management and assessment"),
                "SUPERVISION": Wording("监督制度", "supervision"),
                "HAZARDOUS_WASTE": Wording("危险废物管理制度", "hazardous waste"),
                "ARCHIVES": Wording("档案管理制度", "archives"),
                "REPORTING": Wording("汇报制度", "reporting"),
                "WORK_INSTRUCTIONS": Wording("作业指导书", "work instructions"),
            }
        ),
    ),
    Fact(
        name="platform_modules",
        type=LIST,
        subjects=("contractor",),
        label=Wording("信息化平台模块", "platform modules"),
        meaning=Wording("信息化平台已有的功能模块", "functions that the information platform has"),
        choices=MappingProxyType(
            {
                "DATA_ACCESS": Wording("数据接入", "data access"),
                "OPERATION_MANAGEMENT": Wording("运维管理", "operation management"),
                "DOCUMENT_MANAGEMENT": Wording("资料管理", "document management"),
                "MOBILE": Wording("移动端", "mobile client"),
            }
        ),
    ),
    Fact(
        name="mobile",
        type=BOOLEAN,
        subjects=("contractor",),
        label=Wording("有移动端", "mobile client"),
        meaning=Wording("信息化平台是否有移动端", "whether the information platform has a mobile client"),
    ),
    Fact(
        name="active_registrations",
        type=LIST,
        subjects=("contractor",),
        label=Wording("有效备案", "active registrations"),
        meaning=Wording("当日有效的备案平台", "registries in which a registration is valid on the day"),
        choices=MappingProxyType(
            {
                "INDUSTRY_ASSOCIATION": Wording("生态环境保护产业协会", "industry association"),
                "AUTHORITY_PLATFORM": Wording("生态环境主管部门平台", "platform of the authority"),
            }
        ),
    ),
    Fact(
        name="used_on",
        advances=True,
        type=DATE,
        subjects=("laboratory", "instrument", "material_lot", "method", "contractor_lot"),
        label=Wording("使用日期", "used on"),
        meaning=Wording(
            "委托或使用的日期；持续使用时为判定日",
            "day of use; the day of judgement while it is in use",
        ),
    ),
    Fact(
        name="cma_held",
        type=BOOLEAN,
        subjects=("laboratory", "report_item"),
        label=Wording("有资质认定", "CMA held"),
        meaning=Wording("0 表示已知没有资质认定，缺省表示未知", "0 says it is known that there is none"),
    ),
    Fact(
        name="cma_valid_from",
        type=DATE,
        subjects=("laboratory",),
        label=Wording("资质认定生效日期", "CMA valid from"),
        meaning=Wording("证书首日", "first day on the certificate"),
    ),
    Fact(
        name="cma_valid_to",
        type=DATE,
        subjects=("laboratory", "report_item"),
        label=Wording("资质认定截止日期", "CMA valid to"),
        meaning=Wording("证书末日，当日仍有效", "last day on the certificate, still valid"),
    ),
    Fact(
        name="item_in_scope",
        type=BOOLEAN,
        subjects=("laboratory", "report_item"),
        label=Wording("项目在能力范围内", "item in scope"),
        meaning=Wording("使用的检测项目全部在资质认定范围内", "every item used is in the scope of the CMA"),
    ),
)

FACTS: Mapping[str, Fact] = MappingProxyType(
    {
        fact.name: fact
        for fact in _CAPACITY + _STOCK + _PEOPLE + _PAPERS + OF_FIELDWORK + OF_INSTITUTIONS + OF_CREDIT + OF_EVIDENCE
    }
)

# The labels of all listed values: what to print for a code in `lacking` or in a list fact.
LISTED: Mapping[str, Wording] = MappingProxyType(
    {code: text for fact in FACTS.values() for code, text in fact.choices.items()}
    | {
        "CMA": Wording("检验检测机构资质认定", "CMA accreditation"),
        "CMA_SCOPE": Wording("资质认定能力范围内的项目和方法", "item and method in the CMA's scope"),
        "INTERMEDIATE_TITLE": Wording("中级及以上职称或同等能力", "intermediate title or equivalent ability"),
        "CALIBRATION": Wording("检定或校准", "calibration"),
        "ACCEPTANCE": Wording("使用前验收", "acceptance before use"),
        "METHOD_VERIFICATION": Wording("方法验证", "verification of the method"),
        "AUTHORIZATION": Wording("上岗证或项目授权", "certificate or authorization for the item"),
        "DOOR_ENTRY": Wording("运维时段内的门禁进入记录", "entry at the door during the visit"),
        "POSITION": Wording("点位附近的定位", "position near the point"),
        "MATERIAL_CERTIFICATE": Wording("标准物质证书", "certificate of the material"),
        "COMPATIBILITY_PROOF": Wording("完全替代能力的证明", "proof that it is a full substitute"),
        "LICENSED_UNIT": Wording("交有危险废物经营许可证的单位", "handing over to a licensed unit"),
        "LABEL_CHECK": Wording("封口和识别标识码核查", "check of seal and label"),
        "REFUSAL": Wording("拒收", "refusal"),
        "OPENING_CHECK": Wording("分析前的封口和标识码核查", "check of seal and label before the analysis"),
        "OPENING_RECORDING": Wording("开封录像", "recording of the opening"),
        "HANDOVER_RECORDING": Wording("交接录像", "recording of the handover"),
        "LANDMARK_OR_POSITION": Wording("采样前的标志性建筑录像或经纬度", "landmark or coordinates before sampling"),
        "CUSTODIAN": Wording("在岗的录像保管人", "custodian of recordings in post"),
        "RECORDING_POLICY": Wording("录像资料管理与使用制度", "policy on recordings"),
        "ENTERED_BEFORE_ARRIVAL": Wording("到场前录入", "entered before arrival"),
        "ENTERED_AHEAD": Wording("采样前录入", "entered ahead of the sampling"),
        "ENTERED_OFF_SITE": Wording("非现场录入", "entered off site"),
        "CLOCK_AHEAD": Wording("设备时钟超前", "clock of the device ahead"),
        "SEAL_BEFORE_LABEL": Wording("贴码前封口", "seal before the label"),
        "LABEL_PHOTO": Wording("贴码照片", "photo of the label"),
        "PRINTER": Wording("打码设备", "printer"),
        "SPARE_PRINTER": Wording("备用打码设备", "spare printer"),
        "RECORDINGS_USED": Wording("录像记录", "recordings"),
        "LABELS_USED": Wording("识别标识码", "labels"),
        "USED_ELSEWHERE": Wording("该码其他机构也在使用", "another institution uses the label too"),
        "ISSUED_LABEL": Wording("主管部门发放的识别标识码", "label issued by the bureau"),
        "APPROVAL": Wording("实施前批准", "approval before it took effect"),
    }
)
