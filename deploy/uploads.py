"""Uploads of recordings, put together from what the deployment has: by key at `/uploads`, by session at `/my/uploads`."""

from dataclasses import replace

from litestar import Router

from hengjian.dashboards.guards import SESSION, cookie_name
from hengjian.deploy.services import Services
from hengjian.graphql.uploads import Identify, Incoming, uploads_router
from hengjian.ingestion.api import UploadDesk, UploadLimits, UploadRefusedError
from hengjian.platform.db import GATE, Caller
from hengjian.platform.objects import Objects
from hengjian.tenants.api import KeyDesk, PageRequest, page_request_fault, session_caller


def upload_desk(services: Services) -> UploadDesk:
    """Takes uploads by the deployment's settings."""
    storage = services.settings.storage
    limits = UploadLimits(file=storage.largest_recording, quota=storage.recording_quota)
    return UploadDesk(services.database, Objects(services.objects), limits)


def by_key(services: Services) -> Identify:
    """Who asks, by the key in the Authorization header."""
    desk = KeyDesk(services.database)

    async def identify(request: Incoming) -> Caller | None:
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        return await desk.caller(bearer.strip(), request=_at_gate(request))

    return identify


def by_session(services: Services) -> Identify:
    """Who asks, by the session's cookie; what changes something comes from our own pages with the session's token."""
    own = services.settings.web.origin

    async def identify(request: Incoming) -> Caller | None:
        origin = own or f"{request.url.scheme}://{request.headers.get('host', '')}"
        token = request.cookies.get(cookie_name(SESSION, secure=origin.startswith("https:")), "")
        signed_in = await session_caller(services.database, token, caller=_at_gate(request)) if token else None
        if signed_in is None:
            raise UploadRefusedError("NOT_SIGNED_IN")
        asked = PageRequest(
            method=request.method,
            origin=request.headers.get("origin") or origin,
            fetch_site=request.headers.get("sec-fetch-site", ""),
            csrf=request.headers.get("x-csrf-token", ""),
        )
        if page_request_fault(asked, origin, token) is not None:
            raise UploadRefusedError("FOREIGN_REQUEST")
        # What people of an organization send, its key could send too.
        return replace(signed_in.caller, scopes=frozenset({"push"}))

    return identify


def key_uploads(services: Services) -> Router:
    """`/uploads` for machines."""
    return uploads_router(upload_desk(services), by_key(services), path="/uploads")


def session_uploads(services: Services) -> Router:
    """`/my/uploads` for people at our own pages."""
    return uploads_router(upload_desk(services), by_session(services), path="/my/uploads")


def _at_gate(request: Incoming) -> Caller:
    source = request.client.host if request.client else ""
    return replace(GATE, source=source, request_id=str(request.scope["state"].get("request_id", "")))
