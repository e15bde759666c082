"""What the pages of labels and monitoring tasks print. Marked texts are Chinese sources."""

from dataclasses import dataclass
from datetime import date, datetime

from hengjian.dashboards.language import Bilingual
from hengjian.dashboards.pages.organization_record import OrganizationHead
from hengjian.dashboards.parts import Pager


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineLine:
    """One event: what happened, to which label, by whom, when by device and by server, and what speaks against it.

    `said` are further pairs of marked name and text; `troubles` are marked texts.
    """

    what: str
    more: str
    label_id: str
    label_href: str
    sample: str
    person: str
    happened_at: datetime
    recorded_at: datetime
    place: str
    said: tuple[tuple[str, str], ...]
    troubles: tuple[str, ...]
    receipt_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelLine:
    """One label in a list; `state` is a marked text, `look` the class that colours it."""

    label_id: str
    href: str
    state: str
    look: str
    prints: int
    sample: str
    changed_at: datetime | None
    troubles: int
    printable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueLine:
    """Labels issued together."""

    href: str
    issued_at: datetime
    issuer: str
    labels: int
    used: int
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintForm:
    """Printing, for the institution; people and printers as reference and name, `kept` what was typed."""

    people: tuple[tuple[str, str], ...]
    printers: tuple[tuple[str, str], ...]
    tasks: tuple[tuple[str, str], ...]
    kept: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelsPage:
    """Labels of an organization; `may_issue` shows the bureau's form, `printing` the institution's.

    `begins` is how the numbers of the visitor's city begin.
    """

    head: OrganizationHead
    may_issue: bool
    printing: PrintForm | None
    problem: Bilingual | None
    text: str
    begins: str
    issues: tuple[IssueLine, ...]
    lines: tuple[LabelLine, ...]
    pager: Pager


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelPage:
    """One label with its chain; `elsewhere` says that another institution uses it too, `others` who, for a bureau."""

    head: OrganizationHead
    line: LabelLine
    issued_at: datetime | None
    issuer: str
    task_ref: str
    task_href: str
    elsewhere: bool
    others: tuple[tuple[str, str], ...]
    timeline: tuple[TimelineLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEntry:
    """One task in a list."""

    reference: str
    href: str
    client: str
    point: str
    planned_on: date
    origin: str
    samples: int
    events: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TasksPage:
    """Monitoring tasks of an organization."""

    head: OrganizationHead
    text: str
    lines: tuple[TaskEntry, ...]
    pager: Pager


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleLine:
    """One sample of a task with its labels; `missing` says that it must carry one and does not."""

    reference: str
    items: str
    container: str
    preservation: tuple[str, ...]
    labels: tuple[LabelLine, ...]
    missing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage:
    """One task: plan as marked names with texts, samples, and everything that happened."""

    head: OrganizationHead
    reference: str
    client: str
    point: str
    origin: str
    plan: tuple[tuple[str, str], ...]
    samples: tuple[SampleLine, ...]
    timeline: tuple[TimelineLine, ...]
    troubles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicLabelPage:
    """What anybody is told: `outcome` is empty before a question, else known, unknown or unreadable.

    `more_href` leads a signed-in visitor who may see it to the label's own page.
    """

    typed: str = ""
    outcome: str = ""
    label_id: str = ""
    city: Bilingual | str = ""
    state: str = ""
    good: bool = True
    changed_at: datetime | None = None
    more_href: str = ""
