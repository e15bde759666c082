"""Until the day that a kind of subject names as its next turn, no fact of it moves that time alone does not move."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from hengjian.platform.db import Caller, Database, ReadSession
from hengjian.scoring.domain.contractor_itself import Terms
from hengjian.scoring.domain.contractor_subjects import EVERYTHING as OF_REGISTERS
from hengjian.scoring.domain.facts import FACTS
from hengjian.scoring.domain.subjects import Made, Subject, Wanted
from hengjian.scoring.gather_contractor import gather_contractors
from hengjian.scoring.gather_fieldwork import EVERYTHING as OF_FIELDWORK
from hengjian.scoring.gather_fieldwork import fieldwork, gather_fieldwork
from tests.scoring.domain.test_fieldwork import DAYS, TERMS, registers, span_of
from tests.scoring.test_exact_to_the_day import FIELDWORK, SINCE, rows
from tests.support.people import a_contractor
from tests.support.pushing import push_straight

TODAY = SINCE + timedelta(days=80)
LATER = [TODAY + timedelta(days=n) for n in range(1, 70)]
FEW = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


async def made(session: ReadSession, one: UUID, fixed: list[date], wanted: Wanted) -> Made:
    """The wanted subjects of a contractor and of its work."""
    own = {kind: facts for kind, facts in wanted.items() if kind in OF_REGISTERS}
    work = {kind: facts for kind, facts in wanted.items() if kind in OF_FIELDWORK}
    first = (await gather_contractors(session, {one: Terms(3, (7,))}, fixed, wanted={one: own}))[one]
    second = (await gather_fieldwork(session, [one], fixed, terms=TERMS, wanted={one: work}))[one]
    return Made([*first.subjects, *second.subjects], first.turns | second.turns)


def told(subject: Subject, day: date) -> dict[str, Any] | None:
    """The facts of a day that do not advance with it."""
    facts = subject.by_day.get(day)
    return None if facts is None else {name: value for name, value in facts.items() if not FACTS[name].advances}


def named(subjects: Iterable[Subject]) -> dict[tuple[str, str], Subject]:
    return {(one.kind, one.key): one for one in subjects}


@given(sent=some.lists(rows(more=FIELDWORK), min_size=8, max_size=20))
@FEW
async def test_nothing_moves_before_the_next_turn(database: Database, sent: list[tuple[str, dict[str, Any]]]) -> None:
    """Random registers and work, also rows that begin or end after today: day by day for ten weeks after it."""
    tenant_id = (await a_contractor(database)).id
    for kind, row in sent:
        await push_straight(database, tenant_id, kind, [row])
    everything = {**OF_REGISTERS, **OF_FIELDWORK}
    async with database.read(Caller(kind="job", tenant_id=tenant_id)) as session:
        now = await made(session, tenant_id, [SINCE, TODAY], everything)
        then = named((await made(session, tenant_id, [SINCE, TODAY, *LATER], everything)).subjects)
        alone = {kind: await made(session, tenant_id, [SINCE, TODAY], {kind: everything[kind]}) for kind in everything}
    assert now.turns.keys() == everything.keys()
    for (kind, key), subject in then.items():
        for day in LATER:
            if day < now.turns[kind]:
                assert told(subject, day) == told(subject, TODAY), (kind, key, day)
    for kind, own in alone.items():
        assert (own.subjects, own.turns) == (
            [one for one in now.subjects if one.kind == kind],
            {kind: now.turns[kind]},
        )


@settings(FEW, max_examples=120)
@given(found=registers(), place=some.integers(10, len(DAYS) - 12))
def test_nothing_of_work_moves_before_the_next_turn(found: dict[str, Any], place: int) -> None:
    """Visits, repairs, reports and stops close to today, before and after it: day by day for ten days and more."""
    today, later = DAYS[place], DAYS[place + 1 :]
    now = fieldwork(found, span_of(found, (DAYS[0], today)), terms=TERMS)
    then = fieldwork(found, span_of(found, (DAYS[0], today, *later)), terms=TERMS)
    for (kind, key), subject in named(then.subjects).items():
        for day in later:
            if day < now.turns[kind]:
                assert told(subject, day) == told(subject, today), (kind, key, day)


@given(
    sent=some.lists(rows(), min_size=8, max_size=20),
    facts=some.sets(some.sampled_from(sorted(OF_REGISTERS["contractor"]))),
)
@FEW
async def test_a_fact_alone_is_what_it_is_among_others(
    database: Database, sent: list[tuple[str, dict[str, Any]]], facts: set[str]
) -> None:
    """A contractor made with some of its facts has just these on each day, and reads no more registers than they need."""
    tenant_id = (await a_contractor(database)).id
    for kind, row in sent:
        await push_straight(database, tenant_id, kind, [row])
    days = [SINCE, *(SINCE + timedelta(days=n) for n in range(1, 140))]
    async with database.read(Caller(kind="job", tenant_id=tenant_id)) as session:
        (whole,) = (await made(session, tenant_id, days, {"contractor": OF_REGISTERS["contractor"]})).subjects
        (some_of,) = (await made(session, tenant_id, days, {"contractor": frozenset(facts)})).subjects
    for day in days:
        assert some_of.by_day[day] == {name: whole.by_day[day][name] for name in some_of.by_day[day]}
        assert some_of.by_day[day].keys() == facts
