"""What the catalogue of rules and the page of one rule print."""

from dataclasses import dataclass
from datetime import date

from hengjian.dashboards.language import Bilingual
from hengjian.dashboards.pages.changes_record import ChangeForm, ChangeLine
from hengjian.dashboards.parts import Filter, Pager


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """One rule in the list; `open` None is not counted for this reader, `marks` say how its source is known."""

    rule_id: str
    title: Bilingual
    formula: Bilingual | str
    subject: Bilingual | str
    severities: tuple[str, ...]
    clause: str
    source: Bilingual | str
    marks: tuple[str, ...]
    in_force: bool
    open: int | None


@dataclass(frozen=True, slots=True)
class ModelLink:
    """A credit model and its versions."""

    title: Bilingual
    versions_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackGroup:
    """A pack with those of its rules that are on the page; `href` is the whole pack as a PDF."""

    title: Bilingual
    href: str
    versions_href: str
    rules: tuple[RuleLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesPage:
    """The catalogue; `in_force` counts all rules in force on the day, `counted` shows a bureau's open findings."""

    day: date
    in_force: int
    counted: bool
    filter: Filter
    models: tuple[ModelLink, ...]
    packs: tuple[PackGroup, ...]
    pager: Pager


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterLine:
    """One value of a parameter, from a day on; `note` says why it changed, `time` is before, now or later."""

    name: str
    label: Bilingual | str
    note: Bilingual | str
    region: Bilingual | str
    since: date
    time: str
    value: str
    unit: Bilingual | str
    status: str
    listed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InputLine:
    """One fact that a rule reads."""

    name: str
    label: Bilingual | str
    meaning: Bilingual | str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleLine:
    """One worked example of the rule, ready to print."""

    facts: str
    verdict: str
    severity: str | None
    measured: str | None
    required: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLine:
    """One part of the rule in words and as its author wrote it; `severity` where it decides on one."""

    part: str
    words: str
    code: str
    severity: str = ""


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One code that a row can earn."""

    code: str
    text: Bilingual
    hint: Bilingual


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """A register that the rule reads, with the codes of its rows."""

    label: Bilingual
    mutation: str
    codes: tuple[CodeLine, ...]


@dataclass(frozen=True, slots=True)
class EventLine:
    """A rule that may tell of the same event, and why."""

    rule_id: str
    title: Bilingual | str
    reason: Bilingual | str


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePage:
    """One rule: clause, formula, parameters over time, examples, error codes."""

    rule_id: str
    title: Bilingual
    severities: tuple[str, ...]
    subject: Bilingual | str
    pack: Bilingual | str
    pack_href: str
    pack_versions_href: str
    region: Bilingual | str
    in_force: bool
    in_force_from: date
    in_force_until: date | None
    costs_points: bool
    marks: tuple[str, ...]
    quote: str
    source: Bilingual | str
    clause: str
    formula: Bilingual | str
    parts: tuple[PartLine, ...]
    examples: tuple[ExampleLine, ...]
    parameters: tuple[ParameterLine, ...]
    inputs: tuple[InputLine, ...]
    registers: tuple[RegisterLine, ...]
    remedy: Bilingual | str
    counted_under: tuple[EventLine, ...]
    takes_over: tuple[EventLine, ...]
    open: int | None
    changes: tuple[ChangeLine, ...] = ()
    form: ChangeForm | None = None
