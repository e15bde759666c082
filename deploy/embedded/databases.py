"""The product's database on a server of our own, and the addresses of its two log-ins."""

import asyncio

import asyncpg
from sqlalchemy.engine import make_url

from hengjian.deploy.embedded.server import Server, write_secret

DATABASE = "hengjian"
LOGIN = "hengjian_app"


async def _ensure(url: str, database: str) -> None:
    link = await asyncpg.connect(plain_url(url), timeout=30)
    try:
        if not await link.fetchval("select 1 from pg_database where datname = $1", database):
            await link.execute(f'create database "{database}"')
    finally:
        await link.close()


def plain_url(url: str) -> str:
    """A SQLAlchemy address as PostgreSQL's own libraries write it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def login_password(server: Server) -> str:
    """The password of the application's login role, made once and kept beside the data; migrations set it."""
    file = server.home / "login.password"
    if not file.exists():
        return write_secret(file, server.place.ids)
    return file.read_text("ascii").strip()


def ensure_database(server: Server, database: str = DATABASE) -> None:
    """Make the database when it is missing. Must not be called inside an event loop."""
    asyncio.run(_ensure(server.url(), database))


def admin_url(server: Server, database: str = DATABASE) -> str:
    """For migrations: the administrator, who makes roles and schema."""
    return server.url(database)


def login_url(server: Server, database: str = DATABASE) -> str:
    """For web and worker: the role that owns nothing."""
    return server.url(database, user=LOGIN, password=login_password(server))
