"""Replaying frozen cases: judgements that were stored, judged again by another law-book on their own day and facts."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from hengjian.platform.db import ReadSession, sql
from hengjian.scoring.changes.walk import Walk
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.errors import FactError
from hengjian.scoring.explain_stored import restored
from hengjian.scoring.stored_values import as_text

Told = tuple[str, str | None, str | None, str | None]
_COLUMNS = "tenant_id, region, rule_id, subject_kind, subject, verdict, severity, measured, required, facts, as_of"
_OF_RULE = sql(f"""
    select {_COLUMNS} from judgement where tenant_id = any(:ids) and rule_id = :rule_id and as_of < :from_day
""")
_ALL = sql(f"select {_COLUMNS} from judgement where tenant_id = :tenant_id order by region, rule_id, subject")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A stored judgement that comes out otherwise: verdict, severity, measured and required, stored and now."""

    rule_id: str
    region: str
    subject: str
    as_of: date
    stored: Told
    now: Told


async def replay_slice(session: ReadSession, walk: Walk, ids: Sequence[UUID]) -> tuple[int, int]:
    """How many stored judgements of a walk's rule were judged again, and how many the change makes another.

    Only those of days before the first of the change: later ones are what it is for.
    """
    asked = {"ids": list(ids), "rule_id": walk.rule_id, "from_day": walk.from_day}
    rows = await session.all(_OF_RULE, asked)
    again = [(judged_again(walk.before, row), judged_again(walk.after, row)) for row in rows]
    return len(again), sum(before != after for before, after in again)


async def replay_stored(session: ReadSession, tenant_id: UUID, *, lawbook: LawBook) -> AsyncIterator[Replayed | None]:
    """Every stored judgement of an organization: None where it comes out the same, else the difference."""
    for row in await session.all(_ALL, {"tenant_id": tenant_id}):
        stored, now = (row.verdict, row.severity, row.measured, row.required), judged_again(lawbook, row)
        same = stored == now
        yield (
            None
            if same
            else Replayed(
                rule_id=row.rule_id, region=row.region, subject=row.subject, as_of=row.as_of, stored=stored, now=now
            )
        )


def judged_again(book: LawBook, row: Row[Any]) -> Told:
    """What a law-book says to a stored judgement's own facts on its own day."""
    rule = book.rule_in_force(row.rule_id, region=row.region, on=row.as_of)
    if rule is None:
        return "not_in_force", None, None, None
    try:
        facts = {name: restored(rule, name, row.facts[name]) for name in rule.inputs if name in row.facts}
        verdict = rule.judge(facts)
    except FactError as error:
        return "refused", None, None, str(error)
    severity = verdict.severity.value if verdict.severity else None
    return verdict.verdict.value, severity, as_text(verdict.measured), as_text(verdict.required)
