"""The tree in the database: its size, its tiles, its checkpoints, and proofs that read a few rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from hengjian.platform.db import ReadSession, Session, sql
from hengjian.platform.log.tiles import Range, Tile, consistency_spans, inclusion_spans, root_of, tiles_of
from hengjian.platform.proof.trees import EMPTY_ROOT

_SIZE = sql("select coalesce(max(number) + 1, 0) from log_leaf")
_TILES = """
select t.level, t.number, t.hashes from unnest($1::smallint[], $2::bigint[]) as w (level, number)
  join log_tile t on t.level = w.level and t.number = w.number"""
_KEEP_TILES = """
insert into log_tile (level, number, hashes) select * from unnest($1::smallint[], $2::bigint[], $3::bytea[])
on conflict (level, number) do update set hashes = excluded.hashes"""
_CHECKPOINT = "select size, root, note, key, at from log_checkpoint"
_LATEST = sql(f"{_CHECKPOINT} order by size desc limit 1")
_COVERING = sql(f"{_CHECKPOINT} where size > :index order by size limit 1")
_AT = sql(f"{_CHECKPOINT} where size = :size")
_RECENT = sql(f"{_CHECKPOINT} where size < :below order by size desc limit :limit")
_COSIGNED = sql(f"""{_CHECKPOINT} c where size > :index
    and exists (select from log_attestation a where a.size = c.size and a.kind = 'cosignature')
    order by size desc limit 1""")
_KEEP = sql("""
    insert into log_checkpoint (size, root, note, key) values (:size, :root, :note, :key) on conflict (size) do nothing
""")
_ATTESTATIONS = sql("select kind, name, body, size, at from log_attestation where size = :size order by kind, name")
_LAST_ATTESTATIONS = sql("""
    select distinct on (kind, name) kind, name, body, size, at from log_attestation order by kind, name, size desc
""")


@dataclass(frozen=True, slots=True)
class StoredCheckpoint:
    """A signed checkpoint: how many leaves, which root, the note, and the public key it was signed with."""

    size: int
    root: bytes
    note: str
    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Attestation:
    """What somebody else says of a checkpoint: a witness's signature line, or a time stamp in base64."""

    kind: str
    name: str
    body: str
    size: int
    at: datetime


async def tree_size(session: ReadSession) -> int:
    """How many leaves the log has; for whoever sees them all."""
    return int(await session.scalar(_SIZE))


async def read_tiles(session: ReadSession, wanted: Sequence[Tile]) -> dict[Tile, bytes]:
    """The wanted tiles that there are."""
    rows = await session.fetch_raw(_TILES, [level for level, _ in wanted], [index for _, index in wanted])
    return {(row["level"], row["number"]): bytes(row["hashes"]) for row in rows}


async def keep_tiles(session: Session, tiles: dict[Tile, bytes]) -> None:
    """Write tiles that grew."""
    levels, indexes = [level for level, _ in tiles], [index for _, index in tiles]
    await session.fetch_raw(_KEEP_TILES, levels, indexes, list(tiles.values()))


async def roots_of(session: ReadSession, spans: Sequence[Range]) -> list[bytes]:
    """The roots over ranges of leaves.

    Raises:
        LogBrokenError: a tile is missing or too short.
    """
    tiles = await read_tiles(session, sorted(tiles_of(spans)))
    return [root_of(tiles, span) for span in spans]


async def tree_root(session: ReadSession, size: int) -> bytes:
    """The root of the first leaves.

    Raises:
        LogBrokenError: a tile is missing or too short.
    """
    return (await roots_of(session, [(0, size)]))[0] if size else EMPTY_ROOT


async def inclusion_proof(session: ReadSession, index: int, size: int) -> list[bytes]:
    """The path from a leaf to the root of the first `size` leaves: O(log n) rows.

    Raises:
        LogBrokenError: a tile is missing or too short.
    """
    return await roots_of(session, inclusion_spans(index, size))


async def consistency_proof(session: ReadSession, old: int, size: int) -> list[bytes]:
    """What proves that the first `old` leaves are the beginning of the first `size`.

    Raises:
        LogBrokenError: a tile is missing or too short.
    """
    return await roots_of(session, consistency_spans(old, size))


async def latest_checkpoint(session: ReadSession) -> StoredCheckpoint | None:
    """The newest signed checkpoint, or None before the first."""
    return _checkpoint(await session.first(_LATEST))


async def checkpoint_at(session: ReadSession, size: int) -> StoredCheckpoint | None:
    """The checkpoint of exactly this size."""
    return _checkpoint(await session.first(_AT, {"size": size}))


async def checkpoint_covering(session: ReadSession, index: int) -> StoredCheckpoint | None:
    """The first checkpoint that a leaf is in, or None while there is none."""
    return _checkpoint(await session.first(_COVERING, {"index": index}))


async def cosigned_checkpoint(session: ReadSession, index: int) -> StoredCheckpoint | None:
    """The newest checkpoint that a leaf is in and that a witness signed, or None."""
    return _checkpoint(await session.first(_COSIGNED, {"index": index}))


async def recent_checkpoints(session: ReadSession, *, below: int, limit: int) -> list[StoredCheckpoint]:
    """Checkpoints smaller than `below`, newest first."""
    return [StoredCheckpoint(*tuple(row)) for row in await session.all(_RECENT, {"below": below, "limit": limit})]


async def keep_checkpoint(session: Session, *, size: int, root: bytes, note: str, key: str) -> None:
    """Keep a signed checkpoint; the same one again changes nothing."""
    await session.run(_KEEP, {"size": size, "root": root, "note": note, "key": key})


async def attestations(session: ReadSession, size: int) -> list[Attestation]:
    """What others say of the checkpoint of a size."""
    return [Attestation(*tuple(row)) for row in await session.all(_ATTESTATIONS, {"size": size})]


async def latest_attestations(session: ReadSession) -> list[Attestation]:
    """The newest of each witness and of each time-stamp authority."""
    return [Attestation(*tuple(row)) for row in await session.all(_LAST_ATTESTATIONS)]


def _checkpoint(row: Row[Any] | None) -> StoredCheckpoint | None:
    return None if row is None else StoredCheckpoint(*tuple(row))
