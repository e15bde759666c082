"""Reading the life of a finding: what the organization said, what the bureau decided, and what a decision would cost."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from hengjian.platform.db import ReadSession, sql
from hengjian.platform.objects import Objects
from hengjian.scoring.appeal_effect import AppealEffect, read_effect
from hengjian.scoring.domain.contest import ContestedFact, read_contest
from hengjian.scoring.domain.finding_life import Act, Life
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.errors import UnknownFindingError
from hengjian.scoring.stored_history import ScoreEffect, stored_history
from hengjian.scoring.stored_life import LIFE_COLUMNS, life_of

_LIFE = sql(f"select tenant_id, id, region, {LIFE_COLUMNS} from finding where no = :no")
_STATEMENTS = sql("""
    select id, at, act, actor_name, text, late, attachments, contest from finding_statement
     where tenant_id = :tenant_id and finding_id = :id order by at, id
""")
_DECISIONS = sql("""
    select id, at, act, actor_name, reason, until, accepted, effect from finding_decision
     where tenant_id = :tenant_id and finding_id = :id and (:all or act not in ('return') and act not like 'propose%')
     order by at, id
""")


@dataclass(frozen=True, slots=True)
class StatedFile:
    """A file handed in with a statement, by the hash of its content."""

    name: str
    sha256: str
    size: int
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What the organization said, and with which step; with an appeal, the fact that is contested."""

    id: UUID
    at: datetime
    act: Act
    by: str
    text: str
    late: bool
    files: tuple[StatedFile, ...]
    contested: ContestedFact | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One step of the bureau, by whom and why; on appeal with the fact accepted and the score before and after."""

    id: UUID
    at: datetime
    act: str
    by: str
    reason: str
    until: date | None
    accepted: ContestedFact | None = None
    effect: AppealEffect | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLife:
    """Where a finding stands, and all that was said and decided; an organization sees no proposals."""

    life: Life
    statements: tuple[Statement, ...]
    decisions: tuple[Decision, ...]


async def read_life(session: ReadSession, no: str) -> FindingLife | None:
    """The life of a finding, or None when the caller sees none."""
    row = await session.first(_LIFE, {"no": no})
    if row is None:
        return None
    key = {"tenant_id": row.tenant_id, "id": row.id}
    statements = await session.all(_STATEMENTS, key)
    decisions = await session.all(_DECISIONS, {**key, "all": session.caller.kind != "member"})
    return FindingLife(
        life=life_of(row),
        statements=tuple(_statement(one) for one in statements),
        decisions=tuple(
            Decision(
                id=one.id,
                at=one.at,
                act=one.act,
                by=one.actor_name,
                reason=one.reason,
                until=one.until,
                accepted=read_contest(one.accepted),
                effect=read_effect(one.effect),
            )
            for one in decisions
        ),
    )


async def open_stated_file(session: ReadSession, objects: Objects, no: str, sha256: str) -> tuple[StatedFile, bytes]:
    """One file of a finding's statements, checked against its hash.

    Raises:
        UnknownFindingError: no such finding or file that the caller sees.
        ObjectMissingError: the store does not have it.
        ObjectDamagedError: it is not what was handed in.
    """
    found = await read_life(session, no)
    files = [file for one in (found.statements if found else ()) for file in one.files if file.sha256 == sha256]
    if not files:
        raise UnknownFindingError(no)
    return files[0], await objects.take(files[0].path, sha256=sha256)


async def effect_of_confirming(session: ReadSession, no: str, *, lawbook: LawBook, on: date) -> ScoreEffect | None:
    """What this year's official score is without a finding, and with it confirmed."""
    row = await session.first(_LIFE, {"no": no})
    if row is None:
        return None
    stored = await stored_history(session, row.tenant_id, row.region, lawbook=lawbook, on=on, also=row.id)
    return None if stored is None else stored.effect_of_finding()


def _statement(row: Row[Any]) -> Statement:
    files = tuple(StatedFile(one["name"], one["sha256"], one["size"], one["path"]) for one in row.attachments)
    return Statement(
        id=row.id,
        at=row.at,
        act=Act(row.act),
        by=row.actor_name,
        text=row.text,
        late=row.late,
        files=files,
        contested=read_contest(row.contest),
    )
