"""What the life of a finding prints: what is due, what the visitor may decide, what was said, and notices."""

from dataclasses import dataclass
from datetime import date, datetime

from hengjian.dashboards.language import Bilingual
from hengjian.dashboards.parts import Pager


@dataclass(frozen=True, slots=True)
class ActChoice:
    """A step that the visitor may take now; `label` is marked text, `hint` says what it does."""

    act: str
    label: str
    hint: str


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file that was handed in."""

    name: str
    size: int
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """What the organization said."""

    label: str
    by: str
    at: datetime
    text: str
    late: bool
    files: tuple[FileLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLine:
    """One step of the bureau with its reason."""

    label: str
    by: str
    at: datetime
    reason: str
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LifePanel:
    """The decision panel and the record of what was said.

    `pending` is the proposal that waits for a reviewer; `waits` (marked text) says why nothing can be proposed yet;
    `statement` is `state` or `object` where the visitor may speak for the institution, else empty.
    """

    action: str
    due: date | None
    due_label: str
    due_provisional: bool
    choices: tuple[ActChoice, ...]
    takes_day: bool
    pending: DecisionLine | None
    waits: str
    statement: str
    statements: tuple[StatementLine, ...]
    decisions: tuple[DecisionLine, ...]
    problem: Bilingual | None = None
    kept: str = ""


@dataclass(frozen=True, slots=True)
class BulkLine:
    """One finding of a bulk step; `why` is empty where it is ready."""

    number: str
    organization: str
    title: Bilingual
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkPage:
    """What a step with many findings would do, or has done."""

    act: str
    label: str
    ready: tuple[BulkLine, ...]
    refused: tuple[BulkLine, ...]
    done: bool
    needs_reason: bool
    takes_day: bool
    problem: Bilingual | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLine:
    """One notice; `label` is marked text."""

    id: str
    label: str
    number: str
    href: str
    rule_id: str
    title: Bilingual
    organization: str
    at: datetime
    due: date | None
    read: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage:
    """One page of notices, the unread first."""

    action: str
    unread: int
    notices: tuple[NoticeLine, ...]
    pager: Pager
