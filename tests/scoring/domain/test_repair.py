"""Credit repair by its rules: from which day, by which two people, and what it changes in a score."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengjian.scoring.domain.credit_history import CountedFinding, VetoDecision
from hengjian.scoring.domain.finding_life import Life, State
from hengjian.scoring.domain.functions import add_months
from hengjian.scoring.domain.repair import (
    RepairAct,
    RepairRefusal,
    RepairState,
    RepairStep,
    application_refusal,
    finding_repairable,
    repair_after,
    repair_refusal,
)
from hengjian.scoring.domain.verdicts import Severity

DAY = date(2026, 11, 20)
BOTH = frozenset({"inspector", "reviewer"})
PROPOSED = RepairStep(act=RepairAct.PROPOSE_GRANT, actor="a", on_day=DAY, document_no="修1", reason="已整改")
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
STEPS = st.lists(
    st.builds(RepairStep, act=st.sampled_from(RepairAct), actor=st.sampled_from("ab"), on_day=st.none() | DAYS,
              document_no=st.sampled_from(["", "修1"]), reason=st.sampled_from(["", "因"])),
    max_size=8,
)  # fmt: skip


@given(STEPS, DAYS, DAYS)
def test_nothing_is_granted_by_one_person_or_too_early(steps: list[RepairStep], possible_from: date, on: date) -> None:
    """Whatever people try: what is granted was proposed by another, by a document, from a lawful day on."""
    taken: list[RepairStep] = []
    for step in steps:
        if repair_refusal(repair_after(taken), step, roles=BOTH, possible_from=possible_from, on=on) is None:
            taken.append(step)
    standing = repair_after(taken)
    assert standing.steps == len(taken)
    if standing.state is RepairState.GRANTED:
        proposal, grant = taken[-2:]
        assert (proposal.act, grant.act) == (RepairAct.PROPOSE_GRANT, RepairAct.GRANT)
        assert proposal.actor != grant.actor
        assert proposal.document_no
        assert proposal.on_day is not None
        assert possible_from <= proposal.on_day <= on
    decided = [step.act for step in taken if step.act in {RepairAct.GRANT, RepairAct.REFUSE}]
    assert len(decided) <= 1


@pytest.mark.parametrize(
    ("change", "roles", "reason"),
    [({"on_day": DAY - timedelta(1)}, BOTH, RepairRefusal.TOO_EARLY), ({"on_day": None}, BOTH, RepairRefusal.DAY),
     ({"on_day": DAY + timedelta(1)}, BOTH, RepairRefusal.DAY), ({"document_no": " "}, BOTH, RepairRefusal.DOCUMENT),
     ({"reason": " "}, BOTH, RepairRefusal.REASON), ({}, frozenset({"clerk"}), RepairRefusal.ROLE),
     ({"act": RepairAct.GRANT}, BOTH, RepairRefusal.NO_PROPOSAL)],
)  # fmt: skip
def test_a_proposal_says_what_it_must(change: dict[str, Any], roles: frozenset[str], reason: RepairRefusal) -> None:
    """Role, reason, document and day: each missing one has its own refusal."""
    said: dict[str, Any] = {"act": PROPOSED.act, "actor": "a", "on_day": DAY, "document_no": "修1", "reason": "因"}
    step = RepairStep(**said | change)
    assert repair_refusal(repair_after([]), step, roles=roles, possible_from=DAY, on=DAY) is reason


def test_a_person_does_not_decide_what_they_proposed() -> None:
    """Not even with both roles."""
    grant = RepairStep(act=RepairAct.GRANT, actor="a")
    told = repair_refusal(repair_after([PROPOSED]), grant, roles=BOTH, possible_from=DAY, on=DAY)
    assert told is RepairRefusal.SAME_PERSON


@given(DAYS, DAYS)
def test_an_application_waits_for_its_day(possible_from: date, on: date) -> None:
    """Before it, too early; a matter without a day yet has its reason; one application at a time."""
    told = application_refusal(possible_from, duty_open=False, waits=False, on=on)
    assert (told is RepairRefusal.TOO_EARLY) == (on < possible_from)
    assert application_refusal(None, duty_open=True, waits=False, on=on) is RepairRefusal.DUTY_OPEN
    assert application_refusal(possible_from, duty_open=False, waits=True, on=on) is RepairRefusal.WAITS_ALREADY


def test_only_a_minor_finding_that_still_counts_is_repaired() -> None:
    """Confirmed, lasting, not contested, not repaired before."""
    life = Life(state=State.CONFIRMED, confirmed=True)
    assert finding_repairable(life, minor=True)
    assert not finding_repairable(life, minor=False)
    for other in (
        Life(state=State.RECTIFIED, confirmed=True),
        Life(state=State.CONFIRMED, confirmed=True, objected=True),
        Life(state=State.CONFIRMED, confirmed=True, appeal_to="65"),
        Life(state=State.CONFIRMED, confirmed=True, repaired_on=DAY),
        Life(state=State.DETECTED),
    ):
        assert not finding_repairable(other, minor=True)


@given(st.sampled_from(Severity), DAYS, DAYS)
def test_a_repaired_minor_finding_counts_no_later_month(severity: Severity, repaired_on: date, as_of: date) -> None:
    """Graver ones go on counting, whatever was repaired."""
    finding = CountedFinding(
        rule="C-01", subject="s", severity=severity, dimension="D1", first_day=date(2025, 1, 1), last_day=None,
        repaired_on=repaired_on,
    )  # fmt: skip
    assert finding.last_counted(as_of) == (min(as_of, repaired_on) if severity is Severity.MINOR else as_of)


@given(DAYS, st.none() | DAYS, DAYS)
def test_grade_d_ends_by_application_and_never_before_six_months(
    decided_on: date, regraded_on: date | None, on: date
) -> None:
    """Time alone ends nothing, and a decision on an application nothing within the six months."""
    veto = VetoDecision(item="x", document_no="决1", decided_on=decided_on, regraded_on=regraded_on)
    holds = veto.holds(on, months=6)
    if on < decided_on:
        assert not holds
    elif on < add_months(decided_on, 6) or regraded_on is None:
        assert holds
    else:
        assert holds == (on < regraded_on)
