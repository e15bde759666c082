"""Credit events and devices of one organization as pages and the API show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from hengjian.platform.calendar import legal_day
from hengjian.platform.db import ReadSession
from hengjian.scoring.credit_rows import (
    EVENTS,
    HEALTH,
    CheckRow,
    DeviceRow,
    FailureRow,
    PenaltyRow,
    VetoRow,
    read_rows,
)
from hengjian.scoring.domain.credit_events import (
    NEEDS_DAY,
    NEEDS_DOCUMENT,
    ROLE_OF,
    CreditAct,
    CreditRefusal,
    EventStanding,
    Status,
    may_not,
)
from hengjian.scoring.domain.credit_history import Device, Penalty, VetoDecision
from hengjian.scoring.domain.credit_model import CreditModel
from hengjian.scoring.gather_credit import minutes_of

_TOLD = frozenset({Status.STANDING, Status.ANNULLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditEvents:
    """The newest first; to an organization only what two people have settled against it."""

    penalties: tuple[PenaltyRow, ...]
    vetoes: tuple[VetoRow, ...]
    checks: tuple[CheckRow, ...]
    devices: tuple[DeviceRow, ...]
    failures: tuple[FailureRow, ...]


async def read_credit_events(session: ReadSession, tenant_id: UUID, *, on: date) -> CreditEvents:
    """All events of an organization that the caller may see, and its devices with the failures of the year."""
    found = await read_rows(session, [tenant_id], since=on.replace(month=1, day=1), kinds=(*EVENTS, *HEALTH))
    rows = found[tenant_id]
    everything = session.caller.kind != "member"
    told = {kind: [row for row in rows[kind] if everything or row.standing.status in _TOLD] for kind in EVENTS}
    return CreditEvents(
        penalties=tuple(sorted(told["penalty"], key=lambda row: (row.decided_on, row.id), reverse=True)),
        vetoes=tuple(sorted(told["veto"], key=lambda row: (row.proposed_at, row.id), reverse=True)),
        checks=tuple(sorted(told["check"], key=lambda row: (row.checked_on, row.id), reverse=True)),
        devices=tuple(rows["device"]),
        failures=tuple(rows["failure"]),
    )


def allowed_credit_acts(
    standing: EventStanding, *, actor: str, roles: frozenset[str]
) -> dict[CreditAct, CreditRefusal | None]:
    """Each step of this person's roles, with why it is refused now."""
    return {act: may_not(standing, act, actor=actor) for act, role in ROLE_OF.items() if role in roles}


def needs_day(act: CreditAct) -> bool:
    """Whether a step names a day."""
    return act in NEEDS_DAY


def needs_document(act: CreditAct) -> bool:
    """Whether a step names a document."""
    return act in NEEDS_DOCUMENT


def penalty_of(row: PenaltyRow) -> Penalty:
    """The penalty as a score would count it."""
    stands = row.standing
    return Penalty(
        document_no=row.document_no,
        measure=row.measure,
        decided_on=row.decided_on,
        fine=row.fine,
        duty_done_on=stands.duty_done_on,
        repaired_on=stands.repaired_on,
    )


def veto_of(row: VetoRow) -> VetoDecision | None:
    """The decision, or the one that is proposed; None while there is none."""
    stands = row.standing
    number, day = stands.document_no, stands.on_day
    if day is None and stands.proposal is not None and stands.proposal.act is CreditAct.PROPOSE_DECIDE:
        number, day = stands.proposal.document_no, stands.proposal.on_day
    if day is None or not number:
        return None
    return VetoDecision(
        item=row.item,
        document_no=number,
        decided_on=day,
        annulled_on=stands.annulled_on,
        regraded_on=stands.repaired_on,
    )


def device_health(
    row: DeviceRow, failures: Iterable[FailureRow], *, model: CreditModel | None, now: datetime
) -> tuple[int, int | None]:
    """Full years of service, and the health of 100 by the model; None without one."""
    today = legal_day(now)
    years = Device(row.ref, row.since).years(today)
    if model is None:
        return years, None
    rules = model.device_health
    lost = rules.points_per_year * max(0, years - rules.free_years)
    lost += sum(
        rules.failure_points(minutes_of(one, now)) for one in failures if legal_day(one.began_at).year == today.year
    )
    return years, max(0, 100 - lost)


def repairable_from(row: PenaltyRow | VetoRow | CheckRow, model: CreditModel) -> date | None:
    """The first day on which a penalty may be repaired, or another grade may follow a veto; None when there is none.

    A penalty whose duty is not done has none yet; neither has what does not stand or is repaired already.
    """
    stands = row.standing
    if stands.status is not Status.STANDING or stands.repaired_on is not None:
        return None
    if isinstance(row, PenaltyRow):
        return penalty_of(row).repairable_from(model.terms["penalty_months"])
    decided = veto_of(row) if isinstance(row, VetoRow) else None
    return decided.regradable_from(model.terms["veto_months"]) if decided else None
