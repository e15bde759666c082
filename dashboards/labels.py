"""The word for each code, in Chinese and marked for the catalogue. Names follow the product's glossary."""

from collections.abc import Mapping

from hengjian.dashboards.custody_words import (
    FIELD_EVENTS,
    KEY_STEPS,
    LABEL_EVENTS,
    ORIGINS,
    PRESERVATIONS,
    SEALS,
)
from hengjian.dashboards.language import mark

GRADES: Mapping[str, str] = {"A": mark("优"), "B": mark("良"), "C": mark("中"), "D": mark("差"), "N": mark("暂不评价")}
SEVERITIES: Mapping[str, str] = {
    "critical": mark("严重"),
    "major": mark("较重"),
    "minor": mark("一般"),
    "info": mark("提示"),
}
VERDICTS: Mapping[str, str] = {
    "pass": mark("符合"),
    "breach": mark("不符合"),
    "not_applicable": mark("不适用"),
    "no_data": mark("无数据"),
}
STATES: Mapping[str, str] = {
    "detected": mark("待确认"),
    "notified": mark("已通知"),
    "stated": mark("已陈述"),
    "confirmed": mark("已确认"),
    "dismissed": mark("已驳回"),
    "rectified": mark("已整改"),
    "verified": mark("已核验"),
    "closed": mark("已关闭"),
    "suspended": mark("已暂缓"),
}
KINDS: Mapping[str, str] = {
    "INSTITUTION": mark("监测机构"),
    "CONTRACTOR": mark("运维单位"),
    "DISCHARGER": mark("排污单位"),
    "BUREAU": mark("生态环境局"),
}
ROLES: Mapping[str, str] = {
    "inspector": mark("监管人员"),
    "reviewer": mark("复核人"),
    "rule_author": mark("规则管理员"),
    "administrator": mark("管理员"),
    "clerk": mark("经办人"),
    "filing_signatory": mark("申报签署人"),
}
OUTCOMES: Mapping[str, str] = {
    "accepted": mark("已接收"),
    "accepted_with_warnings": mark("已接收有提示"),
    "refused": mark("未接收"),
}
CHOICES: Mapping[str, str] = {
    **KINDS,
    **PRESERVATIONS,
    **KEY_STEPS,
    **{str(one): said for words in (ORIGINS, LABEL_EVENTS, FIELD_EVENTS, SEALS) for one, said in words.items()},
    "DATA_ACCESS": mark("数据接入"),
    "OPERATION_MANAGEMENT": mark("运维管理"),
    "DOCUMENT_MANAGEMENT": mark("资料管理"),
    "AUTHORITY_PLATFORM": mark("主管部门平台"),
    "INDUSTRY_ASSOCIATION": mark("行业协会"),
    "OWN": mark("自有"),
    "CONTRACTED": mark("委托"),
    "TECHNICIAN": mark("运维人员"),
    "SUPERVISOR": mark("督查人员"),
    "QUALITY_OFFICER": mark("质量保证人员"),
    "TECHNICAL_MANAGER": mark("技术负责人"),
    "QUALITY_MANAGER": mark("质量负责人"),
    "AUTHORIZED_SIGNATORY": mark("授权签字人"),
    "SAMPLER": mark("采样人员"),
    "ANALYST": mark("分析人员"),
    "CHECKER": mark("校核人"),
    "AUDITOR": mark("审核人"),
    "OTHER": mark("其他"),
    "WATER": mark("水"),
    "GAS": mark("气"),
    "DATA_LOGGER": mark("数采仪"),
    "CONSUMABLE": mark("易损易耗品"),
    "CORE": mark("核心备件"),
    "STAFF_MANAGEMENT": mark("人员管理制度"),
    "SUPERVISION": mark("督查制度"),
    "HAZARDOUS_WASTE": mark("危险废物管理制度"),
    "ARCHIVES": mark("档案管理制度"),
    "REPORTING": mark("报告制度"),
    "WORK_INSTRUCTIONS": mark("作业指导书"),
    "MONITORING": mark("监测"),
    "NONE": mark("无职称"),
    "JUNIOR": mark("初级"),
    "INTERMEDIATE_EQUIVALENT": mark("中级同等能力"),
    "INTERMEDIATE": mark("中级"),
    "ASSOCIATE_SENIOR": mark("副高级"),
    "SENIOR": mark("正高级"),
    "OWNED": mark("自有"),
    "LEASED": mark("租赁"),
    "VERIFICATION": mark("检定"),
    "CALIBRATION": mark("校准"),
    "INTERNAL_CHECK": mark("内部核查"),
    "INSPECTION": mark("巡检"),
    "REPAIR": mark("检修"),
    "SUPERVISORY": mark("督查"),
    "WASTE_COLLECTION": mark("废液收集"),
    "OVERVIEW": mark("项目基本概述"),
    "OPERATION": mark("设施运行情况"),
    "MAINTENANCE": mark("运维工作"),
    "ABNORMAL_DATA": mark("异常数据分析"),
    "ORDERS": mark("环保督办单及整改情况"),
    "INTERNAL_CHECKS": mark("内部运维质量检查"),
    "LAW_STUDY": mark("环保法律法规宣贯及学习"),
    "NEXT_MONTH": mark("下月运维工作计划"),
    "SUGGESTIONS": mark("运维工作建议及需要支持工作"),
}
SOURCE_STATUSES: Mapping[str, str] = {
    "verified": mark("已核对原文"),
    "proposal": mark("建议值"),
    "memory": mark("未核对，不计分"),
}
SOURCE_MARKS: Mapping[str, str] = {
    "verified": mark("已核对原文"),
    "restated": mark("条款为转述，未见原文"),
    "proposal": mark("含建议值"),
    "memory": mark("限值未核对，不计分"),
}
PARAMETER_TIMES: Mapping[str, str] = {"before": mark("以前"), "now": mark("现行"), "later": mark("将来")}
STAGES: Mapping[str, str] = {
    "draft": mark("起草"),
    "checked": mark("示例通过"),
    "submitted": mark("待批准"),
    "shadow": mark("试运行"),
    "in_force": mark("生效"),
    "switched_off": mark("已停用"),
    "withdrawn": mark("已撤回"),
}
EFFECTS: Mapping[str, str] = {
    "starts": mark("开始违规"),
    "stops": mark("不再违规"),
    "longer": mark("违规天数增加"),
    "shorter": mark("违规天数减少"),
    "same": mark("级别或要求改变"),
    "score": mark("仅得分变动"),
    "grade": mark("等级变动"),
}
UNRATED: Mapping[str, str] = {
    "no_business": mark("本年度没有业务（在运监测点位或签发的监测报告），暂不评价。"),
    "first_year": mark("备案未满一个自然年，暂不评价。"),
    "business_unknown": mark("没有业务（监测点位或监测报告）的数据，暂不评价。"),
}
EXPRESSION_PARTS: Mapping[str, str] = {
    "applies": mark("适用条件"),
    "require": mark("要求"),
    "measured": mark("实测"),
    "required": mark("限值"),
    "lacking": mark("缺少的项"),
    "severity": mark("级别条件"),
}

# Why a step of a score is taken; the words of a rule are its title, those of a penalty its document.
CAUSES: Mapping[str, str] = {
    "dimension_cap": mark("维度扣完为止"),
    "unit_floor": mark("单个站点扣完为止"),
    "silent_month": mark("当月未推送"),
    "device_age": mark("设备使用年限"),
    "device_failures": mark("设备故障"),
    "device_floor": mark("单台设备扣完为止"),
    "penalty": mark("行政处罚"),
    "bonus": mark("无违规年度加分"),
    "ceiling": mark("满分为止"),
    "floor": mark("扣到零为止"),
}
