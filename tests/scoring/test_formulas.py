"""A formula says the limits that are in force, on every day and in every region, and no other number."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from hengjian.scoring.api import ChangeKind, RuleFilter, formula_on, rule_file, search_rules
from hengjian.scoring.changes.check import check
from hengjian.scoring.changes.overlay import ChangeInBook, overlay
from hengjian.scoring.domain.formulas import PLACE, limits_in_title, unfounded_numbers
from hengjian.scoring.domain.rules import Rule, Wording
from tests.scoring.changing import BOOK, FIRST_DAY, to_45

RULES = [pytest.param(rule, id=rule.id) for pack in BOOK.packs for rule in pack.rules]
# Numbers as words; "one" and 一 only count what a unit is.
WORDS = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "fifty": 50,
    "hundred": 100,
}
CHINESE = {"二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "百": 100}
COUNTED = re.compile(r"([二两三四五六七八九十百])(?=[个项天日年月份人台辆座米次名章张段条小分公套周])")


@pytest.mark.parametrize("rule", RULES)
def test_no_formula_says_a_number_that_no_parameter_has(rule: Rule) -> None:
    """In digits or in words, a number is a named limit, or one of the rule's own expressions or of its sources."""
    sources = BOOK.pack_of(rule).sources.values()
    for text in (rule.formula.zh, rule.formula.en):
        assert unfounded_numbers(text, rule, sources) == ()
    in_words = [CHINESE[one] for one in COUNTED.findall(rule.formula.zh)]
    in_words += [WORDS[one] for one in re.findall(r"[a-z]+", rule.formula.en) if one in WORDS]
    assert unfounded_numbers(" ".join(map(str, in_words)), rule, sources) == ()


@pytest.mark.parametrize("rule", RULES)
def test_every_formula_is_filled_in(rule: Rule) -> None:
    """On the rule's first day nothing stands in braces any more, in either language; both name the same limits."""
    said = formula_on(rule, rule.region, rule.in_force_from)
    assert "{" not in said.zh + said.en
    assert set(PLACE.findall(rule.formula.zh)) == set(PLACE.findall(rule.formula.en))


def test_a_changed_limit_is_in_the_formula_from_its_day() -> None:
    """45 in the city from the day of the change, 50 the day before and elsewhere; the catalogue finds it by it."""
    book = overlay(BOOK, [ChangeInBook(no="BG-1", region="6523", new=to_45(examples=""))])
    _, rule = book.find("C-04")[0]
    for region, day, limit in (
        ("6523", FIRST_DAY, "45"),
        ("652301", FIRST_DAY, "45"),
        ("6523", FIRST_DAY - timedelta(days=1), "50"),
        ("65", FIRST_DAY, "50"),
    ):
        wanted = Wording(f"督查人员 ≥ ⌈监测点位 ÷ {limit}⌉", f"supervisors ≥ ⌈points ÷ {limit}⌉")
        in_force = book.rule_in_force("C-04", region=region, on=day)
        assert in_force is not None
        assert (formula_on(rule, region, day), in_force.formula) == (wanted, wanted)
    (found,) = search_rules(book, RuleFilter(text="点位 ÷ 45⌉"), region="6523", on=FIRST_DAY)
    assert found.rule.id == "C-04"


def test_a_limit_without_a_value_is_called_by_its_name() -> None:
    """Before the first day there is no number to say."""
    _, rule = BOOK.find("C-04")[0]
    assert formula_on(rule, "65", date(2020, 1, 1)).zh == "督查人员 ≥ ⌈监测点位 ÷ 每名督查人员的点位数⌉"


@pytest.mark.parametrize(
    ("value", "forms"),
    [
        (2, {"2", "二", "两", "two"}),
        (10, {"10", "十", "ten"}),
        (15, {"15", "十五", "fifteen"}),
        (20, {"20", "二十", "twenty"}),
        (72, {"72", "七十二", "seventy-two"}),
        (1, {"1"}),
        (100, {"100"}),
    ],
)
def test_a_title_says_no_limit_however_it_is_written(value: int, forms: set[str]) -> None:
    """In digits, in Chinese or in English: what the day or the bureau may change stands in no title."""
    rule = BOOK.find("C-04")[0][1]
    (limit,) = rule.parameters
    other = replace(limit, entries=(replace(limit.entries[0], value=value),))
    said = {
        form
        for form in (
            "1",
            "2",
            "二",
            "两",
            "two",
            "10",
            "十",
            "ten",
            "15",
            "十五",
            "fifteen",
            "20",
            "二十",
            "twenty",
            "72",
            "七十二",
            "seventy-two",
            "100",
            "one",
            "一",
        )
        if limits_in_title(replace(rule, parameters=(other,), title=Wording(f"每 {form} 个", f"{form} of them")))
    }
    assert said == forms


def test_an_edition_approved_before_keeps_its_title() -> None:
    """A new text may not write a limit into its title, but what was approved stays law when a release is stricter."""
    text = rule_file("contractor-capability-65", "C-04").replace("zh: 督查人员配备", "zh: 每50个点位配督查人员")
    change = ChangeInBook(no="BG-1", region="6523", new=to_45(kind=ChangeKind.TEXT, text=text, examples=""))
    found = check(BOOK, change, [])
    assert not found.ok
    assert "50" in found.problems[0].zh
    standing = overlay(BOOK, [change]).rule_in_force("C-04", region="6523", on=FIRST_DAY)
    assert standing is not None
    assert standing.rule.title.zh == "每50个点位配督查人员"
