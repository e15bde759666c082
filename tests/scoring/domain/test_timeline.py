"""Stretches against the plainest way: judge every single day."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from hengjian.scoring.api import load_lawbook
from hengjian.scoring.domain.judging import RuleInForce
from hengjian.scoring.domain.rules import worst
from hengjian.scoring.domain.subjects import Facts, Subject
from hengjian.scoring.domain.timeline import law_days, stretches

BOOK = load_lawbook()
DAY_ONE = date(2026, 1, 1)
COUNTS = some.none() | some.sampled_from([0, 1, 2, 3, 50, 51, 101])
FACTS = some.none() | some.fixed_dictionaries(
    {
        "points": COUNTS,
        "supervisors": COUNTS,
        "technicians": COUNTS,
        "office_area_m2": some.none() | some.integers(0, 300),
    }
)


def rules_on(day: date) -> tuple[RuleInForce, ...]:
    return BOOK.rules_in_force(region="65", on=day)


@given(by_day=some.lists(FACTS, min_size=1, max_size=12))
def test_stretches_say_of_each_day_what_the_rule_says_of_it(by_day: list[Facts | None]) -> None:
    """Every day on which the subject exists lies in one stretch of each rule, with that day's outcome."""
    days = [DAY_ONE + timedelta(days=n) for n in range(len(by_day))]
    facts = {day: known for day, known in zip(days, by_day, strict=True) if known is not None}
    found = stretches(Subject(kind="contractor", key="", label="", by_day=facts), days, rules_on)
    for rule in rules_on(DAY_ONE):
        if rule.rule.subject != "contractor":
            continue
        mine = [stretch for stretch in found if stretch.rule.id == rule.id]
        for day in days:
            over = [s for s in mine if s.first_day <= day and (s.until is None or day < s.until)]
            assert [s.outcome for s in over] == ([rule.judge(facts[day]).verdict] if day in facts else [])
        for stretch in mine:
            inside = [d for d in days if stretch.first_day <= d and (stretch.until is None or d < stretch.until)]
            verdicts = [rule.judge(facts[d]) for d in inside]
            assert stretch.severity == worst(v.severity for v in verdicts if v.severity is not None)
            assert stretch.verdict == verdicts[-1]
            assert stretch.until is None or stretch.until in days
        for before, after in pairwise(mine):
            assert before.until is not None
            assert before.until < after.first_day or before.outcome is not after.outcome


def test_law_days_are_those_on_which_a_parameter_or_rule_changes() -> None:
    """The packs' own dates, inside the span, its first day excluded."""
    rules = [rule for pack in BOOK.packs for rule in pack.rules]
    begun = {rule.in_force_from for rule in rules}
    assert begun <= law_days(rules, since=min(begun) - timedelta(days=1), until=date(2030, 1, 1))
    assert law_days(rules, since=max(begun), until=max(begun)) == set()
