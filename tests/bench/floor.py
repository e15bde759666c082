"""The floor: a bare Litestar route that decodes typed rows with msgspec and runs the product's own statements.

The same transaction as a push (context, turn and stream, key look-up, batch, assertion and current rows, outbox, audit)
and the same stored values, but no GraphQL, no key, no checks, no fingerprint of the content, no receipt made or answered.
"""

import hmac
import os
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from litestar import Litestar, Request, Response, post
from litestar.datastructures import State

from hengjian.deploy.processes import end_with_server
from hengjian.ingestion import store_batches
from hengjian.platform import audit
from hengjian.platform.ids import uuid7
from hengjian.tenants.api import REGISTERS, FieldSpec, own_fields
from hengjian.tenants.write_registers import _joined, _write_statement

_KEY = bytes(32)
_OPEN_END = date(9999, 12, 31)
_EMIT = "insert into outbox (id, name, payload) values ($1, $2, $3::jsonb)"
_LEAF = "x" * 320  # as long as a leaf of the evidence log
_PEOPLE = next(register for register in REGISTERS if register.kind == "people")


class Row(msgspec.Struct, rename="camel", gc=False):
    """The eight fields that are sent, and those that are not."""

    source_ref: str
    name: str
    role: str
    hired_on: date
    left_on: date | None = None
    title: str | None = None
    education: str | None = None
    identity_number: str | None = None
    city: str | None = None
    withdrawn: bool = False


class Batch(msgspec.Struct, rename="camel"):
    """A batch as the push takes it."""

    idempotency_key: str
    rows: list[Row]


_BATCH = msgspec.json.Decoder(Batch)


@cache
def _write() -> str:
    return _write_statement(_PEOPLE)


def _columns(spec: FieldSpec, rows: list[Row]) -> list[Any]:
    """The stored columns of one field, as the product stores them; what is not sent is absent."""
    values = [getattr(row, spec.name, None) for row in rows]
    if spec.sealed:
        keyed = [value and hmac.digest(_KEY, value.encode(), "sha256") for value in values]
        return [keyed, _joined([value and value[-4:] for value in values])]
    return [_joined(values)] if spec.shape == "text" else [values]


@post("/rows/{tenant:uuid}", status_code=200)
async def take(request: Request[None, None, State], tenant: UUID) -> Response[bytes]:
    """Decode and store."""
    batch = _BATCH.decode(await request.body())
    async with request.app.state.pool.acquire() as link:
        await link.execute(f"begin; select app.set_ctx('member', '{tenant}', '', '', '')")
        try:
            await _store(link, tenant, batch)
        except BaseException:
            await link.execute("rollback")
            raise
        await link.execute("commit")
    return Response(b'{"accepted":%d}' % len(batch.rows), media_type="application/json")


async def _store(link: asyncpg.Connection, tenant: UUID, batch: Batch) -> None:
    rows, batch_id, key = batch.rows, uuid7(), batch.idempotency_key
    stream = (await link.fetch(store_batches._OPEN_STREAM, tenant, "people", "default"))[0]
    await link.fetch(store_batches._FIND_BY_KEY, tenant, "bench", "people", key)
    region, now, sent = stream["region"], stream["now"], len(rows)
    head = [tenant, region, batch_id, "people", "default", None, "bench", key, bytes(32), "ROW_BY_ROW", "ACCEPTED"]
    await link.fetch(store_batches._INSERT_BATCH, *head, now, sent, sent, 0, 0, "[]", None, str(batch_id))
    await link.fetch(
        _write(),
        tenant,
        region,
        batch_id,
        now,
        list(range(sent)),
        _joined([row.source_ref for row in rows]),
        [row.hired_on for row in rows],
        [row.left_on or _OPEN_END for row in rows],
        [row.withdrawn for row in rows],
        *(column for spec in own_fields(_PEOPLE.row) for column in _columns(spec, rows)),
    )
    payload = msgspec.json.encode({"tenant_id": str(tenant), "kind": "people", "batch_id": str(batch_id)}).decode()
    await link.fetch(_EMIT, uuid7(), "push.accepted", payload)
    detail = msgspec.json.encode({"sent": sent, "accepted": sent, "refused": 0, "dry_run": False}).decode()
    who = [uuid7(), now, "bench", "member", tenant, None, "127.0.0.1", str(batch_id)]
    two = [uuid7(), uuid7()], ["audit", "push"], [str(batch_id)] * 2, [tenant] * 2, [region] * 2
    await link.fetch(audit.INSERT, *who, "push.people", str(batch_id), "ok", detail, *two, [_LEAF] * 2, [bytes(16)] * 2)


def create_app() -> Litestar:
    """Loaded by the same web server as the product."""
    end_with_server()

    async def open_pool(app: Litestar) -> None:
        async def keep(_: asyncpg.Connection) -> None:
            """All settings are local to a transaction: nothing to reset."""

        app.state.pool = await asyncpg.create_pool(os.environ["FLOOR_URL"], min_size=8, max_size=8, reset=keep)

    return Litestar(
        [take], on_startup=[open_pool], openapi_config=None, logging_config=None, request_max_body_size=None
    )
