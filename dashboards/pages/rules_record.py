"""What the list of rules and the page of one rule print."""

from dataclasses import dataclass
from datetime import date

from hengjian.dashboards.language import Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """One rule in the list; `open` None is not counted for this reader."""

    rule_id: str
    title: Bilingual
    formula: Bilingual | str
    subject: Bilingual | str
    severities: tuple[str, ...]
    clause: str
    open: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesPage:
    """The rules in force on a day."""

    day: date
    rules: tuple[RuleLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterLine:
    """One value of a parameter, from a day on; `note` says why it changed."""

    name: str
    label: Bilingual | str
    note: Bilingual | str
    region: Bilingual | str
    since: date
    value: str
    unit: Bilingual | str
    status: str
    listed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InputLine:
    """One fact that a rule reads."""

    name: str
    label: Bilingual | str
    unit: Bilingual | str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleLine:
    """One worked example of the rule, ready to print."""

    facts: str
    verdict: str
    severity: str | None
    measured: str | None
    required: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePage:
    """One rule: clause, formula, parameters over time, examples."""

    rule_id: str
    title: Bilingual
    severities: tuple[str, ...]
    subject: Bilingual | str
    pack: Bilingual | str
    in_force_from: date
    quote: str
    source: Bilingual | str
    clause: str
    formula: Bilingual | str
    expressions: tuple[tuple[str, str], ...]
    examples: tuple[ExampleLine, ...]
    parameters: tuple[ParameterLine, ...]
    inputs: tuple[InputLine, ...]
    remedy: Bilingual | str
    open: int | None
