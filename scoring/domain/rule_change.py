"""The life of a change of a rule: who may take which step when, and at which stage it stands on a day.

A rule author drafts, checks and sends; a second person puts it in force. Between approval and its first day lie the
shadow days, in which it is judged without counting. From its day it is in force by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

# A proposal: no source sets a term between the announcement of a changed limit and its first day.
SHADOW_DAYS = 14


class ChangeKind(StrEnum):
    """What a change does: a dated value, another severity, the rule off, another text, or the end of a change."""

    PARAMETER = "parameter"
    SEVERITY = "severity"
    OFF = "off"
    TEXT = "text"
    END = "end"


class ChangeState(StrEnum):
    """What is stored of a change; its stage follows from this and the day."""

    DRAFT = "draft"
    CHECKED = "checked"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class Stage(StrEnum):
    """Where a change stands on a day."""

    DRAFT = "draft"
    CHECKED = "checked"
    SUBMITTED = "submitted"
    SHADOW = "shadow"
    IN_FORCE = "in_force"
    SWITCHED_OFF = "switched_off"
    WITHDRAWN = "withdrawn"


class ChangeAct(StrEnum):
    """The steps of people."""

    DRAFT = "draft"
    CHECK = "check"
    IMPACT = "impact"
    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    WITHDRAW = "withdraw"


class ChangeRefusal(StrEnum):
    """Why a step is refused."""

    ROLE = "role"
    OTHER_BUREAU = "other_bureau"
    STATE = "state"
    SAME_PERSON = "same_person"
    NOT_CHECKED = "not_checked"
    NO_IMPACT = "no_impact"
    TOO_SOON = "too_soon"
    IN_FORCE = "in_force"
    REPLAY_DIFFERS = "replay_differs"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewChange:
    """What an author hands in; values as typed.

    `value` belongs to a parameter, `severity` to a severity, `text` (the rule's file) to a text, `ends` (a number) to
    the end of a change, whose `from_day` is the first day without it. `examples` is a YAML list as in rule files.
    """

    rule_id: str
    kind: ChangeKind
    from_day: date
    reason: str
    clause: str
    parameter: str = ""
    value: str = ""
    source_status: str = "proposal"
    severity: str = ""
    text: str = ""
    ends: str = ""
    examples: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a change stands, as far as steps depend on it; people are actors."""

    state: ChangeState
    from_day: date
    until: date | None
    drafted_by: str
    submitted_by: str | None
    own: bool
    previewed: bool
    replay_differs: bool = False


@dataclass(frozen=True, slots=True)
class Taker:
    """Who would take a step."""

    actor: str
    roles: frozenset[str]


_AUTHOR = frozenset({"rule_author"})
_SECOND = frozenset({"rule_author", "reviewer"})
_ROLES: Mapping[ChangeAct, frozenset[str]] = {
    ChangeAct.APPROVE: _SECOND,
    ChangeAct.RETURN: _SECOND,
}
_FROM: Mapping[ChangeAct, frozenset[ChangeState]] = {
    ChangeAct.DRAFT: frozenset({ChangeState.DRAFT, ChangeState.CHECKED}),
    ChangeAct.CHECK: frozenset({ChangeState.DRAFT, ChangeState.CHECKED}),
    ChangeAct.IMPACT: frozenset({ChangeState.CHECKED, ChangeState.SUBMITTED}),
    ChangeAct.SUBMIT: frozenset({ChangeState.CHECKED}),
    ChangeAct.APPROVE: frozenset({ChangeState.SUBMITTED}),
    ChangeAct.RETURN: frozenset({ChangeState.SUBMITTED}),
    ChangeAct.WITHDRAW: frozenset(
        {ChangeState.DRAFT, ChangeState.CHECKED, ChangeState.SUBMITTED, ChangeState.APPROVED}
    ),
}


def earliest_day(today: date) -> date:
    """The first day that a change approved today may have: all its shadow days lie before it."""
    return today + timedelta(days=SHADOW_DAYS)


def stage_of(standing: Standing, today: date) -> Stage:
    """Where a change stands on a day."""
    if standing.state is not ChangeState.APPROVED:
        return Stage(standing.state.value)
    if standing.until is not None and standing.until <= today:
        return Stage.SWITCHED_OFF
    return Stage.IN_FORCE if standing.from_day <= today else Stage.SHADOW


def change_refusal(standing: Standing, act: ChangeAct, taker: Taker, *, today: date) -> ChangeRefusal | None:
    """Why a step may not be taken by somebody on a day, or None."""
    if not standing.own:
        return ChangeRefusal.OTHER_BUREAU
    if not taker.roles & _ROLES.get(act, _AUTHOR):
        return ChangeRefusal.ROLE
    if act is ChangeAct.WITHDRAW and standing.state is ChangeState.APPROVED and standing.from_day <= today:
        return ChangeRefusal.IN_FORCE
    if standing.state not in _FROM[act]:
        checked_first = act in {ChangeAct.IMPACT, ChangeAct.SUBMIT} and standing.state is ChangeState.DRAFT
        return ChangeRefusal.NOT_CHECKED if checked_first else ChangeRefusal.STATE
    if act is ChangeAct.APPROVE and taker.actor in {standing.drafted_by, standing.submitted_by}:
        return ChangeRefusal.SAME_PERSON
    return _not_ready(standing, today) if act in {ChangeAct.SUBMIT, ChangeAct.APPROVE} else None


def _not_ready(standing: Standing, today: date) -> ChangeRefusal | None:
    if not standing.previewed:
        return ChangeRefusal.NO_IMPACT
    if standing.replay_differs:
        return ChangeRefusal.REPLAY_DIFFERS
    return ChangeRefusal.TOO_SOON if standing.from_day < earliest_day(today) else None
