"""The product's database and its login role on a server of our own."""

import asyncio
from pathlib import Path

import asyncpg
from sqlalchemy.engine import make_url

from hengjian.deploy.embedded.server import Server, write_secret

DATABASE = "hengjian"
LOGIN = "hengjian_app"


async def _ensure(url: str, *, login_password: str, database: str) -> None:
    link = await asyncpg.connect(plain_url(url), timeout=30)
    try:
        await link.execute("set password_encryption = 'scram-sha-256'")
        if not await link.fetchval("select 1 from pg_roles where rolname = $1", LOGIN):
            await link.execute(f"create role {LOGIN} login noinherit nosuperuser nobypassrls")
        quoted = await link.fetchval("select quote_literal($1::text)", login_password)
        await link.execute(f"alter role {LOGIN} password {quoted}")
        if not await link.fetchval("select 1 from pg_database where datname = $1", database):
            await link.execute(f'create database "{database}"')
    finally:
        await link.close()


def plain_url(url: str) -> str:
    """A SQLAlchemy address as PostgreSQL's own libraries write it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def login_password(server: Server) -> str:
    """The password of the application's login role, made once and kept beside the data."""
    file: Path = server.home / "login.password"
    if not file.exists():
        return write_secret(file, server.place.ids)
    return file.read_text("ascii").strip()


def ensure_database(server: Server, database: str = DATABASE) -> None:
    """Make the database and the login role when they are missing. Must not be called inside an event loop."""
    asyncio.run(_ensure(server.url(), login_password=login_password(server), database=database))


def owner_url(server: Server, database: str = DATABASE) -> str:
    """For migrations: the role that owns everything."""
    return server.url(database)


def login_url(server: Server, database: str = DATABASE) -> str:
    """For web and worker: the role that owns nothing."""
    return server.url(database, user=LOGIN, password=login_password(server))
