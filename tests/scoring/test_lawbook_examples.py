"""Every example in every shipped rule file."""

from datetime import date

import pytest

from hengjian.scoring.domain.examples import check_example, shown
from hengjian.scoring.domain.judging import put_in_force
from hengjian.scoring.domain.rules import Rule
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


def test_rules_of_the_pack() -> None:
    """The capability rules are in force from 1 October 2025, in the province and below, and not elsewhere."""
    ids = [*(f"C-{number:02}" for number in range(1, 16)), "C-17", "C-18"]
    assert [rule.id for rule in BOOK.rules_in_force(region="650102", on=date(2025, 10, 1))] == ids
    assert BOOK.rules_in_force(region="650102", on=date(2025, 9, 30)) == ()
    assert BOOK.rules_in_force(region="110101", on=date(2026, 1, 1)) == ()
    assert [rule.id for rule in BOOK.rules_in_force(on=date(2026, 11, 20))] == ids


def test_a_wrong_example_is_noticed() -> None:
    """The check can fail: with another limit the same example comes out otherwise."""
    rule = BOOK.find("C-04")[0][1]
    parameters = rule.resolve("65", date(2026, 1, 1))
    assert parameters is not None
    verdict = put_in_force(rule, parameters).judge({"points": 51, "supervisors": 1})
    assert shown(verdict) == {
        "verdict": "breach", "severity": "major", "measured": 1, "required": 2, "missing": [], "lacking": [],
    }  # fmt: skip
