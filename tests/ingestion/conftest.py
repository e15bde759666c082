from collections.abc import AsyncIterator

import pytest_asyncio

from tests.support.api import Api, api_over


@pytest_asyncio.fixture
async def api(app_url: str) -> AsyncIterator[Api]:
    """The API over this process's database."""
    async with api_over(app_url) as opened:
        yield opened
