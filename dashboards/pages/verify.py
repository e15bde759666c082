"""The page behind the code on a paper: whether this platform issued it, and whether a newer one replaced it."""

import re

from litestar import Response, get

from hengjian.dashboards.given import GivenGuest, GivenSite
from hengjian.dashboards.pages.other_records import VerifyPage
from hengjian.dashboards.site import HtmlRequest
from hengjian.platform.db import Caller
from hengjian.platform.issued import replaced

_DIGEST = re.compile(r"[0-9a-f]{64}")
_MOST = 200


@get("/verify")
async def show_verification(request: HtmlRequest, site: GivenSite, guest: GivenGuest) -> Response[str]:
    """For anybody, without an account; nothing but the answer is told."""
    typed = request.query_params.get("digest", "")[:_MOST]
    digest = "".join(typed.split()).lower()
    if not digest:
        return site.show(request, "verify.html", VerifyPage(), visitor=guest)
    if not _DIGEST.fullmatch(digest):
        page = VerifyPage(digest=typed, outcome="unreadable")
        return site.show(request, "verify.html", page, visitor=guest, status=422)
    found = await replaced(site.database, digest, caller=site.caller(request, Caller(kind="public", actor="public")))
    outcome = "unknown" if found is None else "replaced" if found else "issued"
    return site.show(request, "verify.html", VerifyPage(digest=digest, outcome=outcome), visitor=guest)
