"""Numbering leaves after their commit, and having each new tree signed. One at a time in the whole deployment."""

from typing import Any

import structlog

from hengjian.platform.db import Caller, Database, Session, sql
from hengjian.platform.log.errors import LogBrokenError, SignerAwayError, SignerRefusedError
from hengjian.platform.log.signer_link import SignerLink
from hengjian.platform.log.store import (
    consistency_proof,
    keep_checkpoint,
    keep_tiles,
    latest_checkpoint,
    read_tiles,
    tree_root,
    tree_size,
)
from hengjian.platform.log.tiles import edge, grow
from hengjian.platform.proof.trees import leaf_hash

BATCH = 256
SEQUENCER = Caller(kind="job", actor="log.sequencer")
_log = structlog.get_logger()

_TURN = sql("select pg_try_advisory_xact_lock(4824)")
# Only committed rows are seen: a number is never given to a deed that may still be undone.
_TAKE = f"""
delete from log_queue where id = any(array(select id from log_queue order by id limit {BATCH}))
returning id, kind, record_id, tenant_id, region, body, salt"""
_NUMBER = """
insert into log_leaf (number, kind, record_id, tenant_id, region, body, salt)
select * from unnest($1::bigint[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::bytea[])"""


async def sequence(database: Database, signer: SignerLink) -> bool:
    """One round: number what waits, have the tree signed; whether more waits.

    A tree that doesn't fit itself, or that the signer refuses, is told in the log of the process and left alone: leaves
    wait, nothing is lost, and the check names what was changed.
    """
    try:
        numbered = await number_waiting(database)
        await sign_tree(database, signer)
    except (LogBrokenError, SignerRefusedError) as broken:
        await _log.aerror("log.broken", code=broken.code, error=broken.en)
        return False
    except SignerAwayError as away:
        await _log.awarning("log.signer_away", error=str(away))
        return False
    return numbered == BATCH


async def number_waiting(database: Database) -> int:
    """Move up to 256 committed leaves from the queue into the tree; how many.

    Raises:
        LogBrokenError: the stored tree does not fit its leaves.
    """
    async with database.write(SEQUENCER) as session:
        if not await session.scalar(_TURN):
            return 0
        taken = sorted(await session.fetch_raw(_TAKE), key=lambda row: row["id"].bytes)
        if taken:
            await _integrate(session, taken)
        return len(taken)


async def _integrate(session: Session, taken: list[Any]) -> None:
    size = await tree_size(session)
    signed = await latest_checkpoint(session)
    if signed is not None and signed.size > size:
        raise LogBrokenError(f"{size} leaves, but a checkpoint signs {signed.size}")
    tiles = await read_tiles(session, edge(size))
    changed = grow(tiles, size, [leaf_hash(row["body"].encode()) for row in taken])
    columns = ("kind", "record_id", "tenant_id", "region", "body", "salt")
    numbers = list(range(size, size + len(taken)))
    await session.fetch_raw(_NUMBER, numbers, *([row[name] for row in taken] for name in columns))
    await keep_tiles(session, changed)


async def sign_tree(database: Database, signer: SignerLink) -> bool:
    """Have the tree signed when it has grown since the last checkpoint; whether it was.

    In a transaction after the one that numbered: what is signed can't be undone any more.

    Raises:
        LogBrokenError: the stored tree does not fit itself.
        SignerAwayError: the signer doesn't answer.
        SignerRefusedError: the signer has signed another tree before.
    """
    async with database.write(SEQUENCER) as session:
        if not await session.scalar(_TURN):
            return False
        size = await tree_size(session)
        signed = await latest_checkpoint(session)
        if size == 0 or (signed is not None and signed.size == size):
            return False
        known = await signer.state()
        if known.size > size:
            raise SignerRefusedError(f"SHORTER: {size} < {known.size}")
        root = await tree_root(session, size)
        note = await signer.sign(size, root, await consistency_proof(session, known.size, size))
        await keep_checkpoint(session, size=size, root=root, note=note, key=str(known.key))
        return True
