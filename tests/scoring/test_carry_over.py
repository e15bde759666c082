"""What is carried over from one judgement to the next is what a judgement that carries over nothing would say."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some
from sqlalchemy.ext.asyncio import AsyncConnection
from structlog.testing import capture_logs

from hengjian.platform.db import Caller, Database, ReadSession, sql
from hengjian.scoring import carry_over
from hengjian.scoring.api import LawBook, evaluate_slice, load_lawbook
from hengjian.scoring.carried_over import RuleCarriedOver, carried_rule, read_value, write_value
from hengjian.scoring.domain.timeline import stretches
from hengjian.scoring.gather_fieldwork import fieldwork
from hengjian.scoring.jobs import anew_on
from hengjian.scoring.rule_law import rule_laws
from hengjian.tenants.api import BY_KIND
from tests.scoring.domain.test_fieldwork import FIXED, TERMS, registers, span_of
from tests.scoring.test_exact_to_the_day import FIELDWORK, rows
from tests.scoring.test_slices import NOW, decide_on, forget
from tests.scoring.test_slices import kept as kept_with_numbers
from tests.support.people import a_contractor
from tests.support.pushing import push_straight
from tests.support.rows import a_row

BOOK = load_lawbook()
FEW = settings(
    max_examples=8,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def with_rules(change: Callable[[Any], Any]) -> LawBook:
    """The law-book with its rules changed; None takes one out."""
    packs = []
    for pack in BOOK.packs:
        changed = tuple(one for rule in pack.rules if (one := change(rule)) is not None)
        packs.append(replace(pack, rules=changed, version=f"{pack.version}+"))
    return LawBook(packs=tuple(packs), credit_models=BOOK.credit_models)


def other_value(rule_id: str, value: Any, *, since: date) -> LawBook:
    """The law-book by which the first parameter of a rule is another from a day on."""

    def change(rule: Any) -> Any:
        if rule.id != rule_id:
            return rule
        first, *rest = rule.parameters
        *before, last = first.entries
        entries = (*before, replace(last, until=since), replace(last, since=since, value=value))
        return replace(rule, parameters=(replace(first, entries=entries), *rest))

    return with_rules(change)


BOOKS = (
    BOOK,
    other_value("C-02", 90, since=date(2026, 4, 1)),
    other_value("C-05", 1, since=date(2025, 11, 3)),
    other_value("C-07", 1, since=date(2026, 1, 1)),
    with_rules(lambda rule: None if rule.id in {"C-12", "C-23"} else rule),
    with_rules(lambda rule: replace(rule, counted_under=())),
)
Step = tuple[int, int, Sequence[tuple[str, dict[str, Any]]], bool]
STEPS = some.tuples(
    some.sampled_from([0, 0, 1, 1, 2, 9, 35]),
    some.sampled_from(range(len(BOOKS))),
    some.lists(rows(more=FIELDWORK), max_size=3),
    some.sampled_from([False, False, False, True]),
)


async def kept(owner: AsyncConnection, one: UUID) -> list[str]:
    """All that is stored of an organization; the numbers of findings are drawn in turn."""
    return [re.sub(r"WG-\d+-\d+-\d+", "WG", row) for row in await kept_with_numbers(owner, one)]


async def judge(database: Database, one: UUID, *, book: LawBook, now: datetime, anew: bool = False) -> None:
    async with database.write(Caller(kind="slice", tenants=(one, one), actor="test")) as session:
        await evaluate_slice(session, [one], lawbook=book, now=now, anew=[one] if anew else ())


@given(
    first=some.lists(rows(more=FIELDWORK), min_size=6, max_size=14),
    steps=some.lists(STEPS, min_size=3, max_size=6),
)
@FEW
async def test_what_is_carried_over_is_what_would_be_found(
    database: Database, owner: AsyncConnection, first: list[tuple[str, dict[str, Any]]], steps: list[Step]
) -> None:
    """Days pass, the law changes, rows and decisions come: one carries over, its twin does not, and all rows are alike.

    Then nothing that could have been carried over is found to be something else.
    """
    carrying, twin = [(await a_contractor(database)).id for _ in range(2)]
    now = NOW
    for days, law, sent, decided in [(0, 0, first, False), *steps, (1, 0, [], False), (0, 1, [], False)]:
        now += timedelta(days=days)
        for kind, row in sent:
            for one in (carrying, twin):
                await push_straight(database, one, kind, [row])
        if decided:
            for one in (carrying, twin):
                await decide_on(owner, one, ago=20)
        await judge(database, carrying, book=BOOKS[law], now=now)
        await judge(database, twin, book=BOOKS[law], now=now, anew=True)
        assert await kept(owner, carrying) == await kept(owner, twin)
    with capture_logs() as told:
        await judge(database, carrying, book=BOOKS[1], now=now + timedelta(days=1), anew=True)
    assert not [one for one in told if one["event"] == "evaluate.carried_over_wrong"]


Event = Callable[[Database, AsyncConnection, UUID], Any]


def pushed(kind: str, **fields: Any) -> Event:
    """The push of one row."""

    async def push(database: Database, _: AsyncConnection, one: UUID) -> None:
        await push_straight(database, one, kind, [a_row(BY_KIND[kind], "a", **fields)])

    return push


def a_profile(**fields: Any) -> Event:
    """What the organization says of itself anew."""

    async def push(database: Database, owner: AsyncConnection, one: UUID) -> None:
        asked = sql("select credit_code, name from organization where id = :id")
        own = (await owner.execute(asked, {"id": one})).one()
        told = {"creditCode": own.credit_code, "name": own.name, "regionsServed": [], **fields}
        await push_straight(database, one, "organizations", [a_row(BY_KIND["organizations"], "a", **told)])

    return push


def stored(statement: str) -> Event:
    """What somebody decides, as it is stored."""

    async def store(_: Database, owner: AsyncConnection, one: UUID) -> None:
        await owner.execute(sql(statement), {"id": one})

    return store


HIRED = pushed("people", validFrom="2025-06-01", hiredOn="2025-06-01")
SERVED = pushed("points", validFrom="2025-06-01", inServiceFrom="2025-06-01")
SMALL = pushed("offices", validFrom="2024-06-01", areaM2="10")
CERTIFIED = pushed("certificates", validFrom="2025-12-01", personRef="a", issuedOn="2025-12-01", validTo="2026-04-20")
CONFIRM = stored(
    "update finding set state = 'confirmed', confirmed = true, deciders = '{a,b}' where tenant_id = :id and rule_id = 'C-02'"
)
DISMISS = stored("update finding set state = 'dismissed' where tenant_id = :id and rule_id = 'C-02'")
NOVICE = pushed("people", validFrom="2026-02-15", hiredOn="2026-02-15")
OTHER = pushed("certificates", personRef="b")
ELSEWHERE = a_profile(regionsServed=["6502"])
INSPECTED = pushed(
    "visits",
    pointRef="a",
    personRef="a",
    validFrom="2026-04-18",
    startedAt="2026-04-18T02:00:00Z",
    doorEnteredAt="2026-04-18T02:05:00Z",
    endedAt="2026-04-18T03:00:00Z",
    submittedAt="2026-04-18T04:00:00Z",
    reviewedAt="2026-04-18T05:00:00Z",
)
# What there is, what happens, how many days later and by which law-book it is judged then.
TALES: dict[str, tuple[Sequence[Event], Sequence[Event], int, LawBook]] = {
    "another limit": ((SMALL,), (), 0, other_value("C-02", 5, since=date(2026, 1, 1))),
    "another limit of facts": ((NOVICE, OTHER), (), 0, other_value("C-07", 1, since=date(2026, 1, 1))),
    "a rule taken out": ((SMALL,), (), 0, with_rules(lambda rule: None if rule.id == "C-02" else rule)),
    "counted by itself": ((HIRED, OTHER), (), 0, with_rules(lambda rule: replace(rule, counted_under=()))),
    "a row that ends": ((HIRED, CERTIFIED), (), 1, BOOK),
    "a row that begins": ((SMALL, pushed("offices", validFrom="2026-04-21", areaM2="900")), (), 1, BOOK),
    "the next month": ((SMALL, HIRED, SERVED), (), 15, BOOK),
    "a clock": ((SERVED, INSPECTED), (), 1, BOOK),
    "a pledge of today": ((HIRED, pushed("pledges", personRef="a", signedOn="2026-04-20")), (), 1, BOOK),
    "a certificate": ((HIRED,), (CERTIFIED,), 0, BOOK),
    "a visit": ((HIRED, SERVED), (INSPECTED,), 0, BOOK),
    "a stop": ((HIRED, SERVED), (pushed("pointStops", pointRef="a", validFrom="2026-04-01"),), 0, BOOK),
    "a profile": ((HIRED,), (a_profile(businessScope="环境监测"),), 0, BOOK),
    "a confirmation": ((SMALL,), (CONFIRM,), 0, BOOK),
    "a dismissal": ((SMALL,), (DISMISS,), 0, BOOK),
    "another region": ((SMALL, HIRED), (ELSEWHERE,), 0, BOOK),
}


@pytest.mark.parametrize("tale", TALES)
async def test_whatever_matters_is_seen(database: Database, owner: AsyncConnection, tale: str) -> None:
    """One thing happens: who carries over stores what who does not carry over stores, and it is not what it was before."""
    before, then, days, book = TALES[tale]
    carrying, twin = [(await a_contractor(database)).id for _ in range(2)]
    for event in before:
        for one in (carrying, twin):
            await event(database, owner, one)
    await judge(database, carrying, book=BOOK, now=NOW)
    await judge(database, twin, book=BOOK, now=NOW, anew=True)
    first = await kept(owner, carrying)
    for event in then:
        for one in (carrying, twin):
            await event(database, owner, one)
    now = NOW + timedelta(days=days, hours=1)
    await judge(database, carrying, book=book, now=now)
    await judge(database, twin, book=book, now=now, anew=True)
    assert await kept(owner, carrying) == await kept(owner, twin)
    timeless = [
        [row for row in told if not row.startswith("standing")] for told in (first, await kept(owner, carrying))
    ]
    assert timeless[0] != timeless[1]


async def test_the_first_day_judged_moves_on(database: Database, owner: AsyncConnection) -> None:
    """A breach as old as the rule lasts from the first day judged on, which is another one in the next month."""
    carrying, twin = [(await a_contractor(database)).id for _ in range(2)]
    for one in (carrying, twin):
        await SMALL(database, owner, one)
    for days in (0, 15):
        now = NOW.replace(month=11) + timedelta(days=days)
        await judge(database, carrying, book=BOOK, now=now)
        await judge(database, twin, book=BOOK, now=now, anew=True)
        assert await kept(owner, carrying) == await kept(owner, twin)


async def test_what_was_forgotten_is_made_anew(database: Database, owner: AsyncConnection) -> None:
    """Without the digests of what was said nothing is carried over, and every digest stands there again."""
    one = (await a_contractor(database)).id
    for event in (SMALL, HIRED, SERVED):
        await event(database, owner, one)
    await judge(database, one, book=BOOK, now=NOW)
    first = await kept(owner, one)
    await forget(owner, [one])
    await judge(database, one, book=BOOK, now=NOW)
    assert await kept(owner, one) == first


async def test_only_what_a_changed_rule_reads_is_read(
    database: Database, owner: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A larger office is demanded: the register of offices is read, and no other one."""
    one = (await a_contractor(database)).id
    for event in (SMALL, HIRED, SERVED):
        await event(database, owner, one)
    await judge(database, one, book=BOOK, now=NOW)
    asked: list[str] = []
    fetch = ReadSession.fetch_raw

    async def noted(session: ReadSession, statement: str, *values: object) -> list[Any]:
        asked.append(statement)
        return await fetch(session, statement, *values)

    monkeypatch.setattr(ReadSession, "fetch_raw", noted)
    await judge(database, one, book=BOOKS[1], now=NOW)
    tables = {register.table for register in BY_KIND.values()} - {"office"}
    read = {table for table in tables for text in asked if f" from {table} where tenant_id = any($1" in text}
    assert any(" from office where" in text for text in asked)
    assert not read - {"device_failure"}


async def test_other_code_carries_over_nothing(
    database: Database, owner: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another release said is made again, and what it kept in another shape is left alone."""
    one = (await a_contractor(database)).id
    await SMALL(database, owner, one)
    await judge(database, one, book=BOOK, now=NOW)
    asked = sql("select content from carried_over where tenant_id = :id")
    first = (await owner.execute(asked, {"id": one})).scalar_one()
    monkeypatch.setattr(carry_over, "_code", lambda: "another")
    await judge(database, one, book=BOOK, now=NOW)
    second = (await owner.execute(asked, {"id": one})).scalar_one()
    assert second != first
    await owner.execute(sql("update carried_over set content = '{}' where tenant_id = :id"), {"id": one})
    await judge(database, one, book=BOOK, now=NOW)
    assert (await owner.execute(asked, {"id": one})).scalar_one() == second


async def test_what_should_not_have_been_carried_over_is_told(database: Database, owner: AsyncConnection) -> None:
    """A register is changed behind the back of its pushes: whoever is judged anew finds it, tells it and puts it right."""
    one = (await a_contractor(database)).id
    await SMALL(database, owner, one)
    await judge(database, one, book=BOOK, now=NOW)
    await owner.execute(sql("update office set area_m2 = 900 where tenant_id = :id"), {"id": one})
    await judge(database, one, book=BOOK, now=NOW)
    closed = sql("select closed_on from finding where tenant_id = :id and rule_id = 'C-02'")
    assert (await owner.execute(closed, {"id": one})).scalar_one() is None
    with capture_logs() as told:
        await judge(database, one, book=BOOK, now=NOW, anew=True)
    assert [event["rule"] for event in told if event["event"] == "evaluate.carried_over_wrong"] == ["C-02"]
    assert (await owner.execute(closed, {"id": one})).scalar_one() is not None


@given(ids=some.lists(some.uuids(), max_size=20), day=some.dates(max_value=date(9999, 1, 1)))
def test_each_is_judged_anew_once_in_seven_nights(ids: list[UUID], day: date) -> None:
    """Whatever night it begins with."""
    nights = [anew_on(ids, day + timedelta(days=n)) for n in range(7)]
    assert [sum(one in night for night in nights) for one in ids] == [1] * len(ids)


VALUES = (
    some.none()
    | some.booleans()
    | some.integers(-(10**18), 10**18)
    | some.decimals(allow_nan=False, allow_infinity=False)
    | some.fractions()
    | some.text()
    | some.dates()
    | some.lists(some.text(), max_size=4).map(tuple)
)


@given(VALUES)
def test_values_come_back_as_they_were(value: Decimal | Fraction | str | int | date | tuple[str, ...] | None) -> None:
    """Each value with its type, and decimals with their digits."""
    back = read_value(write_value(value))
    assert (type(back), repr(back)) == (type(value), repr(value))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(registers())
def test_breaches_come_back_as_they_were(found: dict[str, Any]) -> None:
    """Whatever random work was found to breach is carried over with all that findings and scores ask of it."""
    span = span_of(found, FIXED)
    law = BOOK.law_of("650102")
    laws = rule_laws(law, {"point", "visit", "visit_record", "visit_pair", "repair"}, since=FIXED[0], until=FIXED[-1])
    made = fieldwork(found, span, terms=TERMS)
    for name, own in laws.items():
        judged = [
            (
                subject,
                [one for one in stretches(subject, subject.days, law.of_kind(subject.kind)) if one.rule.id == name],
            )
            for subject in made.subjects
            if subject.kind == own.kind
        ]
        result = carried_rule(own, judged, said=1, turns_on=date.max)
        back = RuleCarriedOver(name, own, result).breaches()
        breaches = [one for _, every in judged for one in every if one.is_breach]
        assert [told(one) for one in back] == [told(one) for one in breaches]


def told(one: Any) -> tuple[object, ...]:
    """All that is asked of a breach."""
    subject, verdict = one.subject, one.verdict
    about = subject.kind, subject.key, subject.label, subject.city, subject.unit, subject.about
    said = verdict.verdict, verdict.severity, verdict.measured, verdict.required, verdict.lacking
    return about, said, one.rule, one.outcome, one.first_day, one.until, one.severity, one.parts, one.facts
