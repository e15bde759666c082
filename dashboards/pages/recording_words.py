"""The word for each code of recordings and of the way of samples, in Chinese and marked for the catalogue."""

from collections.abc import Mapping

from hengjian.dashboards.language import mark

STAGES: Mapping[str, str] = {
    "EQUIPMENT": mark("设备领用归还"),
    "SAMPLING": mark("现场采样或检测"),
    "PRESERVATION": mark("样品保存运输"),
    "HANDOVER": mark("样品交接"),
    "ANALYSIS": mark("实验室分析"),
}
NODES: Mapping[str, str] = {
    "WHOLE": mark("全过程"),
    "START": mark("开始节点"),
    "END": mark("结束节点"),
    "KEY_STEP": mark("关键环节"),
}
TAGS: Mapping[str, str] = {
    "PERSON": mark("人员"),
    "EQUIPMENT_STATE": mark("设备编号及状态"),
    "SAMPLE_CHARACTER": mark("样品性状"),
    "SEALING": mark("样品封口"),
    "LABELLING": mark("识别标识码张贴"),
    "POINT": mark("点位"),
    "CALIBRATION": mark("校准及运行状态"),
    "RESULT": mark("检测监测结果"),
    "RAW_RECORD": mark("原始记录"),
}
SECRECY: Mapping[str, str] = {
    "NORMAL": mark("普通"),
    "PERSONAL": mark("涉及个人隐私"),
    "COMMERCIAL": mark("涉及商业秘密"),
    "STATE": mark("涉及国家秘密"),
}
DEEDS: Mapping[str, str] = {
    "EQUIPMENT_ISSUED": mark("设备领用"),
    "EQUIPMENT_RETURNED": mark("设备归还"),
    "ARRIVED": mark("到达现场"),
    "SAMPLING": mark("采样"),
    "FIELD_TEST": mark("现场检测"),
    "PRESERVED": mark("保存措施"),
    "TRANSPORTED": mark("运输"),
    "KEY_STEP": mark("关键环节"),
    "ANALYSIS": mark("分析"),
    "CHECKED": mark("核查"),
    "REVIEWED": mark("审核"),
    "REPORTED": mark("出具报告"),
    "PRINTED": mark("打印标识码"),
    "REPRINTED": mark("重新打印标识码"),
    "SEALED": mark("封口"),
    "LABELLED": mark("张贴标识码"),
    "HANDED_OVER": mark("交出样品"),
    "RECEIVED": mark("接收样品"),
    "REFUSED": mark("拒收样品"),
    "OPENED": mark("拆封"),
    "ANALYSED": mark("完成分析"),
    "VOIDED": mark("标识码作废"),
    "PRESERVATIVE": mark("添加保存剂"),
    "ACID": mark("添加保存剂"),
    "COLD": mark("冷藏"),
    "DARK": mark("避光"),
    "SHOCKPROOF": mark("防震"),
    "COLLECT": mark("样品领取"),
    "OPEN": mark("拆封"),
    "LOAD": mark("上样"),
    "WEIGH": mark("称量"),
    "TITRATE": mark("滴定"),
    "PHOTOMETRY": mark("分光比色"),
    "RESULT": mark("结果获取"),
    "LANDMARK": mark("标志性建筑"),
    "REPRINT": mark("重新打印标识码"),
}
PROBLEMS: Mapping[str, str] = {
    "EMPTY_FILE": mark("文件是空的"),
    "NOT_A_VIDEO": mark("不是视频文件"),
    "UNREADABLE": mark("文件读不出来"),
    "NO_VIDEO_STREAM": mark("文件里没有画面"),
    "NO_FRAME": mark("没有一帧能解码"),
    "PICTURE_TOO_LARGE": mark("画面尺寸过大，未检查"),
    "TRUNCATED": mark("文件不完整，比声称的短"),
    "TOO_SLOW": mark("检查超时，未完成"),
    "HOSTILE": mark("检查进程被迫终止，文件可疑"),
    "BROKEN_FRAMES": mark("部分画面无法解码"),
    "TOO_LONG": mark("超过 12 小时，只检查了前面部分"),
    "GAPS": mark("画面有中断"),
    "FROZEN": mark("画面有静止"),
    "BLACK": mark("画面有黑屏"),
    "NO_CREATION_TIME": mark("文件没有写明拍摄时间"),
    "CREATED_IN_FUTURE": mark("文件写明的拍摄时间晚于现在"),
}
PURPOSES: Mapping[str, str] = {
    "ROUTINE": mark("日常监督检查"),
    "FINDING": mark("核查违规项"),
    "COMPLAINT": mark("处理投诉举报"),
    "APPEAL": mark("办理陈述申辩或申诉"),
    "SELF_CHECK": mark("机构自查"),
    "OTHER": mark("其他（请写明）"),
}
"""What one looks into a recording for; another purpose is written out."""
CLOSED: Mapping[str, str] = {
    "STATE": mark(
        "涉及国家秘密：只有机构指定的保管人和生态环境局的复核人员可以调阅。如确需查看，请与他们联系，并按保密规定办理。"
    ),
    "CONFIDENTIAL": mark(
        "涉及商业秘密或个人隐私：生态环境局只有检查人员和复核人员可以调阅。如工作需要，请联系本单位管理员调整职责。"
    ),
}
