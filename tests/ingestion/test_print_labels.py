"""Printing: the file says what it should, every print is an event, and nothing else may be printed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hengjian.ingestion.api import LabelState, PrintForm, Printing, PrintOrder, label_life_of, print_labels
from hengjian.ingestion.custody.errors import LabelOverError, NothingToPrintError, ReprintReasonError
from hengjian.ingestion.custody.label_faces import LabelFace, label_sheet, label_zpl
from hengjian.platform.db import Database
from hengjian.platform.pdf import PdfRenderer
from tests.support.api import Api
from tests.support.custody import a_sample, a_task, told, with_labels
from tests.support.pushing import RULES

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
FACE = LabelFace(
    label_id="3303-0000-0000-0000-T",
    address="https://bureau.example/v/3303-0000-0000-0000-T",
    client="试验化工^XZ~JA",
    point="废水总排口",
    sample="S-1",
    items="化学需氧量",
    container="玻璃瓶",
)
EXPECTED = """^XA
^CI28
^PW480
^LL320
^FO12,12^BQN,2,4^FH_^FDMA,https://bureau.example/v/3303-0000-0000-0000-T^FS
^FO190,14^A@N,20,20,E:SIMSUN.TTF^FH_^FD受检 试验化工_5EXZ_7EJA^FS
^FO190,40^A@N,20,20,E:SIMSUN.TTF^FH_^FD点位 废水总排口^FS
^FO190,66^A@N,20,20,E:SIMSUN.TTF^FH_^FD样品 S-1^FS
^FO190,92^A@N,20,20,E:SIMSUN.TTF^FH_^FD项目 化学需氧量^FS
^FO190,118^A@N,20,20,E:SIMSUN.TTF^FH_^FD容器 玻璃瓶^FS
^FO190,144^A@N,20,20,E:SIMSUN.TTF^FH_^FD保存 ＿＿＿＿＿＿^FS
^FO190,170^A@N,20,20,E:SIMSUN.TTF^FH_^FD采样 ＿＿＿＿＿＿^FS
^FO190,196^A@N,20,20,E:SIMSUN.TTF^FH_^FD人员 ＿＿＿＿＿＿^FS
^FO12,260^A0N,34,30^FD3303-0000-0000-0000-T^FS
^XZ
"""


def test_the_printer_gets_exactly_this() -> None:
    """Word for word; what people typed cannot command the printer."""
    assert label_zpl([FACE]) == EXPECTED
    assert label_zpl([FACE, FACE]) == EXPECTED * 2


async def test_a_sheet_holds_twenty_one_labels_however_long_their_words() -> None:
    """Long names are cut, never pushed onto the next label or sheet."""
    long = replace(FACE, client="试" * 200, items="化学需氧量、" * 60, preservation="加固定剂、冷藏、避光、防震")
    async with PdfRenderer() as pdf:
        assert (await pdf.render(label_sheet([long] * 21))).pages == 1
        assert (await pdf.render(label_sheet([long] * 22))).pages == 2


async def test_a_print_and_a_reprint_are_events(api: Api, database: Database) -> None:
    """New labels go to the task's samples in order; a second print needs its reason; both count."""
    one = await with_labels(database)
    await api.push(one.sender.key, "monitoringTasks", [a_task()])
    await api.push(one.sender.key, "samples", [a_sample(), a_sample("S-2"), a_sample("S-3", broughtBack=False)])
    async with PdfRenderer() as pdf:
        printing = Printing(database=database, rules=RULES, pdf=pdf, public_url="https://bureau.example/")
        order = PrintOrder(label_ids=one.labels, form=PrintForm.PDF, person_ref="P-1", task_ref="T-1")
        sheet = await print_labels(printing, one.sender.caller, order, now=NOW)
        assert sheet.content.startswith(b"%PDF")
        again = PrintOrder(label_ids=one.labels[:1], form=PrintForm.ZPL, person_ref="P-1")
        with pytest.raises(ReprintReasonError):
            await print_labels(printing, one.sender.caller, again, now=NOW)
        reasoned = PrintOrder(label_ids=one.labels[:1], form=PrintForm.ZPL, person_ref="P-1", reason="淋湿")
        zpl = await print_labels(printing, one.sender.caller, reasoned, now=NOW)
    assert "试验化工有限公司" in zpl.content.decode()
    assert f"https://bureau.example/v/{one.labels[0]}" in zpl.content.decode()
    async with database.read(one.sender.caller) as session:
        found = [await label_life_of(session, number) for number in one.labels]
    assert [(label.sample_ref, label.life.prints, label.state) for label in found if label] == [
        ("S-1", 2, LabelState.PRINTED),
        ("S-2", 1, LabelState.PRINTED),
        (None, 1, LabelState.PRINTED),
    ]


async def test_only_own_labels_that_are_not_over_are_printed(api: Api, database: Database) -> None:
    """Not another institution's, not a void one, not none; nothing is recorded then."""
    one, other = await with_labels(database), await with_labels(database)
    at = "2026-11-20T10:00:00+08:00"
    await api.push(one.sender.key, "labelEvents", [told(one.labels[1], "VOIDED", at)])
    printing = Printing(database=database, rules=RULES, pdf=PdfRenderer(), public_url="https://bureau.example")
    for labels, refusal in (
        ((other.labels[0],), NothingToPrintError),
        ((), NothingToPrintError),
        ((one.labels[1],), LabelOverError),
    ):
        order = PrintOrder(label_ids=labels, form=PrintForm.ZPL, person_ref="P-1", reason="x")
        with pytest.raises(refusal):
            await print_labels(printing, one.sender.caller, order, now=NOW)
    async with database.read(other.sender.caller) as session:
        found = await label_life_of(session, other.labels[0])
    assert found is not None
    assert found.life.prints == 0
