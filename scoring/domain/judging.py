"""A rule with its parameters for a region and day, ready to judge: fast in bulk, step by step on demand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import cast

from hengjian.scoring.domain.expressions import Expression
from hengjian.scoring.domain.expressions_compile import AbsentInputError
from hengjian.scoring.domain.expressions_explain import Explainer, Step
from hengjian.scoring.domain.expressions_nodes import Known, Name, Node, children
from hengjian.scoring.domain.formulas import formula_in_force
from hengjian.scoring.domain.functions import UNDEFINED
from hengjian.scoring.domain.judging_compile import compile_judge
from hengjian.scoring.domain.rules import ParameterEntry, Rule, SourceStatus, Wording, conjuncts
from hengjian.scoring.domain.values import Value, coerce
from hengjian.scoring.domain.verdicts import (
    EMPTY_DENOMINATOR,
    NOT_APPLICABLE,
    Outcome,
    Severity,
    Verdict,
    no_data,
)

Facts = Mapping[str, object]
_KEPT = 5_000


@dataclass(frozen=True, slots=True)
class Explanation:
    """A verdict with every step that led to it."""

    verdict: Verdict
    trace: tuple[Step, ...]


@dataclass(frozen=True, slots=True, eq=False)
class RuleInForce:
    """One rule as it stands in a region on a day.

    Attributes:
        id: the rule's name, such as C-04.
        inputs: the facts the rule reads: those it needs, then those that may be absent.
        costs_points: whether a confirmed breach may cost points: never when a limit is known from memory only.
    """

    rule: Rule
    parameters: Mapping[str, ParameterEntry]
    _judge: Callable[[Facts], Verdict | None] = field(repr=False)
    id: str = field(init=False)
    inputs: tuple[str, ...] = field(init=False)
    costs_points: bool = field(init=False)
    _told: dict[tuple[tuple[str, Value], ...], Verdict] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        """What is asked for at every judgement is worked out once."""
        sound = all(entry.source_status is not SourceStatus.MEMORY for entry in self.parameters.values())
        object.__setattr__(self, "id", self.rule.id)
        object.__setattr__(self, "inputs", self.rule.inputs + self.rule.optional)
        object.__setattr__(self, "costs_points", sound)

    @property
    def formula(self) -> Wording:
        """What it demands in people's words, with the values in force."""
        return formula_in_force(self.rule, self.parameters)

    def judge(self, facts: Facts) -> Verdict:
        """The verdict on one subject.

        Facts that are absent or None are unknown: a needed one gives no_data, unless what is known already shows
        that the rule does not apply. Names the rule does not read are ignored.

        Raises:
            FactError: a fact has the wrong type; a binary float always has.
        """
        verdict = self._judge(facts)
        if verdict is not None:
            return verdict
        known = self.clean(facts)
        verdict = self._judge(known) if all(name in known for name in self.rule.inputs) else None
        return verdict if verdict is not None else self._judge_slowly(known)

    def _judge_slowly(self, known: Mapping[str, Value]) -> Verdict:
        """Where facts are missing: often the same ones in many subjects, so what was said is kept.

        Equal decimals may be written differently, and a verdict shows how, so theirs is not.
        """
        if any(isinstance(value, Decimal) for value in known.values()):
            return self._explain(known).verdict
        facts = tuple(known.items())
        verdict = self._told.get(facts)
        if verdict is None:
            if len(self._told) >= _KEPT:
                self._told.clear()
            verdict = self._told[facts] = self._explain(known).verdict
        return verdict

    def explain(self, facts: Facts) -> Explanation:
        """The same verdict, with each sub-expression that was reached and its value.

        Raises:
            FactError: a fact has the wrong type.
        """
        return self._explain(self.clean(facts))

    def trace(self, facts: Facts) -> tuple[Step, ...]:
        """The steps of `explain`."""
        return self.explain(facts).trace

    def clean(self, facts: Facts) -> dict[str, Value]:
        """The known facts that the rule reads, each of its type.

        Raises:
            FactError: a fact has the wrong type.
        """
        types = self.rule.types
        return {
            name: coerce(name, types[name], value) for name in self.inputs if (value := facts.get(name)) is not None
        }

    def _explain(self, facts: Mapping[str, Value]) -> Explanation:
        values = {name: entry.value for name, entry in self.parameters.items()}
        explainer = Explainer(facts, values)
        verdict = _decide(self.rule, facts, explainer)
        return Explanation(verdict, tuple(explainer.steps))


def put_in_force(rule: Rule, parameters: Mapping[str, ParameterEntry]) -> RuleInForce:
    """The rule with these parameters, compiled."""
    values = {name: entry.value for name, entry in parameters.items()}
    return RuleInForce(rule, parameters, compile_judge(rule, values))


def _decide(rule: Rule, facts: Mapping[str, Value], explainer: Explainer) -> Verdict:
    missing = tuple(name for name in rule.inputs if name not in facts)
    explainer.part = "applies"
    try:
        for condition in conjuncts(rule.applies):
            if not (missing and _names(condition) & set(missing)) and not explainer.read(condition):
                return NOT_APPLICABLE
        if missing:
            return no_data(*missing)
        explainer.part = "require"
        if explainer.read(rule.require.node):
            return _measure(rule, explainer, None)
        return _measure(rule, explainer, _severity(rule, explainer))
    except AbsentInputError as absent:
        return no_data(*missing, absent.name) if absent.name not in missing else no_data(*missing)
    except UNDEFINED:
        return EMPTY_DENOMINATOR if not missing else no_data(*missing)


def _severity(rule: Rule, explainer: Explainer) -> Severity:
    explainer.part = "severity"
    for case in rule.severity_cases:
        if explainer.read(case.when.node):
            return case.severity
    return rule.severity


def _measure(rule: Rule, explainer: Explainer, severity: Severity | None) -> Verdict:
    measured = _shown(rule.measured, "measured", explainer)
    required = _shown(rule.required, "required", explainer)
    if severity is None:
        return Verdict(Outcome.PASS, None, measured, required)
    lacking = _shown(rule.lacking, "lacking", explainer)
    return Verdict(Outcome.BREACH, severity, measured, required, (), cast("tuple[str, ...]", lacking or ()))


def _shown(expression: Expression | None, part: str, explainer: Explainer) -> Value | None:
    if expression is None:
        return None
    explainer.part = part
    try:
        return explainer.read(expression.node)
    except (AbsentInputError, *UNDEFINED):
        return None


def _names(node: Node) -> set[str]:
    own = {node.name} if isinstance(node, Name | Known) else set()
    return own.union(*(_names(child) for child in children(node)))
