"""Steps in the life of a finding, taken from its page: decisions of a bureau, statements of an institution, files."""

from dataclasses import replace
from datetime import date
from urllib.parse import quote
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Redirect

from hengjian.dashboards.errors import BadQuery, PageError, PageMissing
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.guards import session_form
from hengjian.dashboards.language import Bilingual, Text
from hengjian.dashboards.pages.finding import finding_answer
from hengjian.dashboards.pages.finding_appeal import FACT, contested_by, read_claim
from hengjian.dashboards.pages.life_record import Claim
from hengjian.dashboards.query import read_day
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.platform.errors import ToldError
from hengjian.platform.file_room import FileQuotaError
from hengjian.platform.objects import ObjectDamagedError, ObjectMissingError
from hengjian.scoring.api import (
    LARGEST_FILE,
    MOST_FILES,
    ON_APPEAL,
    Act,
    Appeal,
    Attachment,
    OnAppeal,
    Person,
    decide_finding,
    findings_of,
    open_stated_file,
    state_finding,
)
from hengjian.scoring.errors import (
    FactError,
    StatementRefusedError,
    StepRefusedError,
    UnknownFindingError,
)

_LARGEST_FORM = MOST_FILES * LARGEST_FILE + 64 * 1024
REFUSED = (StepRefusedError, StatementRefusedError, FactError, FileQuotaError)


def person_of(visitor: Visitor) -> Person:
    """The visitor as the record keeps them."""
    return Person(visitor.name, frozenset(visitor.roles))


def words_of(refused: ToldError) -> Bilingual:
    """Why a step was refused, in both languages."""
    return Text(refused.zh, refused.en)


def read_act(text: str) -> Act:
    """The step that a form asks for.

    Raises:
        BadQuery: there is none of this name.
    """
    try:
        return Act(text)
    except ValueError as unknown:
        raise BadQuery from unknown


@post("/findings/{no:str}/steps", status_code=303)
async def take_decision(
    request: HtmlRequest, site: GivenSite, inspector: GivenVisitor, no: FromPath[str]
) -> Response[str]:
    """One step of a bureau; what is refused comes back with the words that were typed."""
    form = await session_form(site, request)
    act, reason = read_act(str(form.get("act", ""))), str(form.get("reason", ""))
    until: date | None = read_day(str(form.get("until", "")).strip())
    claim = read_claim(form)
    try:
        appeal, focus = await _on_appeal(site, inspector, no, act, claim)
        async with site.database.write(inspector.caller, focus=focus) as session:
            by = person_of(inspector)
            await decide_finding(session, no, act, by=by, reason=reason, until=until, now=site.now(), appeal=appeal)
    except UnknownFindingError as missing:
        raise PageMissing from missing
    except REFUSED as refused:
        return await finding_answer(request, site, inspector, no, problem=words_of(refused), kept=reason, claim=claim)
    return _back(no)


async def _on_appeal(
    site: Site, inspector: Visitor, no: str, act: Act, claim: Claim
) -> tuple[OnAppeal | None, UUID | None]:
    """What a step on appeal needs, and whose registers are read to judge again."""
    if act is Act.PROPOSE_AMEND:
        return OnAppeal(site.lawbook, contested_by(replace(claim, contest=FACT))), None
    if act not in ON_APPEAL:
        return None, None
    async with site.database.read(inspector.caller) as session:
        found = (await findings_of(session, [no])).get(no)
    return OnAppeal(site.lawbook), found.tenant_id if found else None


@post("/findings/{no:str}/statements", status_code=303, request_max_body_size=_LARGEST_FORM)
async def take_statement(
    request: HtmlRequest, site: GivenSite, member: GivenVisitor, no: FromPath[str]
) -> Response[str]:
    """A statement or an objection with its files."""
    form = await session_form(site, request)
    text = str(form.get("text", ""))
    files = [one for one in form.getall("files", []) if isinstance(one, UploadFile) and one.filename]
    claim = read_claim(form)
    given = [Attachment(one.filename, await one.read()) for one in files]
    try:
        against: bool | Appeal = form.get("act") == Act.OBJECT
        if form.get("act") == Act.APPEAL:
            against = Appeal(contested_by(claim))
        async with site.database.write(member.caller) as session:
            await state_finding(
                session,
                no,
                by=person_of(member),
                text=text,
                objection=against,
                files=given,
                room=site.files,
                now=site.now(),
            )
    except UnknownFindingError as missing:
        raise PageMissing from missing
    except REFUSED as refused:
        return await finding_answer(request, site, member, no, problem=words_of(refused), kept=text, claim=claim)
    return _back(no)


@get("/findings/{no:str}/files/{sha256:str}")
async def download_stated_file(
    site: GivenSite, visitor: GivenVisitor, no: FromPath[str], sha256: FromPath[str]
) -> Response[bytes]:
    """A file that was handed in, as it was; never shown inside our own pages."""
    async with site.database.read(visitor.caller) as session:
        try:
            file, content = await open_stated_file(session, site.objects, no, sha256)
        except UnknownFindingError as missing:
            raise PageMissing from missing
        except (ObjectMissingError, ObjectDamagedError) as damaged:
            raise PageError from damaged
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"}
    return Response(content, media_type="application/octet-stream", headers=headers)


def _back(no: str) -> Response[str]:
    return Redirect(f"/findings/{quote(no)}#h-d", status_code=303)
