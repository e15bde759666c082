"""Bring a database to the newest schema: roles first, then revisions, one at a time."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from hengjian.platform.db.policies import ROLES, role

APPLICATION = "hengjian_app"
OWNER = "hengjian_owner"


def upgrade(url: str | URL, *, app_password: str) -> str:
    """Make the roles, run every open revision, and say which revision the database now has.

    Args:
        url: `postgresql+asyncpg://…` of a role that may create roles and owns the database.
        app_password: password that the application's login role gets.
    """
    return asyncio.run(_upgrade(make_url(url), app_password))


async def _upgrade(url: URL, app_password: str) -> str:
    engine = create_async_engine(url, connect_args={"server_settings": {"lock_timeout": "10000"}})
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_make_roles, app_password)
        async with engine.connect() as connection:
            await connection.execute(text("select pg_advisory_lock(4823)"))
            await connection.execute(text(f"set role {OWNER}"))
            await connection.commit()
            revision = await connection.run_sync(_run)
            await connection.commit()
    finally:
        await engine.dispose()
    return revision


def heads() -> str:
    """The newest revision that this release knows."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current(connection: Connection) -> str:
    """The revision of a database, empty when it has none."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


def _run(connection: Connection) -> str:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return current(connection)


def _make_roles(connection: Connection, app_password: str) -> None:
    """Roles belong to the whole server: made when missing, never changed but for the password."""
    connection.execute(text("select pg_advisory_xact_lock(4822)"))
    there = {str(name) for (name,) in connection.execute(text("select rolname from pg_roles"))}
    if OWNER not in there:
        connection.execute(text(f"create role {OWNER} nologin"))
    if APPLICATION not in there:
        connection.execute(text(f"create role {APPLICATION} login noinherit"))
    for kind in ROLES:
        if role(kind) not in there:
            connection.execute(text(f"create role {role(kind)} login"))
            connection.execute(text(f"grant {role(kind)} to {APPLICATION}"))
    quoted = connection.execute(text("select quote_literal(:password)"), {"password": app_password}).scalar_one()
    connection.execute(text(f"alter role {APPLICATION} with password {quoted}".replace(":", "\\:")))
    database = connection.execute(text("select quote_ident(current_database())")).scalar_one()
    connection.execute(text(f"grant {OWNER} to current_user"))
    connection.execute(text(f"grant create on database {database} to {OWNER}"))
    connection.execute(text(f"grant usage, create on schema public to {OWNER}"))
