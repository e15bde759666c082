"""Changes of rules as their rows keep them, and the law-book that the approved ones make."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row

from hengjian.platform.db import ReadSession, sql
from hengjian.scoring.changes.overlay import ChangeInBook, overlay
from hengjian.scoring.changes.tables import version_of_content
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.rule_change import ChangeState, NewChange, Standing
from hengjian.scoring.errors import UnknownChangeError

# `until`: the first day without it, by an approved change that ends it. `preview`: of the last impact of this content.
COLUMNS = """
    c.tenant_id, c.region, c.id, c.no, c.bureau, c.rule_id, c.kind, c.state, c.from_day, c.content, c.version,
    c.drafted_by, c.drafted_by_name, c.drafted_at, c.submitted_by, c.approved_by, c.approved_by_name, c.approved_at,
    (select min(e.from_day) from rule_change e where e.ends = c.no and e.state = 'approved') as until
"""
_ONE = f"""
    select {COLUMNS}, i.state as preview, i.summary from rule_change c
      left join lateral (
        select state, summary from rule_impact where tenant_id = c.tenant_id and change_id = c.id
           and version = c.version order by started_at desc, id desc limit 1) i on true
     where c.no = :no
"""
_FOR_READING = sql(_ONE)
# The public reads what is law, and nothing of how it came about.
_FOR_PUBLIC = sql(f"select {COLUMNS}, null as preview, null as summary from rule_change c where c.no = :no")
_FOR_STEP = sql(f"{_ONE} for update of c")
_APPROVED = sql(f"select {COLUMNS} from rule_change c where c.state = 'approved' order by c.approved_at, c.no")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredChange:
    """One change as it is kept; `replay_differs` is what the last preview of its content found."""

    tenant_id: UUID
    region: str
    id: UUID
    no: str
    bureau: str
    new: NewChange
    state: ChangeState
    version: str
    drafted_by: str
    drafted_by_name: str
    drafted_at: datetime
    submitted_by: str | None
    approved_by_name: str
    approved_at: datetime | None
    until: date | None
    previewed: bool
    replay_differs: bool

    @property
    def in_book(self) -> ChangeInBook:
        """The change as the law-book takes it in."""
        return ChangeInBook(no=self.no, region=self.region, new=self.new)

    def standing(self, tenant_id: UUID | None) -> Standing:
        """Where it stands, seen from a bureau."""
        return Standing(
            state=self.state,
            from_day=self.new.from_day,
            until=self.until,
            drafted_by=self.drafted_by,
            submitted_by=self.submitted_by,
            own=tenant_id == self.tenant_id,
            previewed=self.previewed,
            replay_differs=self.replay_differs,
        )


def content_of(new: NewChange) -> dict[str, Any]:
    """What a change says, as JSON."""
    said: dict[str, Any] = msgspec.to_builtins(new)
    return said


def new_of(content: object) -> NewChange:
    """The change that says this.

    Raises:
        msgspec.ValidationError: it is not the content of a change.
    """
    return msgspec.convert(content, NewChange)


def version_of(new: NewChange, region: str) -> str:
    """SHA-256 of what a change says and for where: the same content is the same version anywhere."""
    return version_of_content(content_of(new), region)


async def find_change(session: ReadSession, no: str, *, for_step: bool = False) -> StoredChange:
    """A change that the caller sees; for a step its row is locked.

    Raises:
        UnknownChangeError: there is none.
    """
    reading = _FOR_PUBLIC if session.caller.kind == "public" else _FOR_READING
    row = await session.first(_FOR_STEP if for_step else reading, {"no": no})
    if row is None:
        raise UnknownChangeError(no)
    return stored(row, preview=row.preview, summary=row.summary)


def stored(row: Row[Any], *, preview: str | None = None, summary: Any = None) -> StoredChange:
    """The change that a row with `COLUMNS` keeps."""
    return StoredChange(
        tenant_id=row.tenant_id,
        region=row.region,
        id=row.id,
        no=row.no,
        bureau=row.bureau,
        new=new_of(row.content),
        state=ChangeState(row.state),
        version=row.version,
        drafted_by=row.drafted_by,
        drafted_by_name=row.drafted_by_name,
        drafted_at=row.drafted_at,
        submitted_by=row.submitted_by,
        approved_by_name=row.approved_by_name or "",
        approved_at=row.approved_at,
        until=row.until,
        previewed=preview == "done",
        replay_differs=bool((summary or {}).get("replay_differs")),
    )


async def approved_changes(session: ReadSession, *, without: str = "") -> tuple[StoredChange, ...]:
    """Every approved change in the order of approval, but the one of a number."""
    rows = await session.all(_APPROVED)
    return tuple(stored(row) for row in rows if row.no != without)


async def book_without(session: ReadSession, book: LawBook, no: str) -> tuple[LawBook, Sequence[ChangeInBook]]:
    """The law-book with every approved change but one, and those changes."""
    others = [change.in_book for change in await approved_changes(session, without=no)]
    return overlay(book, others), others
