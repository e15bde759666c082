"""Every example in every shipped rule file."""

from datetime import date

import pytest

from hengjian.scoring.domain.examples import check_example, shown
from hengjian.scoring.domain.judging import put_in_force
from hengjian.scoring.domain.rules import Example, Rule, SourceStatus
from hengjian.scoring.domain.verdicts import Outcome
from hengjian.scoring.lawbook_files import load_lawbook

BOOK = load_lawbook()
CASES = [
    pytest.param(rule, number, id=f"{rule.id}-{number}")
    for pack in BOOK.packs
    for rule in pack.rules
    for number in range(1, len(rule.examples) + 1)
]


@pytest.mark.parametrize(("rule", "number"), CASES)
def test_example(rule: Rule, number: int) -> None:
    """The example comes out as it states, judged fast and judged step by step."""
    assert check_example(rule, number) == ()


def test_every_rule_shows_pass_breach_and_no_data() -> None:
    """Each rule's examples show a pass, a breach and missing facts, and n/a where the rule has a scope."""
    for pack in BOOK.packs:
        for rule in pack.rules:
            verdicts = {example.verdict for example in rule.examples}
            wanted = {Outcome.PASS, Outcome.BREACH, Outcome.NO_DATA}
            assert verdicts >= (wanted | {Outcome.NOT_APPLICABLE} if rule.applies else wanted), rule.id


def facts_apart(one: Example, other: Example) -> int:
    """How many facts differ, a fact that only one of them gives among them."""
    return sum(one.facts.get(name) != other.facts.get(name) for name in {*one.facts, *other.facts})


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for pack in BOOK.packs for rule in pack.rules])
def test_every_rule_shows_both_sides_of_its_limit(rule: Rule) -> None:
    """Each rule has a pass and a breach on one day and in one region that differ in a single fact."""
    assert any(
        one.verdict is Outcome.PASS and other.verdict is Outcome.BREACH and facts_apart(one, other) == 1
        for one in rule.examples
        for other in rule.examples
        if (one.on, one.region) == (other.on, other.region)
    )


def test_the_law_has_no_hole_where_rules_of_capability_were_numbered() -> None:
    """C-01 to C-27, each of which is judged."""
    assert [f"C-{number:02}" for number in range(1, 28)] == CAPABILITY


CAPABILITY = sorted(rule.id for pack in BOOK.packs for rule in pack.rules if rule.id.startswith("C-"))
CREDIT = [f"K-0{number}" for number in range(1, 6)]
INSTITUTIONS = [f"L-{number:02}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 14, 17, 21)]
EVIDENCE = [
    "L-11", "L-12", *(f"S-{number:02}" for number in range(1, 10)), *(f"V-{number:02}" for number in range(1, 18)),
]  # fmt: skip


def in_force(region: str | None, on: date) -> list[str]:
    return [rule.id for rule in BOOK.rules_in_force(region=region, on=on)]


def test_rules_of_the_packs() -> None:
    """Capability from 1 October 2025 in the province and below; rules for institutions everywhere, each from its day."""
    assert in_force("650102", date(2026, 11, 20)) == [*CAPABILITY, *CREDIT, *INSTITUTIONS]
    assert set(in_force(None, date(2026, 11, 20))) == {*in_force("65", date(2026, 11, 20)), *EVIDENCE}
    assert in_force("110101", date(2026, 1, 1)) == [*CREDIT, *INSTITUTIONS]
    assert set(in_force("330302", date(2026, 1, 1))) == {*CREDIT, *INSTITUTIONS, *EVIDENCE}
    assert set(EVIDENCE) < set(in_force("3303", date(2023, 3, 25)))
    assert not set(EVIDENCE) & {*in_force("3303", date(2023, 3, 24)), *in_force("3301", date(2026, 1, 1))}
    assert not set(CAPABILITY) & set(in_force("650102", date(2025, 9, 30)))
    assert set(INSTITUTIONS) - set(in_force("65", date(2025, 12, 22))) == {"L-02"}
    assert set(INSTITUTIONS) - set(in_force("65", date(2021, 5, 31))) == {"L-01", "L-02"}
    assert in_force("65", date(2019, 4, 30)) == []


def test_what_is_known_from_memory_costs_nothing_and_says_why() -> None:
    """Each such parameter has a note that its page prints; the clause's words are marked where nobody saw them."""
    rules = {rule.id: rule for rule in BOOK.rules_in_force(on=date(2026, 11, 20))}
    assert {name for name, rule in rules.items() if not rule.costs_points} == {"L-02", "L-05"}
    for rule in rules.values():
        assert all(one.note for one in rule.parameters.values() if one.source_status is SourceStatus.MEMORY)
        marked = rule.rule.cites.quote.startswith("〔")
        assert marked == (rule.rule.cites.source in {"N245", "N2025", "O39"}), rule.id


def test_a_wrong_example_is_noticed() -> None:
    """The check can fail: with another limit the same example comes out otherwise."""
    rule = BOOK.find("C-04")[0][1]
    parameters = rule.resolve("65", date(2026, 1, 1))
    assert parameters is not None
    verdict = put_in_force(rule, parameters).judge({"points": 51, "supervisors": 1})
    assert shown(verdict) == {
        "verdict": "breach", "severity": "major", "measured": 1, "required": 2, "missing": [], "lacking": [],
    }  # fmt: skip
