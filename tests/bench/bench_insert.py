"""Rows per second of the set-based INSERT that pushes use, against raw binary COPY into the same indexed table."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import msgspec

from hengjian.deploy.embedded import plain_url
from tests.bench.figures import Figure, Rounds, compared
from tests.bench.floor import Row
from tests.bench.people import ROWS, Batches, make_pushers
from tests.bench.stage import Stage

ROUNDS = 9
WARM_UP = 2
BATCHES = 30
COLUMNS = (
    "tenant_id, region, source_ref, valid_from, valid_until, batch_id, row_index, recorded_at, "
    "name, role, hired_on, left_on, title, education, identity_fingerprint, identity_last4, city"
)
_TEXTS = "string_to_array(${0}::text, chr(30), chr(29))"
INSERT = f"""
insert into person as t ({COLUMNS})
select $1, '650102', i.ref, i.hired, '9999-12-31', $2, i.place, $3, i.name, i.role, i.hired, null, i.title, i.education,
       i.seal, i.last4, i.city
from unnest($4::integer[], {_TEXTS.format(5)}, $6::date[], {_TEXTS.format(7)}, {_TEXTS.format(8)}, {_TEXTS.format(9)},
            {_TEXTS.format(10)}, $11::bytea[], {_TEXTS.format(12)}, {_TEXTS.format(13)})
  as i (place, ref, hired, name, role, title, education, seal, last4, city)
where i.place is not null
on conflict (tenant_id, source_ref, valid_from) do update
  set valid_until = excluded.valid_until, batch_id = excluded.batch_id, row_index = excluded.row_index,
      recorded_at = excluded.recorded_at, name = excluded.name, role = excluded.role, title = excluded.title,
      education = excluded.education, identity_fingerprint = excluded.identity_fingerprint,
      identity_last4 = excluded.identity_last4, city = excluded.city"""
_ROWS = msgspec.json.Decoder(list[Row])


def measure(stage: Stage) -> list[Figure]:
    """One connection each, a transaction for every 1,000 new rows, rounds in turn."""
    tenant = make_pushers(stage.app_url, 1)[0].tenant_id
    return asyncio.run(_measure(stage, tenant))


async def _measure(stage: Stage, tenant: UUID) -> list[Figure]:
    member = await asyncpg.connect(plain_url(stage.app_url))
    owner = await asyncpg.connect(plain_url(stage.admin_url))
    await owner.execute("create temp table prepared (like person)")
    batches, inserted, copied = Batches(), Rounds(), Rounds()
    for _ in range(WARM_UP + ROUNDS):
        lists = [_arrays(batches, tenant) for _ in range(BATCHES)]
        inserted.rates.append(await _timed(lambda values: _insert(member, tenant, values), lists))
        files = [await _binary(owner, _arrays(batches, tenant)) for _ in range(BATCHES)]
        copied.rates.append(await _timed(lambda file: _copy(owner, file), files))
    await member.close()
    await owner.close()
    return [compared("insert_vs_copy", inserted.skip(WARM_UP), copied.skip(WARM_UP), "rows/s")]


async def _timed(work: Callable[[Any], Awaitable[None]], lots: Sequence[object]) -> float:
    begun = time.perf_counter()
    for lot in lots:
        await work(lot)
    return len(lots) * ROWS / (time.perf_counter() - begun)


def _arrays(batches: Batches, tenant: UUID) -> list[object]:
    """The parameters of INSERT for 1,000 new people."""
    rows = _ROWS.decode(batches.next())
    return [
        tenant,
        uuid4(),
        datetime.now(UTC),
        list(range(len(rows))),
        _joined([row.source_ref for row in rows]),
        [row.hired_on for row in rows],
        *(_joined([getattr(row, name) for row in rows]) for name in ("name", "role", "title", "education")),
        [bytes(32)] * len(rows),
        _joined([(row.identity_number or "")[-4:] for row in rows]),
        _joined([row.city for row in rows]),
    ]


def _joined(texts: list[str | None]) -> str:
    return "".join(f"{text}\x1e" for text in texts)


async def _insert(link: asyncpg.Connection, tenant: UUID, values: list[object]) -> None:
    """As the product writes: the application's role, row-level security, conflicts looked for."""
    await link.execute(f"begin; select app.set_ctx('member', '{tenant}', '', '', '')")
    await link.fetch(INSERT, *values)
    await link.execute("commit")


async def _binary(link: asyncpg.Connection, values: list[object]) -> bytes:
    """The same sort of rows as COPY's own binary file, made beforehand."""
    await link.execute("truncate prepared")
    insert = INSERT.replace("into person as t", "into prepared as t")
    await link.fetch(insert[: insert.index("on conflict")], *values)
    file = BytesIO()
    await link.copy_from_query("select * from prepared", output=file, format="binary")
    return file.getvalue()


async def _copy(link: asyncpg.Connection, file: bytes) -> None:
    """As nobody in the product may: the administrator, whom row-level security does not touch."""
    await link.copy_to_table("person", source=BytesIO(file), format="binary")
