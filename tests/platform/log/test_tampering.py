"""Drills with the rights of the database's owner: whatever is changed, the check names it, and so does the bundle."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from hengjian.ingestion.api import log_rows
from hengjian.platform import audit
from hengjian.platform.db import Caller, sql
from hengjian.platform.ids import uuid7
from hengjian.platform.log import Entry, NotInTheLogError, append_leaf, append_rows, certify_deletion
from hengjian.platform.log.append import COVERS
from hengjian.platform.log.find import logged_tables
from hengjian.platform.log.groups import BATCH_ROWS
from hengjian.platform.log.tiles import HASH
from hengjian.platform.proof.verifier import Outcome, verify_bundle
from hengjian.tenants.api import BY_KIND
from tests.platform.test_walls import row
from tests.support.evidence import JOB, LogCase
from tests.support.people import a_contractor
from tests.support.pushing import push_straight
from tests.support.rows import a_row
from tests.support.tables import register

register()
TABLES = sorted(kind for kind, table in logged_tables().items() if table.info["dist"] == "tenant")


@dataclass(frozen=True)
class Drill:
    """A log with five rows of each kind, all of one organization, signed."""

    log: LogCase
    ids: dict[str, list[UUID]]

    async def names(self) -> set[tuple[str, str]]:
        """What the check finds, as kind of trouble and what it names."""
        return {(str(trouble.kind), trouble.where) for trouble in (await self.log.check()).troubles}

    async def verdict(self, kind: str, record_id: UUID) -> Outcome:
        """What the offline verifier says to a bundle made now."""
        data = await self.log.bundle(record_id, kind=kind)
        return verify_bundle(data, self.log.desk.key).outcome

    async def leaf_of(self, kind: str, record_id: UUID) -> int:
        found = await self.log.owner.execute(
            sql("select number from log_leaf where kind = :kind and record_id = :id"),
            {"kind": kind, "id": str(record_id)},
        )
        return int(found.scalar_one())


async def _fill(log: LogCase, kind: str) -> list[UUID]:
    """Five rows as their context would write them, with their leaves."""
    table, tenant_id = logged_tables()[kind], uuid4()
    fixed = {"scheduled": False} if kind == "report" else {}
    rows: list[dict[str, Any]] = [row(table, tenant_id, "650102") | {"id": uuid7()} | fixed for _ in range(5)]
    for number, values in enumerate(rows):
        differing: dict[str, dict[str, Any]] = {
            "push": {"accepted": number},
            "recording": {"recording_no": f"V-{number}"},
            "credit.veto": {"dedupe": str(number)},
            "credit.repair": {"turn": number},
        }
        values.update(differing.get(kind, {}))
        await log.owner.execute(table.insert().values(values))
    async with log.database.write(JOB) as session:
        await append_rows(session, table, rows)
    return [values["id"] for values in rows]


@pytest_asyncio.fixture
async def drill(log: LogCase) -> AsyncIterator[Drill]:
    ids = {kind: await _fill(log, kind) for kind in TABLES}
    async with log.database.write(Caller(kind="member", tenant_id=uuid4(), actor="account:7")) as session:
        for number in range(5):
            await audit.record(session, "test.deed", detail={"n": number, "名": "值"})
    ids["audit"] = list((await log.owner.execute(sql("select id from audit order by id"))).scalars())
    await log.settle()
    await log.entries(300)
    await log.settle()
    made = Drill(log, ids)
    assert await made.names() == set()
    yield made


async def test_untouched_rows_of_every_kind_verify(drill: Drill) -> None:
    """Push, decision, statement, report, audit: found, compared, proved, with a promise and an older checkpoint."""
    assert {"push", "finding.decision", "finding.statement", "report"} <= set(TABLES)
    for kind, ids in drill.ids.items():
        assert await drill.verdict(kind, ids[2]) is Outcome.VERIFIED, kind
    report = await drill.log.check()
    assert report.rows == 5 * len(drill.ids)


EDITS = {
    "push": "accepted = accepted + 1",
    "finding.decision": "reason = 'none'",
    "finding.statement": "text = 'I agree'",
    "report": "sha256 = 'other'",
    "audit": "actor = 'account:8'",
    "credit.penalty": "fine = 1",
    "credit.step": "act = 'annul'",
    "credit.repair": "text = 'none'",
    "credit.repair_step": "act = 'refuse'",
    "finding.accepted_fact": "accepted = '[1]'",
    "result.step": "reason = 'none'",
    "result.published": "grade = 'A'",
    "rule.step": "version = 'other'",
}


async def test_an_edited_row_of_each_kind_is_named(drill: Drill) -> None:
    """One column of one row, by the owner, with the server stopped."""
    expected = set()
    for kind, edit in EDITS.items():
        victim = drill.ids[kind][3]
        await drill.log.do(f"update {logged_tables()[kind].name} set {edit} where id = '{victim}'")
        expected.add(("ROW_CHANGED", f"{kind} {victim} (leaf {await drill.leaf_of(kind, victim)})"))
        assert await drill.verdict(kind, victim) is Outcome.RECORD
    assert await drill.names() == expected


async def test_a_deleted_row_of_each_kind_is_named(drill: Drill) -> None:
    """Without a certificate its absence is a trouble, for the check and for the bundle."""
    expected = set()
    for kind in EDITS:
        victim = drill.ids[kind][0]
        await drill.log.do(f"delete from {logged_tables()[kind].name} where id = '{victim}'")
        expected.add(("ROW_MISSING", f"{kind} {victim} (leaf {await drill.leaf_of(kind, victim)})"))
        assert await drill.verdict(kind, victim) is Outcome.DELETION
    assert await drill.names() == expected


async def test_an_added_row_of_each_kind_is_named(drill: Drill) -> None:
    """A row that nobody wrote through the application has no leaf."""
    expected = set()
    once = {"credit.step", "credit.repair", "credit.repair_step"}  # a second one of a number is refused by its key
    for kind in EDITS.keys() - once:
        table, added = logged_tables()[kind], uuid7()
        names = (column.name for column in table.columns if column.name != "id")
        listed = ", ".join(f'"{name}"' for name in names)
        model = f"select '{added}', {listed} from {table.name} where id = '{drill.ids[kind][1]}'"
        await drill.log.do(f"insert into {table.name} (id, {listed}) {model}")
        expected.add(("ROW_WITHOUT_LEAF", f"{kind} {added}"))
        with pytest.raises(NotInTheLogError):
            await drill.log.bundle(added)
    assert await drill.names() == expected


async def test_kinds_that_came_to_a_log_that_had_begun_are_judged_from_their_leaf_on(log: LogCase) -> None:
    """Older rows are counted, later ones without leaf are named; nobody begins a kind anew to hide them."""
    table = logged_tables()["credit.penalty"]

    async def unlogged() -> UUID:
        values = row(table, uuid4(), "650102") | {"id": uuid7()}
        await log.owner.execute(table.insert().values(values))
        return UUID(str(values["id"]))

    async def begin() -> None:
        async with log.database.write(JOB) as session:
            await append_leaf(session, Entry(kind=COVERS, id=uuid7(), facts={"kinds": ["credit.penalty"]}))
        await log.settle()

    await log.entries(1)
    await log.settle()
    await unlogged()
    await begin()
    late = await unlogged()
    await begin()
    report = await log.check()
    assert report.before_the_log == 1
    assert [(one.kind.value, one.where) for one in report.troubles] == [("ROW_WITHOUT_LEAF", f"credit.penalty {late}")]


async def test_two_rows_that_changed_places_are_named(drill: Drill) -> None:
    """Each still exists, and neither is what its leaf says."""
    one, two = drill.ids["push"][:2]
    for old, new in ((one, UUID(int=0)), (two, one), (UUID(int=0), two)):
        await drill.log.do(f"update push_batch set id = '{new}' where id = '{old}'")
    found = await drill.names()
    assert {kind for kind, _ in found} == {"ROW_CHANGED"}
    assert {where.split()[1] for _, where in found} == {str(one), str(two)}


async def test_an_edited_a_deleted_and_two_swapped_leaves_are_named(drill: Drill) -> None:
    """The tree holds their hashes."""
    await drill.log.do("update log_leaf set body = replace(body, '\"v\":1', '\"v\":2') where number = 3")
    await drill.log.do("delete from log_leaf where number = 5")
    await drill.log.do("update log_leaf set number = case number when 40 then -1 else number end where number = 40")
    await drill.log.do("update log_leaf set number = 40 where number = 41")
    await drill.log.do("update log_leaf set number = 41 where number = -1")
    found = await drill.names()
    assert {("LEAF_CHANGED", "leaf 3"), ("LEAF_MISSING", "leaf 5")} <= found
    assert {("LEAF_CHANGED", "leaf 40"), ("LEAF_CHANGED", "leaf 41")} <= found


async def test_row_leaf_and_tree_rewritten_together_are_found_by_what_was_signed(drill: Drill) -> None:
    """An owner who recomputes every hash still lacks the key; the range is named, and the bundle fails."""
    victim = drill.ids["report"][0]
    number = await drill.leaf_of("report", victim)
    await drill.log.do("update report set sha256 = 'other'")
    await drill.log.do(f"update log_leaf set body = replace(body, '\"v\":1', '\"v\":2') where number = {number}")
    await drill.log.do(
        "update log_tile t set hashes = (select string_agg(sha256('\\x00'::bytea || convert_to(l.body, 'UTF8')), ''::bytea "
        "order by l.number) from log_leaf l where l.number / 256 = t.number) where level = 0"
    )
    found = await drill.names()
    assert any(kind == "TREE_REWRITTEN" for kind, _ in found)
    assert await drill.verdict("report", victim) in {Outcome.RECORD, Outcome.INCLUSION}


async def test_a_changed_tile_is_named_and_the_leaves_are_cleared(drill: Drill) -> None:
    """What was signed tells that the leaves are right and the stored hash is not."""
    await drill.log.do(f"update log_tile set hashes = overlay(hashes placing 'x' from {2 * HASH + 1}) where level = 0")
    found = await drill.names()
    assert ("TILE_CHANGED", "tile 0/0 (leaf 2)") in found
    assert not [where for kind, where in found if kind == "LEAF_CHANGED"]


async def test_a_tree_rolled_back_is_found_by_the_signers_memory_and_by_a_kept_checkpoint(drill: Drill) -> None:
    """Leaves, tiles and checkpoints of the last batch gone: the database alone looks whole."""
    log = drill.log
    older = (await log.owner.execute(sql("select note from log_checkpoint order by size desc"))).scalars().all()[0]
    small = (await log.owner.execute(sql("select min(size) from log_checkpoint"))).scalar_one()
    await log.do(f"delete from log_leaf where number >= {small}")
    await log.do(f"delete from log_checkpoint where size > {small}")
    await log.do(f"update log_tile set hashes = substr(hashes, 1, {small * HASH}) where level = 0 and number = 0")
    await log.do("delete from log_tile where number > 0 or level > 0")
    assert ("TREE_SHORTER", f"tree {small} < {log.desk.size}") in await drill.names()
    data = await log.bundle(drill.ids["push"][0])
    assert verify_bundle(data, log.desk.key, older=older).outcome is Outcome.OLDER


async def test_a_forged_checkpoint_is_named(drill: Drill) -> None:
    """A signature can't be made without the key."""
    await drill.log.do("update log_checkpoint set root = sha256('x'::bytea)")
    assert {kind for kind, _ in await drill.names()} == {"CHECKPOINT_UNSIGNED"}


async def test_a_leaf_taken_from_the_queue_is_named(drill: Drill) -> None:
    """Between commit and numbering too."""
    async with drill.log.database.write(JOB) as session:
        await audit.record(session, "test.unwelcome")
    await drill.log.do("delete from log_queue")
    await drill.log.settle()
    ((kind, _),) = await drill.names()
    assert kind == "ROW_WITHOUT_LEAF"


async def test_lawful_deletion_leaves_a_certificate_and_every_proof_valid(drill: Drill) -> None:
    """The record goes, its salt too; its own bundle says so, and everybody else's still verifies."""
    log, victim, other = drill.log, drill.ids["finding.statement"][1], drill.ids["finding.statement"][2]
    async with log.database.write(JOB) as session:
        await certify_deletion(session, kind="finding.statement", record_id=victim, because="retention.statement")
    await log.do(f"delete from finding_statement where id = '{victim}'")
    await log.settle()
    report = await log.check()
    assert (report.troubles, report.deleted) == ([], 1)
    verdict = verify_bundle(await log.bundle(victim), log.desk.key)
    assert (verdict.outcome, verdict.deleted) == (Outcome.VERIFIED, True)
    assert await drill.verdict("finding.statement", other) is Outcome.VERIFIED
    salt = await log.owner.execute(sql("select salt from log_leaf where record_id = :id"), {"id": str(victim)})
    assert salt.scalars().first() == b""


async def test_pushed_rows_are_named_by_batch_and_place(log: LogCase) -> None:
    """What was pushed is logged after its push; an edited, an added and a deleted row of it are named."""
    organization = await a_contractor(log.database)
    people = [a_row(BY_KIND["people"], ref=f"p{n}", identityNumber=None) for n in range(5)]
    await push_straight(log.database, organization.id, "people", people)
    (batch,) = (await log.owner.execute(sql("select id from push_batch"))).scalars()
    payload = {"tenant_id": str(organization.id), "kind": "people", "batch_id": str(batch)}
    for _ in range(2):
        await log_rows(log.database, payload)
    await log.settle()
    report = await log.check()
    assert report.troubles == []
    assert verify_bundle(await log.bundle(batch, kind=BATCH_ROWS), log.desk.key).outcome is Outcome.VERIFIED
    await log.do("update person_assertion set name = 'other' where row_index = 3")
    known, asserted = sorted((str(one.kind), one.where) for one in (await log.check()).troubles)
    assert known == ("ROW_CHANGED", f"person {batch}, row 3")
    assert (asserted[0], asserted[1].startswith(f"person_assertion of batch {batch}, row 3")) == ("ROW_CHANGED", True)
    assert verify_bundle(await log.bundle(batch, kind=BATCH_ROWS), log.desk.key).outcome is Outcome.RECORD
    await log.do("delete from person_assertion where row_index = 3")
    added, gone = sorted((str(one.kind), one.where) for one in (await log.check()).troubles)
    assert (gone[0], "1 of 5 rows" in gone[1]) == ("ROW_MISSING", True)
    assert added == ("ROW_CHANGED", f"person {batch}, row 3")
    await log.do("update person_assertion set batch_id = gen_random_uuid(), recorded_at = now() - interval '2 hours'")
    kinds = {str(one.kind) for one in (await log.check()).troubles if not one.where.startswith("person ")}
    assert kinds == {"ROW_MISSING", "ROW_WITHOUT_LEAF"}
