"""Grades as the public sees them: one row, leaf and notice each, numbered without gaps within year and region."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import insert

from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Session, sql
from hengjian.platform.ids import uuid7, uuid7s
from hengjian.platform.log import append_rows
from hengjian.platform.objects import StoredObject
from hengjian.scoring.read_result_list import KnownEntry
from hengjian.scoring.result_tables import published_grade
from hengjian.scoring.tables import notice

_NUMBERS = sql("select count(*) from published_grade where year = :year and by_region = :region and kind = :kind")


@dataclass(frozen=True, slots=True)
class Publication:
    """What is published now: of a year, `publicity` or `final`, until when.

    Without `until` a grade takes the place of the one published before, to the same day.
    """

    year: int
    kind: str
    now: datetime
    until: date | None


async def one_at_a_time(session: Session, region: str, year: int) -> None:
    """Wait for whoever works on the same result, to the end of the transaction."""
    await session.lock(f"result{region}:{year}")


async def publish(
    session: Session,
    entries: Sequence[KnownEntry],
    what: Publication,
    *,
    dossiers: Mapping[tuple[UUID, str], StoredObject] | None = None,
) -> None:
    """Show entries to the public, as they are scored now, and tell each organization; the caller's region publishes.

    Args:
        session: of the bureau, which waited with `one_at_a_time`.
        entries: of its list.
        what: of which kind, until when.
        dossiers: by organization and region, kept with final grades; its hash is in the leaf.
    """
    region = session.caller.region or ""
    asked = {"year": what.year, "region": region, "kind": what.kind}
    first = await session.scalar(_NUMBERS, asked) + 1
    head = f"{'PJ' if what.kind == 'final' else 'GS'}-{region:0<6}-{what.year}"
    rows, notices = [], []
    for number, (one, identity) in enumerate(zip(entries, uuid7s(len(entries)), strict=True), start=first):
        row = _row(one, what, identity=identity, by_region=region, document_no=f"{head}-{number:05d}")
        kept = (dossiers or {}).get((one.tenant_id, one.region))
        rows.append({**row, "dossier_path": kept and kept.path, "dossier_sha256": kept and kept.sha256})
        notices.append(_notice(one, what, identity=identity, document_no=f"{head}-{number:05d}"))
    if not rows:
        return
    await session.run(insert(published_grade), rows)
    await session.run(insert(notice), notices)
    facts = [{"document_no": row["document_no"], "dossier": row["dossier_sha256"]} for row in rows]
    await append_rows(session, published_grade, rows, facts=None if dossiers is None else facts)


def _row(one: KnownEntry, what: Publication, *, identity: UUID, by_region: str, document_no: str) -> dict[str, object]:
    today = legal_day(what.now)
    return {
        "tenant_id": one.tenant_id,
        "region": one.region,
        "year": what.year,
        "id": identity,
        "kind": what.kind,
        "by_region": by_region,
        "credit_code": one.credit_code,
        "name": one.name,
        "total": one.total,
        "grade": one.grade,
        "unrated": one.unrated,
        "model": one.model,
        "model_version": one.model_version,
        "document_no": document_no,
        "published_on": today,
        "until": what.until or one.final_until or today,
        "replaces": one.document_no if what.until is None else None,
        "at": what.now,
    }


def _notice(one: KnownEntry, what: Publication, *, identity: UUID, document_no: str) -> dict[str, object]:
    return {
        "tenant_id": one.tenant_id,
        "region": one.region,
        "id": uuid7(),
        "at": what.now,
        "side": "organization",
        "kind": "result_corrected" if what.until is None else f"result_{what.kind}",
        "finding_no": document_no,
        "rule_id": "",
        "due_on": what.until if what.kind == "publicity" else None,
        "dedupe": f"{document_no}:{identity}",
    }
