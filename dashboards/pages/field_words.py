"""Words for what a recording shows (温环发〔2023〕5号 附件1)."""

from collections.abc import Mapping

from hengjian.dashboards.language import mark

STAGES: Mapping[str, str] = {
    "EQUIPMENT": mark("设备领用（归还）"),
    "SAMPLING": mark("现场采样或检测"),
    "PRESERVATION": mark("样品保存及运输"),
    "HANDOVER": mark("样品交接"),
    "ANALYSIS": mark("实验室分析"),
}
NODES: Mapping[str, str] = {
    "WHOLE": mark("全过程"),
    "START": mark("开始节点"),
    "END": mark("结束节点"),
    "KEY_STEP": mark("关键环节"),
}
PURPOSES: Mapping[str, str] = {
    "LANDMARK": mark("标志性建筑"),
    "REPRINT": mark("重新打印并张贴"),
    "ACID": mark("加固定剂"),
    "COLD": mark("冷藏"),
    "DARK": mark("避光"),
    "SHOCKPROOF": mark("防震"),
    "COLLECT": mark("样品领取"),
    "OPEN": mark("拆封"),
    "LOAD": mark("上样"),
    "WEIGH": mark("称量"),
    "TITRATE": mark("滴定"),
    "PHOTOMETRY": mark("比色"),
    "RESULT": mark("结果获取"),
}
TAGS: Mapping[str, str] = {
    "PERSON": mark("人员"),
    "EQUIPMENT_STATE": mark("设备编号及状态"),
    "SAMPLE_CHARACTER": mark("样品性状"),
    "SEALING": mark("封口过程"),
    "LABELLING": mark("标识码张贴过程"),
    "POINT": mark("点位"),
    "CALIBRATION": mark("校准及运行状态"),
    "RESULT": mark("检测结果"),
    "RAW_RECORD": mark("原始记录"),
}
