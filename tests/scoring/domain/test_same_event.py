"""One event hits one rule: which pairs of rules share events, and that the most severe breach is the one that counts."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as altered

from hengjian.scoring.api import FACTS, load_lawbook
from hengjian.scoring.domain.counting import counted_elsewhere, counted_stretches, key_of
from hengjian.scoring.domain.finding_life import Life, State
from hengjian.scoring.domain.judging import RuleInForce
from hengjian.scoring.domain.rules import Sameness
from hengjian.scoring.domain.same_event import related_rules
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.domain.timeline import Stretch
from hengjian.scoring.domain.verdicts import Outcome, Severity, Verdict

BOOK = load_lawbook()
DAY = date(2026, 1, 5)
RULES = {rule.id: rule for pack in BOOK.packs for rule in pack.rules}
MAJOR, MINOR, CRITICAL = Severity.MAJOR, Severity.MINOR, Severity.CRITICAL


def breach(
    rule_id: str,
    key: str = "x",
    lacking: tuple[str, ...] = (),
    *,
    severity: Severity = MAJOR,
    about: tuple[str, ...] = (),
    task: str | None = "T-1",
    **facts: Any,
) -> Stretch:
    rule = BOOK.rule_in_force(rule_id, on=DAY)
    assert rule is not None
    unit = None if task is None else f"task:{task}"
    return Stretch(
        rule=rule,
        subject=Subject(kind=rule.rule.subject, key=key, label=key, unit=unit, about=about),
        outcome=Outcome.BREACH,
        first_day=DAY,
        until=None,
        severity=severity,
        verdict=Verdict(Outcome.BREACH, severity=severity, lacking=lacking),
        given=facts,
    )


def counting(*found: Stretch) -> list[str]:
    """The rules of the breaches that count."""
    lives = {key_of(one): Life() for one in found}
    return sorted(one.rule.id for one in counted_stretches(found, lives, official=False))


S1 = ("sample:S-1",)
R1 = ("recording:R-1",)

PAIRS = [
    # one visit: nobody was there
    ([breach("C-26", "3:V-1V-2", about=("visit:V-1", "visit:V-2")), breach("C-27", "V-2", ("POSITION",))], ["C-26"]),
    ([breach("C-26", "3:V-1V-2", about=("visit:V-1", "visit:V-2")), breach("C-27", "V-3")], ["C-26", "C-27"]),
    # a stage without any recording, and each action of it
    ([breach("V-01", "T-1", ("SAMPLING",)), breach("V-02", "A-1", ("09:00:00–09:10:00",))], ["V-02"]),
    ([breach("V-01", "T-1", ("SAMPLING",)), breach("V-03", "A-1", ("START", "END"))], ["V-03"]),
    ([breach("V-01", "T-1", ("SAMPLING",)), breach("V-02", "A-1", task="T-2")], ["V-01", "V-02"]),
    ([breach("V-01", "T-1", ("EQUIPMENT", "SAMPLING")), breach("V-02", "A-1")], ["V-01", "V-02"]),
    ([breach("V-01", "T-1", ("PRESERVATION",)), breach("V-14", "S-1", ("COLD",))], ["V-14"]),
    ([breach("V-01", "T-1", ("HANDOVER",)), breach("V-15", "E-1", ("HANDOVER_RECORDING",))], ["V-15"]),
    ([breach("V-01", "T-1", ("HANDOVER",)), breach("V-15", "E-1", ("TIMELY",))], ["V-01", "V-15"]),
    (
        [breach("V-01", "T-1", ("SAMPLING", "ANALYSIS")), breach("V-02", "A-1"), breach("V-16", "S-1", ("WEIGH",))],
        ["V-02", "V-16"],
    ),
    # a gap in a recording, and what it left unrecorded
    ([breach("V-10", "R-1", severity=MINOR), breach("V-02", "A-1", about=R1)], ["V-02"]),
    ([breach("V-10", "R-2", severity=MINOR), breach("V-02", "A-1", about=R1)], ["V-02", "V-10"]),
    # seal and label not checked at one handover
    ([breach("V-15", "E-1", ("SEAL_STATE",)), breach("S-05", "E-1", ("LABEL_CHECK",))], ["S-05"]),
    ([breach("V-15", "E-1", ("SEAL_STATE", "TIMELY")), breach("S-05", "E-1", ("LABEL_CHECK",))], ["S-05", "V-15"]),
    ([breach("V-15", "E-1", ("SEAL_STATE",)), breach("S-05", "E-2", ("LABEL_CHECK",))], ["S-05", "V-15"]),
    ([breach("V-15", "E-1", ("SEAL_STATE",)), breach("S-05", "E-1", ("REFUSAL",))], ["S-05", "V-15"]),
    # the opening before one analysis; where it was only says where
    ([breach("V-16", "S-1", ("OPEN", "14:03:10–14:03:41")), breach("S-06", "S-1", ("OPENING_RECORDING",))], ["S-06"]),
    ([breach("V-16", "S-1", ("OPEN", "WEIGH")), breach("S-06", "S-1", ("OPENING_RECORDING",))], ["S-06", "V-16"]),
    # one sample labelled before it was sealed
    (
        [
            breach("S-09", "L-7", ("SEAL_BEFORE_LABEL",), severity=MINOR, about=S1),
            breach("L-11", "S-1", ("LABEL_EARLY",), about=S1),
        ],
        ["L-11"],
    ),
    (
        [
            breach("S-09", "L-7", ("SEALING",), severity=MINOR, about=S1),
            breach("L-11", "S-1", ("LABEL_EARLY",), about=S1),
        ],
        ["L-11", "S-09"],
    ),
    (
        [
            breach("S-09", "L-7", ("SEAL_BEFORE_LABEL",), severity=MINOR, about=S1),
            breach("L-11", "S-2", ("LABEL_EARLY",), about=("sample:S-2",)),
        ],
        ["L-11", "S-09"],
    ),
    # rules that look alike and tell of different events
    ([breach("C-03"), breach("C-04"), breach("C-05")], ["C-03", "C-04", "C-05"]),
    ([breach("C-07", "p1"), breach("C-13", "p1")], ["C-07", "C-13"]),
    (
        [breach("V-05", "R-1"), breach("V-06", "R-1"), breach("V-07", "R-1", severity=CRITICAL)],
        ["V-05", "V-06", "V-07"],
    ),
    ([breach("S-01", "S-1"), breach("S-02", "L-7", severity=CRITICAL)], ["S-01", "S-02"]),
]


@pytest.mark.parametrize(("found", "counted"), PAIRS, ids=range(len(PAIRS)))
def test_one_event_counts_once(found: list[Stretch], counted: list[str]) -> None:
    """What tells of nothing else is left out; what tells of more, or of something else, counts; in any order."""
    assert counting(*found) == counted
    assert counting(*reversed(found)) == counted


def test_the_most_severe_counts_whichever_file_names_the_other() -> None:
    """A bureau that makes the count of certificates critical has the count, and no person beside it."""
    facts = {"technicians_due": 10, "technicians_certified": 8}
    people = [breach("C-07", name, task=None) for name in ("p1", "p2")]
    count = breach("C-06", "", task=None, **facts)  # type: ignore[arg-type]  # facts of any name
    assert counting(count, *people) == ["C-07", "C-07"]
    grave = altered(count, severity=CRITICAL)
    assert counting(grave, *people) == ["C-06"]
    lives = {key_of(one): Life() for one in (grave, *people)}
    assert counted_elsewhere([grave, *people], lives) == {key_of(one): (key_of(grave),) for one in people}


def test_a_breach_is_told_by_those_that_tell_what_it_lacks() -> None:
    """A stage that was recorded is no part of what is missing, whatever else is breached on the task."""
    whole, kept = breach("V-01", "T-1", ("PRESERVATION",)), breach("V-14", "S-1", ("COLD",))
    found = [whole, breach("V-02", "A-1"), kept]
    assert counted_elsewhere(found, {key_of(one): Life() for one in found}) == {key_of(whole): (key_of(kept),)}


def test_what_costs_nothing_takes_nothing_over() -> None:
    """A breach by a limit from memory never forgives one that costs points."""
    whole, each = breach("V-01", "T-1", ("SAMPLING",)), breach("V-02", "A-1")
    rule = BOOK.rule_in_force("L-02", on=DAY)
    assert rule is not None
    assert not rule.costs_points
    free = altered(each, rule=RuleInForce(each.rule.rule, rule.parameters, each.rule.judge))
    assert counting(whole, free) == ["V-01", "V-02"]


def test_a_dismissed_breach_takes_nothing_over() -> None:
    """Else a dismissal of the one would forgive the other."""
    whole, each = breach("V-01", "T-1", ("SAMPLING",)), breach("V-02", "A-1")
    lives = {key_of(whole): Life(), key_of(each): Life(state=State.DISMISSED)}
    assert counted_stretches([whole, each], lives, official=False) == (whole,)
    assert counted_elsewhere([whole, each], lives) == {}


CHAIN = [
    breach("V-01", "T-1", ("ANALYSIS",)),
    breach("V-16", "S-1", ("OPEN",)),
    breach("S-06", "S-1", ("OPENING_RECORDING",)),
]


@given(st.sets(st.sampled_from(range(3)), min_size=1))
def test_a_chain_ends_at_one_that_counts(chosen: set[int]) -> None:
    """However many rules tell of an event, at least one of them counts, and of the whole chain only the last."""
    found = [CHAIN[place] for place in sorted(chosen)]
    assert counting(*found) == [found[-1].rule.id]


def test_rules_that_name_each_other_leave_nothing_out() -> None:
    """A ring, as texts of bureaus may make it, forgives nobody."""
    one, other = breach("V-15", "E-1", ("SEAL_STATE",)), breach("S-05", "E-1", ("LABEL_CHECK",))
    (entry,) = one.rule.rule.counted_under
    back = replace(entry, rules=("V-15",), lacks=frozenset({"LABEL_CHECK"}), named=frozenset())
    rule = replace(other.rule.rule, counted_under=(back,))
    ring = altered(other, rule=RuleInForce(rule, other.rule.parameters, other.rule.judge))
    assert counting(one, ring) == ["S-05", "V-15"]


def test_the_files_name_rules_and_items_that_exist() -> None:
    """Each names rules of its own pack about the same organizations, codes that stand for something, and no ring."""
    named = {rule.id: {name for one in rule.counted_under for name in one.rules} for rule in RULES.values()}
    codes = {choice for fact in FACTS.values() for choice in fact.choices}
    expected = [example.expected.get("lacking") for rule in RULES.values() for example in rule.examples]
    told = {code for lacking in expected if isinstance(lacking, list | tuple | frozenset) for code in lacking}
    for rule in RULES.values():
        for entry in rule.counted_under:
            assert {RULES[name].pack for name in entry.rules} == {rule.pack}
            assert entry.lacks | entry.named <= codes | told, rule.id
            if entry.same is Sameness.SUBJECT:
                assert {RULES[name].subject for name in entry.rules} == {rule.subject}
        seen, ahead = set[str](), set(named[rule.id])
        while ahead:
            seen |= ahead
            ahead = {name for one in ahead for name in named[one]} - seen
        assert rule.id not in seen


def test_a_change_of_a_rule_looks_at_those_it_shares_events_with() -> None:
    """In both directions, and no further."""
    assert related_rules("C-06", RULES.values()) == related_rules("C-07", RULES.values()) == ("C-06", "C-07")
    assert related_rules("S-05", RULES.values()) == ("S-05", "V-15")
    assert related_rules("C-04", RULES.values()) == ("C-04",)
