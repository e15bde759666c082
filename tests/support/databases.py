"""One PostgreSQL for a test run, one migrated template on it, one database for each test process."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from sqlalchemy.engine import make_url

from hengjian.deploy import migrations
from hengjian.deploy.embedded import LOGIN, plain_url, temporary_server
from hengjian.deploy.settings import read_settings

APP_PASSWORD = "only-for-tests"
_TEMPLATE = "hengjian_template"


@contextmanager
def server_for_tests() -> Iterator[str]:
    """A server in a folder of its own; gives the administrator's address."""
    folder = Path(tempfile.mkdtemp(prefix="hjtest"))
    folder.chmod(0o755)
    bindir = read_settings(os.environ).database.pg_bindir
    try:
        with temporary_server(folder, options={"max_connections": "200"}, bindir=bindir) as server:
            yield server.url()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class TestDatabase:
    """The addresses of one database: as the administrator, and as the role that owns nothing."""

    __test__ = False
    admin_url: str
    app_url: str


def clone(server: str, name: str) -> TestDatabase:
    """A fresh database that the migrations built (once for the server; then copied)."""
    admin = make_url(server)
    asyncio.run(_copy(server, name))
    mine = admin.set(database=name)
    return TestDatabase(
        admin_url=mine.render_as_string(hide_password=False),
        app_url=mine.set(username=LOGIN, password=APP_PASSWORD).render_as_string(hide_password=False),
    )


async def _copy(server: str, name: str) -> None:
    link = await asyncpg.connect(plain_url(server))
    try:
        await link.execute("select pg_advisory_lock(1)")
        if not await link.fetchval("select 1 from pg_database where datname = $1 and datistemplate", _TEMPLATE):
            await link.execute(f"drop database if exists {_TEMPLATE}")
            await link.execute(f"create database {_TEMPLATE}")
            template = make_url(server).set(database=_TEMPLATE).render_as_string(hide_password=False)
            await asyncio.to_thread(migrations.upgrade, template, app_password=APP_PASSWORD)
            await link.execute(f"alter database {_TEMPLATE} is_template true")
        await link.execute(f'create database "{name}" template {_TEMPLATE}')
    finally:
        await link.close()
