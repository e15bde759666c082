"""The yearly result: whoever tries whatever on whatever day, nothing is published too early, by one person, or twice."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from hengjian.platform.calendar_files import load_calendar
from hengjian.scoring.domain.finding_life import Doer
from hengjian.scoring.domain.yearly_result import (
    ROLES,
    Entry,
    ResultAct,
    ResultRefusal,
    ResultState,
    Tally,
    Terms,
    YearlyResult,
    result_after,
    result_refusal,
)

CALENDAR = load_calendar()
TERMS = Terms(publicity_days=15, publish_working_days=5)
PEOPLE = [Doer(f"{role}{n}", frozenset({role})) for role in ("inspector", "reviewer") for n in (1, 2)]
PEOPLE.append(Doer("both", frozenset({"inspector", "reviewer"})))
INSPECTOR, REVIEWER, BOTH = PEOPLE[0], PEOPLE[2], PEOPLE[4]


def after(result: YearlyResult, act: ResultAct, doer: Doer, on: date) -> YearlyResult:
    assert result_refusal(result, act, doer, Tally.of({Entry(): 1}), on=on) is None
    return result_after(result, act, doer, on=on, terms=TERMS, calendar=CALENDAR)


def test_a_year_goes_from_its_list_to_final_grades() -> None:
    """Prepared in January, public for fifteen calendar days, to be published within five working days."""
    prepared = after(YearlyResult(year=2025), ResultAct.PREPARE, INSPECTOR, date(2026, 1, 5))
    public = after(prepared, ResultAct.APPROVE, REVIEWER, date(2026, 1, 12))
    assert public.publicity_until == date(2026, 1, 27)
    assert public.publish_by(TERMS, CALENDAR) == date(2026, 2, 3)
    last = date(2026, 1, 27)
    assert (
        result_refusal(public, ResultAct.PUBLISH, REVIEWER, Tally.of({Entry(): 1}), on=last)
        is ResultRefusal.PUBLICITY_LASTS
    )
    over = last + timedelta(days=1)
    assert (
        result_refusal(public, ResultAct.PUBLISH, REVIEWER, Tally.of({Entry(waits=True): 1}), on=over)
        is ResultRefusal.ALL_WAIT
    )
    assert result_refusal(public, ResultAct.PUBLISH, REVIEWER, Tally.of({Entry(): 1}), on=over) is None
    assert public.state(Tally.of({Entry(final=True): 1}), on=over) is ResultState.PUBLISHED


def test_the_year_must_be_over_and_two_people_take_part() -> None:
    """Not on 31 December; whoever prepared it neither approves nor returns it; returned, it may begin anew."""
    new = YearlyResult(year=2026)
    assert result_refusal(new, ResultAct.PREPARE, BOTH, Tally(), on=date(2026, 12, 31)) is ResultRefusal.YEAR_NOT_OVER
    prepared = after(new, ResultAct.PREPARE, BOTH, date(2027, 1, 4))
    for act in (ResultAct.APPROVE, ResultAct.RETURN):
        assert result_refusal(prepared, act, BOTH, Tally(), on=date(2027, 1, 4)) is ResultRefusal.SAME_PERSON
    assert after(prepared, ResultAct.RETURN, REVIEWER, date(2027, 1, 4)) == new


@pytest.mark.parametrize("approved", [date(2026, 2, 1), date(2026, 3, 20), date(2026, 9, 10)])
def test_publicity_never_ends_on_a_day_off_and_march_is_the_end(approved: date) -> None:
    """The last day of fifteen moves off holidays; grades are due by 31 March whatever the terms say."""
    public = result_after(
        YearlyResult(year=2025, prepared_by="x"),
        ResultAct.APPROVE,
        REVIEWER,
        on=approved,
        terms=TERMS,
        calendar=CALENDAR,
    )
    assert public.publicity_until is not None
    assert CALENDAR.is_working_day(public.publicity_until)
    assert public.publicity_until >= approved + timedelta(days=15)
    assert (public.publish_by(TERMS, CALENDAR) or date.max) <= date(2026, 3, 31)


class AnyYear(RuleBasedStateMachine):
    """Three organizations that object and are decided whenever they like, and anybody trying any step."""

    def __init__(self) -> None:
        super().__init__()
        self.on, self.result = date(2025, 12, 20), YearlyResult(year=2025)
        self.waits = [False, False, False]
        self.final: list[date | None] = [None, None, None]
        self.approved_on: date | None = None

    @property
    def entries(self) -> list[Entry]:
        return [Entry(day is not None, waits) for day, waits in zip(self.final, self.waits, strict=True)]

    @rule(which=some.integers(0, 2), waits=some.booleans())
    def an_objection_comes_or_is_decided(self, which: int, *, waits: bool) -> None:
        self.waits[which] = waits

    @rule(act=some.sampled_from(ResultAct), doer=some.sampled_from(PEOPLE), days=some.integers(0, 9))
    def somebody_tries(self, act: ResultAct, doer: Doer, days: int) -> None:
        self.on += timedelta(days=days)
        before = self.result
        if result_refusal(before, act, doer, Tally.of(Counter(self.entries)), on=self.on) is not None:
            return
        assert ROLES[act] in doer.roles
        self.result = result_after(before, act, doer, on=self.on, terms=TERMS, calendar=CALENDAR)
        if act is ResultAct.APPROVE:
            assert before.prepared_by not in {None, doer.actor}
            self.approved_on = self.on
        if act is ResultAct.PUBLISH:
            ready = [place for place, entry in enumerate(self.entries) if entry.ready]
            assert ready
            for place in ready:
                assert not self.waits[place]
                assert self.final[place] is None
                self.final[place] = self.on

    @invariant()
    def nothing_is_final_before_two_people_and_fifteen_days(self) -> None:
        for day in filter(None, self.final):
            assert self.approved_on is not None
            assert day > self.approved_on + timedelta(days=TERMS.publicity_days)
        if any(self.final):
            assert self.result.state(Tally.of(Counter(self.entries)), on=self.on) in {
                ResultState.PUBLISHING,
                ResultState.PUBLISHED,
            }


AnyYear.TestCase.settings = settings(max_examples=200, stateful_step_count=40)
test_any_year = AnyYear.TestCase
