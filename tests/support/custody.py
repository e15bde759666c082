"""Institutions with labels and a task, as the tests of custody need them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from hengjian.ingestion.api import issue_labels, label_recipient
from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Caller, Database
from hengjian.tenants.api import KnownOrganization, NewOrganization, OrganizationKind, create_organization
from tests.support.api import Sender, with_key
from tests.support.people import OPERATOR, a_bureau, credit_code

SITE = ("87.6000", "43.8000")


@dataclass(frozen=True)
class Institution:
    """An institution with a key, its bureau with a key, and labels issued by it."""

    sender: Sender
    bureau: Sender
    labels: tuple[str, ...]

    @property
    def organization(self) -> KnownOrganization:
        """The institution."""
        return self.sender.organization


async def an_institution(database: Database, region: str = "650102") -> KnownOrganization:
    """An institution without anything."""
    new = NewOrganization(
        credit_code=credit_code(), name="试验监测有限公司", kinds=(OrganizationKind.INSTITUTION,), region=region
    )
    async with database.write(OPERATOR) as session:
        return await create_organization(session, new)


async def with_labels(database: Database, count: int = 3, region: str = "650102") -> Institution:
    """An institution to which the city's bureau issued labels."""
    sender = await with_key(database, await an_institution(database, region))
    bureau = await with_key(database, await a_bureau(database, region[:4]))
    labels = await issued(database, bureau.caller, sender.organization, count)
    return Institution(sender, bureau, labels)


async def issued(database: Database, bureau: Caller, holder: KnownOrganization, count: int) -> tuple[str, ...]:
    """New labels for an institution."""
    now = datetime.now(UTC)
    async with database.write(bureau, focus=holder.id) as session:
        found = await label_recipient(session, holder.credit_code, on=legal_day(now))
        made = await issue_labels(session, found, count=count, issuer="试验区生态环境局", now=now)
    return made.numbers


def a_task(ref: str = "T-1", **fields: Any) -> dict[str, Any]:
    """A task at the site."""
    return {
        "sourceRef": ref, "client": "试验化工有限公司", "pointName": "废水总排口", "city": "6501",
        "longitude": SITE[0], "latitude": SITE[1], "origin": "SAMPLED", "plannedOn": "2026-11-20",
        "items": ["化学需氧量"], "samplerRefs": ["P-1"], "samplingMinutes": 10, **fields,
    }  # fmt: skip


def a_sample(ref: str = "S-1", task: str = "T-1", **fields: Any) -> dict[str, Any]:
    """A sample of the task."""
    planned = {"validFrom": "2026-11-20", "items": ["化学需氧量"], "container": "玻璃瓶"}
    return {"sourceRef": ref, "taskRef": task, **planned, **fields}


def arrived(at: str, task: str = "T-1", **fields: Any) -> dict[str, Any]:
    """Arrival on site."""
    position = {"longitude": SITE[0], "latitude": SITE[1]}
    return {
        "sourceRef": str(uuid4()), "taskRef": task, "kind": "ARRIVED", "happenedAt": at, "personRefs": ["P-1"],
        **position, **fields,
    }  # fmt: skip


def told(label: str, kind: str, at: str, sample: str = "S-1", **fields: Any) -> dict[str, Any]:
    """One event of a label at the site."""
    return {
        "sourceRef": str(uuid4()), "labelId": label, "sampleRef": sample, "kind": kind, "happenedAt": at,
        "deviceId": "phone-1", "longitude": SITE[0], "latitude": SITE[1], "accuracyM": 10, "personRef": "P-1", **fields,
    }  # fmt: skip
