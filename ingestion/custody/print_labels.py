"""Printing labels: every print is an event of its label, and comes before the file is handed out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row

from hengjian.ingestion.custody.errors import (
    LabelOverError,
    LabelsNotDrawnError,
    NothingToPrintError,
    ReprintReasonError,
)
from hengjian.ingestion.custody.label_faces import LabelFace, label_sheet, label_zpl
from hengjian.ingestion.custody.label_life import LabelState, allowed_events
from hengjian.ingestion.custody.read_custody import labels_by_number, task_with_samples
from hengjian.ingestion.custody.records import LabelRecord, TaskRecord
from hengjian.ingestion.domain.receipts import Push, PushAnswer
from hengjian.ingestion.push import PushRules, push_rows
from hengjian.platform import audit
from hengjian.platform.calendar import LEGAL_ZONE
from hengjian.platform.db import Caller, Database, ReadSession, sql
from hengjian.platform.pdf import PdfError, PdfRenderer
from hengjian.tenants.api import BY_KIND, LabelEventKind, LabelEventRow

MOST_PRINTS = 200
LABEL_PRINT = "label.print"
_STREAM = "labels.print"
_PLANNED = sql("""
    select distinct on (s.source_ref) s.source_ref, s.items, s.container, s.preservation,
           t.client, t.point_name, t.sampler_refs
      from sample s join monitoring_task t on t.tenant_id = s.tenant_id and t.source_ref = s.task_ref
     where s.tenant_id = :tenant and s.source_ref = any(:samples)
     order by s.source_ref, s.valid_from desc, t.valid_from desc
""")


class PrintForm(StrEnum):
    """What a print is for: paper sheets, or a label printer."""

    PDF = "PDF"
    ZPL = "ZPL"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintOrder:
    """Which labels to print, by whom, and for which task.

    Attributes:
        label_ids: 1 to 200 labels that were issued to the organization.
        form: sheets or ZPL.
        person_ref: who prints, by the register of people.
        printer_ref: the printer.
        task_ref: its samples without a label take the new labels one after the other.
        reason: why they are printed again; needed for labels printed before.
    """

    label_ids: tuple[str, ...]
    form: PrintForm
    person_ref: str
    printer_ref: str | None = None
    task_ref: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLabels:
    """The file, and the receipt of the events that tell of it; without a receipt nothing was printed."""

    answer: PushAnswer
    content: bytes = b""
    media_type: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """What printing needs of a deployment."""

    database: Database
    rules: PushRules
    pdf: PdfRenderer
    public_url: str


async def print_labels(printing: Printing, caller: Caller, order: PrintOrder, *, now: datetime) -> PrintedLabels:
    """Make the file and record the prints; the file is handed out only with them.

    Raises:
        NothingToPrintError: no label, too many, or one that is not the organization's.
        ReprintReasonError: one was printed before and no reason is given.
        LabelOverError: one is void or its sample is on its way.
        LabelsNotDrawnError: the sheet could not be drawn; nothing was recorded.
    """
    numbers = tuple(dict.fromkeys(order.label_ids))
    tenant_id = caller.tenant_id
    if not 1 <= len(numbers) <= MOST_PRINTS or tenant_id is None or caller.kind != "member":
        raise NothingToPrintError
    async with printing.database.read(caller) as session:
        labels = await labels_by_number(session, tenant_id, numbers)
        task = await task_with_samples(session, tenant_id, order.task_ref) if order.task_ref else None
        samples = _samples_for(labels, task)
        planned = await _planned(session, tenant_id, samples.values())
    if len(labels) < len(numbers) or any(label.issue_id is None for label in labels):
        raise NothingToPrintError
    rows = [_event(label, samples.get(label.label_id), order, now) for label in labels]
    faces = [_face(printing.public_url, label, samples.get(label.label_id), planned) for label in labels]
    content = await _file(printing, order.form, faces)
    push = Push[LabelEventRow](idempotency_key=f"print-{uuid4()}", stream=_STREAM, rows=rows)
    answer = await push_rows(
        printing.database, caller, BY_KIND["labelEvents"], push, rules=printing.rules, bounds_known=False
    )
    if answer.receipt is None or answer.receipt.refused:
        return PrintedLabels(answer=answer)
    async with printing.database.write(caller) as writer:
        detail = {"labels": len(labels), "form": order.form.value}
        await audit.record(writer, LABEL_PRINT, target=str(answer.receipt.id), detail=detail)
    media = "application/pdf" if order.form is PrintForm.PDF else "text/plain; charset=utf-8"
    name = f"labels-{now.astimezone(LEGAL_ZONE):%Y%m%d-%H%M%S}.{order.form.value.lower()}"
    return PrintedLabels(answer=answer, content=content, media_type=media, name=name)


async def _file(printing: Printing, form: PrintForm, faces: Sequence[LabelFace]) -> bytes:
    if form is PrintForm.ZPL:
        return label_zpl(faces).encode()
    try:
        return (await printing.pdf.render(label_sheet(faces))).pdf
    except PdfError as error:
        raise LabelsNotDrawnError from error


async def _planned(session: ReadSession, tenant_id: UUID, samples: Collection[str]) -> Mapping[str, Row[Any]]:
    """What was planned of samples and their tasks, by the sample's reference."""
    rows = await session.all(_PLANNED, {"tenant": tenant_id, "samples": list(samples)}) if samples else ()
    return {row.source_ref: row for row in rows}


def _samples_for(labels: Sequence[LabelRecord], task: TaskRecord | None) -> dict[str, str]:
    """The sample of each label: the one it is on, else the next of the task that has none."""
    taken = {label.label_id: label.sample_ref for label in labels if label.sample_ref}
    free = [sample.source_ref for sample in (task.samples if task else ()) if sample.brought_back and not sample.labels]
    new = [label.label_id for label in labels if not label.sample_ref]
    return taken | dict(zip(new, free, strict=False))


def _event(label: LabelRecord, sample_ref: str | None, order: PrintOrder, now: datetime) -> LabelEventRow:
    possible = allowed_events(label.state)
    if label.state is LabelState.ISSUED:
        kind = LabelEventKind.PRINTED
    elif LabelEventKind.REPRINTED not in possible:
        raise LabelOverError
    elif not order.reason:
        raise ReprintReasonError
    else:
        kind = LabelEventKind.REPRINTED
    return LabelEventRow(
        source_ref=str(uuid4()),
        label_id=label.label_id,
        sample_ref=sample_ref,
        kind=kind,
        happened_at=now,
        person_ref=order.person_ref,
        printer_ref=order.printer_ref,
        reason=order.reason if kind is LabelEventKind.REPRINTED else None,
    )


_KEPT = {"PRESERVATIVE": "加固定剂", "COLD": "冷藏", "DARK": "避光", "SHOCKPROOF": "防震"}


def _face(public_url: str, label: LabelRecord, sample: str | None, planned: Mapping[str, Row[Any]]) -> LabelFace:
    sampled = next((event.sampled_at for event in reversed(label.events) if event.sampled_at), None)
    face = LabelFace(
        label_id=label.label_id,
        address=f"{public_url.rstrip('/')}/v/{label.label_id}",
        sample=sample or "",
        sampled_at=f"{sampled.astimezone(LEGAL_ZONE):%Y-%m-%d %H:%M}" if sampled else "",
    )
    row = planned.get(sample or "")
    if row is None:
        return face
    return replace(
        face,
        client=row.client,
        point=row.point_name,
        items="、".join(row.items),
        container=row.container or "",
        preservation="、".join(_KEPT[one] for one in row.preservation),
        samplers="、".join(row.sampler_refs),
    )
