"""The steps of a verdict that was stored, from its stored facts: anybody can follow how it came about."""

from collections.abc import Mapping
from typing import Any

from hengjian.scoring.domain.expressions_explain import Step
from hengjian.scoring.domain.judging import RuleInForce
from hengjian.scoring.domain.values import Value, read_value
from hengjian.scoring.errors import FactError


def explain_stored(rule: RuleInForce, facts: Mapping[str, Any]) -> tuple[Step, ...]:
    """Every sub-expression that was reached, with its value; empty when the rule no longer reads these facts."""
    try:
        return rule.trace({name: restored(rule, name, facts[name]) for name in rule.inputs if name in facts})
    except FactError:
        return ()


def restored(rule: RuleInForce, name: str, stored: Any) -> Value:
    """A fact as the rule reads it, from the JSON it was stored in.

    Raises:
        FactError: the rule wants another type.
    """
    if isinstance(stored, list):
        return tuple(stored)
    if isinstance(stored, str):
        return read_value(name, rule.rule.types[name], stored)
    value: Value = stored
    return value
