"""The typing of expressions: which types meet, and what becomes of them."""

from hengjian.scoring.domain.expressions_nodes import Node
from hengjian.scoring.domain.functions import Function
from hengjian.scoring.domain.values import NUMBERS, ValueType
from hengjian.scoring.errors import ExpressionError


def refused(zh: str, en: str) -> ExpressionError:
    """The refusal to raise."""
    return ExpressionError(zh=zh, en=en)


def require_type(node: Node, *allowed: ValueType) -> None:
    """Refuse a sub-expression of another type.

    Raises:
        ExpressionError: the type is not among the allowed ones.
    """
    if node.type not in allowed:
        wanted = " / ".join(allowed)
        raise refused(f"{node.text} 的类型为 {node.type}，应为 {wanted}", f"{node.text} is {node.type}, not {wanted}")


def unify(first: Node, *others: Node) -> ValueType:
    """The type that holds all values: the widest number, or the one type all have.

    Raises:
        ExpressionError: the types do not go together.
    """
    kind = first.type
    for other in others:
        if kind in NUMBERS and other.type in NUMBERS:
            kind = max(kind, other.type, key=NUMBERS.index)
        elif other.type is not kind:
            raise refused(
                f"{first.text}（{kind}）与 {other.text}（{other.type}）类型不同",
                f"{first.text} ({kind}) and {other.text} ({other.type}) are of different types",
            )
    return kind


def check_comparable(text: str, operators: tuple[str, ...], operands: tuple[Node, ...]) -> None:
    """Refuse comparisons without meaning: of different types, of lists, or an order of texts or truth values.

    Raises:
        ExpressionError: the comparison has no meaning.
    """
    kind = unify(*operands)
    ordered = any(operator not in ("==", "!=") for operator in operators)
    if kind is ValueType.LIST or (ordered and kind in (ValueType.TEXT, ValueType.BOOLEAN)):
        raise refused(f"{kind} 不能这样比较：{text}", f"{kind} values cannot be compared so: {text}")


def call_type(text: str, function: Function, arguments: tuple[Node, ...]) -> ValueType:
    """The type of a call's result.

    Raises:
        ExpressionError: the number or a type of the arguments is wrong.
    """
    count = len(function.arguments)
    if len(arguments) < count or (len(arguments) > count and not function.variadic):
        raise refused(
            f"{function.name} 需要 {count} 个参数：{text}", f"{function.name} takes {count} arguments: {text}"
        )
    for position, argument in enumerate(arguments):
        require_type(argument, *function.arguments[min(position, count - 1)])
    return function.result if function.result is not None else unify(*arguments)
