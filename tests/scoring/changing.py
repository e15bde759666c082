"""A bureau that changes rules, its people, and contractors whom a change moves."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Caller, Database, ReadSession, sql
from hengjian.scoring.api import (
    ChangeCheck,
    ChangeDetail,
    ChangeKind,
    KeptLawBook,
    LawBook,
    NewChange,
    Person,
    approve_change,
    check_change,
    draft_change,
    load_lawbook,
    read_change,
    start_impact,
    submit_change,
)
from hengjian.scoring.changes.jobs import preview
from hengjian.scoring.jobs import evaluate
from hengjian.tenants.api import BY_KIND
from tests.support.people import a_bureau, a_contractor
from tests.support.pushing import push_straight
from tests.support.rows import a_row

BOOK = load_lawbook()
TODAY = legal_day(datetime.now(UTC))
FIRST_DAY = TODAY + timedelta(days=40)
EXAMPLES = """\
- {points: 50, supervisors: 1, verdict: breach, measured: 1, required: 2}
- {points: 100, supervisors: 2, verdict: breach, measured: 2, required: 3}
- {points: 45, supervisors: 1, verdict: pass, measured: 1, required: 1}
"""
AUTHOR = Person("规则", frozenset({"rule_author"}))
REVIEWER = Person("复核", frozenset({"reviewer"}))


def to_45(**changes: Any) -> NewChange:
    """50 points a supervisor become 45."""
    values: dict[str, Any] = {
        "rule_id": "C-04",
        "kind": ChangeKind.PARAMETER,
        "from_day": FIRST_DAY,
        "reason": "督查力量不足",
        "clause": "4.3.3.4",
        "parameter": "points_per_supervisor",
        "value": "45",
        "examples": EXAMPLES,
    }
    return NewChange(**(values | changes))


@dataclass(frozen=True)
class Office:
    """One bureau, with an author and a second person."""

    database: Database
    id: UUID
    region: str

    def caller(self, who: str = "account:author") -> Caller:
        return Caller(kind="bureau", tenant_id=self.id, region=self.region, actor=who)

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    async def draft(self, new: NewChange | None = None) -> str:
        async with self.database.write(self.caller()) as session:
            return await draft_change(session, new or to_45(), by=AUTHOR, book=BOOK, now=self.now)

    async def check(self, no: str) -> ChangeCheck:
        async with self.database.write(self.caller()) as session:
            return await check_change(session, no, by=AUTHOR, book=BOOK, now=self.now)

    async def preview(self, no: str) -> UUID:
        async with self.database.write(self.caller()) as session:
            identity = await start_impact(session, no, by=AUTHOR, now=self.now)
        await preview(self.database, {"tenant_id": str(self.id), "impact_id": str(identity)}, lawbook=BOOK)
        return identity

    async def submit(self, no: str) -> None:
        async with self.database.write(self.caller()) as session:
            await submit_change(session, no, by=AUTHOR, book=BOOK, now=self.now)

    async def approve(self, no: str, *, who: str = "account:reviewer", by: Person = REVIEWER) -> None:
        async with self.database.write(self.caller(who)) as session:
            await approve_change(session, no, by=by, book=BOOK, now=self.now)

    async def put_through(self, new: NewChange | None = None) -> str:
        """From draft to approval."""
        no = await self.draft(new)
        checked = await self.check(no)
        assert checked.ok, checked.problems
        await self.preview(no)
        await self.submit(no)
        await self.approve(no)
        return no

    async def read(self, no: str) -> ChangeDetail:
        async with self.database.read(self.caller()) as session:
            return await read_change(session, no, book=BOOK, today=TODAY)

    async def book(self) -> LawBook:
        return await KeptLawBook(BOOK).current(self.database)


async def an_office(database: Database, region: str) -> Office:
    """A bureau over a region."""
    return Office(database, (await a_bureau(database, region)).id, region)


async def a_firm(database: Database, region: str, *, points: int, supervisors: int) -> UUID:
    """A judged contractor at home in a region, with points and supervisors since before the year."""
    firm = await a_contractor(database, region)
    since = str(TODAY - timedelta(days=800))
    for kind, count, fields in (
        ("points", points, {"inServiceFrom": since, "validFrom": since}),
        ("people", supervisors, {"role": "SUPERVISOR", "hiredOn": since, "validFrom": since}),
    ):
        rows = [a_row(BY_KIND[kind], f"r{n}", **fields) for n in range(count)]
        await push_straight(database, firm.id, kind, rows)
    await evaluate(database, {"tenant_id": str(firm.id)}, lawbook=BOOK)
    return firm.id


async def forget_changes(owner: AsyncConnection) -> None:
    """Approved changes are law for everybody: no test may leave one behind for the next."""
    await owner.execute(sql("delete from rule_change"))


async def seen(session: ReadSession, table: str) -> int:
    """How many rows of a table a caller sees."""
    return int(await session.scalar(sql(f"select count(*) from {table}")))
