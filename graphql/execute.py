"""Run one request: find the document, decode its variables, execute, and shape the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from http import HTTPStatus
from typing import Any

import msgspec
import structlog

from graphql import ExecutionResult, GraphQLError, OperationDefinitionNode, execute
from hengjian.graphql.context import ApiContext
from hengjian.graphql.documents import Document, DocumentCache, InvalidDocumentError, pushes
from hengjian.graphql.errors import ApiError, describe, text_of
from hengjian.graphql.limits import Limits, check_cost
from hengjian.graphql.plain_fields import PlainExecutor
from hengjian.graphql.schema import Schemas, schemas

log = structlog.get_logger()

# A control character can only enter a JSON text as an escape; such a batch is checked character by character.
_ESCAPED_CONTROLS = (b"\\u00", b"\\b", b"\\f")


class Request(msgspec.Struct, rename="camel"):
    """A request as GraphQL over HTTP defines it; `variables` stays undecoded until the document is known."""

    query: str
    variables: msgspec.Raw = msgspec.Raw(b"null")
    operation_name: str | None = None
    extensions: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of a response, whether it has data at all, and the status of an error before execution."""

    body: dict[str, Any]
    status: int = 200


class Engine:
    """Schema, document cache and limits of one process."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.schemas: Schemas = schemas()
        self._documents = DocumentCache(self.schemas.published, limits)
        self._request = msgspec.json.Decoder(Request)

    def read(self, body: bytes) -> Request:
        """The request in a body.

        Raises:
            ApiError: BAD_JSON, or BAD_INPUT when it is JSON of another shape.
        """
        try:
            return self._request.decode(body)
        except msgspec.ValidationError as error:
            raise ApiError("BAD_INPUT", str(error)) from error
        except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
            raise ApiError("BAD_JSON", str(error)[:200]) from error

    def document(self, request: Request) -> tuple[Document, OperationDefinitionNode]:
        """The valid document of a request and the operation to run."""
        document = self._documents.get(request.query)
        return document, document.operation(request.operation_name)

    async def run(self, request: Request, context: ApiContext) -> Answer:
        """Execute a request; every error becomes an entry of `errors`."""
        request_id = context.caller.request_id
        try:
            document, operation = self.document(request)
            result = await self._execute(document, operation, request, context)
        except InvalidDocumentError as error:
            return refusal(error.errors, request_id)
        except GraphQLError as error:
            return refusal([error], request_id)
        return _shape(result, request_id)

    async def _execute(
        self, document: Document, operation: OperationDefinitionNode, request: Request, context: ApiContext
    ) -> ExecutionResult:
        decoded = self._decode_pushes(operation, request.variables)
        if decoded is not None:
            schema = self.schemas.twin
            variables: Mapping[str, Any] = decoded
            context = replace(context, bounds_known=True)
        else:
            schema, variables = self.schemas.published, _plain(request.variables)
        check_cost(document.node, operation, variables, self.limits)
        pending = execute(
            schema,
            document.node,
            context_value=context,
            variable_values=dict(variables),
            operation_name=request.operation_name,
            executor_class=PlainExecutor,
            plans=document.plans,
        )
        return pending if isinstance(pending, ExecutionResult) else await pending

    def _decode_pushes(self, operation: OperationDefinitionNode, variables: msgspec.Raw) -> dict[str, Any] | None:
        """Batches decoded straight into rows; None sends the request the long way, where errors have their paths."""
        wanted = pushes(operation)
        if not wanted or not all(name in self.schemas.batches for name in wanted.values()):
            return None
        raw = bytes(variables)
        if b"\\" in raw and any(mark in raw for mark in _ESCAPED_CONTROLS):
            return None
        try:
            batches = tuple((name, self.schemas.batches[push]) for name, push in wanted.items())
            given = _variables_decoder(batches).decode(raw)
            return {name: getattr(given, f"v{place}") for place, name in enumerate(wanted)}
        except (msgspec.MsgspecError, RecursionError, UnicodeError):
            return None


@lru_cache(maxsize=200)
def _variables_decoder(batches: tuple[tuple[str, Any], ...]) -> msgspec.json.Decoder[Any]:
    """A decoder of exactly these variables, each a batch of its kind, in one pass over the text."""
    fields = [(f"v{place}", batch, msgspec.field(name=name)) for place, (name, batch) in enumerate(batches)]
    return msgspec.json.Decoder(msgspec.defstruct("Variables", fields, forbid_unknown_fields=True))


def refusal(errors: list[GraphQLError], request_id: str) -> Answer:
    """A request error: no `data`, and the status that its code asks for."""
    entries = [describe(error, request_id) for error in errors]
    return Answer({"errors": entries}, text_of(errors[0])[1].status)


def _plain(variables: msgspec.Raw) -> Mapping[str, Any]:
    try:
        given = msgspec.json.decode(variables)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise ApiError("BAD_JSON", str(error)[:200]) from error
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise ApiError("BAD_INPUT", "(variables is an object)")
    return given


def _shape(result: ExecutionResult, request_id: str) -> Answer:
    errors = result.errors or []
    for error in errors:
        if text_of(error)[1].status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log.error("resolver failed", path=error.path, exc_info=error.original_error)
    entries = [describe(error, request_id) for error in errors]
    before_execution = result.data is None and errors and all(error.path is None for error in errors)
    if before_execution:
        return Answer({"errors": entries}, 400)
    body: dict[str, Any] = {"data": result.data}
    if entries:
        body["errors"] = entries
    return Answer(body)
