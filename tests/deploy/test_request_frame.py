from typing import Any, cast

import httpx
import pytest
from litestar import Litestar, Response, get
from litestar.params import FromPath
from prometheus_client import REGISTRY

from hengjian.deploy.request_frame import RequestFrame


@get("/things/{name:str}", sync_to_thread=False)
def thing(name: FromPath[str]) -> Response[str]:
    return Response(name, headers={"Cache-Control": "private, max-age=5"}, media_type="text/plain")


@get("/broken", sync_to_thread=False)
def broken() -> str:
    message = "secret detail"
    raise RuntimeError(message)


def client(*, https: bool = False) -> httpx.AsyncClient:
    app = RequestFrame(Litestar([thing, broken], openapi_config=None, logging_config=None), https=https)
    plain = cast("Any", app)  # httpx types ASGI messages as plain mappings, Litestar as typed ones
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(plain, raise_app_exceptions=False), base_url="http://localhost"
    )


async def test_every_answer_is_hardened() -> None:
    """Also a refusal forbids foreign scripts, frames and guessing of types; what a handler set itself stays."""
    async with client() as asking:
        missing, found = await asking.get("/nothing"), await asking.get("/things/a")
    policy = missing.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "script-src 'self';" in policy
    assert missing.headers["x-content-type-options"] == "nosniff"
    assert missing.headers["cache-control"] == "no-store"
    assert found.headers.get_list("cache-control") == ["private, max-age=5"]
    assert "strict-transport-security" not in found.headers


async def test_https_is_insisted_on_once_it_is_there() -> None:
    """A deployment behind https says so to browsers."""
    async with client(https=True) as asking:
        assert "max-age=31536000" in (await asking.get("/things/a")).headers["strict-transport-security"]


@pytest.mark.parametrize("sent", ["short", "with space here", "x" * 65, "line\u00e4nder", ""])
async def test_strange_request_ids_are_replaced(sent: str) -> None:
    """What goes into logs and pages is ours or plain."""
    async with client() as asking:
        answer = await asking.get("/things/a", headers=[(b"X-Request-Id", sent.encode("latin-1"))])
    assert answer.headers["x-request-id"] != sent
    assert len(answer.headers["x-request-id"]) == 36


async def test_callers_request_id_is_kept() -> None:
    """One id leads from the sender's log to ours."""
    async with client() as asking:
        answer = await asking.get("/things/a", headers={"X-Request-Id": "lims-2026-11-20.7"})
    assert answer.headers["x-request-id"] == "lims-2026-11-20.7"


async def test_metrics_count_patterns_not_names() -> None:
    """Neither an organization's name nor an invented path becomes a label."""

    def count(route: str, status: str) -> float:
        labels = {"method": "GET", "route": route, "status": status}
        return REGISTRY.get_sample_value("hengjian_requests_total", labels) or 0.0

    before = count("/things/{name}", "200"), count("unknown", "404"), count("/broken", "500")
    async with client() as asking:
        await asking.get("/things/某某公司")
        await asking.request("GET", "/invented")
        await asking.request("BREW", "/invented")
        answer = await asking.get("/broken")
    after = count("/things/{name}", "200"), count("unknown", "404"), count("/broken", "500")
    assert [b - a for a, b in zip(before, after, strict=True)] == [1, 1, 1]
    assert "secret detail" not in answer.text
    assert (
        REGISTRY.get_sample_value("hengjian_requests_total", {"method": "BREW", "route": "unknown", "status": "404"})
        is None
    )
