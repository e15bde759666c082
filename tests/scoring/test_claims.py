"""Double claims in the database: found by the nightly job, told without a word of the other organization."""

from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Caller, Database, sql
from hengjian.scoring.claims import double_claims_seen, match_claims, other_sides, own_double_claims
from hengjian.scoring.domain.double_claims import ClaimKind, OwnClaim
from hengjian.tenants.api import BY_KIND
from tests.support.api import Sender, a_sender, api_over
from tests.support.claim_matcher import Claim, claimed_elsewhere
from tests.support.custody import told as told_of_label
from tests.support.custody import with_labels
from tests.support.rows import a_row

KEY = b"k" * 32
CLAIMS = sql("select kind, source_ref, valid_from, valid_until, fingerprint, tenant_id from claim")


async def with_car(app_url: str, sender: Sender, plate: str, ref: str, *, since: str, until: str | None = None) -> None:
    """A vehicle of an organization."""
    row = a_row(BY_KIND["vehicles"], ref, plate=plate, validFrom=since, validTo=until, name="车")
    row.pop("name", None)
    async with api_over(app_url) as api:
        answer = await api.push(sender.key, "vehicles", [row])
        assert answer["receipt"]["accepted"] == 1, answer


def a_plate() -> str:
    """One that no other test has."""
    return f"新A{uuid4().int % 100_000:05d}"


async def told(database: Database, sender: Sender) -> tuple[OwnClaim, ...]:
    """What an organization is told."""
    async with database.read(sender.caller) as session:
        return await own_double_claims(session, sender.organization.id)


async def test_a_car_of_two_contractors(app_url: str, database: Database) -> None:
    """Each learns that its own row is claimed elsewhere; the province sees both, each city nothing of the other."""
    plate, one, other = a_plate(), await a_sender(database), await a_sender(database, "650202")
    await with_car(app_url, one, plate, "mine", since="2026-01-05", until="2026-06-30")
    await with_car(app_url, other, plate, "ours", since="2026-06-01")
    await match_claims(database, key=KEY)
    assert await told(database, one) == (OwnClaim(ClaimKind.VEHICLE, "mine"),)
    assert await told(database, other) == (OwnClaim(ClaimKind.VEHICLE, "ours"),)
    both = {(one.organization.id, "mine"), (other.organization.id, "ours")}
    for region, seen in (("65", True), ("6501", False), ("6502", False)):
        async with database.read(Caller(kind="bureau", tenant_id=uuid4(), region=region)) as session:
            pairs = await double_claims_seen(session, limit=100_000)
        found = [pair for pair in pairs if {(pair.tenant_id, pair.ref), (pair.other_tenant_id, pair.other_ref)} == both]
        assert [(str(pair.first_day), str(pair.last_day)) for pair in found] == [("2026-06-01", "2026-06-30")] * seen
    async with database.read(one.caller) as session:
        assert await double_claims_seen(session, limit=100_000) == []
        assert await own_double_claims(session, other.organization.id) == ()


async def test_a_car_handed_over(app_url: str, database: Database) -> None:
    """Ended before the other begins: nobody is told anything; a claim that ends later is taken back at the next run."""
    plate, one, other = a_plate(), await a_sender(database), await a_sender(database)
    await with_car(app_url, one, plate, "mine", since="2026-01-05", until="2026-05-31")
    await with_car(app_url, other, plate, "ours", since="2026-06-01")
    await match_claims(database, key=KEY)
    assert await told(database, one) == await told(database, other) == ()
    await with_car(app_url, one, plate, "mine", since="2026-01-05")
    await match_claims(database, key=KEY)
    assert [item.ref for item in await told(database, one)] == ["mine"]
    await with_car(app_url, one, plate, "mine", since="2026-01-05", until="2026-05-31")
    await match_claims(database, key=KEY)
    assert await told(database, one) == await told(database, other) == ()


async def test_a_night_without_changes_writes_nothing(app_url: str, database: Database, owner: AsyncConnection) -> None:
    """The rows of claims that say the same as yesterday are left as they are."""
    one, other = await a_sender(database), await a_sender(database)
    plate, rows = a_plate(), sql("select tenant_id, source_ref, xmin::text, claimed_elsewhere from claim order by 1, 2")
    for sender in (one, other):
        await with_car(app_url, sender, plate, "car", since="2026-02-01")
    await match_claims(database, key=KEY)
    before = (await owner.execute(rows)).all()
    await match_claims(database, key=KEY)
    assert (await owner.execute(rows)).all() == before


async def test_it_tells_what_the_matcher_tells(app_url: str, database: Database, owner: AsyncConnection) -> None:
    """Over all claims of this database, the statement marks what the pure matcher finds."""
    plate, senders = a_plate(), [await a_sender(database) for _ in range(3)]
    for sender in senders:
        await with_car(app_url, sender, plate, "car", since="2026-02-01")
    await match_claims(database, key=KEY)
    claims = [
        Claim(
            kind=ClaimKind(row.kind), fingerprint=bytes(row.fingerprint), valid_from=row.valid_from,
            valid_until=row.valid_until, tenant_id=row.tenant_id, ref=row.source_ref,
        )
        for row in (await owner.execute(CLAIMS)).all()
    ]  # fmt: skip
    for sender in senders:
        assert await told(database, sender) == claimed_elsewhere(claims, sender.organization.id)


async def test_a_label_of_two_institutions(app_url: str, database: Database) -> None:
    """Both learn that a number is used elsewhere and nothing more; the city sees both sides."""
    holder, other = await with_labels(database, 2, region="330304"), await with_labels(database, 1, region="330381")
    number, alone = holder.labels
    for one, labels in ((holder, (number, alone)), (other, (number,))):
        async with api_over(app_url) as api:
            rows = [told_of_label(label, "LABELLED", "2026-11-20T10:00:00+08:00") for label in labels]
            await api.push(one.sender.key, "labelEvents", rows)
    assert await told(database, other.sender) == ()
    await match_claims(database, key=KEY)
    for one in (holder, other):
        assert await told(database, one.sender) == (OwnClaim(ClaimKind.LABEL, number),)
        async with database.read(one.sender.caller) as session:
            assert await other_sides(session, one.organization.id, ClaimKind.LABEL) == {}
    async with database.read(Caller(kind="bureau", tenant_id=uuid4(), region="3303")) as session:
        pairs = await double_claims_seen(session, limit=100_000)
    both = {(holder.organization.id, number), (other.organization.id, number)}
    assert both in [{(pair.tenant_id, pair.ref), (pair.other_tenant_id, pair.other_ref)} for pair in pairs]
    assert alone not in {pair.ref for pair in pairs}


@pytest.mark.parametrize("kind", ["public", "gate"])
async def test_nobody_else_reads_claims(database: Database, kind: str) -> None:
    """Neither the public nor somebody who is not known yet."""
    caller = Caller(kind=kind, actor="anybody")  # type: ignore[arg-type] # one of the kinds
    with pytest.raises(Exception, match="permission denied"):
        async with database.read(caller) as session:
            await session.all(CLAIMS)
