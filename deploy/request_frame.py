"""What holds for every request: an id, one log line, a measured time, and the headers that keep a browser safe."""

import re
import time
from collections.abc import Iterable

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Scope, Send
from prometheus_client import Counter, Histogram

from hengjian.platform.ids import uuid7

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_QUIET = ("/healthz", "/readyz", "/metrics", "/static/")
_LOG = structlog.stdlib.get_logger("hengjian.requests")
_COUNT = Counter("hengjian_requests", "Requests answered.", ("method", "route", "status"))
_SECONDS = Histogram("hengjian_request_seconds", "Time to answer, in seconds.", ("method", "route"))

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; "
    "media-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
SECURITY_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), geolocation=(self), microphone=(self), payment=(), usb=()"),
    (b"cache-control", b"no-store"),
)
ONLY_HTTPS = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


class RequestFrame:
    """Wraps the whole application.

    A caller's `X-Request-Id` is kept when it is 8 to 64 plain characters, else one is made; it is answered, logged,
    and found by handlers in `scope["state"]["request_id"]`. A header that a handler set itself is left alone.
    Neither query strings nor bodies are logged.
    """

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._headers = (*SECURITY_HEADERS, *((ONLY_HTTPS,) if https else ()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope["headers"])
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        begun, status = time.perf_counter(), 500

        async def send_framed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._complete(message, request_id)
            await send(message)

        try:
            await self._app(scope, receive, send_framed)
        finally:
            _record(scope, status, seconds=time.perf_counter() - begun)

    def _complete(self, message: HTTPResponseStartEvent, request_id: str) -> None:
        headers = list(message["headers"])
        given = {bytes(name).lower() for name, _ in headers}
        headers.extend(header for header in self._headers if header[0] not in given)
        headers.append((b"x-request-id", request_id.encode()))
        message["headers"] = headers


def _request_id(headers: Iterable[tuple[bytes, bytes]]) -> str:
    for name, value in headers:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            return value.decode()
    return str(uuid7())


def _record(scope: Scope, status: int, *, seconds: float) -> None:
    """Count and log one answer under its route's pattern, so that names in paths stay out of the metrics."""
    route = str(scope.get("path_template") or "unknown")
    method = str(scope.get("method", ""))
    method = method if method in _METHODS else "OTHER"
    _COUNT.labels(method, route, status).inc()
    _SECONDS.labels(method, route).observe(seconds)
    path = str(scope.get("path", ""))
    if not path.startswith(_QUIET):
        _LOG.info("request", method=method, path=path, status=status, ms=round(seconds * 1000, 1))
