"""What a document may ask for, judged before anything runs. Every limit has its own error code.

Source: OWASP GraphQL cheat sheet, and our own measurements of what each hole costs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)
from hengjian.graphql.errors import ApiError
from hengjian.graphql.paging import LARGEST_PAGE

# Fragments at the top of an operation that are followed; a circle of them ends here.
_MOST_SPREADS = 50
# Fields of introspection may nest this much deeper: what tools ask of a schema needs it, and its lists don't multiply.
_INTROSPECTION_DEPTH = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Caps of one request.

    Attributes:
        push_body: bytes of a body that pushes.
        body: bytes of any other body.
        tokens: lexical tokens of a document (rows written into it count; rows in variables do not).
        depth: nesting of fields.
        root_fields: fields at the top of an operation.
        aliases: renamed fields in a document.
        directives: directives in a document.
        cost: fields asked for, times the items of the lists around them.
    """

    push_body: int = 16 * 1024 * 1024
    body: int = 1_000_000
    tokens: int = 1_500
    depth: int = 10
    root_fields: int = 5
    aliases: int = 15
    directives: int = 5
    cost: int = 20_000


def check_shape(document: DocumentNode, limits: Limits) -> None:
    """Count what needs no schema: root fields, aliases, directives.

    Raises:
        ApiError: TOO_MANY_FIELDS.
    """
    aliases = directives = 0
    for node in _walk(document):
        directives += len(getattr(node, "directives", None) or ())
        aliases += isinstance(node, FieldNode) and node.alias is not None
    if aliases > limits.aliases or directives > limits.directives:
        raise ApiError(
            "TOO_MANY_FIELDS", f"(aliases {aliases}/{limits.aliases}, directives {directives}/{limits.directives})"
        )
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    for operation in document.definitions:
        if isinstance(operation, OperationDefinitionNode):
            roots = _roots(operation.selection_set, fragments, limits.root_fields + 1)
            if roots > limits.root_fields:
                raise ApiError("TOO_MANY_FIELDS", f"(root fields, at most {limits.root_fields})")


def _roots(selections: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode], enough: int) -> int:
    """Fields at the top of an operation, those of fragments included; counting ends at `enough`."""
    count, stack, spread = 0, [selections], 0
    while stack and count < enough and spread < _MOST_SPREADS:
        for node in stack.pop().selections:
            if isinstance(node, FieldNode):
                count += 1
            elif isinstance(node, FragmentSpreadNode) and node.name.value in fragments:
                spread += 1
                stack.append(fragments[node.name.value].selection_set)
            elif isinstance(node, InlineFragmentNode):
                stack.append(node.selection_set)
    return enough if spread >= _MOST_SPREADS else count


def _walk(root: Node) -> Iterator[Node]:
    stack: list[Node] = [root]
    while stack:
        node = stack.pop()
        yield node
        for key in node.keys:
            child = getattr(node, key, None)
            if isinstance(child, Node):
                stack.append(child)
            elif isinstance(child, (list, tuple)):
                stack.extend(item for item in child if isinstance(item, Node))


def check_cost(
    document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, object], limits: Limits
) -> int:
    """Depth and cost of a valid operation; a list field multiplies what stands below it by its `first`.

    Introspection is counted like anything else, and a fragment by what it holds, whatever its name.

    Raises:
        ApiError: TOO_DEEP, COST_EXCEEDED or PAGE_SIZE.
    """
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    meter = _Meter(fragments, variables, limits)
    return meter.weigh(operation.selection_set, 1, 1)


@dataclass(slots=True)
class _Meter:
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, object]
    limits: Limits
    total: int = 0

    def weigh(self, selections: SelectionSetNode, items: int, depth: int, *, deepest: int | None = None) -> int:
        deepest = self.limits.depth if deepest is None else deepest
        for node in selections.selections:
            if isinstance(node, FieldNode):
                self._field(node, items, depth, deepest)
            elif isinstance(node, FragmentSpreadNode):
                fragment = self.fragments.get(node.name.value)
                if fragment is not None:
                    self.weigh(fragment.selection_set, items, depth, deepest=deepest)
            elif isinstance(node, InlineFragmentNode):
                self.weigh(node.selection_set, items, depth, deepest=deepest)
        return self.total

    def _field(self, node: FieldNode, items: int, depth: int, deepest: int) -> None:
        if depth == 1 and node.name.value.startswith("__"):
            deepest = self.limits.depth + _INTROSPECTION_DEPTH
        if depth > deepest:
            raise ApiError("TOO_DEEP", f"(at most {self.limits.depth})")
        self.total += items
        if self.total > self.limits.cost:
            raise ApiError("COST_EXCEEDED", f"(at most {self.limits.cost})")
        if node.selection_set is not None:
            self.weigh(node.selection_set, items * self._first(node), depth + 1, deepest=deepest)

    def _first(self, node: FieldNode) -> int:
        for argument in node.arguments or ():
            if argument.name.value != "first":
                continue
            value: object = None
            if isinstance(argument.value, IntValueNode):
                value = int(argument.value.value)
            elif isinstance(argument.value, VariableNode):
                value = self.variables.get(argument.value.name.value)
            if isinstance(value, int) and not 1 <= value <= LARGEST_PAGE:
                raise ApiError("PAGE_SIZE", f"(got {value})")
            return value if isinstance(value, int) else LARGEST_PAGE
        return 1
