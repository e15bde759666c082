"""Taking one step with one finding: the row is locked, the step checked, and all its traces are written with it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert

from hengjian.platform.audit import record
from hengjian.platform.calendar import legal_day
from hengjian.platform.calendar_files import load_calendar
from hengjian.platform.db import Caller, ReadSession, Session, sql
from hengjian.platform.events import emit
from hengjian.platform.ids import uuid7
from hengjian.scoring.domain.finding_life import ON_APPEAL, Act, Doer, Life, Refusal
from hengjian.scoring.domain.finding_steps import STEPS, Moment, refusal, take
from hengjian.scoring.errors import StepRefusedError, UnknownFindingError
from hengjian.scoring.notices import SIDE_OF, give_notice
from hengjian.scoring.stored_life import LIFE_COLUMNS, case_digest, life_of, life_values
from hengjian.scoring.tables import finding_event

CALENDAR = load_calendar()
ROLE_OF = {act: step.role for act, step in STEPS.items()}

_ROW = f"""
    select tenant_id, region, id, no, rule_id, subject_kind, subject, opened_on, closed_on, severity, required, facts, pack_version, {LIFE_COLUMNS} from finding
"""
_FOR_UPDATE = sql(f"{_ROW} where no = :no for update")
_SEVERAL = sql(f"{_ROW} where no = any(:nos)")
# An organization may set only what its own steps change; each side's right is a list of columns.
_BY_MEMBER = (
    "state",
    "proposal",
    "proposed_by",
    "until",
    "frozen_on",
    "objected",
    "due_on",
    "due_provisional",
    "appeal_until",
    "appeal_to",
)
_BY_BUREAU = (*LIFE_COLUMNS.split(", "), "decided_facts")


@dataclass(frozen=True, slots=True)
class Person:
    """Who takes a step: the name that the record keeps, and the roles that count."""

    name: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A step that was taken: the finding's row as it was, where it stands now, the digest of its facts."""

    found: Row[Any]
    before: Life
    life: Life
    at: datetime
    digest: str


async def take_step(
    session: Session, no: str, act: Act, *, by: Person, now: datetime, until: date | None = None
) -> Taken:
    """Take a step, and write history, audit, news and notice with it.

    Raises:
        UnknownFindingError: there is none that the caller sees.
        StepRefusedError: not now, or not by this person.
    """
    found = await session.first(_FOR_UPDATE, {"no": no})
    if found is None:
        raise UnknownFindingError(no)
    before = life_of(found)
    if (why := refused_now(session, before, act, by=by, now=now)) is not None:
        raise StepRefusedError(why)
    life = take(before, act, _doer(session, by), Moment(legal_day(now), CALENDAR, until))
    digest = case_digest(found.facts, found.severity, found.required)
    await _store(session, found, life, digest)
    event_id = uuid7()
    detail = {"until": str(life.due_on)} if life.due_on else {}
    event = {"finding_id": found.id, "id": event_id, "at": now, "event": act, "actor": session.caller.actor}
    own = {"tenant_id": found.tenant_id, "region": found.region}
    await session.run(insert(finding_event).values(**own, **event, detail=detail))
    await record(session, f"finding.{act}", target=no, tenant_id=found.tenant_id, detail=detail)
    await emit(session, f"finding.{act}", {"tenant_id": str(found.tenant_id), "no": no, "state": life.state})
    due_on = life.appeal_until or life.due_on
    await give_notice(session, found, act, side=SIDE_OF[act], due_on=due_on, now=now, once=str(event_id))
    if act in ON_APPEAL:  # the lower bureau learns what became of its decision
        await give_notice(session, found, act, side="bureau", due_on=None, now=now, once=f"{event_id}:bureau")
    return Taken(found=found, before=before, life=life, at=now, digest=digest)


def refused_now(session: ReadSession, life: Life, act: Act, *, by: Person, now: datetime) -> Refusal | None:
    """Why the step is refused to this person now, or None."""
    return refusal(life, act, _doer(session, by), on=legal_day(now))


async def lives_of(session: ReadSession, nos: list[str]) -> dict[str, Life]:
    """Where the findings stand that the caller sees."""
    return {row.no: life_of(row) for row in await session.all(_SEVERAL, {"nos": nos})}


def allowed_acts(life: Life, *, caller: Caller, roles: frozenset[str], on: date) -> dict[Act, Refusal | None]:
    """Each step of this person's roles, with why it is refused now."""
    doer = Doer(caller.actor, roles, caller.region or "")
    found = {act: refusal(life, act, doer, on=on) for act in Act}
    return {act: why for act, why in found.items() if why is not Refusal.ROLE}


def _doer(session: ReadSession, by: Person) -> Doer:
    return Doer(session.caller.actor, by.roles, session.caller.region or "")


async def _store(session: Session, found: Row[Any], life: Life, digest: str) -> None:
    columns = _BY_BUREAU if session.caller.kind == "bureau" else _BY_MEMBER
    values: dict[str, Any] = {**life_values(life), "decided_facts": digest}
    assignments = ", ".join(f"{name} = :{name}" for name in columns)
    statement = sql(f"update finding set {assignments} where tenant_id = :tenant_id and id = :id")
    await session.run(statement, {name: values[name] for name in columns} | _key(found.tenant_id, found.id))


def _key(tenant_id: UUID, finding_id: UUID) -> dict[str, UUID]:
    return {"tenant_id": tenant_id, "id": finding_id}
