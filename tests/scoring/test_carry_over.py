"""What is carried over from one judgement to the next is what a judgement that carries over nothing would say."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some
from sqlalchemy.ext.asyncio import AsyncConnection
from structlog.testing import capture_logs

from hengjian.platform.db import Caller, Database
from hengjian.scoring.api import LawBook, evaluate_slice, load_lawbook
from tests.scoring.test_exact_to_the_day import FIELDWORK, rows
from tests.scoring.test_slices import NOW, decide_on, kept
from tests.support.people import a_contractor
from tests.support.pushing import push_straight

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
