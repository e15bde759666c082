from collections.abc import AsyncIterator

import pytest_asyncio

from hengjian.platform.db import Database
from tests.dashboards.visiting import Browser, browser_over
from tests.support.api import Api, api_over


@pytest_asyncio.fixture
async def browser(database: Database) -> AsyncIterator[Browser]:
    """A browser at which nobody has signed in."""
    async with browser_over(database) as opened:
        yield opened


@pytest_asyncio.fixture
async def api(app_url: str) -> AsyncIterator[Api]:
    """The API over this process's database, to push what the pages show."""
    async with api_over(app_url) as opened:
        yield opened
