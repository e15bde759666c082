"""Documents, parsed and validated once: the text of a query rarely changes, its variables do."""

from collections import OrderedDict
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    parse,
    validate,
)
from hengjian.graphql.errors import ApiError
from hengjian.graphql.limits import Limits, check_shape
from hengjian.graphql.plain_fields import Plans

# The parser's own words; it has no codes.
_TOO_MANY_TOKENS = "tokens. Parsing aborted"
_TOO_DEEP = "nested too deeply"
# Characters of a document that is kept: tokens are counted, blanks and comments of a longer one are not.
_LONGEST_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Document:
    """A valid document, with the operations in it by name and what its selections read."""

    node: DocumentNode
    operations: dict[str, OperationDefinitionNode]
    plans: Plans = field(default_factory=Plans)

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation to run.

        Raises:
            GraphQLError: the name is unknown, or missing where there are several.
        """
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        if name is None:
            raise GraphQLError("Must provide operation name if query contains multiple operations.")
        if name not in self.operations:
            raise GraphQLError(f"Unknown operation named '{name}'.")
        return self.operations[name]


class InvalidDocumentError(Exception):
    """The document cannot be parsed, or does not fit the schema."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


class DocumentCache:
    """The documents used last; an invalid one is never kept, nor a very long one."""

    def __init__(self, schema: GraphQLSchema, limits: Limits, *, size: int = 500) -> None:
        self._schema = schema
        self._limits = limits
        self._size = size
        self._documents: OrderedDict[str, Document] = OrderedDict()

    def get(self, text: str) -> Document:
        """Parse, count and validate a document, or find it again.

        Raises:
            ApiError: the document is too long, or asks for too many fields.
            InvalidDocumentError: with every error of syntax or validation.
        """
        known = self._documents.get(text)
        if known is not None:
            self._documents.move_to_end(text)
            return known
        document = self._read(text)
        if len(text) <= _LONGEST_KEPT:
            self._documents[text] = document
        if len(self._documents) > self._size:
            self._documents.popitem(last=False)
        return document

    def _read(self, text: str) -> Document:
        try:
            node = parse(text, max_tokens=self._limits.tokens)
        except GraphQLError as error:
            if _TOO_MANY_TOKENS in error.message:
                raise ApiError("DOCUMENT_TOO_LONG", f"(at most {self._limits.tokens} tokens)") from error
            if _TOO_DEEP in error.message:
                raise ApiError("TOO_DEEP") from error
            raise InvalidDocumentError([error]) from error
        except RecursionError as error:
            raise ApiError("TOO_DEEP") from error
        check_shape(node, self._limits)
        errors = validate(self._schema, node, max_errors=10)
        if errors:
            raise InvalidDocumentError(errors)
        named = [d for d in node.definitions if isinstance(d, OperationDefinitionNode)]
        return Document(node, {d.name.value if d.name else "": d for d in named})


def pushes(operation: OperationDefinitionNode) -> dict[str, str] | None:
    """By variable name, the push that takes it whole as its `input`; None when the operation is of another sort."""
    if operation.operation is not OperationType.MUTATION:
        return None
    found: dict[str, str] = {}
    for node in operation.selection_set.selections:
        if not isinstance(node, FieldNode) or len(node.arguments or ()) != 1:
            return None
        value = node.arguments[0].value if node.arguments else None
        if not isinstance(value, VariableNode) or value.name.value in found:
            return None
        found[value.name.value] = node.name.value
    declared = {d.variable.name.value for d in operation.variable_definitions or ()}
    return found if set(found) == declared else None
