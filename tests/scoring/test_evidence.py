"""Recordings and labels judged from what an institution pushes and uploads, and what another city gets: nothing."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.ingestion.api import UploadDesk, UploadLimits
from hengjian.platform.db import Database
from hengjian.platform.objects import Objects
from hengjian.scoring.api import match_claims, read_coverage
from hengjian.scoring.gather_credit import gather_credit
from hengjian.tenants.api import new_label_id
from tests.scoring.recording import (
    CONTENTS,
    DAY,
    HASH,
    LABEL,
    SITE,
    Laboratory,
    a_laboratory,
    field_event,
    in_order,
    label_event,
    push_task,
    record_all,
    sample,
    set_up,
    task,
    told_at,
)
from tests.support.api import api_over


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


async def test_a_task_in_order_has_no_finding(laboratory: Laboratory) -> None:
    """Every stage recorded, every label in order: the pack finds nothing, and says that all is covered."""
    await set_up(laboratory)
    await push_task(laboratory, *in_order(LABEL))
    await laboratory.issue(LABEL)
    await record_all(laboratory)
    assert await laboratory.found() == {}
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
    checks: dict[str, Any] = {"sealState": "MISSING", "timely": True, "preserved": True}
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
    found = await laboratory.found()
    assert found == {
        "V-01": {"T-1"}, "V-02": {"F-3"}, "V-08": {"F-3"}, "V-10": {"R-2"}, "V-14": {"S-1"}, "S-03": {"E-2"},
        "S-04": {"E-8"}, "S-05": {"E-5"}, "S-06": {"S-1"}, "S-09": {LABEL}, "L-11": {"S-1"},
    }  # fmt: skip
    assert await laboratory.counted_under() == {"V-01": {"V-14"}, "V-10": {"V-02"}}
    whole = await laboratory.facts("V-02")
    assert (whole["missing_spans"], whole["covered_ms"]) == (["10:00:03–10:00:07"], 6_000)
    assert "瓯江大桥" in whole["label"]
    assert "T-1" in whole["label"]
    assert (await laboratory.facts("V-01"))["stages_recorded"] == ["EQUIPMENT", "SAMPLING", "HANDOVER", "ANALYSIS"]
    assert (await laboratory.facts("S-05"))["severity"] == "critical"
    assert (await laboratory.facts("V-14"))["missing_spans"] == ["10:01:00–10:01:02"]
    assert await laboratory.units() == {"task:T-1"}
    async with laboratory.database.read(laboratory.job) as session:
        record = (await gather_credit(session, [laboratory.id], since=DAY))[laboratory.id]
    assert [(item.unit.ref, item.city) for item in record.units] == [("task:T-1", "330302")]


async def test_nothing_is_missing_while_it_may_still_arrive(laboratory: Laboratory) -> None:
    """Without any recording nothing is found until 72 hours are over when a day begins; then all of it is."""
    await set_up(laboratory)
    await push_task(laboratory, *in_order(LABEL))
    await laboratory.issue(LABEL)
    assert await laboratory.found(datetime(2026, 5, 9, 4, tzinfo=UTC)) == {}
    found = await laboratory.found(datetime(2026, 5, 10, 4, tzinfo=UTC))
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
    assert await laboratory.found() == {"V-05": {"R-2"}, "V-06": {"R-5"}, "V-07": {"R-3", "R-4"}}
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
    assert await laboratory.found(datetime(2026, 5, 9, 4, tzinfo=UTC)) == {}
    assert await laboratory.found() == {"V-05": {"R-9"}}


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
    found = await laboratory.found()
    assert found["S-02"] == {LABEL}
    assert found["S-01"] == {"S-1", "S-2"}
    assert found["L-11"] == {"S-1"}
    assert (await laboratory.facts("L-11"))["severity"] == "critical"
    assert found["L-12"] == {"S-2"}


async def test_a_label_of_another_institution(laboratory: Laboratory) -> None:
    """Used by both: S-02 for the one to whom it was never issued, nothing for the one whose it is."""
    other = replace(laboratory, sender=await a_laboratory(laboratory.database, "330381"))
    number = new_label_id("330300")
    for one in (laboratory, other):
        await set_up(one)
        await push_task(one, *in_order(number))
    await laboratory.issue(number)
    assert "S-02" not in await other.found()
    await match_claims(laboratory.database, key=b"k" * 32)
    assert "S-02" not in await laboratory.found()
    assert (await other.found())["S-02"] == {number}
    told = await other.facts("S-02")
    assert (told["severity"], told["label_samples"], told["label_used_elsewhere"]) == ("critical", 1, True)
    assert laboratory.sender.organization.name not in str(told)


async def test_what_a_client_brings_begins_at_the_counter(laboratory: Laboratory) -> None:
    """Self-delivered: two stages, no sampling, no entry on site."""
    await set_up(laboratory)
    _, labels = in_order(LABEL)
    await push_task(laboratory, [], [row for row in labels if row["kind"] != "PRINTED"], origin="DELIVERED")
    await laboratory.issue(LABEL)
    await laboratory.record("R-4", "HANDOVER", "14:00:00", 3)
    await laboratory.record("R-5", "ANALYSIS", "14:30:00", 2, purpose="OPEN")
    await laboratory.in_time()
    assert await laboratory.found() == {"V-16": {"S-1"}}
    await laboratory.record("R-6", "ANALYSIS", "15:00:00", 4, purpose="PHOTOMETRY")
    await laboratory.in_time()
    assert await laboratory.found() == {}


async def test_another_city_has_no_such_rules(database: Database, laboratory: Laboratory) -> None:
    """The same faults of an institution of another city, and of a task in another city, are none."""
    await set_up(laboratory)
    field, labels = in_order(LABEL)
    await push_task(laboratory, field, labels, city="330106")
    assert await laboratory.found() == {}
    elsewhere = Laboratory(
        database, laboratory.api, await a_laboratory(database, "330106"), laboratory.desk, laboratory.folder,
        laboratory.owner,
    )  # fmt: skip
    await set_up(elsewhere)
    await push_task(elsewhere, field, labels, city="330106")
    assert await elsewhere.found() == {}


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
    found = await laboratory.found(datetime(2026, 6, 2, 4, tzinfo=UTC))
    assert {rule for rule, subjects in found.items() if subjects == {"3303"}} == {
        "V-11", "V-12", "V-13", "S-07", "S-08",
    }  # fmt: skip
