"""The word for each code of labels and of the way of a sample, in Chinese and marked for the catalogue."""

from collections.abc import Mapping

from hengjian.dashboards.language import mark
from hengjian.ingestion.api import EntryFault, LabelState, Misfit
from hengjian.tenants.api import FieldEventKind, KeyStep, LabelEventKind, Preservation, SealState, TaskOrigin

LABEL_STATES: Mapping[LabelState, str] = {
    LabelState.ISSUED: mark("已发放，未打印"),
    LabelState.PRINTED: mark("已打印"),
    LabelState.SEALED: mark("已封口"),
    LabelState.LABELLED: mark("已张贴"),
    LabelState.HANDED_OVER: mark("已交接"),
    LabelState.RECEIVED: mark("已接收"),
    LabelState.REFUSED: mark("已拒收"),
    LabelState.OPENED: mark("已开封"),
    LabelState.ANALYSED: mark("已分析"),
    LabelState.VOID: mark("已作废"),
}
LABEL_EVENTS: Mapping[LabelEventKind, str] = {
    LabelEventKind.PRINTED: mark("打印识别标识码"),
    LabelEventKind.REPRINTED: mark("重新打印识别标识码"),
    LabelEventKind.SEALED: mark("封口"),
    LabelEventKind.LABELLED: mark("张贴识别标识码"),
    LabelEventKind.HANDED_OVER: mark("交接"),
    LabelEventKind.RECEIVED: mark("接收并核查"),
    LabelEventKind.REFUSED: mark("拒收"),
    LabelEventKind.OPENED: mark("开封核查"),
    LabelEventKind.ANALYSED: mark("分析"),
    LabelEventKind.VOIDED: mark("作废识别标识码"),
}
FIELD_EVENTS: Mapping[FieldEventKind, str] = {
    FieldEventKind.EQUIPMENT_ISSUED: mark("设备领用"),
    FieldEventKind.EQUIPMENT_RETURNED: mark("设备归还"),
    FieldEventKind.ARRIVED: mark("到达现场"),
    FieldEventKind.SAMPLING: mark("采样"),
    FieldEventKind.FIELD_TEST: mark("现场检测"),
    FieldEventKind.PRESERVED: mark("保存措施"),
    FieldEventKind.TRANSPORTED: mark("运输"),
    FieldEventKind.KEY_STEP: mark("分析关键环节"),
    FieldEventKind.ANALYSIS: mark("实验室分析"),
    FieldEventKind.CHECKED: mark("校核"),
    FieldEventKind.REVIEWED: mark("审核"),
    FieldEventKind.REPORTED: mark("签发报告"),
}
FAULTS: Mapping[EntryFault, str] = {
    EntryFault.ARRIVAL_UNKNOWN: mark("没有到达记录，无法证明在现场录入"),
    EntryFault.ENTERED_BEFORE_ARRIVAL: mark("到达现场前录入"),
    EntryFault.ENTERED_AHEAD: mark("录入早于所填采样时间"),
    EntryFault.ENTERED_OFF_SITE: mark("不在现场录入"),
    EntryFault.POSITION_UNKNOWN: mark("位置未知，无法证明在现场录入"),
    EntryFault.CLOCK_AHEAD: mark("设备时间快于服务器时间"),
    EntryFault.SENT_LATE: mark("未及时上传"),
}
MISFITS: Mapping[Misfit, str] = {
    Misfit.OUT_OF_ORDER: mark("与此前的环节不衔接"),
    Misfit.AFTER_VOID: mark("作废后仍有记录"),
    Misfit.AFTER_REFUSAL: mark("拒收后仍有记录"),
    Misfit.BROKEN_ACCEPTED: mark("封口或标识码破损严重仍接收，按拒收处理"),
    Misfit.SEAL_NOT_CHECKED: mark("没有核查封口和标识码"),
    Misfit.EARLIER_THAN_BEFORE: mark("时间早于前一环节"),
}
SEALS: Mapping[SealState, str] = {
    SealState.INTACT: mark("完整"),
    SealState.DAMAGED: mark("轻微破损"),
    SealState.BADLY_BROKEN: mark("破损严重"),
    SealState.MISSING: mark("没有封口或标识码"),
}
ORIGINS: Mapping[TaskOrigin, str] = {
    TaskOrigin.SAMPLED: mark("自行采样"),
    TaskOrigin.DELIVERED: mark("自送样品"),
    TaskOrigin.FIELD_TEST: mark("现场检测"),
}
PRESERVATIONS: Mapping[str, str] = {
    Preservation.PRESERVATIVE.value: mark("加固定剂"),
    Preservation.COLD.value: mark("冷藏"),
    Preservation.DARK.value: mark("避光"),
    Preservation.SHOCKPROOF.value: mark("防震"),
}
KEY_STEPS: Mapping[str, str] = {
    KeyStep.COLLECT.value: mark("样品领取"),
    KeyStep.OPEN.value: mark("拆封"),
    KeyStep.LOAD.value: mark("上样"),
    KeyStep.WEIGH.value: mark("称量"),
    KeyStep.TITRATE.value: mark("滴定"),
    KeyStep.PHOTOMETRY.value: mark("比色"),
}
