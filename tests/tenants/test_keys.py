"""Keys of machines: what they open, and that a dead one opens nothing and is noticed."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Database, sql
from hengjian.tenants.domain.key_text import new_key
from hengjian.tenants.errors import KeyTermsError, UnknownKeyError
from hengjian.tenants.keys import Holder, IssuedKey, KeyDesk, issue_key, key_caller, revoke_key
from tests.support.people import OPERATOR, a_contractor, request

REFUSALS = sql("select target, tenant_id, detail from audit where action = 'key.refused' and source = :source")


@pytest.fixture
async def holder(database: Database) -> Holder:
    contractor = await a_contractor(database)
    return Holder(tenant_id=contractor.id, kind="member", region=contractor.region)


@pytest.fixture
async def key(database: Database, holder: Holder) -> IssuedKey:
    async with database.write(OPERATOR) as session:
        return await issue_key(session, holder, label="LIMS", scopes=["push", "read"])


async def test_a_key_acts_for_its_holder_with_its_scopes(database: Database, holder: Holder, key: IssuedKey) -> None:
    """The caller is the organization; the request's address and id travel on, also with a remembered answer."""
    desk = KeyDesk(database)
    for asking in (request(), request()):
        caller = await desk.caller(key.text, request=asking)
        assert caller is not None
        assert (caller.kind, caller.tenant_id, caller.scopes) == (
            "member",
            holder.tenant_id,
            frozenset({"push", "read"}),
        )
        assert (caller.actor, caller.source) == (f"key:{key.key_id}", asking.source)


@pytest.mark.parametrize("spoil", ["revoked_at = now()", "expires_at = now() - interval '1 second'"])
async def test_a_revoked_or_expired_key_opens_nothing_and_is_noticed(
    database: Database, owner: AsyncConnection, holder: Holder, key: IssuedKey, spoil: str
) -> None:
    """The audit says whose key it was, and why."""
    await owner.execute(sql(f"update api_key set {spoil} where key_id = :id"), {"id": key.key_id})
    asking = request()
    assert await key_caller(database, key.text, request=asking) is None
    (row,) = (await owner.execute(REFUSALS, {"source": asking.source})).all()
    assert (row.target, row.tenant_id) == (f"key:{key.key_id}", holder.tenant_id)
    assert row.detail["reason"] in {"revoked", "expired"}


async def test_unknown_and_forged_keys_open_nothing_and_are_noticed(
    database: Database, owner: AsyncConnection, key: IssuedKey
) -> None:
    """An id nobody has, a right id with another secret, odd text; no secret reaches the audit."""
    forged = f"hj_live_{key.key_id}_{new_key().secret}"
    for bearer, reason in ((new_key().text, "unknown"), (forged, "secret"), ("", "shape"), ("\0\ud800", "shape")):
        asking = request()
        assert await key_caller(database, bearer, request=asking) is None
        (row,) = (await owner.execute(REFUSALS, {"source": asking.source})).all()
        assert row.detail == {"reason": reason}
        assert forged.rsplit("_", 1)[1] not in str(row)


async def test_revoking_works_within_two_seconds_everywhere(database: Database, key: IssuedKey) -> None:
    """Two processes remember the key for a second; then it is dead in both. A second revocation is refused."""
    desks = [KeyDesk(database), KeyDesk(database)]
    assert all([await desk.caller(key.text) for desk in desks])
    async with database.write(OPERATOR) as session:
        await revoke_key(session, key.key_id)
    await asyncio.sleep(1.1)
    assert [await desk.caller(key.text) for desk in desks] == [None, None]
    with pytest.raises(UnknownKeyError):
        async with database.write(OPERATOR) as session:
            await revoke_key(session, key.key_id)


async def test_two_keys_live_at_once(database: Database, holder: Holder, key: IssuedKey) -> None:
    """A key is changed without a stop."""
    async with database.write(OPERATOR) as session:
        other = await issue_key(session, holder, label="new", scopes=["push"], lives=timedelta(days=30))
    assert await key_caller(database, key.text) is not None
    assert await key_caller(database, other.text) is not None


async def test_the_table_keeps_no_secret_and_says_when_a_key_was_used(
    database: Database, owner: AsyncConnection, key: IssuedKey
) -> None:
    """A stolen copy of the database opens nothing."""
    await key_caller(database, key.text)
    row = (await owner.execute(sql("select * from api_key where key_id = :id"), {"id": key.key_id})).one()
    assert row.last_used_at is not None
    secret = key.text.rsplit("_", 1)[1]
    assert secret not in str(row)
    assert bytes.fromhex(secret) != row.secret_digest
    assert key.text not in repr(key)


@pytest.mark.parametrize(
    ("scopes", "days"), [([], 30), (["everything"], 30), (["push"], 366), (["push"], 0), (["push"], -1)]
)
async def test_keys_without_scope_or_end_are_not_issued(
    database: Database, holder: Holder, scopes: list[str], days: int
) -> None:
    """At least one known scope, a year at most."""
    with pytest.raises(KeyTermsError):
        async with database.write(OPERATOR) as session:
            await issue_key(session, holder, label="", scopes=scopes, lives=timedelta(days=days))
