"""Time stamps of an authority outside: asked for, kept, checked by the log's check and by an offline reader."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from hengjian.platform.db import sql
from hengjian.platform.log.check import check_log
from hengjian.platform.log.stamping import stamp_newest, thin_checkpoints
from hengjian.platform.proof.stamps import StampError, question_about, read_roots, read_token, stamped_at
from hengjian.platform.proof.verifier import Outcome, Stamped, verify_bundle
from tests.support.evidence import LogCase
from tests.support.stamping import Authority, an_authority, made


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Authority]:
    with an_authority(tmp_path / "tsa") as opened:
        yield opened


def reader(ca: Path) -> Stamped:
    """What `hengjian verify --tsa-ca` asks."""

    def moment(text: str, token: str) -> str | None:
        try:
            return stamped_at(text, read_token(token), roots=read_roots(ca.read_bytes())).isoformat()
        except StampError:
            return None

    return moment


async def test_a_stamp_is_kept_bundled_and_verified_offline_long_after(
    log: LogCase, authority: Authority, tmp_path: Path
) -> None:
    """The bundle's newest checkpoint is another than the stamped one; the stamp still tells since when the record is there."""
    (record, *_) = await log.entries(5)
    await log.settle()
    (done,) = await stamp_newest(log.database, [authority.url], roots=read_roots(authority.ca.read_bytes()))
    assert (done.problem, done.size) == ("", 5)
    (late, *_) = await log.entries(20)
    await log.settle()
    data, other = await log.bundle(record), made(tmp_path / "other", "Other CA")
    verdict = verify_bundle(data, log.desk.key, stamped=reader(authority.ca))
    assert (verdict.outcome, done.at in verdict.detail) == (Outcome.VERIFIED, True)
    assert verify_bundle(data, log.desk.key).outcome is Outcome.VERIFIED
    assert verify_bundle(data, log.desk.key, stamped=reader(other.ca)).outcome is Outcome.TIMESTAMP
    unstamped = await log.bundle(late)
    assert verify_bundle(unstamped, log.desk.key, stamped=reader(authority.ca)).outcome is Outcome.TIMESTAMP


async def test_an_authority_that_is_away_blocks_nothing_and_is_asked_again(log: LogCase, authority: Authority) -> None:
    """It is named with what was wrong; the others stamp; next time only those that lack are asked."""
    await log.entries(3)
    await log.settle()
    authority.away = True
    both = [authority.url, "http://user:secret@127.0.0.1:9/tsr"]
    found = await stamp_newest(log.database, both, unless_within=timedelta(hours=20))
    assert [bool(one.problem) for one in found] == [True, True]
    assert found[1].authority == "http://127.0.0.1:9/tsr"
    authority.away = False
    await log.entries(1)
    await log.settle()
    found = await stamp_newest(log.database, both, unless_within=timedelta(hours=20))
    assert [bool(one.problem) for one in found] == [False, True]
    again = await stamp_newest(log.database, [authority.url], unless_within=timedelta(hours=20))
    assert again == []


async def test_a_stamp_about_something_else_is_not_kept_and_one_put_there_is_named(
    log: LogCase, authority: Authority, tmp_path: Path
) -> None:
    """Neither a stamp over another text, nor an old answer, nor one of an authority that nobody trusts."""
    await log.entries(3)
    await log.settle()
    stale = authority.answer(question_about("another text\n").body)
    roots = read_roots(made(tmp_path / "other", "Other CA").ca.read_bytes())
    (wrong,) = await stamp_newest(log.database, [authority.url], ask=lambda _url, _question: stale)
    (foreign,) = await stamp_newest(log.database, [authority.url], roots=roots)
    (garbage,) = await stamp_newest(log.database, [authority.url], ask=lambda _url, _question: b"<html>")
    assert all(one.problem for one in (wrong, foreign, garbage))
    assert (await log.check()).stamps == 0
    await stamp_newest(log.database, [authority.url])
    assert (await log.check()).troubles == []
    checked = await check_log(log.database, key=log.desk.key, stamp_roots=roots)
    assert [one.kind.value for one in checked.troubles] == ["STAMP_WRONG"]
    await log.do(f"update log_attestation set body = '{base64.b64encode(stale).decode()}'")
    assert [(one.kind.value, one.where) for one in (await log.check()).troubles] == [
        ("STAMP_WRONG", f"checkpoint 3, {authority.url}")
    ]


async def test_old_checkpoints_are_thinned_and_old_bundles_still_verify(log: LogCase) -> None:
    """All of 30 days stay, then the last of each day and those that others signed; a note of a thinned one still proves."""
    notes: list[str] = []
    records: list[UUID] = []
    for _ in range(6):
        records += await log.entries(2)
        await log.settle()
        notes += (await log.owner.execute(sql("select note from log_checkpoint order by size desc limit 1"))).scalars()
    await log.do(
        "update log_checkpoint set at = timestamptz '2026-03-01 10:00+08' + size * interval '1 hour' where size <= 10"
    )
    await log.do("insert into log_attestation (size, kind, name, body) values (4, 'cosignature', 'w', 'x')")
    old = await log.bundle(records[0], older=notes[0])
    assert await thin_checkpoints(log.database) == 3
    left = (await log.owner.execute(sql("select size from log_checkpoint order by size"))).scalars().all()
    assert left == [4, 10, 12]
    assert (await log.check()).troubles == []
    assert verify_bundle(old, log.desk.key, older=notes[0]).outcome is Outcome.VERIFIED
    data = await log.bundle(records[0], older=notes[2])
    assert verify_bundle(data, log.desk.key, older=notes[2]).outcome is Outcome.VERIFIED
