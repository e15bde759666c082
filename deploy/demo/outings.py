"""A day out of a monitoring institution, told as its phones and cameras tell it: rows of events, and recordings.

Times are seconds from the moment at which the crew fetches its equipment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from hengjian.deploy.demo.films import Film
from hengjian.deploy.demo.plans import Row
from hengjian.deploy.demo.recording import Clip
from hengjian.platform.calendar import legal_day

ARRIVED, SAMPLED, SAMPLED_UNTIL = 3_000, 3_300, 3_420
CONTENTS = ("PERSON", "EQUIPMENT_STATE", "SAMPLE_CHARACTER", "SEALING", "LABELLING")
CHECKED: Row = {"sealState": "INTACT", "timely": True, "preserved": True}
KEEPER, ANALYST = "E-010", "E-008"
"""Who takes samples at the counter and keeps the recordings, and who analyses."""
ITEMS = (("化学需氧量", "TITRATE"), ("氨氮", "PHOTOMETRY"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A client's point, where it really is none: coordinates in the middle of a river."""

    client: str
    point: str
    city: str
    longitude: str
    latitude: str

    @property
    def position(self) -> Row:
        """Where a phone there is."""
        return {"longitude": self.longitude, "latitude": self.latitude, "accuracyM": 8}


@dataclass(kw_only=True)
class Outing:
    """One task of a crew, filled step by step; `completed` is when its films were read out, their ends unless told."""

    task: str
    begins: datetime
    site: Site
    crew: tuple[str, ...]
    completed: datetime | None = None
    samples: list[Row] = field(default_factory=list)
    field_events: list[Row] = field(default_factory=list)
    label_events: list[Row] = field(default_factory=list)
    clips: list[Clip] = field(default_factory=list)

    def at(self, seconds: int) -> str:
        """A moment of the day."""
        return (self.begins + timedelta(seconds=seconds)).isoformat(timespec="seconds")

    def plan(self, *, origin: str = "SAMPLED", equipment: bool = True, minutes: int = 2) -> Row:
        """The task as planned."""
        return {
            "sourceRef": self.task,
            "client": self.site.client,
            "pointName": self.site.point,
            "city": self.site.city,
            "longitude": self.site.longitude,
            "latitude": self.site.latitude,
            "origin": origin,
            "plannedOn": legal_day(self.begins).isoformat(),
            "items": [item for item, _ in ITEMS] if origin == "SAMPLED" else ["厂界噪声"],
            "samplerRefs": list(self.crew),
            "samplingMinutes": minutes,
            "equipmentUsed": equipment,
        }

    def sample(self, number: int, item: str, **more: object) -> str:
        """Plan a sample; its reference."""
        ref = f"{self.task}-{number}"
        day = legal_day(self.begins).isoformat()
        row: Row = {"sourceRef": ref, "taskRef": self.task, "items": [item], "container": "500 mL 玻璃瓶"}
        self.samples.append({**row, "holdingMinutes": 2880, "validFrom": day, **more})
        return ref

    def did(self, kind: str, since: int, until: int | None = None, **more: object) -> None:
        """Something of the task, on site where it is done there."""
        on_site = self.site.position if kind in {"ARRIVED", "SAMPLING", "FIELD_TEST"} else {}
        ended: Row = {"endedAt": self.at(until)} if until is not None else {}
        row: Row = {"taskRef": self.task, "kind": kind, "happenedAt": self.at(since), "personRefs": list(self.crew)}
        self.field_events.append({**row, **self._event("F", self.field_events), **ended, **on_site, **more})

    def labelled(self, kind: str, at: int, label: str, sample: str, **more: object) -> None:
        """Something of a label, on site while it is sealed and put on."""
        on_site = self.site.position if kind in {"PRINTED", "SEALED", "LABELLED"} else {}
        row: Row = {"labelId": label, "sampleRef": sample, "kind": kind, "happenedAt": self.at(at)}
        who: Row = {"personRef": self.crew[0]}
        self.label_events.append({**row, **self._event("L", self.label_events), **who, **on_site, **more})

    def put_on(self, label: str, sample: str, at: int, *, printed: bool = True) -> None:
        """Printed, sealed, put on and photographed within half a minute."""
        key: Row = {"sampledAt": self.at(SAMPLED), "character": "无色、透明、无异味", "fixative": "硫酸，pH≤2"}
        if printed:
            self.labelled("PRINTED", at, label, sample, printerRef="BZ-1", **key)
        self.labelled("SEALED", at + 10, label, sample, sealMaterial="封口膜")
        photo = sha256(f"{label} {sample}".encode()).hexdigest()
        self.labelled("LABELLED", at + 20, label, sample, photoSha256=photo, **key)

    def film(
        self,
        since: int,
        until: int,
        *,
        gap: tuple[int, int] | None = None,
        codes: Mapping[tuple[int, int], str] | None = None,
    ) -> Film:
        """What a camera shows of a stretch; `gap` in seconds of the day, `codes` in seconds of the film."""
        return Film(
            begins=self.begins + timedelta(seconds=since),
            seconds=until - since,
            gap=None if gap is None else (gap[0] - since, gap[1] - since),
            codes=codes or {},
        )

    def recorded(self, stage: str, film: Film, **more: object) -> None:
        """A recording, with what else is told of it."""
        self.clips.append(
            Clip(
                number=f"{self.task}-V{len(self.clips) + 1}",
                task=self.task,
                stage=stage,
                film=film,
                completed=self.completed,
                people=self.crew,
                tags=CONTENTS if stage == "SAMPLING" else ("PERSON",),
                more={"custodianRef": KEEPER, **more},
            )
        )

    def _event(self, letter: str, before: Sequence[Row]) -> Row:
        return {"sourceRef": f"{self.task}-{letter}{len(before) + 1:02d}", "deviceId": f"phone-{self.crew[0]}"}


def whole_way(
    outing: Outing, labels: Sequence[str], *, gap: tuple[int, int] | None = None, late: bool = False
) -> Outing:
    """Two samples from the equipment room to the reviewed result, every stage recorded.

    Args:
        outing: an empty one.
        labels: two of the institution's own.
        gap: seconds of the day between which the camera on site kept no picture.
        late: the film of the handover was finished on the day itself, whenever it arrives.
    """
    out = outing
    refs = [
        out.sample(number, item, preservation=["PRESERVATIVE", "COLD"], keySteps=["COLLECT", step])
        for number, (item, step) in enumerate(ITEMS, start=1)
    ]
    out.did("EQUIPMENT_ISSUED", 0, 10)
    out.recorded("EQUIPMENT", out.film(-2, 14))
    out.did("ARRIVED", ARRIVED)
    out.did("SAMPLING", SAMPLED, SAMPLED_UNTIL)
    for place, (label, ref) in enumerate(zip(labels, refs, strict=True)):
        out.put_on(label, ref, 3_425 + 10 * place)
    place_of_it: Row = {"longitude": out.site.longitude, "latitude": out.site.latitude}
    out.recorded("SAMPLING", out.film(3_298, 3_488, gap=gap), **place_of_it)
    out.did("PRESERVED", 3_500, 3_510, preservation="PRESERVATIVE")
    out.did("PRESERVED", 3_515, 3_525, preservation="COLD")
    out.recorded("PRESERVATION", out.film(3_498, 3_528))
    out.did("TRANSPORTED", 3_600, 8_700, note="冷藏车，车载冰箱 4 ℃，避光、防震")
    for place, (label, ref) in enumerate(zip(labels, refs, strict=True)):
        out.labelled("HANDED_OVER", 9_000 + 4 * place, label, ref, counterpartRef=KEEPER)
        out.labelled("RECEIVED", 9_010 + 8 * place, label, ref, personRef=KEEPER, **CHECKED)
    finished: Row = {"completedAt": out.at(9_025)} if late else {}
    out.recorded("HANDOVER", out.film(8_995, 9_025), **finished)
    out.did("EQUIPMENT_RETURNED", 9_200, 9_208)
    out.recorded("EQUIPMENT", out.film(9_198, 9_210))
    _analysed(out, labels, refs)
    return out


def _analysed(out: Outing, labels: Sequence[str], refs: Sequence[str]) -> None:
    for place, (label, ref, (_, step)) in enumerate(zip(labels, refs, ITEMS, strict=True)):
        begun = 12_040 + 15 * place
        out.did("KEY_STEP", 12_000 + 6 * place, 12_005 + 6 * place, keyStep="COLLECT", sampleRef=ref)
        out.labelled("OPENED", 12_020 + 6 * place, label, ref, personRef=ANALYST, sealState="INTACT")
        out.did("KEY_STEP", begun, begun + 8, keyStep=step, sampleRef=ref)
        out.labelled("ANALYSED", begun, label, ref, personRef=ANALYST)
    out.recorded("ANALYSIS", out.film(11_998, 12_066))
    out.did("CHECKED", 13_000)
    out.did("REVIEWED", 13_600)
