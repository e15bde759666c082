"""Putting deeds into the log: a leaf waits in the queue as soon as the transaction of its deed commits, or never.

A leaf is canonical JSON and says kind, id, organization, time and digest of a record; the record itself, with whatever
personal data it holds, stays where it is. The digest is salted, so that a leaf tells nothing to who guesses.
"""

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Table

from hengjian.platform.db import Session, sql
from hengjian.platform.ids import uuid7
from hengjian.platform.log.errors import NotInTheLogError

DELETION = "deletion"
COVERS = "log.covers"
"""A leaf that says from when the kinds it names are logged: they came to a log that had begun."""
# The bytes of `proof.records.canonical`, in a tenth of the time; what is not exact `plain` has refused before.
_canonical = msgspec.json.Encoder(order="deterministic").encode
SALT_BYTES = 16
COLUMNS = "id, kind, record_id, tenant_id, region, body, salt"
FROM_ARRAYS = (
    "select * from unnest({0}::uuid[], {1}::text[], {2}::text[], {3}::uuid[], {4}::text[], {5}::text[], {6}::bytea[])"
)
_APPEND = f"insert into log_queue ({COLUMNS}) {FROM_ARRAYS.format('$1', '$2', '$3', '$4', '$5', '$6', '$7')}"
_OF_RECORD = sql("""
    select body, tenant_id, region from log_leaf where kind = :kind and record_id = :id order by number limit 1
""")
_ERASE = sql("update log_leaf set salt = ''::bytea where kind = :kind and record_id = :id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What shall become a leaf.

    Attributes:
        kind: what it is, `push`, `finding.decision`, `rule.change`.
        id: names the record among those of its kind.
        record: the row that the digest covers; may hold personal data. Without one the leaf stands for itself.
        tenant_id: whose it is; that organization may have proofs of it.
        region: where; its bureaus may have proofs too.
        facts: counts, codes, ids and digests that the leaf itself shows; no personal data.
    """

    kind: str
    id: UUID
    record: Mapping[str, Any] | None = None
    tenant_id: UUID | None = None
    region: str | None = None
    facts: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf as it is stored; `body` is what will be hashed."""

    id: UUID
    kind: str
    record_id: str
    tenant_id: UUID | None
    region: str | None
    body: str
    salt: bytes


def plain(value: Any) -> Any:
    """A stored value as canonical JSON has it: times in UTC to the microsecond, bytes in hex, decimals as text.

    Raises:
        TypeError: a binary float, a time without zone, or something that is no value.
    """
    written = _WRITTEN.get(type(value))
    if written is not None:
        return written(value)
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, Mapping):
        return _object(value)
    for kind, known in _WRITTEN.items():
        if isinstance(value, kind):
            return known(value)
    raise TypeError(f"{type(value).__name__} has no place in evidence")


def moment(at: datetime) -> str:
    """A time as leaves write it.

    Raises:
        TypeError: it has no zone.
    """
    if at.tzinfo is None:
        raise TypeError("a time without zone has no place in evidence")
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return utc.isoformat(timespec="microseconds")[:-6] + "Z"


def _object(value: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(key): plain(inner) for key, inner in value.items()}


def _list(value: Sequence[Any]) -> list[Any]:
    return [plain(inner) for inner in value]


def _decimal(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _same(value: Any) -> Any:
    return value


# Found by exact type, nearly always; then in this order: a datetime is a date too.
_WRITTEN: Mapping[type, Callable[[Any], Any]] = {
    type(None): _same,
    bool: _same,
    int: _same,
    str: str,
    datetime: moment,
    date: date.isoformat,
    UUID: str,
    bytes: bytes.hex,
    memoryview: memoryview.hex,
    Decimal: _decimal,
    dict: _object,
    list: _list,
    tuple: _list,
}


def record_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """A row as the digest covers it: what is absent is left out, so that a later column changes no digest."""
    return {name: plain(value) for name, value in values.items() if value is not None}


def _digest(salt: bytes, record: Mapping[str, Any]) -> str:
    return hashlib.sha256(salt + _canonical(record_of(record))).hexdigest()


def new_salt() -> bytes:
    """A salt for one leaf."""
    return os.urandom(SALT_BYTES)


def leaf_of(entry: Entry, salt: bytes | None = None) -> Leaf:
    """The leaf of an entry, received now."""
    salt = salt or new_salt()
    body: dict[str, Any] = {
        "v": 1,
        "kind": entry.kind,
        "id": str(entry.id),
        "tenant": str(entry.tenant_id) if entry.tenant_id else None,
        "at": moment(datetime.now(UTC)),
        "digest": _digest(salt, entry.record) if entry.record is not None else None,
    }
    if entry.facts:
        body["facts"] = plain(entry.facts)
    written = _canonical(body).decode()
    return Leaf(uuid7(), entry.kind, str(entry.id), entry.tenant_id, entry.region, written, salt)


def leaf_of_row(table: Table, values: Mapping[str, Any], *, facts: Mapping[str, Any] | None = None) -> Leaf:
    """The leaf of a row of a table that is marked as evidence."""
    entry = Entry(
        kind=table.info["evidence"],
        id=values["id"],
        record=values,
        tenant_id=values.get("tenant_id"),
        region=values.get("region"),
        facts=facts,
    )
    return leaf_of(entry)


def as_arrays(leaves: Sequence[Leaf]) -> tuple[list[Any], ...]:
    """Leaves column by column, as `FROM_ARRAYS` takes them."""
    return (
        [leaf.id for leaf in leaves],
        [leaf.kind for leaf in leaves],
        [leaf.record_id for leaf in leaves],
        [leaf.tenant_id for leaf in leaves],
        [leaf.region for leaf in leaves],
        [leaf.body for leaf in leaves],
        [leaf.salt for leaf in leaves],
    )


async def append_leaves(session: Session, leaves: Sequence[Leaf]) -> None:
    """Queue leaves that are made already: one statement."""
    await session.fetch_raw(_APPEND, *as_arrays(leaves))


async def append_leaf(session: Session, entry: Entry) -> None:
    """Put something into the log that is no row of ours, in the transaction that makes it true: its facts are all."""
    await append_leaves(session, [leaf_of(entry)])


async def append_leaf_with_salt(session: Session, entry: Entry, salt: bytes) -> None:
    """The same for an entry whose facts were made with its salt."""
    await append_leaves(session, [leaf_of(entry, salt)])


async def append_row(
    session: Session, table: Table, values: Mapping[str, Any], *, facts: Mapping[str, Any] | None = None
) -> None:
    """Put a row into the log, in the transaction that writes it.

    Args:
        session: of the writer.
        table: marked with `evidence`.
        values: every column that was written, by its name.
        facts: what the leaf shows besides kind, id, organization, time and digest; no personal data.
    """
    await append_leaves(session, [leaf_of_row(table, values, facts=facts)])


async def append_rows(
    session: Session,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    facts: Sequence[Mapping[str, Any] | None] | None = None,
) -> None:
    """Put several rows of a table into the log at once; `facts` are those of each row's leaf, as in `append_row`."""
    shown = facts if facts is not None else [None] * len(rows)
    leaves = [leaf_of_row(table, values, facts=told) for values, told in zip(rows, shown, strict=True)]
    await append_leaves(session, leaves)


async def certify_deletion(session: Session, *, kind: str, record_id: UUID, because: str) -> None:
    """Certify, in the transaction that deletes it, that a record may go; its proofs stay valid.

    The certificate is a leaf of its own that names the record and its digest. The salt is erased: nobody can guess the
    record from its digest any more.

    Args:
        session: of a job.
        kind: the record's kind.
        record_id: the record.
        because: the code of the ground, `retention.video`.

    Raises:
        NotInTheLogError: the log holds no such record (or not yet).
    """
    row = await session.first(_OF_RECORD, {"kind": kind, "id": str(record_id)})
    if row is None:
        raise NotInTheLogError(kind, str(record_id))
    of = {"kind": kind, "id": str(record_id), "digest": json.loads(row.body)["digest"]}
    facts = {"of": of, "because": because}
    certificate = Entry(kind=DELETION, id=record_id, tenant_id=row.tenant_id, region=row.region, facts=facts)
    await append_leaf(session, certificate)
    await session.run(_ERASE, {"kind": kind, "id": str(record_id)})
