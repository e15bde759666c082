"""One generated function per rule: facts in, verdict out, nothing looked up that is known beforehand.

The function answers None when a needed fact is absent or any fact is not exactly of its type; the caller then cleans
the facts and, where something is missing, decides step by step.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import cast

from hengjian.scoring.domain.expressions import Expression
from hengjian.scoring.domain.expressions_compile import AbsentInputError, SourceWriter, run_source
from hengjian.scoring.domain.expressions_nodes import Arithmetic, Call, Name, Node, children
from hengjian.scoring.domain.functions import UNDEFINED
from hengjian.scoring.domain.rules import Rule
from hengjian.scoring.domain.values import INTEGER_LIMIT, TEXT_LENGTH, Value, ValueType, bounded, is_text_list
from hengjian.scoring.domain.verdicts import EMPTY_DENOMINATOR, NOT_APPLICABLE, Outcome, Verdict, no_data

_COUNT = f"type({{v}}) is int and -{INTEGER_LIMIT} <= {{v}} <= {INTEGER_LIMIT}"
_CHECKS = {
    ValueType.INTEGER: _COUNT,
    ValueType.DECIMAL: f"({_COUNT} or (type({{v}}) is Decimal and bounded({{v}})))",
    ValueType.TEXT: f"type({{v}}) is str and len({{v}}) <= {TEXT_LENGTH}",
    ValueType.DATE: "type({v}) is date",
    ValueType.BOOLEAN: "type({v}) is bool",
    ValueType.LIST: "type({v}) is tuple and is_text_list({v})",
}
_SAFE_CALLS = frozenset(
    ("min", "max", "abs", "count", "contains", "contains_any", "contains_all", "missing_from", "item_if", "join")
)


def compile_judge(rule: Rule, parameters: Mapping[str, Value]) -> Callable[[Mapping[str, object]], Verdict | None]:
    """The rule as a function of facts, with its parameters built in."""
    variables = {name: f"v{index}" for index, name in enumerate(rule.inputs + rule.optional)}
    writer = SourceWriter(variables, parameters)
    writer.bound.update(
        bounded=bounded, is_text_list=is_text_list, len=len, type=type, int=int, str=str, bool=bool, tuple=tuple, date=date, Decimal=Decimal, Verdict=Verdict,
        Absent=AbsentInputError, Undefined=UNDEFINED, Failed=(AbsentInputError, *UNDEFINED),
        not_applicable=NOT_APPLICABLE, empty_denominator=EMPTY_DENOMINATOR, no_data=no_data,
        breached=Outcome.BREACH, passed=Outcome.PASS,
    )  # fmt: skip
    lines = [f"{variable} = facts.get({name!r})" for name, variable in variables.items()]
    lines += _typed(rule, variables)
    lines += _decided(rule, writer)
    lines += _shown(rule.measured, "measured", writer) + _shown(rule.required, "required", writer)
    lines += ["if met:", "    return Verdict(passed, None, measured, required)"]
    lines += _shown(rule.lacking, "lacking", writer, absent="()")
    lines += ["return Verdict(breached, severity, measured, required, (), lacking)"]
    source = "def judge(facts):\n" + "".join(f"    {line}\n" for line in lines)
    return cast("Callable[[Mapping[str, object]], Verdict | None]", run_source(source, writer.bound, "judge"))


def _typed(rule: Rule, variables: Mapping[str, str]) -> list[str]:
    checks = [_CHECKS[rule.types[name]].format(v=variables[name]) for name in rule.inputs]
    for name in rule.optional:
        check = _CHECKS[rule.types[name]].format(v=variables[name])
        checks.append(f"({variables[name]} is None or {check})")
    return [f"if not ({' and '.join(checks)}):", "    return None"] if checks else []


def _decided(rule: Rule, writer: SourceWriter) -> list[str]:
    lines = []
    if rule.applies is not None:
        lines += [f"if not {writer.write(rule.applies.node)}:", "    return not_applicable"]
    lines += [f"met = {writer.write(rule.require.node)}"]
    severity = writer.constant(rule.severity)
    for case in reversed(rule.severity_cases):
        severity = f"({writer.constant(case.severity)} if {writer.write(case.when.node)} else {severity})"
    lines += ["if not met:", f"    severity = {severity}"]
    parts = [rule.applies, rule.require, *(case.when for case in rule.severity_cases)]
    if not any(part is not None and _can_fail(part.node) for part in parts):
        return lines
    return [
        "try:",
        *(f"    {line}" for line in lines),
        "except Absent as absent_input:",
        "    return no_data(absent_input.name)",
        "except Undefined:",
        "    return empty_denominator",
    ]


def _shown(expression: Expression | None, name: str, writer: SourceWriter, *, absent: str = "None") -> list[str]:
    if expression is None:
        return [f"{name} = {absent}"]
    line = f"{name} = {writer.write(expression.node)}"
    if not _can_fail(expression.node):
        return [line]
    return ["try:", f"    {line}", "except Failed:", f"    {name} = {absent}"]


def _can_fail(node: Node) -> bool:
    match node:
        case Name(optional=True) | Arithmetic(operator="/"):
            return True
        case Call() if node.function.name not in _SAFE_CALLS:
            return True
    return any(_can_fail(child) for child in children(node))
