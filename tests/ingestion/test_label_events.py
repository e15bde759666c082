"""Events of labels and tasks are only added; labels are issued once in the city and nobody reads another's."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.ingestion.api import (
    EntryFault,
    EntryTerms,
    LabelFilter,
    LabelState,
    Misfit,
    label_issues_of,
    label_life_of,
    label_recipient,
    labels_of,
    public_label,
    task_with_samples,
    tasks_of,
)
from hengjian.ingestion.custody.errors import LabelCountError, NotABureauError, NotAnInstitutionError
from hengjian.ingestion.custody.label_numbers import claim_numbers
from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Caller, Database, sql
from hengjian.tenants.api import new_label_id
from tests.support.api import Api, a_sender
from tests.support.custody import a_sample, a_task, an_institution, arrived, issued, told, with_labels

PUBLIC = Caller(kind="public", actor="public")


def codes(payload: dict[str, Any]) -> list[str]:
    """The codes of every problem of a receipt."""
    return [problem["code"] for row in payload["receipt"]["rows"] for problem in row["problems"]]


async def test_the_same_event_again_is_known_and_other_content_is_refused(
    api: Api, database: Database, owner: AsyncConnection
) -> None:
    """A phone may send twice: one row, the first server time; a changed event is refused and nothing changes."""
    one = await with_labels(database)
    event = told(one.labels[0], "PRINTED", "2026-11-20T10:00:00+08:00")
    key = one.sender.key
    assert (await api.push(key, "labelEvents", [event]))["receipt"]["accepted"] == 1
    again = await api.push(key, "labelEvents", [{**event, "happenedAt": "2026-11-20T02:00:00Z", "longitude": "87.60"}])
    assert "EVENT_KNOWN" in codes(again)
    assert again["receipt"]["accepted"] == 1
    for changed in ({"kind": "VOIDED"}, {"happenedAt": "2026-11-20T10:00:01+08:00"}, {"reason": "x"}):
        refused = await api.push(key, "labelEvents", [{**event, **changed}])
        assert "EVENT_RECORDED" in codes(refused)
        assert refused["receipt"]["refused"] == 1
    rows = (
        await owner.execute(
            sql("select kind, recorded_at from label_event_assertion where source_ref = :ref"),
            {"ref": event["sourceRef"]},
        )
    ).all()
    assert [row.kind for row in rows] == ["PRINTED"]


async def test_known_and_new_events_of_one_batch_are_told_apart(api: Api, database: Database) -> None:
    """A queue sent again with one more event adds that one; all-or-nothing refuses both when one was changed."""
    one = await with_labels(database)
    first = told(one.labels[0], "PRINTED", "2026-11-20T10:00:00+08:00")
    second = told(one.labels[0], "SEALED", "2026-11-20T10:05:00+08:00")
    await api.push(one.sender.key, "labelEvents", [first])
    receipt = (await api.push(one.sender.key, "labelEvents", [first, second]))["receipt"]
    assert (receipt["accepted"], receipt["refused"]) == (2, 0)
    third = told(one.labels[0], "LABELLED", "2026-11-20T10:06:00+08:00")
    whole = await api.push(one.sender.key, "labelEvents", [{**second, "reason": "x"}, third], mode="ALL_OR_NOTHING")
    assert whole["receipt"]["refused"] == 2
    async with database.read(one.sender.caller) as session:
        found = await label_life_of(session, one.labels[0])
    assert found is not None
    assert [event.kind.value for event in found.events] == ["PRINTED", "SEALED"]


@pytest.mark.parametrize("change", [{"withdrawn": True}, {"validTo": "2026-11-21"}])
async def test_an_event_is_neither_withdrawn_nor_ended(api: Api, database: Database, change: dict[str, Any]) -> None:
    """Neither a new one nor a known one, of labels or of tasks."""
    one = await with_labels(database)
    for kind, event in (
        ("labelEvents", told(one.labels[0], "PRINTED", "2026-11-20T10:00:00+08:00")),
        ("fieldEvents", arrived("2026-11-20T09:00:00+08:00")),
    ):
        await api.push(one.sender.key, kind, [event])
        assert "EVENT_STAYS" in codes(await api.push(one.sender.key, kind, [{**event, **change}]))


async def test_numbers_are_checked_and_tidied(api: Api, database: Database) -> None:
    """A wrong check character is refused, small letters are forgiven, a label of nobody is warned of, a hash is one."""
    one = await with_labels(database)
    number = one.labels[0]
    wrong = number[:-1] + ("A" if number[-1] != "A" else "B")
    at = "2026-11-20T10:00:00+08:00"
    assert "LABEL_ID_WRONG" in codes(await api.push(one.sender.key, "labelEvents", [told(wrong, "PRINTED", at)]))
    short = told(number, "LABELLED", at, photoSha256="ab")
    assert "HASH_WRONG" in codes(await api.push(one.sender.key, "labelEvents", [short]))
    strange = told("3303-0000-0000-0000-T", "PRINTED", at)
    assert "LABEL_NOT_ISSUED" in codes(await api.push(one.sender.key, "labelEvents", [strange]))
    sloppy = told(number.lower().replace("-", ""), "PRINTED", at)
    payload = await api.push(one.sender.key, "labelEvents", [sloppy])
    assert "LABEL_NOT_ISSUED" not in codes(payload)
    async with database.read(one.sender.caller) as session:
        found = await label_life_of(session, number)
    assert found is not None
    assert found.life.prints == 1


@pytest.mark.parametrize("seal", ["BADLY_BROKEN", "MISSING"])
async def test_a_sample_received_with_a_broken_seal_stands_as_refused(api: Api, database: Database, seal: str) -> None:
    """It is recorded, the receipt warns, and nothing later makes it a good sample (附件2 第九条)."""
    one = await with_labels(database)
    number = one.labels[0]
    steps = ["PRINTED", "SEALED", "LABELLED", "HANDED_OVER"]
    events = [told(number, kind, f"2026-11-20T10:0{place}:00+08:00") for place, kind in enumerate(steps)]
    received = told(number, "RECEIVED", "2026-11-20T12:00:00+08:00", sealState=seal, timely=True, preserved=True)
    payload = await api.push(one.sender.key, "labelEvents", [*events, received])
    assert "SEAL_UNACCEPTABLE" in codes(payload)
    assert payload["receipt"]["accepted"] == 5
    await api.push(one.sender.key, "labelEvents", [told(number, "ANALYSED", "2026-11-20T13:00:00+08:00")])
    async with database.read(one.sender.caller) as session:
        found = await label_life_of(session, number)
    assert found is not None
    assert found.state is LabelState.REFUSED
    assert found.events[4].misfits == (Misfit.BROKEN_ACCEPTED,)
    assert found.events[5].misfits == (Misfit.AFTER_REFUSAL,)


async def test_a_task_is_told_with_samples_labels_and_faults(api: Api, database: Database) -> None:
    """Everything of the task and nothing of another; an entry before arrival and one far away are named."""
    one = await with_labels(database)
    key, (good, bad, _) = one.sender.key, one.labels
    await api.push(key, "monitoringTasks", [a_task(), a_task("T-2")])
    await api.push(key, "samples", [a_sample(), a_sample("S-2"), a_sample("S-9", "T-2")])
    await api.push(key, "fieldEvents", [arrived("2026-11-20T10:00:00+08:00"), arrived("2026-11-20T01:00:00Z", "T-2")])
    await api.push(
        key,
        "labelEvents",
        [
            told(good, "SEALED", "2026-11-20T10:00:00+08:00"),
            told(bad, "SEALED", "2026-11-20T09:59:59+08:00", "S-2", longitude="87.6600"),
        ],
    )
    async with database.read(one.sender.caller) as session:
        task = await task_with_samples(session, one.organization.id, "T-1")
        lines, total = await tasks_of(session, one.organization.id, limit=1)
    assert task is not None
    assert [(sample.source_ref, len(sample.labels)) for sample in task.samples] == [("S-1", 1), ("S-2", 1)]
    assert len(task.field_events) == 1
    refs = {event.label_id: event.source_ref for event in task.label_events}
    terms = EntryTerms(within_m=300, clock_ahead=timedelta(minutes=2))
    faults = task.faults(lambda _day: terms)
    assert task.faults(lambda _day: None) == {}
    assert set(faults[refs[bad]]) >= {EntryFault.ENTERED_BEFORE_ARRIVAL, EntryFault.ENTERED_OFF_SITE}
    assert not {EntryFault.ENTERED_BEFORE_ARRIVAL, EntryFault.ENTERED_OFF_SITE} & set(faults.get(refs[good], ()))
    assert (total, len(lines)) == (2, 1)


async def test_nobody_reads_another_institutions_labels(api: Api, database: Database) -> None:
    """Another institution of the county and another city's bureau find nothing; the own bureau finds it."""
    one, other = await with_labels(database), await with_labels(database)
    elsewhere = await with_labels(database, region="650202")
    await api.push(one.sender.key, "monitoringTasks", [a_task()])
    number, tenant = one.labels[0], one.organization.id
    for stranger in (other.sender.caller, elsewhere.bureau.caller):
        async with database.read(stranger) as session:
            assert await label_life_of(session, number) is None
            assert await label_life_of(session, number, tenant_id=tenant) is None
            assert await labels_of(session, tenant, LabelFilter(), limit=9) == ((), 0)
            assert await task_with_samples(session, tenant, "T-1") is None
            assert await label_issues_of(session, tenant) == ()
    async with database.read(one.bureau.caller) as session:
        assert await label_life_of(session, number) is not None
        assert (await labels_of(session, tenant, LabelFilter(), limit=2))[1] == 3


async def test_a_number_that_another_institution_has_is_drawn_again(database: Database, owner: AsyncConnection) -> None:
    """Uniqueness in the city does not rest on chance alone: a drawn number that exists is not given a second time."""
    one = await with_labels(database, 2)
    other = await an_institution(database)
    drawn = iter([one.labels[0], one.labels[1], *(await issued(database, one.bureau.caller, other, 1)), None])

    def draw(city: str) -> str:
        return next(drawn, None) or new_label_id(city)

    now = (await owner.execute(sql("select now()"))).scalar_one()
    async with database.write(one.bureau.caller) as session:
        claimed = await claim_numbers(session, "6501", 2, tenant_id=other.id, region="650102", now=now, draw=draw)
    assert len(set(claimed)) == 2
    assert not set(claimed) & set(one.labels)


async def test_labels_are_issued_by_a_bureau_to_an_institution_of_its_region(
    database: Database, owner: AsyncConnection
) -> None:
    """Not by an institution, not to a contractor, not elsewhere, not 0 or 5,001; what is issued is audited and logged."""
    one = await with_labels(database, 3)
    contractor = (await a_sender(database)).organization
    elsewhere = await an_institution(database, "650202")
    with pytest.raises(NotABureauError):
        await issued(database, one.sender.caller, one.organization, 1)
    with pytest.raises(NotAnInstitutionError):
        await issued(database, one.bureau.caller, contractor, 1)
    for count in (0, 5_001):
        with pytest.raises(LabelCountError):
            await issued(database, one.bureau.caller, one.organization, count)
    async with database.read(one.bureau.caller) as session:
        now = (await owner.execute(sql("select now()"))).scalar_one()
        with pytest.raises(NotAnInstitutionError):
            await label_recipient(session, elsewhere.credit_code, on=legal_day(now))
        (issue,) = await label_issues_of(session, one.organization.id)
    assert issue.labels == 3
    trail = await owner.execute(
        sql("select detail from audit where action = 'label.issue' and tenant_id = :id"), {"id": one.organization.id}
    )
    assert [row.detail["count"] for row in trail] == [3]
    leaf = await owner.execute(
        sql("select body from log_queue where kind = 'label.issue' and record_id = :id"), {"id": str(issue.id)}
    )
    assert '"count":3' in leaf.scalar_one()


async def test_the_public_learns_state_and_time_only(api: Api, database: Database) -> None:
    """Anybody may ask for a label they hold; an unknown number is unknown."""
    one = await with_labels(database)
    number = one.labels[0]
    await api.push(one.sender.key, "labelEvents", [told(number, "PRINTED", "2026-11-20T10:00:00+08:00")])
    found = await public_label(database, number, PUBLIC)
    assert found is not None
    assert (found.city, found.state) == ("6501", LabelState.PRINTED)
    assert await public_label(database, "3303-0000-0000-0000-T", PUBLIC) is None
    with pytest.raises(DBAPIError, match="permission denied"):
        async with database.read(PUBLIC) as session:
            await label_life_of(session, number)
