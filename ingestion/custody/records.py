"""Labels, samples and tasks as pages, questions and rules read them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from hengjian.ingestion.custody.entries import Entry, EntryFault, EntryTerms, entered_on_site, entry_faults
from hengjian.ingestion.custody.label_life import LabelLife, LabelState, Misfit
from hengjian.platform.calendar import legal_day
from hengjian.platform.distance import Position
from hengjian.tenants.api import FieldEventKind, LabelEventKind, SealState, TaskOrigin


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelEventRecord:
    """One event of a label: `happened_at` is the device's time, `recorded_at` the server's; the rest as it was told."""

    source_ref: str
    label_id: str
    sample_ref: str | None
    kind: LabelEventKind
    happened_at: datetime
    recorded_at: datetime
    device_id: str | None
    longitude: Decimal | None
    latitude: Decimal | None
    accuracy_m: int | None
    person_ref: str
    counterpart_ref: str | None
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
    batch_id: UUID
    row_index: int
    misfits: tuple[Misfit, ...] = ()

    @property
    def position(self) -> Position | None:
        """Where the device was."""
        return None if self.longitude is None or self.latitude is None else (self.longitude, self.latitude)

    def as_entry(self, *, sampled: bool) -> Entry:
        """The event as the check of entries takes it; `sampled`: the institution took the sample itself."""
        key_fields = any(value is not None for value in (self.sampled_at, self.character, self.fixative))
        return Entry(
            happened_at=self.happened_at,
            recorded_at=self.recorded_at,
            position=self.position,
            accuracy_m=self.accuracy_m,
            sampled_at=self.sampled_at,
            on_site=entered_on_site(self.kind, key_fields=key_fields, sampled=sampled),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRecord:
    """A label with its whole life; without an issue it was never issued to the organization that used it."""

    tenant_id: UUID
    label_id: str
    issue_id: UUID | None
    issued_at: datetime | None
    issuer: str
    life: LabelLife
    events: tuple[LabelEventRecord, ...]

    @property
    def state(self) -> LabelState:
        """Where it stands."""
        return self.life.state

    @property
    def changed_at(self) -> datetime | None:
        """When it was last told of, by the devices' time; its issue when never."""
        return self.life.last_at or self.issued_at

    @property
    def sample_ref(self) -> str | None:
        """The sample it is on: the last that was told."""
        return next((event.sample_ref for event in reversed(self.events) if event.sample_ref), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldEventRecord:
    """One event on the way of a task."""

    source_ref: str
    task_ref: str
    sample_ref: str | None
    kind: FieldEventKind
    preservation: str | None
    key_step: str | None
    happened_at: datetime
    ended_at: datetime | None
    recorded_at: datetime
    device_id: str | None
    longitude: Decimal | None
    latitude: Decimal | None
    accuracy_m: int | None
    person_refs: tuple[str, ...]
    note: str | None
    batch_id: UUID
    row_index: int

    @property
    def position(self) -> Position | None:
        """Where the device was."""
        return None if self.longitude is None or self.latitude is None else (self.longitude, self.latitude)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleRecord:
    """A sample as planned, with the labels that were put on it."""

    source_ref: str
    task_ref: str
    items: tuple[str, ...]
    method_ref: str | None
    container: str | None
    preservation: tuple[str, ...]
    holding_minutes: int | None
    key_steps: tuple[str, ...]
    brought_back: bool
    labels: tuple[LabelRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskHead:
    """A task as planned."""

    source_ref: str
    client: str
    client_credit_code: str | None
    point_name: str
    city: str
    longitude: Decimal | None
    latitude: Decimal | None
    origin: TaskOrigin
    planned_on: date
    items: tuple[str, ...]
    sampler_refs: tuple[str, ...]
    sampling_minutes: int | None
    equipment_used: bool
    recorded_at: datetime

    @property
    def site(self) -> Position | None:
        """Where the point is."""
        return None if self.longitude is None or self.latitude is None else (self.longitude, self.latitude)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """A task in a list, with how much there is of it."""

    head: TaskHead
    samples: int
    field_events: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRecord:
    """A task with everything that was told of it; events in the order in which they happened."""

    head: TaskHead
    samples: tuple[SampleRecord, ...]
    field_events: tuple[FieldEventRecord, ...]

    @property
    def arrivals(self) -> tuple[datetime, ...]:
        """When somebody arrived on site, by the devices' time."""
        return tuple(event.happened_at for event in self.field_events if event.kind is FieldEventKind.ARRIVED)

    @property
    def label_events(self) -> tuple[LabelEventRecord, ...]:
        """The events of its samples' labels in their order; what a label was used for elsewhere is not of this task."""
        own = {sample.source_ref for sample in self.samples} | {None}
        labels = {label.label_id: label for sample in self.samples for label in sample.labels}
        told = [event for label in labels.values() for event in label.events if event.sample_ref in own]
        return tuple(sorted(told, key=lambda event: (event.happened_at, event.source_ref)))

    def faults(self, terms: Callable[[date], EntryTerms | None]) -> Mapping[str, tuple[EntryFault, ...]]:
        """What speaks against the entries, by the event's source reference; sound entries are left out.

        Args:
            terms: the limits of a legal day where the task lies; None on a day on which no rule asks for anything.
        """
        sampled = self.head.origin is not TaskOrigin.DELIVERED
        found: dict[str, tuple[EntryFault, ...]] = {}
        for event in self.label_events:
            limits = terms(legal_day(event.happened_at))
            if limits is not None:
                entry = event.as_entry(sampled=sampled)
                found[event.source_ref] = entry_faults(entry, arrivals=self.arrivals, site=self.head.site, terms=limits)
        return {ref: faults for ref, faults in found.items() if faults}
