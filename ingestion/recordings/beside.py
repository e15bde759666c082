"""What stands beside the recordings of a task: footage that is used elsewhere too, and people by name."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from hengjian.ingestion.recordings.tables import footage_match
from hengjian.platform.db import ReadSession, sql

_OWN = tuple(footage_match.c[name] for name in ("recording_id", "found_at", "exact", "at_ms", "pictures", "elsewhere"))
_OTHER = tuple(footage_match.c[name] for name in ("other_tenant_id", "other_recording_id", "other_at_ms"))

_NAMES = sql("""
    select distinct on (source_ref) source_ref, name from person
     where tenant_id = :tenant and source_ref = any(:refs) order by source_ref, valid_from desc""")

_NAMES_OF_SEVERAL = """
    select distinct on (p.tenant_id, p.source_ref) p.tenant_id, p.source_ref, p.name
      from unnest($1::uuid[], $2::text[]) as wanted (tenant_id, ref)
      join person p on p.tenant_id = wanted.tenant_id and p.source_ref = wanted.ref
     order by p.tenant_id, p.source_ref, p.valid_from desc"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The same footage in another recording, from a second of ours on; the other side is told to bureaus only."""

    recording_id: UUID
    found_at: datetime
    exact: bool
    at_ms: int
    pictures: int
    elsewhere: bool
    other_tenant_id: UUID | None = None
    other_recording_id: UUID | None = None
    other_at_ms: int | None = None


async def matches_of(session: ReadSession, tenant_id: UUID, recording_ids: Sequence[UUID]) -> tuple[Match, ...]:
    """Footage of these recordings that is used elsewhere too, by place."""
    columns = (*_OWN, *_OTHER) if session.caller.kind == "bureau" else _OWN
    rows = await session.all(
        select(*columns)
        .where(footage_match.c.tenant_id == tenant_id, footage_match.c.recording_id.in_(recording_ids))
        .order_by(footage_match.c.recording_id, footage_match.c.at_ms, footage_match.c.id)
    )
    return tuple(Match(**row._mapping) for row in rows)  # noqa: SLF001  # the public way to a row's columns by name


async def people_named(session: ReadSession, tenant_id: UUID, refs: Collection[str]) -> dict[str, str]:
    """Names of an organization's people by their references, as known last; those not in the register are left out."""
    rows = await session.all(_NAMES, {"tenant": tenant_id, "refs": sorted(refs)}) if refs else ()
    return {row.source_ref: row.name for row in rows}


async def people_of_several(session: ReadSession, wanted: Collection[tuple[UUID, str]]) -> dict[tuple[UUID, str], str]:
    """The same for people of several organizations, by organization and reference; one statement, none for nobody."""
    pairs = sorted(wanted)
    rows = (
        await session.fetch_raw(_NAMES_OF_SEVERAL, [tenant for tenant, _ in pairs], [ref for _, ref in pairs])
        if pairs
        else ()
    )
    return {(row["tenant_id"], row["source_ref"]): row["name"] for row in rows}
