"""Keys for machines: issued once, checked at each request, revoked within seconds."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert

from hengjian.platform.audit import record, record_refusal
from hengjian.platform.db import GATE, Caller, Database, Session, sql
from hengjian.platform.ids import uuid7
from hengjian.tenants.domain.key_text import LONGEST_LIFE, SCOPES, KeyText, new_key, read_key
from hengjian.tenants.errors import KeyTermsError, UnknownKeyError
from hengjian.tenants.identity_tables import api_key

_KEY = sql("""
    select id, key_id, secret_digest, tenant_id, kind, region, scopes, revoked_at is not null as revoked,
        expires_at <= now() as expired, coalesce(last_used_at < now() - interval '1 minute', true) as stale
    from api_key where key_id = :key_id
""")
_USED = sql("update api_key set last_used_at = now() where id = :id")
_REVOKE = sql("""
    update api_key set revoked_at = now() where key_id = :key_id and revoked_at is null returning tenant_id
""")
_NO_DIGEST = bytes(32)
_OTHER_DIGEST = b"\x01" * 32
_REMEMBERED_AT_MOST = 10_000


@dataclass(frozen=True)
class IssuedKey:
    """A fresh key. `text` is shown once and kept nowhere."""

    key_id: str
    text: str
    scopes: frozenset[str]
    expires_at: datetime

    def __repr__(self) -> str:
        """Without the secret."""
        return f"IssuedKey(key_id={self.key_id!r})"


@dataclass(frozen=True)
class Holder:
    """For whom a key acts."""

    tenant_id: UUID
    kind: str
    region: str


class KeyDesk:
    """Checks keys and remembers a good answer for a second, so a revoked key is dead within two.

    One per process. Refusals are never remembered: each leaves its own audit row.
    """

    def __init__(self, database: Database, *, remember_seconds: float = 1.0) -> None:
        self._database = database
        self._seconds = remember_seconds
        self._remembered: dict[bytes, tuple[float, Caller]] = {}

    async def caller(self, bearer: str, *, request: Caller = GATE) -> Caller | None:
        """Who sends this key, with its scopes, or None when it is unknown, revoked or expired.

        `request` is the gate with the request's source address and id, which the answer carries on.
        """
        fingerprint = hashlib.sha256(bearer.encode(errors="replace")).digest()
        until, known = self._remembered.get(fingerprint, (0.0, None))
        if known is None or until < monotonic():
            known = await key_caller(self._database, bearer, request=request)
            self._remember(fingerprint, known)
        return replace(known, source=request.source, request_id=request.request_id) if known else None

    def _remember(self, fingerprint: bytes, known: Caller | None) -> None:
        if known is None:
            self._remembered.pop(fingerprint, None)
            return
        if len(self._remembered) >= _REMEMBERED_AT_MOST:
            self._remembered.clear()
        self._remembered[fingerprint] = (monotonic() + self._seconds, known)


async def key_caller(database: Database, bearer: str, *, request: Caller = GATE) -> Caller | None:
    """As `KeyDesk.caller`, asking the database each time."""
    sent = read_key(bearer)
    known: Row[Any] | None = None
    if sent is not None:
        async with database.read(request) as session:
            known = await session.first(_KEY, {"key_id": sent.key_id})
    fault = _fault(sent, known)
    if fault is not None or known is None:
        target = f"key:{sent.key_id}" if sent else ""
        holder = known.tenant_id if known else None
        await record_refusal(
            database, request, "key.refused", target=target, tenant_id=holder, detail={"reason": fault}
        )
        return None
    if known.stale:
        async with database.write(request) as session:
            await session.run(_USED, {"id": known.id})
    return replace(
        request,
        kind=known.kind,
        tenant_id=known.tenant_id,
        region=known.region,
        actor=f"key:{known.key_id}",
        scopes=frozenset(known.scopes),
    )


async def issue_key(
    session: Session, holder: Holder, *, label: str, scopes: Iterable[str], lives: timedelta = LONGEST_LIFE
) -> IssuedKey:
    """A new key for the holder. Two keys may live at once, so that one can be changed without a stop.

    Raises:
        KeyTermsError: no scope, an unknown one, or a life that isn't between a moment and 365 days.
    """
    wanted = frozenset(scopes)
    if not wanted or not wanted <= SCOPES or not timedelta(0) < lives <= LONGEST_LIFE:
        raise KeyTermsError(allowed=sorted(SCOPES))
    key, expires_at = new_key(), datetime.now(UTC) + lives
    values = {
        "id": uuid7(),
        "key_id": key.key_id,
        "secret_digest": key.digest,
        "tenant_id": holder.tenant_id,
        "kind": holder.kind,
        "region": holder.region,
        "label": label,
        "scopes": sorted(wanted),
        "expires_at": expires_at,
    }
    await session.run(insert(api_key).values(values))
    detail = {"scopes": sorted(wanted), "expires_at": expires_at.isoformat()}
    await record(session, "key.issue", target=f"key:{key.key_id}", tenant_id=holder.tenant_id, detail=detail)
    return IssuedKey(key_id=key.key_id, text=key.text, scopes=wanted, expires_at=expires_at)


async def revoke_key(session: Session, key_id: str) -> None:
    """From now on (within two seconds everywhere) the key opens nothing.

    Raises:
        UnknownKeyError: no live key has this id.
    """
    tenant_id: UUID | None = await session.scalar(_REVOKE, {"key_id": key_id})
    if tenant_id is None:
        raise UnknownKeyError(key_id)
    await record(session, "key.revoke", target=f"key:{key_id}", tenant_id=tenant_id)


def _fault(sent: KeyText | None, known: Row[Any] | None) -> str | None:
    """Why the key doesn't open anything, or None. A wrong secret takes the same time as an unknown id."""
    fits = compare_digest(sent.digest if sent else _NO_DIGEST, known.secret_digest if known else _OTHER_DIGEST)
    if sent is None:
        return "shape"
    if known is None:
        return "unknown"
    if not fits:
        return "secret"
    if known.revoked:
        return "revoked"
    return "expired" if known.expired else None
