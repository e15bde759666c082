"""Applying for credit repair, and the bureau's two steps with an application: each leaves its row, audit and notice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from hengjian.platform.audit import record
from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Session, sql
from hengjian.platform.events import emit
from hengjian.platform.file_room import FileRoom
from hengjian.platform.ids import uuid7
from hengjian.platform.log import append_row
from hengjian.scoring.credit_desk import LONGEST, CreditDesk
from hengjian.scoring.domain.credit_events import CreditAct
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.repair import (
    RepairAct,
    RepairKind,
    RepairRefusal,
    RepairStep,
    application_refusal,
    repair_refusal,
)
from hengjian.scoring.errors import RepairRefusedError, StatementRefusedError, UnknownRepairError
from hengjian.scoring.finding_steps import Person
from hengjian.scoring.handed_in import Attachment, checked_files, checked_words, keep_files
from hengjian.scoring.notices import Side, Told, give_notice
from hengjian.scoring.read_repairs import KnownRepair, Matter, read_matters, read_repairs
from hengjian.scoring.repair_tables import credit_repair, credit_repair_step
from hengjian.scoring.tables import finding_event

# Only what still has the state for which it can be repaired: it may have moved on since it was read.
_REPAIR_FINDING = sql("""
    update finding set repaired_on = :on
     where tenant_id = :tenant_id and no = :no and severity = 'minor' and state = 'confirmed' and confirmed
       and closed_on is null and frozen_on is null and repaired_on is null
    returning id
""")
_EVENT_STEP = {
    RepairAct.PROPOSE_GRANT: CreditAct.PROPOSE_REPAIR,
    RepairAct.GRANT: CreditAct.REPAIR,
    RepairAct.RETURN: CreditAct.RETURN,
}


@dataclass(frozen=True, slots=True)
class NewRepair:
    """What an organization applies for, and why."""

    kind: RepairKind
    ref: str
    text: str
    files: Sequence[Attachment] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairDecision:
    """A step of the bureau; a proposal to grant names the document and the day from which it works."""

    act: RepairAct
    on_day: date | None = None
    document_no: str = ""
    reason: str = ""


async def apply_for_repair(
    session: Session,
    tenant_id: UUID,
    new: NewRepair,
    *,
    by: Person,
    room: FileRoom | None,
    lawbook: LawBook,
    now: datetime,
) -> UUID:
    """Lay an application of the caller's own organization before the bureau that decides on the matter.

    Args:
        session: of the organization.
        tenant_id: the organization.
        new: what it applies for; files need `room`.
        by: who applies for it.
        room: where files are kept; None where none can come.
        lawbook: with the model in force.
        now: when.

    Raises:
        RepairRefusedError: not by this person, too early, nothing to repair, or it waits already.
        StatementRefusedError: no reason, or a file that cannot be kept.
        FileQuotaError: the organization has no room for its files.
    """
    if "clerk" not in by.roles and "administrator" not in by.roles:
        raise RepairRefusedError(RepairRefusal.ROLE)
    said, suffixes, today = checked_words(new.text, by), checked_files(new.files), legal_day(now)
    matter = _matter(await read_matters(session, tenant_id, lawbook=lawbook, on=today), new.kind, new.ref)
    before = [one for one in await read_repairs(session, tenant_id) if (one.kind, one.ref) == (new.kind, new.ref)]
    possible_from = matter.possible_from if matter else None
    duty_open = matter is not None and matter.kind is RepairKind.PENALTY
    why = application_refusal(possible_from, duty_open=duty_open, waits=any(one.waits for one in before), on=today)
    if why is not None or matter is None:
        raise RepairRefusedError(why or RepairRefusal.NOT_REPAIRABLE, possible_from=possible_from)
    kept = [] if room is None else await keep_files(session, room, zip(new.files, suffixes, strict=True))
    identity = uuid7()
    row = {
        "tenant_id": tenant_id,
        "region": matter.region,
        "id": identity,
        "kind": matter.kind,
        "ref": matter.ref,
        "number": matter.number,
        "turn": len(before) + 1,
        "at": now,
        "actor": session.caller.actor,
        "actor_name": by.name,
        "text": said,
        "attachments": kept,
    }
    try:
        await session.run(insert(credit_repair).values(row))
    except IntegrityError as twice:
        raise RepairRefusedError(RepairRefusal.WAITS_ALREADY) from twice
    await append_row(session, credit_repair, row, facts={"of": matter.kind, "turn": row["turn"]})
    told = Told(tenant_id, matter.region, matter.number)
    await _tell(session, told, "apply", identity, side="bureau", now=now)
    return identity


async def decide_repair(desk: CreditDesk, repair_id: UUID, decision: RepairDecision) -> None:
    """Take a bureau's step; what a reviewer grants is repaired with it, in the same transaction.

    Raises:
        UnknownRepairError: the organization has no such application that the caller sees.
        RepairRefusedError: not now, not by this person, too early, or a day, document or reason is missing.
        CreditEventRefusedError: the penalty or veto has become something else meanwhile.
    """
    session, now, today = desk.session, desk.now, legal_day(desk.now)
    tenant_id = desk.organization.id
    found = next((one for one in await read_repairs(session, tenant_id) if one.id == repair_id), None)
    if found is None:
        raise UnknownRepairError
    if len(decision.reason) > LONGEST or "\0" in decision.reason + decision.document_no:
        raise StatementRefusedError(zh=f"理由至多 {LONGEST} 字", en=f"a reason has at most {LONGEST} characters")
    matter = _matter(await read_matters(session, tenant_id, lawbook=desk.lawbook, on=today), found.kind, found.ref)
    possible_from = matter.possible_from if matter else None
    if found.kind is RepairKind.FINDING and matter is not None:
        possible_from = legal_day(found.at)
    step = RepairStep(
        act=decision.act,
        actor=session.caller.actor,
        on_day=decision.on_day,
        document_no=decision.document_no.strip(),
        reason=decision.reason.strip(),
    )
    why = repair_refusal(found.standing, step, roles=desk.by.roles, possible_from=possible_from, on=today)
    if why is not None:
        raise RepairRefusedError(why, possible_from=possible_from)
    row = {
        "tenant_id": tenant_id,
        "region": found.region,
        "repair_id": found.id,
        "seq": found.standing.steps + 1,
        "id": uuid7(),
        "at": now,
        "act": step.act,
        "actor": step.actor,
        "actor_name": desk.by.name,
        "on_day": step.on_day,
        "document_no": step.document_no,
        "reason": step.reason,
    }
    try:
        await session.run(insert(credit_repair_step).values(row))
    except IntegrityError as overtaken:
        raise RepairRefusedError(RepairRefusal.STATE) from overtaken
    await append_row(session, credit_repair_step, row, facts={"act": step.act, "repair": found.id})
    await _work(desk, found, step)
    decided = step.act in {RepairAct.GRANT, RepairAct.REFUSE}
    told = Told(tenant_id, found.region, found.number)
    await _tell(session, told, step.act, found.id, side="organization" if decided else "bureau", now=now)


async def _work(desk: CreditDesk, found: KnownRepair, step: RepairStep) -> None:
    """What a step does to the matter itself."""
    proposal = found.standing.proposal
    if found.kind is not RepairKind.FINDING:
        about_granting = step.act is not RepairAct.RETURN or (proposal and proposal.act is RepairAct.PROPOSE_GRANT)
        if step.act in _EVENT_STEP and about_granting:
            act = _EVENT_STEP[step.act]
            number, reason = step.document_no, step.reason or (proposal.reason if proposal else "")
            await desk.take(UUID(found.ref), act, on_day=step.on_day, document_no=number, reason=reason)
    elif step.act is RepairAct.GRANT and proposal is not None:
        place = {"tenant_id": found.tenant_id, "no": found.ref}
        finding_id = await desk.session.scalar(_REPAIR_FINDING, {**place, "on": proposal.on_day})
        if finding_id is None:
            raise RepairRefusedError(RepairRefusal.NOT_REPAIRABLE)
        event = {"finding_id": finding_id, "id": uuid7(), "at": desk.now, "event": "repair", "actor": step.actor}
        own = {"tenant_id": found.tenant_id, "region": found.region, "detail": {"on": str(proposal.on_day)}}
        await desk.session.run(insert(finding_event).values(**own, **event))


async def _tell(session: Session, told: Told, act: str, repair_id: UUID, *, side: Side, now: datetime) -> None:
    await record(session, f"repair.{act}", target=str(repair_id), tenant_id=told.tenant_id, detail={"of": told.no})
    await emit(session, f"repair.{act}", {"tenant_id": str(told.tenant_id), "id": str(repair_id)})
    once = f"{repair_id}:{now}"
    await give_notice(session, told, f"repair_{act}", side=side, due_on=None, now=now, once=once)


def _matter(matters: Sequence[Matter], kind: RepairKind, ref: str) -> Matter | None:
    return next((one for one in matters if (one.kind, one.ref) == (kind, ref)), None)
