"""The phone pages of a day in the field: they open without a network, and what is entered waits on the phone."""

from datetime import timedelta
from urllib.parse import quote
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from hengjian.dashboards.errors import PageForbidden, PageMissing
from hengjian.dashboards.formats import day
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.labels import CHOICES
from hengjian.dashboards.language import Text, Words
from hengjian.dashboards.pages.field_push import FIELD_KINDS, owner_of
from hengjian.dashboards.pages.field_record import (
    Choice,
    FieldQueuePage,
    FieldTaskPage,
    FieldTasksPage,
    FieldUploadsPage,
    Frame,
    ReceptionPage,
    TaskLink,
)
from hengjian.dashboards.pages.field_steps import counter_steps, sample_steps, steps_after, steps_before
from hengjian.dashboards.pages.recording_words import DEEDS, NODES, STAGES, TAGS
from hengjian.dashboards.places import region_name
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.ingestion.api import (
    Purpose,
    TaskLine,
    TaskRecord,
    labels_at_the_counter,
    task_with_samples,
    tasks_between,
)
from hengjian.platform.db import ReadSession
from hengjian.tenants.api import BY_KIND, read_register, shown_fields

_BACK, _AHEAD = timedelta(days=7), timedelta(days=1)
_AT_THE_COUNTER = timedelta(days=60)
_MOST = 500
ALWAYS_KEPT = ("/field", "/field/reception", "/field/queue", "/field/uploads")


@get("/field")
async def show_field_tasks(request: HtmlRequest, site: GivenSite, member: GivenVisitor) -> Response[str]:
    """The tasks of today, and what is left of the week before; each task's page is kept for later."""
    words = site.templates.words(site.language(request, member))
    async with site.database.read(member.caller) as session:
        lines = await tasks_between(session, tenant_of(member), since=site.today - _BACK, until=site.today + _AHEAD)
        people = await _people(session, site, member, words)
    links = tuple(_link(line, words) for line in lines)
    page = FieldTasksPage(
        frame=Frame(
            owner=owner_of(member), page="tasks", people=people, keep=(*ALWAYS_KEPT, *(one.href for one in links))
        ),
        today=site.today,
        of_today=tuple(one for one in links if one.planned_on == site.today),
        around=tuple(one for one in links if one.planned_on != site.today),
    )
    return site.show(request, "field_tasks.html", page, visitor=member)


@get("/field/tasks/{ref:path}")
async def show_field_task(
    request: HtmlRequest, site: GivenSite, member: GivenVisitor, ref: FromPath[str]
) -> Response[str]:
    """One task, step by step."""
    words = site.templates.words(site.language(request, member))
    async with site.database.read(member.caller) as session:
        task = await task_with_samples(session, tenant_of(member), ref.removeprefix("/"))
        if task is None:
            raise PageMissing
        people = await _people(session, site, member, words)
        printers = await _printers(session, site, member, words)
    page = _task_page(site, member, task, people=people, printers=printers, words=words)
    return site.show(request, "field_task.html", page, visitor=member)


@get("/field/reception")
async def show_reception(request: HtmlRequest, site: GivenSite, member: GivenVisitor) -> Response[str]:
    """The laboratory's counter: samples to receive or refuse, to open, to analyse."""
    words = site.templates.words(site.language(request, member))
    async with site.database.read(member.caller) as session:
        found = await labels_at_the_counter(session, tenant_of(member), since=site.now() - _AT_THE_COUNTER)
        people = await _people(session, site, member, words)
    page = ReceptionPage(
        frame=Frame(owner=owner_of(member), page="reception", people=people),
        samples=tuple(counter_steps(one, words) for one in found),
    )
    return site.show(request, "field_reception.html", page, visitor=member)


@get("/field/uploads")
async def show_field_uploads(request: HtmlRequest, site: GivenSite, member: GivenVisitor) -> Response[str]:
    """Recordings from this phone: what they show, and how far they are."""
    words = site.templates.words(site.language(request, member))
    async with site.database.read(member.caller) as session:
        lines = await tasks_between(session, tenant_of(member), since=site.today - _BACK, until=site.today + _AHEAD)
        people = await _people(session, site, member, words)
    page = FieldUploadsPage(
        frame=Frame(owner=owner_of(member), page="uploads", people=people),
        tasks=tuple(
            Choice(value=line.head.source_ref, label=line.head.point_name, note=day(line.head.planned_on))
            for line in lines
        ),
        stages=tuple(STAGES.items()),
        nodes=tuple(NODES.items()),
        purposes=tuple((code, DEEDS[code]) for code in Purpose),
        tags=tuple(TAGS.items()),
    )
    return site.show(request, "field_uploads.html", page, visitor=member)


@get("/field/queue")
async def show_field_queue(request: HtmlRequest, site: GivenSite, member: GivenVisitor) -> Response[str]:
    """What waits on this phone, what was refused, what was sent last."""
    page = FieldQueuePage(
        frame=Frame(owner=owner_of(member), page="queue", people=()),
        fields=tuple(
            (spec.camel, Text(spec.short_zh or spec.zh, spec.short_en or spec.en))
            for spec in {
                spec.camel: spec for kind in sorted(FIELD_KINDS) for spec in shown_fields(BY_KIND[kind])
            }.values()
        ),
    )
    return site.show(request, "field_queue.html", page, visitor=member)


def _task_page(
    site: Site,
    member: Visitor,
    task: TaskRecord,
    *,
    people: tuple[Choice, ...],
    printers: tuple[Choice, ...],
    words: Words,
) -> FieldTaskPage:
    head = task.head
    names = {one.value: one.label for one in people}
    site_known = head.longitude is not None and head.latitude is not None
    return FieldTaskPage(
        frame=Frame(owner=owner_of(member), page="task", people=people),
        ref=head.source_ref,
        client=head.client,
        client_credit_code=head.client_credit_code or "",
        point=head.point_name,
        city=region_name(head.city, site.today),
        position=f"{head.longitude}, {head.latitude}" if site_known else "",
        planned_on=head.planned_on,
        items=words("、").join(head.items),
        samplers=words("、").join(names.get(ref, ref) for ref in head.sampler_refs),
        sampling_minutes=head.sampling_minutes,
        before=steps_before(task),
        samples=tuple(sample_steps(task, sample, words) for sample in task.samples if sample.brought_back),
        after=steps_after(task),
        printers=printers,
        labels_href=f"/orgs/{member.credit_code}/labels",
        task_href=f"/orgs/{member.credit_code}/task?ref={quote(head.source_ref, safe='')}",
    )


def _link(line: TaskLine, words: Words) -> TaskLink:
    head = line.head
    return TaskLink(
        ref=head.source_ref,
        client=head.client,
        point=head.point_name,
        planned_on=head.planned_on,
        items=words("、").join(head.items),
        samples=line.samples,
        events=line.field_events,
        sampler_refs=head.sampler_refs,
        href=f"/field/tasks/{quote(head.source_ref, safe='')}",
    )


async def _people(session: ReadSession, site: Site, member: Visitor, words: Words) -> tuple[Choice, ...]:
    """Who may enter: the people employed today, by name; the one of the account's own name is chosen."""
    records, _ = await read_register(session, "people", tenant_of(member), on=site.today, limit=_MOST)
    names = [spec.name for spec in shown_fields(BY_KIND["people"])]
    rows = {record.source_ref: dict(zip(names, record.values, strict=True)) for record in records}
    same = [ref for ref, row in rows.items() if row["name"] == member.name]
    return tuple(
        Choice(value=ref, label=row["name"], note=words(CHOICES.get(row["role"], "")), chosen=same == [ref])
        for ref, row in sorted(rows.items(), key=lambda one: one[1]["name"])
    )


async def _printers(session: ReadSession, site: Site, member: Visitor, words: Words) -> tuple[Choice, ...]:
    records, _ = await read_register(session, "labelPrinters", tenant_of(member), on=site.today, limit=_MOST)
    names = [spec.name for spec in shown_fields(BY_KIND["labelPrinters"])]
    rows = [(record.source_ref, dict(zip(names, record.values, strict=True))) for record in records]
    return tuple(Choice(value=ref, label=row["name"], note=words("备用") if row["spare"] else "") for ref, row in rows)


def tenant_of(member: Visitor) -> UUID:
    """The organization whose person looks.

    Raises:
        PageForbidden: a bureau's person.
    """
    if member.caller.tenant_id is None:
        raise PageForbidden
    return member.caller.tenant_id
