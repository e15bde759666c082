"""Walking the whole log and everything it covers, both ways: leaf by leaf to its row, row by row to its leaf.

It trusts the public key, what the signer remembers, and checkpoints that somebody kept elsewhere; nothing in the
database.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.x509 import Certificate
from sqlalchemy import Row, Table, select

from hengjian.platform.db import Caller, Database, ReadSession, sql
from hengjian.platform.log.append import COVERS, DELETION, record_of
from hengjian.platform.log.check_batches import batches_without_leaf, check_batch
from hengjian.platform.log.find import logged_tables
from hengjian.platform.log.groups import BATCH_ROWS
from hengjian.platform.log.stamping import check_stamps
from hengjian.platform.log.tiles import HASH, WIDTH, Growing, fold_complete
from hengjian.platform.log.troubles import CheckReport, TroubleKind
from hengjian.platform.log.vouched import check_vouched
from hengjian.platform.proof.notes import Checkpoint, LogKey, Note
from hengjian.platform.proof.records import record_digest
from hengjian.platform.proof.trees import leaf_hash

AUDITOR = Caller(kind="auditor", actor="log.check")
STEP = 2_048
_LEAVES = sql("""
    select number, kind, record_id, tenant_id, body, salt from log_leaf
     where number >= :from and number < :until order by number
""")
_END = sql(
    "select greatest((select max(number) + 1 from log_leaf), 0) as size, (select count(*) from log_queue) as waiting"
)
_TILES = sql("select number, hashes from log_tile where level = :level and number >= :from and number < :until")
_CHECKPOINTS = sql("select size, root, note from log_checkpoint order by size")


async def check_log(
    database: Database, *, key: LogKey, known: Sequence[Checkpoint] = (), stamp_roots: Sequence[Certificate] = ()
) -> CheckReport:
    """Check everything.

    Args:
        database: with a statement timeout that lets a large table be read.
        key: the log's public key, from outside the database.
        known: what is known to have been signed: the signer's memory, notes that somebody kept.
        stamp_roots: CA certificates of the time-stamp authorities; without any, whose the stamps are stays unchecked.
    """
    async with database.read(AUDITOR) as session:
        walk = _Walk(session, key)
        await walk.start(known)
        await walk.leaves()
        await walk.upper_tiles()
        await walk.rows_without_leaf()
        await check_vouched(session, walk.report)
        await check_stamps(session, walk.report, stamp_roots)
    return walk.report


class _Walk:
    """One check on its way. Two trees grow side by side: from the leaves, and from the hashes that are stored."""

    def __init__(self, session: ReadSession, key: LogKey) -> None:
        self.report = CheckReport()
        self._session, self._key = session, key
        self._signed: list[tuple[int, bytes]] = []
        self._of_leaves, self._of_tiles = Growing(), Growing()
        self._suspects: list[int] = []
        self._rewritten, self._sound = False, 0
        self._gone: dict[tuple[str, str, str], int] = {}
        self._certified: set[tuple[str, str, str]] = set()
        self._began: datetime | None = None
        self._began_of: dict[str, datetime | None] = {}

    async def start(self, known: Sequence[Checkpoint]) -> None:
        """Read what was signed; a checkpoint in the database counts only with its signature."""
        end = (await self._session.all(_END))[0]
        self.report.size, self.report.waiting = end.size, end.waiting
        signed = {(one.size, one.root) for one in known if one.origin == self._key.name}
        for row in await self._session.all(_CHECKPOINTS):
            self.report.checkpoints += 1
            if self._holds(row):
                signed.add((row.size, bytes(row.root)))
            else:
                self.report.found(TroubleKind.CHECKPOINT_UNSIGNED, f"checkpoint {row.size}")
        self._signed = sorted(one for one in signed if one[0])
        if self._signed and self._signed[-1][0] > self.report.size:
            where = f"{self.report.size} < {self._signed[-1][0]}"
            self.report.found(TroubleKind.TREE_SHORTER, f"tree {where}")

    def _holds(self, row: Row[Any]) -> bool:
        try:
            note = Note.read(row.note)
            said = Checkpoint.read(note.text)
        except ValueError:
            return False
        agrees = (said.origin, said.size, said.root) == (self._key.name, row.size, bytes(row.root))
        return agrees and note.is_signed_by(self._key)

    async def leaves(self) -> None:
        """Leaf by leaf: there, unchanged, in the tree that was signed, and its row as it was."""
        for begin in range(0, self.report.size, STEP):
            until = min(begin + STEP, self.report.size)
            there = {row.number: row for row in await self._session.all(_LEAVES, {"from": begin, "until": until})}
            tiles = await self._tiles(0, begin // WIDTH, _tiles_for(until))
            for index in range(begin, until):
                place = index % WIDTH * HASH
                stored = tiles.get(index // WIDTH, b"")[place : place + HASH]
                self._leaf(index, there.get(index), stored)
            await self._rows_of(list(there.values()))
        for index in self._suspects:  # after the last checkpoint
            self.report.found(TroubleKind.LEAF_CHANGED, f"leaf {index}")
        for (kind, record_id, digest), index in self._gone.items():
            if (kind, record_id, digest) in self._certified:
                self.report.deleted += 1
            else:
                self.report.found(TroubleKind.ROW_MISSING, f"{kind} {record_id} (leaf {index})")

    def _leaf(self, index: int, row: Row[Any] | None, stored: bytes) -> None:
        own = leaf_hash(row.body.encode()) if row is not None else None
        if row is None:
            self.report.found(TroubleKind.LEAF_MISSING, f"leaf {index}")
        elif not _agrees(row):
            self.report.found(TroubleKind.LEAF_CHANGED, f"leaf {index} ({row.kind} {row.record_id})")
        elif own != stored:
            self._suspects.append(index)
        self._of_leaves.add(own or stored or bytes(HASH))
        self._of_tiles.add(stored or own or bytes(HASH))
        while self._signed and self._signed[0][0] == self._of_tiles.size:
            self._compare(*self._signed.pop(0))

    def _compare(self, size: int, root: bytes) -> None:
        """A checkpoint tells which of the two trees is the one that was signed."""
        by_tiles, by_leaves = self._of_tiles.root() == root, self._of_leaves.root() == root
        if not by_tiles and not by_leaves and not self._rewritten:
            self._rewritten = True
            self.report.found(TroubleKind.TREE_REWRITTEN, f"leaves {self._sound} to {size - 1}")
        self._sound = size
        kind = TroubleKind.TILE_CHANGED if by_leaves else TroubleKind.LEAF_CHANGED
        for index in self._suspects:
            where = f"tile 0/{index // WIDTH} (leaf {index})" if by_leaves else f"leaf {index}"
            self.report.found(kind, where)
        self._suspects.clear()

    async def _rows_of(self, leaves: list[Row[Any]]) -> None:
        """The rows of these leaves, kind by kind."""
        tables = logged_tables()
        by_kind: dict[str, list[Row[Any]]] = {}
        for leaf in leaves:
            if self._began is None:
                self._began = _time_of(leaf.body)
            if leaf.kind == DELETION:
                self._certify(leaf.body)
            elif leaf.kind == COVERS:
                self._cover(leaf.body)
            elif leaf.kind == BATCH_ROWS:
                await self._batch(leaf)
            elif leaf.kind in tables:
                self._began_of.setdefault(leaf.kind, self._began)
                by_kind.setdefault(leaf.kind, []).append(leaf)
        for kind, group in by_kind.items():
            await self._compare_rows(tables[kind], kind, group)

    async def _batch(self, leaf: Row[Any]) -> None:
        try:
            there = await check_batch(self._session, self.report, leaf)
        except (ValueError, KeyError, TypeError):
            self.report.found(TroubleKind.LEAF_CHANGED, f"leaf {leaf.number} ({leaf.kind} {leaf.record_id})")
        else:
            if not there:
                self._gone[leaf.kind, leaf.record_id, _digest(leaf.body)] = leaf.number

    def _certify(self, body: str) -> None:
        of = json.loads(body).get("facts", {}).get("of", {})
        self._certified.add((str(of.get("kind")), str(of.get("id")), str(of.get("digest"))))

    def _cover(self, body: str) -> None:
        """Kinds that came later begin here, unless a leaf of the kind came before."""
        for kind in json.loads(body).get("facts", {}).get("kinds", []):
            self._began_of.setdefault(str(kind), _time_of(body))

    async def _compare_rows(self, table: Table, kind: str, leaves: list[Row[Any]]) -> None:
        ids = [named for leaf in leaves if (named := _uuid(leaf.record_id)) is not None]
        rows = await self._session.all(select(table).where(table.c.id.in_(ids)))
        found = {str(row.id): row for row in rows}
        for leaf in leaves:
            self.report.rows += 1
            digest = _digest(leaf.body)
            row = found.get(leaf.record_id)
            if row is None:
                self._gone[kind, leaf.record_id, digest] = leaf.number
            elif record_digest(bytes(leaf.salt), record_of(dict(row._mapping))) != digest:  # noqa: SLF001  # SQLAlchemy's documented name
                self.report.found(TroubleKind.ROW_CHANGED, f"{kind} {leaf.record_id} (leaf {leaf.number})")

    async def upper_tiles(self) -> None:
        """Each hash above the leaves is the root of the tile below it, and the tiles hold as many as the tree has."""
        level, count = 0, self.report.size
        while count:
            for begin in range(0, _tiles_for(count), WIDTH):
                await self._below_one(level, begin, count)
            level, count = level + 1, count // WIDTH

    async def _below_one(self, level: int, begin: int, count: int) -> None:
        """The tiles that one tile of the next level stands for, of a level with `count` hashes."""
        until = min(begin + WIDTH, _tiles_for(count))
        tiles = await self._tiles(level, begin, until)
        above = (await self._tiles(level + 1, begin // WIDTH, begin // WIDTH + 1)).get(begin // WIDTH, b"")
        for index in range(begin, until):
            hashes, place = tiles.get(index, b""), index - begin
            if len(hashes) != min(count - index * WIDTH, WIDTH) * HASH:
                self.report.found(TroubleKind.TILE_CHANGED, f"tile {level}/{index}")
            elif len(hashes) == WIDTH * HASH and fold_complete(hashes) != above[place * HASH : (place + 1) * HASH]:
                self.report.found(TroubleKind.TILE_CHANGED, f"tile {level + 1}/{begin // WIDTH} (entry {place})")

    async def _tiles(self, level: int, begin: int, until: int) -> dict[int, bytes]:
        found = await self._session.all(_TILES, {"level": level, "from": begin, "until": until})
        return {row.number: bytes(row.hashes) for row in found}

    async def rows_without_leaf(self) -> None:
        """Row by row to its leaf, or to its place in the queue."""
        for kind, table in logged_tables().items():
            statement = sql(f"""
                select t.id from {table.name} t
                 where not exists (select from log_leaf l where l.record_id = t.id::text and l.kind = :kind)
                   and not exists (select from log_queue q where q.record_id = t.id::text and q.kind = :kind)
                 order by t.id
            """)
            for row in await self._session.all(statement, {"kind": kind}):
                if _is_older(row.id, self._began_of.get(kind, self._began)):
                    self.report.before_the_log += 1
                else:
                    self.report.found(TroubleKind.ROW_WITHOUT_LEAF, f"{kind} {row.id}")
        await batches_without_leaf(self._session, self.report, is_older=lambda batch: _is_older(batch, self._began))


def _tiles_for(hashes: int) -> int:
    return (hashes + WIDTH - 1) // WIDTH


def _agrees(row: Row[Any]) -> bool:
    """Whether the columns beside a leaf say what the leaf says."""
    try:
        said = json.loads(row.body)
        tenant = str(row.tenant_id) if row.tenant_id else None
        return bool(
            (said["kind"], said["id"], said["tenant"]) == (row.kind, row.record_id, tenant) and "digest" in said
        )
    except (ValueError, KeyError, TypeError):
        return False


def _digest(body: str) -> str:
    try:
        return str(json.loads(body)["digest"])
    except (ValueError, KeyError, TypeError):
        return ""


def _time_of(body: str) -> datetime | None:
    try:
        return datetime.fromisoformat(json.loads(body)["at"])
    except (ValueError, KeyError, TypeError):
        return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _is_older(row_id: UUID, began: datetime | None) -> bool:
    """Whether a UUIDv7 was made before the log began; an id of another sort tells no time and counts as new."""
    return began is not None and row_id.version == 7 and row_id.int >> 80 < began.timestamp() * 1000
