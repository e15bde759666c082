"""The migrated database is the declared one, to the last index and constraint; and its rights are those written here."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import sql
from tests.support.tables import register

# What anybody may read: results, rules in force, and what proves them.
PUBLISHED = {
    "issued_digest",
    "law_content",
    "log_attestation",
    "log_checkpoint",
    "log_tile",
    "published_grade",
    "rule_change",
}
RIGHTS = sql("""
    select table_name, replace(grantee, 'hengjian_', '') as kind, privilege_type from information_schema.role_table_grants
    where table_schema = 'public' and grantee like 'hengjian\\_%' and grantee <> 'hengjian_owner'
""")
FUNCTIONS = sql("""
    select p.proname, p.prosecdef, p.proacl::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname in ('app', 'public')
""")
OTHER_RELATIONS = sql("""
    select relname from pg_class where relnamespace in ('public'::regnamespace, 'app'::regnamespace)
    and relkind in ('v', 'm', 'S', 'f')
""")


async def test_alembic_finds_no_difference(owner: AsyncConnection) -> None:
    """Tables, columns, types, indexes, unique keys: what the code declares is what the migrations made."""

    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": not_alembics})
        return list(compare_metadata(context, register()))

    assert await owner.run_sync(differences) == []


def not_alembics(_thing: Any, name: str | None, *_: Any) -> bool:
    return name != "alembic_version"


async def test_what_is_kept_for_good_cannot_be_changed(owner: AsyncConnection) -> None:
    """Assertions, batches, the audit and a finding's history are only added to; no caller can rewrite or remove them."""
    kept = {"audit", "push_batch", "finding_event", "report"}
    kept |= {name for name in register().tables if name.endswith("_assertion")}
    rights = (await owner.execute(RIGHTS)).all()
    changing = [tuple(r) for r in rights if r.table_name in kept and r.privilege_type in {"UPDATE", "DELETE"}]
    assert changing == []
    removing = {r.kind for r in rights if r.table_name == "finding" and r.privilege_type == "DELETE"}
    assert removing == set()


async def test_public_and_gate_have_only_what_they_need(owner: AsyncConnection) -> None:
    """Before the caller is known: accounts, sessions, keys, pauses, and the trail. The public reads what is published."""
    rights = (await owner.execute(RIGHTS)).all()
    assert {r.table_name for r in rights if r.kind == "gate"} == {
        "account",
        "session",
        "api_key",
        "login_pause",
        "audit",
        "log_queue",
    }
    public = {(r.table_name, r.privilege_type) for r in rights if r.kind == "public"}
    assert {table for table, right in public if right == "INSERT"} == {"audit", "log_queue"}
    assert {table for table, right in public if right == "SELECT"} == PUBLISHED
    assert {right for _, right in public} == {"INSERT", "SELECT"}


async def test_no_view_sequence_or_elevated_function(owner: AsyncConnection) -> None:
    """Each of these would go around row-level security: views and definer functions run as their owner."""
    assert (await owner.execute(OTHER_RELATIONS)).all() == []
    functions = (await owner.execute(FUNCTIONS)).all()
    assert [(f.proname, f.prosecdef) for f in functions] == [("set_ctx", False)] * 2
    assert "=X/" not in functions[0].proacl.replace("hengjian_app=X/", "").replace("hengjian_owner=X/", "")
