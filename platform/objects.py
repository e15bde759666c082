"""Objects kept outside the database, each under the hash of its content: a local folder or an S3-compatible store.

An object is written once and never changed; the same content is the same object.
"""

import asyncio
import hashlib
import os
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError
from obstore.store import ObjectStore, from_url

from hengjian.platform.errors import ToldError

_READ_ONLY = 0o440
_PIECE = 4 << 20
_KEPT = re.compile(r"([0-9a-f]{2})/\1[0-9a-f]{62}\.\w+")
_RENEWED_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StoredObject:
    """Where an object is, and what it is."""

    path: str
    sha256: str
    size: int


def stored_as(content: bytes, *, suffix: str) -> StoredObject:
    """Where content is, or will be, in the store."""
    digest = hashlib.sha256(content).hexdigest()
    return StoredObject(path=f"{digest[:2]}/{digest}.{suffix}", sha256=digest, size=len(content))


class ObjectMissingError(ToldError):
    """The object cannot be read: it is not in the store, or (`StoreSilentError`) the store does not answer."""

    code = "OBJECT_MISSING"
    status = 500
    zh = "登记的文件不在存储中，没有提供下载。请联系管理员核对存储。"
    en = "The file is listed but not in the store, so it is not handed out. Ask the administrator to check the store."

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(f"the object {path} cannot be read")


class StoreSilentError(ObjectMissingError):
    """The store does not answer; whether the object is there is not known. Trying again later may help."""

    code = "STORE_SILENT"
    status = 503
    retryable = True
    zh = "文件存储暂时没有响应。请几分钟后再试；若仍然如此，请联系管理员。"
    en = "The store does not answer at the moment. Try again in some minutes; if it stays, ask the administrator."


class StoreFullError(ToldError):
    """The store does not take anything at the moment: it is full, or does not answer. Nothing was kept."""

    code = "STORE_FULL"
    status = 503
    retryable = True
    zh = "文件存储暂时无法写入，没有保存任何内容。请几分钟后再试；若仍然如此，请联系管理员。"
    en = "The store takes nothing at the moment and kept nothing. Try again in some minutes, or ask the administrator."

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(f"the object {path} cannot be written")


class ObjectDamagedError(ToldError):
    """The object's content no longer has the hash under which it was kept; it must not be handed out."""

    code = "OBJECT_DAMAGED"
    status = 500
    zh = "文件与登记的哈希不符，没有提供下载。请联系管理员，并保留现状备查。"
    en = "The file no longer has the hash it was kept under, so it is not handed out. Tell the administrator."

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(f"the object {path} has been changed since it was kept")


class Objects:
    """One opened store."""

    def __init__(self, url: str) -> None:
        self._store: ObjectStore = from_url(url)
        parts = urlsplit(url)
        self._folder = Path(unquote(parts.path)) if parts.scheme == "file" else None

    async def keep(self, content: bytes, *, suffix: str) -> StoredObject:
        """Keeps content under its hash, `ab/abcd….suffix`; the same content again is one object, as old as its last use.

        Raises:
            ObjectMissingError, ObjectDamagedError: what is there already cannot be read, or is not this content.
            StoreFullError: nothing was kept.
        """
        stored = stored_as(content, suffix=suffix)
        try:
            await obstore.put_async(self._store, stored.path, content, mode="create")
        except AlreadyExistsError:
            await self.take(stored.path, sha256=stored.sha256)
            if await self._modified(stored.path) > datetime.now(UTC) - _RENEWED_AFTER:
                return stored
            await self._write_anew(stored.path, content)
        except (BaseError, OSError) as error:
            raise StoreFullError(stored.path) from error
        await asyncio.to_thread(self._seal, stored.path)
        return stored

    async def take(self, path: str, *, sha256: str) -> bytes:
        """The content, checked against its hash.

        Raises:
            ObjectMissingError: it cannot be read.
            ObjectDamagedError: it is not what was kept.
        """
        try:
            found = await obstore.get_async(self._store, path)
            content = bytes(await found.bytes_async())
        except (BaseError, OSError) as error:
            raise _unreadable(path, error) from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise ObjectDamagedError(path)
        return content

    async def put_part(self, path: str, content: bytes) -> None:
        """Keeps a part of something that is still on its way, under a path of the caller's own, on the disk itself.

        Raises:
            StoreFullError: nothing was kept.
        """
        try:
            await obstore.put_async(self._store, path, content)
            await asyncio.to_thread(self._sync, path)
        except (BaseError, OSError) as error:
            raise StoreFullError(path) from error

    async def drop_below(self, folder: str) -> None:
        """Forgets every part below a path, also those that nobody counted.

        Raises:
            StoreSilentError: what is left is not known.
        """
        try:
            async for found in obstore.list(self._store, folder):
                for part in found:
                    await self.delete(part["path"])
        except (BaseError, OSError) as error:
            raise StoreSilentError(folder) from error

    async def kept_before(self, folder: str, before: datetime) -> list[str]:
        """Paths `ab/abcd….suffix` below a folder `ab` that nobody has kept since a moment.

        Raises:
            StoreSilentError: what is there is not known.
        """
        try:
            found = [one async for some in obstore.list(self._store, folder) for one in some]
        except (BaseError, OSError) as error:
            raise StoreSilentError(folder) from error
        old = (one["path"] for one in found if one["last_modified"] < before)
        return [path for path in old if _KEPT.fullmatch(path)]

    async def delete_kept_before(self, path: str, before: datetime) -> bool:
        """Take an object away unless it was kept again meanwhile; whether it went.

        Raises:
            StoreSilentError: whether it is gone is not known.
        """
        try:
            if await self._modified(path) >= before:
                return False
        except StoreSilentError:
            raise
        except ObjectMissingError:
            return False
        await self.delete(path)
        return True

    async def keep_parts(self, paths: Sequence[str], *, sha256: str, suffix: str) -> StoredObject | None:
        """Keeps what the parts make up together, when it has the hash; None when it has not, and nothing is kept.

        Raises:
            ObjectMissingError: a part cannot be read.
            StoreFullError: the whole cannot be written; the parts stay.
        """
        whole, size = hashlib.sha256(), 0
        async for chunk in self._chunks(paths):
            await asyncio.to_thread(whole.update, chunk)
            size += len(chunk)
        if whole.hexdigest() != sha256:
            return None
        path = f"{sha256[:2]}/{sha256}.{suffix}"
        if not await self._sound(path, size, sha256):
            try:
                await obstore.put_async(self._store, path, self._chunks(paths))
            except (BaseError, OSError) as error:
                raise StoreFullError(path) from error
            await asyncio.to_thread(self._seal, path)
        return StoredObject(path=path, sha256=sha256, size=size)

    async def hash_of(self, path: str) -> str:
        """SHA-256 of what is there now, read in pieces.

        Raises:
            ObjectMissingError: it cannot be read.
        """
        whole = hashlib.sha256()
        async for chunk in self._chunks([path]):
            await asyncio.to_thread(whole.update, chunk)
        return whole.hexdigest()

    async def read_range(self, path: str, start: int, length: int) -> bytes:
        """A piece of an object.

        Raises:
            ObjectMissingError: it cannot be read.
        """
        try:
            return bytes(await obstore.get_range_async(self._store, path, start=start, length=length))
        except (BaseError, OSError) as error:
            raise _unreadable(path, error) from error

    async def copy_to(self, path: str, file: Path) -> None:
        """Writes an object into a local file, in pieces.

        Raises:
            ObjectMissingError: it cannot be read.
        """
        with file.open("wb") as target:
            async for chunk in self._chunks([path]):
                await asyncio.to_thread(target.write, chunk)

    async def delete(self, path: str) -> None:
        """Takes an object away for ever; one that is gone already is no fault.

        Raises:
            StoreSilentError: whether it is gone is not known.
        """
        try:
            await obstore.delete_async(self._store, path)
        except (NotFoundError, FileNotFoundError):
            return
        except (BaseError, OSError) as error:
            raise StoreSilentError(path) from error

    async def has(self, path: str, size: int) -> bool:
        """Whether an object of this size is there."""
        try:
            return (await obstore.head_async(self._store, path))["size"] == size
        except (BaseError, OSError):
            return False

    async def _chunks(self, paths: Sequence[str]) -> AsyncIterator[bytes]:
        for path in paths:
            try:
                found = await obstore.get_async(self._store, path)
                async for chunk in found.stream(min_chunk_size=_PIECE):
                    yield bytes(chunk)
            except (BaseError, OSError) as error:
                raise _unreadable(path, error) from error

    async def _modified(self, path: str) -> datetime:
        try:
            return (await obstore.head_async(self._store, path))["last_modified"]
        except (BaseError, OSError) as error:
            raise _unreadable(path, error) from error

    async def _write_anew(self, path: str, content: bytes) -> None:
        try:
            await obstore.put_async(self._store, path, content)
        except (BaseError, OSError) as error:
            raise StoreFullError(path) from error

    async def _sound(self, path: str, size: int, sha256: str) -> bool:
        return await self.has(path, size) and await self.hash_of(path) == sha256

    def _seal(self, path: str) -> None:
        """A local file is written to the disk itself and made readable only; other stores have their own ways."""
        self._sync(path)
        if self._folder is not None:
            (self._folder / path).chmod(_READ_ONLY)

    def _sync(self, path: str) -> None:
        """A local file and its name are on the disk itself when this returns."""
        if self._folder is None:
            return
        for place in (self._folder / path, (self._folder / path).parent):
            descriptor = os.open(place, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _unreadable(path: str, error: Exception) -> ObjectMissingError:
    gone = isinstance(error, NotFoundError | FileNotFoundError)
    return ObjectMissingError(path) if gone else StoreSilentError(path)
