"""Reading the life of a finding: what the organization said, what the bureau decided, and what a decision would cost."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from hengjian.platform.db import ReadSession, sql
from hengjian.platform.objects import Objects
from hengjian.scoring.appeal_effect import AppealEffect, read_effect
from hengjian.scoring.domain.contest import ContestedFact, read_contest
from hengjian.scoring.domain.credit import ProvisionalScore, provisional_score
from hengjian.scoring.domain.credit_history import CountedFinding
from hengjian.scoring.domain.finding_life import Act, Life
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.verdicts import Severity
from hengjian.scoring.errors import UnknownFindingError, UnknownRuleError
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
_COUNTING = sql("""
    select id, rule_id, subject_kind, subject, severity, opened_on, closed_on, costs_points, confirmed, frozen_on
      from finding where tenant_id = :tenant_id and region = :region and (confirmed or id = :id)
       and state <> 'dismissed' and (closed_on is null or closed_on > :since)
""")
_KINDS = sql("select kinds from standing where tenant_id = :tenant_id and region = :region")


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


@dataclass(frozen=True, slots=True)
class ScoreEffect:
    """The official score without and with one finding confirmed; None where no credit model is in force."""

    without: Decimal
    with_it: Decimal
    grade_without: str | None
    grade_with: str | None


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
    model = lawbook.credit_model(region=row.region, on=on) if row is not None else None
    if row is None or model is None:
        return None
    place = {"tenant_id": row.tenant_id, "region": row.region}
    kinds = await session.scalar(_KINDS, place)
    rows = await session.all(_COUNTING, {**place, "id": row.id, "since": date(on.year, 1, 1)})
    kind = "contractor" if "CONTRACTOR" in (kinds or ()) else "institution"

    def scored(counted: list[Row[Any]]) -> ProvisionalScore:
        findings = [found for one in counted if (found := _counted(one, lawbook, on)) is not None]
        return provisional_score(findings, kind=kind, model=model, as_of=on)

    without, with_it = scored([one for one in rows if one.id != row.id]), scored(list(rows))
    if without.total is None or with_it.total is None:
        return None
    return ScoreEffect(without.total, with_it.total, without.grade, with_it.grade)


def _counted(row: Row[Any], lawbook: LawBook, on: date) -> CountedFinding | None:
    try:
        dimension = lawbook.find(row.rule_id)[0][1].dimension
    except UnknownRuleError:
        return None
    ends = [day - timedelta(days=1) for day in (row.closed_on, row.frozen_on) if day is not None]
    return CountedFinding(
        rule=row.rule_id,
        subject=f"{row.subject_kind}:{row.subject}",
        severity=Severity(row.severity),
        dimension=dimension,
        first_day=row.opened_on,
        last_day=min([on, *ends]),
        costs_points=row.costs_points,
    )


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
