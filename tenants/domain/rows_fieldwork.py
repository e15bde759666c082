"""Rows of the registers of a contractor's work: visits, stops, repairs, waste liquid, reports to clients."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from hengjian.tenants.domain.fields import Latitude, Longitude, Moment, Name, Prose, RegisterRow, SourceRef, label
from hengjian.tenants.domain.kinds import ReportSection, VisitPurpose


class VisitRow(RegisterRow, kw_only=True):
    """A visit (现场运维) of one person to one point; push it again under its reference when it has been reviewed."""

    point_ref: Annotated[SourceRef, label("监测点位", "source reference of the point", short_en="point")]
    person_ref: Annotated[SourceRef, label("人员", "source reference of the person", short_en="person")]
    purposes: Annotated[list[VisitPurpose], label("工作内容", "what it was for")]
    started_at: Annotated[Moment, label("开始时间", "when work on site began", short_en="started")]
    ended_at: Annotated[Moment, label("结束时间", "when work on site ended", short_en="ended")]
    vehicle_ref: (
        Annotated[SourceRef, label("运维车辆", "source reference of the vehicle", short_en="vehicle")] | None
    ) = None
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    door_entered_at: (
        Annotated[Moment, label("门禁进入时间", "entry logged by the door system", short_en="door entry")] | None
    ) = None
    mobile: Annotated[bool, label("移动端填报", "its record was made with the mobile client", short_en="mobile")]
    submitted_at: Annotated[Moment, label("提交时间", "when its record was submitted", short_en="submitted")] | None = (
        None
    )
    reviewed_at: (
        Annotated[Moment, label("审核时间", "when the back office reviewed it", short_en="reviewed")] | None
    ) = None
    reviewed_by_ref: (
        Annotated[SourceRef, label("审核人", "source reference of the reviewer", short_en="reviewed by")] | None
    ) = None


class PointStopRow(RegisterRow, kw_only=True):
    """A stop (停运) of a point, as marked: until it ends, the clock of its inspections stands still."""

    point_ref: Annotated[SourceRef, label("监测点位", "source reference of the point", short_en="point")]
    stopped_from: Annotated[date, label("停运首日", "first day of the stop")]
    stopped_until: Annotated[date, label("恢复日期", "first day on which it runs again")] | None = None
    reason: Annotated[Prose, label("停运原因", "why it stands still")]


class RepairRow(RegisterRow, kw_only=True):
    """A repair (检修), with the spare that was put in."""

    point_ref: Annotated[SourceRef, label("监测点位", "source reference of the point", short_en="point")]
    repaired_on: Annotated[date, label("检修日期", "day of the repair")]
    person_ref: Annotated[SourceRef, label("人员", "source reference of the person", short_en="person")] | None = None
    fault: Annotated[Prose, label("故障现象", "what was wrong")]
    spare_used: Annotated[bool, label("更换核心备件", "a core spare was put in")]
    original_brand: Annotated[Name, label("原品牌", "brand of what was replaced")] | None = None
    original_model: Annotated[Name, label("原型号", "model of what was replaced")] | None = None
    spare_brand: Annotated[Name, label("备件品牌", "brand of the spare")] | None = None
    spare_model: Annotated[Name, label("备件型号", "model of the spare")] | None = None
    compatibility_proof: (
        Annotated[
            Name,
            label("替代能力证明", "number of the document that proves it a full substitute", short_en="proof"),
        ]
        | None
    ) = None


class WasteCollectionRow(RegisterRow, kw_only=True):
    """A collection of waste liquid (废液收集) at a point, with the unit it was handed to."""

    point_ref: Annotated[SourceRef, label("监测点位", "source reference of the point", short_en="point")]
    collected_on: Annotated[date, label("收集日期", "day of the collection")]
    quantity_l: Annotated[Decimal, label("数量", "quantity", unit="L")] | None = None
    handed_to: Annotated[Name, label("接收单位", "unit it was handed to")] | None = None
    licence_number: (
        Annotated[
            Name, label("危险废物经营许可证编号", "number of that unit's hazardous waste licence", short_en="licence")
        ]
        | None
    ) = None
    licence_until: (
        Annotated[date, label("许可证有效期至", "last valid day of the licence", short_en="licence until")] | None
    ) = None


class ClientReportRow(RegisterRow, kw_only=True):
    """A periodic report (定期汇报报告) on one month to one client; a completed one is pushed under the same reference."""

    discharger: Annotated[Name, label("排污单位", "the client, named as in the register of points")]
    month: Annotated[date, label("汇报月份", "first day of the month it reports on", short_en="month")]
    received_on: Annotated[date, label("接收日期", "day on which the client received it", short_en="received")]
    sections: Annotated[list[ReportSection], label("已有章节", "the sections it has, of the nine of annex B")]
    number: Annotated[Name, label("报告编号", "number of the report")] | None = None
