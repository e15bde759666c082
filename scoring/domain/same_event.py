"""One event, one rule: a breach that tells of nothing but what another rule's breach tells is counted under that one.

Which rules tell of the same event stands in the rules' files (`counted_under`); nothing here knows a rule's name.
Source: rules E7 (proposal): one event hits one rule, the most severe.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hengjian.scoring.domain.expressions_compile import AbsentInputError
from hengjian.scoring.domain.expressions_explain import Explainer
from hengjian.scoring.domain.functions import UNDEFINED
from hengjian.scoring.domain.rules import CountedUnder, Rule, Sameness, Wording, gravity
from hengjian.scoring.domain.timeline import Stretch
from hengjian.scoring.domain.verdicts import Severity

# Other items of what is lacking, such as stretches of time, only say where.
_CODE = re.compile(r"[A-Z][A-Z_]*\Z")

Pair = tuple[Stretch, tuple[Stretch, ...]]
Pairs = Sequence[Pair]


@dataclass(frozen=True, slots=True)
class Consolidation:
    """Breaches that are left out, each with those under which it counts."""

    pairs: tuple[Pair, ...]

    def leaves_out(self) -> frozenset[int]:
        """The identities (`id`) of the stretches that are left out."""
        return frozenset(id(one) for one, _ in self.pairs)


def consolidation(stretches: Sequence[Stretch]) -> Consolidation:
    """Of breaches that tell of one event the most severe stays; of equally severe ones the one the files name."""
    by_rule: dict[str, list[Stretch]] = {}
    for one in stretches:
        if one.is_breach:
            by_rule.setdefault(one.rule.id, []).append(one)
    pairs: list[Pair] = []
    for found in by_rule.values():
        for one in found:
            if one.rule.rule.counted_under:
                pairs += _left_out(one, by_rule)
    return Consolidation(tuple(_ending(pairs)))


def _ending(pairs: Pairs) -> Iterator[Pair]:
    """Those that end at breaches that stay: rules that name each other in a ring leave nothing out."""
    left = {id(one) for one, _ in pairs}
    ends: set[int] = {id(other) for _, under in pairs for other in under} - left
    before = -1
    while len(ends) != before:
        before = len(ends)
        ends |= {id(one) for one, under in pairs if all(id(other) in ends for other in under)}
    return (pair for pair in pairs if id(pair[0]) in ends)


def related_rules(rule_id: str, rules: Iterable[Rule]) -> tuple[str, ...]:
    """The rule, and those that may share an event with it, in the order of their names."""
    found = {rule_id}
    for rule in rules:
        named = {name for entry in rule.counted_under for name in entry.rules}
        if rule.id == rule_id:
            found |= named
        elif rule_id in named:
            found.add(rule.id)
    return tuple(sorted(found))


def shared_event(rule_id: str, other_id: str, rules: Iterable[Rule]) -> Wording | None:
    """Why two rules may tell of the same event, by whichever of them says so; None where neither does."""
    for rule in rules:
        for entry in rule.counted_under:
            if (rule.id == rule_id and other_id in entry.rules) or (rule.id == other_id and rule_id in entry.rules):
                return entry.reason
    return None


def _left_out(one: Stretch, by_rule: Mapping[str, Sequence[Stretch]]) -> Iterator[Pair]:
    """The breach under those that explain all of it, or, where it is graver than all of these, each of them under it."""
    under = _explaining(one, by_rule)
    if not under:
        return
    if gravity(one.severity) < min(gravity(other.severity) for other in under):
        for other in under:
            yield other, (one,)
    else:
        yield one, under


def _explaining(one: Stretch, by_rule: Mapping[str, Sequence[Stretch]]) -> tuple[Stretch, ...]:
    """The breaches that together tell all that this one tells; none where something is left."""
    lacking = {code for code in one.verdict.lacking if _CODE.match(code)}
    told: set[str] = set()
    found: dict[int, Stretch] = {}
    whole = False
    for entry in one.rule.rule.counted_under:
        if entry.lacks and entry.lacks.isdisjoint(lacking):
            continue
        others = [other for name in entry.rules for other in by_rule.get(name, ()) if _same(one, other, entry)]
        if others and _enough(one, others, entry):
            found |= {id(other): other for other in others}
            told |= entry.lacks
            whole = whole or not entry.lacks
    return tuple(found.values()) if whole or (lacking and lacking <= told) else ()


def _same(one: Stretch, other: Stretch, entry: CountedUnder) -> bool:
    """Whether another breach is of the same event, and costs points if this one does."""
    if one.rule.costs_points and not other.rule.costs_points and other.severity is not Severity.INFO:
        return False
    if entry.named and entry.named.isdisjoint(other.verdict.lacking):
        return False
    match entry.same:
        case Sameness.ORGANIZATION:
            return _lasts_as_long(one, other)
        case Sameness.UNIT:
            return one.subject.unit is not None and one.subject.unit == other.subject.unit
        case Sameness.SUBJECT:
            return (one.subject.kind, one.subject.key) == (other.subject.kind, other.subject.key)
        case Sameness.THING:
            return not one.subject.things.isdisjoint(other.subject.things)


def _lasts_as_long(one: Stretch, other: Stretch) -> bool:
    ends = other.until is None or (one.until is not None and one.until <= other.until)
    return other.first_day <= one.first_day and ends


def _enough(one: Stretch, others: Sequence[Stretch], entry: CountedUnder) -> bool:
    """Whether as many different subjects are named as the breach misses."""
    if entry.each is None:
        return True
    parameters = {name: value.value for name, value in one.rule.parameters.items()}
    try:
        missed = Explainer(one.facts, parameters).read(entry.each.node)
    except (AbsentInputError, *UNDEFINED):
        return False
    return isinstance(missed, int) and missed <= len({other.subject.key for other in others})
