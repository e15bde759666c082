"""The evidence log: appending leaves until they are numbered and signed, and proofs in trees of growing size."""

import asyncio
import random
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from statistics import median
from uuid import UUID, uuid4

import asyncpg

from hengjian.deploy.embedded import plain_url
from hengjian.deploy.processes import start_bound, stop_child
from hengjian.platform.audit import audit
from hengjian.platform.db import Caller, Database, Session
from hengjian.platform.log.append import Leaf, as_arrays, leaf_of_row
from hengjian.platform.log.append import append_leaves as queue_leaves
from hengjian.platform.log.check import AUDITOR
from hengjian.platform.log.find import find_evidence, make_bundle
from hengjian.platform.log.signer import SigningDesk, open_desk
from hengjian.platform.log.tiles import edge, grow, root_of
from hengjian.platform.proof.notes import Checkpoint
from hengjian.platform.proof.trees import leaf_hash
from hengjian.platform.proof.verifier import Outcome, verify_bundle
from tests.bench.figures import Figure, Rounds, alone, compared
from tests.bench.stage import ROOT, Stage

WRITERS, DEEDS, ROUNDS, WARM_UP = 4, 600, 7, 2
SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000, "1m": 1_000_000}
ASKED = 300
STEP = 50_000
JOB = Caller(kind="job", actor="bench")
TABLES = ("log_queue", "log_leaf", "log_tile", "log_checkpoint")
PLAIN = """
create table if not exists log_plain (
    id uuid primary key, kind text not null, record_id text not null, tenant_id uuid, region text collate "C",
    body text not null, salt bytea not null
)"""
_PLAIN_INSERT = """
insert into log_plain select * from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::bytea[])"""
_UNSIGNED = """
select exists (select from log_queue)
    or coalesce((select max(size) from log_checkpoint), 0) <= coalesce((select max(number) from log_leaf), -1)"""
Write = Callable[[Session, Sequence[Leaf]], Awaitable[None]]


def measure(stage: Stage) -> list[Figure]:
    """Appending first, on an empty log; then proofs in trees that are made beforehand."""
    admin = plain_url(stage.admin_url)
    return [asyncio.run(_appending(stage, admin)), *asyncio.run(_proving(stage, admin))]


async def _appending(stage: Stage, admin: str) -> Figure:
    """The same leaves, each in a transaction of its own, by four writers: through queue and sequencer, and plainly."""
    owner = await asyncpg.connect(admin)
    await owner.execute(PLAIN)
    await owner.execute("grant insert on log_plain to hengjian_job")
    await owner.execute(f"truncate {', '.join(TABLES)}, log_plain")
    command = [sys.executable, "-m", "tests.bench.log_process", stage.app_url, str(stage.folder / "bench-signer")]
    child = start_bound(command, folder=ROOT)
    database = Database.connect(stage.app_url, pool_size=WRITERS)
    logged, plain = Rounds(), Rounds()
    try:
        for _ in range(WARM_UP + ROUNDS):
            begun = time.perf_counter()
            await _write(database, queue_leaves)
            await _until_signed(owner)
            logged.rates.append(WRITERS * DEEDS / (time.perf_counter() - begun))
            begun = time.perf_counter()
            await _write(database, _insert_plain)
            plain.rates.append(WRITERS * DEEDS / (time.perf_counter() - begun))
    finally:
        stop_child(child)
        await database.close()
        await owner.close()
    return compared("log_append_vs_insert", logged.skip(WARM_UP), plain.skip(WARM_UP), "leaves/s")


async def _until_signed(owner: asyncpg.Connection) -> None:
    while True:
        if not await owner.fetchval(_UNSIGNED):
            return
        await asyncio.sleep(0.01)


async def _insert_plain(session: Session, leaves: Sequence[Leaf]) -> None:
    await session.fetch_raw(_PLAIN_INSERT, *as_arrays(leaves))


async def _write(database: Database, write: Write) -> None:
    async def writer() -> None:
        for _ in range(DEEDS):
            async with database.write(JOB) as session:
                await write(session, [a_leaf()])

    await asyncio.gather(*(writer() for _ in range(WRITERS)))


def a_leaf() -> Leaf:
    """As a row of the business makes it, canonical JSON and salted digest included."""
    return leaf_of_row(audit, {"id": uuid4(), "action": "bench.deed", "actor": "bench", "detail": {"sent": 3}})


async def _proving(stage: Stage, admin: str) -> list[Figure]:
    """Random records: from the record's id to its path, and from a whole bundle to the verdict."""
    owner = await asyncpg.connect(admin)
    await owner.execute(f"truncate {', '.join(TABLES)}")
    desk, database = open_desk(stage.folder / "proof-signer"), Database.connect(stage.app_url)
    found: list[Figure] = []
    size = 0
    for name, count in SIZES.items():
        await _fill(owner, desk, size, count)
        size = count
        await owner.execute("vacuum analyze log_leaf, log_tile, log_checkpoint")
        found += await _asked(database, desk, name, count)
    await database.close()
    await owner.close()
    return found


async def _fill(owner: asyncpg.Connection, desk: SigningDesk, size: int, count: int) -> None:
    """Leaves and tiles as the sequencer would have stored them, and one checkpoint over all."""
    while size < count:
        numbers = range(size, min(size + STEP, count))
        bodies = [_body(number) for number in numbers]
        rows = [(n, "bench", str(UUID(int=n)), None, None, body, b"") for n, body in zip(numbers, bodies, strict=True)]
        columns = ["number", "kind", "record_id", "tenant_id", "region", "body", "salt"]
        await owner.copy_records_to_table("log_leaf", records=rows, columns=columns)
        known = await _tiles(owner, "where (level, number) in (select * from unnest($1::int[], $2::bigint[]))", size)
        grown = grow(known, size, [leaf_hash(body.encode()) for body in bodies])
        await owner.executemany(
            "insert into log_tile values ($1, $2, $3) on conflict (level, number) do update set hashes = excluded.hashes",
            [(*tile, hashes) for tile, hashes in grown.items()],
        )
        size = numbers.stop
    root = root_of(await _tiles(owner, "", 0), (0, count))
    note = desk._note(str(Checkpoint(desk.key.name, count, root)))
    await owner.execute("delete from log_checkpoint")
    await owner.execute(
        "insert into log_checkpoint (size, root, note, key) values ($1, $2, $3, $4)", count, root, note, str(desk.key)
    )


async def _tiles(owner: asyncpg.Connection, where: str, size: int) -> dict[tuple[int, int], bytes]:
    wanted = edge(size)
    given = [[level for level, _ in wanted], [number for _, number in wanted]] if where else []
    rows = await owner.fetch(f"select level, number, hashes from log_tile {where}", *given)
    return {(row["level"], row["number"]): row["hashes"] for row in rows}


def _body(number: int) -> str:
    return f'{{"at":"2026-11-21T08:00:00.000000Z","digest":null,"id":"{UUID(int=number)}","kind":"bench","tenant":null,"v":1}}'


async def _asked(database: Database, desk: SigningDesk, name: str, count: int) -> list[Figure]:
    chance = random.Random(count)  # noqa: S311  # which records are asked for
    ids = [UUID(int=chance.randrange(count)) for _ in range(ASKED)]
    proofs, verdicts, steps = [], [], 0
    for one in ids:
        begun = time.perf_counter()
        async with database.read(AUDITOR) as session:
            evidence = (await find_evidence(session, "bench", [one]))[one]
        proofs.append(1000 * (time.perf_counter() - begun))
        steps = len(evidence.path)
        async with database.read(AUDITOR) as session:
            data = await make_bundle(session, one, kind="bench")
        begun = time.perf_counter()
        verdict = verify_bundle(data, desk.key)
        verdicts.append(1000 * (time.perf_counter() - begun))
        if verdict.outcome is not Outcome.VERIFIED:
            raise RuntimeError(verdict.sentence(chinese=False))
    note = f"{steps} hashes"
    return [
        alone(f"log_proof_ms_{name}", median(proofs), "ms", note),
        alone(f"log_verify_ms_{name}", median(verdicts), "ms", note),
    ]
