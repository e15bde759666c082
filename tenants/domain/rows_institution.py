"""Rows of the registers of a monitoring institution: rooms, materials, methods and scope, and what it issued."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from hengjian.tenants.domain.fields import Name, Names, Prose, RegisterRow, SourceRef, label
from hengjian.tenants.domain.kinds import CalibrationKind


class RoomRow(RegisterRow, kw_only=True):
    """A room of a laboratory, with the limits of its environment where some are set."""

    name: Annotated[Name, label("房间", "name of the room")]
    purpose: Annotated[Name, label("用途", "what it is used for")] | None = None
    temperature_low: Annotated[Decimal, label("温度下限", "lowest temperature allowed", unit="℃")] | None = None
    temperature_high: Annotated[Decimal, label("温度上限", "highest temperature allowed", unit="℃")] | None = None
    humidity_low: Annotated[Decimal, label("湿度下限", "lowest relative humidity allowed", unit="%")] | None = None
    humidity_high: Annotated[Decimal, label("湿度上限", "highest relative humidity allowed", unit="%")] | None = None


class EnvironmentReadingRow(RegisterRow, kw_only=True):
    """What was read in a room on a day; one reference a room, as each reading stands until the next."""

    room_ref: Annotated[SourceRef, label("房间", "source reference of the room")]
    read_on: Annotated[date, label("记录日期", "day of the reading")]
    temperature: Annotated[Decimal, label("温度", "temperature", unit="℃")] | None = None
    humidity: Annotated[Decimal, label("湿度", "relative humidity", unit="%")] | None = None
    action: Annotated[Prose, label("处置措施", "what was done about a reading outside the limits")] | None = None


class CalibrationRow(RegisterRow, kw_only=True):
    """A calibration of an instrument; `validTo` is its last valid day, left out where it has none."""

    instrument_ref: Annotated[SourceRef, label("仪器设备", "source reference of the instrument")]
    kind: Annotated[CalibrationKind, label("方式", "verification, calibration or internal check")]
    number: Annotated[Name, label("证书编号", "certificate number")]
    issuer: Annotated[Name, label("出具机构", "issuer")] | None = None
    calibrated_on: Annotated[date, label("检定校准日期", "day of the calibration")]
    fit_for_use: Annotated[bool, label("结果确认合格", "its result was checked and allows the use")]


class ReferenceMaterialRow(RegisterRow, kw_only=True):
    """A lot of a reference material (标准物质) while it is in use."""

    name: Annotated[Name, label("名称", "name")]
    lot: Annotated[Name, label("批号", "lot")]
    certificate_number: Annotated[Name, label("证书编号", "number of its certificate")] | None = None
    expires_on: Annotated[date, label("有效期至", "last day of validity")]
    accepted_on: Annotated[date, label("验收日期", "day of acceptance; absent while not accepted")] | None = None
    in_use_from: Annotated[date, label("启用日期", "first day of use")]
    in_use_until: Annotated[date, label("停用日期", "first day no longer in use")] | None = None


class ReagentLotRow(RegisterRow, kw_only=True):
    """A lot of a reagent or consumable (试剂、消耗品) while it is in use."""

    name: Annotated[Name, label("名称", "name")]
    lot: Annotated[Name, label("批号", "lot")]
    supplier: Annotated[Name, label("供应商", "supplier")] | None = None
    key_reagent: Annotated[bool, label("关键试剂", "it influences results, so it needs acceptance")]
    expires_on: Annotated[date, label("有效期至", "last day of validity")]
    accepted_on: Annotated[date, label("验收日期", "day of acceptance; absent while not accepted")] | None = None
    in_use_from: Annotated[date, label("启用日期", "first day of use")]
    in_use_until: Annotated[date, label("停用日期", "first day no longer in use")] | None = None


class MethodRow(RegisterRow, kw_only=True):
    """A method (监测方法) that the institution uses, with its verification."""

    code: Annotated[Name, label("标准编号", "number of the standard, such as HJ 828-2017")]
    name: Annotated[Name, label("方法名称", "name of the method")]
    items: Annotated[Names, label("检测项目", "items measured by it")] = []
    verified_on: Annotated[date, label("方法验证日期", "day of its verification; absent while not verified")] | None = (
        None
    )
    superseded_on: (
        Annotated[date, label("被代替日期", "first day on which the standard is no longer current")] | None
    ) = None
    in_use_from: Annotated[date, label("启用日期", "first day of use")]
    in_use_until: Annotated[date, label("停用日期", "first day no longer in use")] | None = None


class CapabilityRow(RegisterRow, kw_only=True):
    """One line of the annex to a CMA certificate: an item by a method."""

    accreditation_ref: Annotated[SourceRef, label("资质认定", "source reference of the accreditation")]
    category: Annotated[Name, label("类别", "category, such as 水和废水")] | None = None
    item: Annotated[Name, label("检测项目", "item")]
    method_code: Annotated[Name, label("标准编号", "number of the method's standard")]


class TrainingRow(RegisterRow, kw_only=True):
    """A training of a person, with its outcome."""

    person_ref: Annotated[SourceRef, label("人员", "source reference of the person")]
    topic: Annotated[Name, label("培训内容", "topic")]
    held_on: Annotated[date, label("培训日期", "last day of the training")]
    passed: Annotated[bool, label("考核合格", "the person passed the assessment")] | None = None


class MonitoringReportRow(RegisterRow, kw_only=True):
    """A monitoring report that was issued; an amended one names the report it replaces."""

    number: Annotated[Name, label("报告编号", "number of the report")]
    issued_on: Annotated[date, label("签发日期", "day of issue")]
    signatory_ref: Annotated[SourceRef, label("授权签字人", "source reference of the signatory")] | None = None
    amends_number: Annotated[Name, label("原报告编号", "number of the report that it amends")] | None = None
    amended: Annotated[bool, label("修改后的报告", "it amends an earlier report")] = False
    amendment_reason: Annotated[Prose, label("修改原因", "why it was amended")] | None = None


class ResultRow(RegisterRow, kw_only=True):
    """A result of one item in one sample, with who made, checked and reviewed it."""

    item: Annotated[Name, label("检测项目", "item")]
    tested_on: Annotated[date, label("检测日期", "day of the test")]
    method_ref: Annotated[SourceRef, label("监测方法", "source reference of the method")]
    report_ref: Annotated[SourceRef, label("监测报告", "source reference of the report")] | None = None
    analyst_ref: Annotated[SourceRef, label("检测人员", "source reference of who made the test")]
    checker_ref: Annotated[SourceRef, label("校核人", "source reference of who checked it")] | None = None
    reviewer_ref: Annotated[SourceRef, label("审核人", "source reference of who reviewed it")] | None = None


class SystemChangeRow(RegisterRow, kw_only=True):
    """A change of the laboratory's information system."""

    title: Annotated[Name, label("变更内容", "what was changed")]
    implemented_on: Annotated[date, label("实施日期", "day on which it took effect")]
    approved_on: Annotated[date, label("批准日期", "day of approval; absent when there was none")] | None = None
    approver: Annotated[Name, label("批准人", "who approved it")] | None = None
