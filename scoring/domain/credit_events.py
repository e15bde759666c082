"""What becomes of a penalty, a veto or a check by the steps that people take, folded from those steps alone.

Four eyes: somebody else confirms what one person entered, and decides what one person proposed. The engine proposes a
veto and decides nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

ENGINE = "law-book"
"""Who proposes where no person did."""


class EventKind(StrEnum):
    """The kinds of credit events."""

    PENALTY = "penalty"
    VETO = "veto"
    CHECK = "check"


class CreditAct(StrEnum):
    """What a person does with an event."""

    CONFIRM = "confirm"
    DECLINE = "decline"
    PROPOSE_DECIDE = "propose_decide"
    DECIDE = "decide"
    PROPOSE_DECLINE = "propose_decline"
    DUTY_DONE = "duty_done"
    RECTIFIED = "rectified"
    PROPOSE_REPAIR = "propose_repair"
    REPAIR = "repair"
    PROPOSE_ANNUL = "propose_annul"
    ANNUL = "annul"
    RETURN = "return"


class Status(StrEnum):
    """Whether an event counts: only one that stands does, from its day until it is annulled or repaired."""

    WAITING = "waiting"
    STANDING = "standing"
    DECLINED = "declined"
    ANNULLED = "annulled"


class CreditRefusal(StrEnum):
    """Why a step cannot be taken."""

    ROLE = "role"
    STATE = "state"
    SAME_PERSON = "same_person"
    NO_PROPOSAL = "no_proposal"
    DAY = "day"
    DOCUMENT = "document"
    REASON = "reason"
    DUTY_OPEN = "duty_open"
    TOO_EARLY = "too_early"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTaken:
    """One step: by whom, and with a proposal or a report from which day on and by which document."""

    act: CreditAct
    actor: str
    on_day: date | None = None
    document_no: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventStanding:
    """Where an event stands.

    Attributes:
        kind: which event.
        entered_by: who entered it; `ENGINE` for a veto that nobody entered.
        status: whether it counts.
        proposal: the step that waits for a second person.
        document_no, on_day: of the decision on a veto.
        duty_done_on: when what a penalty demands was done.
        repaired_on: from when a repair lifts a penalty, or another grade may follow a veto; `annulled_on` from when an event no longer stands.
        rectified_on: when what a check found was put right.
    """

    kind: EventKind
    entered_by: str
    status: Status = Status.WAITING
    proposal: StepTaken | None = None
    document_no: str = ""
    on_day: date | None = None
    duty_done_on: date | None = None
    repaired_on: date | None = None
    rectified_on: date | None = None
    annulled_on: date | None = None
    steps: int = 0


DECIDES: Mapping[CreditAct, CreditAct] = {
    CreditAct.DECIDE: CreditAct.PROPOSE_DECIDE,
    CreditAct.REPAIR: CreditAct.PROPOSE_REPAIR,
    CreditAct.ANNUL: CreditAct.PROPOSE_ANNUL,
}
"""What a second person takes up, with the proposal it decides; `decline` and `return` take up any that waits."""

ROLE_OF: Mapping[CreditAct, str] = {
    **dict.fromkeys(
        (
            CreditAct.PROPOSE_DECIDE, CreditAct.PROPOSE_DECLINE, CreditAct.DUTY_DONE, CreditAct.RECTIFIED,
            CreditAct.PROPOSE_REPAIR, CreditAct.PROPOSE_ANNUL,
        ),
        "inspector",
    ),
    **dict.fromkeys(
        (CreditAct.CONFIRM, CreditAct.DECLINE, CreditAct.DECIDE, CreditAct.REPAIR, CreditAct.ANNUL, CreditAct.RETURN),
        "reviewer",
    ),
}  # fmt: skip
NEEDS_DAY = frozenset(
    {
        CreditAct.PROPOSE_DECIDE, CreditAct.DUTY_DONE, CreditAct.RECTIFIED, CreditAct.PROPOSE_REPAIR,
        CreditAct.PROPOSE_ANNUL,
    }
)  # fmt: skip
NEEDS_DOCUMENT = frozenset({CreditAct.PROPOSE_DECIDE, CreditAct.PROPOSE_REPAIR, CreditAct.PROPOSE_ANNUL})
NEEDS_REASON = frozenset({CreditAct.DECLINE, CreditAct.PROPOSE_DECLINE, CreditAct.PROPOSE_ANNUL, CreditAct.RETURN})


def fold(standing: EventStanding, steps: Iterable[StepTaken]) -> EventStanding:
    """The event after all its steps, in their order."""
    for step in steps:
        standing = replace(_after(standing, step), steps=standing.steps + 1)
    return standing


def refusal(standing: EventStanding, step: StepTaken, *, roles: frozenset[str], on: date) -> CreditRefusal | None:
    """Why somebody with these roles may not take a step on a day, or None when they may."""
    if ROLE_OF[step.act] not in roles:
        return CreditRefusal.ROLE
    if (why := may_not(standing, step.act, actor=step.actor)) is not None:
        return why
    if step.act in NEEDS_DAY and (step.on_day is None or step.on_day > on):
        return CreditRefusal.DAY
    if step.act in NEEDS_DOCUMENT and not step.document_no.strip():
        return CreditRefusal.DOCUMENT
    return CreditRefusal.REASON if step.act in NEEDS_REASON and not step.reason.strip() else None


def may_not(standing: EventStanding, act: CreditAct, *, actor: str) -> CreditRefusal | None:
    """Why this person may not take a step now, whatever it says; None when they may."""
    if act not in _open(standing):
        waits = standing.proposal is None and (act in DECIDES or act is CreditAct.RETURN)
        return CreditRefusal.NO_PROPOSAL if waits else CreditRefusal.STATE
    if act is CreditAct.PROPOSE_REPAIR and standing.kind is EventKind.PENALTY and standing.duty_done_on is None:
        return CreditRefusal.DUTY_OPEN
    first = standing.proposal.actor if standing.proposal else standing.entered_by
    if ROLE_OF[act] == "reviewer" and actor == first:
        return CreditRefusal.SAME_PERSON
    return None


def _open(standing: EventStanding) -> frozenset[CreditAct]:
    if standing.proposal is not None:
        waiting = standing.proposal.act
        if waiting is CreditAct.PROPOSE_DECLINE:
            return frozenset({CreditAct.DECLINE, CreditAct.RETURN})
        return frozenset({act for act, proposed in DECIDES.items() if proposed is waiting} | {CreditAct.RETURN})
    if standing.status is Status.WAITING:
        if standing.kind is EventKind.VETO:
            return frozenset({CreditAct.PROPOSE_DECIDE, CreditAct.PROPOSE_DECLINE})
        return frozenset({CreditAct.CONFIRM, CreditAct.DECLINE})
    if standing.status is not Status.STANDING:
        return frozenset()
    own = {
        EventKind.PENALTY: {CreditAct.DUTY_DONE, CreditAct.PROPOSE_REPAIR},
        EventKind.CHECK: {CreditAct.RECTIFIED},
        EventKind.VETO: {CreditAct.PROPOSE_REPAIR},
    }[standing.kind]
    if standing.repaired_on is not None:
        own = own - {CreditAct.PROPOSE_REPAIR}
    return frozenset(own | {CreditAct.PROPOSE_ANNUL})


def _after(standing: EventStanding, step: StepTaken) -> EventStanding:  # noqa: PLR0911  # one return a step
    proposal = standing.proposal
    settled = replace(standing, proposal=None)
    match step.act:
        case CreditAct.CONFIRM:
            return replace(settled, status=Status.STANDING)
        case CreditAct.DECLINE:
            return replace(settled, status=Status.DECLINED)
        case CreditAct.DECIDE if proposal is not None:
            held = replace(settled, status=Status.STANDING)
            return replace(held, document_no=proposal.document_no, on_day=proposal.on_day)
        case CreditAct.REPAIR if proposal is not None:
            return replace(settled, repaired_on=proposal.on_day)
        case CreditAct.ANNUL if proposal is not None:
            return replace(settled, status=Status.ANNULLED, annulled_on=proposal.on_day)
        case CreditAct.DUTY_DONE:
            return replace(standing, duty_done_on=step.on_day)
        case CreditAct.RECTIFIED:
            return replace(standing, rectified_on=step.on_day)
        case CreditAct.RETURN:
            return settled
        case _:
            return replace(standing, proposal=step)
