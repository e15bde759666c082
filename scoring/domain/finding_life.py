"""The life of a finding: where it can stand, and what a new judgement does to it.

The engine never undoes what people decided while the same facts hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import msgspec
from msgspec.structs import replace


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
    APPEAL = "appeal"
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
    PROPOSE_UPHOLD = "propose_uphold"
    PROPOSE_OVERTURN = "propose_overturn"
    PROPOSE_AMEND = "propose_amend"
    UPHOLD = "uphold"
    OVERTURN = "overturn"
    AMEND = "amend"


class Refusal(StrEnum):
    """Why a step cannot be taken."""

    ROLE = "role"
    STATE = "state"
    STATEMENT_PERIOD = "statement_period"
    NO_PROPOSAL = "no_proposal"
    SAME_PERSON = "same_person"
    DECIDED_BEFORE = "decided_before"
    ONE_BY_ONE = "one_by_one"
    APPEAL_PERIOD = "appeal_period"
    UPPER_BUREAU = "upper_bureau"
    PUBLICITY_OVER = "publicity_over"


PROPOSED: Mapping[Act, Act] = {
    Act.PROPOSE_CONFIRM: Act.CONFIRM,
    Act.PROPOSE_DISMISS: Act.DISMISS,
    Act.PROPOSE_SUSPEND: Act.SUSPEND,
    Act.PROPOSE_UPHOLD: Act.UPHOLD,
    Act.PROPOSE_OVERTURN: Act.OVERTURN,
    Act.PROPOSE_AMEND: Act.AMEND,
}
ON_APPEAL = frozenset({Act.UPHOLD, Act.OVERTURN, Act.AMEND})
"""How an appeal ends: upheld, overturned, or other facts accepted."""


@dataclass(frozen=True, slots=True)
class Doer:
    """Who takes a step; `actor` is one person (or key), `roles` what they may do, `region` that of their bureau."""

    actor: str
    roles: frozenset[str]
    region: str = ""


class Life(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where a finding stands.

    Attributes:
        proposal: what an inspector proposed and no reviewer has decided yet.
        until: the day proposed with it: rectify by, or suspended until.
        confirmed: a confirmation is in force, also after rectification and while suspended.
        deciders: who proposed and decided what stands now.
        resume_to: where a suspension began.
        frozen_on: from this day on no further day counts (suspension, or an objection or appeal not yet decided).
        repaired_on: the day on which the rectification of a minor finding was accepted; later months do not count.
        objected: an objection waits for its decision.
        heard: an objection against the present facts was decided; what remains is the appeal.
        decided_in: the region of the bureau whose confirmation stands.
        appeal_until: the last day on which the institution may appeal.
        appeal_to: the region of the upper bureau with which an appeal waits for its decision.
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
    heard: bool = False
    decided_in: str | None = None
    appeal_until: date | None = None
    appeal_to: str | None = None
    due_on: date | None = None
    due_provisional: bool = False
    repaired_on: date | None = None

    @property
    def contested(self) -> bool:
        """An objection or an appeal waits for its decision."""
        return self.objected or self.appeal_to is not None


def ended(life: Life) -> Life:
    """The breach has ended: what was confirmed is rectified, what nobody confirmed is closed, a dismissal stays."""
    if life.state in {State.DISMISSED, State.RECTIFIED, State.VERIFIED, State.CLOSED}:
        return life
    if not life.confirmed:
        return undue(replace(withdrawn(life), state=State.CLOSED, resume_to=None, frozen_on=None))
    stays = life if life.contested else undue(replace(withdrawn(life), frozen_on=None))
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
    return life if life.contested else replace(withdrawn(life), heard=False, repaired_on=None)


def upper_region(region: str) -> str | None:
    """The region of the bureau one level up; None above a province.

    >>> upper_region("650102"), upper_region("6501"), upper_region("65")
    ('6501', '65', None)
    """
    return region[:-2] if len(region) > 2 else None


def withdrawn(life: Life) -> Life:
    """Without a proposal."""
    return replace(life, proposal=None, proposed_by=None, until=None)


def undue(life: Life) -> Life:
    """Without a deadline."""
    return replace(life, due_on=None, due_provisional=False)
