"""The words for the closed lists of registers and judgements, as the product's glossary has them."""

from collections.abc import Mapping

from hengjian.filing.texts import Say

ORGANIZATION_KINDS: Mapping[str, str] = {
    "INSTITUTION": "监测机构",
    "CONTRACTOR": "运维单位",
    "DISCHARGER": "排污单位",
    "BUREAU": "生态环境局",
}
STATES: Mapping[str, str] = {
    "detected": "待确认",
    "notified": "已通知",
    "stated": "已陈述",
    "confirmed": "已确认",
    "dismissed": "已驳回",
    "rectified": "已整改",
    "verified": "已核验",
    "closed": "已关闭",
    "suspended": "已暂缓",
}
UNRATED: Mapping[str, str] = {
    "no_business": "本年度没有业务（在运监测点位或签发的监测报告）",
    "first_year": "备案未满一个自然年",
    "business_unknown": "没有业务（监测点位或监测报告）的数据",
    "not_assessed": "没有可评定的规则",
}
CHOICES: Mapping[str, str] = {
    **ORGANIZATION_KINDS,
    "DATA_ACCESS": "数据接入",
    "OPERATION_MANAGEMENT": "运维管理",
    "DOCUMENT_MANAGEMENT": "资料管理",
    "AUTHORITY_PLATFORM": "主管部门平台",
    "INDUSTRY_ASSOCIATION": "行业协会",
    "OWN": "自有",
    "CONTRACTED": "委托",
    "TECHNICIAN": "运维人员",
    "SUPERVISOR": "督查人员",
    "QUALITY_OFFICER": "质量保证人员",
    "TECHNICAL_MANAGER": "技术负责人",
    "QUALITY_MANAGER": "质量负责人",
    "AUTHORIZED_SIGNATORY": "授权签字人",
    "SAMPLER": "采样人员",
    "ANALYST": "分析人员",
    "CHECKER": "校核人",
    "AUDITOR": "审核人",
    "OTHER": "其他",
    "WATER": "水",
    "GAS": "气",
    "DATA_LOGGER": "数采仪",
    "CONSUMABLE": "易损易耗品",
    "CORE": "核心备件",
    "STAFF_MANAGEMENT": "人员管理制度",
    "SUPERVISION": "督查制度",
    "HAZARDOUS_WASTE": "危险废物管理制度",
    "ARCHIVES": "档案管理制度",
    "REPORTING": "报告制度",
    "WORK_INSTRUCTIONS": "作业指导书",
    "MONITORING": "监测",
    "NONE": "无职称",
    "JUNIOR": "初级",
    "INTERMEDIATE_EQUIVALENT": "中级同等能力",
    "INTERMEDIATE": "中级",
    "ASSOCIATE_SENIOR": "副高级",
    "SENIOR": "正高级",
    "OWNED": "自有",
    "LEASED": "租赁",
    "VERIFICATION": "检定",
    "CALIBRATION": "校准",
    "INTERNAL_CHECK": "内部核查",
}
YES_NO = {True: "是", False: "否"}

ALL_WORDS = (*CHOICES.values(), *STATES.values(), *UNRATED.values(), *YES_NO.values())


def word(words: Mapping[str, str], code: str, say: Say) -> str:
    """The word for a code; a code that is not in the list stands for itself."""
    return say(words[code]) if code in words else code
