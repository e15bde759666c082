"""The expression language: an author's text is read into a typed tree or refused with a reason.

The text is parsed by Python's grammar and then held to a short list: declared names, whole and decimal numbers,
texts, `+ - * /`, comparison chains, `and or not`, `a if b else c`, calls of listed functions, and `known(x)` for an
optional input. Nothing is ever evaluated while it is read, and nothing of the author's text is ever executed.
"""

import ast
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from hengjian.scoring.domain import expressions_nodes as nodes
from hengjian.scoring.domain.expressions_types import (
    call_type,
    check_comparable,
    refused,
    require_type,
    unify,
)
from hengjian.scoring.domain.functions import FUNCTIONS
from hengjian.scoring.domain.values import NUMBERS, ValueType

MAX_LENGTH = 1_000
MAX_NODES = 150
MAX_DEPTH = 20
MAX_DIGITS = 18

_NUMBER = re.compile(rf"[0-9]{{1,{MAX_DIGITS}}}(\.[0-9]{{1,{MAX_DIGITS}}})?\Z")
_ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARISON = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_TRUTH = {"true": True, "false": False}
_FORBIDDEN = {
    ast.Attribute: ("属性访问", "attribute access"),
    ast.Subscript: ("下标", "a subscript"),
    ast.Lambda: ("lambda", "a lambda"),
    ast.ListComp: ("推导式", "a comprehension"),
    ast.SetComp: ("推导式", "a comprehension"),
    ast.DictComp: ("推导式", "a comprehension"),
    ast.GeneratorExp: ("推导式", "a comprehension"),
    ast.JoinedStr: ("f 字符串", "an f-string"),
    ast.NamedExpr: ("赋值", "an assignment"),
    ast.List: ("列表字面量（请用参数）", "a list written out (use a parameter)"),
    ast.Tuple: ("元组字面量（请用参数）", "a tuple written out (use a parameter)"),
}


@dataclass(frozen=True, slots=True)
class Declared:
    """What a name stands for: its type, and whether it may be absent."""

    type: ValueType
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Expression:
    """A read and typed expression."""

    text: str
    node: nodes.Node
    names: frozenset[str]

    @property
    def type(self) -> ValueType:
        """The type of its value."""
        return self.node.type


def parse_expression(text: str, names: Mapping[str, Declared]) -> Expression:
    """Read an author's expression over the declared names.

    Raises:
        ExpressionError: it is not in the language, wrongly typed, or larger than 1,000 characters, 150 parts or
            20 levels.
    """
    line = re.sub(r"\s*\n\s*", " ", text.strip())
    tree = _parse(line)
    _check_size(tree)
    reader = _Reader(line, names)
    node = reader.read(tree)
    return Expression(line, node, frozenset(reader.used))


def parse_condition(text: str, names: Mapping[str, Declared]) -> Expression:
    """Read an expression that must be true or false.

    Raises:
        ExpressionError: as `parse_expression`, or its value is not a truth value.
    """
    expression = parse_expression(text, names)
    require_type(expression.node, ValueType.BOOLEAN)
    return expression


def _parse(line: str) -> ast.expr:
    if not line or len(line) > MAX_LENGTH:
        raise refused(f"表达式须为 1 至 {MAX_LENGTH} 个字符", f"an expression has 1 to {MAX_LENGTH} characters")
    if "\\" in line or not line.isprintable():
        raise refused("不允许反斜杠或控制字符", "backslashes and control characters are not allowed")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return ast.parse(line, mode="eval").body
    except SyntaxError as error:
        raise refused(
            f"第 {error.offset} 个字符附近语法错误", f"not an expression near character {error.offset}: {error.msg}"
        ) from error
    except (ValueError, RecursionError, MemoryError, Warning) as error:
        raise refused("无法解析此表达式", f"this cannot be read as an expression: {error}") from error


def _check_size(tree: ast.expr) -> None:
    count, level = 0, [tree]
    for _ in range(MAX_DEPTH):
        count += len(level)
        level = [child for node in level for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
        if count + len(level) > MAX_NODES:
            raise refused(f"表达式超过 {MAX_NODES} 个部分", f"the expression has more than {MAX_NODES} parts")
        if not level:
            return
    raise refused(f"嵌套超过 {MAX_DEPTH} 层", f"the expression is nested deeper than {MAX_DEPTH} levels")


class _Reader:
    """Turns the parsed text into typed nodes and keeps which names it used."""

    def __init__(self, line: str, names: Mapping[str, Declared]) -> None:
        self.line = line
        self.names = names
        self.used: set[str] = set()

    def text(self, node: ast.expr) -> str:
        return ast.get_source_segment(self.line, node) or self.line

    def read(self, node: ast.expr) -> nodes.Node:  # noqa: PLR0911 - one answer per kind of expression reads best flat
        match node:
            case ast.Constant():
                return self.literal(node)
            case ast.Name():
                return self.name(node)
            case ast.BinOp():
                return self.arithmetic(node)
            case ast.UnaryOp():
                return self.unary(node)
            case ast.Compare():
                return self.comparison(node)
            case ast.BoolOp():
                return self.logic(node)
            case ast.IfExp():
                return self.choice(node)
            case ast.Call():
                return self.call(node)
        zh, en = _FORBIDDEN.get(type(node), ("此写法", f"{type(node).__name__}"))
        raise refused(f"不允许{zh}：{self.text(node)}", f"{en} is not allowed: {self.text(node)}")

    def literal(self, node: ast.Constant) -> nodes.Node:
        text = self.text(node)
        match node.value:
            case bool():
                return nodes.Literal(text, ValueType.BOOLEAN, node.value)
            case str():
                return nodes.Literal(text, ValueType.TEXT, node.value)
            case int() | float() if _NUMBER.match(text):
                if "." in text:
                    return nodes.Literal(text, ValueType.DECIMAL, Decimal(text))
                return nodes.Literal(text, ValueType.INTEGER, int(text))
        raise refused(
            f"数字须写作 12 或 1.1，最多 {MAX_DIGITS} 位：{text}",
            f"numbers are written 12 or 1.1, with at most {MAX_DIGITS} digits on a side: {text}",
        )

    def name(self, node: ast.Name) -> nodes.Node:
        if node.id in _TRUTH:
            return nodes.Literal(node.id, ValueType.BOOLEAN, _TRUTH[node.id])
        declared = self.names.get(node.id)
        if declared is None:
            known = ", ".join(sorted(self.names))
            raise refused(f"未声明的名称 {node.id}，已声明：{known}", f"unknown name {node.id}; declared are {known}")
        self.used.add(node.id)
        return nodes.Name(node.id, declared.type, node.id, declared.optional)

    def arithmetic(self, node: ast.BinOp) -> nodes.Node:
        operator = _ARITHMETIC.get(type(node.op))
        if operator is None:
            raise refused(f"只允许 + - * /：{self.text(node)}", f"only + - * / are arithmetic here: {self.text(node)}")
        left, right = self.read(node.left), self.read(node.right)
        require_type(left, *NUMBERS)
        require_type(right, *NUMBERS)
        kind = ValueType.FRACTION if operator == "/" else unify(left, right)
        return nodes.Arithmetic(self.text(node), kind, operator, left, right)

    def unary(self, node: ast.UnaryOp) -> nodes.Node:
        operand = self.read(node.operand)
        match node.op:
            case ast.Not():
                require_type(operand, ValueType.BOOLEAN)
                return nodes.Not(self.text(node), ValueType.BOOLEAN, operand)
            case ast.USub():
                require_type(operand, *NUMBERS)
                return nodes.Negative(self.text(node), operand.type, operand)
        raise refused(f"不允许：{self.text(node)}", f"only - and not stand before a value: {self.text(node)}")

    def comparison(self, node: ast.Compare) -> nodes.Node:
        operators = tuple(_COMPARISON.get(type(op), "") for op in node.ops)
        if "" in operators:
            raise refused(
                f"只允许 == != < <= > >=（列表请用 contains）：{self.text(node)}",
                f"only == != < <= > >= compare (use contains for lists and texts): {self.text(node)}",
            )
        operands = tuple(self.read(operand) for operand in (node.left, *node.comparators))
        check_comparable(self.text(node), operators, operands)
        return nodes.Comparison(self.text(node), ValueType.BOOLEAN, operators, operands)

    def logic(self, node: ast.BoolOp) -> nodes.Node:
        operands = tuple(self.read(value) for value in node.values)
        for operand in operands:
            require_type(operand, ValueType.BOOLEAN)
        operator = "and" if isinstance(node.op, ast.And) else "or"
        return nodes.Logic(self.text(node), ValueType.BOOLEAN, operator, operands)

    def choice(self, node: ast.IfExp) -> nodes.Node:
        condition, chosen, otherwise = self.read(node.test), self.read(node.body), self.read(node.orelse)
        require_type(condition, ValueType.BOOLEAN)
        return nodes.Choice(self.text(node), unify(chosen, otherwise), condition, chosen, otherwise)

    def call(self, node: ast.Call) -> nodes.Node:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name == "known":
            return self.known(node)
        function = FUNCTIONS.get(name)
        if function is None or node.keywords:
            listed = ", ".join(sorted((*FUNCTIONS, "known")))
            raise refused(f"只可调用：{listed}", f"only these can be called, by position: {listed}")
        arguments = tuple(self.read(argument) for argument in node.args)
        return nodes.Call(self.text(node), call_type(self.text(node), function, arguments), function, arguments)

    def known(self, node: ast.Call) -> nodes.Node:
        match node.args:
            case [ast.Name(id=name)] if not node.keywords and name in self.names and self.names[name].optional:
                self.used.add(name)
                return nodes.Known(self.text(node), ValueType.BOOLEAN, name)
        raise refused(
            f"known() 只用于一个可缺省的输入：{self.text(node)}",
            f"known() takes the name of one optional input: {self.text(node)}",
        )
