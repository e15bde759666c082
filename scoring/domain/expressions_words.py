"""An expression as people read it: names by their labels, operators as in print, brackets where they are needed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from hengjian.scoring.domain import expressions_nodes as nodes
from hengjian.scoring.domain.rules import Wording
from hengjian.scoring.domain.values import Value

Language = Literal["zh", "en"]

_SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "==": "=", "!=": "≠", "+": "+", "-": "−", "*": "×", "/": "÷"}
_ANY, _OR, _AND, _COMPARED, _SUM, _PRODUCT, _ATOM = range(7)
# By function: how it reads, and how tightly that binds.
_CALLS: dict[str, tuple[Wording, int]] = {
    "ceil_div": (Wording("⌈{0} ÷ {1}⌉", "⌈{0} ÷ {1}⌉"), _ATOM),
    "floor_div": (Wording("⌊{0} ÷ {1}⌋", "⌊{0} ÷ {1}⌋"), _ATOM),
    "abs": (Wording("|{0}|", "|{0}|"), _ATOM),
    "add_months": (Wording("{0} + {1} 个月", "{0} + {1} months"), _SUM),
    "add_days": (Wording("{0} + {1} 天", "{0} + {1} days"), _SUM),
    "days_between": (Wording("{0} 至 {1} 的天数", "days from {0} to {1}"), _SUM),
    "count": (Wording("{0} 的项数", "number of {0}"), _PRODUCT),
    "contains": (Wording("{0} 含有 {1}", "{0} has {1}"), _COMPARED),
    "contains_any": (Wording("{0} 含有 {1} 之一", "{0} has one of {1}"), _COMPARED),
    "contains_all": (Wording("{0} 含有 {1} 的全部", "{0} has all of {1}"), _COMPARED),
    "missing_from": (Wording("{1} 中 {0} 所缺的项", "what of {1} is missing from {0}"), _COMPARED),
    "item_if": (Wording("{1} 时的 {0}", "{0} when {1}"), _ANY),
    "join": (Wording("{0} 以及 {1}", "{0} together with {1}"), _ANY),
}
_COUNTED = frozenset({"add_months", "add_days"})
_LISTED = {"min": Wording("最小者", "least of "), "max": Wording("最大者", "greatest of ")}


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads expressions aloud in one language; `name` says facts and parameters, `value` what is written out."""

    language: Language
    name: Callable[[str], str]
    value: Callable[[Value], str]

    def read(self, node: nodes.Node) -> str:
        """The whole expression in words."""
        return self._said(node)[0]

    def _said(self, node: nodes.Node) -> tuple[str, int]:  # noqa: C901, PLR0911 - one answer per kind of node reads best flat
        match node:
            case nodes.Literal():
                return self.value(node.value), _ATOM
            case nodes.Name():
                return self.name(node.name), _ATOM
            case nodes.Known():
                return self._in("已知 {0}", "{0} is known").format(self.name(node.name)), _COMPARED
            case nodes.Negative():
                return f"−{self._within(node.operand, _ATOM)}", _PRODUCT
            case nodes.Not():
                return self._in("非（{0}）", "not ({0})").format(self.read(node.operand)), _ATOM
            case nodes.Arithmetic():
                level = _SUM if node.operator in "+-" else _PRODUCT
                right = self._within(node.right, level + (node.operator in "-/"))
                return f"{self._within(node.left, level)} {_SIGNS[node.operator]} {right}", level
            case nodes.Comparison():
                first, *others = (self._within(operand, _SUM) for operand in node.operands)
                chain = zip(node.operators, others, strict=True)
                return first + "".join(f" {_SIGNS[sign]} {other}" for sign, other in chain), _COMPARED
            case nodes.Logic():
                level = _AND if node.operator == "and" else _OR
                word = self._in(" 且 ", " and ") if level == _AND else self._in(" 或 ", " or ")
                return word.join(self._within(operand, level + 1) for operand in node.operands), level
            case nodes.Choice():
                parts = [self._within(one, _OR) for one in (node.condition, node.chosen, node.otherwise)]
                return self._in("若 {0} 则 {1}，否则 {2}", "if {0} then {1}, else {2}").format(*parts), _ANY
            case nodes.Call():
                return self._call(node)
        raise AssertionError(node)

    def _call(self, call: nodes.Call) -> tuple[str, int]:
        name = call.function.name
        if name in _LISTED:
            listed = self._in("、", ", ").join(self._within(one, _OR) for one in call.arguments)
            return self._in("{0}（{1}）", "{0}({1})").format(self._of(_LISTED[name]), listed), _ATOM
        wording, level = _CALLS[name]
        if name in _COUNTED and not isinstance(call.arguments[1], nodes.Literal):
            wording = Wording("{0} + {1}", "{0} + {1}")  # a name brings its own unit
        inner = _SUM if level == _ATOM and name == "abs" else _PRODUCT if level >= _SUM else _SUM
        return self._of(wording).format(*(self._within(one, inner) for one in call.arguments)), level

    def _within(self, node: nodes.Node, level: int) -> str:
        """The part in brackets where it binds less tightly than what stands around it."""
        said, own = self._said(node)
        return said if own >= level else self._in("（{0}）", "({0})").format(said)

    def _in(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def _of(self, wording: Wording) -> str:
        return self._in(wording.zh, wording.en)
