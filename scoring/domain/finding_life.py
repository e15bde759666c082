"""The life of a finding: where it can stand, and what a new judgement does to it.

The engine never undoes what people decided while the same facts hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class State(StrEnum):
    """检出, 已通知, 已陈述, 已确认, 已驳回, 已整改, 已核验, 已关闭, 已暂缓."""

    DETECTED = "detected"
    NOTIFIED = "notified"
    STATED = "stated"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    RECTIFIED = "rectified"
    VERIFIED = "verified"
    CLOSED = "closed"
    SUSPENDED = "suspended"


class Act(StrEnum):
    """A step that a person takes."""

    NOTIFY = "notify"
    STATE = "state"
    OBJECT = "object"
    PROPOSE_CONFIRM = "propose_confirm"
    PROPOSE_DISMISS = "propose_dismiss"
    PROPOSE_SUSPEND = "propose_suspend"
    CONFIRM = "confirm"
    DISMISS = "dismiss"
    SUSPEND = "suspend"
    RETURN = "return"
    RESUME = "resume"
    VERIFY = "verify"
    CLOSE = "close"


class Refusal(StrEnum):
    """Why a step cannot be taken."""

    ROLE = "role"
    STATE = "state"
    STATEMENT_PERIOD = "statement_period"
    NO_PROPOSAL = "no_proposal"
    SAME_PERSON = "same_person"
    DECIDED_BEFORE = "decided_before"
    ONE_BY_ONE = "one_by_one"


PROPOSED: Mapping[Act, Act] = {
    Act.PROPOSE_CONFIRM: Act.CONFIRM,
    Act.PROPOSE_DISMISS: Act.DISMISS,
    Act.PROPOSE_SUSPEND: Act.SUSPEND,
}


@dataclass(frozen=True, slots=True)
class Doer:
    """Who takes a step; `actor` is one person (or key), `roles` what they may do."""

    actor: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """Where a finding stands.

    Attributes:
        proposal: what an inspector proposed and no reviewer has decided yet.
        until: the day proposed with it: rectify by, or suspended until.
        confirmed: a confirmation is in force, also after rectification and while suspended.
        deciders: who proposed and decided what stands now.
        resume_to: where a suspension began.
        frozen_on: from this day on no further day counts (suspension, or an objection not yet decided).
        objected: an objection waits for its decision.
        due_on: the last day for the next step; `due_provisional` when the calendar of its year may still change.
    """

    state: State = State.DETECTED
    proposal: Act | None = None
    proposed_by: str | None = None
    until: date | None = None
    confirmed: bool = False
    deciders: frozenset[str] = frozenset()
    verified_by: str | None = None
    resume_to: State | None = None
    frozen_on: date | None = None
    objected: bool = False
    due_on: date | None = None
    due_provisional: bool = False


def ended(life: Life) -> Life:
    """The breach has ended: what was confirmed is rectified, what nobody confirmed is closed, a dismissal stays."""
    if life.state in {State.DISMISSED, State.RECTIFIED, State.VERIFIED, State.CLOSED}:
        return life
    if not life.confirmed:
        return undue(replace(withdrawn(life), state=State.CLOSED, resume_to=None, frozen_on=None))
    stays = life if life.objected else undue(replace(withdrawn(life), frozen_on=None))
    return replace(stays, state=State.RECTIFIED, resume_to=None)


def recurred(life: Life, *, new_facts: bool) -> Life:
    """It turns out that the breach lasts: a confirmation is in force again, what nobody confirmed begins anew."""
    if life.state is State.DISMISSED:
        return rejudged(life, new_facts=new_facts)
    if life.confirmed:
        return replace(withdrawn(life), state=State.CONFIRMED, verified_by=None)
    return Life()


def rejudged(life: Life, *, new_facts: bool) -> Life:
    """Other facts under the same finding: a dismissal rested on the old ones, and so did a proposal."""
    if not new_facts:
        return life
    if life.state is State.DISMISSED:
        return Life()
    return life if life.objected else withdrawn(life)


def withdrawn(life: Life) -> Life:
    """Without a proposal."""
    return replace(life, proposal=None, proposed_by=None, until=None)


def undue(life: Life) -> Life:
    """Without a deadline."""
    return replace(life, due_on=None, due_provisional=False)
