"""What a score counts: confirmed, not dismissed, up to the day it was frozen, and one event by one rule."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hengjian.scoring.api import load_lawbook
from hengjian.scoring.domain.counting import counted_stretches, key_of
from hengjian.scoring.domain.finding_life import Life, State
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.domain.timeline import Stretch
from hengjian.scoring.domain.verdicts import Outcome, Severity, Verdict

BOOK = load_lawbook()
START = date(2026, 1, 1)


def day(number: int) -> date:
    return START + timedelta(days=number)


def breach(rule: str = "C-05", subject: str = "", first: int = 0, until: int | None = None, **facts: Any) -> Stretch:
    in_force = BOOK.rule_in_force(rule, region="650102", on=START)
    assert in_force is not None
    verdict = Verdict(Outcome.BREACH, severity=Severity.MAJOR)
    return Stretch(
        rule=in_force,
        subject=Subject(kind=in_force.rule.subject, key=subject, label=subject, city=None, by_day={}),
        outcome=Outcome.BREACH,
        first_day=day(first),
        until=None if until is None else day(until),
        severity=Severity.MAJOR,
        verdict=verdict,
        given=facts,
    )


def counted(*stretches: Stretch, life: Life, official: bool) -> tuple[Stretch, ...]:
    return counted_stretches(stretches, {key_of(one): life for one in stretches}, official=official)


@pytest.mark.parametrize(
    ("life", "provisional", "official"),
    [
        (Life(), True, False),
        (Life(state=State.STATED), True, False),
        (Life(state=State.CONFIRMED, confirmed=True), True, True),
        (Life(state=State.RECTIFIED, confirmed=True), True, True),
        (Life(state=State.CLOSED, confirmed=True), True, True),
        (Life(state=State.CLOSED), True, False),
        (Life(state=State.DISMISSED), False, False),
    ],
)
def test_what_stands_decides_what_counts(life: Life, provisional: bool, official: bool) -> None:
    """As if all open ones were confirmed, and what is confirmed."""
    one = breach()
    assert bool(counted(one, life=life, official=False)) is provisional
    assert bool(counted(one, life=life, official=True)) is official


@given(first=some.integers(0, 40), length=some.none() | some.integers(1, 40), frozen=some.integers(0, 90))
def test_no_day_counts_from_the_day_it_was_frozen(first: int, length: int | None, frozen: int) -> None:
    """Day by day: a day counts when it is one of the breach and before the freezing."""
    one = breach(first=first, until=None if length is None else first + length)
    life = Life(state=State.SUSPENDED, confirmed=True, frozen_on=day(frozen))
    found = counted(one, life=life, official=True)
    days = {day(n) for n in range(120) if one.overlaps(day(n), day(n + 1))}
    wanted = {one for one in days if one < day(frozen)}
    assert {day(n) for n in range(120) if any(f.overlaps(day(n), day(n + 1)) for f in found)} == wanted


def people(count: int, **span: int) -> list[Stretch]:
    return [breach("C-07", f"p{n}", **span) for n in range(count)]


@pytest.mark.parametrize(("missing", "named", "kept"), [(1, 1, False), (2, 1, True), (2, 2, False), (1, 0, True)])
def test_one_missing_certificate_costs_by_one_rule(missing: int, named: int, kept: bool) -> None:
    """The count of C-06 falls away only where the persons named by C-07 explain all of it."""
    whole = breach("C-06", technicians_due=10, technicians_certified=10 - missing)
    found = counted(whole, *people(named), life=Life(), official=False)
    assert (whole in found) is kept
    assert len(found) == named + kept


def test_a_person_whose_breach_ended_before_explains_nothing() -> None:
    """The named breach must last as long as the count's."""
    whole = breach("C-06", first=10, technicians_due=10, technicians_certified=9)
    assert whole in counted(whole, *people(1, first=0, until=20), life=Life(), official=False)


def test_a_dismissed_breach_explains_nothing() -> None:
    """Else a dismissal of the one would forgive the other."""
    whole, (person,) = breach("C-06", technicians_due=10, technicians_certified=9), people(1)
    lives = {key_of(whole): Life(), key_of(person): Life(state=State.DISMISSED)}
    assert counted_stretches([whole, person], lives, official=False) == (whole,)
