"""Leaves get dense numbers after their commit, whoever writes, and each tree is signed."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.exc import DBAPIError

from hengjian.platform.db import Caller, sql
from hengjian.platform.log import Entry, append_leaf
from hengjian.platform.log.errors import LogBrokenError, SignerAwayError, SignerRefusedError
from hengjian.platform.log.find import find_evidence
from hengjian.platform.log.sequencer import number_waiting, sequence, sign_tree
from hengjian.platform.log.signer_link import SignerLink
from hengjian.platform.proof.trees import root_from_inclusion
from hengjian.platform.proof.verifier import open_checkpoint
from tests.support.evidence import JOB, LogCase

SCRIPT = Path(__file__).with_name("sequencer_process.py")


async def numbers(log: LogCase) -> list[int]:
    return list((await log.owner.execute(sql("select number from log_leaf order by number"))).scalars())


async def test_writers_at_once_leave_no_gap_and_what_is_rolled_back_no_leaf(log: LogCase) -> None:
    """Twelve writers while a sequencer runs: 0, 1, 2 … without a gap, each record once."""

    async def undone() -> None:
        async with log.database.write(JOB) as session:
            await append_leaf(session, Entry(kind="undone", id=uuid4()))
            raise ZeroDivisionError

    async def writer() -> None:
        for _ in range(10):
            await log.entries(3)
            with pytest.raises(ZeroDivisionError):
                await undone()

    writing = asyncio.gather(*(writer() for _ in range(12)))
    while not writing.done():
        await sequence(log.database, log.signer)
        await asyncio.sleep(0)
    await writing
    await log.settle()
    assert await numbers(log) == list(range(360))
    kinds = await log.owner.execute(sql("select count(distinct record_id) as n, min(kind) as kind from log_leaf"))
    assert tuple(kinds.one()) == (360, "test")
    assert (await log.check()).troubles == []


async def test_a_leaf_waits_until_its_transaction_has_committed(log: LogCase) -> None:
    """A slow transaction doesn't hold up the others, and gets its number afterwards."""
    slow = uuid4()
    async with log.database.write(JOB) as session:
        await append_leaf(session, Entry(kind="test", id=slow))
        await log.entries(2)
        await log.settle()
        assert await numbers(log) == [0, 1]
    await log.settle()
    async with log.database.read(JOB) as session:
        found = await find_evidence(session, "test", [slow])
    assert found[slow].index == 2


async def test_evidence_comes_in_steps_and_proves_itself(log: LogCase) -> None:
    """First the leaf alone, then its place in a signed tree with the path to its root."""
    (mine, *_) = await log.entries(700)
    async with log.database.read(JOB) as session:
        early = (await find_evidence(session, "test", [mine]))[mine]
    assert (early.index, early.checkpoint) == (None, None)
    await log.settle()
    async with log.database.read(JOB) as session:
        found = (await find_evidence(session, "test", [mine, uuid4()]))[mine]
    assert found.checkpoint is not None
    assert found.index is not None
    signed = open_checkpoint(found.checkpoint.note, log.desk.key)
    assert root_from_inclusion(found.leaf_hash, found.index, signed.size, found.path) == signed.root


def a_sequencer(url: str, log: LogCase) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, str(SCRIPT), url, str(log.signer.socket)])


async def test_kill_9_between_commit_and_numbering_loses_nothing(log: LogCase, fresh_database: object) -> None:
    """Sequencers killed again and again while leaves come in: every leaf once, one tree, signed."""
    url = fresh_database.app_url  # type: ignore[attr-defined]  # the fixture's type is only for other tests
    for _ in range(3):
        process = a_sequencer(url, log)
        until = time.monotonic() + 1.5
        while time.monotonic() < until:
            await log.entries(40)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(10)
        await log.entries(5)
    waiting = (await log.owner.execute(sql("select count(*) from log_queue"))).scalar_one()
    assert waiting >= 5
    await log.settle()
    found = await numbers(log)
    assert found == list(range(len(found)))
    report = await log.check()
    assert (report.troubles, report.waiting, report.size) == ([], 0, len(found))


async def test_without_signer_leaves_are_numbered_and_signed_later(log: LogCase) -> None:
    """The signer being away stops nothing but signatures."""
    await log.entries(3)
    away = SignerLink(log.signer.socket.with_name("nobody"))
    assert await sequence(log.database, away) is False
    assert await numbers(log) == [0, 1, 2]
    with pytest.raises(SignerAwayError):
        await sign_tree(log.database, away)
    assert await sign_tree(log.database, log.signer) is True
    assert await sign_tree(log.database, log.signer) is False


async def test_a_tree_that_was_rolled_back_is_not_continued_nor_signed(log: LogCase) -> None:
    """After a roll-back of leaves, tiles and checkpoints alike, the signer remembers."""
    await log.entries(10)
    await log.settle()
    await log.do("delete from log_leaf where number >= 4")
    await log.entries(1)
    with pytest.raises(LogBrokenError):
        await number_waiting(log.database)
    await log.do("delete from log_checkpoint")
    await log.do("update log_tile set hashes = substr(hashes, 1, 128)")
    assert await number_waiting(log.database) == 1
    with pytest.raises(SignerRefusedError, match="SHORTER"):
        await sign_tree(log.database, log.signer)
    await log.entries(20)
    await number_waiting(log.database)
    with pytest.raises(SignerRefusedError, match="FORKED"):
        await sign_tree(log.database, log.signer)


async def test_the_auditor_writes_nothing(log: LogCase) -> None:
    """The one role that reads what is logged of everybody can't change any of it, nor read accounts."""
    caller = Caller(kind="auditor", actor="test")
    for deed in (
        "delete from audit",
        "update push_batch set sent = 0",
        "insert into audit select from audit",
        "select login from account",
        "delete from log_leaf",
    ):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with log.database.write(caller) as session:
                await session.run(sql(deed))
