"""An appeal by facts gives what a fresh filing with the accepted facts would have given."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hengjian.scoring.domain.appeal import AcceptedExemption, AcceptedFact, replay
from hengjian.scoring.domain.credit_score import CreditScore, credit_score
from hengjian.scoring.domain.dossier_inputs import Judgeable
from hengjian.scoring.domain.dossier_result import history_with, judge_all, rules_of
from hengjian.scoring.domain.functions import add_months
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.domain.timeline import law_days
from tests.scoring.domain.dossiers import AS_OF, BOOK, DAYS, SINCE, history, subjects
from tests.scoring.domain.histories import MODEL

RULES = rules_of(BOOK, "650102")
EVERY_DAY = [SINCE + timedelta(days) for days in range((AS_OF - SINCE).days + 1)]
LAW = law_days([rule for pack in BOOK.packs for rule in pack.rules], since=SINCE, until=AS_OF)
HISTORY = replace(history(), penalties=())


def fact(name: str, value: Any, first_day: date, until: date | None = None, **of: str) -> AcceptedFact:
    """An accepted fact of the contractor."""
    about = {"subject_kind": "contractor", "subject": ""} | of
    return AcceptedFact(fact=name, value=value, first_day=first_day, until=until, **about)


def test_both_scores_are_shown() -> None:
    """A second supervisor is accepted as employed since 2 March: C-04 was never breached, 84 becomes 90."""
    accepted = [fact("supervisors", 2, date(2026, 3, 2), date(2026, 5, 20))]
    found = replay(subjects(), HISTORY, accepted, rules_on=RULES, model=MODEL, as_of=AS_OF)
    assert (found.before.total, found.before.grade) == (Fraction(84), "B")
    assert (found.after.total, found.after.grade) == (Fraction(90), "A")
    assert any(item.is_breach and item.rule.id == "C-04" for item in found.stretches_before)
    assert not any(item.is_breach and item.rule.id == "C-04" for item in found.stretches_after)


def test_a_day_of_hiring_that_moves_takes_its_term_with_it() -> None:
    """Nobody listed the day on which the moved term runs out; it is found."""
    person = Subject(kind="person", key="P-2", label="李四")
    for day in DAYS:
        person.by_day[day] = {"as_of": day, "hired_on": date(2025, 6, 1), "certificate_held": False}
    accepted = [fact("hired_on", date(2026, 6, 1), SINCE, subject_kind="person", subject="P-2")]
    found = replay([Judgeable(person, DAYS)], HISTORY, accepted, rules_on=RULES, model=MODEL, as_of=AS_OF)
    breach = next(item for item in found.stretches_after if item.is_breach and item.rule.id == "C-07")
    assert breach.first_day == add_months(date(2026, 6, 1), 3) + timedelta(days=1)


def test_a_rule_that_did_not_apply() -> None:
    """An exemption for April cuts it out of C-04; without an end nothing is left after it."""
    april = AcceptedExemption(
        rule="C-04", subject_kind="contractor", subject="", first_day=date(2026, 4, 1), until=date(2026, 5, 1)
    )
    for item, days in (
        (april, [(date(2026, 3, 2), date(2026, 4, 1)), (date(2026, 5, 1), date(2026, 5, 20))]),
        (replace(april, until=None), [(date(2026, 3, 2), date(2026, 4, 1))]),
        (replace(april, first_day=SINCE, until=None), []),
        (replace(april, rule="C-05"), [(date(2026, 3, 2), date(2026, 5, 20))]),
    ):
        found = replay(subjects(), HISTORY, [item], rules_on=RULES, model=MODEL, as_of=AS_OF)
        left = [(s.first_day, s.until) for s in found.stretches_after if s.is_breach and s.rule.id == "C-04"]
        assert left == days


@dataclass(frozen=True)
class Truth:
    """What is filed, day by day: counts of the contractor and one technician, each from a day on."""

    counts: Mapping[date, Mapping[str, int | None]]
    hired_on: Mapping[date, date]

    def facts(self, day: date) -> dict[str, Any]:
        """The contractor's facts of a day."""
        return dict(self.counts[max(first for first in self.counts if first <= day)])

    def person(self, day: date) -> dict[str, Any]:
        """The technician's."""
        hired = self.hired_on[max(first for first in self.hired_on if first <= day)]
        return {"as_of": day, "hired_on": hired, "certificate_held": False, "pledge_signed": True}

    def with_accepted(self, accepted: list[AcceptedFact]) -> "Truth":
        """As a fresh filing with these facts would have it."""
        counts, hired = {}, {}
        for day in EVERY_DAY:
            counts[day], hired[day] = self.facts(day), self.person(day)["hired_on"]
            for one in accepted:
                if one.holds(day) and one.subject_kind == "contractor":
                    counts[day][one.fact] = one.value
                elif one.holds(day):
                    hired[day] = one.value
        return Truth(counts, hired)

    def subjects(self) -> list[Judgeable]:
        """As they are gathered: facts on the days on which they or their terms change."""
        terms = {add_months(day, 3) + timedelta(days=1) for day in self.hired_on.values()}
        days = tuple(sorted({SINCE, AS_OF, *self.counts, *self.hired_on, *LAW, *(terms & set(EVERY_DAY))}))
        contractor = Subject(kind="contractor", key="", label="", by_day={day: self.facts(day) for day in days})
        person = Subject(kind="person", key="P", label="", by_day={day: self.person(day) for day in days})
        return [Judgeable(contractor, days), Judgeable(person, days)]

    def score(self) -> CreditScore:
        """Judged and scored afresh."""
        return credit_score(history_with(HISTORY, judge_all(self.subjects(), RULES), AS_OF), MODEL, AS_OF)


NAMES = st.sampled_from(["points", "supervisors", "technicians"])
COUNTS = st.none() | st.integers(0, 120)
MOMENTS = st.sampled_from(EVERY_DAY[1:])
FILED = st.fixed_dictionaries({"points": COUNTS, "supervisors": COUNTS, "technicians": COUNTS})
HIRED = st.dates(date(2025, 5, 1), date(2026, 9, 30))
TRUTHS = st.builds(
    Truth,
    st.dictionaries(MOMENTS, FILED, max_size=4).flatmap(lambda later: FILED.map(lambda first: {SINCE: first} | later)),
    st.dictionaries(MOMENTS, HIRED, max_size=2).flatmap(lambda later: HIRED.map(lambda first: {SINCE: first} | later)),
)
ACCEPTED = st.lists(
    st.builds(fact, NAMES, COUNTS, MOMENTS, st.none() | MOMENTS)
    | st.builds(fact, st.just("hired_on"), HIRED, MOMENTS, st.none() | MOMENTS, subject_kind=st.just("person"),
                subject=st.just("P")),
    max_size=4,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(TRUTHS, ACCEPTED)
def test_an_appeal_equals_a_fresh_filing(truth: Truth, accepted: list[AcceptedFact]) -> None:
    """Whatever was filed and whatever is accepted: the same score, steps and grade, by either way."""
    found = replay(truth.subjects(), HISTORY, accepted, rules_on=RULES, model=MODEL, as_of=AS_OF)
    assert found.before == truth.score()
    assert found.after == truth.with_accepted(accepted).score()
