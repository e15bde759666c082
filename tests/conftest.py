"""What every test may ask for. A database is made only when a test asks for one."""

import os
from collections.abc import AsyncIterator
from contextlib import ExitStack

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from hengjian.platform.db import Database
from tests.support.databases import TestDatabase, clone, server_for_tests
from tests.support.sockets import stay_on_this_machine

# No test depends on the clock of a busy machine, nor a run on luck: the same code is tried with the same examples.
# SEARCH=yes looks for new ones, and for twenty times as many where a test names no number.
settings.register_profile(
    "same", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True, database=None
)
settings.register_profile("search", settings.get_profile("same"), derandomize=False, max_examples=2_000)
settings.load_profile("search" if os.environ.get("SEARCH") == "yes" else "same")

_RUNNING = pytest.StashKey[ExitStack]()
_SERVER = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """Shut the doors; with several test processes, start the server they share, bound to this one."""
    stay_on_this_machine()
    config.stash[_RUNNING] = ExitStack()
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        config.stash[_SERVER] = config.stash[_RUNNING].enter_context(server_for_tests())


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: "object") -> None:
    """Tell a test process where the server is."""
    node.workerinput["server"] = node.config.stash[_SERVER]  # type: ignore[attr-defined]  # xdist has no types


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server."""
    config.stash[_RUNNING].close()


@pytest.fixture(scope="session")
def server_url(pytestconfig: pytest.Config) -> str:
    """The administrator's address of the run's server."""
    if hasattr(pytestconfig, "workerinput"):
        return str(pytestconfig.workerinput["server"])
    if _SERVER not in pytestconfig.stash:
        pytestconfig.stash[_SERVER] = pytestconfig.stash[_RUNNING].enter_context(server_for_tests())
    return pytestconfig.stash[_SERVER]


@pytest.fixture(scope="session")
def test_database(server_url: str, worker_id: str) -> TestDatabase:
    """This test process's own database. Tests commit: each uses organizations of its own."""
    return clone(server_url, f"test_{worker_id}")


@pytest.fixture(scope="session")
def admin_url(test_database: TestDatabase) -> str:
    """The administrator's address of this process's database."""
    return test_database.admin_url


@pytest.fixture(scope="session")
def app_url(test_database: TestDatabase) -> str:
    """The address that web and worker would use: a role that owns nothing and bypasses nothing."""
    return test_database.app_url


@pytest_asyncio.fixture
async def database(app_url: str) -> AsyncIterator[Database]:
    """The database as the application opens it."""
    opened = Database.connect(app_url)
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def owner(admin_url: str) -> AsyncIterator[AsyncConnection]:
    """A connection that sees and may do everything, each statement a transaction: to look behind the application."""
    engine = create_async_engine(admin_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        yield connection
    await engine.dispose()


@pytest.fixture
def fresh_database(server_url: str, request: pytest.FixtureRequest, worker_id: str) -> TestDatabase:
    """A database for one test alone, for what must find nothing of others."""
    return clone(server_url, f"{worker_id}_{abs(hash(request.node.nodeid)):x}"[:60])
