"""The steps that people take with a finding: who may take which one when, and what it is afterwards.

Four eyes: a reviewer decides what an inspector proposed, never the same person; whoever took part in a decision takes
no part in deciding the objection against it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from hengjian.platform.calendar import Calendar, add_working_days
from hengjian.scoring.domain.finding_life import PROPOSED, Act, Doer, Life, Refusal, State, undue, withdrawn

STATEMENT_DAYS = 5
OBJECTION_DAYS = 15
"""Working days for a statement, and for the decision on an objection (rules E5, our proposal)."""

_UNDECIDED = frozenset({State.NOTIFIED, State.STATED})


@dataclass(frozen=True, slots=True)
class Moment:
    """When a step is taken: the legal day, the calendar, and with a proposal the day by which or until which."""

    on: date
    calendar: Calendar
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Whose step it is, why it may be refused, and what it makes of a finding."""

    role: str
    refuses: Callable[[Life, Doer, date], Refusal | None]
    after: Callable[[Life, Doer, Moment], Life]


def refusal(life: Life, act: Act, doer: Doer, *, on: date) -> Refusal | None:
    """Why somebody may not take a step on a day, or None when they may."""
    step = STEPS[act]
    return step.refuses(life, doer, on) if step.role in doer.roles else Refusal.ROLE


def take(life: Life, act: Act, doer: Doer, moment: Moment) -> Life:
    """The finding after a step.

    Raises:
        ValueError: the step is refused; ask `refusal` first.
    """
    if (why := refusal(life, act, doer, on=moment.on)) is not None:
        raise ValueError(f"{act} is refused: {why}")
    return STEPS[act].after(life, doer, moment)


def _in(*states: State) -> Callable[[Life, Doer, date], Refusal | None]:
    return lambda life, _doer, _on: None if life.state in states else Refusal.STATE


def _stating(life: Life, _doer: Doer, _on: date) -> Refusal | None:
    return None if life.state in _UNDECIDED and life.proposal is None else Refusal.STATE


def _objecting(life: Life, _doer: Doer, _on: date) -> Refusal | None:
    return None if life.state in {State.CONFIRMED, State.RECTIFIED} and not life.objected else Refusal.STATE


def _proposing(life: Life, doer: Doer, on: date) -> Refusal | None:
    """Nobody proposes a decision before the institution has answered or had its days to answer."""
    if life.objected:
        return Refusal.DECIDED_BEFORE if doer.actor in life.deciders else None
    if life.state not in _UNDECIDED:
        return Refusal.STATE
    waiting = life.state is State.NOTIFIED and life.due_on is not None and on <= life.due_on
    return Refusal.STATEMENT_PERIOD if waiting else None


def _proposing_suspension(life: Life, doer: Doer, on: date) -> Refusal | None:
    if life.objected:
        return Refusal.STATE
    return None if life.state is State.CONFIRMED else _proposing(life, doer, on)


def _deciding(wanted: Act | None) -> Callable[[Life, Doer, date], Refusal | None]:
    def refuses(life: Life, doer: Doer, _on: date) -> Refusal | None:
        if life.proposal is None or wanted not in {None, life.proposal}:
            return Refusal.NO_PROPOSAL
        if doer.actor == life.proposed_by:
            return Refusal.SAME_PERSON
        return Refusal.DECIDED_BEFORE if life.objected and doer.actor in life.deciders else None

    return refuses


def _verifying(life: Life, _doer: Doer, _on: date) -> Refusal | None:
    return None if life.state is State.RECTIFIED and not life.objected else Refusal.STATE


def _closing(life: Life, doer: Doer, _on: date) -> Refusal | None:
    if life.state is not State.VERIFIED:
        return Refusal.STATE
    return Refusal.SAME_PERSON if doer.actor == life.verified_by else None


def _notified(life: Life, _doer: Doer, moment: Moment) -> Life:
    return _due(replace(life, state=State.NOTIFIED), moment, STATEMENT_DAYS)


def _stated(life: Life, _doer: Doer, _moment: Moment) -> Life:
    return undue(replace(life, state=State.STATED))


def _objected(life: Life, _doer: Doer, moment: Moment) -> Life:
    return _due(replace(withdrawn(life), objected=True, frozen_on=moment.on), moment, OBJECTION_DAYS)


def _proposed(act: Act) -> Callable[[Life, Doer, Moment], Life]:
    return lambda life, doer, moment: replace(life, proposal=PROPOSED[act], proposed_by=doer.actor, until=moment.until)


def _confirmed(life: Life, doer: Doer, _moment: Moment) -> Life:
    """Confirmed, or upheld against an objection; then it is again what it was."""
    state = life.state if life.objected else State.CONFIRMED
    now = replace(withdrawn(life), state=state, confirmed=True, objected=False, frozen_on=None)
    return replace(now, deciders=_deciders(life, doer), due_on=life.until, due_provisional=False)


def _dismissed(life: Life, doer: Doer, _moment: Moment) -> Life:
    off = replace(withdrawn(life), state=State.DISMISSED, confirmed=False, objected=False, frozen_on=None)
    return undue(replace(off, deciders=_deciders(life, doer)))


def _suspended(life: Life, _doer: Doer, moment: Moment) -> Life:
    held = replace(withdrawn(life), state=State.SUSPENDED, resume_to=life.state, frozen_on=moment.on)
    return replace(held, due_on=life.until, due_provisional=False)


def _resumed(life: Life, _doer: Doer, _moment: Moment) -> Life:
    return undue(replace(life, state=life.resume_to or State.DETECTED, resume_to=None, frozen_on=None))


def _verified(life: Life, doer: Doer, _moment: Moment) -> Life:
    return undue(replace(life, state=State.VERIFIED, verified_by=doer.actor))


def _closed(life: Life, _doer: Doer, _moment: Moment) -> Life:
    return undue(replace(life, state=State.CLOSED))


def _returned(life: Life, _doer: Doer, _moment: Moment) -> Life:
    return withdrawn(life)


def _deciders(life: Life, doer: Doer) -> frozenset[str]:
    return life.deciders | {doer.actor} | ({life.proposed_by} if life.proposed_by else set())


def _due(life: Life, moment: Moment, days: int) -> Life:
    deadline = add_working_days(moment.on, days, moment.calendar)
    return replace(life, due_on=deadline.day, due_provisional=deadline.provisional)


STEPS: Mapping[Act, Step] = {
    Act.NOTIFY: Step("inspector", _in(State.DETECTED), _notified),
    Act.STATE: Step("clerk", _stating, _stated),
    Act.OBJECT: Step("clerk", _objecting, _objected),
    Act.PROPOSE_CONFIRM: Step("inspector", _proposing, _proposed(Act.PROPOSE_CONFIRM)),
    Act.PROPOSE_DISMISS: Step("inspector", _proposing, _proposed(Act.PROPOSE_DISMISS)),
    Act.PROPOSE_SUSPEND: Step("inspector", _proposing_suspension, _proposed(Act.PROPOSE_SUSPEND)),
    Act.CONFIRM: Step("reviewer", _deciding(Act.CONFIRM), _confirmed),
    Act.DISMISS: Step("reviewer", _deciding(Act.DISMISS), _dismissed),
    Act.SUSPEND: Step("reviewer", _deciding(Act.SUSPEND), _suspended),
    Act.RETURN: Step("reviewer", _deciding(None), _returned),
    Act.RESUME: Step("inspector", _in(State.SUSPENDED), _resumed),
    Act.VERIFY: Step("inspector", _verifying, _verified),
    Act.CLOSE: Step("reviewer", _closing, _closed),
}
