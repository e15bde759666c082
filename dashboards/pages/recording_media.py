"""The octets of recordings and of their previews, for those who may look and whose look is written down."""

from collections.abc import AsyncIterator
from uuid import UUID

from litestar import Response, route
from litestar.enums import HttpMethod
from litestar.params import FromPath
from litestar.response import Stream

from hengjian.dashboards.errors import PageForbidden, PageMissing
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.language import mark
from hengjian.dashboards.pages.profile import open_profile
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.ingestion.api import (
    DOWNLOAD_ONLY,
    Looker,
    Piece,
    RecordingRecord,
    UnsatisfiableRangeError,
    asked_piece,
    closed_to,
    open_looks,
    read_recording,
)
from hengjian.platform.objects import ObjectMissingError, Objects

_CHUNK = 1 << 20
_MEDIA_POLICY = "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox"


class NotOpened(PageForbidden):
    """The recording may be looked at, but this look is not written down."""

    code = "NOT_OPENED"
    title = mark("请先登记调阅")
    advice = mark("每次调阅录像都要写明用途。请回到录像页面，选择用途并点“调阅这段录像”。")


def looker_of(visitor: Visitor) -> Looker:
    """The visitor as the rules of secrecy see them."""
    return Looker(of_bureau=visitor.of_bureau, roles=visitor.roles, login=visitor.login)


@route(
    "/orgs/{credit_code:str}/recordings/{recording:uuid}/media",
    http_method=[HttpMethod.GET, HttpMethod.HEAD],
    name="recording-media",
)
async def give_media(
    request: HtmlRequest, site: GivenSite, visitor: GivenVisitor, credit_code: FromPath[str], recording: FromPath[UUID]
) -> Response[bytes] | Stream:
    """The recording as it was archived, whole or the range asked for (RFC 9110)."""
    found = await _opened(request, site, visitor, credit_code=credit_code, recording=recording)
    headers = _headers(found)
    tag = headers["ETag"]
    asked = request.headers.get("range") if request.headers.get("if-range", tag) == tag else None
    try:
        piece = asked_piece(asked, found.size)
    except UnsatisfiableRangeError:
        headers["Content-Range"] = f"bytes */{found.size}"
        return Response(b"", status_code=416, media_type=DOWNLOAD_ONLY, headers=headers)
    part = piece or Piece(0, found.size - 1)
    headers["Content-Length"] = str(part.length)
    if piece is not None:
        headers["Content-Range"] = f"bytes {piece.first}-{piece.last}/{found.size}"
    status, kind = 206 if piece else 200, found.plays_as or DOWNLOAD_ONLY
    if request.method == "HEAD":
        return Response(b"", status_code=status, media_type=kind, headers=headers)
    octets = _octets(site.objects, found.object_path, part)
    try:
        begun = [await anext(octets)]
    except ObjectMissingError as missing:
        raise PageMissing from missing
    return Stream(_rest(begun, octets), status_code=status, media_type=kind, headers=headers)


@route("/orgs/{credit_code:str}/recordings/{recording:uuid}/preview", http_method=[HttpMethod.GET])
async def give_preview(
    request: HtmlRequest, site: GivenSite, visitor: GivenVisitor, credit_code: FromPath[str], recording: FromPath[UUID]
) -> Response[bytes]:
    """The sheet of small pictures drawn from the recording."""
    found = await _opened(request, site, visitor, credit_code=credit_code, recording=recording)
    if found.preview is None:
        raise PageMissing
    try:
        content = await site.objects.take(found.preview.object_path, sha256=found.preview.sha256)
    except ObjectMissingError as missing:
        raise PageMissing from missing
    headers = {"Cache-Control": "private, no-store", "Content-Security-Policy": _MEDIA_POLICY}
    return Response(content, media_type="image/jpeg", headers=headers)


async def _opened(
    request: HtmlRequest, site: Site, visitor: Visitor, *, credit_code: str, recording: UUID
) -> RecordingRecord:
    """The recording, when the visitor may look and has said what for.

    Raises:
        PageMissing: the visitor sees no such recording, or may not look into it.
        NotOpened: the look is not written down.
    """
    look = await open_profile(request, site, visitor, credit_code)
    async with look.read() as session:
        found = await read_recording(session, look.organization.id, recording)
        looks = await open_looks(session, look.organization.id, [recording], now=site.now())
    if found is None or closed_to(looker_of(visitor), secrecy=found.secrecy, custodian_ref=found.custodian_ref):
        raise PageMissing
    if recording not in looks:
        raise NotOpened
    return found


def _headers(found: RecordingRecord) -> dict[str, str]:
    kind = "inline" if found.plays_as else "attachment"
    ending = {"video/mp4": "mp4", "video/webm": "webm"}.get(found.plays_as or "", "bin")
    return {
        "Accept-Ranges": "bytes",
        "ETag": f'"{found.sha256}"',
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'{kind}; filename="recording-{found.id}.{ending}"',
        "Content-Security-Policy": _MEDIA_POLICY,
        "X-Content-Type-Options": "nosniff",
    }


async def _octets(objects: Objects, path: str, piece: Piece) -> AsyncIterator[bytes]:
    start = piece.first
    while start <= piece.last:
        length = min(_CHUNK, piece.last + 1 - start)
        yield await objects.read_range(path, start, length)
        start += length


async def _rest(begun: list[bytes], octets: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    for part in begun:
        yield part
    async for part in octets:
        yield part
