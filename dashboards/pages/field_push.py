"""What a phone sends under a person's session: the pushes that machines send, one event at a time, and photos.

The phone keeps what was entered until it has been answered here, so an answer that was lost is asked for again with
the same key and is the same answer. What was entered by one account is never taken under another: each request names
the account it was entered by (`X-Field-Owner`).
"""

import hashlib
import re
from typing import Any

import msgspec
from litestar import Response, get, post, put
from litestar.params import FromPath

from hengjian.dashboards.errors import (
    NotSignedIn,
    OtherAccount,
    PageForbidden,
    PageMissing,
    PhotoRefused,
    UnreadEntry,
)
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.guards import SESSION, check_form, read_cookie
from hengjian.dashboards.pages.profile import open_profile
from hengjian.dashboards.render import STATIC_FOLDER
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.ingestion.api import PUSH_TEXTS, Problem, Push, PushAnswer, PushError, RowResult, push_rows
from hengjian.platform.audit import record
from hengjian.platform.db import sql
from hengjian.platform.objects import ObjectDamagedError, ObjectMissingError, stored_as
from hengjian.tenants.api import BY_KIND, ISSUE_TEXTS

FIELD_KINDS = frozenset({"fieldEvents", "labelEvents"})
LARGEST_ENTRY = 64 * 1024
LARGEST_PHOTO = 12 << 20
_JPEG = b"\xff\xd8\xff"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_IN_AN_EVENT = sql("select 1 from label_event where tenant_id = :tenant and photo_sha256 = :sha256 limit 1")
Json = dict[str, Any]


def owner_of(visitor: Visitor) -> str:
    """The account to which entries on a phone belong.

    Raises:
        NotSignedIn: nobody.
    """
    if visitor.signed_in is None:
        raise NotSignedIn
    return str(visitor.signed_in.account.id)


@get("/field/worker.js")
async def field_worker() -> Response[bytes]:
    """The service worker of the phone pages; served here, so that it may answer for them and for nothing else."""
    script = (STATIC_FOLDER / "field-worker.js").read_bytes()
    headers = {"Service-Worker-Allowed": "/field", "Cache-Control": "no-cache"}
    return Response(script, media_type="text/javascript; charset=utf-8", headers=headers)


@get("/field/me")
async def field_session(site: GivenSite, member: GivenVisitor) -> Response[Json]:
    """Whose session it is now, the token that its requests carry, and the server's time, for a phone whose clock is off."""
    told = {"owner": owner_of(member), "name": member.name, "csrf": member.csrf, "now": site.now()}
    return Response(told)


@post("/field/push/{kind:str}", status_code=200, request_max_body_size=LARGEST_ENTRY)
async def push_entry(
    request: HtmlRequest, site: GivenSite, member: GivenVisitor, kind: FromPath[str]
) -> Response[Json]:
    """One push of field or label events: the same input, checks and receipt as the mutations of the API."""
    _check_sender(request, site, member)
    if kind not in FIELD_KINDS:
        raise PageMissing
    register = BY_KIND[kind]
    try:
        push = msgspec.json.decode(await request.body(), type=Push[register.row])  # type: ignore[name-defined]  # the row's type is a value here
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadEntry from error
    answer = await push_rows(site.database, member.caller, register, push, rules=site.push_rules, bounds_known=False)
    return Response(_told(answer))


@put("/field/photos/{sha256:str}", status_code=200, request_max_body_size=LARGEST_PHOTO)
async def keep_photo(
    request: HtmlRequest, site: GivenSite, member: GivenVisitor, sha256: FromPath[str]
) -> Response[Json]:
    """Keeps the photo whose hash an event names, within the organization's room; the same again is the same object."""
    _check_sender(request, site, member)
    content = await request.body()
    if not content.startswith(_JPEG) or hashlib.sha256(content).hexdigest() != sha256:
        raise PhotoRefused
    photo = stored_as(content, suffix="jpg")
    async with site.database.read(member.caller) as reading:
        await site.files.check(reading, [photo])
    await site.objects.keep(content, suffix="jpg")
    async with site.database.write(member.caller) as session:
        await site.files.take(session, [photo])
        await record(session, "field.photo", target=sha256, detail={"size": len(content)})
    return Response({"sha256": sha256})


@get("/orgs/{credit_code:str}/photos/{sha256:str}")
async def show_photo(
    request: HtmlRequest, site: GivenSite, visitor: GivenVisitor, credit_code: FromPath[str], sha256: FromPath[str]
) -> Response[bytes]:
    """A photo that an event of a label names, for whoever may see that event."""
    look = await open_profile(request, site, visitor, credit_code)
    if not _SHA256.fullmatch(sha256):
        raise PageMissing
    async with look.read() as session:
        named = await session.first(_IN_AN_EVENT, {"tenant": look.organization.id, "sha256": sha256})
    if named is None:
        raise PageMissing
    try:
        content = await site.objects.take(f"{sha256[:2]}/{sha256}.jpg", sha256=sha256)
    except (ObjectMissingError, ObjectDamagedError) as missing:
        raise PageMissing from missing
    return Response(content, media_type="image/jpeg")


def _check_sender(request: HtmlRequest, site: Site, member: Visitor) -> None:
    """Lets a request pass that comes from our pages, in this session, with entries of this account.

    Raises:
        ForeignForm: it comes from elsewhere or from an older session.
        OtherAccount: the entries are somebody else's.
        PageForbidden: a bureau's people enter nothing for an organization.
    """
    check_form(site, request, read_cookie(site, request, SESSION), field="")
    if member.of_bureau:
        raise PageForbidden
    if request.headers.get("x-field-owner") != owner_of(member):
        raise OtherAccount


def _told(answer: PushAnswer) -> Json:
    """The answer of a push as the script reads it; names as in the API."""
    receipt = answer.receipt
    return {
        "receipt": receipt
        and {
            "id": str(receipt.id),
            "state": receipt.state,
            "receivedAt": receipt.received_at,
            "sequence": receipt.sequence,
            "replayed": receipt.replayed,
        },
        "rows": [_row(row) for row in answer.rows],
        "userErrors": [_error(error) for error in answer.errors],
    }


def _row(row: RowResult) -> Json:
    return {
        "sourceRef": row.source_ref,
        "status": row.status,
        "problems": [_problem(problem) for problem in row.problems],
    }


def _problem(problem: Problem) -> Json:
    text = ISSUE_TEXTS[problem.code]
    facts = {"expected": problem.expected, "got": problem.got}
    return {
        "code": problem.code,
        "path": problem.path,
        "warning": problem.warning,
        "zh": f"{text.zh.format(**facts)}{text.hint_zh}",
        "en": f"{text.en.format(**facts)} {text.hint_en}",
    }


def _error(error: PushError) -> Json:
    text = PUSH_TEXTS[error.code]
    return {
        "code": error.code,
        "expected": error.facts.get("expected", ""),
        "retryable": error.retryable,
        "zh": f"{text.zh.format(**error.facts)}{text.hint_zh}",
        "en": f"{text.en.format(**error.facts)} {text.hint_en}",
    }
