"""The same pushes, and a small query, against PostGraphile 5 on a machine that can have it."""

import asyncio
import re
import shutil
import subprocess
from pathlib import Path

import asyncpg
import msgspec

from hengjian.deploy.embedded import plain_url
from tests.bench.bench_push import LINKS, PUSHES, ROUNDS, WARM_UP, Side, product_requests
from tests.bench.figures import Figure, compared, missing
from tests.bench.load import request
from tests.bench.people import ROWS, Batches, Pusher, make_pushers
from tests.bench.stage import ROOT, Stage

HOME = ROOT / "tests" / "bench" / "postgraphile"
INSTALLED = ROOT / "var" / "bench" / "postgraphile"
QUERIES = 600
PUSH = "mutation Push($rows: [PersonRowInput!]!) { pushPeople(input: { rows: $rows }) { result } }"
THEIR_QUERY = """query One($tenant: UUID!, $id: UUID!) { receiptByTenantIdAndRowId(tenantId: $tenant, rowId: $id) {
  rowId kind stream sequence state receivedAt sent accepted refused mode } }"""
OUR_QUERY = """query One($id: UUID!) { receipt(id: $id) {
  id kind stream sequence state receivedAt sent accepted refused dryRun } }"""


class UnavailableError(Exception):
    """PostGraphile cannot be had here."""


def measure(stage: Stage) -> list[Figure]:
    """Both comparisons, or two rows that say why there are none."""
    try:
        node = install()
    except UnavailableError as reason:
        names = (("push_1000_vs_postgraphile", "rows/s"), ("small_query_vs_postgraphile", "requests/s"))
        return [missing(name, unit, str(reason)) for name, unit in names]
    asyncio.run(_prepare(stage.admin_url))
    environment = {
        "BENCH_URL": plain_url(stage.url_of("bench_web", "only-for-measurements")),
        "NODE_ENV": "production",
        "GRAPHILE_ENV": "production",
    }
    port = stage.program("postgraphile", [str(node), str(INSTALLED / "server.mjs")], environment, port_name="PORT")
    pushers = make_pushers(stage.app_url, LINKS)
    return [_pushes(stage, port, pushers), _queries(stage, port, pushers)]


def install() -> Path:
    """Bring PostGraphile and a Node it runs on into var/bench, locked; the program `node` to use.

    Raises:
        UnavailableError: no npm, or no way to the packages.
    """
    INSTALLED.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", "server.mjs"):
        shutil.copyfile(HOME / name, INSTALLED / name)
    shutil.copyfile(ROOT / ".npmrc", INSTALLED / ".npmrc")
    npm = shutil.which("npm")
    if not (INSTALLED / "node_modules" / "postgraphile").exists():
        if npm is None:
            raise UnavailableError("not measured: no npm on this machine")
        done = subprocess.run([npm, "ci"], cwd=INSTALLED, capture_output=True, text=True, check=False, timeout=300)
        if done.returncode != 0:
            raise UnavailableError(f"not measured: npm brought no PostGraphile ({done.stderr.strip()[-200:]})")
    candidates = [*INSTALLED.glob("node_modules/node-linux-*/bin/node"), Path(shutil.which("node") or "node")]
    for node in candidates:
        if _major(node) >= 22:
            return node
    raise UnavailableError("not measured: PostGraphile 5 needs Node 22 or newer")


def _major(node: Path) -> int:
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.match(r"v(\d+)", said)
    return int(found[1]) if found else 0


async def _prepare(admin_url: str) -> None:
    link = await asyncpg.connect(plain_url(admin_url))
    await link.execute((HOME / "schema.sql").read_text("utf-8"))
    await link.close()


def _pushes(stage: Stage, port: int, pushers: list[Pusher]) -> Figure:
    batches = Batches()
    ours, theirs = Side(stage, "product", stage.product()), Side(stage, "postgraphile", port)
    for _ in range(WARM_UP + ROUNDS):
        ours.push(product_requests(batches, pushers, PUSHES))
        requests = [_their_push(batches, pushers[n % len(pushers)]) for n in range(PUSHES)]
        theirs.push(requests, b'"result":%d' % ROWS)
    return compared("push_1000_vs_postgraphile", ours.rounds.skip(WARM_UP), theirs.rounds.skip(WARM_UP), "rows/s")


def _their_push(batches: Batches, pusher: Pusher) -> bytes:
    body = b'{"query":%b,"variables":{"rows":%b}}' % (msgspec.json.encode(PUSH), batches.next())
    return request("/graphql", body, {"X-Tenant": str(pusher.tenant_id)})


def _queries(stage: Stage, port: int, pushers: list[Pusher]) -> Figure:
    """One receipt of ten fields by its id, again and again."""
    known = asyncio.run(_receipts(stage.admin_url))
    ours, theirs = Side(stage, "product", stage.product()), Side(stage, "postgraphile", port)
    our_requests = [_our_query(pushers[n % len(pushers)], known) for n in range(QUERIES)]
    their_requests = [_their_query(pushers[n % len(pushers)], known) for n in range(QUERIES)]
    for _ in range(WARM_UP + ROUNDS):
        ours.ask(our_requests, b'"accepted":%d' % ROWS)
        theirs.ask(their_requests, b'"accepted":%d' % ROWS)
    return compared("small_query_vs_postgraphile", ours.rounds.skip(WARM_UP), theirs.rounds.skip(WARM_UP), "requests/s")


async def _receipts(admin_url: str) -> dict[str, str]:
    """A receipt of each pusher, present in both tables."""
    link = await asyncpg.connect(plain_url(admin_url))
    await link.execute("insert into bench.receipt select * from public.push_batch")
    found = await link.fetch("select tenant_id, min(id::text) as id from push_batch group by tenant_id")
    await link.execute("analyze")
    await link.close()
    return {str(row["tenant_id"]): row["id"] for row in found}


def _our_query(pusher: Pusher, known: dict[str, str]) -> bytes:
    body = msgspec.json.encode({"query": OUR_QUERY, "variables": {"id": known[str(pusher.tenant_id)]}})
    return request("/graphql", body, {"Authorization": f"Bearer {pusher.key}"})


def _their_query(pusher: Pusher, known: dict[str, str]) -> bytes:
    tenant = str(pusher.tenant_id)
    body = msgspec.json.encode({"query": THEIR_QUERY, "variables": {"tenant": tenant, "id": known[tenant]}})
    return request("/graphql", body, {"X-Tenant": tenant})
