"""Credit repair: an organization applies with its reason and files, the bureau decides by two people."""

from urllib.parse import quote
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Redirect

from hengjian.dashboards.errors import BadQuery, PageError, PageMissing
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.guards import session_form
from hengjian.dashboards.pages.credit import credit_answer, desk_of
from hengjian.dashboards.pages.finding_steps import person_of, words_of
from hengjian.dashboards.pages.profile import open_profile
from hengjian.dashboards.query import read_day
from hengjian.dashboards.site import HtmlRequest
from hengjian.platform.file_room import FileQuotaError
from hengjian.platform.objects import ObjectDamagedError, ObjectMissingError
from hengjian.scoring.api import (
    LARGEST_FILE,
    MOST_FILES,
    Attachment,
    NewRepair,
    RepairAct,
    RepairDecision,
    RepairKind,
    apply_for_repair,
    decide_repair,
    open_repair_file,
)
from hengjian.scoring.errors import (
    CreditEventRefusedError,
    NoCreditModelError,
    RepairRefusedError,
    StatementRefusedError,
    UnknownCreditEventError,
    UnknownRepairError,
)

_LARGEST_FORM = MOST_FILES * LARGEST_FILE + 64 * 1024
_REFUSED = (RepairRefusedError, StatementRefusedError, CreditEventRefusedError, NoCreditModelError, FileQuotaError)


@post("/orgs/{credit_code:str}/credit/repairs", status_code=303, request_max_body_size=_LARGEST_FORM)
async def apply_for_credit_repair(
    request: HtmlRequest, site: GivenSite, member: GivenVisitor, credit_code: FromPath[str]
) -> Response[str]:
    """An application; what is refused comes back with the words that were typed."""
    form = await session_form(site, request)
    look = await open_profile(request, site, member, credit_code)
    matter = str(form.get("matter", ""))
    kind, _, ref = matter.partition(":")
    files = [one for one in form.getall("files", []) if isinstance(one, UploadFile) and one.filename]
    text = str(form.get("text", ""))
    try:
        wanted = RepairKind(kind)
    except ValueError as unknown:
        raise BadQuery from unknown
    new = NewRepair(wanted, ref, text, [Attachment(one.filename, await one.read()) for one in files])
    try:
        async with site.database.write(member.caller) as session:
            await apply_for_repair(
                session,
                look.organization.id,
                new,
                by=person_of(member),
                room=site.files,
                lawbook=site.lawbook,
                now=site.now(),
            )
    except _REFUSED as refused:
        kept = {"repair_text": text, "repair_matter": matter}
        return await credit_answer(request, site, member, credit_code, kept=kept, problem=words_of(refused))
    return _back(credit_code)


@post("/orgs/{credit_code:str}/credit/repairs/{repair_id:uuid}", status_code=303)
async def take_repair_step(
    request: HtmlRequest,
    site: GivenSite,
    inspector: GivenVisitor,
    credit_code: FromPath[str],
    repair_id: FromPath[UUID],
) -> Response[str]:
    """One step of the bureau with an application."""
    form = await session_form(site, request)
    look = await open_profile(request, site, inspector, credit_code)
    try:
        act = RepairAct(str(form.get("act", "")))
    except ValueError as unknown:
        raise BadQuery from unknown
    decision = RepairDecision(
        act=act,
        on_day=read_day(str(form.get("on_day", "")).strip()),
        document_no=str(form.get("document_no", "")),
        reason=str(form.get("reason", "")),
    )
    try:
        async with site.database.write(inspector.caller) as session:
            await decide_repair(await desk_of(session, site, inspector, look), repair_id, decision)
    except (UnknownRepairError, UnknownCreditEventError) as missing:
        raise PageMissing from missing
    except _REFUSED as refused:
        return await credit_answer(request, site, inspector, credit_code, problem=words_of(refused))
    return _back(credit_code)


@get("/orgs/{credit_code:str}/credit/repairs/files/{sha256:str}")
async def download_repair_file(
    request: HtmlRequest, site: GivenSite, visitor: GivenVisitor, credit_code: FromPath[str], sha256: FromPath[str]
) -> Response[bytes]:
    """A file of an application, as it was handed in; never shown inside our own pages."""
    look = await open_profile(request, site, visitor, credit_code)
    async with look.read() as session:
        try:
            file, content = await open_repair_file(session, site.objects, look.organization.id, sha256)
        except UnknownRepairError as missing:
            raise PageMissing from missing
        except (ObjectMissingError, ObjectDamagedError) as damaged:
            raise PageError from damaged
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"}
    return Response(content, media_type="application/octet-stream", headers=headers)


def _back(credit_code: str) -> Response[str]:
    return Redirect(f"/orgs/{credit_code}/credit#h-r", status_code=303)
