"""One rule over a span of days in a region: how it stood from which day on, and a digest of all that judges by it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from hengjian.scoring.domain.expressions import Expression
from hengjian.scoring.domain.facts import FACTS
from hengjian.scoring.domain.judging import RuleInForce
from hengjian.scoring.domain.lawbook import RegionLaw
from hengjian.scoring.domain.values import ValueType
from hengjian.scoring.stored_values import digest_of

Entries = tuple[tuple[date, RuleInForce | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLaw:
    """A rule of a region over some days.

    Attributes:
        kind: whom it judges.
        entries: the rule from each of these days on, rising; None while it is not in force.
        digest: over the entries, without what is only for people to read.
        facts: those that it ever reads.
        every_day: whether time alone moves a fact that it reads.
        dated: whether it reads a day.
    """

    kind: str
    entries: Entries
    digest: int
    facts: frozenset[str]
    every_day: bool
    dated: bool

    def place_of(self, rule: RuleInForce) -> int:
        """The place of an entry."""
        return next(place for place, (_, found) in enumerate(self.entries) if found is rule)


def rule_laws(law: RegionLaw, kinds: Collection[str], *, since: date, until: date) -> dict[str, RuleLaw]:
    """The rules for some kinds of subjects by their names, those in force on one of the days from `since` to `until`.

    Nothing where two kinds have a rule of one name: what is kept by names would mix them.
    """
    entries: dict[tuple[str, str], list[tuple[date, RuleInForce | None]]] = {}
    days = (since, *law.turns_within(since, until))
    for kind in kinds:
        rules_on = law.of_kind(kind)
        for day in days:
            standing = {rule.id: rule for rule in rules_on(day)}
            for name in {name for own, name in entries if own == kind} | standing.keys():
                own = entries.setdefault((kind, name), [])
                rule = standing.get(name)
                if not own or own[-1][1] is not rule:
                    own.append((day, rule))
    if any(len(own) > 1 for own in law.kinds().values()):
        return {}
    return {name: _law(kind, tuple(own)) for (kind, name), own in entries.items()}


def _law(kind: str, entries: Entries) -> RuleLaw:
    rules = [rule for _, rule in entries if rule is not None]
    facts = frozenset(name for rule in rules for name in rule.inputs)
    return RuleLaw(
        kind=kind,
        entries=entries,
        digest=digest_of([(day, None if rule is None else _told(rule)) for day, rule in entries]),
        facts=facts,
        every_day=any(name in FACTS and FACTS[name].advances for name in facts),
        dated=any(rule.rule.types[name] is ValueType.DATE for rule in rules for name in rule.inputs),
    )


def _told(rule: RuleInForce) -> Mapping[str, object]:
    """All of a rule that enters what it says and what that counts."""
    own = rule.rule
    texts = (own.applies, own.require, own.measured, own.required, own.lacking)
    return {
        "subject": own.subject,
        "dimension": own.dimension,
        "inputs": own.inputs,
        "optional": own.optional,
        "types": dict(own.types),
        "texts": [_text(one) for one in texts],
        "severity": own.severity,
        "cases": [(case.when.text, case.severity) for case in own.severity_cases],
        "parameters": {
            name: (str(type(entry.value)), str(entry.value), entry.source_status)
            for name, entry in rule.parameters.items()
        },
    }


def _text(expression: Expression | None) -> str | None:
    return None if expression is None else expression.text
