"""Which documents anybody may run without a key: questions about what is public, and nothing else."""

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    parse,
)

OPEN_FIELDS = frozenset(
    {
        *("rules", "rule", "ruleVersions", "ruleDifferences", "ruleTexts", "creditModelTexts"),
        *("publishedGrades", "publicity", "__typename"),
    }
)
"""Fields at the top of a query that are answered without a key."""
OPEN_BODY = 20_000
"""Bytes of a body without a key."""


def is_open(text: str, *, tokens: int) -> bool:
    """Whether a document asks for nothing but open fields: every operation in it, through every fragment.

    What cannot be parsed, a mutation, a subscription, a fragment that is not there or spreads itself: none is open.

    >>> is_open("{ rules(first: 5) { nodes { id } } }", tokens=100)
    True
    >>> is_open("{ rules(first: 5) { nodes { id } } viewer { kind } }", tokens=100)
    False
    """
    try:
        document = parse(text, max_tokens=tokens)
    except (GraphQLError, RecursionError):
        return False
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    return bool(operations) and all(
        one.operation is OperationType.QUERY and _top_fields(document, one.selection_set) <= OPEN_FIELDS
        for one in operations
    )


def _top_fields(document: DocumentNode, selections: SelectionSetNode) -> frozenset[str]:
    """Names of the fields at the top; a spread that leads nowhere counts as a field of its own."""
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    found: set[str] = set()
    seen: set[str] = set()
    stack = [selections]
    while stack:
        for node in stack.pop().selections:
            if isinstance(node, FieldNode):
                found.add(node.name.value)
            elif isinstance(node, InlineFragmentNode):
                stack.append(node.selection_set)
            elif isinstance(node, FragmentSpreadNode):
                name = node.name.value
                if name in seen or name not in fragments:
                    found.add(f"...{name}")
                else:
                    seen.add(name)
                    stack.append(fragments[name].selection_set)
    return frozenset(found)
