"""What rules and credit models said in each release that ran here: kept when first seen, and never changed."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from hengjian.platform.db import Caller, Database, sql
from hengjian.scoring.api import LawBook, keep_shipped, read_model_texts, read_pack_texts, read_rule_texts
from hengjian.scoring.changes.overlay import ChangeInBook, overlay
from hengjian.scoring.lawbook_content import canonical_json, content_hash
from tests.scoring.changing import BOOK, to_45
from tests.support.databases import TestDatabase

PUBLIC = Caller(kind="public", actor="test")
PACK = "contractor-capability-65"
THEN, LATER = datetime(2024, 1, 2, tzinfo=UTC), datetime(2024, 3, 4, tzinfo=UTC)


def with_points(value: int) -> LawBook:
    """The law-book as a release had it in which the file of C-04 said another number for the past."""
    pack = next(one for one in BOOK.packs if one.id == PACK)
    files = json.loads(pack.content)
    files["C-04.yaml"]["parameters"]["points_per_supervisor"][0]["value"] = value
    content = canonical_json(files)
    other = replace(pack, content=content, version=content_hash(content))
    return replace(BOOK, packs=tuple(other if one is pack else one for one in BOOK.packs))


@pytest.fixture
async def empty(fresh_database: TestDatabase) -> AsyncIterator[Database]:
    """An installation that never started."""
    opened = Database.connect(fresh_database.app_url)
    yield opened
    await opened.close()


@pytest.fixture
async def installation(empty: Database) -> Database:
    """One that ran two releases: the first told 60 points a supervisor, the second tells what today's files say."""
    await keep_shipped(empty, with_points(60), release="0.0.8", now=THEN)
    await keep_shipped(empty, BOOK, release="0.0.9", now=LATER)
    return empty


async def test_an_earlier_release_is_told_as_it_was(installation: Database) -> None:
    """The text that an earlier release had of the past, from when it was seen, and in what today's differs."""
    async with installation.read(PUBLIC) as session:
        before, now = await read_rule_texts(session, BOOK, "C-04")
        (alone,) = await read_rule_texts(session, BOOK, "C-05")
        packs = await read_pack_texts(session, BOOK, PACK)
    assert (before.shipped.release, before.shipped.first_seen_at) == ("0.0.8", THEN)
    (found,) = [one.difference for one in before.differences]
    assert (found.path, found.before, found.after) == ("parameters.points_per_supervisor[0].value", "60", "50")
    assert json.loads(before.content)["C-04"]["parameters"]["points_per_supervisor"][0]["value"] == 60
    assert (before.hash, before.shipped.sound) == (content_hash(before.content), True)
    assert (now.shipped.release, now.differences) == ("0.0.9", ())
    assert (alone.shipped.release, alone.differences) == ("0.0.8", ())
    assert [[one.rule_id for one in text.differences] for text in packs] == [["C-04"], []]


async def test_a_credit_model_is_kept_too(installation: Database) -> None:
    """Each content once, however many releases and processes bring it."""
    model = BOOK.credit_models[0]
    await keep_shipped(installation, BOOK, release="0.1.0", now=LATER)
    async with installation.read(PUBLIC) as session:
        (text,) = await read_model_texts(session, BOOK, model.id)
        assert await read_model_texts(session, BOOK, "nothing") == ()
    assert (text.shipped.release, text.shipped.hash, text.differences) == ("0.0.8", model.version, ())


async def test_a_release_keeps_all_that_its_files_say(empty: Database) -> None:
    """Every pack and model, whichever changes are approved: these are kept by themselves."""
    changed = overlay(BOOK, [ChangeInBook(no="BG-1", region="6523", new=to_45(examples=""))])
    await keep_shipped(empty, changed, release="0.1.0", now=THEN)
    async with empty.read(PUBLIC) as session:
        kept = await session.all(sql("select hash from law_content"))
    wanted = {pack.version for pack in BOOK.packs} | {model.version for model in BOOK.credit_models}
    assert {row.hash for row in kept} == wanted


@pytest.mark.parametrize("deed", ["update law_content set content = ''", "delete from law_content"])
@pytest.mark.parametrize("kind", ["job", "bureau", "public"])
async def test_nobody_changes_what_was_kept(database: Database, kind: str, deed: str) -> None:
    """Not even the job that keeps it."""
    caller = Caller(kind=kind, actor="test")  # type: ignore[arg-type]  # one of the kinds there are
    with pytest.raises(DBAPIError, match="permission denied"):
        async with database.write(caller) as session:
            await session.run(sql(deed))


async def test_a_text_altered_in_the_database_is_told(database: Database, owner: AsyncConnection) -> None:
    """Who owns the database may alter it; what is kept is then no longer of its hash."""
    content = canonical_json({"C-04.yaml": {"id": "C-04", "altered": "yes"}})
    insert = sql("""
        insert into law_content (hash, kind, name, release, first_seen_at, content)
        values (:hash, 'pack', :name, '0.0.1', '2020-01-01', :content)
    """)
    await owner.execute(insert, {"hash": "f" * 64, "name": PACK, "content": content})
    async with database.read(PUBLIC) as session:
        first, *_ = await read_rule_texts(session, BOOK, "C-04")
    await owner.execute(sql("delete from law_content where hash = :hash"), {"hash": "f" * 64})
    assert (first.shipped.sound, first.shipped.release) == (False, "0.0.1")
