"""Numbers of labels: drawn, claimed for one organization, and looked up."""

from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID

from hengjian.platform.db import ReadSession, Session, sql
from hengjian.tenants.api import new_label_id

_CLAIM = """
insert into label_number (label_id, tenant_id, region, issued_at)
select number, $2, $3, $4 from unnest($1::text[]) as number on conflict do nothing returning label_id
"""
_UNISSUED = """
select wanted.number from unnest($2::text[]) as wanted(number)
where not exists (select from seal_label s where s.tenant_id = $1 and s.label_id = wanted.number)
"""
_HOLDER = sql("select tenant_id from label_number where label_id = :label")

Draw = Callable[[str], str]


async def claim_numbers(  # what a number is claimed for, and how it is drawn
    session: Session, city: str, count: int, *, tenant_id: UUID, region: str, now: datetime, draw: Draw = new_label_id
) -> list[str]:
    """New numbers for an organization, none of which exists anywhere else; one that does is drawn again."""
    claimed: list[str] = []
    while len(claimed) < count:
        drawn = sorted({draw(city) for _ in range(count - len(claimed))})
        rows = await session.fetch_raw(_CLAIM, drawn, tenant_id, region, now)
        claimed += [row["label_id"] for row in rows]
    return claimed


async def unissued_labels(session: ReadSession, tenant_id: UUID, numbers: Collection[str]) -> frozenset[str]:
    """Those of the numbers that were never issued to the organization; one statement, none for no numbers."""
    if not numbers:
        return frozenset()
    rows = await session.fetch_raw(_UNISSUED, tenant_id, list(numbers))
    return frozenset(row["number"] for row in rows)


async def label_holder(session: ReadSession, label_id: str) -> UUID | None:
    """The organization to which a label was issued, as far as the caller may see it."""
    found: UUID | None = await session.scalar(_HOLDER, {"label": label_id})
    return found
