"""Who may bring the database to the newest schema."""

import asyncio

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from hengjian.deploy.embedded import plain_url
from hengjian.deploy.migrations import MIGRATION, RolesMissingError, heads, upgrade
from tests.support.databases import APP_PASSWORD, TestDatabase


async def _run(url: str, *statements: str) -> None:
    link = await asyncpg.connect(plain_url(url))
    try:
        for statement in statements:
            await link.execute(statement)
    finally:
        await link.close()


def test_the_migration_role_upgrades_and_owns_nothing(fresh_database: TestDatabase) -> None:
    """Once the roles are there, a role without any privilege but becoming the owner is enough."""
    password = "only-for-this-test"
    asyncio.run(_run(fresh_database.admin_url, f"alter role {MIGRATION} password '{password}'"))
    url = make_url(fresh_database.admin_url).set(username=MIGRATION, password=password)
    assert upgrade(url, app_password=APP_PASSWORD) == heads()


def test_missing_roles_are_named(fresh_database: TestDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    """A role that may not create roles is told which are missing and what to run."""
    asyncio.run(_run(fresh_database.admin_url, "create role hengjian_nobody login password 'x'"))
    monkeypatch.setattr("hengjian.deploy.migrations.OWNER", "hengjian_not_there")
    url = make_url(fresh_database.admin_url).set(username="hengjian_nobody", password="x")
    with pytest.raises(RolesMissingError, match="hengjian_not_there") as refused:
        upgrade(url, app_password=APP_PASSWORD)
    asyncio.run(_run(fresh_database.admin_url, "drop role hengjian_nobody"))
    assert "hengjian db upgrade" in str(refused.value)
