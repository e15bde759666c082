"""The nightly sweep: what no row names goes after 90 days, what any row names stays, on a folder and on an S3 server."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Table

from hengjian.platform.db import Database, sql
from hengjian.platform.ids import uuid7
from hengjian.platform.kept_objects import (
    SWEPT_SUFFIXES,
    UNNAMED_FOR,
    Sweeper,
    TooMuchUnnamedError,
    folders_of_night,
    naming_tables,
)
from hengjian.platform.objects import Objects
from tests.platform.test_walls import row
from tests.support.databases import TestDatabase
from tests.support.evidence import a_log
from tests.support.stores import a_store
from tests.support.tables import register
from tests.support.tree import CONTEXTS, ROOT, python_files

register()
LATER = datetime.now(UTC) + UNNAMED_FOR + timedelta(days=1)
# Who keeps objects, and the table whose rows name them. Whoever comes to this list marks a table with `names_objects`.
KEEPERS = {
    "dashboards/pages/field_push.py": "label_event_assertion",
    "filing/make_report.py": "report",
    "scoring/handed_in.py": "finding_statement credit_repair",
    "scoring/publish_results.py": "published_grade",
}


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Objects]:
    (tmp_path / "store").mkdir()
    with a_store(request.param, tmp_path / "store") as opened:
        yield opened


def naming(table: Table, path: str) -> dict[str, Any]:
    """A row of a marked table that names an object."""
    values = row(table, uuid4(), "650102") | ({"id": uuid7()} if "id" in table.c else {})
    sha256 = path[3:67]
    told: dict[str, Any] = {"object_path": path, "dossier_path": path, "photo_sha256": sha256}
    told |= {"attachments": [{"path": "00/x"}, {"path": path}]}
    fixed = {"scheduled": False} if table.name == "report" else {}
    return values | fixed | {name: value for name, value in told.items() if name in table.c}


async def swept(database: Database, objects: Objects, *, at: datetime = LATER) -> None:
    """Thirty nights."""
    for night in range(30):
        await Sweeper(database, objects, lambda: at + timedelta(days=night)).sweep({})  # noqa: B023  # run at once


async def test_what_a_row_names_stays_and_what_none_names_goes(
    store: Objects, fresh_database: TestDatabase, tmp_path: Path
) -> None:
    """A row of each marked table holds its object, whoever's it is; the others go, with a trace; recordings never."""
    async with a_log(fresh_database, tmp_path) as log:
        held = {}
        for name, table in naming_tables().items():
            kept = await store.keep(name.encode(), suffix="jpg")
            held[name] = kept
            await log.owner.execute(table.insert().values(naming(table, kept.path)))
        left = [await store.keep(f"left {suffix}".encode(), suffix=suffix) for suffix in sorted(SWEPT_SUFFIXES)]
        film = await store.keep(b"film", suffix="video")
        await store.put_part("uploads/one/0", b"on its way")
        await swept(log.database, store, at=datetime.now(UTC) + timedelta(days=50))
        assert all([await store.has(one.path, one.size) for one in left]), "they are not old yet"
        await swept(log.database, store)
        assert [name for name, one in held.items() if not await store.has(one.path, one.size)] == []
        assert [one.path for one in left if await store.has(one.path, one.size)] == []
        assert await store.has(film.path, film.size)
        assert await store.has("uploads/one/0", 10)
        told = (await log.owner.execute(sql("select detail from audit where action = 'objects.sweep'"))).scalars()
        assert sorted(path for detail in told for path in detail["deleted"]) == sorted(one.path for one in left)


async def test_who_keeps_the_same_again_has_it_for_another_while(fresh_database: TestDatabase, tmp_path: Path) -> None:
    """A photo sent a second time is as young as its second time, so the row that comes after finds it."""
    objects, old = Objects(tmp_path.as_uri()), (datetime.now(UTC) - timedelta(days=200)).timestamp()
    again, forgotten = [await objects.keep(content, suffix="jpg") for content in (b"again", b"forgotten")]
    for one in (again, forgotten):
        os.utime(tmp_path / one.path, (old, old))
    await objects.keep(b"again", suffix="jpg")
    database = Database.connect(fresh_database.app_url)
    await swept(database, objects, at=datetime.now(UTC))
    await database.close()
    assert await objects.take(again.path, sha256=again.sha256) == b"again"
    assert not await objects.has(forgotten.path, forgotten.size)


async def test_a_store_beside_the_wrong_database_loses_nothing(fresh_database: TestDatabase, tmp_path: Path) -> None:
    """When a night would take more than a tenth, somebody has to look first."""
    folder = folders_of_night(0)[0]
    for number in range(101):
        path = tmp_path / folder / f"{folder}{number:062x}.jpg"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    database = Database.connect(fresh_database.app_url)
    with pytest.raises(TooMuchUnnamedError, match="101 of 101"):
        await swept(database, Objects(tmp_path.as_uri()))
    await database.close()
    assert len(list((tmp_path / folder).iterdir())) == 101


def test_every_night_looks_at_another_share_and_thirty_at_all() -> None:
    """Whatever day it begins on."""
    for first in (0, 739_000):
        looked_at = [folder for day in range(first, first + 30) for folder in folders_of_night(day)]
        assert sorted(looked_at) == [f"{number:02x}" for number in range(256)]


def test_whoever_keeps_objects_marks_the_table_that_names_them() -> None:
    """Else the sweep would take what is still needed."""
    found = {
        str(path.relative_to(ROOT))
        for path in python_files(*CONTEXTS)
        if re.search(r"objects\.keep\(", path.read_text("utf-8"))
    }
    assert found == set(KEEPERS)
    marked = set(naming_tables())
    assert {name for names in KEEPERS.values() for name in names.split()} <= marked
    named = {
        table.name
        for table in register().tables.values()
        if {"object_path", "dossier_path", "attachments", "photo_sha256"} & {column.name for column in table.columns}
    }
    # A recording's object goes by its term; `label_event` is made of its assertions.
    assert named - {"recording", "label_event"} == marked
