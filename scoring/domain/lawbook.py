"""The law-book: packs of rules and credit models, chosen by region and day."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from hengjian.scoring.domain.credit_model import CreditModel
from hengjian.scoring.domain.judging import RuleInForce, put_in_force
from hengjian.scoring.domain.rules import Rule, Wording, turning_days
from hengjian.scoring.errors import UnknownRuleError


@dataclass(frozen=True, slots=True)
class Pack:
    """A set of rules for a region; `version` is the SHA-256 of `content`, what its files say as canonical text."""

    id: str
    title: Wording
    region: str
    version: str
    in_force_from: date
    sources: Mapping[str, Wording]
    rules: tuple[Rule, ...]
    content: str


class RegionLaw:
    """The rules that stand in a region day by day; regions in which the same rules stand all the time share one."""

    def __init__(self, turns: Sequence[date], rules: Sequence[tuple[RuleInForce, ...]]) -> None:
        """`rules` has those before the first turn, and those from each turn on."""
        self._turns = turns
        self._rules = rules
        self._by_kind: dict[str, _Days] = {}

    def turns_within(self, after: date, until: date) -> Sequence[date]:
        """The days after one and up to another on which a rule begins, ends, or takes a new parameter."""
        return self._turns[bisect_right(self._turns, after) : bisect_right(self._turns, until)]

    def without(self, rules: frozenset[str]) -> "RegionLaw":
        """The same days without some of the rules."""
        return RegionLaw(self._turns, [tuple(rule for rule in own if rule.id not in rules) for own in self._rules])

    def kinds(self) -> dict[str, set[str]]:
        """By name of a rule the kinds of subjects that it ever judges."""
        found: dict[str, set[str]] = {}
        for rule in {rule for own in self._rules for rule in own}:
            found.setdefault(rule.id, set()).add(rule.rule.subject)
        return found

    def of_kind(self, kind: str) -> Callable[[date], Sequence[RuleInForce]]:
        """The rules for a kind of subject on a day: the same object as long as they are the same rules."""
        if kind not in self._by_kind:
            own = [tuple(rule for rule in rules if rule.rule.subject == kind) for rules in self._rules]
            self._by_kind[kind] = _Days(self._turns, own)
        return self._by_kind[kind].__getitem__


class _Days(dict[date, tuple[RuleInForce, ...]]):
    """Rules by day, looked up once a day."""

    def __init__(self, turns: Sequence[date], rules: Sequence[tuple[RuleInForce, ...]]) -> None:
        super().__init__()
        same: dict[tuple[RuleInForce, ...], tuple[RuleInForce, ...]] = {}
        self._turns = turns
        self._rules = [same.setdefault(own, own) for own in rules]

    def __missing__(self, day: date) -> tuple[RuleInForce, ...]:
        found = self[day] = self._rules[bisect_right(self._turns, day)]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class LawBook:
    """All packs and credit models that were loaded; `origin` is the law-book before the changes it was made with."""

    packs: tuple[Pack, ...]
    credit_models: tuple[CreditModel, ...] = ()
    origin: "LawBook | None" = field(default=None, repr=False)
    _compiled: dict[tuple[object, ...], RuleInForce] = field(default_factory=dict, repr=False)
    _in_force: dict[tuple[str | None, int], tuple[RuleInForce, ...]] = field(default_factory=dict, repr=False)
    _turns: list[date] = field(init=False, default_factory=list, repr=False)
    _laws: dict[str, RegionLaw] = field(init=False, default_factory=dict, repr=False)
    _same: dict[tuple[tuple[RuleInForce, ...], ...], RegionLaw] = field(init=False, default_factory=dict, repr=False)
    _versions: dict[tuple[str, int], str] = field(init=False, default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._turns.extend(sorted(turning_days(rule for pack in self.packs for rule in pack.rules)))

    def rules_in_force(self, *, region: str | None = None, on: date) -> tuple[RuleInForce, ...]:
        """The rules of a region (GB/T 2260 code) on a day, parameters resolved, in the order of their names.

        Without a region each pack answers for its own. A county takes the rules of its province and city; where a
        parameter has values for several of these, or a rule editions, the most specific region wins, then the latest.
        """
        key = (region, bisect_right(self._turns, on))
        if key not in self._in_force:
            self._in_force[key] = tuple(
                resolved
                for pack in self.packs
                for rule in _standing(pack.rules, region or pack.region, on)
                if (resolved := self._resolve(rule, region or pack.region, on)) is not None
            )
        return self._in_force[key]

    def law_of(self, region: str) -> RegionLaw:
        """The rules of a region (GB/T 2260 code) on all days."""
        if region not in self._laws:
            rules = tuple(self.rules_in_force(region=region, on=day) for day in (date.min, *self._turns))
            self._laws[region] = self._same.setdefault(rules, RegionLaw(self._turns, rules))
        return self._laws[region]

    def versions_in_force(self, *, region: str, on: date) -> str:
        """The versions of the packs that have a rule in force in the region on the day."""
        key = (region, bisect_right(self._turns, on))
        if key not in self._versions:
            packs = {self.pack_of(rule.rule).version for rule in self.rules_in_force(region=region, on=on)}
            self._versions[key] = " ".join(sorted(packs))
        return self._versions[key]

    def rule_in_force(self, rule_id: str, *, region: str | None = None, on: date) -> RuleInForce | None:
        """One rule as it stands in a region on a day, None where it is not in force.

        Raises:
            UnknownRuleError: no pack has the rule.
        """
        self.find(rule_id)
        for pack in self.packs:
            place = region or pack.region
            for rule in _standing((rule for rule in pack.rules if rule.id == rule_id), place, on):
                resolved = self._resolve(rule, place, on)
                if resolved is not None:
                    return resolved
        return None

    def find(self, rule_id: str) -> tuple[tuple[Pack, Rule], ...]:
        """The packs that have the rule, each with it: what stands in its file first, then its editions.

        Raises:
            UnknownRuleError: no pack has the rule.
        """
        found = tuple((pack, rule) for pack in self.packs for rule in pack.rules if rule.id == rule_id)
        if not found:
            raise UnknownRuleError(rule_id, {rule.id for pack in self.packs for rule in pack.rules})
        return found

    def pack_of(self, rule: Rule) -> Pack:
        """The pack that the rule stands in."""
        return next(pack for pack in self.packs if pack.id == rule.pack)

    def credit_model(self, *, region: str | None = None, on: date) -> CreditModel | None:
        """The credit model of a region on a day: the most specific region, then the latest; None without one."""
        found = [
            model
            for model in self.credit_models
            if (region or model.region).startswith(model.region) and model.in_force_from <= on
        ]
        return max(found, key=lambda model: (len(model.region), model.in_force_from), default=None)

    def _resolve(self, rule: Rule, region: str, on: date) -> RuleInForce | None:
        parameters = rule.resolve(region, on)
        if parameters is None:
            return None
        key = (rule.pack, rule.file, *(id(entry) for entry in parameters.values()))
        if key not in self._compiled:
            self._compiled[key] = put_in_force(rule, parameters)
        return self._compiled[key]


def _standing(rules: Iterable[Rule], region: str, on: date) -> Iterable[Rule]:
    """Of the editions of each rule the one that stands in the region on the day."""
    found: dict[str, Rule] = {}
    for rule in rules:
        if rule.in_force(region, on):
            other = found.get(rule.id)
            if other is None or _rank(other) <= _rank(rule):
                found[rule.id] = rule
    return found.values()


def _rank(rule: Rule) -> tuple[int, date]:
    return len(rule.region), rule.in_force_from
