"""Where a finding stands, as its row keeps it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Row

from hengjian.scoring.domain.facts import FACTS
from hengjian.scoring.domain.finding_life import Act, Life, State

LIFE_COLUMNS = (
    "state, proposal, proposed_by, until, confirmed, deciders, verified_by, resume_to, frozen_on, objected, due_on, "
    "due_provisional, heard, decided_in, appeal_until, appeal_to, repaired_on"
)
_NOT_OF_THE_CASE = frozenset(name for name, fact in FACTS.items() if fact.advances)


class LifeRow(msgspec.Struct, frozen=True, gc=False):
    """The columns of `LIFE_COLUMNS` in their order."""

    state: str
    proposal: str | None
    proposed_by: str | None
    until: date | None
    confirmed: bool
    deciders: Sequence[str]
    verified_by: str | None
    resume_to: str | None
    frozen_on: date | None
    objected: bool
    due_on: date | None
    due_provisional: bool
    heard: bool
    decided_in: str | None
    appeal_until: date | None
    appeal_to: str | None
    repaired_on: date | None


def life_of(row: Row[Any] | LifeRow) -> Life:
    """The life that a row with `LIFE_COLUMNS` tells of."""
    return Life(
        state=State(row.state),
        proposal=None if row.proposal is None else Act(row.proposal),
        proposed_by=row.proposed_by,
        until=row.until,
        confirmed=row.confirmed,
        deciders=frozenset(row.deciders),
        verified_by=row.verified_by,
        resume_to=None if row.resume_to is None else State(row.resume_to),
        frozen_on=row.frozen_on,
        objected=row.objected,
        due_on=row.due_on,
        due_provisional=row.due_provisional,
        heard=row.heard,
        decided_in=row.decided_in,
        appeal_until=row.appeal_until,
        appeal_to=row.appeal_to,
        repaired_on=row.repaired_on,
    )


def life_values(life: Life) -> dict[str, Any]:
    """The values of `LIFE_COLUMNS`."""
    return {
        "state": life.state,
        "proposal": life.proposal,
        "proposed_by": life.proposed_by,
        "until": life.until,
        "confirmed": life.confirmed,
        "deciders": sorted(life.deciders),
        "verified_by": life.verified_by,
        "resume_to": life.resume_to,
        "frozen_on": life.frozen_on,
        "objected": life.objected,
        "due_on": life.due_on,
        "due_provisional": life.due_provisional,
        "heard": life.heard,
        "decided_in": life.decided_in,
        "appeal_until": life.appeal_until,
        "appeal_to": life.appeal_to,
        "repaired_on": life.repaired_on,
    }


def case_digest(facts: Mapping[str, Any], severity: str, required: str | None) -> str:
    """SHA-256 over what a decision rests on: the facts as JSON keeps them, the severity, and what is required.

    Facts that advance with the day are none of the case: a dismissal would fall the next night, though nothing happened.
    """
    case = {
        "facts": {name: value for name, value in facts.items() if name not in _NOT_OF_THE_CASE},
        "severity": severity,
        "required": required,
    }
    return hashlib.sha256(json.dumps(case, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
