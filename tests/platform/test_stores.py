"""The same promises of a local folder and of an S3 server, and a disk that is full."""

import hashlib
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hengjian.platform.objects import (
    ObjectDamagedError,
    ObjectMissingError,
    Objects,
    StoreFullError,
    StoreSilentError,
)
from tests.support.stores import a_store


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Objects]:
    with a_store(request.param, tmp_path) as opened:
        yield opened


async def test_what_is_kept_comes_back_and_twice_is_one(store: Objects) -> None:
    """Under its hash, checked when it is taken."""
    kept = await store.keep(b"report", suffix="pdf")
    assert await store.keep(b"report", suffix="pdf") == kept
    assert await store.take(kept.path, sha256=kept.sha256) == b"report"
    with pytest.raises(ObjectDamagedError):
        await store.take(kept.path, sha256="0" * 64)


async def test_parts_become_one_object_that_can_be_read_in_pieces(store: Objects, tmp_path: Path) -> None:
    """Twelve megabytes in three parts; the parts go, also one that nobody counted; the whole is deleted for ever."""
    content = os.urandom(12 << 20)
    paths = [f"uploads/one/{number}" for number in range(3)]
    for number, path in enumerate(paths):
        await store.put_part(path, content[number * 4 << 20 : (number + 1) * 4 << 20])
    await store.put_part("uploads/one/uncounted", b"x")
    await store.put_part("uploads/other/0", b"y")
    digest = hashlib.sha256(content).hexdigest()
    assert await store.keep_parts(paths, sha256="0" * 64, suffix="video") is None
    kept = await store.keep_parts(paths, sha256=digest, suffix="video")
    assert kept is not None
    assert (kept.sha256, kept.size) == (digest, len(content))
    assert await store.keep_parts(paths, sha256=digest, suffix="video") == kept
    await store.drop_below("uploads/one")
    with pytest.raises(ObjectMissingError):
        await store.hash_of(paths[0])
    assert await store.hash_of("uploads/other/0") == hashlib.sha256(b"y").hexdigest()
    assert await store.read_range(kept.path, 5 << 20, 1_000) == content[5 << 20 : (5 << 20) + 1_000]
    await store.copy_to(kept.path, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == content
    await store.delete(kept.path)
    await store.delete(kept.path)
    assert not await store.has(kept.path, kept.size)


async def test_a_lost_object_is_told_from_a_silent_store(tmp_path: Path) -> None:
    """Only a store that answers may say that something is gone."""
    with a_store("s3", tmp_path) as store:
        with pytest.raises(ObjectMissingError) as lost:
            await store.hash_of("00/nothing")
        assert not isinstance(lost.value, StoreSilentError)
    with pytest.raises(StoreSilentError):
        await store.hash_of("00/nothing")


@contextmanager
def no_room_beyond(size: int) -> Iterator[None]:
    """No file of this process grows beyond this many bytes, as if the disk was full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_full_disk_keeps_nothing_by_halves(tmp_path: Path) -> None:
    """The part that did not fit is refused and not there; the one before it is whole; later it fits."""
    store = Objects(tmp_path.as_uri())
    await store.put_part("uploads/one/0", b"a" * 50_000)
    whole = hashlib.sha256(b"a" * 100_000).hexdigest()
    with no_room_beyond(60_000):
        with pytest.raises(StoreFullError):
            await store.put_part("uploads/one/1", b"b" * 200_000)
        with pytest.raises(StoreFullError):
            await store.keep_parts(["uploads/one/0"] * 2, sha256=whole, suffix="video")
        with pytest.raises(StoreFullError):
            await store.keep(b"c" * 200_000, suffix="pdf")
    assert await store.hash_of("uploads/one/0") == hashlib.sha256(b"a" * 50_000).hexdigest()
    with pytest.raises(ObjectMissingError):
        await store.hash_of("uploads/one/1")
    assert not await store.has(f"{whole[:2]}/{whole}.video", 100_000)
    await store.put_part("uploads/one/1", b"b" * 200_000)
    assert await store.has("uploads/one/1", 200_000)
