"""Coverage as the rules see it, through the database, against counting second by second over the rows."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.ingestion.api import milliseconds, told
from hengjian.platform.db import Caller, Database
from hengjian.platform.ids import uuid7
from hengjian.scoring.api import read_coverage
from hengjian.scoring.evidence.gather import EvidenceTerms, gather_evidence

BEGIN = datetime(2026, 5, 6, 2, tzinfo=UTC)
TODAY = date(2026, 5, 20)
TERMS = EvidenceTerms(archive_hours=(72,), check_days=(30,), hours_in=lambda _: 72)


class Film(NamedTuple):
    """A recording as drawn: seconds after the beginning, what is missing inside, what the file holds, its clock."""

    since: int
    length: int
    gap: tuple[int, int]
    holds: int
    camera: int
    inspected: bool


films = st.lists(
    st.builds(
        Film,
        since=st.integers(-30, 60),
        length=st.integers(1, 60),
        gap=st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: (min(pair), max(pair))),
        holds=st.integers(0, 60),
        camera=st.integers(0, 1),
        inspected=st.booleans(),
    ),
    max_size=5,
)


def seconds_shown(films: Sequence[Film], ahead: Sequence[int]) -> set[int]:
    """Every second after the beginning of which some film has pictures, one by one."""
    shown = set()
    for film in films:
        for second in range(film.length):
            here = not film.inspected or (second < film.holds and not film.gap[0] <= second < film.gap[1])
            if here:
                shown.add(film.since + second - ahead[film.camera])
    return shown


async def put(owner: AsyncConnection, tenant: UUID, films: Sequence[Film], length: int, ahead: Sequence[int]) -> None:
    """The rows of a task with one sampling, its recordings, and messages that tell how wrong the clocks are."""
    head = "tenant_id, region, source_ref, valid_from, valid_until, recorded_at, batch_id, row_index"
    same = {"t": tenant, "day": BEGIN.date(), "end": date(9999, 12, 31), "at": BEGIN}

    async def insert(table: str, columns: str, values: str, **bound: Any) -> None:
        statement = f"insert into {table} ({head}, {columns}) values (:t, '330302', :ref, :day, :end, :at, gen_random_uuid(), 0, {values})"
        await owner.execute(text(statement), {**same, **bound})

    await insert(
        "monitoring_task", "client, point_name, city, origin, planned_on, items, sampler_refs, equipment_used",
        "'甲厂', '瓯江大桥', '330302', 'SAMPLED', :day, '{}', '{}', false", ref="T",
    )  # fmt: skip
    await insert(
        "field_event", "task_ref, kind, happened_at, ended_at, person_refs", "'T', 'SAMPLING', :at, :until, '{}'",
        ref="F", until=BEGIN + timedelta(seconds=length),
    )  # fmt: skip
    for camera, seconds in enumerate(ahead):
        await insert(
            "field_event", "task_ref, kind, happened_at, person_refs, device_id", "'other', 'ARRIVED', :told, '{}', :dev",
            ref=f"C{camera}", told=BEGIN + timedelta(seconds=seconds), dev=f"cam-{camera}",
        )  # fmt: skip
    for number, film in enumerate(films):
        await _put_film(owner, tenant, number, film)


async def _put_film(owner: AsyncConnection, tenant: UUID, number: int, film: Film) -> None:
    since = BEGIN + timedelta(seconds=film.since)
    until = since + timedelta(seconds=film.length)
    identity = uuid7()
    await owner.execute(
        text(
            "insert into recording (tenant_id, region, id, recording_no, task_ref, label_ids, stage, node, device_id, "
            "person_refs, tags, started_at, ended_at, completed_at, archived_at, sha256, size, object_path, note, "
            "retention_until, secrecy, archived_by) values (:t, '330302', :id, :no, 'T', '{}', 'SAMPLING', 'WHOLE', "
            ":dev, '{}', '{}', :since, :until, :until, :late, '', 1, '', '', '2036-05-06', 'NORMAL', '')"
        ),
        {
            "t": tenant, "id": identity, "no": f"R{number}", "dev": f"cam-{film.camera}", "since": since,
            "until": until, "late": until + timedelta(hours=1),
        },
    )  # fmt: skip
    if film.inspected:
        report = (
            f'{{"problems": [], "duration_ms": {film.holds * 1000}, '
            f'"gaps": [[{film.gap[0] * 1000}, {film.gap[1] * 1000}]]}}'
        )
        await owner.execute(
            text(
                "insert into recording_inspection (tenant_id, region, recording_id, id, at, report) "
                "values (:t, '330302', :r, :id, :at, cast(:report as jsonb))"
            ),
            {"t": tenant, "r": identity, "id": uuid7(), "at": BEGIN, "report": report},
        )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(films=films, length=st.integers(1, 60), ahead=st.tuples(st.integers(-20, 20), st.integers(-20, 20)))
async def test_coverage_through_sql_is_counting_seconds(
    database: Database, owner: AsyncConnection, films: list[Film], length: int, ahead: tuple[int, int]
) -> None:
    """What is recorded and what is missing is what counting each second over the drawn rows gives."""
    tenant = uuid4()
    await put(owner, tenant, films, length, ahead)
    await owner.commit()
    caller = Caller(kind="job", tenant_id=tenant, actor="test")
    async with database.read(caller) as session:
        gathered = await gather_evidence(session, {tenant: frozenset({"3303"})}, [date(2025, 5, 1), TODAY], terms=TERMS)
        coverage = await read_coverage(session, tenant, "T")
    # A clock that is behind cannot be told from a message that came late, so only one that is ahead is set right.
    shown = seconds_shown(films, [max(0, seconds) for seconds in ahead])
    seconds = set(range(length))
    action = next(one for one in gathered[tenant] if one.kind == "sampling_action")
    facts = next(iter(action.by_day.values()))
    assert (facts["action_ms"], facts["covered_ms"]) == (length * 1000, len(seconds & shown) * 1000)
    assert facts["nodes_recorded"] == tuple(
        name for name, second in (("START", 0), ("END", length - 1)) if second in shown
    )
    assert coverage is not None
    begun = milliseconds(BEGIN)
    missing = {
        second
        for span in coverage.actions[0].missing
        for second in range((span.since - begun) // 1000, (span.until - begun) // 1000)
    }
    assert missing == seconds - shown
    assert facts["missing_spans"] == tuple(told(span) for span in coverage.actions[0].missing)
