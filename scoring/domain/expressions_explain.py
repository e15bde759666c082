"""An expression read step by step: every sub-expression that was reached, with its value."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import cast

from hengjian.scoring.domain import expressions_nodes as nodes
from hengjian.scoring.domain.expressions_compile import AbsentInputError, widest
from hengjian.scoring.domain.functions import EXACT, Number, as_fraction, divide
from hengjian.scoring.domain.values import Value, ValueType

_COMPARE: dict[str, Callable[..., bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_DECIMAL = {"+": EXACT.add, "-": EXACT.subtract, "*": EXACT.multiply}
_PLAIN: dict[str, Callable[..., Value]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}


@dataclass(frozen=True, slots=True)
class Step:
    """One sub-expression of one part of a rule (`applies`, `require` …) and the value it had."""

    part: str
    expression: str
    value: Value


@dataclass(slots=True)
class Explainer:
    """Reads expressions over given facts and keeps the steps."""

    facts: Mapping[str, Value]
    parameters: Mapping[str, Value]
    part: str = ""
    steps: list[Step] = field(default_factory=list)

    def read(self, node: nodes.Node) -> Value:
        """The value of the sub-expression.

        Raises:
            AbsentInputError: an absent optional input was reached.
            ZeroDivisionError, OverflowError, ValueError: the value is not defined.
        """
        value = self._value(node)
        if not isinstance(node, nodes.Literal):
            step = Step(self.part, node.text, value)
            if step not in self.steps:
                self.steps.append(step)
        return value

    def _value(self, node: nodes.Node) -> Value:  # noqa: C901, PLR0911 - one answer per kind of node reads best flat
        match node:
            case nodes.Literal():
                return node.value
            case nodes.Name():
                return self._name(node)
            case nodes.Known():
                return self.facts.get(node.name) is not None
            case nodes.Arithmetic():
                return self._arithmetic(node)
            case nodes.Negative():
                value = self.read(node.operand)
                return EXACT.minus(cast("Decimal", value)) if node.type is ValueType.DECIMAL else -cast("int", value)
            case nodes.Comparison():
                return self._comparison(node)
            case nodes.Logic():
                decided = node.operator == "or"
                return decided if any(self.read(item) is decided for item in node.operands) else not decided
            case nodes.Not():
                return not self.read(node.operand)
            case nodes.Choice():
                return self._fitted(node.chosen if self.read(node.condition) else node.otherwise, node.type)
            case nodes.Call():
                return node.function.run(*(self._fitted(argument, node.type) for argument in node.arguments))
        raise AssertionError(node)

    def _name(self, node: nodes.Name) -> Value:
        if node.name in self.parameters:
            return self.parameters[node.name]
        value = self.facts.get(node.name)
        if value is None:
            raise AbsentInputError(node.name)
        return value

    def _fitted(self, node: nodes.Node, kind: ValueType) -> Value:
        value = self.read(node)
        if kind is ValueType.FRACTION and node.type is ValueType.DECIMAL:
            return as_fraction(cast("Number", value))
        return value

    def _arithmetic(self, node: nodes.Arithmetic) -> Value:
        if node.operator == "/":
            return divide(cast("Number", self.read(node.left)), cast("Number", self.read(node.right)))
        left, right = self._fitted(node.left, node.type), self._fitted(node.right, node.type)
        if node.type is ValueType.DECIMAL:
            return _DECIMAL[node.operator](cast("Decimal", left), cast("Decimal", right))
        return _PLAIN[node.operator](left, right)

    def _comparison(self, node: nodes.Comparison) -> bool:
        kind = widest(node.operands)
        left = self._fitted(node.operands[0], kind)
        for symbol, operand in zip(node.operators, node.operands[1:], strict=True):
            right = self._fitted(operand, kind)
            if not _COMPARE[symbol](left, right):
                return False
            left = right
        return True
