"""The life of a finding: every step against a second description of it, and what no history may ever show."""

from datetime import date, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from hengjian.platform.calendar import add_working_days
from hengjian.platform.calendar_files import load_calendar
from hengjian.scoring.domain.finding_life import (
    ON_APPEAL,
    PROPOSED,
    Act,
    Doer,
    Life,
    Refusal,
    State,
    ended,
    recurred,
    rejudged,
)
from hengjian.scoring.domain.finding_steps import STEPS, Moment, refusal, take

CALENDAR = load_calendar()
TODAY = date(2026, 11, 20)
PEOPLE = [Doer(f"{role}{n}", frozenset({role}), "6501") for role in ("inspector", "reviewer", "clerk") for n in (1, 2)]
PEOPLE.append(Doer("both", frozenset({"inspector", "reviewer"}), "6501"))
UPPER = [Doer(f"upper {role}", frozenset({role}), "65") for role in ("inspector", "reviewer")]
PEOPLE += UPPER
INSPECTOR, REVIEWER, CLERK, BOTH = PEOPLE[0], PEOPLE[2], PEOPLE[4], PEOPLE[6]
NOW = Moment(TODAY, CALENDAR)
# From which states each step leads where, as the glossary and design tell the story; a pending proposal is assumed.
STORY = {
    Act.NOTIFY: {State.DETECTED: State.NOTIFIED},
    Act.STATE: {State.NOTIFIED: State.STATED, State.STATED: State.STATED},
    Act.OBJECT: {State.CONFIRMED: State.CONFIRMED, State.RECTIFIED: State.RECTIFIED},
    Act.PROPOSE_CONFIRM: {State.NOTIFIED: State.NOTIFIED, State.STATED: State.STATED},
    Act.PROPOSE_DISMISS: {State.NOTIFIED: State.NOTIFIED, State.STATED: State.STATED},
    Act.PROPOSE_SUSPEND: {s: s for s in (State.NOTIFIED, State.STATED, State.CONFIRMED)},
    Act.RESUME: {State.SUSPENDED: State.DETECTED},
    Act.VERIFY: {State.RECTIFIED: State.VERIFIED},
    Act.CLOSE: {State.VERIFIED: State.CLOSED},
    Act.APPEAL: {},
    Act.PROPOSE_UPHOLD: {},
}
DECISIONS = {Act.CONFIRM: State.CONFIRMED, Act.DISMISS: State.DISMISSED, Act.SUSPEND: State.SUSPENDED}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("act", STORY)
def test_each_step_leads_where_the_story_says(state: State, act: Act) -> None:
    """Every state with every step that needs no proposal: allowed as told, refused for its state otherwise."""
    doer = next(one for one in PEOPLE if STEPS[act].role in one.roles)
    life = Life(state=state)
    if state in STORY[act]:
        assert take(life, act, doer, NOW).state is STORY[act][state]
    else:
        assert refusal(life, act, doer, on=TODAY) is Refusal.STATE


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("doer", PEOPLE, ids=lambda doer: doer.actor)
def test_nobody_takes_a_step_of_another_role(act: Act, doer: Doer) -> None:
    """Whatever the state, the role comes first."""
    for state in State:
        refused = refusal(Life(state=state), act, doer, on=TODAY) is Refusal.ROLE
        assert refused == (STEPS[act].role not in doer.roles)


@pytest.mark.parametrize("act", DECISIONS)
def test_a_reviewer_decides_what_somebody_else_proposed(act: Act) -> None:
    """No proposal, another proposal, or one's own: refused."""
    life = Life(state=State.STATED)
    assert refusal(life, act, REVIEWER, on=TODAY) is Refusal.NO_PROPOSAL
    proposal = {"confirm": Act.PROPOSE_CONFIRM, "dismiss": Act.PROPOSE_DISMISS, "suspend": Act.PROPOSE_SUSPEND}[act]
    proposed = take(life, proposal, BOTH, NOW)
    assert refusal(proposed, act, BOTH, on=TODAY) is Refusal.SAME_PERSON
    for other in DECISIONS.keys() - {act}:
        assert refusal(proposed, other, REVIEWER, on=TODAY) is Refusal.NO_PROPOSAL
    assert take(proposed, act, REVIEWER, NOW).state is DECISIONS[act]
    assert take(proposed, Act.RETURN, REVIEWER, NOW) == life


def test_the_institution_has_five_working_days_before_anybody_proposes() -> None:
    """Notified on a Friday: the next Friday is still its own, the Saturday after is not."""
    notified = take(Life(), Act.NOTIFY, INSPECTOR, NOW)
    assert notified.due_on == date(2026, 11, 27)
    last = Moment(date(2026, 11, 27), CALENDAR)
    assert refusal(notified, Act.PROPOSE_CONFIRM, INSPECTOR, on=last.on) is Refusal.STATEMENT_PERIOD
    assert refusal(notified, Act.PROPOSE_CONFIRM, INSPECTOR, on=date(2026, 11, 28)) is None
    stated = take(notified, Act.STATE, CLERK, last)
    assert refusal(stated, Act.PROPOSE_CONFIRM, INSPECTOR, on=last.on) is None


def test_an_objection_is_decided_by_others_and_freezes_meanwhile() -> None:
    """Fifteen working days, into a year whose days off are not settled; neither of the first two may take part."""
    proposed = take(Life(state=State.STATED), Act.PROPOSE_CONFIRM, INSPECTOR, NOW)
    late = Moment(date(2026, 12, 18), CALENDAR)
    objected = take(take(proposed, Act.CONFIRM, REVIEWER, NOW), Act.OBJECT, CLERK, late)
    wanted = add_working_days(late.on, 15, CALENDAR)
    assert (objected.due_on, objected.due_provisional, objected.frozen_on) == (wanted.day, True, late.on)
    assert refusal(objected, Act.PROPOSE_DISMISS, INSPECTOR, on=late.on) is Refusal.DECIDED_BEFORE
    again = take(objected, Act.PROPOSE_DISMISS, PEOPLE[1], late)
    assert refusal(again, Act.DISMISS, REVIEWER, on=late.on) is Refusal.DECIDED_BEFORE
    won = take(again, Act.DISMISS, PEOPLE[3], late)
    assert (won.state, won.confirmed, won.frozen_on) == (State.DISMISSED, False, None)


def appealed(on: date = TODAY) -> Life:
    """A confirmation, upheld against an objection by two others, and the appeal against it."""
    life = take(take(Life(state=State.STATED), Act.PROPOSE_CONFIRM, INSPECTOR, NOW), Act.CONFIRM, REVIEWER, NOW)
    life = take(life, Act.OBJECT, CLERK, NOW)
    upheld = take(take(life, Act.PROPOSE_CONFIRM, PEOPLE[1], NOW), Act.CONFIRM, PEOPLE[3], NOW)
    assert upheld.appeal_until == date(2026, 12, 4)
    assert refusal(upheld, Act.OBJECT, CLERK, on=TODAY) is Refusal.STATE
    return take(upheld, Act.APPEAL, CLERK, Moment(on, CALENDAR))


def test_an_appeal_is_open_for_ten_working_days_after_the_objection_is_decided() -> None:
    """The tenth is the institution's own, the day after is not; the item is frozen from the day of the appeal."""
    last = date(2026, 12, 4)
    assert appealed(last).frozen_on == last
    with pytest.raises(ValueError, match="appeal_period"):
        appealed(last + timedelta(days=1))


@pytest.mark.parametrize("outcome", sorted(ON_APPEAL))
def test_an_appeal_is_decided_by_two_people_of_the_upper_bureau(outcome: Act) -> None:
    """Nobody of the lower bureau, nobody who took part before, and never one person alone."""
    life = appealed()
    proposal = next(act for act, to in PROPOSED.items() if to is outcome)
    assert life.appeal_to == "65"
    assert (
        refusal(life, proposal, Doer("inspector9", frozenset({"inspector"}), "6501"), on=TODAY) is Refusal.UPPER_BUREAU
    )
    moved = Doer("inspector1", frozenset({"inspector"}), "65")
    assert refusal(life, proposal, moved, on=TODAY) is Refusal.DECIDED_BEFORE
    proposed = take(life, proposal, UPPER[0], NOW)
    assert (
        refusal(proposed, outcome, Doer("reviewer9", frozenset({"reviewer"}), "6501"), on=TODAY) is Refusal.UPPER_BUREAU
    )
    assert (
        refusal(proposed, outcome, Doer(UPPER[0].actor, frozenset({"reviewer"}), "65"), on=TODAY) is Refusal.SAME_PERSON
    )
    decided = take(proposed, outcome, UPPER[1], NOW)
    assert decided.state is (State.DISMISSED if outcome is Act.OVERTURN else State.CONFIRMED)
    assert (decided.appeal_to, decided.frozen_on, decided.contested) == (None, None, False)
    assert refusal(decided, Act.APPEAL, CLERK, on=TODAY) is Refusal.STATE


def test_there_is_no_bureau_above_a_province() -> None:
    """What a province decides on an objection leaves no appeal inside the platform."""
    life = Life(state=State.CONFIRMED, confirmed=True, objected=True, deciders=frozenset("ab"))
    upheld = take(take(life, Act.PROPOSE_CONFIRM, UPPER[0], NOW), Act.CONFIRM, UPPER[1], NOW)
    assert refusal(upheld, Act.APPEAL, CLERK, on=TODAY) is Refusal.STATE


@pytest.mark.parametrize(
    ("life", "then"),
    [
        (Life(state=State.STATED), State.CLOSED),
        (Life(state=State.CONFIRMED, confirmed=True), State.RECTIFIED),
        (Life(state=State.SUSPENDED, confirmed=True), State.RECTIFIED),
        (Life(state=State.SUSPENDED), State.CLOSED),
        (Life(state=State.DISMISSED), State.DISMISSED),
    ],
)
def test_an_ended_breach_is_rectified_only_where_it_was_confirmed(life: Life, then: State) -> None:
    """What nobody confirmed is closed; a dismissal stands."""
    assert ended(life).state is then


def test_a_dismissal_stands_while_its_facts_do() -> None:
    """The same facts change nothing, other facts begin anew; a confirmation is in force again when the breach lasts."""
    dismissed = Life(state=State.DISMISSED, deciders=frozenset("ab"))
    assert rejudged(dismissed, new_facts=False) == recurred(dismissed, new_facts=False) == dismissed
    assert rejudged(dismissed, new_facts=True) == Life()
    verified = Life(state=State.VERIFIED, confirmed=True, verified_by="a")
    assert recurred(verified, new_facts=True).state is State.CONFIRMED


class AnyLife(RuleBasedStateMachine):
    """Whoever tries whatever in whatever order, with the engine judging between."""

    def __init__(self) -> None:
        super().__init__()
        self.life, self.on = Life(), TODAY
        self.objection_against: frozenset[str] = frozenset()

    @rule(act=some.sampled_from(Act), doer=some.sampled_from(PEOPLE), days=some.integers(0, 12))
    def somebody_tries(self, act: Act, doer: Doer, days: int) -> None:
        self.on += timedelta(days=days)
        moment = Moment(self.on, CALENDAR, self.on + timedelta(days=30))
        before = self.life
        if refusal(before, act, doer, on=self.on) is not None:
            with pytest.raises(ValueError, match="refused"):
                take(before, act, doer, moment)
            return
        self.life = take(before, act, doer, moment)
        assert STEPS[act].role in doer.roles
        if before.appeal_to is not None and act in PROPOSED.keys() | set(PROPOSED.values()):
            assert act in ON_APPEAL or PROPOSED.get(act) in ON_APPEAL
            assert doer.region == before.appeal_to
            assert doer.actor not in before.deciders
        if act in DECISIONS or act in ON_APPEAL:
            assert before.proposed_by not in {None, doer.actor}
            assert not before.objected or not {doer.actor, before.proposed_by} & before.deciders
        if act is Act.CLOSE:
            assert before.verified_by != doer.actor

    @rule(new=some.booleans(), turn=some.sampled_from(["ended", "recurred", "rejudged"]))
    def the_engine_judges(self, new: bool, turn: str) -> None:
        before = self.life
        if turn == "ended":
            self.life = ended(before)
        else:
            self.life = (recurred if turn == "recurred" else rejudged)(before, new_facts=new)
        if not new and before.state is State.DISMISSED:
            assert self.life == before
        assert self.life.confirmed == before.confirmed or not before.confirmed

    @invariant()
    def what_stands_is_sound(self) -> None:
        life = self.life
        assert not life.confirmed or len(life.deciders) >= 2
        assert life.state not in {State.CONFIRMED, State.RECTIFIED, State.VERIFIED} or life.confirmed
        assert (life.proposal is None) == (life.proposed_by is None)
        assert (life.frozen_on is not None) == (life.state is State.SUSPENDED or life.contested)
        assert not life.contested or (life.confirmed and life.due_on is not None)
        assert not (life.objected and life.appeal_to)
        assert life.appeal_until is None or len(life.deciders) >= 4
        assert (life.resume_to is not None) == (life.state is State.SUSPENDED)


AnyLife.TestCase.settings = settings(max_examples=300, stateful_step_count=40)
test_any_history = AnyLife.TestCase
