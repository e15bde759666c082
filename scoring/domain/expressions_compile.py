"""An expression as Python source over local variables, for speed.

Only tokens chosen here reach the source: inputs become the local variables they are assigned to, other constants are
bound by generated names. The explainer gives the same values step by step; a property test holds the two equal.
"""

from collections.abc import Callable, Mapping

from hengjian.scoring.domain import expressions_nodes as nodes
from hengjian.scoring.domain.expressions import Expression
from hengjian.scoring.domain.functions import EXACT, as_fraction, divide
from hengjian.scoring.domain.values import Value, ValueType

Facts = Mapping[str, object]


class AbsentInputError(Exception):
    """The judgement reached an optional input that is absent."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def absent(name: str) -> Value:
    """Stand in for an absent optional input.

    Raises:
        AbsentInputError: always.
    """
    raise AbsentInputError(name)


class SourceWriter:
    """Writes expressions as source; `bound` holds what the source refers to."""

    def __init__(self, variables: Mapping[str, str], parameters: Mapping[str, Value]) -> None:
        self.variables = variables
        self.parameters = parameters
        self.bound: dict[str, object] = {
            "absent": absent,
            "divide": divide,
            "as_fraction": as_fraction,
            "add": EXACT.add,
            "subtract": EXACT.subtract,
            "multiply": EXACT.multiply,
            "minus": EXACT.minus,
        }

    def constant(self, value: object) -> str:
        """The source of a constant."""
        if isinstance(value, int):
            return repr(value)
        name = f"k{len(self.bound)}"
        self.bound[name] = value
        return name

    def write(self, node: nodes.Node) -> str:  # noqa: C901, PLR0911 - one answer per kind of node reads best flat
        """The source of a sub-expression, in parentheses where needed."""
        match node:
            case nodes.Literal():
                return self.constant(node.value)
            case nodes.Name():
                return self.name(node)
            case nodes.Known():
                return f"({self.variables[node.name]} is not None)"
            case nodes.Arithmetic():
                return self.arithmetic(node)
            case nodes.Negative():
                operand = self.write(node.operand)
                return f"minus({operand})" if node.type is ValueType.DECIMAL else f"(-{operand})"
            case nodes.Comparison():
                return self.comparison(node)
            case nodes.Logic():
                return "(" + f" {node.operator} ".join(self.write(operand) for operand in node.operands) + ")"
            case nodes.Not():
                return f"(not {self.write(node.operand)})"
            case nodes.Choice():
                chosen, otherwise = self.fitted(node.chosen, node.type), self.fitted(node.otherwise, node.type)
                return f"({chosen} if {self.write(node.condition)} else {otherwise})"
            case nodes.Call():
                return self.call(node)
        raise AssertionError(node)

    def fitted(self, node: nodes.Node, kind: ValueType) -> str:
        """The source of a number beside wider ones: a decimal that meets a fraction becomes one."""
        source = self.write(node)
        return f"as_fraction({source})" if kind is ValueType.FRACTION and node.type is ValueType.DECIMAL else source

    def name(self, node: nodes.Name) -> str:
        """The source of an input or parameter."""
        if node.name in self.parameters:
            return self.constant(self.parameters[node.name])
        variable = self.variables[node.name]
        return f"({variable} if {variable} is not None else absent({node.name!r}))" if node.optional else variable

    def arithmetic(self, node: nodes.Arithmetic) -> str:
        """The source of a sum, difference, product or quotient."""
        if node.operator == "/":
            return f"divide({self.write(node.left)}, {self.write(node.right)})"
        left, right = self.fitted(node.left, node.type), self.fitted(node.right, node.type)
        if node.type is ValueType.DECIMAL:
            function = {"+": "add", "-": "subtract", "*": "multiply"}[node.operator]
            return f"{function}({left}, {right})"
        return f"({left} {node.operator} {right})"

    def comparison(self, node: nodes.Comparison) -> str:
        """The source of a comparison chain."""
        kind = widest(node.operands)
        operands = [self.fitted(operand, kind) for operand in node.operands]
        pairs = zip(node.operators, operands[1:], strict=True)
        return "(" + operands[0] + "".join(f" {operator} {operand}" for operator, operand in pairs) + ")"

    def call(self, node: nodes.Call) -> str:
        """The source of a call; whole-number quotients are written out."""
        arguments = [self.fitted(argument, node.type) for argument in node.arguments]
        if all(argument.type is ValueType.INTEGER for argument in node.arguments):
            match node.function.name:
                case "ceil_div":
                    return f"(-(-{arguments[0]} // {arguments[1]}))"
                case "floor_div":
                    return f"({arguments[0]} // {arguments[1]})"
        return f"{self.constant(node.function.run)}({', '.join(arguments)})"


def widest(operands: tuple[nodes.Node, ...]) -> ValueType:
    """Fraction when any operand is one, else the first operand's type (only fractions need their peers fitted)."""
    return ValueType.FRACTION if any(node.type is ValueType.FRACTION for node in operands) else operands[0].type


def run_source(source: str, bound: Mapping[str, object], name: str) -> Callable[[Facts], object]:
    """The function `name` that the generated source defines; it sees only what is bound."""
    namespace: dict[str, object] = {"__builtins__": {}, **bound}
    exec(compile(source, f"<{name}>", "exec"), namespace)  # noqa: S102 - source of our own tokens only, see above
    function = namespace[name]
    assert callable(function)  # noqa: S101 - tells the type checker
    return function


def compile_expression(expression: Expression, parameters: Mapping[str, Value]) -> Callable[[Facts], object]:
    """A function from facts (already of their types) to the value of one expression.

    The function raises AbsentInputError, or one of `functions.UNDEFINED` where the value is not defined.
    """
    inputs = sorted(expression.names - parameters.keys())
    variables = {name: f"v{index}" for index, name in enumerate(inputs)}
    writer = SourceWriter(variables, parameters)
    body = writer.write(expression.node)
    reads = "".join(f"    {variables[name]} = facts.get({name!r})\n" for name in inputs)
    return run_source(f"def value(facts):\n{reads}    return {body}\n", writer.bound, "value")
