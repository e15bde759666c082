"""Sample pages of a day in the field."""

from dataclasses import replace

from hengjian.dashboards.language import Text
from hengjian.dashboards.pages.field_record import (
    Choice,
    FieldQueuePage,
    FieldTaskPage,
    FieldTasksPage,
    FieldUploadsPage,
    Frame,
    ReceptionPage,
    SampleSteps,
    Step,
    TaskLink,
)
from hengjian.dashboards.pages.recording_words import NODES, STAGES, TAGS
from tests.dashboards.sample_frame import NOW, TODAY

NUMBER = "6501-7KM2-9QXA-4TNB-C"
PEOPLE = (Choice(value="P-1", label="王芳", note="采样人员", chosen=True), Choice(value="P-2", label="<b>李明"))
FRAME = Frame(owner="0198", page="tasks", people=PEOPLE, keep=("/field", "/field/tasks/T-1"))
LINK = TaskLink(
    ref="T-1",
    client="试验化工有限公司",
    point="废水总排口 <b>",
    planned_on=TODAY,
    items="",
    samples=2,
    events=0,
    sampler_refs=("P-1",),
    href="/field/tasks/T-1",
)
STEP = Step(key="ARRIVED T-1", title="到达现场", form="arrive", kind="fieldEvents", event="ARRIVED", task_ref="T-1")


def _sample(forms: dict[str, str]) -> SampleSteps:
    steps = tuple(
        Step(
            key=f"{event} S-1",
            title="样品封口",
            form=form,
            kind="labelEvents",
            event=event,
            sample_ref="S-1",
            label_id=NUMBER,
            on_site=form == "seal",
        )
        for form, event in forms.items()
    )
    kept = replace(STEP, key="PRESERVED S-1 COLD", form="plain", event="PRESERVED", code="COLD", detail="冷藏")
    analysed = replace(STEP, key="KEY_STEP S-1 LOAD", form="lasting", event="KEY_STEP", code="LOAD", done_at=NOW)
    return SampleSteps(
        sample_ref="S-1",
        label_id=NUMBER,
        items="化学需氧量",
        container="玻璃瓶",
        holding_hours="48",
        steps=(*steps, kept, analysed),
    )


def tasks() -> FieldTasksPage:
    return FieldTasksPage(frame=FRAME, today=TODAY, of_today=(LINK,), around=(LINK,))


def nothing() -> FieldTasksPage:
    return FieldTasksPage(frame=replace(FRAME, people=()), today=TODAY, of_today=(), around=())


def task() -> FieldTaskPage:
    forms = {"print": "PRINTED", "seal": "SEALED", "label": "LABELLED"}
    return FieldTaskPage(
        frame=FRAME,
        ref="T-1",
        client="试验化工有限公司",
        client_credit_code="91650100MA77K3X20Q",
        point="废水总排口",
        city=Text("乌鲁木齐市", "Urumqi"),
        position="87.6, 43.8",
        planned_on=TODAY,
        items="化学需氧量",
        samplers="王芳",
        sampling_minutes=10,
        before=(STEP, replace(STEP, form="lasting", on_site=True)),
        samples=(_sample(forms),),
        after=(
            replace(
                STEP, key="HANDED_OVER S-1", form="hand", kind="labelEvents", event="HANDED_OVER", sample_ref="S-1"
            ),
            replace(STEP, form="plain", done_at=NOW),
        ),
        printers=(Choice(value="D-1", label="打码机", note="备用"),),
        labels_href="/orgs/x/labels",
        task_href="/orgs/x/task?ref=T-1",
    )


def reception(*, empty: bool = False) -> ReceptionPage:
    waiting = _sample({"check": "RECEIVED", "open": "OPENED", "analysed": "ANALYSED"})
    return ReceptionPage(frame=FRAME, samples=() if empty else (waiting, replace(waiting, refused=True)))


def uploads() -> FieldUploadsPage:
    return FieldUploadsPage(
        frame=FRAME,
        tasks=(Choice(value="T-1", label="废水总排口", note="2026-11-20"),),
        stages=tuple(STAGES.items()),
        nodes=tuple(NODES.items()),
        purposes=(("COLD", "冷藏"),),
        tags=tuple(TAGS.items()),
    )


def queue() -> FieldQueuePage:
    return FieldQueuePage(frame=FRAME, fields=(("happenedAt", Text("发生时间", "happened")),))
