"""Credit repair as pages show it: what may be repaired from which day, and the applications with their steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from hengjian.platform.db import ReadSession, sql
from hengjian.platform.objects import Objects
from hengjian.scoring.credit_rows import PenaltyRow, VetoRow, read_rows
from hengjian.scoring.domain.credit_events import Status
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.repair import (
    ROLE_OF,
    RepairAct,
    RepairKind,
    RepairRefusal,
    RepairStanding,
    RepairState,
    RepairStep,
    finding_repairable,
    may_not_decide,
    repair_after,
)
from hengjian.scoring.domain.verdicts import Severity
from hengjian.scoring.errors import UnknownRepairError
from hengjian.scoring.read_credit import repairable_from
from hengjian.scoring.read_life import StatedFile
from hengjian.scoring.stored_life import LIFE_COLUMNS, life_of

_FINDINGS = sql(f"""
    select no, region, rule_id, severity, {LIFE_COLUMNS} from finding
     where tenant_id = :tenant_id and severity = 'minor' and confirmed and closed_on is null and state = 'confirmed'
     order by no
""")
_APPLICATIONS = sql("""
    select id, tenant_id, region, kind, ref, number, turn, at, actor_name, text, attachments from credit_repair
     where tenant_id = :tenant_id order by at desc, id
""")
_STEPS = sql("""
    select repair_id, act, at, actor, actor_name, on_day, document_no, reason from credit_repair_step
     where tenant_id = :tenant_id order by repair_id, seq
""")
_PAGE = sql("""
    select r.id, r.tenant_id, r.region, r.kind, r.ref, r.number, r.turn, r.at, r.actor_name, r.text, r.attachments,
           n.credit_code, n.name
      from credit_repair r left join standing n on n.tenant_id = r.tenant_id and n.region = r.region
     where (cast(:tenant_id as uuid) is null or r.tenant_id = :tenant_id)
       and (cast(:waits as boolean) is null or :waits <> exists (select from credit_repair_step s
            where s.tenant_id = r.tenant_id and s.repair_id = r.id and s.act in ('grant', 'refuse')))
       and (cast(:only as uuid) is null or r.id = :only)
       and (cast(:at as timestamptz) is null or (r.at, r.id) < (:at, cast(:id as uuid)))
     order by r.at desc, r.id desc limit :limit
""")
_STEPS_OF_PAGE = sql("""
    select repair_id, act, at, actor, actor_name, on_day, document_no, reason from credit_repair_step
     where tenant_id = any(:tenants) and repair_id = any(:repairs) order by repair_id, seq
""")
_TOLD = frozenset({RepairAct.GRANT, RepairAct.REFUSE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What an organization may have repaired, and from which day on; None while a penalty's duty is not done.

    Attributes:
        ref: a finding's number, or the id of a penalty or veto.
        number: what people call it.
        what: the rule, the measure of a penalty, or the veto item.
    """

    kind: RepairKind
    ref: str
    number: str
    what: str
    region: str
    possible_from: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenStep:
    """One step of the bureau, by whom and when."""

    step: RepairStep
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRepair:
    """An application with where it stands; an organization sees decisions, no proposals."""

    id: UUID
    tenant_id: UUID
    region: str
    kind: RepairKind
    ref: str
    number: str
    turn: int
    at: datetime
    by: str
    text: str
    files: tuple[StatedFile, ...]
    standing: RepairStanding
    steps: tuple[TakenStep, ...]

    @property
    def waits(self) -> bool:
        """Whether it is not decided yet."""
        return self.standing.state in {RepairState.WAITING, RepairState.PROPOSED}


@dataclass(frozen=True, slots=True)
class ListedRepair:
    """An application among those of many; code and name are None before the organization is judged there."""

    repair: KnownRepair
    credit_code: str | None
    name: str | None


async def read_matters(session: ReadSession, tenant_id: UUID, *, lawbook: LawBook, on: date) -> tuple[Matter, ...]:
    """What an organization could have repaired, as the caller sees it: findings from today, events from their day."""
    found = [
        Matter(
            kind=RepairKind.FINDING, ref=row.no, number=row.no, what=row.rule_id, region=row.region, possible_from=on
        )
        for row in await session.all(_FINDINGS, {"tenant_id": tenant_id})
        if finding_repairable(life_of(row), minor=row.severity == Severity.MINOR)
    ]
    rows = (await read_rows(session, [tenant_id], since=on, kinds=("penalty", "veto")))[tenant_id]
    events: list[PenaltyRow | VetoRow] = [*rows["penalty"], *rows["veto"]]
    for one in events:
        stands, model = one.standing, lawbook.credit_model(region=one.region, on=on)
        if model is None or stands.status is not Status.STANDING or stands.repaired_on is not None:
            continue
        penalty = isinstance(one, PenaltyRow)
        found.append(
            Matter(
                kind=RepairKind.PENALTY if penalty else RepairKind.VETO,
                ref=str(one.id),
                number=one.document_no if isinstance(one, PenaltyRow) else stands.document_no,
                what=one.measure if isinstance(one, PenaltyRow) else one.item,
                region=one.region,
                possible_from=repairable_from(one, model),
            )
        )
    return tuple(found)


async def read_repairs(session: ReadSession, tenant_id: UUID) -> tuple[KnownRepair, ...]:
    """The applications of an organization that the caller sees, the newest first."""
    asked = {"tenant_id": tenant_id}
    steps = _by_repair(await session.all(_STEPS, asked))
    everything = session.caller.kind != "member"
    return tuple(
        _application(row, steps.get(row.id, []), everything=everything)
        for row in await session.all(_APPLICATIONS, asked)
    )


async def list_repairs(
    session: ReadSession,
    *,
    tenant_id: UUID | None = None,
    waits: bool | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int,
) -> tuple[ListedRepair, ...]:
    """Applications that the caller sees, the newest first.

    Args:
        session: of who asks.
        tenant_id: of one organization alone.
        waits: those that are not decided yet, or those that are.
        before: time and id of the one before the first.
        limit: how many.
    """
    at, identity = before or (None, None)
    asked = {"tenant_id": tenant_id, "waits": waits, "only": None, "at": at, "id": identity, "limit": limit}
    return await _listed(session, asked)


async def find_repair(session: ReadSession, repair_id: UUID) -> ListedRepair | None:
    """One application, where the caller sees it."""
    asked = {"tenant_id": None, "waits": None, "only": repair_id, "at": None, "id": None, "limit": 1}
    return next(iter(await _listed(session, asked)), None)


async def _listed(session: ReadSession, asked: Mapping[str, Any]) -> tuple[ListedRepair, ...]:
    rows = await session.all(_PAGE, asked)
    of = {"tenants": list({row.tenant_id for row in rows}), "repairs": [row.id for row in rows]}
    steps = _by_repair(await session.all(_STEPS_OF_PAGE, of)) if rows else {}
    everything = session.caller.kind != "member"
    return tuple(
        ListedRepair(_application(row, steps.get(row.id, []), everything=everything), row.credit_code, row.name)
        for row in rows
    )


def allowed_repair_acts(
    found: KnownRepair, *, actor: str, roles: frozenset[str]
) -> dict[RepairAct, RepairRefusal | None]:
    """Each step of this person's roles, with why it is refused now."""
    told = {act: may_not_decide(found.standing, act, actor=actor, roles=roles) for act in ROLE_OF}
    return {act: why for act, why in told.items() if why is not RepairRefusal.ROLE}


async def open_repair_file(
    session: ReadSession, objects: Objects, tenant_id: UUID, sha256: str
) -> tuple[StatedFile, bytes]:
    """One file of an organization's applications, checked against its hash.

    Raises:
        UnknownRepairError: no such file that the caller sees.
        ObjectMissingError: the store does not have it.
        ObjectDamagedError: it is not what was handed in.
    """
    for one in await read_repairs(session, tenant_id):
        for file in one.files:
            if file.sha256 == sha256:
                return file, await objects.take(file.path, sha256=sha256)
    raise UnknownRepairError


def _by_repair(rows: Sequence[Row[Any]]) -> dict[UUID, list[TakenStep]]:
    steps: dict[UUID, list[TakenStep]] = {}
    for row in rows:
        steps.setdefault(row.repair_id, []).append(_step(row))
    return steps


def _step(row: Row[Any]) -> TakenStep:
    step = RepairStep(
        act=RepairAct(row.act), actor=row.actor, on_day=row.on_day, document_no=row.document_no, reason=row.reason
    )
    return TakenStep(step=step, by=row.actor_name, at=row.at)


def _application(row: Row[Any], steps: list[TakenStep], *, everything: bool) -> KnownRepair:
    return KnownRepair(
        id=row.id,
        tenant_id=row.tenant_id,
        region=row.region,
        kind=RepairKind(row.kind),
        ref=row.ref,
        number=row.number,
        turn=row.turn,
        at=row.at,
        by=row.actor_name,
        text=row.text,
        files=tuple(StatedFile(one["name"], one["sha256"], one["size"], one["path"]) for one in row.attachments),
        standing=repair_after(one.step for one in steps),
        steps=tuple(one for one in steps if everything or one.step.act in _TOLD),
    )
