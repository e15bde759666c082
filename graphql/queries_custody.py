"""Labels and monitoring tasks with everything that was told of them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import strawberry

from hengjian.graphql.context import Info, caller_with
from hengjian.graphql.push_inputs import choices_enum
from hengjian.ingestion.api import (
    EntryFault,
    FieldEventRecord,
    LabelEventRecord,
    LabelRecord,
    LabelState,
    Misfit,
    SampleRecord,
    TaskRecord,
    label_life_of,
    task_with_samples,
)
from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Caller
from hengjian.scoring.api import LawBook, entry_terms
from hengjian.tenants.api import (
    FieldEventKind,
    LabelEventKind,
    SealState,
    TaskOrigin,
    read_label_id,
    visible_organization,
)

for choices in (FieldEventKind, LabelEventKind, SealState, TaskOrigin):
    choices_enum(choices)
strawberry.enum(LabelState, description="识别标识码状态 where a label stands.")
strawberry.enum(Misfit, name="LabelMisfit", description="Why an event does not fit what was told before it.")
strawberry.enum(
    EntryFault,
    description="What speaks against an entry, by the limits of rule S-03 where it is in force: before arrival, off site, clock, late.",
)


@strawberry.type(name="CustodyEvent", description="One event of a label; it is never changed.")
class CustodyEventType:
    """One event."""

    source_ref: str
    kind: LabelEventKind
    happened_at: datetime = strawberry.field(description="By the device's clock.")
    recorded_at: datetime = strawberry.field(description="By the server's clock.")
    sample_ref: str | None
    person_ref: str
    counterpart_ref: str | None
    device_id: str | None
    longitude: Decimal | None
    latitude: Decimal | None
    accuracy_m: int | None
    sampled_at: datetime | None
    character: str | None
    fixative: str | None
    seal_material: str | None
    seal_state: SealState | None
    timely: bool | None
    preserved: bool | None
    printer_ref: str | None
    photo_sha256: str | None
    reason: str | None
    misfits: list[Misfit]
    faults: list[EntryFault] = strawberry.field(description="Judged within a task only; empty on `label`.")


@strawberry.type(name="SealLabel", description="识别标识码 a label with its whole way.")
class SealLabelType:
    """One label."""

    label_id: str
    state: LabelState
    issued_at: datetime | None = strawberry.field(description="Null: never issued to the organization that used it.")
    issuer: str
    prints: int
    changed_at: datetime | None
    sample_ref: str | None
    events: list[CustodyEventType]


@strawberry.type(name="TaskSample", description="样品 a sample as planned, with the labels that were put on it.")
class TaskSampleType:
    """One sample."""

    source_ref: str
    items: list[str]
    method_ref: str | None
    container: str | None
    preservation: list[str]
    holding_minutes: int | None
    key_steps: list[str]
    brought_back: bool
    labels: list[SealLabelType]


@strawberry.type(name="TaskEvent", description="One event on the way of a task, other than to a label.")
class TaskEventType:
    """One event."""

    source_ref: str
    kind: FieldEventKind
    sample_ref: str | None
    preservation: str | None
    key_step: str | None
    happened_at: datetime
    ended_at: datetime | None
    recorded_at: datetime
    device_id: str | None
    longitude: Decimal | None
    latitude: Decimal | None
    person_refs: list[str]
    note: str | None


@strawberry.type(name="TaskCustody", description="监测任务 a task with samples, labels and everything that happened.")
class TaskCustodyType:
    """One task."""

    source_ref: str
    client: str
    point_name: str
    city: str
    longitude: Decimal | None
    latitude: Decimal | None
    origin: TaskOrigin
    planned_on: date
    items: list[str]
    sampler_refs: list[str]
    samples: list[TaskSampleType]
    events: list[TaskEventType]


@strawberry.type
class CustodyQueries:
    """Questions about labels and tasks."""

    @strawberry.field(
        description="One label by its number, as printed or typed; null when the caller may see none such."
    )
    async def label(self, info: Info, id: str) -> SealLabelType | None:  # noqa: A002  # the argument's name in the API
        """The label."""
        number = read_label_id(id[:200])
        if number is None:
            return None
        async with info.context.database.read(caller_with(info, "read")) as session:
            found = await label_life_of(session, number)
        return as_label(found) if found else None

    @strawberry.field(
        description="One monitoring task by its sender's reference; a bureau names the organization by its credit code."
    )
    async def monitoring_task(self, info: Info, ref: str, credit_code: str | None = None) -> TaskCustodyType | None:
        """The task."""
        caller = caller_with(info, "read")
        tenant_id = await _organization(info, caller, credit_code)
        if tenant_id is None:
            return None
        focus = tenant_id if caller.kind == "bureau" else None
        async with info.context.database.read(caller, focus=focus) as session:
            found = await task_with_samples(session, tenant_id, ref)
        return _task(found, info.context.lawbook) if found else None


async def _organization(info: Info, caller: Caller, credit_code: str | None) -> UUID | None:
    if credit_code is None:
        return caller.tenant_id if caller.kind == "member" else None
    async with info.context.database.read(caller) as session:
        entry = await visible_organization(session, credit_code, on=legal_day(datetime.now(UTC)))
    return entry.id if entry else None


def as_label(label: LabelRecord, faults: dict[str, tuple[EntryFault, ...]] | None = None) -> SealLabelType:
    """A label as the API shows it."""
    return SealLabelType(
        label_id=label.label_id,
        state=label.state,
        issued_at=label.issued_at,
        issuer=label.issuer,
        prints=label.life.prints,
        changed_at=label.changed_at,
        sample_ref=label.sample_ref,
        events=[_event(event, (faults or {}).get(event.source_ref, ())) for event in label.events],
    )


def _event(event: LabelEventRecord, faults: tuple[EntryFault, ...]) -> CustodyEventType:
    return CustodyEventType(
        source_ref=event.source_ref,
        kind=event.kind,
        happened_at=event.happened_at,
        recorded_at=event.recorded_at,
        sample_ref=event.sample_ref,
        person_ref=event.person_ref,
        counterpart_ref=event.counterpart_ref,
        device_id=event.device_id,
        longitude=event.longitude,
        latitude=event.latitude,
        accuracy_m=event.accuracy_m,
        sampled_at=event.sampled_at,
        character=event.character,
        fixative=event.fixative,
        seal_material=event.seal_material,
        seal_state=event.seal_state,
        timely=event.timely,
        preserved=event.preserved,
        printer_ref=event.printer_ref,
        photo_sha256=event.photo_sha256,
        reason=event.reason,
        misfits=list(event.misfits),
        faults=list(faults),
    )


def _task(task: TaskRecord, lawbook: LawBook) -> TaskCustodyType:
    head = task.head
    faults = dict(task.faults(entry_terms(lawbook, head.city)))
    return TaskCustodyType(
        source_ref=head.source_ref,
        client=head.client,
        point_name=head.point_name,
        city=head.city,
        longitude=head.longitude,
        latitude=head.latitude,
        origin=head.origin,
        planned_on=head.planned_on,
        items=list(head.items),
        sampler_refs=list(head.sampler_refs),
        samples=[_sample(sample, faults) for sample in task.samples],
        events=[_field_event(event) for event in task.field_events],
    )


def _sample(sample: SampleRecord, faults: dict[str, tuple[EntryFault, ...]]) -> TaskSampleType:
    return TaskSampleType(
        source_ref=sample.source_ref,
        items=list(sample.items),
        method_ref=sample.method_ref,
        container=sample.container,
        preservation=list(sample.preservation),
        holding_minutes=sample.holding_minutes,
        key_steps=list(sample.key_steps),
        brought_back=sample.brought_back,
        labels=[as_label(label, faults) for label in sample.labels],
    )


def _field_event(event: FieldEventRecord) -> TaskEventType:
    return TaskEventType(
        source_ref=event.source_ref,
        kind=event.kind,
        sample_ref=event.sample_ref,
        preservation=event.preservation,
        key_step=event.key_step,
        happened_at=event.happened_at,
        ended_at=event.ended_at,
        recorded_at=event.recorded_at,
        device_id=event.device_id,
        longitude=event.longitude,
        latitude=event.latitude,
        person_refs=list(event.person_refs),
        note=event.note,
    )
