"""Judging one subject by one rule: unknown facts, wrong types, and the two ways of judging."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengjian.scoring.domain.facts import FACTS
from hengjian.scoring.domain.values import ValueType
from hengjian.scoring.domain.verdicts import Outcome, Reason, Severity
from hengjian.scoring.errors import FactError
from hengjian.scoring.lawbook_files import load_lawbook

RULES = {rule.id: rule for rule in load_lawbook().rules_in_force(on=date(2026, 11, 20))}

OF_TYPE: Mapping[ValueType, st.SearchStrategy[object]] = {
    ValueType.INTEGER: st.integers(0, 120) | st.just(Decimal("11.00")),
    ValueType.DECIMAL: st.decimals(0, 100, places=2) | st.integers(0, 100),
    ValueType.TEXT: st.sampled_from(["", "自动监测设施", "自动监测设施运维", "运维"]),
    ValueType.DATE: st.dates(date(2025, 6, 1), date(2026, 12, 31)),
    ValueType.BOOLEAN: st.booleans() | st.sampled_from([0, 1]),
    ValueType.LIST: st.lists(st.sampled_from([code for fact in FACTS.values() for code in fact.choices]), unique=True),
}
ANY_FACTS = st.fixed_dictionaries({}, optional={name: st.none() | OF_TYPE[f.type] for name, f in FACTS.items()})
MANY_FACTS = st.fixed_dictionaries({name: OF_TYPE[fact.type] for name, fact in FACTS.items()})


@settings(max_examples=150, deadline=None)
@given(ANY_FACTS | MANY_FACTS)
def test_judge_equals_explain(facts: dict[str, object]) -> None:
    """For every rule and any facts, known or not, the fast verdict is the explained one."""
    for rule in RULES.values():
        assert rule.judge(facts) == rule.explain(facts).verdict


@settings(max_examples=100, deadline=None)
@given(MANY_FACTS, st.sampled_from(sorted(RULES)), st.data())
def test_missing_is_neither_pass_nor_breach(facts: dict[str, object], name: str, data: st.DataObject) -> None:
    """Without a needed fact a rule never passes and never breaches."""
    rule = RULES[name]
    gone = data.draw(st.sampled_from(rule.rule.inputs))
    verdict = rule.judge({**facts, gone: None})
    assert verdict.verdict in (Outcome.NO_DATA, Outcome.NOT_APPLICABLE)
    assert gone in verdict.missing or verdict.verdict is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    "facts",
    [
        {"points": 51.0, "supervisors": 1},
        {"points": "51", "supervisors": 1},
        {"points": True, "supervisors": 1},
        {"points": Decimal("51.5"), "supervisors": 1},
        {"points": Decimal("NaN"), "supervisors": 1},
        {"points": 10**30, "supervisors": 1},
    ],
)
def test_wrong_type_is_refused(facts: dict[str, object]) -> None:
    """A binary float, a text, a truth value, a part of a person, or a monstrous number is not a count."""
    with pytest.raises(FactError):
        RULES["C-04"].judge(facts)


def test_other_wrong_types() -> None:
    """A time is not a day, and a list holds texts only; a decimal must be finite."""
    with pytest.raises(FactError):
        RULES["C-07"].judge({"hired_on": datetime(2026, 1, 1, 8), "first_certificate_on": date(2026, 1, 2)})  # noqa: DTZ001 - a naive time is the point
    with pytest.raises(FactError):
        RULES["C-14"].judge({"policy_documents": ("ARCHIVES", 1)})
    with pytest.raises(FactError):
        RULES["C-01"].judge({"business_scope": "运维" * 20_000})
    with pytest.raises(FactError):
        RULES["C-02"].judge({"office_area_m2": Decimal("Infinity")})


def test_known_out_of_scope_needs_no_more() -> None:
    """Without points it does not matter that the supervisors are unknown."""
    verdict = RULES["C-04"].judge({"points": 0})
    assert (verdict.verdict, verdict.reason) == (Outcome.NOT_APPLICABLE, Reason.OUT_OF_SCOPE)


def test_all_missing_facts_are_named() -> None:
    """What is missing is named completely, so that one push can mend it."""
    assert RULES["C-11"].judge({}).missing == ("core_stock", "failure_rate_bp", "sets")


def test_empty_denominator_of_a_measure() -> None:
    """Points per technician without technicians is a critical breach without a measured value."""
    verdict = RULES["C-05"].judge({"points": 3, "technicians": 0})
    assert (verdict.severity, verdict.measured, verdict.required) == (Severity.CRITICAL, None, 8)
    assert RULES["C-05"].judge({"points": 41, "technicians": 5}).measured == Fraction(41, 5)


def test_trace_has_every_step_reached() -> None:
    """The trace gives each sub-expression with its value, part by part, and nothing that was not reached."""
    trace = RULES["C-11"].trace({"core_stock": 1, "failure_rate_bp": 0, "sets": 3})
    require = [(step.expression, step.value) for step in trace if step.part == "require"]
    assert require == [
        ("failure_rate_bp", 0),
        ("failure_rate_bp == 0", True),
        ("failure_rate_bp == 0 or core_stock * basis_points > failure_rate_bp * sets", True),
    ]


def test_facts_of_other_rules_are_ignored() -> None:
    """One mapping of facts serves all rules."""
    assert RULES["C-03"].judge({"technicians": 5, "points": "not a number"}).verdict is Outcome.PASS
