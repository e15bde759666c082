"""What the list of findings and the page of one finding print."""

from dataclasses import dataclass
from datetime import date, datetime

from hengjian.dashboards.language import Bilingual
from hengjian.dashboards.pages.life_record import ActChoice, LifePanel
from hengjian.dashboards.pages.organization_record import Tab
from hengjian.dashboards.pages.rules_record import EventLine
from hengjian.dashboards.parts import Filter, FindingLine, Head, Pager
from hengjian.scoring.api import CountedIn


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsPage:
    """One page of the list, with the filter in force; `told` of the open ones are of severity `info`."""

    open_total: int
    told: int
    tabs: tuple[Tab, ...]
    filter: Filter
    heads: tuple[Head, ...]
    lines: tuple[FindingLine, ...]
    pager: Pager
    csv_href: str
    bulk: tuple[ActChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One sub-expression and what it gave."""

    expression: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactLine:
    """One value of the formula: a fact with its rows or the page it rests on, or a parameter of the rule."""

    name: Bilingual | str
    value: str | None
    rows: int
    href: str
    parameter: bool
    page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A register row behind a fact."""

    reference: str
    summary: str
    valid_from: date
    valid_until: date | None
    recorded_at: datetime
    batch: str
    receipt_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceGroup:
    """The rows of one register behind a finding; `total` may exceed those listed."""

    register: str
    label: Bilingual
    total: int
    rows: tuple[SourceRow, ...]
    href: str


@dataclass(frozen=True, slots=True)
class LifeStep:
    """One stage of a case. `look` is `ok` (done), `now` or empty (to come)."""

    label: str
    note: str
    at: datetime | None
    look: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherFinding:
    """Another finding of the same organization."""

    number: str
    rule_id: str
    title: Bilingual
    subject: str
    since: date
    state: str
    counted_in: tuple[CountedIn, ...] = ()


@dataclass(frozen=True, slots=True)
class CountedLine:
    """A rule under which the finding counts, and why; the numbers of the findings that count, where they are known."""

    event: EventLine
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingPage:
    """One finding from its verdict down to the rows.

    Values are texts ready to print; None is no data. `gap` names what is lacking, where the rule counts a list; `ways`
    lead to what it is about, as marked names and addresses.
    """

    number: str
    rule_id: str
    title: Bilingual
    severity: str
    state: str
    organization: str
    credit_code: str
    region: Bilingual | str
    subject: str
    ways: tuple[tuple[str, str], ...]
    since: date
    until: date | None
    days: int
    in_force_from: date
    measured: str | None
    required: str | None
    gap: str | None
    unit: Bilingual | str
    formula: str
    substituted: str
    trace: tuple[Step, ...]
    quote: str
    source: Bilingual | str
    clause: str
    facts: tuple[FactLine, ...]
    sources: tuple[SourceGroup, ...]
    remedy: Bilingual | str
    life: tuple[LifeStep, ...]
    lawbook_version: str
    judged_at: datetime
    detected_at: datetime
    costs_points: bool
    counted_under: tuple[CountedLine, ...]
    others: tuple[OtherFinding, ...]
    previous: str | None
    next: str | None
    panel: LifePanel
