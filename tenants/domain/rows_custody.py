"""Rows of the way of a sample: tasks, samples, what happened on the way, and the means for it (温环发〔2023〕5号)."""

from datetime import date
from typing import Annotated

from hengjian.tenants.domain.fields import (
    Count,
    Latitude,
    Longitude,
    Moment,
    Name,
    Names,
    Prose,
    RegisterRow,
    SourceRef,
    label,
)
from hengjian.tenants.domain.kinds_custody import (
    FieldEventKind,
    KeyStep,
    LabelEventKind,
    Preservation,
    SealState,
    TaskOrigin,
)

Device = Annotated[Name, label("设备标识", "the phone or terminal on which it was entered", short_en="device")]
Happened = Annotated[Moment, label("发生时间", "when it happened, by the device's clock", short_en="happened")]
Accuracy = Annotated[Count, label("定位精度", "radius within which the position lies", unit="m", short_en="accuracy")]


class MonitoringTaskRow(RegisterRow, kw_only=True):
    """A monitoring task (监测任务) with its plan; everything here may be entered ahead (附件2 第六条)."""

    client: Annotated[Name, label("企业信息", "the client or discharger", short_en="client")]
    client_credit_code: (
        Annotated[Name, label("企业代码", "credit code of the client", short_en="client code")] | None
    ) = None
    point_name: Annotated[Name, label("点位名称", "name of the point")]
    city: Annotated[Name, label("所在地市", "city, GB/T 2260 code", short_en="city")]
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    origin: Annotated[TaskOrigin, label("样品来源", "how samples come to the laboratory", short_en="origin")]
    planned_on: Annotated[date, label("计划日期", "day on which it is planned", short_en="planned")]
    items: Annotated[Names, label("检测监测项目", "items to be monitored", short_en="items")] = []
    sampler_refs: Annotated[Names, label("采样人员", "source references of the samplers planned")] = []
    sampling_minutes: (
        Annotated[Count, label("计划采样时长", "planned length of the sampling", unit="min", short_en="sampling")]
        | None
    ) = None
    equipment_used: Annotated[bool, label("领用设备", "equipment is issued for it")] = True


class SampleRow(RegisterRow, kw_only=True):
    """A sample (样品) as planned; what is seen on site comes with the events of its label."""

    task_ref: Annotated[SourceRef, label("监测任务", "source reference of the task", short_en="task")]
    items: Annotated[Names, label("检测监测项目", "items to be analysed", short_en="items")] = []
    method_ref: Annotated[SourceRef, label("监测方法", "source reference of the method", short_en="method")] | None = (
        None
    )
    container: Annotated[Name, label("容器", "container")] | None = None
    preservation: Annotated[list[Preservation], label("保存要求", "what the method asks for on the way")] = []
    holding_minutes: (
        Annotated[Count, label("保存期限", "longest time to the analysis", unit="min", short_en="holding time")] | None
    ) = None
    key_steps: Annotated[list[KeyStep], label("分析关键环节", "key steps of its analysis", short_en="key steps")] = []
    brought_back: Annotated[
        bool, label("带回实验室", "it is analysed in the laboratory, so it carries a label", short_en="brought back")
    ] = True


class LabelEventRow(RegisterRow, kw_only=True):
    """One thing that happened to a seal label (识别标识码); rows are never replaced, each has a reference of its own."""

    label_id: Annotated[Name, label("识别标识码", "number of the label", short_en="label")]
    sample_ref: Annotated[SourceRef, label("样品", "source reference of the sample", short_en="sample")] | None = None
    kind: Annotated[LabelEventKind, label("事件", "what happened", short_en="event")]
    happened_at: Happened
    device_id: Device | None = None
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    accuracy_m: Accuracy | None = None
    person_ref: Annotated[SourceRef, label("经手人员", "source reference of who did it", short_en="person")]
    counterpart_ref: (
        Annotated[SourceRef, label("交接对方", "who gave it or took it", short_en="counterpart")] | None
    ) = None
    sampled_at: Annotated[Moment, label("采样时间", "time of sampling, entered on site", short_en="sampled")] | None = (
        None
    )
    character: Annotated[Name, label("样品性状", "what the sample looks like", short_en="character")] | None = None
    fixative: Annotated[Name, label("固定剂信息", "fixative added, or that there is none")] | None = None
    seal_material: Annotated[Name, label("封口材料", "what the container was sealed with")] | None = None
    seal_state: Annotated[SealState, label("封口和标识码状态", "how seal and label were found")] | None = None
    timely: Annotated[bool, label("时效符合", "it came in time", short_en="in time")] | None = None
    preserved: Annotated[bool, label("保存条件符合", "it was kept as the method asks")] | None = None
    printer_ref: (
        Annotated[SourceRef, label("打印设备", "source reference of the printer", short_en="printer")] | None
    ) = None
    photo_sha256: Annotated[Name, label("照片哈希", "SHA-256 of the photo", short_en="photo")] | None = None
    reason: Annotated[Prose, label("原因说明", "why: of a reprint, a refusal, damage")] | None = None


class FieldEventRow(RegisterRow, kw_only=True):
    """One thing that happened on the way of a task; rows are never replaced, each has a reference of its own."""

    task_ref: Annotated[SourceRef, label("监测任务", "source reference of the task", short_en="task")]
    sample_ref: Annotated[SourceRef, label("样品", "source reference of the sample", short_en="sample")] | None = None
    kind: Annotated[FieldEventKind, label("事件", "what happened", short_en="event")]
    preservation: Annotated[Preservation, label("保护措施", "what was done to keep it")] | None = None
    key_step: Annotated[KeyStep, label("关键环节", "which key step", short_en="key step")] | None = None
    happened_at: Happened
    ended_at: Annotated[Moment, label("结束时间", "when it ended, where it lasted", short_en="ended")] | None = None
    device_id: Device | None = None
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    accuracy_m: Accuracy | None = None
    person_refs: Annotated[Names, label("人员", "source references of who did it", short_en="people")] = []
    note: Annotated[Prose, label("说明", "note")] | None = None


class LabelPrinterRow(RegisterRow, kw_only=True):
    """A printer of labels (打码设备), in use or spare (附件2 第十一条)."""

    name: Annotated[Name, label("名称", "name")]
    serial: Annotated[Name, label("出厂编号", "serial number")] | None = None
    spare: Annotated[bool, label("备用", "kept as a spare")]
    keeper_ref: Annotated[SourceRef, label("管理人员", "who keeps it", short_en="keeper")] | None = None


class RecorderCheckRow(RegisterRow, kw_only=True):
    """A check of the recording devices (录像设备检查, 附件1 第九条)."""

    checked_on: Annotated[date, label("检查日期", "day of the check", short_en="checked")]
    device_id: Annotated[Name, label("录像设备", "the device; all of them when absent", short_en="device")] | None = (
        None
    )
    working: Annotated[bool, label("工作正常", "it works", short_en="works")]
    spare_used: Annotated[bool, label("更换备用设备", "a spare took its place")] = False


class StorageCheckRow(RegisterRow, kw_only=True):
    """A check of the room for recordings (存储容量核查, 附件1 第十三条), with the custodian at the time."""

    checked_on: Annotated[date, label("核查日期", "day of the check", short_en="checked")]
    free_days: Annotated[Count, label("剩余可存天数", "days for which the room is enough", unit="d")]
    custodian_ref: Annotated[SourceRef, label("保管人", "who keeps the recordings", short_en="custodian")] | None = None
