"""GraphQL over HTTP: POST of JSON, answered as the draft of the GraphQL over HTTP specification has it.

We answer 400 for a request that cannot be run and 200 for one that ran (docs/decisions/0003-graphql-status.md).
"""

import math
from dataclasses import replace

import msgspec
import structlog
from litestar import Request as HttpRequest
from litestar import Response, Router, route
from litestar.datastructures import Headers, State
from litestar.enums import HttpMethod
from litestar.exceptions import ClientException
from sqlalchemy.exc import SQLAlchemyError

from graphql import GraphQLError
from hengjian.graphql.context import ApiContext, Means
from hengjian.graphql.documents import InvalidDocumentError, pushes
from hengjian.graphql.errors import ApiError
from hengjian.graphql.execute import Answer, Engine, refusal
from hengjian.graphql.limits import Limits
from hengjian.graphql.open_documents import OPEN_BODY, is_open
from hengjian.platform.audit import record_refusal
from hengjian.platform.db import GATE, Caller
from hengjian.platform.errors import ToldError
from hengjian.tenants.api import KeyDesk

RESPONSE_TYPE = "application/graphql-response+json"
_JSON = "application/json"
_HEADERS = {405: {"Allow": "POST"}, 401: {"WWW-Authenticate": "Bearer"}}
Incoming = HttpRequest[None, None, State]
log = structlog.get_logger()


def graphql_router(means: Means, *, limits: Limits, keys: KeyDesk) -> Router:
    """The endpoint `/graphql`, and the published schema at `/graphql/schema.graphql`."""
    engine, open_engine = Engine(limits), Engine(limits)  # strangers never push documents of keys out of the cache

    @route(
        "/graphql",
        http_method=[HttpMethod.POST, HttpMethod.GET, HttpMethod.PUT, HttpMethod.DELETE, HttpMethod.PATCH],
        request_max_body_size=None,
        include_in_schema=False,
    )
    async def endpoint(request: Incoming) -> Response[bytes]:
        headers = request.headers  # made anew each time it is asked for
        media_type = acceptable(headers.get("accept"))
        if media_type is None:
            return _respond(refusal([ApiError("NOT_ACCEPTABLE")], _id(request)), _JSON)
        try:
            if headers.get("authorization") is None:
                answer = await _answer_anybody(open_engine, request, headers, means=means)
            else:
                answer = await _answer(engine, request, headers, means=means, keys=keys)
        except ApiError as error:
            answer = refusal([error], _id(request))
        except (ToldError, SQLAlchemyError, ConnectionError) as error:  # before or beside the document: key, audit
            log.exception("request failed")
            answer = refusal([GraphQLError("", original_error=error)], _id(request))
        return _respond(answer, media_type)

    @route("/graphql/schema.graphql", http_method=[HttpMethod.GET], include_in_schema=False)
    async def published() -> Response[str]:
        return Response(engine.schemas.sdl, media_type="text/plain; charset=utf-8")

    return Router("/", route_handlers=[endpoint, published])


async def _answer_anybody(engine: Engine, request: Incoming, headers: Headers, *, means: Means) -> Answer:
    """Without a key: the open questions as a caller who has no scope at all; everything else is refused as it was."""
    _check_shape(request, headers)
    at_gate = replace(GATE, source=_source(request), request_id=_id(request))
    try:
        asked = engine.read(await _body(request, headers.get("content-length", "0"), largest=OPEN_BODY))
        allowed = is_open(asked.query, tokens=engine.limits.tokens)
    except ApiError:
        allowed = False
    if not allowed:
        await record_refusal(means.database, at_gate, "key.missing")
        raise ApiError("UNAUTHENTICATED")
    await means.kept_lawbook.current(means.database)
    nobody = Caller(kind="public", actor="public", source=at_gate.source, request_id=at_gate.request_id)
    return await engine.run(asked, ApiContext(means=means, caller=nobody))


def _check_shape(request: Incoming, headers: Headers) -> None:
    if request.method != "POST":
        raise ApiError("METHOD_NOT_ALLOWED")
    kind, _, parameters = headers.get("content-type", "").partition(";")
    charset = parameters.lower().replace(" ", "").replace('"', "")
    if kind.strip().lower() != _JSON or charset not in {"", "charset=utf-8"}:
        raise ApiError("UNSUPPORTED_MEDIA_TYPE")


async def _answer(engine: Engine, request: Incoming, headers: Headers, *, means: Means, keys: KeyDesk) -> Answer:
    _check_shape(request, headers)
    at_gate = replace(GATE, source=_source(request), request_id=_id(request))
    caller = await _caller(headers.get("authorization", ""), keys, at_gate, means)
    body = await _body(request, headers.get("content-length", "0"), largest=engine.limits.push_body)
    asked = engine.read(body)
    if len(body) > engine.limits.body and not _is_push(engine, asked):
        raise ApiError("BODY_TOO_LARGE")
    await means.kept_lawbook.current(means.database)
    answer = await engine.run(asked, ApiContext(means=means, caller=caller))
    refused = sorted({str(e["extensions"]["code"]) for e in answer.body.get("errors", [])} & {"FORBIDDEN", "NOT_FOUND"})
    if refused:
        await record_refusal(means.database, caller, "graphql", detail={"codes": refused})
    return answer


async def _caller(authorization: str, keys: KeyDesk, at_gate: Caller, means: Means) -> Caller:
    """The holder of the key that was sent; every refusal leaves an audit row."""
    scheme, _, bearer = authorization.partition(" ")
    if scheme.lower() != "bearer":
        await record_refusal(means.database, at_gate, "key.missing")
        raise ApiError("UNAUTHENTICATED")
    caller = await keys.caller(bearer.strip(), request=at_gate)
    if caller is None:
        raise ApiError("UNAUTHENTICATED")
    return caller


async def _body(request: Incoming, declared: str, *, largest: int) -> bytes:
    """The body, read no further than allowed."""
    if declared.isdigit() and int(declared) > largest:
        raise ApiError("BODY_TOO_LARGE")
    parts, size = [], 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > largest:
                raise ApiError("BODY_TOO_LARGE")
            parts.append(part)
    except ClientException as error:
        raise ApiError("BODY_TOO_LARGE") from error
    return b"".join(parts)


def _is_push(engine: Engine, asked: object) -> bool:
    try:
        _, operation = engine.document(asked)  # type: ignore[arg-type]  # what `read` gave
    except (GraphQLError, InvalidDocumentError):
        return False
    return bool(pushes(operation))


def acceptable(accept: str | None) -> str | None:
    """The media type to answer with, by the weights of the Accept header; None when neither of ours will do.

    >>> acceptable("application/graphql-response+json, application/json;q=0.9")
    'application/graphql-response+json'
    >>> acceptable(None)
    'application/json'
    """
    wishes = []
    for place, part in enumerate((accept or "*/*").split(",")):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = next((_weight(p[2:]) for p in parameters if p.startswith("q=")), 1.0)
        if weight > 0:
            wishes.append((-weight, place, name))
    for _, _, name in sorted(wishes):
        if name in {RESPONSE_TYPE, _JSON}:
            return name
        if name in {"*/*", "application/*", ""}:
            return _JSON
    return None


def _weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if math.isfinite(weight) else 0.0


def _respond(answer: Answer, media_type: str) -> Response[bytes]:
    """The status of the specification; with plain JSON a request that was understood answers 200 with its errors."""
    understood = answer.status == 400
    status = 200 if media_type == _JSON and understood and _legacy(answer) else answer.status
    headers = _HEADERS.get(answer.status, {})
    content_type = f"{media_type}; charset=utf-8"
    return Response(msgspec.json.encode(answer.body), status_code=status, media_type=content_type, headers=headers)


def _legacy(answer: Answer) -> bool:
    """Whether clients of plain JSON expect 200: errors of a document, not of the HTTP request."""
    return not any(error["extensions"]["code"] == "BAD_JSON" for error in answer.body["errors"])


def _id(request: Incoming) -> str:
    return str(request.scope["state"].get("request_id", ""))


def _source(request: Incoming) -> str:
    return request.client.host if request.client else ""
