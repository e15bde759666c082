"""What proves one record, as its owner may ask for it: leaf, place, checkpoint, path; and the bundle of all that."""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Table, select

from hengjian.platform.db import ReadSession, sql
from hengjian.platform.db.tables import metadata
from hengjian.platform.log.append import DELETION, record_of
from hengjian.platform.log.errors import NotInTheLogError, SignerAwayError
from hengjian.platform.log.groups import BATCH_ROWS, record_of_batch, rows_of_batch, tables_of_batches
from hengjian.platform.log.signer_link import SignerLink
from hengjian.platform.log.store import (
    StoredCheckpoint,
    attestations,
    checkpoint_covering,
    consistency_proof,
    inclusion_proof,
    latest_checkpoint,
    read_tiles,
)
from hengjian.platform.log.tiles import inclusion_spans, root_of, tiles_of
from hengjian.platform.proof.notes import Checkpoint, Note
from hengjian.platform.proof.records import canonical
from hengjian.platform.proof.trees import leaf_hash
from hengjian.platform.proof.verifier import FORMAT

_LEAF = sql(f"""
    select number, kind, tenant_id, body, salt from log_leaf
     where record_id = :id and (cast(:kind as text) is null and kind not in ('{DELETION}', '{BATCH_ROWS}') or kind = :kind)
     order by number limit 1
""")
_NUMBERED = sql("""
    select distinct on (l.record_id) l.record_id, l.number, l.body, c.size, c.root, c.note, c.key, c.at
      from log_leaf l
      left join lateral (
        select size, root, note, key, at from log_checkpoint where size > l.number order by size limit 1
      ) c on true
     where l.record_id = any(:ids) and l.kind = :kind order by l.record_id, l.number
""")
_WAITING = sql("select record_id, body from log_queue where record_id = any(:ids) and kind = :kind order by id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What there is of one record. Before it is numbered there is a leaf only; before it is signed no path either."""

    body: str
    index: int | None = None
    checkpoint: StoredCheckpoint | None = None
    path: tuple[bytes, ...] = ()

    @property
    def leaf_hash(self) -> bytes:
        """What the tree holds."""
        return leaf_hash(self.body.encode())


def logged_tables() -> dict[str, Table]:
    """The tables whose rows are leaves, by their kind; those of the contexts that are loaded."""
    return {table.info["evidence"]: table for table in metadata.tables.values() if "evidence" in table.info}


async def find_evidence(session: ReadSession, kind: str, ids: Sequence[UUID]) -> dict[UUID, Evidence]:
    """The evidence of records of one kind, each with the first checkpoint that covers it; those that the caller sees.

    Three statements, however many records.

    Raises:
        LogBrokenError: the stored tree does not fit itself.
    """
    asked = {"kind": kind, "ids": [str(one) for one in ids]}
    rows = await session.all(_NUMBERED, asked)
    waiting = await session.all(_WAITING, asked) if len(rows) < len(ids) else []
    spans = {row.record_id: inclusion_spans(row.number, row.size) if row.size else [] for row in rows}
    tiles = await read_tiles(session, sorted(tiles_of([span for one in spans.values() for span in one])))
    found = {UUID(row.record_id): Evidence(body=row.body) for row in waiting}
    for row in rows:
        signed = StoredCheckpoint(row.size, bytes(row.root), row.note, row.key, row.at) if row.size else None
        path = tuple(root_of(tiles, span) for span in spans[row.record_id])
        found[UUID(row.record_id)] = Evidence(body=row.body, index=row.number, checkpoint=signed, path=path)
    return found


async def make_bundle(
    session: ReadSession,
    record_id: UUID,
    *,
    kind: str | None = None,
    older: str | None = None,
    signer: SignerLink | None = None,
) -> bytes:
    """Everything that the offline verifier needs for one record, against the newest checkpoint.

    Args:
        session: of somebody who sees the record and its leaf.
        record_id: the record.
        kind: its kind, when its id alone does not tell.
        older: a note that the reader kept, to be proved a beginning of the tree; else the first one that covers it.
        signer: for the promise; without it, or while it is away, the bundle has none.

    Raises:
        NotInTheLogError: the caller sees no such leaf, or it is not signed yet.
        LogBrokenError: the stored tree does not fit itself.
        ValueError: `older` is no checkpoint.
    """
    leaf = await session.first(_LEAF, {"id": str(record_id), "kind": kind})
    newest = await latest_checkpoint(session)
    if leaf is None or newest is None or newest.size <= leaf.number:
        raise NotInTheLogError(kind or "*", str(record_id))
    record = await _record(session, leaf, record_id)
    bundle: dict[str, Any] = {
        "format": FORMAT,
        "record": record,
        "salt": bytes(leaf.salt).hex(),
        "checkpoint": newest.note,
        "older": await _older(session, older, newest, leaf.number),
        "promise": await _promise(signer, leaf.body),
        "deletion": None if record is not None else await _deletion(session, record_id, newest.size),
        **await _included(session, leaf.number, leaf.body, newest.size),
    }
    said = await attestations(session, newest.size)
    bundle["cosignatures"] = [one.body for one in said if one.kind == "cosignature"]
    bundle["timestamps"] = [{"authority": one.name, "token": one.body} for one in said if one.kind == "timestamp"]
    bundle["sha256"] = hashlib.sha256(canonical(bundle)).hexdigest()
    return canonical(bundle) + b"\n"


async def _record(session: ReadSession, leaf: Row[Any], record_id: UUID) -> dict[str, Any] | None:
    if leaf.kind == BATCH_ROWS:
        batches = tables_of_batches()[json.loads(leaf.body)["facts"]["table"]]
        rows = await rows_of_batch(session, batches, tenant_id=leaf.tenant_id, batch_id=record_id)
        return record_of_batch(batches, rows) if rows else None
    table = logged_tables().get(leaf.kind)
    if table is None:
        return None
    row = await session.first(select(table).where(table.c.id == record_id))
    return None if row is None else record_of(dict(row._mapping))  # noqa: SLF001  # SQLAlchemy's documented name


async def _included(session: ReadSession, index: int, body: str, size: int) -> dict[str, Any]:
    path = await inclusion_proof(session, index, size)
    return {"leaf": body, "index": index, "inclusion": [_text(step) for step in path]}


async def _older(
    session: ReadSession, given: str | None, newest: StoredCheckpoint, index: int
) -> dict[str, Any] | None:
    """The older checkpoint with the proof that it is a beginning of the newest; None when there is none older."""
    if given is not None:
        note, size = given, Checkpoint.read(Note.read(given).text).size
    else:
        first = await checkpoint_covering(session, index)
        if first is None or first.size == newest.size:
            return None
        note, size = first.note, first.size
    proof = await consistency_proof(session, size, newest.size)
    return {"checkpoint": note, "consistency": [_text(step) for step in proof]}


async def _promise(signer: SignerLink | None, body: str) -> str | None:
    return None if signer is None else await promise_of(signer, body)


async def promise_of(signer: SignerLink, body: str) -> str | None:
    """The log's signed promise that a leaf will be in the tree; None while the signer is away."""
    at = body.split('"at":"', 1)[1].split('"', 1)[0]
    try:
        return await signer.promise(leaf_hash(body.encode()), at)
    except SignerAwayError:
        return None


async def _deletion(session: ReadSession, record_id: UUID, size: int) -> dict[str, Any] | None:
    certificate = await session.first(_LEAF, {"id": str(record_id), "kind": DELETION})
    if certificate is None or certificate.number >= size:
        return None
    return await _included(session, certificate.number, certificate.body, size)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
