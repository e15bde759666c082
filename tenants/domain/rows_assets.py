"""Rows of the registers of what is operated and what it takes: points, sets, instruments, spares, vehicles."""

from datetime import date
from typing import Annotated

from hengjian.tenants.domain.fields import (
    BasisPoints,
    Count,
    Latitude,
    Longitude,
    Name,
    Names,
    RegisterRow,
    SourceRef,
    label,
)
from hengjian.tenants.domain.kinds import Medium, SpareKind, Tenure


class PointRow(RegisterRow, kw_only=True):
    """A monitoring point (监测点位) operated by the organization; in service from a day until a day, that excluded."""

    name: Annotated[Name, label("点位名称", "name of the point")]
    discharger: Annotated[Name, label("排污单位", "discharger")]
    discharger_credit_code: (
        Annotated[Name, label("排污单位代码", "credit code of the discharger", short_en="discharger code")] | None
    ) = None
    medium: Annotated[Medium, label("类型", "water or gas")]
    mn: Annotated[Name, label("设备唯一标识 MN", "unique mark of the logger", short_zh="MN", short_en="MN")] | None = (
        None
    )
    factors: Annotated[Names, label("监测因子", "factors measured")] = []
    city: Annotated[Name, label("所在地市", "city, GB/T 2260 code", short_en="city")]
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    door_system: Annotated[bool, label("有门禁系统", "its station has a door system that logs entries")] | None = None
    produces_waste: Annotated[bool, label("产生废液", "its analysers produce waste liquid")] | None = None
    in_service_from: Annotated[date, label("投运日期", "first day in service")]
    in_service_until: (
        Annotated[date, label("停运日期", "first day no longer in service", short_en="out of service on")] | None
    ) = None


class SetRow(RegisterRow, kw_only=True):
    """A set (套) of monitoring equipment; several may stand at one point, so sets and points are counted apart."""

    point_ref: Annotated[SourceRef, label("监测点位", "source reference of the point", short_en="point")]
    name: Annotated[Name, label("名称", "name of the set")]
    city: Annotated[Name, label("所在地市", "city, GB/T 2260 code", short_en="city")]
    in_service_from: Annotated[date, label("投运日期", "first day in service")]
    in_service_until: (
        Annotated[date, label("停运日期", "first day no longer in service", short_en="out of service on")] | None
    ) = None


class InstrumentRow(RegisterRow, kw_only=True):
    """An instrument (仪器设备)."""

    name: Annotated[Name, label("名称", "name")]
    manufacturer: Annotated[Name, label("生产厂家", "manufacturer")] | None = None
    model: Annotated[Name, label("型号", "model")]
    serial: Annotated[Name, label("出厂编号", "serial number")]
    point_ref: Annotated[SourceRef, label("监测点位", "source reference of the point", short_en="point")] | None = None
    commissioned_on: Annotated[date, label("启用日期", "first day of use")]
    retired_on: Annotated[date, label("停用日期", "first day no longer in use")] | None = None
    tenure: Annotated[Tenure, label("自有或租赁", "owned or leased")] | None = None
    lease_until: Annotated[date, label("租赁截止日期", "last day of the lease")] | None = None
    calibration_exempt: (
        Annotated[bool, label("无需检定校准", "it influences no result, so it needs no calibration")] | None
    ) = None


class SpareItemRow(RegisterRow, kw_only=True):
    """A kind of spare (备品备件) with what is needed to judge its stock."""

    name: Annotated[Name, label("名称", "name")]
    kind: Annotated[SpareKind, label("类别", "consumable or core spare", short_en="kind")]
    unit: Annotated[Name, label("计量单位", "unit of count")] = "件"
    installed_base: Annotated[Count, label("设备保有量", "pieces installed")] | None = None
    monthly_usage: Annotated[Count, label("月使用量", "pieces used in a month")] | None = None
    failure_rate_bp: Annotated[BasisPoints, label("月故障率", "failures a month", unit="1/10000")] | None = None


class StockRow(RegisterRow, kw_only=True):
    """Pieces of a spare in one warehouse, as counted on a day; holds until the next count."""

    item_ref: Annotated[SourceRef, label("备件", "source reference of the spare item", short_en="spare item")]
    warehouse_ref: (
        Annotated[SourceRef, label("备件库", "source reference of the warehouse", short_en="warehouse")] | None
    ) = None
    quantity: Annotated[Count, label("库存量", "pieces in stock")]
    counted_on: Annotated[date, label("盘点日期", "day of the count")]


class VehicleRow(RegisterRow, kw_only=True):
    """A vehicle (运维车辆) based in one city."""

    plate: Annotated[Name, label("号牌号码", "number plate")]
    city: Annotated[Name, label("所在地市", "city where it is based, GB/T 2260 code", short_en="city")]
    model: Annotated[Name, label("车型", "model")] | None = None
