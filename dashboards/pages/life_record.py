"""What the life of a finding prints: what is due, what the visitor may decide, what was said, and notices."""

from dataclasses import dataclass
from datetime import date, datetime

from hengjian.dashboards.language import Bilingual
from hengjian.dashboards.parts import Pager
from hengjian.scoring.api import ContestedFact


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


@dataclass(frozen=True, slots=True)
class FactChoice:
    """A fact of the finding that may be contested, with its value now."""

    name: str
    label: Bilingual | str
    now: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What an appeal claims, as typed: `contest` is `fact` or `application`; `until` is the first day without it."""

    contest: str = "fact"
    fact: str = ""
    value: str = ""
    first_day: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectLine:
    """An outcome of an appeal (`label` is marked text): official score, grade and days of breach, before and after."""

    act: str
    label: str
    as_of: date
    before: str | None
    after: str | None
    grade_before: str | None
    grade_after: str | None
    days_before: int
    days_after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealPanel:
    """The fields of an appeal, and for those who decide it each outcome."""

    facts: tuple[FactChoice, ...]
    claim: Claim
    effects: tuple[EffectLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """What the organization said."""

    label: str
    by: str
    at: datetime
    text: str
    late: bool
    files: tuple[FileLine, ...]
    claim: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLine:
    """One step of the bureau with its reason; on appeal with what was accepted and the scores."""

    label: str
    by: str
    at: datetime
    reason: str
    until: date | None
    claim: str = ""
    effect: EffectLine | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LifePanel:
    """The decision panel and the record of what was said.

    `pending` is the proposal that waits for a reviewer; `waits` (marked text) says why nothing can be proposed yet;
    `statement` is `state`, `object` or `appeal` where the visitor may speak for the institution, else empty;
    `appeal` is there for whoever appeals or decides an appeal, with `contested` as it was claimed last.
    """

    number: str
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
    appeal_until: date | None = None
    appeals: bool = False
    contested: ContestedFact | None = None
    appeal: AppealPanel | None = None
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
    """One notice; `label` is marked text, and so is `about`, which says under what it falls without a finding."""

    id: str
    label: str
    number: str
    rule_id: str
    title: Bilingual | str
    href: str
    about: str
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
