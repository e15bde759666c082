"""What the tab of credit events prints."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from hengjian.dashboards.language import Bilingual
from hengjian.dashboards.pages.life_record import FileLine
from hengjian.dashboards.pages.organization_record import OrganizationHead


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditStep:
    """A step that the visitor may take now: what it wants beside a reason, and what it would do to the score."""

    act: str
    label: str
    takes_day: bool
    takes_document: bool
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One step that was taken."""

    label: str
    by: str
    at: datetime
    on_day: date | None
    document_no: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """One penalty, veto or check: `anchor` is what a score's step leads to, `status` marked text."""

    id: str
    anchor: str
    title: Bilingual | str
    number: str
    day: date | None
    organ: str
    text: str
    marks: tuple[str, ...]
    rests_on: tuple[tuple[str, str], ...]
    status: str
    tone: str
    steps: tuple[StepLine, ...]
    choices: tuple[CreditStep, ...]
    waits: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceLine:
    """A device with its health of 100, or None where no model is in force."""

    ref: str
    name: str
    since: date
    years: int
    failures: tuple[str, ...]
    health: int | None


@dataclass(frozen=True, slots=True)
class FormChoice:
    """One value of a list in a form."""

    value: str
    label: Bilingual | str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryForms:
    """The bureau's forms, with what was typed; `open` names the form to show, `preview` its effect on the score."""

    measures: tuple[FormChoice, ...]
    conducts: tuple[FormChoice, ...]
    checks: tuple[FormChoice, ...]
    kept: Mapping[str, str]
    open: str = ""
    preview: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterLine:
    """What may be repaired: `kind` is marked text; `possible_from` None while the duty is not recorded as done."""

    value: str
    kind: str
    number: str
    what: Bilingual | str
    possible_from: date | None
    ready: bool
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairLine:
    """An application: where it stands, its steps, and what the visitor may do; `status` and `waits` are marked texts."""

    id: str
    kind: str
    number: str
    href: str
    by: str
    at: datetime
    text: str
    files: tuple[FileLine, ...]
    status: str
    tone: str
    steps: tuple[StepLine, ...]
    choices: tuple[CreditStep, ...]
    waits: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairPart:
    """Credit repair on the tab; `applies` when the visitor may apply, `kept` and `chosen` what they had typed."""

    action: str
    matters: tuple[MatterLine, ...]
    applications: tuple[RepairLine, ...]
    applies: bool
    kept: str = ""
    chosen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearGrade:
    """A final grade of a year; `dossier_href` leads to the dossier kept with it, or is empty."""

    year: int
    region: Bilingual | str
    grade: str | None
    total: str | None
    document_no: str
    until: date
    dossier_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditPage:
    """Credit events of one organization."""

    head: OrganizationHead
    action: str
    penalties: tuple[EventLine, ...]
    vetoes: tuple[EventLine, ...]
    checks: tuple[EventLine, ...]
    devices: tuple[DeviceLine, ...]
    healthy: int
    forms: EntryForms | None
    repair: RepairPart
    grades: tuple[YearGrade, ...] = ()
    problem: Bilingual | None = None
