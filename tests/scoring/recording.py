"""An institution of Wenzhou that samples, labels and records, as tests of its rules need it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.ingestion.api import Archive, Inspector, UploadDesk
from hengjian.platform.db import Caller, Database, sql
from hengjian.scoring.api import LawBook, load_lawbook
from hengjian.scoring.evaluate import evaluate_organization
from hengjian.tenants.domain.kinds import OrganizationKind
from hengjian.tenants.domain.label_ids import new_label_id
from hengjian.tenants.register_organization import NewOrganization, create_organization
from tests.support.api import Api, Sender, with_key
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
        if not rows:
            return
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
        inspector = Inspector(self.desk.database, self.desk.objects)
        await inspector.inspect({"tenant_id": str(self.id), "recording_id": str(found)})

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

    async def found(self, now: datetime = NOW, lawbook: LawBook = LAWBOOK) -> dict[str, set[str]]:
        """By rule of recordings and labels, the subjects of findings that were not corrected away."""
        async with self.database.write(self.job) as session:
            await evaluate_organization(session, self.id, lawbook=lawbook, now=now)
            rows = await session.all(
                sql(
                    "select rule_id, subject from finding where tenant_id = :id and closed_on is distinct from opened_on"
                ),
                {"id": self.id},
            )
        found: dict[str, set[str]] = {}
        for row in rows:
            if row.rule_id[0] in "VS" or row.rule_id in {"L-11", "L-12"}:
                found.setdefault(row.rule_id, set()).add(row.subject)
        return found

    async def counted_under(self) -> dict[str, set[str]]:
        """By rule, the rules of the findings under which its findings count, as the API names both."""
        answer = await self.api.ask(
            self.sender.key, "{ findings(first: 100) { nodes { no ruleId countedIn { ruleId no } } } }"
        )
        nodes = answer["data"]["findings"]["nodes"]
        rules = {node["no"]: node["ruleId"] for node in nodes}
        assert all(rules[one["no"]] == one["ruleId"] for node in nodes for one in node["countedIn"])
        return {node["ruleId"]: {one["ruleId"] for one in node["countedIn"]} for node in nodes if node["countedIn"]}

    async def units(self) -> set[str]:
        """The jobs on which findings of recordings and labels fall."""
        async with self.database.read(self.job) as session:
            rows = await session.all(
                sql("select distinct unit from finding where tenant_id = :id and rule_id ~ '^[VS]-'"), {"id": self.id}
            )
        return {row.unit for row in rows}

    async def facts(self, rule: str) -> dict[str, Any]:
        """The facts of a finding."""
        async with self.database.read(self.job) as session:
            row = await session.first(
                sql("select facts, severity, subject_label from finding where tenant_id = :id and rule_id = :r"),
                {"id": self.id, "r": rule},
            )
        assert row is not None
        return {**row.facts, "severity": row.severity, "label": row.subject_label}


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


LABEL = new_label_id("330300")
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
    checks: dict[str, Any] = {"sealState": "INTACT", "timely": True, "preserved": True}
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
