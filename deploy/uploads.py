"""Uploads of recordings, put together from what the deployment has: by key at `/uploads`."""

from dataclasses import replace

from litestar import Router

from hengjian.deploy.services import Services
from hengjian.graphql.uploads import Identify, Incoming, uploads_router
from hengjian.ingestion.api import UploadDesk, UploadLimits
from hengjian.platform.db import GATE, Caller
from hengjian.platform.objects import Objects
from hengjian.tenants.api import KeyDesk


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
        source = request.client.host if request.client else ""
        at_gate = replace(GATE, source=source, request_id=str(request.scope["state"].get("request_id", "")))
        return await desk.caller(bearer.strip(), request=at_gate)

    return identify


def key_uploads(services: Services) -> Router:
    """`/uploads` for machines."""
    return uploads_router(upload_desk(services), by_key(services), path="/uploads")
