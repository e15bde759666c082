"""Changes of rules for readers: lists, one change with its steps and differences, and who may do what next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from hengjian.platform.db import ReadSession, sql
from hengjian.scoring.changes.check import ChangeCheck, Difference, changed_content, check, differences, rule_version
from hengjian.scoring.changes.overlay import edition_on
from hengjian.scoring.changes.stored import COLUMNS, StoredChange, book_without, find_change, stored
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.rule_change import (
    ChangeAct,
    ChangeKind,
    NewChange,
    Stage,
    Standing,
    Taker,
    change_refusal,
    stage_of,
)
from hengjian.scoring.domain.rules import Wording
from hengjian.scoring.errors import CHANGE_REFUSED, ScoringError
from hengjian.scoring.stored_values import as_text

_LIST = sql(f"""
    select *, count(*) over () as found from (select {COLUMNS} from rule_change c
                    where cast(:rule_id as text) is null or c.rule_id = :rule_id) found
     where cast(:stage as text) is null
        or :stage = case when state <> 'approved' then state when until <= :today then 'switched_off'
                         when from_day <= :today then 'in_force' else 'shadow' end
     order by drafted_at desc, no desc limit :limit offset :offset
""")
_STEPS = sql("""
    select at, act, actor, actor_name, reason, version from rule_change_step
     where tenant_id = :tenant_id and change_id = :id order by at, id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeHead:
    """One change in a list. `value` is the new value of its parameter or the new severity, `until` its first day off."""

    tenant_id: UUID
    id: UUID
    no: str
    rule_id: str
    kind: ChangeKind
    region: str
    bureau: str
    from_day: date
    until: date | None
    stage: Stage
    reason: str
    clause: str
    version: str
    parameter: str
    value: str
    drafted_by: str
    drafted_at: datetime
    approved_by: str
    approved_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChangePage:
    """One page of changes, the newest first."""

    changes: tuple[ChangeHead, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeStep:
    """Who did what when, with what reason, to which version."""

    at: datetime
    act: str
    actor: str
    actor_name: str
    reason: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDetail:
    """A change with all that is known of it.

    `value_before` is what its parameter or severity is without it on its first day. The steps are for the bureau and
    those above it; for others they are empty. `check` is what a check says now.
    """

    head: ChangeHead
    new: NewChange
    value_before: str
    steps: tuple[ChangeStep, ...]
    check: ChangeCheck
    differences: tuple[Difference, ...]
    rule_version_before: str
    rule_version_after: str
    change: StoredChange


async def list_changes(
    session: ReadSession,
    *,
    today: date,
    rule_id: str | None = None,
    stage: Stage | None = None,
    limit: int = 50,
    offset: int = 0,
) -> ChangePage:
    """The changes that the caller sees: a bureau its own and those below, everybody what is approved."""
    values = {"rule_id": rule_id, "stage": stage.value if stage else None, "today": today}
    rows = await session.all(_LIST, {**values, "limit": limit, "offset": offset})
    return ChangePage(tuple(change_head(stored(row), today) for row in rows), rows[0].found if rows else 0)


async def read_change(session: ReadSession, no: str, *, book: LawBook, today: date) -> ChangeDetail:
    """One change, with its differences from the law-book as all other approved changes make it.

    Raises:
        UnknownChangeError: there is none that the caller sees.
    """
    found = await find_change(session, no)
    others_book, others = await book_without(session, book, no)
    public = session.caller.kind == "public"
    rows = [] if public else await session.all(_STEPS, {"tenant_id": found.tenant_id, "id": found.id})
    checked = check(others_book, found.in_book, others)
    try:
        before, after = changed_content(others_book, found.in_book, others)
    except ScoringError:
        before = after = {}
    return ChangeDetail(
        head=change_head(found, today),
        new=found.new,
        value_before=_value_before(others_book, found),
        steps=tuple(
            ChangeStep(
                at=row.at,
                act=row.act,
                actor=row.actor,
                actor_name=row.actor_name,
                reason=row.reason,
                version=row.version,
            )
            for row in rows
        ),
        check=checked,
        differences=tuple(differences(before, after)),
        rule_version_before=rule_version(before) if before else "",
        rule_version_after=rule_version(after) if after else "",
        change=found,
    )


def allowed_change_acts(
    detail: ChangeDetail, *, actor: str, roles: frozenset[str], tenant_id: UUID | None, today: date
) -> Mapping[ChangeAct, Wording | None]:
    """Each step with None where this person may take it today, else why not and what to do."""
    standing, taker = detail.change.standing(tenant_id), Taker(actor, roles)
    return {act: _why(standing, act, taker, today) for act in ChangeAct}


def _why(standing: Standing, act: ChangeAct, taker: Taker, today: date) -> Wording | None:
    why = change_refusal(standing, act, taker, today=today)
    return None if why is None else Wording(*CHANGE_REFUSED[why])


def change_head(change: StoredChange, today: date) -> ChangeHead:
    """A change as lists show it on a day."""
    new = change.new
    return ChangeHead(
        tenant_id=change.tenant_id,
        id=change.id,
        no=change.no,
        rule_id=new.rule_id,
        kind=new.kind,
        region=change.region,
        bureau=change.bureau,
        from_day=new.from_day,
        until=change.until,
        stage=stage_of(change.standing(None), today),
        reason=new.reason,
        clause=new.clause,
        version=change.version,
        parameter=new.parameter,
        value=new.value or new.severity,
        drafted_by=change.drafted_by_name,
        drafted_at=change.drafted_at,
        approved_by=change.approved_by_name,
        approved_at=change.approved_at,
    )


def _value_before(book: LawBook, change: StoredChange) -> str:
    new = change.new
    try:
        rule = edition_on(book, new.rule_id, change.region, new.from_day)
    except ScoringError:
        return ""
    if new.kind is ChangeKind.SEVERITY:
        return rule.severity.value
    for parameter in rule.parameters:
        if parameter.name == new.parameter:
            entry = parameter.entry_for(change.region, new.from_day)
            return "" if entry is None else as_text(entry.value) or ""
    return ""
