"""Monitoring tasks of an institution: the list, and one task with plan, samples, labels and everything that happened."""

from collections.abc import Mapping

from litestar import Response, get
from litestar.params import FromPath

from hengjian.dashboards.custody_words import ORIGINS, PRESERVATIONS
from hengjian.dashboards.errors import BadQuery, PageMissing
from hengjian.dashboards.formats import day, number
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.language import Words, mark
from hengjian.dashboards.pages.custody_lines import Beside, field_event_line, label_event_line, label_line, task_href
from hengjian.dashboards.pages.custody_record import SampleLine, TaskEntry, TaskPage, TasksPage
from hengjian.dashboards.pages.organization_record import OrganizationHead
from hengjian.dashboards.pages.profile import Look, open_profile, organization_head, show_tab
from hengjian.dashboards.parts import pager
from hengjian.dashboards.query import read_query
from hengjian.dashboards.site import HtmlRequest
from hengjian.ingestion.api import SampleRecord, TaskHead, TaskRecord, people_named, task_with_samples, tasks_of
from hengjian.scoring.api import entry_terms

_LONGEST_REFERENCE = 200


@get("/orgs/{credit_code:str}/tasks")
async def show_tasks(
    request: HtmlRequest, site: GivenSite, visitor: GivenVisitor, credit_code: FromPath[str]
) -> Response[str]:
    """Tasks, those planned last first; `q` looks in client, point and number."""
    asked = read_query(request)
    text = asked.value("q") or ""
    look = await open_profile(request, site, visitor, credit_code)
    async with look.read() as session:
        found, total = await tasks_of(session, look.organization.id, text=text, limit=asked.size, offset=asked.offset)
        head = await organization_head(session, look, "tasks")
    page = TasksPage(
        head=head,
        text=text,
        lines=tuple(
            TaskEntry(
                reference=one.head.source_ref,
                href=task_href(look, one.head.source_ref),
                client=one.head.client,
                point=one.head.point_name,
                planned_on=one.head.planned_on,
                origin=ORIGINS[one.head.origin],
                samples=one.samples,
                events=one.field_events,
            )
            for one in found
        ),
        pager=pager(asked.path, asked.query, page=asked.page, size=asked.size, total=total),
    )
    return show_tab(request, look, "organization_tasks.html", page)


@get("/orgs/{credit_code:str}/task")
async def show_task(
    request: HtmlRequest, site: GivenSite, visitor: GivenVisitor, credit_code: FromPath[str]
) -> Response[str]:
    """One task by its number, `?ref=`."""
    reference = request.query_params.get("ref", "")
    if not 1 <= len(reference) <= _LONGEST_REFERENCE or "\0" in reference:
        raise BadQuery
    look = await open_profile(request, site, visitor, credit_code)
    async with look.read() as session:
        task = await task_with_samples(session, look.organization.id, reference)
        if task is None:
            raise PageMissing
        names = await people_named(session, look.organization.id, _people(task))
        head = await organization_head(session, look, "tasks")
    words = site.templates.words(site.language(request, visitor))
    return show_tab(request, look, "organization_task.html", _page(look, head, task, names, words))


def _page(look: Look, head: OrganizationHead, task: TaskRecord, names: Mapping[str, str], words: Words) -> TaskPage:
    beside = Beside(task.faults(entry_terms(look.site.lawbook, task.head.city)), task.head.site, names)
    lines = [label_event_line(look, words, event, beside) for event in task.label_events]
    lines += [field_event_line(look, words, event, beside) for event in task.field_events]
    return TaskPage(
        head=head,
        reference=task.head.source_ref,
        client=task.head.client,
        point=task.head.point_name,
        origin=ORIGINS[task.head.origin],
        plan=tuple(_plan(task.head, beside, words)),
        samples=tuple(_sample(look, sample) for sample in task.samples),
        timeline=tuple(sorted(lines, key=lambda line: (line.happened_at, line.recorded_at))),
        troubles=sum(len(line.troubles) for line in lines),
    )


def _people(task: TaskRecord) -> set[str]:
    told = [event.person_ref for event in task.label_events]
    told += [event.counterpart_ref for event in task.label_events if event.counterpart_ref]
    return {*told, *task.head.sampler_refs, *(ref for event in task.field_events for ref in event.person_refs)}


def _plan(head: TaskHead, beside: Beside, words: Words) -> list[tuple[str, str]]:
    site = f"{number(head.longitude)}, {number(head.latitude)}" if head.site else ""
    return [
        (mark("计划日期"), day(head.planned_on)),
        (mark("检测监测项目"), "、".join(head.items)),
        (mark("采样人员"), beside.people(head.sampler_refs, words("、"))),
        (mark("计划采样时长，分钟"), number(head.sampling_minutes) if head.sampling_minutes is not None else ""),
        (mark("点位经纬度"), site),
        (mark("企业代码"), head.client_credit_code or ""),
    ]


def _sample(look: Look, sample: SampleRecord) -> SampleLine:
    return SampleLine(
        reference=sample.source_ref,
        items="、".join(sample.items),
        container=sample.container or "",
        preservation=tuple(PRESERVATIONS[one] for one in sample.preservation),
        labels=tuple(label_line(look, label) for label in sample.labels),
        missing=sample.brought_back and not sample.labels,
    )
