"""Credit repair (信用修复) on an organization's application: what may be repaired from when, and two people who decide.

Source: rules E6 (a minor finding once its rectification is accepted, a penalty three months after its duty is done,
another grade six months after a veto).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from hengjian.scoring.domain.finding_life import Life, State


class RepairKind(StrEnum):
    """What is to be repaired."""

    FINDING = "finding"
    PENALTY = "penalty"
    VETO = "veto"


class RepairAct(StrEnum):
    """A step of a bureau with an application."""

    PROPOSE_GRANT = "propose_grant"
    PROPOSE_REFUSE = "propose_refuse"
    GRANT = "grant"
    REFUSE = "refuse"
    RETURN = "return"


class RepairState(StrEnum):
    """待审查, 提议待复核, 准予修复, 不予修复."""

    WAITING = "waiting"
    PROPOSED = "proposed"
    GRANTED = "granted"
    REFUSED = "refused"


class RepairRefusal(StrEnum):
    """Why an application or a step with one is refused."""

    ROLE = "role"
    STATE = "state"
    SAME_PERSON = "same_person"
    NO_PROPOSAL = "no_proposal"
    NOT_REPAIRABLE = "not_repairable"
    DUTY_OPEN = "duty_open"
    TOO_EARLY = "too_early"
    WAITS_ALREADY = "waits_already"
    DAY = "day"
    DOCUMENT = "document"
    REASON = "reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairStep:
    """One step: `on_day` from when the repair works and `document_no` what orders it belong to a proposal to grant."""

    act: RepairAct
    actor: str
    on_day: date | None = None
    document_no: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RepairStanding:
    """Where an application stands after so many steps; `proposal` waits for a second person."""

    state: RepairState = RepairState.WAITING
    proposal: RepairStep | None = None
    steps: int = 0


ROLE_OF: Mapping[RepairAct, str] = {
    RepairAct.PROPOSE_GRANT: "inspector",
    RepairAct.PROPOSE_REFUSE: "inspector",
    RepairAct.GRANT: "reviewer",
    RepairAct.REFUSE: "reviewer",
    RepairAct.RETURN: "reviewer",
}
_DECIDES: Mapping[RepairAct, RepairAct] = {
    RepairAct.GRANT: RepairAct.PROPOSE_GRANT,
    RepairAct.REFUSE: RepairAct.PROPOSE_REFUSE,
}
NEEDS_REASON = frozenset({RepairAct.PROPOSE_GRANT, RepairAct.PROPOSE_REFUSE, RepairAct.RETURN})


def repair_after(steps: Iterable[RepairStep]) -> RepairStanding:
    """The application after all its steps, in their order."""
    standing = RepairStanding()
    for step in steps:
        match step.act:
            case RepairAct.GRANT:
                after = replace(standing, state=RepairState.GRANTED)
            case RepairAct.REFUSE:
                after = replace(standing, state=RepairState.REFUSED)
            case RepairAct.RETURN:
                after = RepairStanding()
            case _:
                after = RepairStanding(RepairState.PROPOSED, step)
        standing = replace(after, steps=standing.steps + 1)
    return standing


def may_not_decide(
    standing: RepairStanding, act: RepairAct, *, actor: str, roles: frozenset[str]
) -> RepairRefusal | None:
    """Why somebody may not take a step now, whatever it says; None when they may."""
    if ROLE_OF[act] not in roles:
        return RepairRefusal.ROLE
    if standing.state in {RepairState.GRANTED, RepairState.REFUSED}:
        return RepairRefusal.STATE
    if ROLE_OF[act] == "inspector":
        return None if standing.state is RepairState.WAITING else RepairRefusal.STATE
    if standing.proposal is None or (act in _DECIDES and standing.proposal.act is not _DECIDES[act]):
        return RepairRefusal.NO_PROPOSAL
    return RepairRefusal.SAME_PERSON if standing.proposal.actor == actor else None


def repair_refusal(
    standing: RepairStanding, step: RepairStep, *, roles: frozenset[str], possible_from: date | None, on: date
) -> RepairRefusal | None:
    """Why a step is refused on a day, or None; a repair works from its first lawful day to today."""
    if (why := may_not_decide(standing, step.act, actor=step.actor, roles=roles)) is not None:
        return why
    if step.act in NEEDS_REASON and not step.reason.strip():
        return RepairRefusal.REASON
    if step.act is RepairAct.PROPOSE_GRANT:
        return _not_granted(step, possible_from=possible_from, on=on)
    return RepairRefusal.NOT_REPAIRABLE if step.act is RepairAct.GRANT and possible_from is None else None


def _not_granted(step: RepairStep, *, possible_from: date | None, on: date) -> RepairRefusal | None:
    if not step.document_no.strip():
        return RepairRefusal.DOCUMENT
    if step.on_day is None or step.on_day > on:
        return RepairRefusal.DAY
    if possible_from is None:
        return RepairRefusal.NOT_REPAIRABLE
    return RepairRefusal.TOO_EARLY if step.on_day < possible_from else None


def finding_repairable(life: Life, *, minor: bool) -> bool:
    """Whether accepting a rectification would change anything: minor, confirmed, still counting, nothing contested.

    A breach that ended by the facts counts no later month anyway.
    """
    lasts = life.state is State.CONFIRMED and life.frozen_on is None and life.repaired_on is None
    return minor and life.confirmed and lasts and not life.contested


def application_refusal(possible_from: date | None, *, duty_open: bool, waits: bool, on: date) -> RepairRefusal | None:
    """Why an organization may not apply on a day, or None when it may."""
    if waits:
        return RepairRefusal.WAITS_ALREADY
    if possible_from is None:
        return RepairRefusal.DUTY_OPEN if duty_open else RepairRefusal.NOT_REPAIRABLE
    return RepairRefusal.TOO_EARLY if on < possible_from else None
