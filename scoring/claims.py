"""Claims kept beside the registers, compared each night; who may see which side of a double claim."""

import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert

from hengjian.platform.db import Caller, Database, ReadSession, Session, sql
from hengjian.scoring.claim_tables import claim
from hengjian.scoring.domain.double_claims import ClaimKind, OwnClaim, fingerprint
from hengjian.tenants.api import OPEN_END, supervised_ids

MATCH_CLAIMS = "scoring.match_claims"
CLAIMED_REGISTERS: Mapping[str, ClaimKind] = {
    "people": ClaimKind.PERSON,
    "certificates": ClaimKind.CERTIFICATE,
    "instruments": ClaimKind.INSTRUMENT,
    "vehicles": ClaimKind.VEHICLE,
}
"""The registers whose rows can be claimed once only."""

# People are sealed when they arrive: their fingerprints stand in the register already.
_ROWS = {
    ClaimKind.PERSON: "select source_ref, region, valid_from, valid_until, identity_fingerprint from person "
    "where tenant_id = $1 and identity_fingerprint is not null",
    ClaimKind.CERTIFICATE: "select source_ref, region, valid_from, valid_until, issuer, number from certificate "
    "where tenant_id = $1",
    ClaimKind.INSTRUMENT: "select source_ref, region, valid_from, valid_until, model, serial from instrument "
    "where tenant_id = $1",
    ClaimKind.VEHICLE: "select source_ref, region, valid_from, valid_until, plate from vehicle where tenant_id = $1",
}
# A number is issued to one institution only, so whoever else uses it shows itself: by labels that were never its own.
_STRAY_LABELS = """
    select distinct label_id from label_event e where tenant_id = $1 and sample_ref is not null
       and not exists (select from seal_label s where s.tenant_id = e.tenant_id and s.label_id = e.label_id)
"""
_LABELS = """
    select label_id, min(region), min((happened_at at time zone 'Asia/Shanghai')::date), $3::date, label_id
      from label_event where tenant_id = $1 and sample_ref is not null and label_id = any($2) group by label_id
"""
_SAID = ("kind", "source_ref", "region", "valid_from", "valid_until", "fingerprint")
_HELD = f"select {', '.join(_SAID)}, claimed_elsewhere from claim where tenant_id = $1"
# Only rows that change are written, so a quiet night writes nothing.
_MATCH = sql("""
    update claim c set claimed_elsewhere = not c.claimed_elsewhere
    where c.claimed_elsewhere <> exists (
        select from claim o where o.kind = c.kind and o.fingerprint = c.fingerprint and o.tenant_id <> c.tenant_id
           and o.valid_from < c.valid_until and c.valid_from < o.valid_until)
""")
_OWN = sql("""
    select distinct kind, source_ref from claim where tenant_id = :tenant and claimed_elsewhere order by kind, source_ref
""")
_OTHERS = sql("""
    select distinct a.source_ref, b.source_ref as other_ref, s.name, s.credit_code
      from claim a join claim b on b.kind = a.kind and b.fingerprint = a.fingerprint and b.tenant_id <> a.tenant_id
       and b.valid_from < a.valid_until and a.valid_from < b.valid_until
      join standing s on s.tenant_id = b.tenant_id
     where a.tenant_id = :tenant and a.kind = :kind and a.claimed_elsewhere and b.claimed_elsewhere
     order by a.source_ref, s.name, b.source_ref
""")
_PAIRS = sql("""
    select a.kind, a.tenant_id, a.source_ref, b.tenant_id as other_tenant_id, b.source_ref as other_ref,
           greatest(a.valid_from, b.valid_from) as first_day, least(a.valid_until, b.valid_until) as until
      from claim a join claim b on b.kind = a.kind and b.fingerprint = a.fingerprint and b.tenant_id > a.tenant_id
       and b.valid_from < a.valid_until and a.valid_from < b.valid_until
     where a.claimed_elsewhere and b.claimed_elsewhere
     order by a.kind, first_day, a.tenant_id, a.source_ref, b.tenant_id, b.source_ref limit :limit
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenDoubleClaim:
    """A double claim both of whose sides the caller supervises, with the days they share (None: no end is known)."""

    kind: ClaimKind
    tenant_id: UUID
    ref: str
    other_tenant_id: UUID
    other_ref: str
    first_day: date
    last_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherSide:
    """The other side of a double claim, for who supervises both: whose row, by the reference that they gave it."""

    name: str
    credit_code: str
    ref: str


def claims_key(deployment_key: bytes) -> bytes:
    """The key of fingerprints of claims: another than the deployment's, so that neither tells the other."""
    return hmac.digest(deployment_key, b"claim-fingerprint", "sha256")


async def store_claims(session: Session, tenant_id: UUID, *, key: bytes, labels: Collection[str] = ()) -> int:
    """Bring an organization's claims in line with its registers as known now; how many it has.

    Of labels only those in `labels` are claims, from the day of their first use on. What was found before stands
    until the next comparison; claims that are as they were are not written again.
    """
    await session.lock(f"claims{tenant_id}")
    held = await session.fetch_raw(_HELD, tenant_id)
    marked = {(row["kind"], row["source_ref"]) for row in held if row["claimed_elsewhere"]}
    read = {kind: await session.fetch_raw(statement, tenant_id) for kind, statement in _ROWS.items()}
    if labels:
        read[ClaimKind.LABEL] = await session.fetch_raw(_LABELS, tenant_id, list(labels), OPEN_END)
    rows: list[dict[str, Any]] = []
    for kind, claimed in read.items():
        for found in claimed:
            source_ref, region, valid_from, valid_until, *numbers = tuple(found)
            rows.append(
                {
                    "tenant_id": tenant_id,
                    "region": region,
                    "kind": kind.value,
                    "source_ref": source_ref,
                    "valid_from": valid_from,
                    "valid_until": valid_until,
                    "fingerprint": _fingerprint(kind, numbers, key),
                    "claimed_elsewhere": (kind.value, source_ref) in marked,
                }
            )
    if {tuple(row[name] for name in _SAID) for row in rows} != {tuple(row[name] for name in _SAID) for row in held}:
        await session.run(delete(claim).where(claim.c.tenant_id == tenant_id))
        if rows:
            await session.run(insert(claim), rows)
    return len(rows)


async def match_claims(database: Database, *, key: bytes) -> int:
    """Refresh every organization's claims and compare them; how many marks changed. Safe to run twice at once."""
    async with database.read(Caller(kind="job", actor=MATCH_CLAIMS)) as session:
        everybody = await supervised_ids(session)
    stray: set[str] = set()
    for tenant_id in everybody:
        async with database.read(Caller(kind="job", tenant_id=tenant_id, actor=MATCH_CLAIMS)) as session:
            stray |= {row["label_id"] for row in await session.fetch_raw(_STRAY_LABELS, tenant_id)}
    for tenant_id in everybody:
        async with database.write(Caller(kind="job", tenant_id=tenant_id, actor=MATCH_CLAIMS)) as session:
            await store_claims(session, tenant_id, key=key, labels=stray)
    async with database.write(Caller(kind="job", actor=MATCH_CLAIMS)) as session:
        return await session.run(_MATCH)


async def own_double_claims(session: ReadSession, tenant_id: UUID) -> tuple[OwnClaim, ...]:
    """What an organization is told: which of its own rows are claimed elsewhere too."""
    rows = await session.all(_OWN, {"tenant": tenant_id})
    return tuple(OwnClaim(ClaimKind(row.kind), row.source_ref) for row in rows)


async def other_sides(session: ReadSession, tenant_id: UUID, kind: ClaimKind) -> dict[str, tuple[OtherSide, ...]]:
    """By reference of an organization's own rows of a kind: who else claims the same, as far as the caller sees them.

    An organization sees its own claims only, so it is told of nobody; a bureau sees those of its jurisdiction.
    """
    found: dict[str, tuple[OtherSide, ...]] = {}
    for row in await session.all(_OTHERS, {"tenant": tenant_id, "kind": kind.value}):
        other = OtherSide(name=row.name, credit_code=row.credit_code, ref=row.other_ref)
        found[row.source_ref] = (*found.get(row.source_ref, ()), other)
    return found


async def double_claims_seen(session: ReadSession, *, limit: int) -> Sequence[SeenDoubleClaim]:
    """The double claims of which the caller may see both sides, as of the last comparison."""
    rows = await session.all(_PAIRS, {"limit": limit})
    return [
        SeenDoubleClaim(
            kind=ClaimKind(row.kind),
            tenant_id=row.tenant_id,
            ref=row.source_ref,
            other_tenant_id=row.other_tenant_id,
            other_ref=row.other_ref,
            first_day=row.first_day,
            last_day=None if row.until >= OPEN_END else row.until - timedelta(days=1),
        )
        for row in rows
    ]


def _fingerprint(kind: ClaimKind, numbers: Sequence[Any], key: bytes) -> bytes:
    if kind is ClaimKind.PERSON:
        return bytes(numbers[0])
    return fingerprint(key, kind, *numbers)
