"""What the lists of recordings and the page of a task's recordings print."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hengjian.dashboards.language import Bilingual
from hengjian.dashboards.pages.organization_record import OrganizationHead
from hengjian.dashboards.pages.recording_timeline import Timeline
from hengjian.dashboards.parts import Filter, Head, Option, Pager


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingLine:
    """One recording in a list. `troubles` say in words what needs a look; None is not inspected yet."""

    href: str
    number: str
    task: str
    task_href: str
    organization: str
    credit_code: str
    stage: str
    node: str
    people: str
    started_at: datetime
    length: str
    archived_at: datetime
    troubles: tuple[str, ...] | None
    bad: bool
    secrecy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingsPage:
    """A list of recordings; `head` is set on an organization's own tab."""

    head: OrganizationHead | None
    filter: Filter
    heads: tuple[Head, ...]
    lines: tuple[RecordingLine, ...]
    pager: Pager
    csv_href: str
    here: str
    of_bureau: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeedLine:
    """Something that must be seen, with what of it is; `missing` are times ready to print."""

    stage: str
    what: str
    span: str
    day: str
    rule: str
    covered: str
    missing: tuple[str, ...]
    clips: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkLine:
    """A second of a clip that is worth a look; `own` marks lie in the clip that the player holds."""

    at: str
    at_ms: int
    kind: str
    text: str
    bad: bool
    href: str
    own: bool
    other: str = ""
    other_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipLine:
    """One recording beside the player; `number` from 1 is its key. `closed` tells that it cannot be looked at.

    `challenge` is how the stored verdict on the words given out is marked, and its text; `problems` do not fit together.
    """

    number: int
    href: str
    recording_no: str
    stage: str
    node: str
    span: str
    current: bool
    state: str
    bad: bool
    closed: bool
    held: bool
    challenge: tuple[str, str] | None
    problems: tuple[Bilingual, ...]
    marks: tuple[MarkLine, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """One thing to be seen: whether the sender claims it and, once somebody looked, whether it is."""

    code: str
    label: str
    claimed: bool
    seen: bool | None


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One review: who, when, how many of the five, what was said."""

    name: str
    at: datetime
    seen: int
    of: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """The list of contents of the clip in the player; `may` fill it in, `problem` says why it was not taken."""

    action: str
    content_list: str
    rule: str
    title: str
    contents: tuple[Content, ...]
    reviews: tuple[ReviewLine, ...]
    may: bool
    advice: str
    note: str = ""
    problem: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class LookLine:
    """Who looked, when, what for."""

    name: str
    at: datetime
    purpose: str
    number: str


@dataclass(frozen=True, slots=True)
class HoldLine:
    """A hold placed or lifted: who, when, why."""

    name: str
    at: datetime
    placed: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldCard:
    """The holds of a recording, and whether the visitor `may` place or lift one."""

    action: str
    held: bool
    may: bool
    lines: tuple[HoldLine, ...]
    reason: str = ""
    problem: Bilingual | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The clip that the player holds, with the file's facts.

    `media` is the address of its octets, empty while the look is not written down; `plays` tells whether browsers can.
    """

    number: int
    recording_no: str
    media: str
    start: str
    type: str
    plays: bool
    closed: str
    preview: str
    preview_size: tuple[int, int]
    preview_step: str
    preview_times: tuple[tuple[str, str, int], ...]
    preview_note: str
    facts: Sequence[tuple[str, str]]
    note: str
    look: LookLine | None
    looks_action: str
    purposes: tuple[Option, ...]
    checklist: Checklist | None
    hold: HoldCard | None
    problem: Bilingual | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """An event of the way of the samples: both clocks, and what shows it."""

    what: str
    label: str
    label_href: str
    happened_at: datetime
    recorded_at: datetime
    device: str
    shown: str
    href: str
    needed: bool
    read: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRecordingsPage:
    """The recordings of one task, or one recording by itself."""

    organization: str
    credit_code: str
    base: str
    title: str
    ref: str
    task_href: str
    planned_on: date | None
    people: str
    complete: bool | None
    missing: str
    timeline: Timeline | None
    deeds: tuple[DeedLine, ...]
    unrecorded: tuple[str, ...]
    unmet: tuple[str, ...]
    overlaps: tuple[str, ...]
    drifts: tuple[str, ...]
    challenges: tuple[tuple[str, str], ...]
    clips: tuple[ClipLine, ...]
    opened: Opened | None
    events: tuple[EventLine, ...]
    looks: tuple[LookLine, ...]
