"""The one door to PostgreSQL: a transaction, the caller's role and context, nothing left behind.

The engine runs in autocommit and the transaction is ours: `begin` and the context travel together, one round trip.
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, Self
from uuid import UUID

import asyncpg
from sqlalchemy import Connection, CursorResult, Executable, Row, TextClause, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import greenlet_spawn

from hengjian.platform.db.caller import Caller, region_range
from hengjian.platform.db.errors import NoContextError, OutsideJurisdictionError

_OUTSIDE = "HJ404"

Parameters = Mapping[str, Any]


class ReadSession:
    """One read-only transaction of one caller. Row-level security decides what it sees."""

    def __init__(self, connection: Connection, caller: Caller, driver: asyncpg.Connection) -> None:
        self._connection = connection
        self.caller = caller
        self._driver = driver

    async def all(self, statement: Executable, parameters: Parameters | None = None) -> Sequence[Row[Any]]:
        """All rows."""
        return (await self._execute(statement, parameters)).all()

    async def first(self, statement: Executable, parameters: Parameters | None = None) -> Row[Any] | None:
        """The first row, or None when there is none."""
        return (await self._execute(statement, parameters)).first()

    async def scalar(self, statement: Executable, parameters: Parameters | None = None) -> Any:
        """The first column of the first row, or None when there is none."""
        return (await self._execute(statement, parameters)).scalar()

    async def _execute(
        self, statement: Executable, parameters: Parameters | Sequence[Parameters] | None
    ) -> CursorResult[Any]:
        return await greenlet_spawn(self._connection.execute, statement, parameters)

    async def fetch_raw(self, sql: str, *values: object) -> list[Any]:
        """Run a prepared statement of the driver with $1, $2 … (the hot path of a push: arrays in, few rows out)."""
        with _translated():
            return list(await self._driver.fetch(sql, *values))


class Session(ReadSession):
    """One transaction that may write. It commits where it was opened, never inside a use case."""

    async def run(self, statement: Executable, parameters: Parameters | Sequence[Parameters] | None = None) -> int:
        """Run a statement that changes rows; how many it changed."""
        return (await self._execute(statement, parameters)).rowcount

    async def lock(self, name: str) -> None:
        """Wait until no other transaction holds this name; it is this one's until it ends."""
        await self.fetch_raw("select pg_advisory_xact_lock(hashtextextended($1, 0))", name)


class Database:
    """A pool of connections of the login role, which owns nothing and may read nothing by itself."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    @classmethod
    def connect(cls, url: str | URL, *, pool_size: int = 8, statement_timeout_ms: int = 5_000) -> Self:
        """Open a pool.

        Args:
            url: `postgresql+asyncpg://…` of the application's login role.
            pool_size: connections kept open, at most.
            statement_timeout_ms: a statement that takes longer is cancelled; waiting for a lock half as long.
        """
        settings = {
            "application_name": "hengjian",
            "citus.propagate_set_commands": "local",
            "statement_timeout": str(statement_timeout_ms),
            "lock_timeout": str(statement_timeout_ms // 2),
            "idle_in_transaction_session_timeout": str(statement_timeout_ms * 4),
            "jit": "off",
            "standard_conforming_strings": "on",
        }
        engine = create_async_engine(
            make_url(url),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=10,
            pool_reset_on_return=None,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
            connect_args={"server_settings": settings},
        )
        return cls(engine)

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()

    @asynccontextmanager
    async def read(self, caller: Caller, *, focus: UUID | None = None) -> AsyncIterator[ReadSession]:
        """A read-only transaction in the caller's context.

        Args:
            caller: who asks.
            focus: one organization that serves the bureau's region, whose registers are to be read.

        Raises:
            OutsideJurisdictionError: the focus does not serve the caller's region.
        """
        async with self._transaction("begin read only", _context(caller, focus)) as (connection, driver):
            yield ReadSession(connection, caller, driver)

    @asynccontextmanager
    async def write(self, caller: Caller, *, focus: UUID | None = None) -> AsyncIterator[Session]:
        """A transaction in the caller's context; committed at the end, rolled back on any error.

        Raises:
            OutsideJurisdictionError: the focus does not serve the caller's region.
        """
        async with self._transaction("begin", _context(caller, focus)) as (connection, driver):
            yield Session(connection, caller, driver)

    @asynccontextmanager
    async def _transaction(self, begin: str, context: str) -> AsyncIterator[tuple[Connection, asyncpg.Connection]]:
        """A connection inside a transaction of its own; one whose transaction cannot be ended is thrown away."""
        connection, driver = await self._connect()
        try:
            with _translated():
                await driver.execute(f"{begin}; {context}")
            yield connection, driver
            with _translated():
                await driver.execute("commit")
        except BaseException:
            await _give_up(connection, driver)
            raise
        finally:
            await greenlet_spawn(connection.close)

    async def _connect(self) -> tuple[Connection, asyncpg.Connection]:
        connection = await greenlet_spawn(self.engine.sync_engine.connect)
        driver: asyncpg.Connection = connection.connection.driver_connection
        if not driver.is_closed():
            return connection, driver
        await greenlet_spawn(connection.invalidate)  # it was closed while it lay in the pool
        await greenlet_spawn(connection.close)
        return await self._connect()


async def _give_up(connection: Connection, driver: asyncpg.Connection) -> None:
    if not driver.is_closed():
        with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            await driver.execute("rollback")
            return
    await greenlet_spawn(connection.invalidate)


@contextmanager
def _translated() -> Iterator[None]:
    """Errors of the driver as SQLAlchemy tells its own: callers look for one sort only."""
    try:
        yield
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        if getattr(error, "sqlstate", None) == _OUTSIDE:
            raise OutsideJurisdictionError from error
        raise DBAPIError(None, None, error) from error


def _context(caller: Caller, focus: UUID | None) -> str:
    """The statement that sets role and context for this transaction only."""
    if caller.kind == "member" and caller.tenant_id is None:
        message = "a member acts inside an organization"
        raise NoContextError(message)
    if (caller.kind == "slice") != (caller.tenants is not None):
        message = "a slice has two ends, and nobody else has"
        raise NoContextError(message)
    if caller.tenants is not None:
        return f"select app.set_ctx({', '.join(_quoted(str(end)) for end in caller.tenants)})"
    region_from, region_to = region_range(caller.region)
    values = (caller.kind, str(caller.tenant_id or ""), region_from, region_to, str(focus or ""))
    return f"select app.set_ctx({', '.join(_quoted(value) for value in values)})"


def _quoted(text: str) -> str:
    """A text as SQL writes it (with standard_conforming_strings, as every connection here has it)."""
    return "'" + text.replace("'", "''") + "'"


def sql(statement: str) -> TextClause:
    """A statement of our own text, values bound by name."""
    return text(statement)


def literal_like(value: str) -> str:
    r"""Text for a pattern of `like` in which every sign stands for itself.

    >>> literal_like("50%_")
    '50\\%\\_'
    """
    return value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
