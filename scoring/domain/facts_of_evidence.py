"""The facts of tasks, samples, labels and recordings (温环发〔2023〕5号)."""

from collections.abc import Mapping
from types import MappingProxyType

from hengjian.scoring.domain.facts_shape import NO_UNIT, Fact
from hengjian.scoring.domain.rules import Wording
from hengjian.scoring.domain.values import ValueType

INTEGER, DATE, BOOLEAN, LIST, TEXT = (
    ValueType.INTEGER, ValueType.DATE, ValueType.BOOLEAN, ValueType.LIST, ValueType.TEXT,
)  # fmt: skip
_MS, _SECONDS, _METRES = Wording("毫秒", "ms"), Wording("秒", "seconds"), Wording("米", "metres")
_DAYS, _PERSONS, _TIMES = Wording("天", "days"), Wording("人", "persons"), Wording("个", "")
_ACTION, _TASK, _RECORDING, _SAMPLE = ("sampling_action",), ("task",), ("recording",), ("sample",)
_CITY = ("institution_city",)


def _of(codes: Mapping[str, tuple[str, str]]) -> Mapping[str, Wording]:
    return MappingProxyType({code: Wording(zh, en) for code, (zh, en) in codes.items()})


_STAGES = _of(
    {
        "EQUIPMENT": ("设备领用（归还）录像", "recording of equipment issued and returned"),
        "SAMPLING": ("现场采样或检测录像", "recording of sampling or testing"),
        "PRESERVATION": ("样品保存及运输录像", "recording of preservation and transport"),
        "HANDOVER": ("样品交接录像", "recording of the handover"),
        "ANALYSIS": ("实验室分析录像", "recording of the analysis"),
    }
)
_NODES = _of({"START": ("开始节点录像", "recording of the beginning"), "END": ("结束节点录像", "recording of the end")})
_CONTENTS = _of(
    {
        "PERSON": ("人员", "people"),
        "EQUIPMENT_STATE": ("设备编号及状态", "number and state of the equipment"),
        "SAMPLE_CHARACTER": ("样品性状", "look of the sample"),
        "SEALING": ("样品封口", "sealing"),
        "LABELLING": ("识别标识码张贴", "putting on the label"),
        "POINT": ("点位", "the point"),
        "CALIBRATION": ("仪器校准及运行状态", "calibration and state of the instrument"),
        "RESULT": ("检测监测结果", "the result"),
        "RAW_RECORD": ("原始记录", "the raw record"),
    }
)
_PRESERVATIONS = _of(
    {
        "PRESERVATIVE": ("添加保存剂录像", "recording of adding the preservative"),
        "COLD": ("冷藏录像", "recording of cooling"),
        "DARK": ("避光录像", "recording of keeping it dark"),
        "SHOCKPROOF": ("防震录像", "recording of protection from shock"),
    }
)
_CHECKS = _of(
    {
        "TIMELY": ("时效性检查", "check that it is in time"),
        "PRESERVED": ("保存条件检查", "check of how it was kept"),
        "SEAL_STATE": ("封口和识别标识码完整性检查", "check of seal and label"),
    }
)
_STEPS = _of(
    {
        "COLLECT": ("领取录像", "recording of collecting the sample"),
        "OPEN": ("拆封录像", "recording of opening the seal"),
        "LOAD": ("上样录像", "recording of loading"),
        "WEIGH": ("称量录像", "recording of weighing"),
        "TITRATE": ("滴定录像", "recording of titration"),
        "PHOTOMETRY": ("比色录像", "recording of photometry"),
    }
)
_SEALS = _of(
    {
        "INTACT": ("完好", "intact"),
        "DAMAGED": ("轻微破损", "slightly damaged"),
        "BADLY_BROKEN": ("破损严重", "badly broken"),
        "MISSING": ("缺失", "missing"),
    }
)
_WAY = _of(
    {
        "SEAL_EARLY": ("封口早于采样", "sealed before it was sampled"),
        "LABEL_EARLY": ("贴码早于前序环节", "labelled before an earlier stage"),
        "HANDOVER_EARLY": ("交接早于前序环节", "handed over before an earlier stage"),
        "ANALYSIS_EARLY": ("分析早于前序环节", "analysed before an earlier stage"),
        "RECEIPT_EARLY": ("接收早于前序环节", "received before an earlier stage"),
        "CHECK_EARLY": ("校核早于前序环节", "checked before an earlier stage"),
        "REVIEW_EARLY": ("审核早于前序环节", "reviewed before an earlier stage"),
        "REPORT_EARLY": ("签发早于前序环节", "issued before an earlier stage"),
    }
)


def _fact(  # a line a fact: what it is, whose, and how it is called
    name: str,
    kind: ValueType,
    subjects: tuple[str, ...],
    label: tuple[str, str],
    meaning: tuple[str, str],
    *,
    unit: Wording = NO_UNIT,
    choices: Mapping[str, Wording] = MappingProxyType({}),
    advances: bool = False,
) -> Fact:
    return Fact(
        name=name, type=kind, subjects=subjects, label=Wording(*label), meaning=Wording(*meaning), unit=unit,
        choices=choices, advances=advances,
    )  # fmt: skip


_OF_TASKS = (
    _fact(
        "task_on",
        DATE,
        _TASK,
        ("任务开始日期", "day of the task"),
        ("任务首个环节发生的日期", "day of its first stage"),
    ),
    _fact(
        "stages_required",
        LIST,
        _TASK,
        ("应录环节", "stages to record"),
        ("已发生且归档期限已满、应有录像的环节", "stages that came, whose time to archive is over"),
        choices=_STAGES,
    ),
    _fact(
        "stages_recorded",
        LIST,
        _TASK,
        ("已录环节", "stages recorded"),
        ("应录环节中有可用录像的环节", "of these, the stages with a recording that shows something"),
        choices=_STAGES,
    ),
    _fact(
        "recordings_made",
        INTEGER,
        _TASK,
        ("录像数", "recordings"),
        ("任务已归档的录像", "archived for the task"),
        unit=_TIMES,
    ),
    _fact(
        "samples_brought_back",
        INTEGER,
        _TASK,
        ("带回样品数", "samples brought back"),
        ("带回实验室分析的样品", "analysed in the laboratory"),
        unit=_TIMES,
    ),
    _fact(
        "labels_used",
        INTEGER,
        _TASK,
        ("标识码数", "labels used"),
        ("任务样品使用的识别标识码", "on samples of the task"),
        unit=_TIMES,
    ),
    _fact(
        "field_test",
        BOOLEAN,
        _ACTION,
        ("现场检测", "test on site"),
        ("现场检测为 1，采样为 0", "1 a test on site, 0 sampling"),
    ),
    _fact(
        "action_ms",
        INTEGER,
        (*_ACTION, "label_reprint"),
        ("时长", "length"),
        ("自开始至结束；未报结束时间则缺省", "from beginning to end; absent without an end"),
        unit=_MS,
    ),
    _fact(
        "covered_ms",
        INTEGER,
        (*_ACTION, "label_reprint"),
        ("已录时长", "recorded"),
        ("其中有录像画面的时长，扣除中断，校正设备时钟", "of it with pictures: without gaps, clocks set right"),
        unit=_MS,
    ),
    _fact(
        "missing_spans",
        LIST,
        (*_ACTION, "label_reprint", "preservation", "receipt", "analysis"),
        ("缺录时段", "not recorded"),
        ("没有录像画面的时段，北京时间", "stretches without pictures, Beijing time"),
    ),
    _fact(
        "nodes_recorded",
        LIST,
        _ACTION,
        ("已录节点", "nodes recorded"),
        ("首秒和末秒有录像画面", "first and last second with pictures"),
        choices=_NODES,
    ),
    _fact(
        "landmark_recorded",
        BOOLEAN,
        _ACTION,
        ("采样前录标志性建筑", "landmark recorded"),
        ("标志性建筑录像不晚于采样开始", "a recording of a landmark that begins no later than the sampling"),
    ),
    _fact(
        "position_recorded",
        BOOLEAN,
        _ACTION,
        ("采样前记经纬度", "position recorded"),
        ("经纬度记录不晚于采样开始", "a position recorded no later than the sampling began"),
    ),
    _fact(
        "clips_shown",
        INTEGER,
        _ACTION,
        ("相关录像数", "recordings of it"),
        ("拍到该活动的录像", "that show some of it"),
        unit=_TIMES,
    ),
    _fact(
        "contents_shown",
        LIST,
        _ACTION,
        ("录像内容", "contents shown"),
        ("拍到该活动的各段录像合计标注的内容", "contents marked on all recordings that show it together"),
        choices=_CONTENTS,
    ),
)
_OF_RECORDINGS = (
    _fact(
        "archived",
        BOOLEAN,
        ("recording_archive",),
        ("已归档", "archived"),
        ("录像已存入归档库", "whether it is in the archive"),
    ),
    _fact(
        "archive_seconds",
        INTEGER,
        ("recording_archive",),
        ("归档用时", "time to archive"),
        (
            "自录像文件制作完成至归档；未归档的计至判定日零时",
            "from the end of the file; to the start of the day while it waits",
        ),
        unit=_SECONDS,
        advances=True,
    ),
    _fact(
        "completed_on",
        DATE,
        _RECORDING,
        ("制作完成日期", "completed on"),
        ("录像文件完成的日期", "day on which the file was finished"),
    ),
    _fact(
        "retained_until",
        DATE,
        _RECORDING,
        ("保存至", "kept until"),
        ("最后一个必须保存的日期", "last day on which it must be kept"),
    ),
    _fact(
        "recording_usable", BOOLEAN, _RECORDING, ("可作证据", "usable"), ("文件可以解码播放", "the file can be decoded")
    ),
    _fact(
        "gap_ms",
        INTEGER,
        _RECORDING,
        ("画面中断", "gaps"),
        ("录像内部缺帧时长合计", "length of all gaps inside it"),
        unit=_MS,
    ),
    _fact(
        "hash_unchanged",
        BOOLEAN,
        ("recording_kept",),
        ("内容未变", "unchanged"),
        ("复核哈希与归档时一致", "its hash is still that of archiving"),
    ),
    _fact(
        "deleted_early",
        BOOLEAN,
        ("recording_kept",),
        ("期满前删除", "deleted early"),
        ("保存期满前被删除", "deleted before its time was over"),
    ),
)
_OF_SAMPLES = (
    _fact("brought_back", BOOLEAN, _SAMPLE, ("带回实验室", "brought back"), ("需带回实验室分析", "it is analysed in the laboratory")),
    _fact("labelled", BOOLEAN, _SAMPLE, ("有识别标识码", "labelled"), ("样品使用了识别标识码", "it carries a label of the system")),
    _fact("label_issued", BOOLEAN, (*_SAMPLE, "label"), ("标识码由主管部门发放", "label issued"), ("标识码发放给本机构", "its label was issued to the institution")),
    _fact("stages_told", INTEGER, _SAMPLE, ("已报环节数", "stages told"), ("有时间记录的环节", "stages with a time"), unit=_TIMES),
    _fact(
        "stages_out_of_order", LIST, _SAMPLE, ("时间倒置的环节", "stages out of order"),
        ("早于前序环节的环节", "reached before a stage that comes earlier"), choices=_WAY,
    ),
    _fact("analysed_before_receipt", BOOLEAN, _SAMPLE, ("分析早于接收", "analysed before receipt"), ("分析时间早于接收时间", "analysed before it was received")),
    _fact("analysed", BOOLEAN, _SAMPLE, ("已分析", "analysed"), ("已有分析时间", "a time of analysis is known")),
    _fact("holding_minutes", INTEGER, _SAMPLE, ("保存期限", "holding time"), ("方法允许的最长保存时间", "longest time that the method allows"), unit=Wording("分钟", "minutes")),
    _fact("held_ms", INTEGER, _SAMPLE, ("保存时间", "held"), ("采样至分析的时间", "from sampling to analysis"), unit=_MS),
    _fact("preservation_required", LIST, ("preservation",), ("应采取的保护措施", "measures required"), ("方法要求的保护措施", "as the method asks"), choices=_PRESERVATIONS),
    _fact("preservation_recorded", LIST, ("preservation",), ("已录的保护措施", "measures recorded"), ("有录像的保护措施", "of these with a recording"), choices=_PRESERVATIONS),
    _fact("receipt_checked", BOOLEAN, ("receipt",), ("接收核查", "checked on receipt"), ("已核查封口和识别标识码", "seal and label were checked")),
    _fact("receipt_accepted", BOOLEAN, ("receipt",), ("已接收", "accepted"), ("接收为 1，拒收为 0", "1 accepted, 0 refused")),
    _fact("seal_state", TEXT, ("receipt",), ("封口和标识码状态", "seal and label"), ("核查结果", "as found at the check"), choices=_SEALS),
    _fact("handover_recorded", BOOLEAN, ("receipt",), ("交接已录像", "handover recorded"), ("交接时刻有录像画面；归档期限未满则缺省", "with pictures; absent while they may still arrive")),
    _fact("handover_checks", LIST, ("receipt",), ("已作检查", "checks made"), ("时效性、保存条件、封口和标识码", "in time, kept as asked, seal and label"), choices=_CHECKS),
    _fact("key_steps_required", LIST, ("analysis",), ("应录关键环节", "key steps"), ("方案列明的关键环节", "as planned"), choices=_STEPS),
    _fact("key_steps_recorded", LIST, ("analysis",), ("已录关键环节", "key steps recorded"), ("有录像的关键环节；归档期限未满则缺省", "with a recording; absent while they may still arrive"), choices=_STEPS),
    _fact("opening_checked", BOOLEAN, ("analysis",), ("开封前核查", "checked before opening"), ("实验前再次核查封口和标识码", "seal and label were checked again")),
    _fact("opening_lead_ms", INTEGER, ("analysis",), ("核查早于分析", "checked ahead by"), ("开封核查至分析开始，负数为分析之后", "to the start of the analysis; negative when after it"), unit=_MS),
    _fact("opening_recorded", BOOLEAN, ("analysis",), ("开封已录像", "opening recorded"), ("开封时刻有录像画面；归档期限未满则缺省", "with pictures; absent while they may still arrive")),
)  # fmt: skip
_OF_LABELS = (
    _fact("label_samples", INTEGER, ("label",), ("使用该码的样品数", "samples with this label"), ("使用过该识别标识码的不同样品", "different samples that ever carried it"), unit=_TIMES),
    _fact("label_used_elsewhere", BOOLEAN, ("label",), ("其他机构也使用该码", "used elsewhere too"), ("夜间比对时，另一家机构的样品也用过该识别标识码", "samples of another institution carried it as well, by the nightly comparison")),
    _fact("label_put_on", BOOLEAN, ("label",), ("已贴码", "put on"), ("已有张贴记录", "it was put on")),
    _fact("sealed", BOOLEAN, ("label",), ("已封口", "sealed"), ("已有封口记录", "the container was sealed")),
    _fact("seal_lead_ms", INTEGER, ("label",), ("封口早于贴码", "sealed ahead by"), ("封口至贴码，负数为先贴码", "to the label; negative when labelled first"), unit=_MS),
    _fact("photo_present", BOOLEAN, ("label",), ("贴码照片", "photo"), ("张贴记录附有照片", "a photo came with it")),
    _fact("before_arrival_ms", INTEGER, ("label_entry",), ("早于到场", "before arrival"), ("录入早于首次到场的时间，负数为到场之后；未报到场则缺省", "by which it was entered before the first arrival, negative after it; absent without one"), unit=_MS),
    _fact("before_sampling_ms", INTEGER, ("label_entry",), ("早于采样", "before sampling"), ("录入早于所录采样时间", "by which it was entered before the time of sampling that it tells"), unit=_MS),
    _fact("entry_distance_m", INTEGER, ("label_entry",), ("录入处与点位距离", "distance from the point"), ("只少计不多计；缺一个位置则缺省", "a lower bound; absent without both positions"), unit=_METRES),
    _fact("entry_accuracy_m", INTEGER, ("label_entry",), ("定位精度", "accuracy"), ("设备所报定位半径", "radius that the device tells"), unit=_METRES),
    _fact("clock_ahead_ms", INTEGER, ("label_entry",), ("设备时钟超前", "clock ahead"), ("设备时间晚于服务器收到时间", "device's time after the server received it"), unit=_MS),
)  # fmt: skip
_OF_CITIES = (
    _fact("recorder_checked", BOOLEAN, _CITY, ("检查过录像设备", "recorders checked"), ("0 表示从未检查", "0 says never")),
    _fact("days_since_recorder_check", INTEGER, _CITY, ("距上次检查录像设备", "since recorders were checked"), ("自最近一次检查", "since the last check"), unit=_DAYS, advances=True),
    _fact("storage_free_days", INTEGER, _CITY, ("剩余可存天数", "room for"), ("最近一次存储核查所报", "as the last check of the room tells"), unit=_DAYS),
    _fact("custodian_active", BOOLEAN, _CITY, ("保管人在岗", "custodian active"), ("最近一次存储核查所列保管人当日在职", "the custodian named last is employed on the day")),
    _fact("recording_policy", BOOLEAN, _CITY, ("有录像资料管理制度", "policy on recordings"), ("档案管理制度当日有效", "a policy on archives is in force on the day")),
    _fact("samplers_active", INTEGER, _CITY, ("在岗采样人员", "active samplers"), ("当年参加过采样的在职采样人员", "employed samplers who sampled in the year"), unit=_PERSONS),
    _fact("samplers_trained", INTEGER, _CITY, ("其中培训合格", "of them trained"), ("当年或上年识别标识系统培训考核合格", "passed the training on the label system this year or last"), unit=_PERSONS),
    _fact("crews", INTEGER, _CITY, ("采样组数", "crews"), ("当年单日最多同时外出的采样组", "most crews out on one day of the year so far"), unit=_TIMES),
    _fact("printers", INTEGER, _CITY, ("在用打码设备", "printers"), ("非备用", "not spare"), unit=_TIMES),
    _fact("spare_printers", INTEGER, _CITY, ("备用打码设备", "spare printers"), ("备用", "kept as a spare"), unit=_TIMES),
)  # fmt: skip

OF_EVIDENCE = _OF_TASKS + _OF_RECORDINGS + _OF_SAMPLES + _OF_LABELS + _OF_CITIES
