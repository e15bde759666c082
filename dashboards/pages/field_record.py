"""What the phone pages print: the tasks of the day, the steps of one task, and the laboratory's counter."""

from dataclasses import dataclass
from datetime import date, datetime

from hengjian.dashboards.language import Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One choice of a list: a person, a printer, a task; `note` says more of it."""

    value: str
    label: str
    note: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every phone page carries: whose entries it makes, who may enter them, and which pages to keep for later."""

    owner: str
    page: str
    people: tuple[Choice, ...]
    keep: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a day.

    Attributes:
        key: names it on the phone and here: event, sample, and which of several.
        title: marked text; `detail` is a marked text that follows it.
        form: which form it has.
        kind: the register that the entry goes to.
        event: the kind of event.
        done_at: device time of the last such event that has arrived.
        code: the measure or key step, where there are several.
    """

    key: str
    title: str
    form: str
    kind: str
    event: str
    detail: str = ""
    done_at: datetime | None = None
    code: str = ""
    task_ref: str = ""
    sample_ref: str = ""
    label_id: str = ""
    on_site: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleSteps:
    """The steps of one sample, with what was planned of it; the steps of the task itself have no sample."""

    sample_ref: str
    label_id: str
    items: str
    container: str
    holding_hours: str
    steps: tuple[Step, ...]
    refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLink:
    """One task in the list of a day."""

    ref: str
    client: str
    point: str
    planned_on: date
    items: str
    samples: int
    events: int
    sampler_refs: tuple[str, ...]
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldTasksPage:
    """The tasks of today, and those of the days around it."""

    frame: Frame
    today: date
    of_today: tuple[TaskLink, ...]
    around: tuple[TaskLink, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldTaskPage:
    """One task: what was entered ahead, then its steps in order."""

    frame: Frame
    ref: str
    client: str
    client_credit_code: str
    point: str
    city: Bilingual | str
    position: str
    planned_on: date
    items: str
    samplers: str
    sampling_minutes: int | None
    before: tuple[Step, ...]
    samples: tuple[SampleSteps, ...]
    after: tuple[Step, ...]
    printers: tuple[Choice, ...]
    labels_href: str
    task_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptionPage:
    """The samples that are to be received, opened or analysed."""

    frame: Frame
    samples: tuple[SampleSteps, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldUploadsPage:
    """The form for a recording, and what is on its way."""

    frame: Frame
    tasks: tuple[Choice, ...]
    stages: tuple[tuple[str, str], ...]
    nodes: tuple[tuple[str, str], ...]
    purposes: tuple[tuple[str, str], ...]
    tags: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldQueuePage:
    """What waits on this phone; the phone fills it in, and names the `fields` that are to be corrected."""

    frame: Frame
    fields: tuple[tuple[str, Bilingual], ...]
