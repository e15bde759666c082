"""Uploads over HTTP by the tus protocol 1.0.0 (core, creation): any tus client can send, cut off and go on.

`Upload-Metadata` carries `sha256` (hexadecimal) and `about` (the recording as JSON), both in Base64.
"""

import base64
import binascii
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, route
from litestar.datastructures import State
from litestar.enums import HttpMethod
from litestar.params import FromPath

from hengjian.ingestion.api import UPLOAD_TEXTS, UploadDesk, UploadRefusedError, UploadStatus, read_upload
from hengjian.platform.db import Caller
from hengjian.platform.errors import ToldError

VERSION = "1.0.0"
PART_TYPE = "application/offset+octet-stream"
_MOST_DIGITS = 18
Incoming = Request[None, None, State]
Identify = Callable[[Incoming], Awaitable[Caller | None]]


def uploads_router(desk: UploadDesk, identify: Identify, *, path: str) -> Router:
    """Begin at `path`, go on at `path/{id}`.

    Args:
        desk: takes the uploads.
        identify: who asks; None when nobody known does.
        path: where it is mounted.
    """

    async def caller(request: Incoming) -> Caller:
        return _sender(request, await identify(request))

    @route("/", http_method=[HttpMethod.POST], include_in_schema=False)
    async def begin(request: Incoming) -> Response[Any]:
        asking = await caller(request)
        metadata, size = _metadata(request), _number(request, "upload-length")
        status = await desk.begin(asking, size=size, sha256=metadata["sha256"], about=metadata["about"].encode())
        place = {"Location": f"{path}/{status.id}", "Upload-Offset": str(status.received)}
        return _answer(status, 201, place)

    @route("/", http_method=[HttpMethod.OPTIONS], include_in_schema=False)
    async def options() -> Response[None]:
        told = {"Tus-Version": VERSION, "Tus-Extension": "creation", "Tus-Max-Size": str(desk.limits.file)}
        return _empty(204, told)

    @route("/{upload_id:uuid}", http_method=[HttpMethod.HEAD], include_in_schema=False)
    async def offset(request: Incoming, upload_id: FromPath[UUID]) -> Response[None]:
        asking = await caller(request)
        async with desk.database.read(asking) as session:
            status = await read_upload(session, upload_id)
        told = {"Upload-Offset": str(status.received), "Upload-Length": str(status.size), "Cache-Control": "no-store"}
        return _empty(200, told)

    @route("/{upload_id:uuid}", http_method=[HttpMethod.GET], include_in_schema=False)
    async def progress(request: Incoming, upload_id: FromPath[UUID]) -> Response[Any]:
        asking = await caller(request)
        async with desk.database.read(asking) as session:
            return _answer(await read_upload(session, upload_id), 200, {"Cache-Control": "no-store"})

    @route("/{upload_id:uuid}", http_method=[HttpMethod.PATCH], request_max_body_size=None, include_in_schema=False)
    async def append(request: Incoming, upload_id: FromPath[UUID]) -> Response[None]:
        asking = await caller(request)
        if request.headers.get("content-type") != PART_TYPE:
            raise UploadRefusedError("CONTENT_TYPE")
        part = await _body(request, desk.limits.part)
        status = await desk.append(asking, upload_id, offset=_number(request, "upload-offset"), part=part)
        return _empty(204, {"Upload-Offset": str(status.received)})

    return Router(
        path,
        route_handlers=[begin, options, offset, progress, append],
        exception_handlers={ToldError: _refused},
    )


def _sender(request: Incoming, found: Caller | None) -> Caller:
    """Who sends, when they may."""
    if found is None:
        raise UploadRefusedError("UNAUTHENTICATED")
    if found.kind != "member" or "push" not in found.scopes:
        raise UploadRefusedError("FORBIDDEN")
    if request.method != "GET" and request.headers.get("tus-resumable") != VERSION:
        raise UploadRefusedError("TUS_VERSION")
    return found


def _number(request: Incoming, header: str) -> int:
    """A header's whole number, -1 when it is none."""
    text = request.headers.get(header, "")
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= _MOST_DIGITS else -1


def _empty(code: int, headers: dict[str, str]) -> Response[None]:
    return Response(None, status_code=code, headers={"Tus-Resumable": VERSION} | headers)


def _metadata(request: Incoming) -> dict[str, str]:
    """The pairs of Upload-Metadata, decoded."""
    found = {}
    for pair in request.headers.get("upload-metadata", "").split(","):
        name, _, coded = pair.strip().partition(" ")
        try:
            found[name] = base64.b64decode(coded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise UploadRefusedError("UPLOAD_METADATA", detail=name) from error
    for name in ("sha256", "about"):
        if name not in found:
            raise UploadRefusedError("UPLOAD_METADATA", detail=name)
    return found


async def _body(request: Incoming, most: int) -> bytes:
    """The part, read no further than allowed."""
    parts, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > most:
            raise UploadRefusedError("PART_TOO_LARGE", most=most)
        parts.append(piece)
    return b"".join(parts)


def _answer(status: UploadStatus, code: int, headers: dict[str, str]) -> Response[Any]:
    body: dict[str, Any] = {
        "uploadId": str(status.id),
        "recordingNo": status.recording_no,
        "state": status.state,
        "received": status.received,
        "size": status.size,
        "recordingId": None if status.recording_id is None else str(status.recording_id),
    }
    if status.problem:
        text = UPLOAD_TEXTS[status.problem]
        zh, en = (words.format(number=status.recording_no) for words in (text.zh, text.en))
        body["problem"] = {"code": status.problem, "messageZh": zh, "messageEn": en}
    return Response(body, status_code=code, headers={"Tus-Resumable": VERSION} | headers)


def _refused(_request: Request[Any, Any, Any], error: ToldError) -> Response[Any]:
    body = {"code": error.code, "messageZh": error.zh, "messageEn": error.en}
    headers = {"Tus-Resumable": VERSION}
    if isinstance(error, UploadRefusedError) and "offset" in error.facts:
        headers["Upload-Offset"] = str(error.facts["offset"])
    if error.retryable:
        headers["Retry-After"] = "120"
    return Response(body, status_code=error.status, headers=headers)
