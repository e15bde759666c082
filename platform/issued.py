"""Which papers this deployment issued, by their digests alone: anybody who holds one may ask, and learns nothing else.

A row tells neither what the paper is nor about whom; papers of one series replace each other when they differ.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlalchemy.dialects.postgresql import insert

from hengjian.platform.db import Caller, Database, Session, sql
from hengjian.platform.db.tables import INSTANT, local_table, required

issued_digest = local_table(
    "issued_digest",
    Column("digest", Text, primary_key=True),
    required("series", Text),
    # What the paper says without the moment at which it was made: equal contents do not replace each other.
    required("content", Text),
    required("issued_at", INSTANT),
    Index("ix_issued_digest_series", "series", "issued_at"),
)

_STATUS = sql("""
    select exists (select from issued_digest n where n.series = i.series and n.issued_at > i.issued_at
                      and n.content <> i.content) as replaced
      from issued_digest i where i.digest = :digest
""")


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper by SHA-256 digests in hexadecimal: those by which it is known, and that of what it says."""

    digests: tuple[str, ...]
    content: str


async def keep_issued(session: Session, paper: Paper, *, series: Iterable[str], issued_at: datetime) -> None:
    """Remember a paper; `series` names what it is about, and only a hash of that is kept."""
    await keep_all_issued(session, [(paper, series)], issued_at=issued_at)


async def keep_all_issued(
    session: Session, papers: Iterable[tuple[Paper, Iterable[str]]], *, issued_at: datetime
) -> None:
    """Remember papers, each with its series, in one statement."""
    rows = [
        {"digest": digest, "series": held, "content": paper.content, "issued_at": issued_at}
        for paper, series in papers
        for held in [hashlib.sha256("\x1f".join(series).encode()).hexdigest()]
        for digest in dict.fromkeys(paper.digests)
    ]
    if rows:
        await session.run(insert(issued_digest).on_conflict_do_nothing(), rows)


async def replaced(database: Database, digest: str, *, caller: Caller) -> bool | None:
    """Whether a newer paper replaced the one with this digest; None when none such was issued here."""
    async with database.read(caller) as session:
        row = await session.first(_STATUS, {"digest": digest})
    return None if row is None else bool(row.replaced)
