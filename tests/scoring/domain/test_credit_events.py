"""Credit events by their steps alone: four eyes whatever is tried, and nothing that a single person can settle."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from hengjian.scoring.domain.credit_events import (
    ENGINE,
    CreditAct,
    CreditRefusal,
    EventKind,
    EventStanding,
    Status,
    StepTaken,
    fold,
    refusal,
)

ON = date(2026, 11, 20)
BOTH = frozenset({"inspector", "reviewer"})
TRIES = st.lists(
    st.builds(
        StepTaken,
        act=st.sampled_from(CreditAct),
        actor=st.sampled_from(["a", "b"]),
        on_day=st.just(ON),
        document_no=st.just("决1"),
        reason=st.just("理由"),
    ),
    max_size=12,
)


def lived(kind: EventKind, entered_by: str, tries: list[StepTaken]) -> tuple[EventStanding, list[StepTaken]]:
    """The event after every step that was not refused, with those steps."""
    standing, taken = EventStanding(kind=kind, entered_by=entered_by), list[StepTaken]()
    for step in tries:
        if refusal(standing, step, roles=BOTH, on=ON) is None:
            standing = fold(standing, [step])
            taken.append(step)
    return standing, taken


@given(st.sampled_from(EventKind), st.sampled_from(["a", ENGINE]), TRIES)
def test_no_one_person_settles_anything(kind: EventKind, entered_by: str, tries: list[StepTaken]) -> None:
    """Whoever holds both roles still needs another person for each settlement, and the fold forgets nothing."""
    standing, taken = lived(kind, entered_by if kind is EventKind.VETO else "a", tries)
    people = {step.actor for step in taken} | {"a"} if kind is not EventKind.VETO else {step.actor for step in taken}
    settled = standing.status is not Status.WAITING or standing.repaired_on is not None
    assert not settled or len(people) == 2
    assert standing.steps == len(taken)
    begun = EventStanding(kind=kind, entered_by=standing.entered_by)
    assert fold(begun, taken) == standing


@given(st.sampled_from(EventKind), TRIES)
def test_what_is_declined_or_annulled_stays_so(kind: EventKind, tries: list[StepTaken]) -> None:
    """No step brings it back: a new event is entered instead."""
    standing, _ = lived(kind, "a", tries)
    if standing.status in {Status.DECLINED, Status.ANNULLED}:
        for act in CreditAct:
            step = StepTaken(act=act, actor="c", on_day=ON, document_no="决1", reason="理由")
            assert refusal(standing, step, roles=BOTH, on=ON) in {CreditRefusal.STATE, CreditRefusal.NO_PROPOSAL}


def test_a_veto_needs_its_document_and_day() -> None:
    """The engine's proposal cannot be decided before a person has named both."""
    veto = EventStanding(kind=EventKind.VETO, entered_by=ENGINE)
    bare = StepTaken(act=CreditAct.PROPOSE_DECIDE, actor="a")
    assert refusal(veto, bare, roles=BOTH, on=ON) is CreditRefusal.DAY
    dated = StepTaken(act=CreditAct.PROPOSE_DECIDE, actor="a", on_day=ON)
    assert refusal(veto, dated, roles=BOTH, on=ON) is CreditRefusal.DOCUMENT
    assert refusal(veto, StepTaken(act=CreditAct.DECIDE, actor="b"), roles=BOTH, on=ON) is CreditRefusal.NO_PROPOSAL
    assert refusal(veto, bare, roles=frozenset({"reviewer"}), on=ON) is CreditRefusal.ROLE
