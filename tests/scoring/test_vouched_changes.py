"""The nightly check holds each approved change of a rule against its approval, also against the database's owner."""

from pathlib import Path

import pytest

from hengjian.platform.db import sql
from hengjian.scoring.api import withdraw_change
from tests.scoring.changing import AUTHOR, Office, an_office
from tests.support.databases import TestDatabase
from tests.support.evidence import LogCase, a_log

CHANGED, GONE = "ROW_CHANGED", "ROW_MISSING"


async def _names(log: LogCase) -> set[tuple[str, str]]:
    return {(str(trouble.kind), trouble.where) for trouble in (await log.check()).troubles}


async def _approved(log: LogCase) -> tuple[Office, str]:
    """An office with one approved change, all of it signed."""
    office = await an_office(log.database, "6523")
    no = await office.put_through()
    await log.settle()
    assert await _names(log) == set()
    return office, no


@pytest.mark.parametrize(
    ("edit", "kind"),
    [
        ("update rule_change set content = jsonb_set(content, '{value}', '\"60\"')", CHANGED),
        (
            "update rule_change set content = jsonb_set(content, '{value}', '\"60\"'), version = repeat('a', 64)",
            CHANGED,
        ),
        ("update rule_change set version = repeat('a', 64)", CHANGED),
        ("update rule_change set from_day = from_day - 30", CHANGED),
        ("update rule_change set rule_id = 'C-05'", CHANGED),
        ("update rule_change set ends = 'BG-652300-2026-00009'", CHANGED),
        ("update rule_change set region = '65'", CHANGED),
        ("update rule_change set approved_by = 'account:somebody'", CHANGED),
        ("update rule_change set state = 'withdrawn'", CHANGED),
        ("delete from rule_change", GONE),
    ],
)
async def test_a_change_that_is_not_what_was_approved_is_named(
    fresh_database: TestDatabase, tmp_path: Path, edit: str, kind: str
) -> None:
    """New value, earlier day, other rule, wider region, other people, silently off, gone: each named by its number."""
    async with a_log(fresh_database, tmp_path) as log:
        _, no = await _approved(log)
        await log.do(edit)
        ((found, where),) = await _names(log)
        assert found == kind
        assert where == f"rule.change {no}" if kind == CHANGED else where.startswith("rule.change ")


async def test_a_change_put_in_force_by_hand_is_named(fresh_database: TestDatabase, tmp_path: Path) -> None:
    """A draft that is set to approved in the database has no approval that vouches for it."""
    async with a_log(fresh_database, tmp_path) as log:
        office, _ = await _approved(log)
        draft = await office.draft()
        await log.settle()
        assert await _names(log) == set()
        await log.owner.execute(
            sql("update rule_change set state = 'approved', approved_by = 'account:x' where no = :no"), {"no": draft}
        )
        assert await _names(log) == {(CHANGED, f"rule.change {draft}")}


async def test_the_approval_itself_cannot_be_rewritten(fresh_database: TestDatabase, tmp_path: Path) -> None:
    """Change and step edited to agree: the step's leaf tells."""
    async with a_log(fresh_database, tmp_path) as log:
        await _approved(log)
        await log.owner.execute(sql("update rule_change_step set version = repeat('b', 64) where act = 'approve'"))
        await log.owner.execute(sql("update rule_change set version = repeat('b', 64)"))
        kinds = {where.split()[0] for _, where in await _names(log)}
        assert "rule.step" in kinds


async def test_drafts_and_withdrawn_changes_are_nobodys_law(fresh_database: TestDatabase, tmp_path: Path) -> None:
    """What was never approved, or withdrawn by a step, is compared with nothing."""
    async with a_log(fresh_database, tmp_path) as log:
        office, no = await _approved(log)
        async with office.database.write(office.caller()) as session:
            await withdraw_change(session, no, reason="暂缓", by=AUTHOR, now=office.now)
        await office.draft()
        await log.settle()
        await log.do("update rule_change set from_day = from_day + 1")
        assert await _names(log) == set()
