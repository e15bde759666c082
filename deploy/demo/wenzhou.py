"""Wenzhou in the demo region: two institutions that record and label by 温环发〔2023〕5号, one tidy, one with stories.

What happens lies in the hours and days before the loading, because the server's time stands beside the devices'. The
moment and the labels are kept in `demo.json`, so that a run that broke off sends the same again.
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from hengjian.deploy.demo.client import AnswerError, Client
from hengjian.deploy.demo.custody import ISSUE, KNOWN
from hengjian.deploy.demo.known import Json, Known
from hengjian.deploy.demo.operator import hengjian
from hengjian.deploy.demo.outings import ARRIVED, ITEMS, KEEPER, SAMPLED, Outing, Site, whole_way
from hengjian.deploy.demo.plans import REGISTERED, Row
from hengjian.deploy.demo.pushing import DOCUMENT
from hengjian.deploy.demo.recording import Sender
from hengjian.platform.calendar import legal_day, start_of_legal_day

CITY = "3303"
TIDY, CARELESS = 17, 18
"""The numbers of the two stories."""
FOUND = frozenset({"V-02", "V-05", "V-10", "S-01", "S-02", "S-03", "S-07", "S-08"})
"""The rules that the careless one is found to have broken; S-07 and S-08 it still breaks, the others on one day."""
ON_ARRIVAL = frozenset({"V-05", "V-10"})
"""Those of them that fall on the day of the loading, on which the films arrive."""
JUDGED_SECONDS = 120
LABELS = 8
_CREW, _OTHER_CREW = ("E-005", "E-006"), ("E-007", "E-013")
_TRAINED = {TIDY: (*_CREW, *_OTHER_CREW), CARELESS: ("E-005", *_OTHER_CREW)}
_SPARE = {TIDY: (False, False, True), CARELESS: (False, False)}
_LEATHER = Site(
    client="瓯海皮革（演示）有限公司", point="废水总排口", city="330304", longitude="120.6502", latitude="28.0120"
)
_DYE = Site(
    client="飞云染整（演示）有限公司", point="车间排口", city="330381", longitude="120.6195", latitude="27.7761"
)
_OFFICE: Row = {"longitude": "120.6721", "latitude": "27.7802", "accuracyM": 20}
"""Five kilometres from the dye works."""
_FINDINGS = "query ($code: String!) { findings(first: 200, creditCode: $code) { nodes { ruleId } } }"
_CHALLENGE = """mutation ($task: String!) {
  issueFieldChallenge(input: {taskRef: $task}) { challenge { qr } userErrors { code messageEn } } }"""


@dataclass(frozen=True, slots=True)
class Institution:
    """One of the two, with its key."""

    number: int
    credit_code: str
    client: Client
    key: str


def enter_wenzhou(
    known: Known, bureau: Client, institutions: tuple[Institution, Institution], *, told: Callable[[str], None]
) -> bool:
    """Send the last days of both institutions unless they are there; whether there was anything to send.

    Args:
        known: keeps the moment and the labels.
        bureau: with the city's key, which issues labels.
        institutions: the tidy one and the careless one.
        told: is told what was refused.

    Raises:
        AnswerError: labels or a recording were refused.
    """
    today = legal_day(datetime.now(UTC))
    for one in institutions:
        _push(one.client, standing_rows(one.number, today), told)
    begun = _begun(known, bureau, institutions)
    if begun is None or "done" in begun:
        return False
    tidy, careless = institutions
    _tell(tidy, begun, told)
    begun.setdefault("challenge", _challenge(tidy))
    known.save()
    for one in institutions:
        sender = Sender(known.base_url, one.key)
        clips = [clip for outing, _ in outings(one.number, begun) for clip in outing.clips]
        sender.wait_until_archived([sender.upload(clip) for clip in clips])
        sender.close()
    _tell(careless, begun, told)
    hengjian("double-claims", "--region", CITY, "--compare")
    hengjian("evaluate", "--organization", careless.credit_code)
    begun["done"] = True
    known.save()
    return True


def judged(bureau: Client, credit_code: str) -> bool:
    """Whether everything that the careless one broke has been found, asked again and again for two minutes."""
    until = time.monotonic() + JUDGED_SECONDS
    while time.monotonic() < until:
        nodes = bureau.ask(_FINDINGS, {"code": credit_code})["findings"]["nodes"]
        if {node["ruleId"] for node in nodes} >= FOUND:
            return True
        time.sleep(0.5)
    return False


def story_month(known: Known) -> str:
    """The month in which most of it happened, as `hengjian report` takes it."""
    return f"{_day_before(datetime.fromisoformat(known.begun['wenzhou']['at'])):%Y-%m}"


def standing_rows(number: int, today: date) -> Iterator[tuple[str, list[Row]]]:
    """What an institution has beside its tasks; its recorders and its store are looked at every Monday."""
    since = REGISTERED.isoformat()
    printers: list[Row] = [
        {
            "sourceRef": f"BZ-{place}",
            "name": "备用打码机" if spare else "便携打码机",
            "spare": spare,
            "validFrom": since,
        }
        for place, spare in enumerate(_SPARE[number], start=1)
    ]
    yield "labelPrinters", printers
    policy: Row = {"sourceRef": "POL-REC", "kind": "ARCHIVES", "title": "录像资料管理与使用制度", "validFrom": since}
    yield "policyDocuments", [policy]
    training: Row = {"topic": "识别标识系统操作培训", "heldOn": "2026-04-10", "passed": True}
    yield "trainings", [{**training, "sourceRef": f"LT-{ref}", "personRef": ref} for ref in _TRAINED[number]]
    monday = today - timedelta(days=today.weekday())
    mondays = [day.isoformat() for day in (monday - timedelta(days=7), monday)]
    yield "recorderChecks", [{"sourceRef": f"RC-{day}", "checkedOn": day, "working": True} for day in mondays]
    room: Row = {"freeDays": 180, "custodianRef": KEEPER}
    yield "storageChecks", [{**room, "sourceRef": f"SC-{day}", "checkedOn": day} for day in mondays]


def outings(number: int, begun: Json) -> Iterator[tuple[Outing, Row]]:
    """The tasks of an institution with their plans, the same every time for what was begun."""
    at = datetime.fromisoformat(begun["at"])
    if number == TIDY:
        yield from _tidy(at, begun)
    else:
        yield from _careless(at, begun)


def _tidy(at: datetime, begun: Json) -> Iterator[tuple[Outing, Row]]:
    labels = begun[str(TIDY)]
    whole = Outing(task=_task(TIDY, 1), begins=at - timedelta(hours=6), site=_LEATHER, crew=_CREW)
    yield whole_way(whole, labels[:2]), whole.plan()
    noise = Outing(task=_task(TIDY, 2), begins=at - timedelta(hours=5), site=_LEATHER, crew=_OTHER_CREW)
    noise.did("ARRIVED", 600)
    noise.did("FIELD_TEST", 900, 960)
    tags = ["PERSON", "POINT", "CALIBRATION", "RESULT", "RAW_RECORD"]
    noise.recorded("SAMPLING", noise.film(895, 970), tags=tags, secrecy="STATE")
    yield noise, noise.plan(origin="FIELD_TEST", equipment=False, minutes=1)
    now = Outing(task=_task(TIDY, 3), begins=at - timedelta(seconds=SAMPLED + 60), site=_LEATHER, crew=_OTHER_CREW)
    ref = now.sample(1, ITEMS[0][0])
    now.did("ARRIVED", ARRIVED)
    now.did("SAMPLING", SAMPLED, SAMPLED + 20)
    now.put_on(labels[2], ref, SAMPLED + 22)
    codes = {(2, 14): str(begun.get("challenge", "")), (20, 44): labels[2]}
    now.recorded("SAMPLING", now.film(SAMPLED - 2, SAMPLED + 48, codes=codes), labelIds=[labels[2]])
    yield now, now.plan(equipment=False, minutes=1)


def _careless(at: datetime, begun: Json) -> Iterator[tuple[Outing, Row]]:
    """Four days ago, in the afternoon: the films were read out later, so that all but one arrive in time."""
    labels, foreign = begun[str(CARELESS)], begun[str(TIDY)][0]
    day = start_of_legal_day(_day_before(at))
    completed = at - timedelta(hours=60)
    first = Outing(
        task=_task(CARELESS, 1),
        begins=day + timedelta(hours=14, minutes=2, seconds=30) - timedelta(seconds=SAMPLED),
        site=_DYE,
        crew=_CREW,
        completed=completed,
    )
    yield whole_way(first, labels[:2], gap=(SAMPLED + 40, SAMPLED + 71), late=True), first.plan()
    second = Outing(
        task=_task(CARELESS, 2), begins=day + timedelta(hours=15), site=_DYE, crew=_OTHER_CREW, completed=completed
    )
    refs = [second.sample(place, ITEMS[place % 2][0]) for place in (1, 2, 3)]
    ahead: Row = {"sampledAt": second.at(SAMPLED), "character": "无色、透明、无异味", **_OFFICE}
    second.labelled("PRINTED", 600, labels[2], refs[2], printerRef="BZ-2", **ahead)
    second.did("ARRIVED", ARRIVED)
    second.did("SAMPLING", SAMPLED, SAMPLED + 60)
    second.put_on(labels[0], refs[0], SAMPLED + 62, printed=False)
    second.put_on(foreign, refs[1], SAMPLED + 72, printed=False)
    second.put_on(labels[2], refs[2], SAMPLED + 82, printed=False)
    second.recorded("SAMPLING", second.film(SAMPLED - 2, SAMPLED + 110))
    second.did("TRANSPORTED", SAMPLED + 300, 8_000, note="样品箱未固定")
    second.labelled("HANDED_OVER", 8_300, labels[2], refs[2], counterpartRef=KEEPER)
    refused: Row = {
        "sealState": "BADLY_BROKEN",
        "timely": True,
        "preserved": True,
        "reason": "运输中瓶盖松动，封口破损严重",
    }
    second.labelled("REFUSED", 8_310, labels[2], refs[2], personRef=KEEPER, **refused)
    second.recorded("HANDOVER", second.film(8_295, 8_320))
    yield second, second.plan(equipment=False, minutes=1)


def _begun(known: Known, bureau: Client, institutions: tuple[Institution, Institution]) -> Json | None:
    """When it was begun and with which labels; None when it is there and the file that told it was lost."""
    begun: Json | None = known.begun.get("wenzhou")
    if begun is not None:
        return begun
    for one in institutions:
        if bureau.ask(KNOWN, {"code": one.credit_code, "ref": _task(one.number, 1)})["monitoringTask"] is not None:
            return None
    begun = {"at": datetime.now(UTC).isoformat(timespec="seconds")}
    for one in institutions:
        issued = bureau.ask(ISSUE, {"code": one.credit_code, "count": LABELS})["issueLabels"]
        if issued["userErrors"]:
            raise AnswerError(f"labels: {issued['userErrors']}")
        begun[str(one.number)] = issued["labelIds"]
    known.begun["wenzhou"] = begun
    known.save()
    return begun


def _rows(outing: Outing, plan: Row) -> Iterator[tuple[str, list[Row]]]:
    yield "monitoringTasks", [plan]
    yield "samples", outing.samples
    yield "fieldEvents", outing.field_events
    yield "labelEvents", outing.label_events


def _challenge(tidy: Institution) -> str:
    """The word that the tidy one shows to its camera, as its QR code holds it."""
    answer = tidy.client.ask(_CHALLENGE, {"task": _task(TIDY, 3)})["issueFieldChallenge"]
    if answer["challenge"] is None:
        raise AnswerError(f"challenge: {answer['userErrors']}")
    word: str = answer["challenge"]["qr"]
    return word


def _tell(one: Institution, begun: Json, told: Callable[[str], None]) -> None:
    for outing, plan in outings(one.number, begun):
        _push(one.client, _rows(outing, plan), told)


def _push(client: Client, batches: Iterator[tuple[str, list[Row]]], told: Callable[[str], None]) -> None:
    for kind, rows in batches:
        if rows:
            name = kind[0].upper() + kind[1:]
            digest = sha256(json.dumps([kind, rows], sort_keys=True).encode()).hexdigest()
            batch = {"idempotencyKey": f"demo-{digest[:32]}", "stream": "custody", "rows": rows}
            answer = client.ask(DOCUMENT.format(name=name), {"input": batch})[f"push{name}"]
            if answer["receipt"] is None or answer["receipt"]["refused"]:
                told(f"{kind}: {answer}")


def _task(number: int, place: int) -> str:
    return f"RW-{number}-{place:03d}"


def _day_before(at: datetime) -> date:
    """The day of the stories: far enough back that nothing of it can still arrive in time."""
    return legal_day(at) - timedelta(days=4)
