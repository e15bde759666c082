"""The evidence log for anybody, without an account: what a checkpoint is, the newest one, who vouches for it, how to check."""

import base64
import hashlib

from litestar import Response, get

from hengjian.dashboards.given import GivenGuest, GivenSite
from hengjian.dashboards.pages.other_records import LogPage, Vouched
from hengjian.dashboards.site import HtmlRequest
from hengjian.platform.db import Caller
from hengjian.platform.log.store import latest_attestations, latest_checkpoint
from hengjian.platform.proof.notes import LogKey


@get("/log")
async def show_log(request: HtmlRequest, site: GivenSite, guest: GivenGuest) -> Response[str]:
    """Hashes, names and times only; no record."""
    caller = site.caller(request, Caller(kind="public", actor="public"))
    async with site.database.read(caller) as session:
        newest = await latest_checkpoint(session)
        said = await latest_attestations(session)
    if newest is None:
        return site.show(request, "log.html", LogPage(), visitor=guest)
    key = LogKey.read(newest.key)
    page = LogPage(
        name=key.name,
        size=newest.size,
        root=base64.b64encode(newest.root).decode(),
        signed_at=newest.at,
        key=newest.key,
        fingerprint=hashlib.sha256(key.public).hexdigest(),
        witnesses=tuple(Vouched(one.name, one.size, one.at) for one in said if one.kind == "cosignature"),
        stamps=tuple(Vouched(one.name, one.size, one.at) for one in said if one.kind == "timestamp"),
    )
    return site.show(request, "log.html", page, visitor=guest)
