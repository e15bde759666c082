"""The one door to PostgreSQL: a transaction, the caller's role and context, nothing left behind."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self
from uuid import UUID

from sqlalchemy import Executable, Row, TextClause, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from hengjian.platform.db.caller import Caller, region_range
from hengjian.platform.db.errors import NoContextError, OutsideJurisdictionError

_SET_CONTEXT = text("select app.set_ctx(:kind, :tenant, :region_from, :region_to, :focus)")
_OUTSIDE = "HJ404"

Parameters = Mapping[str, Any]


class ReadSession:
    """One read-only transaction of one caller. Row-level security decides what it sees."""

    def __init__(self, connection: AsyncConnection, caller: Caller) -> None:
        self.connection = connection
        self.caller = caller

    async def all(self, statement: Executable, parameters: Parameters | None = None) -> Sequence[Row[Any]]:
        """All rows."""
        return (await self.connection.execute(statement, parameters)).all()

    async def first(self, statement: Executable, parameters: Parameters | None = None) -> Row[Any] | None:
        """The first row, or None when there is none."""
        return (await self.connection.execute(statement, parameters)).first()

    async def scalar(self, statement: Executable, parameters: Parameters | None = None) -> Any:
        """The first column of the first row, or None when there is none."""
        return (await self.connection.execute(statement, parameters)).scalar()

    async def fetch_raw(self, sql: str, *values: object) -> list[Any]:
        """Run a prepared statement of the driver with $1, $2 … (the hot path of a push: arrays in, few rows out)."""
        raw = await self.connection.get_raw_connection()
        driver = raw.driver_connection
        if driver is None:
            message = "the connection is closed"
            raise RuntimeError(message)
        return list(await driver.fetch(sql, *values))


class Session(ReadSession):
    """One transaction that may write. It commits where it was opened, never inside a use case."""

    async def run(self, statement: Executable, parameters: Parameters | Sequence[Parameters] | None = None) -> int:
        """Run a statement that changes rows; how many it changed."""
        return (await self.connection.execute(statement, parameters)).rowcount


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
        }
        engine = create_async_engine(
            make_url(url),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=10,
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
        async with self.engine.connect() as connection:
            await connection.execute(text("set transaction read only"))
            await _enter(connection, caller, focus)
            try:
                yield ReadSession(connection, caller)
            finally:
                await connection.rollback()

    @asynccontextmanager
    async def write(self, caller: Caller, *, focus: UUID | None = None) -> AsyncIterator[Session]:
        """A transaction in the caller's context; committed at the end, rolled back on any error.

        Raises:
            OutsideJurisdictionError: the focus does not serve the caller's region.
        """
        async with self.engine.begin() as connection:
            await _enter(connection, caller, focus)
            yield Session(connection, caller)


async def _enter(connection: AsyncConnection, caller: Caller, focus: UUID | None) -> None:
    """Set role and context for this transaction only."""
    if caller.kind == "member" and caller.tenant_id is None:
        message = "a member acts inside an organization"
        raise NoContextError(message)
    region_from, region_to = region_range(caller.region)
    try:
        await connection.execute(
            _SET_CONTEXT,
            {
                "kind": caller.kind,
                "tenant": str(caller.tenant_id or ""),
                "region_from": region_from,
                "region_to": region_to,
                "focus": str(focus or ""),
            },
        )
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _OUTSIDE:
            raise OutsideJurisdictionError from error
        raise


def sql(statement: str) -> TextClause:
    """A statement of our own text, values bound by name."""
    return text(statement)
