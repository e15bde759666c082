"""The typed tree of an expression: what the reader makes, the compiler and the explainer read."""

from dataclasses import dataclass

from hengjian.scoring.domain.functions import Function
from hengjian.scoring.domain.values import Value, ValueType


@dataclass(frozen=True, slots=True)
class Node:
    """A sub-expression: the author's own text and the type of its value."""

    text: str
    type: ValueType


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, text or truth value written in the expression."""

    value: Value


@dataclass(frozen=True, slots=True)
class Name(Node):
    """An input or a parameter; an `optional` input may be absent, then reaching it ends the judgement as no_data."""

    name: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Known(Node):
    """Whether an optional input is present."""

    name: str


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """Sum, difference, product, or exact quotient."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """A number with its sign turned."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """A chain `a < b <= c`; later operands are read only while it still holds."""

    operators: tuple[str, ...]
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """`and` or `or`; later operands are read only while the answer is open."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    """The opposite of a truth value."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Choice(Node):
    """`a if b else c`; only the chosen branch is read."""

    condition: Node
    chosen: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A call of a listed function."""

    function: Function
    arguments: tuple[Node, ...]


def children(node: Node) -> tuple[Node, ...]:
    """The direct sub-expressions, in the order they are read."""
    match node:
        case Arithmetic():
            return (node.left, node.right)
        case Negative() | Not():
            return (node.operand,)
        case Comparison() | Logic():
            return node.operands
        case Choice():
            return (node.condition, node.chosen, node.otherwise)
        case Call():
            return node.arguments
    return ()
