"""Bring a database to the newest schema: roles first, then revisions, one at a time."""

import asyncio
from collections.abc import Iterator, Sequence
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
MIGRATION = "hengjian_migration"
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
    """Roles belong to the whole server: made when missing, never changed but for the application's password.

    Raises:
        RolesMissingError: roles are missing and the connecting role may not make them.
    """
    connection.execute(text("select pg_advisory_xact_lock(4822)"))
    there = {str(name) for (name,) in connection.execute(text("select rolname from pg_roles"))}
    may_create = connection.execute(
        text("select rolsuper or rolcreaterole from pg_roles where rolname = current_user")
    ).scalar_one()
    missing = [name for name in (OWNER, MIGRATION, APPLICATION, *map(role, ROLES)) if name not in there]
    if missing and not may_create:
        raise RolesMissingError(missing)
    for statement in _role_statements(missing):
        connection.execute(text(statement))
    if may_create:
        quoted = connection.execute(text("select quote_literal(:password)"), {"password": app_password}).scalar_one()
        connection.execute(text(f"alter role {APPLICATION} with password {quoted}".replace(":", "\\:")))
        database = connection.execute(text("select quote_ident(current_database())")).scalar_one()
        connection.execute(text(f"grant {OWNER} to current_user"))
        connection.execute(text(f"grant create on database {database} to {OWNER}"))
        connection.execute(text(f"grant usage, create on schema public to {OWNER}"))


def _role_statements(missing: Sequence[str]) -> Iterator[str]:
    """Statements that make roles: one owns everything, one may become it, one logs in, one a kind of caller."""
    if OWNER in missing:
        yield f"create role {OWNER} nologin"
    if MIGRATION in missing:
        yield f"create role {MIGRATION} login noinherit"
        yield f"grant {OWNER} to {MIGRATION}"
    if APPLICATION in missing:
        yield f"create role {APPLICATION} login noinherit"
    for kind in ROLES:
        if role(kind) in missing:
            yield f"create role {role(kind)} login"
            yield f"grant {role(kind)} to {APPLICATION}"


class RolesMissingError(Exception):
    """The server lacks roles of ours, and the connecting role may not make them."""

    code = "ROLES_MISSING"

    def __init__(self, missing: Sequence[str]) -> None:
        named = ", ".join(missing)
        super().__init__(
            f"The server has no role {named}, and this role may not create roles. Run `hengjian db upgrade` once as a "
            f"role with CREATEROLE; afterwards {MIGRATION} is enough."
        )
        self.missing = tuple(missing)
