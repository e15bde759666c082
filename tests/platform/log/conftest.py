"""A log for each test alone: there is one tree a database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.support.databases import TestDatabase
from tests.support.evidence import LogCase, a_log


@pytest_asyncio.fixture
async def log(fresh_database: TestDatabase, tmp_path: Path) -> AsyncIterator[LogCase]:
    async with a_log(fresh_database, tmp_path) as opened:
        yield opened
