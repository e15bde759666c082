"""The steps that people take with a finding: who may take which one when, and what it is afterwards.

Four eyes: a reviewer decides what an inspector proposed, never the same person; whoever took part in a decision takes
no part in deciding the objection against it, and none who took part in either decides the appeal, which is the upper
bureau's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace

from hengjian.platform.calendar import Calendar, add_working_days
from hengjian.scoring.domain.finding_life import (
    ON_APPEAL,
    PROPOSED,
    Act,
    Doer,
    Life,
    Refusal,
    State,
    undue,
    upper_region,
    withdrawn,
)

STATEMENT_DAYS = 5
OBJECTION_DAYS = 15
APPEAL_DAYS = 10
"""Working days for a statement, for the decision on an objection or appeal, and to appeal (rules E5, our proposal)."""

_UNDECIDED = frozenset({State.NOTIFIED, State.STATED})
_STANDING = frozenset({State.CONFIRMED, State.RECTIFIED})


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
    """One objection against the same facts; what follows its decision is the appeal."""
    free = life.state in _STANDING and not life.contested and not life.heard
    return None if free else Refusal.STATE


def _appealing(life: Life, _doer: Doer, on: date) -> Refusal | None:
    if life.state not in _STANDING or life.contested or life.appeal_until is None:
        return Refusal.STATE
    return Refusal.APPEAL_PERIOD if on > life.appeal_until else None


def _proposing(life: Life, doer: Doer, on: date) -> Refusal | None:
    """Nobody proposes a decision before the institution has answered or had its days to answer."""
    if life.objected:
        return Refusal.DECIDED_BEFORE if doer.actor in life.deciders else None
    if life.state not in _UNDECIDED:
        return Refusal.STATE
    waiting = life.state is State.NOTIFIED and life.due_on is not None and on <= life.due_on
    return Refusal.STATEMENT_PERIOD if waiting else None


def _proposing_suspension(life: Life, doer: Doer, on: date) -> Refusal | None:
    if life.contested:
        return Refusal.STATE
    return None if life.state is State.CONFIRMED else _proposing(life, doer, on)


def _proposing_on_appeal(life: Life, doer: Doer, _on: date) -> Refusal | None:
    if life.appeal_to is None:
        return Refusal.STATE
    return _not_of_the_upper_bureau(life, doer)


def _not_of_the_upper_bureau(life: Life, doer: Doer) -> Refusal | None:
    """An appeal is decided by people of that upper bureau who took no part before."""
    if doer.region != life.appeal_to:
        return Refusal.UPPER_BUREAU
    return Refusal.DECIDED_BEFORE if doer.actor in life.deciders else None


def _deciding(wanted: Act | None) -> Callable[[Life, Doer, date], Refusal | None]:
    def refuses(life: Life, doer: Doer, _on: date) -> Refusal | None:
        if life.proposal is None or wanted not in {None, life.proposal}:
            return Refusal.NO_PROPOSAL
        if doer.actor == life.proposed_by:
            return Refusal.SAME_PERSON
        if life.appeal_to is not None:
            return _not_of_the_upper_bureau(life, doer)
        return Refusal.DECIDED_BEFORE if life.objected and doer.actor in life.deciders else None

    return refuses


def _verifying(life: Life, _doer: Doer, _on: date) -> Refusal | None:
    return None if life.state is State.RECTIFIED and not life.contested else Refusal.STATE


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


def _appealed(life: Life, _doer: Doer, moment: Moment) -> Life:
    upper = upper_region(life.decided_in or "")
    with_it = replace(withdrawn(life), appeal_to=upper, appeal_until=None, frozen_on=moment.on)
    return _due(with_it, moment, OBJECTION_DAYS)


def _proposed(act: Act) -> Callable[[Life, Doer, Moment], Life]:
    return lambda life, doer, moment: replace(life, proposal=PROPOSED[act], proposed_by=doer.actor, until=moment.until)


def _confirmed(life: Life, doer: Doer, moment: Moment) -> Life:
    """Confirmed, or upheld against an objection; then it is again what it was, and the way to the appeal is open."""
    state = life.state if life.objected else State.CONFIRMED
    now = replace(withdrawn(life), state=state, confirmed=True, objected=False, frozen_on=None)
    decided = replace(now, deciders=_deciders(life, doer), due_on=life.until, due_provisional=False)
    decided = replace(decided, decided_in=doer.region, heard=life.objected, appeal_until=None)
    if not life.objected or upper_region(doer.region) is None:
        return decided
    return replace(decided, appeal_until=add_working_days(moment.on, APPEAL_DAYS, moment.calendar).day)


def _decided_on_appeal(life: Life, doer: Doer, _moment: Moment) -> Life:
    """Upheld, or confirmed on other facts: it is again what it was, and nothing is left to appeal to."""
    now = replace(withdrawn(life), appeal_to=None, frozen_on=None, decided_in=doer.region)
    return replace(now, deciders=_deciders(life, doer), due_on=life.until, due_provisional=False)


def _dismissed(life: Life, doer: Doer, _moment: Moment) -> Life:
    off = replace(withdrawn(life), state=State.DISMISSED, confirmed=False, objected=False, frozen_on=None)
    off = replace(off, appeal_to=None, appeal_until=None)
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
    Act.APPEAL: Step("clerk", _appealing, _appealed),
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
    **{act: Step("inspector", _proposing_on_appeal, _proposed(act)) for act, to in PROPOSED.items() if to in ON_APPEAL},
    Act.UPHOLD: Step("reviewer", _deciding(Act.UPHOLD), _decided_on_appeal),
    Act.OVERTURN: Step("reviewer", _deciding(Act.OVERTURN), _dismissed),
    Act.AMEND: Step("reviewer", _deciding(Act.AMEND), _decided_on_appeal),
}
