"""The overview of a province with 10,000 organizations: time of a request over HTTP, and its statements."""

import asyncio
import hashlib
import secrets
import socket
import time
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any, cast

import asyncpg
import httpx
from sqlalchemy import AdaptedConnection, event

from hengjian.deploy.embedded import plain_url
from hengjian.platform.db import Database
from hengjian.platform.ids import uuid7
from tests.bench.figures import Figure, alone
from tests.bench.stage import Stage
from tests.dashboards.visiting import pages_over
from tests.support.people import a_bureau, an_account

ORGANIZATIONS = 10_000
WARM, MEASURED = 15, 120
COOKIE = "hengjian_session"

_STANDINGS = """
insert into standing (tenant_id, region, home_region, credit_code, name, pinyin, initials, kinds, demo, total, grade,
    unrated, critical, major, minor, info, no_data, judged, points, last_push_at, as_of, computed_at)
select gen_random_uuid(), c.region, c.region, lpad(n::text, 18, '9'), '量测运维公司' || n, 'liangce' || n, 'lc' || n,
    case when n % 3 = 0 then '{INSTITUTION}' else '{CONTRACTOR}' end::text[], true,
    case when n % 11 = 0 then null else 100 - (n % 60) * 0.5 end,
    case when n % 11 = 0 then null when n % 60 <= 20 then 'A' when n % 60 <= 50 then 'B' else 'C' end,
    case when n % 11 = 0 then 'no_business' end, n % 40 / 39, n % 4, n % 3, 0, n % 5 / 4, 30, 20 + n % 90,
    now() - n % 90 * interval '1 day', current_date, now()
from generate_series(1, $1) n cross join lateral (select '65' || lpad((1 + n % 14)::text, 2, '0') || '02' as region) c
"""
_FINDINGS = """
insert into finding (tenant_id, region, id, no, rule_id, subject_kind, subject, subject_label, severity, state,
    opened_on, closed_on, detected_at, judged_at, measured, required, lacking, facts, pack_version, costs_points)
select s.tenant_id, s.region, gen_random_uuid(), 'WG-' || s.region || '-2026-' || lpad(row_number() over ()::text, 6, '0'),
    'C-' || lpad((1 + (k * 7 + s.points) % 15)::text, 2, '0'), 'contractor', '', '',
    case k when 1 then 'major' when 2 then 'minor' else (array['major', 'minor', 'critical'])[1 + s.points % 3] end,
    case when k <= 3 then 'detected' else 'closed' end, current_date - (s.points * k * 3 % 360 + 1),
    case when k <= 3 then null else current_date - (s.points * k * 3 % 360) end, now(), now(), '1', '2', '{}', '{}',
    'bench', true
from standing s cross join generate_series(1, 6) k
"""
_SESSION = """
insert into session (id, token_digest, account_id, state, source, expires_at)
values ($1, $2, $3, 'second_factor_ok', 'bench', $4)
"""


def measure(stage: Stage) -> list[Figure]:
    """The 95th percentile of warm requests one after another, and the statements of one of them."""
    admin, app = plain_url(stage.admin_url), stage.app_url
    token = asyncio.run(_fill(admin, app))
    port = stage.product()
    begun = [stage.cpu(name) for name in ("product", "postgres")]
    times = sorted(_requests(port, token))
    server, postgres = (
        1000 * (stage.cpu(name) - before) / (WARM + MEASURED)
        for name, before in zip(("product", "postgres"), begun, strict=True)
    )
    statements = asyncio.run(_statements(app, token))
    note = f"median {1000 * median(times):.0f} ms; CPU ms of a page, server + PostgreSQL: {server:.1f} + {postgres:.1f}"
    return [
        alone("overview_10k_p95_ms", 1000 * times[int(len(times) * 0.95)], "ms", note),
        alone("overview_10k_queries", statements, "statements"),
    ]


async def _fill(admin: str, app: str) -> str:
    """Ten thousand organizations with six findings each, a province's inspector, and the token of a session."""
    database = Database.connect(app)
    inspector = await an_account(database, await a_bureau(database, "65"))
    await database.close()
    token = secrets.token_urlsafe(32)
    link = await asyncpg.connect(admin)
    try:
        async with link.transaction():
            await link.execute("set local row_security = off")
            await link.execute(_STANDINGS, ORGANIZATIONS)
            await link.execute(_FINDINGS)
            digest = hashlib.sha256(token.encode()).digest()
            await link.execute(_SESSION, uuid7(), digest, inspector.id, datetime.now(UTC) + timedelta(hours=1))
        await link.execute("vacuum analyze standing, finding")
    finally:
        await link.close()
    return token


def _requests(port: int, token: str) -> list[float]:
    """Seconds of each request, the first ones left out."""
    lines = ("GET /overview HTTP/1.1", "Host: 127.0.0.1", f"Cookie: {COOKIE}={token}", "", "")
    asked = "\r\n".join(lines).encode()
    with socket.create_connection(("127.0.0.1", port), timeout=60) as link:
        taken = [_timed(link, asked) for _ in range(WARM + MEASURED)]
    return taken[WARM:]


def _timed(link: socket.socket, asked: bytes) -> float:
    begun = time.perf_counter()
    link.sendall(asked)
    answer = link.recv(65536)
    while b"</html>" not in answer[-64:]:
        part = link.recv(65536)
        if not part:
            raise RuntimeError(f"the answer ended early: {answer[:200]!r}")
        answer += part
    if b" 200 " not in answer[:20]:
        raise RuntimeError(f"no overview: {answer[:200]!r}")
    return time.perf_counter() - begun


async def _statements(app: str, token: str) -> int:
    """Every statement of one request once names are known; beginning a transaction with its caller is one of them."""
    database = Database.connect(app)
    counted: list[str] = []

    def count(_link: object, _cursor: object, statement: str, *_rest: object) -> None:
        counted.append(statement)

    def count_of_driver(record: asyncpg.connection.LoggedQuery) -> None:
        if record.query not in {"commit", "rollback"}:
            counted.append(record.query)

    def watch(link: AdaptedConnection, _record: object) -> None:
        link.driver_connection.add_query_logger(count_of_driver)

    event.listen(database.engine.sync_engine, "before_cursor_execute", count)
    event.listen(database.engine.sync_engine, "connect", watch)
    pages = cast("Any", pages_over(database))  # httpx types ASGI messages as plain mappings, Litestar as typed ones
    transport = httpx.ASGITransport(pages)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost", cookies={COOKIE: token}) as client:
        for _ in range(2):
            counted.clear()
            answer = await client.get("/overview")
            answer.raise_for_status()
    await database.close()
    return len(counted)
