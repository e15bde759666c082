"""A rule of the law-book as its author wrote it, read and checked, before region and date are chosen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hengjian.scoring.domain.expressions import Expression
from hengjian.scoring.domain.expressions_nodes import Logic, Node
from hengjian.scoring.domain.values import Value, ValueType
from hengjian.scoring.domain.verdicts import Outcome, Severity


class SourceStatus(StrEnum):
    """How well the source of a parameter is known; `memory` is shown but never costs points."""

    VERIFIED = "verified"
    PROPOSAL = "proposal"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class Wording:
    """A text for people in Chinese and English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Citation:
    """The clause a rule rests on; `quote` is the source's own Chinese."""

    source: str
    clause: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterEntry:
    """The value of a parameter from a day on (up to, not including, `until`), in a region and all below it."""

    value: Value
    since: date
    region: str
    unit: Wording
    source_status: SourceStatus
    note: Wording | None = None
    until: date | None = None

    def holds(self, region: str, on: date) -> bool:
        """Whether it is a value for the region on the day."""
        return region.startswith(self.region) and self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named limit with its dated values; `label` is what people call it."""

    name: str
    label: Wording
    type: ValueType
    entries: tuple[ParameterEntry, ...]

    def entry_for(self, region: str, on: date) -> ParameterEntry | None:
        """The value for a region and day: the most specific region wins, then the latest day."""
        found = [entry for entry in self.entries if entry.holds(region, on)]
        return max(found, key=lambda entry: (len(entry.region), entry.since), default=None)


@dataclass(frozen=True, slots=True)
class SeverityCase:
    """A breach with this condition has this severity instead of the rule's own."""

    when: Expression
    severity: Severity


class Sameness(StrEnum):
    """What makes two breaches tell of one event.

    `organization`: the other lasts at least as long (counts and those counted); `unit`: the same site or job;
    `subject`: the same subject; `thing`: something that both are about, such as one sample or one recording.
    """

    ORGANIZATION = "organization"
    UNIT = "unit"
    SUBJECT = "subject"
    THING = "thing"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedUnder:
    """When a breach tells of the same event as a breach of one of `rules`, and why.

    Attributes:
        lacks: the lacking items that the other tells; empty is the whole breach.
        named: the other breach lacks one of these; empty is any breach of it.
        each: so many different subjects the other rules must name.
    """

    rules: tuple[str, ...]
    same: Sameness
    reason: Wording
    lacks: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    each: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A worked case in the rule's file; what it does not state is not compared."""

    facts: Mapping[str, Value]
    verdict: Outcome
    expected: Mapping[str, object]
    on: date
    region: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: what it needs, when it applies, what it demands and how a breach weighs.

    `inputs` are facts that must be known; `optional` facts may be absent until the judgement reaches them.
    `edition` is the number of the change that made it, empty for what stands in the law-book's files; an edition that
    is `off` takes the rule out of force where it stands.
    """

    id: str
    pack: str
    region: str
    subject: str
    dimension: str
    title: Wording
    formula: Wording
    unit: Wording
    remedy: Wording
    cites: Citation
    inputs: tuple[str, ...]
    optional: tuple[str, ...]
    types: Mapping[str, ValueType]
    parameters: tuple[Parameter, ...]
    applies: Expression | None
    require: Expression
    measured: Expression | None
    required: Expression | None
    lacking: Expression | None
    severity: Severity
    severity_cases: tuple[SeverityCase, ...]
    examples: tuple[Example, ...]
    in_force_from: date
    in_force_until: date | None
    counted_under: tuple[CountedUnder, ...] = ()
    edition: str = ""
    off: bool = False

    @property
    def file(self) -> str:
        """The name of its file, without the ending; it is another one for each edition."""
        return f"{self.id}@{self.edition}" if self.edition else self.id

    def in_force(self, region: str, on: date) -> bool:
        """Whether the rule stands in the region on the day (`in_force_until` is the first day without it)."""
        ended = self.in_force_until is not None and on >= self.in_force_until
        return region.startswith(self.region) and self.in_force_from <= on and not ended

    def resolve(self, region: str, on: date) -> dict[str, ParameterEntry] | None:
        """The parameters of a region and day; None when the rule is not in force or a parameter has no value yet."""
        if self.off or not self.in_force(region, on):
            return None
        found = {parameter.name: parameter.entry_for(region, on) for parameter in self.parameters}
        resolved = {name: entry for name, entry in found.items() if entry is not None}
        return resolved if len(resolved) == len(found) else None


def conjuncts(applies: Expression | None) -> tuple[Node, ...]:
    """The conditions that must all hold for a rule to apply: one of them known false is enough for not_applicable."""
    if applies is None:
        return ()
    node = applies.node
    return node.operands if isinstance(node, Logic) and node.operator == "and" else (node,)


def turning_days(rules: Iterable[Rule]) -> set[date]:
    """The days on which a rule begins, ends, or takes a new parameter."""
    found: set[date] = set()
    for rule in rules:
        found.add(rule.in_force_from)
        if rule.in_force_until is not None:
            found.add(rule.in_force_until)
        for entry in (entry for parameter in rule.parameters for entry in parameter.entries):
            found.add(entry.since)
            if entry.until is not None:
                found.add(entry.until)
    return found


_GRAVITY = {severity: place for place, severity in enumerate(Severity)}


def gravity(severity: Severity | None) -> int:
    """The place of a severity, 0 is the gravest; none comes last."""
    return len(_GRAVITY) if severity is None else _GRAVITY[severity]


def worst(severities: Iterable[Severity]) -> Severity | None:
    """The gravest of the severities."""
    return min(severities, key=_GRAVITY.__getitem__, default=None)
