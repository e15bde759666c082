"""The evidence log as everybody may see it: hashes, proofs and signed checkpoints; no leaf, no record.

`/log/checkpoint` and `/log/tile/…` answer as C2SP tlog-tiles has it; errors are one line of text.
"""

import base64
import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated

from litestar import Request, Response, Router, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, QueryParameter

from hengjian.deploy.services import Services
from hengjian.platform.db import Caller, Database
from hengjian.platform.log.errors import LogBrokenError
from hengjian.platform.log.store import (
    attestations,
    checkpoint_at,
    consistency_proof,
    inclusion_proof,
    latest_checkpoint,
    read_tiles,
    recent_checkpoints,
)
from hengjian.platform.log.tiles import HASH, WIDTH
from hengjian.platform.log.witness import WitnessKey, keep_cosignature

ANYBODY = Caller(kind="public", actor="public")
_PAGE = 100
_LARGEST = 2**62
_TEXT = "text/plain; charset=utf-8"
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)

Opened = NamedDependency[Database]
Size = Annotated[int, QueryParameter(ge=1, le=_LARGEST)]


def _line(status: HTTPStatus, zh: str, en: str) -> Response[bytes]:
    return Response(f"{zh} / {en}\n".encode(), status_code=status, media_type=_TEXT)


def _text(text: str) -> Response[bytes]:
    return Response(text.encode(), media_type=_TEXT, headers={"Cache-Control": "no-cache"})


def _hashes(proof: Sequence[bytes]) -> list[str]:
    return [base64.b64encode(one).decode() for one in proof]


def _nothing_yet() -> Response[bytes]:
    return _line(
        HTTPStatus.NOT_FOUND, "尚无已签检查点，请过几秒再试", "nothing is signed yet; try again in a few seconds"
    )


def _too_far() -> Response[bytes]:
    return _line(HTTPStatus.NOT_FOUND, "超出最新检查点的范围", "beyond the newest checkpoint; see /log/checkpoint")


@get("/log/checkpoint")
async def newest(database: Opened) -> Response[bytes]:
    """The newest signed checkpoint, with the signatures of witnesses below the log's own."""
    async with database.read(ANYBODY) as session:
        found = await latest_checkpoint(session)
        said = await attestations(session, found.size) if found else []
    if found is None:
        return _nothing_yet()
    return _text(found.note + "".join(one.body for one in said if one.kind == "cosignature"))


@get("/log/checkpoints")
async def checkpoints(
    database: Opened, below: Annotated[int, QueryParameter(ge=1, le=_LARGEST)] = _LARGEST
) -> dict[str, object]:
    """A hundred checkpoints, newest first; `below` is the size where the page before ended."""
    async with database.read(ANYBODY) as session:
        found = await recent_checkpoints(session, below=below, limit=_PAGE)
    nodes = [{"size": one.size, "at": one.at.isoformat(), "note": one.note} for one in found]
    return {"checkpoints": nodes, "below": found[-1].size if len(found) == _PAGE else None}


@get("/log/key")
async def public_key(database: Opened) -> Response[bytes]:
    """The key that the newest checkpoint is signed with. Take it from a second place too before you trust it."""
    async with database.read(ANYBODY) as session:
        found = await latest_checkpoint(session)
    return _text(f"{found.key}\n") if found else _nothing_yet()


@get("/log/proof/{leaf:int}")
async def proof(
    database: Opened, leaf: FromPath[int], size: Annotated[int | None, QueryParameter(ge=1, le=_LARGEST)] = None
) -> Response[bytes] | dict[str, object]:
    """The path from a leaf to the root of a checkpoint, the newest unless `size` names one."""
    async with database.read(ANYBODY) as session:
        signed = await (latest_checkpoint(session) if size is None else checkpoint_at(session, size))
        if signed is None or not 0 <= leaf < signed.size:
            return _too_far()
        try:
            path = await inclusion_proof(session, leaf, signed.size)
        except LogBrokenError as broken:
            return _line(HTTPStatus.INTERNAL_SERVER_ERROR, broken.zh, broken.en)
    return {"leaf": leaf, "size": signed.size, "proof": _hashes(path), "checkpoint": signed.note}


@get("/log/consistency")
async def consistency(
    database: Opened, old: Annotated[int, QueryParameter(name="from", ge=1, le=_LARGEST)], to: Size
) -> Response[bytes] | dict[str, object]:
    """What proves that the tree of size `from` is the beginning of the one of size `to`."""
    async with database.read(ANYBODY) as session:
        signed = await latest_checkpoint(session)
        if signed is None or not old <= to <= signed.size:
            return _too_far()
        try:
            path = await consistency_proof(session, old, to)
        except LogBrokenError as broken:
            return _line(HTTPStatus.INTERNAL_SERVER_ERROR, broken.zh, broken.en)
    return {"from": old, "to": to, "proof": _hashes(path)}


@get("/log/tile/{level:int}/{number:path}")
async def tile(database: Opened, level: FromPath[int], number: FromPath[str]) -> Response[bytes]:
    """The hashes of a tile; `x001/234` and a width `.p/17` as tlog-tiles writes them."""
    wanted, _, width = number.strip("/").partition(".p/")
    place, most = wanted.replace("/", "").replace("x", ""), width or str(WIDTH)
    if not (_NUMBER.fullmatch(place) and _NUMBER.fullmatch(most) and 0 <= level < 8 and 0 < int(most) <= WIDTH):
        return _line(HTTPStatus.NOT_FOUND, "没有这个哈希块", "there is no such tile")
    async with database.read(ANYBODY) as session:
        signed = await latest_checkpoint(session)
        hashes = (await read_tiles(session, [(level, int(place))])).get((level, int(place)), b"")
    there = min((signed.size if signed else 0) // WIDTH**level - int(place) * WIDTH, WIDTH)
    if there < int(most) or len(hashes) < int(most) * HASH:
        return _line(HTTPStatus.NOT_FOUND, "没有这个哈希块", "there is no such tile, or it is not that full yet")
    return Response(hashes[: int(most) * HASH], media_type="application/octet-stream")


@post("/log/cosignature", status_code=200)
async def cosign(
    request: Request[None, None, State], database: Opened, witnesses: NamedDependency[list[WitnessKey]]
) -> Response[bytes]:
    """Take a witness's signature line of a checkpoint; only from witnesses that the settings name."""
    told = (await request.body()).decode("utf-8", "replace")
    size, _, line = told.partition("\n")
    if not _NUMBER.fullmatch(size) or not await keep_cosignature(database, witnesses, size=int(size), line=line):
        zh = "联署无效，或见证方未登记（HENGJIAN_LOG_WITNESSES）"
        return _line(HTTPStatus.FORBIDDEN, zh, "no valid cosignature of a witness that HENGJIAN_LOG_WITNESSES names")
    return _text("ok\n")


def log_router(services: Services) -> Router:
    """All of it, for this deployment."""
    witnesses = [WitnessKey.read(one) for one in services.settings.evidence.witnesses.split()]
    return Router(
        "/",
        route_handlers=[newest, checkpoints, public_key, proof, consistency, tile, cosign],
        dependencies={
            "database": Provide(lambda: services.database, sync_to_thread=False),
            "witnesses": Provide(lambda: witnesses, sync_to_thread=False),
        },
        include_in_schema=False,
    )
