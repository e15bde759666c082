"""What the pages of a change of a rule print: the list, the form, one change with its examples, impact and shadow."""

from dataclasses import dataclass
from datetime import date, datetime

from hengjian.dashboards.language import Bilingual
from hengjian.dashboards.pages.organization_record import Tab
from hengjian.dashboards.pages.versions_record import DifferenceLine
from hengjian.dashboards.parts import Option, Pager


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeForm:
    """The form of a change, with what was typed; `whats` are the parts of the rule that can change.

    `examples` None asks for none yet; `text` is the rule's file, to be written anew; `problem` says why the form came back.
    """

    action: str
    rule_id: str
    whats: tuple[Option, ...]
    value: str
    from_day: str
    earliest: date
    clause: str
    reason: str
    statuses: tuple[Option, ...]
    examples: str | None = None
    text: str = ""
    problem: Bilingual | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFormPage:
    """The form on a page of its own, after it was refused."""

    rule_id: str
    title: Bilingual
    form: ChangeForm


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """One change in a list; `what` says what changes, from what to what."""

    number: str
    rule_id: str
    title: Bilingual
    what: str
    region: Bilingual | str
    bureau: str
    from_day: date
    until: date | None
    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesPage:
    """The changes that the reader sees, by stage."""

    tabs: tuple[Tab, ...]
    changes: tuple[ChangeLine, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class MovedLine:
    """An example of the rule that comes out otherwise; verdicts are codes."""

    number: int
    facts: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpactLine:
    """One organization that the change moves; None is not rated."""

    name: str
    credit_code: str
    region: Bilingual | str
    effect: str
    days_before: int
    days_after: int
    points_before: str | None
    points_after: str | None
    grade_before: str | None
    grade_after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpactView:
    """The preview: how far it is, and when it is done, whom the change moves. `poll` asks again while it runs."""

    state: str
    done: int
    total: int
    poll: str
    since: date
    until: date
    fresh: bool
    organizations: int
    replayed: int
    replay_differs: int
    tabs: tuple[Tab, ...]
    lines: tuple[ImpactLine, ...]
    pager: Pager
    csv_href: str
    json_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowLine:
    """What the change would find; `fresh` when the rule in force does not find it too."""

    name: str
    credit_code: str
    subject: str
    since: date
    severity: str
    measured: str | None
    required: str | None
    fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """Who did what; `label` is marked text."""

    label: str
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActButton:
    """A step that the visitor may take; `needs_reason` asks for one."""

    act: str
    label: str
    needs_reason: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePage:
    """One change: what differs, whether its examples come out, whom it moves, and what comes next."""

    line: ChangeLine
    rule_region: str
    reason: str
    clause: str
    version_before: str
    version_after: str
    drafted_by: str
    approved_by: str
    approved_at: datetime | None
    differences: tuple[DifferenceLine, ...]
    check_ok: bool
    check_problems: tuple[Bilingual, ...]
    moved: tuple[MovedLine, ...]
    form: ChangeForm | None
    impact: ImpactView | None
    shadow: tuple[ShadowLine, ...]
    shadow_total: int
    steps: tuple[StepLine, ...]
    acts: tuple[ActButton, ...]
    waits: Bilingual | None
    end: ChangeForm | None
    ended: bool
    problem: Bilingual | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectLine:
    """What an approved change would have meant for one's own organization in the twelve months before."""

    number: str
    rule_id: str
    title: Bilingual
    region: Bilingual | str
    from_day: date
    effect: str
    days_before: int
    days_after: int
    points_before: str | None
    points_after: str | None
    grade_before: str | None
    grade_after: str | None


@dataclass(frozen=True, slots=True)
class MyChangesPage:
    """The approved changes that move the visitor's organization."""

    effects: tuple[EffectLine, ...]
