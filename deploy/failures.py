"""What is answered, outside pages and GraphQL, when something goes wrong: a code and words in both languages."""

from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.exceptions.responses import create_exception_response
from litestar.types import ExceptionHandlersMap

from hengjian.platform.db import told_of
from hengjian.platform.errors import ToldError

_LOG = structlog.stdlib.get_logger("hengjian.requests")
_OUR_FAULT = 500
_AGAIN_SECONDS = "30"


class _UnforeseenError(ToldError):
    """What nobody thought of; what it is stands in the log alone."""

    code = "INTERNAL"
    status = _OUR_FAULT
    retryable = True
    zh = "系统内部错误，已记录。请稍后重试；如仍不行，请告知请求编号。"
    en = "An internal error, recorded. Try again; if it stays, tell us the request id."


def answer_failure(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Code, words, request id; only errors of ours are logged."""
    if isinstance(error, HTTPException):
        return create_exception_response(request, error)
    told = told_of(error) or _UnforeseenError()
    if told.status >= _OUR_FAULT:
        _LOG.error("request failed", path=request.url.path, error=type(error).__name__, exc_info=error)
    body = {
        "code": told.code,
        "messageZh": told.zh,
        "messageEn": told.en,
        "requestId": str(request.scope.get("state", {}).get("request_id", "")),
    }
    headers = {"Retry-After": _AGAIN_SECONDS} if told.retryable else {}
    return Response(body, status_code=told.status, headers=headers)


EXCEPTION_HANDLERS: ExceptionHandlersMap = {Exception: answer_failure}
