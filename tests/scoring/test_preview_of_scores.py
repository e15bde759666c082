"""What a preview says of scores and grades is what a whole judgement by the changed law-book stores."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Caller, Database, ReadSession, sql
from hengjian.platform.ids import uuid7
from hengjian.scoring.api import ChangeKind, LawBook, NewChange, evaluate_slice, load_lawbook
from hengjian.scoring.changes.impact import compared, impact_rows
from hengjian.scoring.changes.overlay import ChangeInBook, overlay
from hengjian.scoring.changes.walk import Walk, walk_slice, walked_organizations
from hengjian.scoring.credit_tables import credit_check, credit_step, penalty, veto
from hengjian.scoring.lawbook_files import LAWBOOK_FOLDER
from hengjian.scoring.stored_life import case_digest
from hengjian.tenants.api import BY_KIND, OrganizationKind
from hengjian.tenants.register_organization import NewOrganization, create_organization
from tests.scoring.test_exact_to_the_day import FIELDWORK, rows
from tests.scoring.test_fieldwork import day_visit
from tests.support.people import OPERATOR, a_contractor, credit_code
from tests.support.pushing import push_straight
from tests.support.rows import a_row

BOOK = load_lawbook()
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
SINCE, TODAY, FROM = date(2025, 11, 1), date(2026, 11, 20), date(2027, 1, 1)
Months = Mapping[date, tuple[Decimal | None, str | None]]
JOB = Caller(kind="job", actor="test")
FEW = settings(
    max_examples=5,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def change(rule_id: str, kind: ChangeKind = ChangeKind.PARAMETER, **said: str) -> NewChange:
    """A change that holds from a day to come."""
    return NewChange(rule_id=rule_id, kind=kind, from_day=FROM, reason="试", clause="一", **said)


CHANGES = (
    change("C-04", parameter="points_per_supervisor", value="1"),
    change("C-07", parameter="months_to_certificate", value="1"),
    change("C-19", parameter="due_day", value="2"),
    change("C-22", parameter="most_days", value="20"),
    change("C-23", parameter="most_days", value="30"),
    change("C-23", ChangeKind.SEVERITY, severity="critical"),
    change("C-27", parameter="most_metres", value="1"),
    change("C-08", ChangeKind.OFF),
    change("K-04", ChangeKind.OFF),
    change("K-04", parameter="most_days", value="40"),
    change("K-05", ChangeKind.SEVERITY, severity="major"),
    change("K-05", ChangeKind.OFF),
)


def walk_of(new: NewChange) -> Walk:
    """The walk of a preview of the change in the whole province."""
    return compared(ChangeInBook(no="x", region="65", new=new), BOOK, [], since=SINCE, until=TODAY)


async def previewed(database: Database, walk: Walk, ids: Sequence[UUID]) -> dict[UUID, Any]:
    """The rows of a preview, read as a bureau of the province."""
    bureau = Caller(kind="bureau", tenant_id=uuid4(), region="65", actor="test")
    everybody = await walked_organizations(database, walk, JOB)
    found = [one async for one in walk_slice(database, walk, bureau, [one for one in everybody if one.id in ids])]
    return {row["organization_id"]: row for row in await impact_rows(database, walk, found, now=NOW)}


class _Undone(Exception):  # noqa: N818  # nothing went wrong
    """Gives back what a judgement wrote."""


@asynccontextmanager
async def undone() -> AsyncIterator[None]:
    try:
        yield
    except _Undone:
        return


async def judged(
    database: Database, ids: Sequence[UUID], book: LawBook, *, kept: bool = False
) -> Mapping[UUID, Months]:
    """The scores that a judgement by a law-book stores, month by month; unless kept nothing of it is left."""
    async with undone(), database.write(Caller(kind="slice", tenants=(min(ids), max(ids)), actor="test")) as session:
        await evaluate_slice(session, ids, lawbook=book, now=NOW)
        found = await stored(session, ids)
        if not kept:
            raise _Undone
    return found


async def stored(session: ReadSession, ids: Sequence[UUID]) -> Mapping[UUID, Months]:
    asked = sql("select tenant_id, month, total, grade from score where tenant_id = any(:ids) order by month")
    found: dict[UUID, dict[date, tuple[Decimal | None, str | None]]] = {one: {} for one in ids}
    for row in await session.all(asked, {"ids": list(ids)}):
        found[row.tenant_id][row.month] = row.total, row.grade
    return found


def says(row: Mapping[str, Any], before: Months) -> Months:
    """The months with the change, as a row of a preview tells them."""
    told = {}
    for month in row["detail"]["months"]:
        day = date.fromisoformat(month["month"])
        old, new = (
            (None if month[f"total_{side}"] is None else Decimal(month[f"total_{side}"]), month[f"grade_{side}"])
            for side in ("before", "after")
        )
        assert old == before[day]
        told[day] = new
    return {**before, **told}


async def set_out(database: Database, tenant_id: UUID) -> None:
    """Registered and at work since long ago, so that it is rated."""
    since = "2024-01-01"
    for kind, refs, fields in (
        ("registrations", ["reg"], {}),
        ("points", ["a", "b", "c"], {"inServiceFrom": since}),
        ("people", ["m"], {"role": "SUPERVISOR", "hiredOn": since}),
    ):
        made = [a_row(BY_KIND[kind], ref, **fields, validFrom=since) for ref in refs]
        await push_straight(database, tenant_id, kind, made)
    await push_straight(database, tenant_id, "visits", [day_visit("v", "2026-01-02", pointRef="a", personRef="m")])


async def an_institution(database: Database) -> UUID:
    new = NewOrganization(
        credit_code=credit_code(), name="试验监测有限公司", kinds=(OrganizationKind.INSTITUTION,), region="650102"
    )
    async with database.write(OPERATOR) as session:
        return (await create_organization(session, new)).id


async def step(owner: AsyncConnection, tenant_id: UUID, event: str, identity: UUID, *acts: str, on: date) -> None:
    for seq, act in enumerate(acts, 1):
        said = {"event": event, "act": act, "actor": str(seq), "actor_name": "乙", "document_no": "决", "reason": ""}
        key = {"tenant_id": tenant_id, "region": "650102", "id": uuid7(), "event_id": identity, "seq": seq}
        await owner.execute(insert(credit_step).values(**key, **said, at=NOW, on_day=on))


ENTERED = {"organ": "局", "summary": "违规", "entered_at": NOW, "entered_by": "a", "entered_by_name": "甲"}


async def penalize(owner: AsyncConnection, tenant_id: UUID, measure: str, on: date) -> None:
    """A confirmed penalty."""
    key = {"tenant_id": tenant_id, "region": "650102", "id": uuid4()}
    said = {"measure": measure, "document_no": str(uuid4()), "decided_on": on}
    await owner.execute(insert(penalty).values(**key, **said, **ENTERED))
    await step(owner, tenant_id, "penalty", key["id"], "confirm", on=on)  # type: ignore[arg-type]


async def check(owner: AsyncConnection, tenant_id: UUID, *, fit: bool, on: date) -> None:
    """A confirmed result of a check."""
    key = {"tenant_id": tenant_id, "region": "650102", "id": uuid4()}
    said = {"kind": "spot_check", "document_no": str(uuid4()), "checked_on": on, "fit": fit}
    grave = {} if fit else {"severity": "minor", "due_on": on + timedelta(days=10)}
    await owner.execute(insert(credit_check).values(**key, **said, **grave, **ENTERED))
    await step(owner, tenant_id, "check", key["id"], "confirm", on=on)  # type: ignore[arg-type]


async def decide_veto(owner: AsyncConnection, tenant_id: UUID, on: date) -> None:
    """A veto that two people decided."""
    key = {"tenant_id": tenant_id, "region": "650102", "id": uuid4()}
    said = {"item": "falsification", "ground": "试", "rests_on": [], "proposed_at": NOW, "proposed_by": "a"}
    await owner.execute(insert(veto).values(**key, **said, dedupe=str(uuid4())))
    await step(owner, tenant_id, "veto", key["id"], "propose_decide", "decide", on=on)  # type: ignore[arg-type]


async def decide_findings(owner: AsyncConnection, tenant_id: UUID) -> None:
    """Of three findings one is dismissed on its facts, one confirmed, and one stays as it is."""
    asked = sql("select id, rule_id, facts, severity, required from finding where tenant_id = :id order by no")
    for number, row in enumerate((await owner.execute(asked, {"id": tenant_id})).all()):
        if number % 3 < 2:
            await owner.execute(
                sql("update finding set state = :state, confirmed = :yes, decided_facts = :facts where id = :id"),
                {
                    "id": row.id,
                    "state": ("dismissed", "confirmed")[number % 3],
                    "yes": number % 3 == 1,
                    "facts": case_digest(row.facts, row.severity, row.required),
                },
            )


async def supervised(owner: AsyncConnection, ids: Sequence[UUID]) -> None:
    since = sql("update supervision set valid_from = '2020-01-01' where organization_id = any(:ids)")
    await owner.execute(since, {"ids": list(ids)})


DAYS = some.dates(date(2025, 10, 1), TODAY)
EVENTS = some.fixed_dictionaries(
    {
        "penalties": some.lists(some.tuples(some.sampled_from(["warning", "confiscation"]), DAYS), max_size=3),
        "checks": some.lists(some.tuples(some.booleans(), DAYS), max_size=2),
        "veto": some.none() | DAYS,
        "connected": some.sampled_from([None, "2025-12-05", "2026-02-05"]),
    }
)


async def befall(owner: AsyncConnection, tenant_id: UUID, events: Mapping[str, Any]) -> None:
    """Penalties, checks and a veto, and a last push long ago: whole months without one."""
    for measure, on in events["penalties"]:
        await penalize(owner, tenant_id, measure, on)
    for fit, on in events["checks"]:
        await check(owner, tenant_id, fit=fit, on=on)
    if events["veto"] is not None:
        await decide_veto(owner, tenant_id, events["veto"])
    if events["connected"] is not None:
        silent = sql("update push_batch set received_at = cast(:at as timestamptz) where tenant_id = :id")
        await owner.execute(
            silent, {"at": datetime.fromisoformat(f"{events['connected']}T04:00+00:00"), "id": tenant_id}
        )


@given(
    sent=some.lists(some.lists(rows(more=FIELDWORK), min_size=6, max_size=12), min_size=2, max_size=2),
    events=some.lists(EVENTS, min_size=3, max_size=3),
)
@FEW
async def test_a_preview_says_what_judging_by_the_changed_law_book_stores(
    database: Database,
    owner: AsyncConnection,
    sent: list[list[tuple[str, dict[str, Any]]]],
    events: list[dict[str, Any]],
) -> None:
    """Random registers, sites, penalties, checks, vetoes, silent months and decisions: every month of every change.

    Whoever is not listed keeps every score. Of the changes some move a mean over sites, some the facts of other rules,
    some only what is assessed at all, some institutions beside contractors.
    """
    firms = [(await a_contractor(database)).id for _ in sent]
    ids = [*firms, await an_institution(database)]
    for firm, pushed in zip(firms, sent, strict=True):
        await set_out(database, firm)
        for kind, row in pushed:
            await push_straight(database, firm, kind, [row])
    for one, befalls in zip(ids, events, strict=True):
        await befall(owner, one, befalls)
    await supervised(owner, ids)
    await owner.commit()
    await judged(database, ids, BOOK, kept=True)
    for one in ids:
        await decide_findings(owner, one)
    await owner.commit()
    before = await judged(database, ids, BOOK, kept=True)
    for new in CHANGES:
        told = await previewed(database, walk_of(new), ids)
        always = ChangeInBook(no="x", region="65", new=replace(new, from_day=SINCE))
        after = await judged(database, ids, overlay(BOOK, [always]))
        for one in ids:
            if one in told:
                assert says(told[one], before[one]) == after[one], (new, one)
                last = max(after[one])
                assert (told[one]["points_before"], told[one]["grade_before"]) == before[one][last]
                assert (told[one]["points_after"], told[one]["grade_after"]) == after[one][last]
            else:
                assert before[one] == after[one], (new, one)


async def a_firm_whose_sites_nobody_visits(database: Database, owner: AsyncConnection) -> UUID:
    """Its three sites are in breach of rule C-23 all along: a mean over sites costs it points."""
    firm = (await a_contractor(database)).id
    await set_out(database, firm)
    await supervised(owner, [firm])
    await owner.commit()
    return firm


VISITS_ARE_RARE = change("C-23", parameter="most_days", value="9000")


async def test_a_mean_over_sites_is_told_exactly(database: Database, owner: AsyncConnection) -> None:
    """Ten points, the most of a rule, come off each site's hundred twice, which is nine of the dimension's 45: they come back to the score."""
    firm = await a_firm_whose_sites_nobody_visits(database, owner)
    before = (await judged(database, [firm], BOOK, kept=True))[firm]
    row = (await previewed(database, walk_of(VISITS_ARE_RARE), [firm]))[firm]
    assert row["effect"] == "stops"
    assert row["points_before"] == before[max(before)][0]
    assert row["points_after"] - row["points_before"] == 9


async def test_a_veto_holds_in_the_preview_whatever_the_points_give(database: Database, owner: AsyncConnection) -> None:
    """Below 60 points it is D by points and by the veto alike; with the change the points give C, and the veto still D."""
    firm = await a_firm_whose_sites_nobody_visits(database, owner)
    total, _ = (await judged(database, [firm], BOOK))[firm][TODAY.replace(day=1)]
    assert total is not None
    too_many = int(total - 60) + 1
    fives = next(count for count in range(too_many // 5, -1, -1) if (too_many - 5 * count) % 3 == 0)
    for measure in ["warning"] * fives + ["correction_order"] * ((too_many - 5 * fives) // 3):
        await penalize(owner, firm, measure, TODAY)
    await owner.commit()
    row = (await previewed(database, walk_of(VISITS_ARE_RARE), [firm]))[firm]
    assert (row["grade_before"], row["grade_after"], row["grade_moves"]) == ("D", "C", True)
    await decide_veto(owner, firm, TODAY)
    await owner.commit()
    vetoed = (await previewed(database, walk_of(VISITS_ARE_RARE), [firm]))[firm]
    assert (vetoed["grade_before"], vetoed["grade_after"], vetoed["grade_moves"]) == ("D", "D", False)
    assert (vetoed["points_before"], vetoed["points_after"]) == (row["points_before"], row["points_after"])


async def test_a_rule_for_both_is_previewed_for_both(database: Database, owner: AsyncConnection) -> None:
    """A check that was not fit moves the institution as it moves the contractor."""
    ids = [await a_firm_whose_sites_nobody_visits(database, owner), await an_institution(database)]
    for one in ids:
        await check(owner, one, fit=False, on=TODAY)
    await supervised(owner, ids)
    await owner.commit()
    told = await previewed(database, walk_of(change("K-05", ChangeKind.OFF)), ids)
    assert {one: row["effect"] for one, row in told.items()} == dict.fromkeys(ids, "stops")


async def test_a_change_that_moves_only_the_score_is_told(database: Database, owner: AsyncConnection) -> None:
    """The same breaches in another dimension: not a day of breach moves, and the score does."""
    firm = await a_firm_whose_sites_nobody_visits(database, owner)
    file = (LAWBOOK_FOLDER / "contractor-capability-65" / "C-23.yaml").read_text()
    assert "dimension: D2" in file
    walk = walk_of(change("C-23", ChangeKind.TEXT, text=file.replace("dimension: D2", "dimension: D5")))
    row = (await previewed(database, walk, [firm]))[firm]
    assert row["effect"] == "score"
    assert row["days_before"] == row["days_after"] > 0
    assert row["points_before"] != row["points_after"]
