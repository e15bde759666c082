"""Versions of rules: what stood where from which day on, by whose approval, and how any two differ."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Caller, Database
from hengjian.scoring.api import (
    ChangeKind,
    Moment,
    ScoringError,
    UnknownRuleError,
    Version,
    pack_differences,
    read_pack_versions,
    read_rule_versions,
    rule_differences,
)
from hengjian.scoring.changes.overlay import ChangeInBook, overlay
from hengjian.scoring.changes.versions import rule_versions, standing
from tests.scoring.changing import BOOK, FIRST_DAY, Office, an_office, forget_changes, to_45

PACK = next(pack for pack in BOOK.packs if pack.id == "contractor-capability-65")
PUBLIC = Caller(kind="public", actor="test")
START = date(2025, 10, 1)


@pytest.fixture
async def office(database: Database, owner: AsyncConnection) -> AsyncIterator[Office]:
    """A city's bureau; what it put in force is gone with the test."""
    yield await an_office(database, "6523")
    await forget_changes(owner)


def test_a_shipped_value_from_a_later_day_is_a_version() -> None:
    """C-18 was shipped with a second registry from 2026: two versions, told apart by value, day and note alone."""
    first, second = rule_versions(BOOK, PACK, "C-18")
    assert [one.moment.key for one in (first, second)] == ["2025-10-01.65", "2026-01-01.65"]
    assert (first.until, second.until, first.changes) == (date(2026, 1, 1), None, ())
    assert (first.pack_version, second.pack_version) == (PACK.version, PACK.version)
    found = {one.path: (one.before, one.after) for one in rule_differences(BOOK, "C-18", first.moment, second.moment)}
    assert found["parameters.required_registrations.value[1]"] == ("", "AUTHORITY_PLATFORM")
    assert found["parameters.required_registrations.from"] == ("2025-10-01", "2026-01-01")
    assert all(path.startswith(("parameters.required_registrations.", "examples[")) for path in found)


async def test_an_approved_change_is_a_version_with_its_people(office: Office) -> None:
    """Anybody reads number, bureau and who approved; the version before it keeps the hash it always had."""
    (shipped,) = rule_versions(BOOK, PACK, "C-04")
    no = await office.put_through()
    book = await office.book()
    async with office.database.read(PUBLIC) as session:
        before, after = await read_rule_versions(session, book, "C-04")
        days = await read_pack_versions(session, book, book.pack_of(book.find("C-04")[0][1]))
    assert (before.moment, before.hash, before.pack_version) == (shipped.moment, shipped.hash, PACK.version)
    assert after.moment == Moment(FIRST_DAY, "6523")
    assert [(one.no, one.approved_by_name) for one in after.changes] == [(no, "复核")]
    assert after.changes[0].approved_at is not None
    assert after.pack_version not in {PACK.version, ""}
    found = {one.path: (one.before, one.after) for one in rule_differences(book, "C-04", before.moment, after.moment)}
    assert found["parameters.points_per_supervisor.value"] == ("50", "45")
    assert found["parameters.points_per_supervisor.region"] == ("65", "6523")
    assert (days[-1].moment, days[-1].rules) == (after.moment, ("C-04",))
    told = pack_differences(book, PACK, before.moment, after.moment)
    assert {"C-04", "C-18"} == {one.rule_id for one in told}


async def test_a_rule_that_is_off_is_a_version_without_content(office: Office) -> None:
    """From its day the rule is not in force in the region; that is what differs."""
    no = await office.put_through(to_45(kind=ChangeKind.OFF, parameter="", value="", examples=""))
    book = await office.book()
    async with office.database.read(PUBLIC) as session:
        *_, off = await read_rule_versions(session, book, "C-04")
    assert (off.hash, off.changes[0].no) == ("", no)
    (one,) = [d for d in rule_differences(book, "C-04", Moment(START, "65"), off.moment) if d.path == "in_force"]
    assert (one.before, one.after) == ("true", "false")


def test_what_is_no_version_is_refused_with_the_way_on() -> None:
    """A key that is no day and region, a day that does not exist, a rule that nobody has."""
    for key in ("", "65", "2025-10-01", "2025-13-01.65", "2025-10-01.651", "2025-10-01.65'"):
        with pytest.raises(ScoringError, match="list of versions"):
            Moment.read(key)
    assert Moment.read("2019-05-01.00") == Moment(date(2019, 5, 1), "")
    with pytest.raises(UnknownRuleError):
        rule_differences(BOOK, "C-99", Moment(START, "65"), Moment(START, "65"))


REGIONS = ("65", "6523", "652301")
CHANGES = st.lists(
    st.tuples(st.sampled_from(REGIONS), st.integers(1, 6), st.integers(40, 60)),
    max_size=4,
    unique_by=lambda one: one[:2],
)


@given(CHANGES, st.sampled_from(REGIONS), st.integers(0, 70))
def test_the_list_tells_what_stands_on_every_day(changes: list[tuple[str, int, int]], region: str, day: int) -> None:
    """On any day, in any region, the last version begun in the narrowest region that has one says what stands."""
    told = [
        ChangeInBook(
            no=f"BG-{number}",
            region=where,
            new=to_45(from_day=START + timedelta(days=10 * after), value=str(value), examples=""),
        )
        for number, (where, after, value) in enumerate(changes)
    ]
    book = overlay(BOOK, told)
    pack = next(one for one in book.packs if one.id == PACK.id)
    moment = Moment(START + timedelta(days=day), region)
    begun: list[Version] = [
        one
        for one in rule_versions(book, pack, "C-04")
        if one.moment.day <= moment.day and region.startswith(one.moment.region)
    ]
    last = max(begun, key=lambda one: (len(one.moment.region), one.moment.day))
    assert standing(book, "C-04", last.moment) == standing(book, "C-04", moment)
