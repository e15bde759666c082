"""What a fact is, and whom rules judge."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from hengjian.scoring.domain.rules import Wording
from hengjian.scoring.domain.values import ValueType

SUBJECTS: Mapping[str, Wording] = MappingProxyType(
    {
        "contractor": Wording("运维单位", "contractor"),
        "contractor_city": Wording("运维单位 × 地市", "contractor in a city"),
        "item": Wording("易损易耗品", "consumable"),
        "core_item": Wording("核心备件", "core spare"),
        "person": Wording("运维人员", "technician"),
        "laboratory": Wording("实验室", "laboratory"),
        "visit": Wording("现场运维", "visit"),
        "visit_record": Wording("现场运维记录", "record of a visit"),
        "visit_pair": Wording("同一人员的两次现场运维", "two visits of one person"),
        "supervisor_month": Wording("督查人员 × 月", "supervisor in a month"),
        "technician_day": Wording("运维人员 × 日", "technician on a day"),
        "client_month": Wording("排污单位 × 月", "client and month"),
        "contractor_lot": Wording("运维用标准物质批次", "lot of a reference material of a contractor"),
        "repair": Wording("检修", "repair"),
        "point": Wording("监测点位", "point"),
        "institution": Wording("监测机构", "monitoring institution"),
        "technical_manager": Wording("技术负责人", "technical manager"),
        "signatory": Wording("授权签字人", "authorized signatory"),
        "instrument": Wording("仪器设备", "instrument"),
        "material_lot": Wording("标准物质或试剂批次", "lot of a reference material or reagent"),
        "method": Wording("监测方法", "method"),
        "room": Wording("实验场所", "room"),
        "result": Wording("检测结果", "test result"),
        "report_item": Wording("报告项目", "item of a report"),
        "report": Wording("监测报告", "monitoring report"),
        "system_change": Wording("信息系统变更", "change of the information system"),
        "credit_record": Wording("处罚记录", "record of decisions"),
        "check": Wording("监督检查", "check"),
        "rectification": Wording("整改事项", "rectification"),
        "institution_city": Wording("监测机构 × 地市", "monitoring institution in a city"),
        "task": Wording("监测任务", "monitoring task"),
        "sampling_action": Wording("采样或现场检测", "sampling or test on site"),
        "recording": Wording("录像", "recording"),
        "recording_archive": Wording("录像归档", "archiving of a recording"),
        "recording_kept": Wording("录像保存", "keeping of a recording"),
        "sample": Wording("样品", "sample"),
        "preservation": Wording("样品保存", "preservation of a sample"),
        "receipt": Wording("样品交接", "handover of a sample"),
        "analysis": Wording("样品分析", "analysis of a sample"),
        "label": Wording("识别标识码", "seal label"),
        "label_entry": Wording("现场录入", "entry on site"),
        "label_reprint": Wording("标识码补打", "reprint of a label"),
    }
)

SUBJECTS_OF_BOTH = frozenset({"credit_record", "check", "rectification"})
SUBJECTS_OF_FIELDWORK = frozenset(
    {
        *("visit", "visit_record", "visit_pair", "supervisor_month", "technician_day", "client_month"),
        *("contractor_lot", "repair", "point"),
    }
)
_CONTRACTORS_OWN = SUBJECTS_OF_FIELDWORK | {
    *("contractor", "contractor_city", "item", "core_item", "person", "laboratory")
}
SUBJECTS_OF_EVIDENCE = frozenset(
    {
        *("task", "sampling_action", "recording", "recording_archive", "recording_kept", "sample", "preservation"),
        *("receipt", "analysis", "label", "label_entry", "label_reprint", "institution_city"),
    }
)
SUBJECTS_OF_CONTRACTORS = _CONTRACTORS_OWN | SUBJECTS_OF_BOTH
SUBJECTS_OF_INSTITUTIONS = frozenset(SUBJECTS) - _CONTRACTORS_OWN

NO_UNIT = Wording("", "")
PIECES = Wording("件", "pieces")
PERSONS = Wording("人", "persons")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact: `meaning` says what is counted on the day of judgement, and what its absence means.

    `advances`: it may be another one every day though nothing happened, so no decision rests on it.
    """

    name: str
    type: ValueType
    label: Wording
    meaning: Wording
    unit: Wording = NO_UNIT
    subjects: tuple[str, ...]
    choices: Mapping[str, Wording] = field(default_factory=dict)
    advances: bool = False
