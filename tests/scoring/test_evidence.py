"""Recordings and labels judged from what an institution pushes and uploads, and what another city gets: nothing."""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.ingestion.api import Archive, UploadDesk, UploadLimits
from hengjian.platform.db import Caller, Database, sql
from hengjian.platform.objects import Objects
from hengjian.scoring.api import load_lawbook, read_coverage
from hengjian.scoring.evaluate import evaluate_organization
from hengjian.tenants.domain.kinds import OrganizationKind
from hengjian.tenants.domain.label_ids import new_label_id
from hengjian.tenants.register_organization import NewOrganization, create_organization
from tests.support.api import Api, Sender, api_over, with_key
from tests.support.clips import RATE, scene, write_clip
from tests.support.people import OPERATOR, credit_code

DAY = date(2026, 5, 6)
NOW = datetime(2026, 5, 12, 4, tzinfo=UTC)
LAWBOOK = load_lawbook()
SITE = {"longitude": "120.700000", "latitude": "28.000000"}
CONTENTS = ["PERSON", "EQUIPMENT_STATE", "SAMPLE_CHARACTER", "SEALING", "LABELLING"]
Row = Mapping[str, Any]


def at(clock: str) -> datetime:
    """A time of the day of the task, Beijing time."""
    return datetime.fromisoformat(f"{DAY}T{clock}+08:00")


def told_at(clock: str) -> str:
    """The same as it is pushed."""
    return at(clock).isoformat()


@dataclass
class Laboratory:
    """An institution, what it pushes and uploads, and what is found of it."""

    database: Database
    api: Api
    sender: Sender
    desk: UploadDesk
    folder: Path
    owner: AsyncConnection

    @property
    def id(self) -> UUID:
        """Its organization."""
        return self.sender.organization.id

    @property
    def job(self) -> Caller:
        """A job of the platform."""
        return Caller(kind="job", tenant_id=self.id, actor="test")

    async def push(self, kind: str, *rows: Row) -> None:
        """Push rows, all of which are taken."""
        payload = await self.api.push(self.sender.key, kind, rows)
        assert payload["receipt"]["refused"] == 0, payload

    async def record(self, number: str, stage: str, begins: str, seconds: int, **about: Any) -> None:
        """Make a film of so many seconds, upload it as a client does, and let the jobs archive and inspect it."""
        missing = about.pop("missing", range(0))
        show = scene(160, 96, seed=len(number) + seconds)
        frames = seconds * RATE
        path = write_clip(
            self.folder / f"{number}.mp4", lambda n: None if n // RATE in missing else show(n), frames=frames
        )
        since = at(begins)
        until = since + timedelta(seconds=seconds)
        described = {
            "recordingNo": number, "stage": stage, "node": "WHOLE", "deviceId": "cam-1", "taskRef": "T-1",
            "startedAt": since.isoformat(), "endedAt": until.isoformat(), "completedAt": until.isoformat(),
            "tags": CONTENTS, **about,
        }  # fmt: skip
        content = path.read_bytes()
        status = await self.desk.begin(
            self.sender.caller,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            about=json.dumps(described).encode(),
        )
        await self.desk.append(self.sender.caller, status.id, offset=0, part=content)
        archive = Archive(self.desk.database, self.desk.objects)
        await archive.archive({"tenant_id": str(self.id), "upload_id": str(status.id)})
        found = await self.owner.scalar(
            text("select id from recording where tenant_id = :t and recording_no = :n"), {"t": self.id, "n": number}
        )
        await archive.inspect({"tenant_id": str(self.id), "recording_id": str(found)})

    async def in_time(self) -> None:
        """As if every recording had arrived an hour after it was made: tests upload when they run."""
        await self.owner.execute(
            text("update recording set archived_at = completed_at + interval '1 hour' where tenant_id = :t"),
            {"t": self.id},
        )
        await self.owner.commit()

    async def issue(self, *labels: str) -> None:
        """As if the bureau had issued these labels to it."""
        for label in labels:
            await self.owner.execute(
                text(
                    "insert into seal_label (tenant_id, region, label_id, issue_id, issued_at, issued_by, issuer) "
                    "values (:t, '330302', :l, gen_random_uuid(), now(), gen_random_uuid(), '试验区生态环境局')"
                ),
                {"t": self.id, "l": label},
            )
        await self.owner.commit()

    async def verdicts(self, now: datetime = NOW) -> dict[str, set[str]]:
        """By rule of recordings and labels, the verdicts of all its findings' days; an open event counts as judged."""
        async with self.database.write(self.job) as session:
            await evaluate_organization(session, self.id, lawbook=LAWBOOK, now=now)
            rows = await session.all(
                sql("select rule_id, subject from finding where tenant_id = :id order by rule_id"), {"id": self.id}
            )
        found: dict[str, set[str]] = {}
        for row in rows:
            if row.rule_id[0] in "VS" or row.rule_id in {"L-11", "L-12"}:
                found.setdefault(row.rule_id, set()).add(row.subject)
        return found

    async def facts(self, rule: str) -> dict[str, Any]:
        """The facts of a finding."""
        async with self.database.read(self.job) as session:
            row = await session.first(
                sql("select facts, severity, subject_label from finding where tenant_id = :id and rule_id = :r"),
                {"id": self.id, "r": rule},
            )
        assert row is not None
        return {**row.facts, "severity": row.severity, "label": row.subject_label}


@pytest.fixture
async def laboratory(
    database: Database, app_url: str, owner: AsyncConnection, tmp_path: Path
) -> AsyncIterator[Laboratory]:
    """An institution of Wenzhou with staff, printers, checks and a policy."""
    made = await a_laboratory(database, "330302")
    objects = Objects(tmp_path.as_uri())
    desk = UploadDesk(database, objects, UploadLimits(file=10_000_000, part=10_000_000, quota=90_000_000))
    async with api_over(app_url) as api:
        yield Laboratory(database, api, made, desk, tmp_path, owner)


async def a_laboratory(database: Database, region: str) -> Sender:
    """An institution at home in a region."""
    new = NewOrganization(
        credit_code=credit_code(), name="试验检测有限公司", kinds=(OrganizationKind.INSTITUTION,), region=region
    )
    async with database.write(OPERATOR) as session:
        return await with_key(database, await create_organization(session, new))


async def set_up(laboratory: Laboratory) -> None:
    """Everything that an institution in order has beside its tasks."""
    person = {"name": "王芳", "hiredOn": "2025-01-06"}
    await laboratory.push("people", *({**person, "sourceRef": ref, "role": "SAMPLER"} for ref in ("P-1", "P-2")))
    training = {"topic": "识别标识系统操作培训", "heldOn": "2026-01-10", "passed": True}
    await laboratory.push(
        "trainings", *({**training, "sourceRef": f"TR-{ref}", "personRef": ref} for ref in ("P-1", "P-2"))
    )
    await laboratory.push(
        "labelPrinters",
        {"sourceRef": "PR-1", "name": "打码机", "spare": False, "validFrom": "2026-01-01"},
        {"sourceRef": "PR-2", "name": "打码机", "spare": True, "validFrom": "2026-01-01"},
    )
    await laboratory.push("recorderChecks", {"sourceRef": "RC-1", "checkedOn": "2026-05-01", "working": True})
    await laboratory.push(
        "storageChecks", {"sourceRef": "SC-1", "checkedOn": "2026-05-01", "freeDays": 90, "custodianRef": "P-1"}
    )
    await laboratory.push(
        "policyDocuments", {"sourceRef": "PD-1", "kind": "ARCHIVES", "title": "档案", "validFrom": "2026-01-01"}
    )


def task(**fields: Any) -> Row:
    """A task on the bank of a river."""
    return {
        "sourceRef": "T-1", "client": "甲厂", "pointName": "瓯江大桥", "city": "330302", "origin": "SAMPLED",
        "plannedOn": str(DAY), "items": ["氨氮"], **SITE, **fields,
    }  # fmt: skip


def sample(ref: str = "S-1", **fields: Any) -> Row:
    """A sample that is kept cold and measured by photometry."""
    return {
        "sourceRef": ref, "taskRef": "T-1", "items": ["氨氮"], "preservation": ["COLD"], "holdingMinutes": 1440,
        "keySteps": ["PHOTOMETRY"], "validFrom": str(DAY), **fields,
    }  # fmt: skip


def field_event(ref: str, kind: str, happened: str, ended: str | None = None, **fields: Any) -> Row:
    """Something that happened on the way of the task."""
    row = {
        "sourceRef": ref, "taskRef": "T-1", "kind": kind, "happenedAt": told_at(happened), "deviceId": "phone-1",
        "personRefs": ["P-1", "P-2"], **SITE, **fields,
    }  # fmt: skip
    return row | ({"endedAt": told_at(ended)} if ended else {})


def label_event(ref: str, kind: str, happened: str, label: str, sample_ref: str = "S-1", **fields: Any) -> Row:
    """Something that happened to a label."""
    return {
        "sourceRef": ref, "labelId": label, "sampleRef": sample_ref, "kind": kind, "happenedAt": told_at(happened),
        "deviceId": "phone-1", "personRef": "P-1", **SITE, **fields,
    }  # fmt: skip


LABEL, OTHER = new_label_id("330300"), new_label_id("330300")
HASH = "a" * 64


def in_order(label: str) -> tuple[list[Row], list[Row]]:
    """Field events and label events of a task on which nothing is wrong."""
    field = [
        field_event("F-1", "EQUIPMENT_ISSUED", "08:00:00", "08:00:04"),
        field_event("F-2", "ARRIVED", "09:00:00"),
        field_event("F-3", "SAMPLING", "10:00:00", "10:00:10"),
        field_event("F-4", "PRESERVED", "10:01:00", "10:01:02", preservation="COLD", sampleRef="S-1"),
        field_event("F-5", "KEY_STEP", "15:00:00", "15:00:03", keyStep="PHOTOMETRY", sampleRef="S-1"),
        field_event("F-6", "CHECKED", "16:00:00"),
    ]
    checks = {"sealState": "INTACT", "timely": True, "preserved": True}
    labels = [
        label_event("E-1", "PRINTED", "10:00:20", label),
        label_event("E-2", "SEALED", "10:00:30", label, sampledAt=told_at("10:00:00"), character="清澈"),
        label_event("E-3", "LABELLED", "10:00:40", label, photoSha256=HASH),
        label_event("E-4", "HANDED_OVER", "14:00:00", label),
        label_event("E-5", "RECEIVED", "14:00:01", label, **checks),
        label_event("E-6", "OPENED", "14:30:00", label, sealState="INTACT"),
        label_event("E-7", "ANALYSED", "15:00:00", label),
    ]
    return field, labels


async def record_all(laboratory: Laboratory) -> None:
    """A recording of every stage."""
    await laboratory.record("R-1", "EQUIPMENT", "07:59:59", 6)
    await laboratory.record("R-2", "SAMPLING", "09:59:59", 12, **SITE)
    await laboratory.record("R-3", "PRESERVATION", "10:00:59", 4, purpose="COLD")
    await laboratory.record("R-4", "HANDOVER", "14:00:00", 3)
    await laboratory.record("R-5", "ANALYSIS", "14:30:00", 2, purpose="OPEN")
    await laboratory.record("R-6", "ANALYSIS", "15:00:00", 4, purpose="PHOTOMETRY")
    await laboratory.in_time()


async def push_task(laboratory: Laboratory, field: list[Row], labels: list[Row], **of_task: Any) -> None:
    """The task with its sample and everything told of it."""
    await laboratory.push("monitoringTasks", task(**of_task))
    await laboratory.push("samples", sample())
    await laboratory.push("fieldEvents", *field)
    await laboratory.push("labelEvents", *labels)


async def test_a_task_in_order_has_no_finding(laboratory: Laboratory) -> None:
    """Every stage recorded, every label in order: the pack finds nothing, and says that all is covered."""
    await set_up(laboratory)
    await push_task(laboratory, *in_order(LABEL))
    await laboratory.issue(LABEL)
    await record_all(laboratory)
    assert await laboratory.verdicts() == {}
    async with laboratory.database.read(laboratory.job) as session:
        found = await read_coverage(session, laboratory.id, "T-1")
        assert await read_coverage(session, laboratory.id, "T-2") is None
    assert found is not None
    assert found.complete, found
    assert [stage.value for stage in found.stages] == [
        "EQUIPMENT", "SAMPLING", "PRESERVATION", "HANDOVER", "ANALYSIS",
    ]  # fmt: skip
    assert [action.event_ref for action in found.actions] == ["F-1", "F-3", "F-4", "E-5", "E-6", "F-5"]


async def test_what_is_wrong_is_found_and_named(laboratory: Laboratory) -> None:
    """One fault a rule, each found by its rule alone, with the missing seconds among the facts and the task named."""
    await set_up(laboratory)
    field, labels = in_order(LABEL)
    checks = {"sealState": "MISSING", "timely": True, "preserved": True}
    labels[4] = label_event("E-5", "RECEIVED", "14:00:01", LABEL, **checks)  # S-05
    labels[2] = label_event("E-3", "LABELLED", "10:00:25", LABEL)  # S-09: before the seal, no photo; L-11
    labels.append(label_event("E-8", "REPRINTED", "10:05:00", LABEL))  # S-04
    labels[1] = {**labels[1], "longitude": "120.760000"}  # S-03: 5.9 km away
    await push_task(laboratory, field, labels)
    await laboratory.issue(LABEL)
    await laboratory.record("R-1", "EQUIPMENT", "07:59:59", 6)
    await laboratory.record("R-2", "SAMPLING", "09:59:59", 12, missing=range(4, 8), tags=CONTENTS[:4], **SITE)
    await laboratory.record("R-4", "HANDOVER", "14:00:00", 3)
    await laboratory.record("R-6", "ANALYSIS", "15:00:00", 4, purpose="PHOTOMETRY")
    await laboratory.in_time()
    found = await laboratory.verdicts()
    assert found == {
        "V-01": {"T-1"}, "V-02": {"F-3"}, "V-08": {"F-3"}, "V-10": {"R-2"}, "V-14": {"S-1"}, "S-03": {"E-2"},
        "S-04": {"E-8"}, "S-05": {"E-5"}, "S-06": {"S-1"}, "S-09": {LABEL}, "L-11": {"S-1"},
    }  # fmt: skip
    whole = await laboratory.facts("V-02")
    assert (whole["missing_spans"], whole["covered_ms"]) == (["10:00:03–10:00:07"], 6_000)
    assert "瓯江大桥" in whole["label"]
    assert "T-1" in whole["label"]
    assert (await laboratory.facts("V-01"))["stages_recorded"] == ["EQUIPMENT", "SAMPLING", "HANDOVER", "ANALYSIS"]
    assert (await laboratory.facts("S-05"))["severity"] == "critical"
    assert (await laboratory.facts("V-14"))["missing_spans"] == ["10:01:00–10:01:02"]


async def test_nothing_is_missing_while_it_may_still_arrive(laboratory: Laboratory) -> None:
    """Without any recording nothing is found until 72 hours are over when a day begins; then all of it is."""
    await set_up(laboratory)
    await push_task(laboratory, *in_order(LABEL))
    await laboratory.issue(LABEL)
    assert await laboratory.verdicts(datetime(2026, 5, 9, 4, tzinfo=UTC)) == {}
    found = await laboratory.verdicts(datetime(2026, 5, 10, 4, tzinfo=UTC))
    assert set(found) == {"V-01", "V-02", "V-14", "V-15", "V-16", "V-17", "S-06"}


async def test_a_recording_archived_late_changed_or_lost(laboratory: Laboratory) -> None:
    """A second beyond 72 hours is late; a hash that differs and a deletion before its time are critical."""
    await set_up(laboratory)
    await push_task(laboratory, *in_order(LABEL))
    await laboratory.issue(LABEL)
    await record_all(laboratory)
    changes = {
        "R-1": "update recording set archived_at = completed_at + interval '72 hours'",
        "R-2": "update recording set archived_at = completed_at + interval '72 hours 1 second'",
        "R-3": "insert into recording_check (tenant_id, region, recording_id, id, at, found, ok) "
        "select tenant_id, region, id, gen_random_uuid(), '2026-05-08T00:00:00Z', 'other', false from recording",
        "R-4": "insert into recording_deletion (tenant_id, region, recording_id, id, at, sha256, because) "
        "select tenant_id, region, id, gen_random_uuid(), '2026-05-09T00:00:00Z', sha256, '' from recording",
        "R-5": "update recording set retention_until = '2036-05-05'",
    }
    for number, change in changes.items():
        where = f"{change} where tenant_id = :t and recording_no = :n"
        await laboratory.owner.execute(text(where), {"t": laboratory.id, "n": number})
    await laboratory.owner.commit()
    assert await laboratory.verdicts() == {"V-05": {"R-2"}, "V-06": {"R-5"}, "V-07": {"R-3", "R-4"}}
    assert (await laboratory.facts("V-07"))["severity"] == "critical"


async def test_an_upload_that_never_ends_is_late(laboratory: Laboratory) -> None:
    """What was begun and is not in the archive after three days is a breach of V-05 until it is."""
    await set_up(laboratory)
    await laboratory.push("monitoringTasks", task())
    about = {
        "recordingNo": "R-9", "stage": "SAMPLING", "node": "WHOLE", "deviceId": "cam-1", "taskRef": "T-1",
        "startedAt": told_at("10:00:00"), "endedAt": told_at("10:05:00"), "completedAt": told_at("10:05:00"),
    }  # fmt: skip
    await laboratory.desk.begin(laboratory.sender.caller, size=10, sha256=HASH, about=json.dumps(about).encode())
    assert await laboratory.verdicts(datetime(2026, 5, 9, 4, tzinfo=UTC)) == {}
    assert await laboratory.verdicts() == {"V-05": {"R-9"}}


async def test_one_label_on_two_samples_and_one_that_was_not_issued(laboratory: Laboratory) -> None:
    """S-02 and S-01; an analysis before the receipt, and after the holding time."""
    await set_up(laboratory)
    field, labels = in_order(LABEL)
    labels[6] = label_event("E-7", "ANALYSED", "13:00:00", LABEL)
    await push_task(laboratory, field, labels)
    await laboratory.push("samples", sample("S-2", preservation=[], keySteps=[], holdingMinutes=60, validFrom=str(DAY)))
    await laboratory.push(
        "labelEvents",
        label_event("E-9", "LABELLED", "10:00:50", LABEL, "S-2", photoSha256=HASH),
        label_event("E-10", "ANALYSED", "15:00:00", LABEL, "S-2"),
    )
    found = await laboratory.verdicts()
    assert found["S-02"] == {LABEL}
    assert found["S-01"] == {"S-1", "S-2"}
    assert found["L-11"] == {"S-1"}
    assert (await laboratory.facts("L-11"))["severity"] == "critical"
    assert found["L-12"] == {"S-2"}


async def test_what_a_client_brings_begins_at_the_counter(laboratory: Laboratory) -> None:
    """Self-delivered: two stages, no sampling, no entry on site."""
    await set_up(laboratory)
    _, labels = in_order(LABEL)
    await push_task(laboratory, [], [row for row in labels if row["kind"] != "PRINTED"], origin="DELIVERED")
    await laboratory.issue(LABEL)
    await laboratory.record("R-4", "HANDOVER", "14:00:00", 3)
    await laboratory.record("R-5", "ANALYSIS", "14:30:00", 2, purpose="OPEN")
    await laboratory.in_time()
    assert await laboratory.verdicts() == {"V-16": {"S-1"}}
    await laboratory.record("R-6", "ANALYSIS", "15:00:00", 4, purpose="PHOTOMETRY")
    await laboratory.in_time()
    async with laboratory.database.write(laboratory.job) as session:
        await evaluate_organization(session, laboratory.id, lawbook=LAWBOOK, now=NOW)
        row = await session.first(
            sql("select count(*) as n from finding where tenant_id = :id and closed_on is null and rule_id = 'V-16'"),
            {"id": laboratory.id},
        )
    assert row is not None


async def test_another_city_has_no_such_rules(database: Database, laboratory: Laboratory) -> None:
    """The same faults of an institution of another city, and of a task in another city, are none."""
    await set_up(laboratory)
    field, labels = in_order(LABEL)
    await push_task(laboratory, field, labels, city="330106")
    assert await laboratory.verdicts() == {}
    elsewhere = Laboratory(
        database, laboratory.api, await a_laboratory(database, "330106"), laboratory.desk, laboratory.folder,
        laboratory.owner,
    )  # fmt: skip
    await set_up(elsewhere)
    await push_task(elsewhere, field, labels, city="330106")
    assert await elsewhere.verdicts() == {}


async def test_means_and_people_of_an_institution(laboratory: Laboratory) -> None:
    """Recorders unchecked for a month, no room, no spare printer, somebody untrained, a custodian who left."""
    await set_up(laboratory)
    await push_task(laboratory, *in_order(LABEL))
    person = {"sourceRef": "P-3", "name": "李强", "role": "SAMPLER", "hiredOn": "2026-05-01"}
    await laboratory.push("people", person)
    await laboratory.push("fieldEvents", field_event("F-9", "SAMPLING", "11:00:00", "11:00:05", personRefs=["P-3"]))
    await laboratory.push(
        "storageChecks", {"sourceRef": "SC-2", "checkedOn": "2026-05-08", "freeDays": 29, "custodianRef": "P-9"}
    )
    found = await laboratory.verdicts(datetime(2026, 6, 2, 4, tzinfo=UTC))
    assert {rule for rule, subjects in found.items() if subjects == {"3303"}} == {
        "V-11", "V-12", "V-13", "S-07", "S-08",
    }  # fmt: skip
