"""The trail of who did what: it stands or falls with the deed, and nobody in the application can change it."""

from uuid import uuid4

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.audit import record, record_refusal
from hengjian.platform.db import Caller, Database, sql
from hengjian.platform.db.caller import CallerKind

KINDS: tuple[CallerKind, ...] = ("member", "bureau", "public", "job", "gate")
ROWS = sql("select * from audit where action = :action order by id")


def caller(kind: CallerKind) -> Caller:
    return Caller(
        kind=kind, tenant_id=uuid4(), region="6501", actor="account:7", source="192.0.2.1", request_id="request-7"
    )


async def test_a_row_says_who_what_where_and_how(database: Database, owner: AsyncConnection) -> None:
    """Everything the caller brings is kept, and what concerns another organization names it."""
    asking, concerned, action = caller("bureau"), uuid4(), f"test.{uuid4()}"
    async with database.write(asking) as session:
        await record(session, action, target="finding:1", tenant_id=concerned, detail={"rows": 3, "名": "值"})
    (row,) = (await owner.execute(ROWS, {"action": action})).all()
    assert (row.actor, row.actor_kind, row.region, row.source) == ("account:7", "bureau", "6501", "192.0.2.1")
    assert (row.request_id, row.target, row.outcome) == ("request-7", "finding:1", "ok")
    assert (row.tenant_id, row.detail) == (concerned, {"rows": 3, "名": "值"})


async def test_what_is_rolled_back_leaves_no_row_but_its_refusal_does(
    database: Database, owner: AsyncConnection
) -> None:
    """No trace of a deed that didn't happen; the refusal is written in a transaction of its own."""
    asking, action = caller("member"), f"test.{uuid4()}"

    async def refused_work() -> None:
        async with database.write(asking) as session:
            await record(session, action)
            await record_refusal(database, asking, action, detail={"reason": "too big"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await refused_work()
    rows = (await owner.execute(ROWS, {"action": action})).all()
    assert [(row.outcome, row.tenant_id) for row in rows] == [("refused", asking.tenant_id)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "statement",
    [
        "update audit set outcome = 'ok'",
        "delete from audit",
        "truncate audit",
        "select actor from audit",
        "drop table audit",
        "alter table audit disable row level security",
    ],
)
async def test_no_role_reads_changes_or_removes_it(database: Database, kind: CallerKind, statement: str) -> None:
    """Insert is the only right; the trail can't be rewritten even by injected SQL."""
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
        async with database.write(caller(kind)) as session:
            await session.run(sql(statement))


@pytest.mark.parametrize("kind", KINDS)
async def test_every_role_may_write_it(database: Database, owner: AsyncConnection, kind: CallerKind) -> None:
    """Whoever acts can be recorded."""
    action = f"test.{uuid4()}"
    await record_refusal(database, caller(kind), action)
    assert len((await owner.execute(ROWS, {"action": action})).all()) == 1


async def test_an_organization_cannot_write_into_the_trail_of_another(database: Database) -> None:
    """A member's row names its own organization or none."""
    with pytest.raises(DBAPIError, match="row-level security"):
        async with database.write(caller("member")) as session:
            await record(session, "test.forged", tenant_id=uuid4())
