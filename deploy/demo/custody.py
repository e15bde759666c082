"""The way of three samples in the demo region: labels issued by the city, one sample analysed, one refused, one waiting.

Everything happens in the last hours before the loading, because the server's time stands beside the device's.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from hengjian.deploy.demo.client import Client
from hengjian.deploy.demo.plans import Row
from hengjian.deploy.demo.pushing import DOCUMENT
from hengjian.platform.calendar import legal_day

STORY = 13
"""The institution it happens at."""
TASK = "RW-YS-0001"
SITE: Row = {"longitude": "87.6020", "latitude": "43.8050"}
SAMPLER, CUSTODIAN, ANALYST = "E-005", "E-006", "E-008"
KNOWN = "query ($code: String!, $ref: String!) { monitoringTask(creditCode: $code, ref: $ref) { sourceRef } }"
ISSUE = """mutation ($code: String!, $count: Int!) {
  issueLabels(creditCode: $code, count: $count) { labelIds userErrors { code messageEn } } }"""


def enter_custody(bureau: Client, institution: Client, credit_code: str, *, told: Callable[[str], None]) -> None:
    """Issue labels and send the story, unless it is there; its task is sent last, so that a broken run begins anew."""
    if bureau.ask(KNOWN, {"code": credit_code, "ref": TASK})["monitoringTask"] is not None:
        return
    issued = bureau.ask(ISSUE, {"code": credit_code, "count": 20})["issueLabels"]
    if issued["userErrors"]:
        told(f"labels: {issued['userErrors']}")
        return
    start = datetime.now(UTC) - timedelta(hours=8)
    for kind, rows in story(issued["labelIds"][:3], start):
        name = kind[0].upper() + kind[1:]
        batch = {"idempotencyKey": f"demo-{uuid4()}", "stream": "custody", "rows": rows}
        receipt = institution.ask(DOCUMENT.format(name=name), {"input": batch})[f"push{name}"]["receipt"]
        if receipt is None or receipt["refused"]:
            told(f"{kind}: {receipt}")


def story(labels: list[str], start: datetime) -> list[tuple[str, list[Row]]]:
    """What the institution's program and its phones send, kind by kind; `start` is the way out to the site."""
    day = legal_day(start).isoformat()
    whole, refused, waiting = labels
    printer: Row = {"sourceRef": "BZ-1", "name": "便携打码机", "spare": False, "keeperRef": SAMPLER, "validFrom": day}
    spare: Row = {**printer, "sourceRef": "BZ-2", "name": "备用打码机", "spare": True}
    samples: list[Row] = [
        {
            "sourceRef": f"YP-{number}",
            "taskRef": TASK,
            "items": [item],
            "container": "500 mL 玻璃瓶",
            "preservation": ["PRESERVATIVE", "COLD"],
            "holdingMinutes": 2880,
            "validFrom": day,
        }
        for number, item in enumerate(("化学需氧量", "氨氮", "总磷"), start=1)
    ]
    events = [
        *_sampled(whole, "YP-1", start, 60),
        *_sampled(refused, "YP-2", start, 75),
        *_sampled(waiting, "YP-3", start, 90),
        _event(whole, "YP-1", "RECEIVED", start, 240, sealState="INTACT", timely=True, preserved=True),
        _event(refused, "YP-2", "REFUSED", start, 245, sealState="BADLY_BROKEN", reason="运输中瓶盖松动，封口破损严重"),
        _event(whole, "YP-1", "OPENED", start, 300, personRef=ANALYST, sealState="INTACT"),
        _event(whole, "YP-1", "ANALYSED", start, 360, personRef=ANALYST),
    ]
    task: Row = {
        "sourceRef": TASK,
        "client": "红山纸业（演示）有限公司",
        "pointName": "废水总排口",
        "city": "6501",
        "origin": "SAMPLED",
        "plannedOn": day,
        "items": ["化学需氧量", "氨氮", "总磷"],
        "samplerRefs": [SAMPLER, CUSTODIAN],
        "samplingMinutes": 10,
        **SITE,
    }
    return [
        ("labelPrinters", [printer, spare]),
        ("samples", samples),
        ("fieldEvents", _on_the_way(start)),
        ("labelEvents", events),
        ("monitoringTasks", [task]),
    ]


def _on_the_way(start: datetime) -> list[Row]:
    steps = (
        ("EQUIPMENT_ISSUED", 0, 5),
        ("ARRIVED", 50, None),
        ("SAMPLING", 55, 95),
        ("TRANSPORTED", 110, 235),
        ("EQUIPMENT_RETURNED", 238, None),
    )
    rows: list[Row] = []
    for kind, minute, until in steps:
        at_site = kind in {"ARRIVED", "SAMPLING"}
        ended: Row = {"endedAt": _at(start, until)} if until is not None else {}
        rows.append(
            {
                "sourceRef": str(uuid4()),
                "taskRef": TASK,
                "kind": kind,
                "happenedAt": _at(start, minute),
                "personRefs": [SAMPLER, CUSTODIAN],
                "deviceId": "phone-01",
                **ended,
                **(SITE if at_site else {}),
            }
        )
    return rows


def _sampled(label: str, sample: str, start: datetime, minute: int) -> list[Row]:
    """Printed, sealed, labelled on site, and handed over."""
    sampled: Row = {"sampledAt": _at(start, minute), "character": "无色、透明、无异味", "fixative": "硫酸，pH≤2"}
    return [
        _event(label, sample, "PRINTED", start, minute + 1, printerRef="BZ-1", **sampled),
        _event(label, sample, "SEALED", start, minute + 3, sealMaterial="封口膜"),
        _event(label, sample, "LABELLED", start, minute + 4, **sampled),
        _event(label, sample, "HANDED_OVER", start, 235, counterpartRef=CUSTODIAN),
    ]


def _event(label: str, sample: str, kind: str, start: datetime, minute: int, **more: object) -> Row:
    at_site: Row = {**SITE, "accuracyM": 8} if kind in {"PRINTED", "SEALED", "LABELLED"} else {}
    return {
        "sourceRef": str(uuid4()),
        "labelId": label,
        "sampleRef": sample,
        "kind": kind,
        "happenedAt": _at(start, minute),
        "deviceId": "phone-01",
        "personRef": SAMPLER,
        **at_site,
        **more,
    }


def _at(start: datetime, minute: int) -> str:
    return (start + timedelta(minutes=minute)).isoformat(timespec="seconds")
