"""The recordings of a task: what must be seen against what is, the player, the marks, the contents, who looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from hengjian.dashboards.errors import BadQuery, PageMissing
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.guards import session_form
from hengjian.dashboards.language import Bilingual, Text
from hengjian.dashboards.pages.profile import Look, open_profile
from hengjian.dashboards.pages.recording_media import looker_of
from hengjian.dashboards.pages.recording_words import PURPOSES
from hengjian.dashboards.pages.recordings import task_recordings_href
from hengjian.dashboards.pages.task_recordings_opened import task_recordings_page
from hengjian.dashboards.pages.task_recordings_parts import REVIEWER, Seen
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.ingestion.api import (
    ContentList,
    Match,
    RecordingRecord,
    RecordingRefusedError,
    ReviewRefusedError,
    challenges_of,
    closed_to,
    holds_of,
    last_looks,
    lift_hold,
    matches_of,
    open_looks,
    open_recordings,
    people_named,
    place_hold,
    read_recording,
    recordings_of_task,
    review_recording,
    reviews_of,
)
from hengjian.platform.db import ReadSession
from hengjian.scoring.api import TaskCoverage, read_coverage, read_recording_alone
from hengjian.tenants.api import known_organizations

LONGEST_PURPOSE = 200
_PURPOSE_MISSING = Text("请写明其他用途是什么，再调阅。", "Say what the other purpose is, then open the recording.")


@dataclass(frozen=True, slots=True)
class Tried:
    """A form that was not taken: why, and what was typed."""

    problem: Bilingual
    note: str = ""
    ticked: frozenset[str] | None = None
    reason: str | None = None


@get("/orgs/{credit_code:str}/recordings/of/{ref:path}")
async def show_task_recordings(
    request: HtmlRequest, site: GivenSite, visitor: GivenVisitor, credit_code: FromPath[str], ref: FromPath[str]
) -> Response[str]:
    """The recordings of one task."""
    return await _answer(request, site, visitor, credit_code=credit_code, ref=ref.removeprefix("/"))


@get("/orgs/{credit_code:str}/recordings/{recording:uuid}")
async def show_recording(
    request: HtmlRequest, site: GivenSite, visitor: GivenVisitor, credit_code: FromPath[str], recording: FromPath[UUID]
) -> Response[str]:
    """One recording by itself."""
    return await _answer(request, site, visitor, credit_code=credit_code, recording=recording)


@post("/orgs/{credit_code:str}/recordings/{recording:uuid}/looks", status_code=303)
async def take_look(
    request: HtmlRequest, site: GivenSite, visitor: GivenVisitor, credit_code: FromPath[str], recording: FromPath[UUID]
) -> Response[str]:
    """Writes down who looks and what for; from then on the octets are given."""
    form = await session_form(site, request)
    purpose, said = str(form.get("purpose", "")), str(form.get("said", "")).strip()[:LONGEST_PURPOSE]
    if purpose not in PURPOSES:
        raise BadQuery
    look, found = await _recording(request, site, visitor, credit_code=credit_code, recording=recording)
    task = str(form.get("task", ""))
    if purpose == "OTHER" and not said:
        return await _again(request, site, visitor, look, found, task=task, tried=Tried(_PURPOSE_MISSING))
    focus = look.organization.id if visitor.of_bureau else None
    async with site.database.write(visitor.caller, focus=focus) as session:
        await open_recordings(session, [found], name=visitor.name, purpose=f"{purpose} {said}".strip())
    return _back(look, found, task)


@post("/orgs/{credit_code:str}/recordings/{recording:uuid}/reviews", status_code=303)
async def take_review(
    request: HtmlRequest,
    site: GivenSite,
    inspector: GivenVisitor,
    credit_code: FromPath[str],
    recording: FromPath[UUID],
) -> Response[str]:
    """What a reviewer saw in a recording; what is refused comes back with what was typed."""
    form = await session_form(site, request)
    look, found = await _recording(request, site, inspector, credit_code=credit_code, recording=recording)
    if REVIEWER not in inspector.roles:
        raise PageMissing
    try:
        content_list = ContentList(str(form.get("list", "")))
    except ValueError as unknown:
        raise BadQuery from unknown
    seen = frozenset(str(one) for one in form.getall("seen", []))
    note, task = str(form.get("note", "")), str(form.get("task", ""))
    try:
        async with site.database.write(inspector.caller, focus=look.organization.id) as session:
            await review_recording(session, found, content_list, seen=seen, note=note, name=inspector.name)
    except ReviewRefusedError as refused:
        tried = Tried(Text(refused.zh, refused.en), note, seen)
        return await _again(request, site, inspector, look, found, task=task, tried=tried)
    return _back(look, found, task)


@post("/orgs/{credit_code:str}/recordings/{recording:uuid}/holds", status_code=303)
async def take_hold(
    request: HtmlRequest,
    site: GivenSite,
    inspector: GivenVisitor,
    credit_code: FromPath[str],
    recording: FromPath[UUID],
) -> Response[str]:
    """A reviewer keeps a recording beyond its term, or lets the term count again, with a reason."""
    form = await session_form(site, request)
    look, found = await _recording(request, site, inspector, credit_code=credit_code, recording=recording)
    if REVIEWER not in inspector.roles:
        raise PageMissing
    step = {"place": place_hold, "lift": lift_hold}.get(str(form.get("step", "")))
    if step is None:
        raise BadQuery
    reason, task = str(form.get("reason", "")), str(form.get("task", ""))
    try:
        async with site.database.write(inspector.caller, focus=look.organization.id) as session:
            await step(session, found.id, reason=reason, name=inspector.name, now=site.now())
    except RecordingRefusedError as refused:
        tried = Tried(Text(refused.zh, refused.en), reason=reason)
        return await _again(request, site, inspector, look, found, task=task, tried=tried)
    return _back(look, found, task)


async def _recording(
    request: HtmlRequest, site: Site, visitor: Visitor, *, credit_code: str, recording: UUID
) -> tuple[Look, RecordingRecord]:
    """The recording, when the visitor may look into it.

    Raises:
        PageMissing: there is none for this visitor.
    """
    look = await open_profile(request, site, visitor, credit_code)
    async with look.read() as session:
        found = await read_recording(session, look.organization.id, recording)
    if found is None or closed_to(looker_of(visitor), secrecy=found.secrecy, custodian_ref=found.custodian_ref):
        raise PageMissing
    return look, found


def _back(look: Look, found: RecordingRecord, task: str) -> Response[str]:
    alone = f"{look.base}/recordings/{found.id}"
    there = f"{task_recordings_href(look.organization.credit_code, task)}?clip={found.id}" if task else alone
    return Redirect(f"{there}#player", status_code=303)


async def _again(
    request: HtmlRequest, site: Site, visitor: Visitor, look: Look, found: RecordingRecord, *, task: str, tried: Tried
) -> Response[str]:
    code = look.organization.credit_code
    if task:
        return await _answer(request, site, visitor, credit_code=code, ref=task, clip=found.id, tried=tried)
    return await _answer(request, site, visitor, credit_code=code, recording=found.id, tried=tried)


async def _answer(
    request: HtmlRequest,
    site: Site,
    visitor: Visitor,
    *,
    credit_code: str,
    ref: str = "",
    recording: UUID | None = None,
    clip: UUID | None = None,
    tried: Tried | None = None,
) -> Response[str]:
    look = await open_profile(request, site, visitor, credit_code)
    async with look.read() as session:
        coverage, recordings = await _coverage(session, look, ref=ref, recording=recording)
        ids = [one.id for one in recordings]
        tenant = look.organization.id
        matches = await matches_of(session, tenant, ids)
        seen = Seen(
            look=look,
            coverage=coverage,
            recordings=recordings,
            ref=ref,
            names=await people_named(session, tenant, _people(coverage, recordings)),
            matches=matches,
            others=await _others(session, matches),
            challenges=await challenges_of(session, tenant, ref) if ref else (),
            holds=await holds_of(session, tenant, ids),
            reviews=await reviews_of(session, tenant, ids),
            own_looks=await open_looks(session, tenant, ids, now=site.now()),
            looks=await last_looks(session, tenant, ids),
            clip=clip or recording or _uuid(request.query_params.get("clip")),
            at_ms=_milliseconds(request.query_params.get("at")),
            problem=tried.problem if tried else None,
            kept_note=tried.note if tried else "",
            ticked=tried.ticked if tried else None,
            kept_reason=tried.reason if tried else None,
        )
    words = site.templates.words(site.language(request, visitor))
    status = 422 if tried else 200
    return site.show(request, "task_recordings.html", task_recordings_page(seen, words), visitor=visitor, status=status)


async def _coverage(
    session: ReadSession, look: Look, *, ref: str, recording: UUID | None
) -> tuple[TaskCoverage, tuple[RecordingRecord, ...]]:
    """How far the task is recorded, by the rules' own figures, with its recordings; or one recording by itself."""
    tenant = look.organization.id
    if recording is not None:
        found = await read_recording(session, tenant, recording)
        if found is None:
            raise PageMissing
        return await read_recording_alone(session, tenant, found.recording_no), (found,)
    coverage = await read_coverage(session, tenant, ref)
    if coverage is None:
        raise PageMissing
    return coverage, await recordings_of_task(session, tenant, ref, coverage.labels)


def _people(coverage: TaskCoverage, recordings: Sequence[RecordingRecord]) -> set[str]:
    planned = coverage.plan.sampler_refs if coverage.plan else ()
    shown = {ref for one in recordings for ref in (*one.person_refs, one.custodian_ref) if ref}
    return shown | set(planned)


async def _others(session: ReadSession, matches: tuple[Match, ...]) -> dict[UUID, str]:
    """Who else used the footage, for a bureau: names of the organizations it may see."""
    return await known_organizations(session, {one.other_tenant_id for one in matches if one.other_tenant_id})


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise BadQuery from error


def _milliseconds(text: str | None) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise BadQuery
    return int(text)
