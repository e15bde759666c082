"""What somebody should know: a notice for the organization's people or for the bureaus over it, and who has read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.dialects.postgresql import insert

from hengjian.platform.db import ReadSession, Session, sql
from hengjian.platform.ids import uuid7
from hengjian.scoring.domain.finding_life import Act
from hengjian.scoring.tables import notice

Side = Literal["organization", "bureau"]

SIDE_OF: dict[Act, Side] = {
    Act.NOTIFY: "organization",
    Act.STATE: "bureau",
    Act.OBJECT: "bureau",
    Act.PROPOSE_CONFIRM: "bureau",
    Act.PROPOSE_DISMISS: "bureau",
    Act.PROPOSE_SUSPEND: "bureau",
    Act.RETURN: "bureau",
    Act.CONFIRM: "organization",
    Act.DISMISS: "organization",
    Act.SUSPEND: "organization",
    Act.RESUME: "organization",
    Act.VERIFY: "bureau",
    Act.CLOSE: "organization",
    Act.APPEAL: "bureau",
    Act.PROPOSE_UPHOLD: "bureau",
    Act.PROPOSE_OVERTURN: "bureau",
    Act.PROPOSE_AMEND: "bureau",
    Act.UPHOLD: "organization",
    Act.OVERTURN: "organization",
    Act.AMEND: "organization",
}
_INBOX = sql("""
    select n.id, n.tenant_id, n.at, n.kind, n.finding_no, n.rule_id, n.due_on, s.name as organization, s.credit_code,
           r.at as read_at, count(*) over () as found, count(*) filter (where r.at is null) over () as unread
      from notice n
      left join notice_read r on r.tenant_id = n.tenant_id and r.notice_id = n.id and r.reader = :reader
      left join standing s on s.tenant_id = n.tenant_id and s.region = n.region
     where n.side = :side order by r.at is not null, n.at desc, n.id desc limit :limit offset :offset
""")
_READ = sql("""
    insert into notice_read (tenant_id, region, notice_id, reader, at)
    select tenant_id, region, id, :reader, now() from notice where id = any(:ids) and side = :side
    on conflict do nothing
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notice as its reader sees it; `read_at` is None until this reader has marked it."""

    id: UUID
    at: datetime
    kind: str
    finding_no: str
    rule_id: str
    due_on: date | None
    organization: str
    credit_code: str
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """Whom a notice is for, and the number of what it is about, where that is no finding."""

    tenant_id: UUID
    region: str
    no: str
    rule_id: str = ""


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of notices, the unread first."""

    notices: tuple[Notice, ...]
    total: int
    unread: int


async def give_notice(
    session: Session, found: Row[Any] | Told, kind: str, *, side: Side, due_on: date | None, now: datetime, once: str
) -> bool:
    """Write a notice on a finding or a yearly result unless the same one (`once`) is there; whether it was new."""
    row = notice_row(found, kind, side=side, due_on=due_on, now=now, once=once)
    return await session.run(insert(notice).values(row).on_conflict_do_nothing()) == 1


def notice_row(
    found: Row[Any] | Told, kind: str, *, side: Side, due_on: date | None, now: datetime, once: str
) -> dict[str, Any]:
    """The row of a notice on a finding or a yearly result."""
    return {
        "tenant_id": found.tenant_id,
        "region": found.region,
        "id": uuid7(),
        "at": now,
        "side": side,
        "kind": kind,
        "finding_no": found.no,
        "rule_id": found.rule_id,
        "due_on": due_on,
        "dedupe": f"{found.no}:{kind}:{once}",
    }


async def read_inbox(session: ReadSession, *, limit: int, offset: int = 0) -> Inbox:
    """The caller's notices: an organization's own, or those of a bureau's region."""
    values = {"reader": session.caller.actor, "side": side_of(session), "limit": limit, "offset": offset}
    rows = await session.all(_INBOX, values)
    notices = tuple(
        Notice(
            id=row.id,
            at=row.at,
            kind=row.kind,
            finding_no=row.finding_no,
            rule_id=row.rule_id,
            due_on=row.due_on,
            organization=row.organization or "",
            credit_code=row.credit_code or "",
            read_at=row.read_at,
        )
        for row in rows
    )
    return Inbox(notices, rows[0].found if rows else 0, rows[0].unread if rows else 0)


async def mark_read(session: Session, notices: Sequence[UUID]) -> int:
    """The caller has read these notices; how many were new to them. Others' notices are passed over."""
    values = {"reader": session.caller.actor, "side": side_of(session), "ids": list(notices)}
    return await session.run(_READ, values)


def side_of(session: ReadSession) -> Side:
    """For whom the caller reads."""
    return "bureau" if session.caller.kind == "bureau" else "organization"
