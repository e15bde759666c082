"""The registers: one description a kind, from which tables, mutations, checks and pages are made."""

from dataclasses import dataclass

from hengjian.tenants.domain.fields import RegisterRow
from hengjian.tenants.domain.rows_assets import (
    DeviceFailureRow,
    InstrumentRow,
    PointRow,
    SetRow,
    SpareItemRow,
    StockRow,
    VehicleRow,
)
from hengjian.tenants.domain.rows_capacity import (
    AccreditationRow,
    CertificateRow,
    LaboratoryRow,
    OfficeRow,
    OrganizationRow,
    PersonRow,
    PledgeRow,
    PolicyDocumentRow,
    RegistrationRow,
    WarehouseRow,
)
from hengjian.tenants.domain.rows_custody import (
    FieldEventRow,
    LabelEventRow,
    LabelPrinterRow,
    MonitoringTaskRow,
    RecorderCheckRow,
    SampleRow,
    StorageCheckRow,
)
from hengjian.tenants.domain.rows_fieldwork import (
    ClientReportRow,
    PointStopRow,
    RepairRow,
    VisitRow,
    WasteCollectionRow,
)
from hengjian.tenants.domain.rows_institution import (
    CalibrationRow,
    CapabilityRow,
    EnvironmentReadingRow,
    MethodRow,
    MonitoringReportRow,
    ReagentLotRow,
    ReferenceMaterialRow,
    ResultRow,
    RoomRow,
    SystemChangeRow,
    TrainingRow,
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Register:
    """One kind of register; each exists once, so it is known by its identity (and found fast in caches).

    Attributes:
        kind: plural, as in `pushPeople` and in addresses.
        table: table of what is known now; `<table>_assertion` holds every row ever accepted.
        row: the shape of a row.
        starts: field that gives `valid_from` where the sender leaves it out (of a moment its legal day); None means it
            must be given.
        ends: field with the first day on which the row is no longer true.
        refs: fields that name a row of another register, with that register's kind.
        events: rows are things that happened: they are only ever added, never replaced, ended or withdrawn.
    """

    kind: str
    table: str
    zh: str
    en: str
    row: type[RegisterRow]
    starts: str | None = None
    ends: str | None = None
    refs: tuple[tuple[str, str], ...] = ()
    events: bool = False


_OF_INSTITUTIONS = (
    Register(kind="rooms", table="room", zh="实验场所", en="rooms", row=RoomRow),
    Register(
        kind="environmentReadings",
        table="environment_reading",
        zh="环境条件记录",
        en="environment readings",
        row=EnvironmentReadingRow,
        starts="read_on",
        refs=(("room_ref", "rooms"),),
    ),
    Register(
        kind="calibrations",
        table="calibration",
        zh="检定校准",
        en="calibrations",
        row=CalibrationRow,
        starts="calibrated_on",
        refs=(("instrument_ref", "instruments"),),
    ),
    Register(
        kind="referenceMaterials",
        table="reference_material",
        zh="标准物质",
        en="reference materials",
        row=ReferenceMaterialRow,
        starts="in_use_from",
        ends="in_use_until",
    ),
    Register(
        kind="reagentLots",
        table="reagent_lot",
        zh="试剂和消耗品",
        en="reagent lots",
        row=ReagentLotRow,
        starts="in_use_from",
        ends="in_use_until",
    ),
    Register(
        kind="methods",
        table="method",
        zh="监测方法",
        en="methods",
        row=MethodRow,
        starts="in_use_from",
        ends="in_use_until",
    ),
    Register(
        kind="capabilities",
        table="capability",
        zh="资质认定能力附表",
        en="capabilities (CMA scope)",
        row=CapabilityRow,
        refs=(("accreditation_ref", "accreditations"),),
    ),
    Register(
        kind="trainings",
        table="training",
        zh="培训",
        en="trainings",
        row=TrainingRow,
        starts="held_on",
        refs=(("person_ref", "people"),),
    ),
    Register(
        kind="monitoringReports",
        table="monitoring_report",
        zh="监测报告",
        en="monitoring reports",
        row=MonitoringReportRow,
        starts="issued_on",
        refs=(("signatory_ref", "people"),),
    ),
    Register(
        kind="testResults",
        table="test_result",
        zh="检测结果",
        en="test results",
        row=ResultRow,
        starts="tested_on",
        refs=(
            ("method_ref", "methods"),
            ("report_ref", "monitoringReports"),
            ("analyst_ref", "people"),
            ("checker_ref", "people"),
            ("reviewer_ref", "people"),
        ),
    ),
    Register(
        kind="systemChanges",
        table="system_change",
        zh="信息系统变更",
        en="system changes",
        row=SystemChangeRow,
        starts="implemented_on",
    ),
)

_OF_FIELDWORK = (
    Register(
        kind="visits",
        table="visit",
        zh="现场运维",
        en="visits",
        row=VisitRow,
        starts="started_at",
        refs=(
            ("point_ref", "points"),
            ("person_ref", "people"),
            ("vehicle_ref", "vehicles"),
            ("reviewed_by_ref", "people"),
        ),
    ),
    Register(
        kind="pointStops",
        table="point_stop",
        zh="点位停运",
        en="stops of points",
        row=PointStopRow,
        starts="stopped_from",
        ends="stopped_until",
        refs=(("point_ref", "points"),),
    ),
    Register(
        kind="repairs",
        table="repair",
        zh="检修",
        en="repairs",
        row=RepairRow,
        starts="repaired_on",
        refs=(("point_ref", "points"), ("person_ref", "people")),
    ),
    Register(
        kind="wasteCollections",
        table="waste_collection",
        zh="废液台账",
        en="waste ledger",
        row=WasteCollectionRow,
        starts="collected_on",
        refs=(("point_ref", "points"),),
    ),
    Register(
        kind="clientReports",
        table="client_report",
        zh="定期汇报报告",
        en="reports to clients",
        row=ClientReportRow,
        starts="received_on",
    ),
)

_OF_CUSTODY = (
    Register(
        kind="monitoringTasks",
        table="monitoring_task",
        zh="监测任务",
        en="monitoring tasks",
        row=MonitoringTaskRow,
        starts="planned_on",
    ),
    Register(
        kind="samples", table="sample", zh="样品", en="samples", row=SampleRow, refs=(("task_ref", "monitoringTasks"),)
    ),
    Register(
        kind="labelEvents",
        table="label_event",
        zh="识别标识码流转",
        en="events of seal labels",
        row=LabelEventRow,
        starts="happened_at",
        refs=(
            ("sample_ref", "samples"),
            ("person_ref", "people"),
            ("counterpart_ref", "people"),
            ("printer_ref", "labelPrinters"),
        ),
        events=True,
    ),
    Register(
        kind="fieldEvents",
        table="field_event",
        zh="任务过程记录",
        en="events of tasks",
        row=FieldEventRow,
        starts="happened_at",
        refs=(("task_ref", "monitoringTasks"), ("sample_ref", "samples")),
        events=True,
    ),
    Register(
        kind="labelPrinters",
        table="label_printer",
        zh="打码设备",
        en="label printers",
        row=LabelPrinterRow,
        refs=(("keeper_ref", "people"),),
    ),
    Register(
        kind="recorderChecks",
        table="recorder_check",
        zh="录像设备检查",
        en="checks of recorders",
        row=RecorderCheckRow,
        starts="checked_on",
    ),
    Register(
        kind="storageChecks",
        table="storage_check",
        zh="存储容量核查",
        en="checks of storage",
        row=StorageCheckRow,
        starts="checked_on",
        refs=(("custodian_ref", "people"),),
    ),
)

REGISTERS: tuple[Register, ...] = (
    Register(kind="organizations", table="profile", zh="机构", en="organizations", row=OrganizationRow),
    Register(kind="registrations", table="registration", zh="备案", en="registrations", row=RegistrationRow),
    Register(kind="laboratories", table="laboratory", zh="实验室", en="laboratories", row=LaboratoryRow),
    Register(
        kind="accreditations",
        table="accreditation",
        zh="资质认定",
        en="accreditations (CMA)",
        row=AccreditationRow,
        refs=(("laboratory_ref", "laboratories"),),
    ),
    Register(kind="people", table="person", zh="人员", en="people", row=PersonRow, starts="hired_on", ends="left_on"),
    Register(
        kind="certificates",
        table="certificate",
        zh="上岗证",
        en="certificates",
        row=CertificateRow,
        starts="issued_on",
        refs=(("person_ref", "people"),),
    ),
    Register(
        kind="pledges",
        table="pledge",
        zh="自律承诺书",
        en="pledges",
        row=PledgeRow,
        starts="signed_on",
        refs=(("person_ref", "people"),),
    ),
    Register(
        kind="points",
        table="point",
        zh="监测点位",
        en="points",
        row=PointRow,
        starts="in_service_from",
        ends="in_service_until",
    ),
    Register(
        kind="sets",
        table="monitoring_set",
        zh="监测设施（套）",
        en="sets",
        row=SetRow,
        starts="in_service_from",
        ends="in_service_until",
        refs=(("point_ref", "points"),),
    ),
    Register(
        kind="instruments",
        table="instrument",
        zh="仪器设备",
        en="instruments",
        row=InstrumentRow,
        starts="commissioned_on",
        ends="retired_on",
        refs=(("point_ref", "points"),),
    ),
    Register(
        kind="deviceFailures",
        table="device_failure",
        zh="设备故障",
        en="device failures",
        row=DeviceFailureRow,
        starts="began_at",
        refs=(("instrument_ref", "instruments"),),
    ),
    Register(kind="offices", table="office", zh="办公场所", en="offices", row=OfficeRow),
    Register(kind="warehouses", table="warehouse", zh="备件库", en="warehouses", row=WarehouseRow),
    Register(kind="spareItems", table="spare_item", zh="备品备件", en="spare items", row=SpareItemRow),
    Register(
        kind="stock",
        table="stock",
        zh="库存",
        en="stock",
        row=StockRow,
        starts="counted_on",
        refs=(("item_ref", "spareItems"), ("warehouse_ref", "warehouses")),
    ),
    Register(kind="vehicles", table="vehicle", zh="运维车辆", en="vehicles", row=VehicleRow),
    Register(
        kind="policyDocuments", table="policy_document", zh="管理制度", en="policy documents", row=PolicyDocumentRow
    ),
    *_OF_FIELDWORK,
    *_OF_INSTITUTIONS,
    *_OF_CUSTODY,
)

BY_KIND: dict[str, Register] = {register.kind: register for register in REGISTERS}
