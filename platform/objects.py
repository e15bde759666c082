"""Objects kept outside the database, each under the hash of its content: a local folder or an S3-compatible store.

An object is written once and never changed; the same content is the same object.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import ObjectStore, from_url

_READ_ONLY = 0o440


@dataclass(frozen=True, slots=True)
class StoredObject:
    """Where an object is, and what it is."""

    path: str
    sha256: str
    size: int


class ObjectMissingError(RuntimeError):
    """The object is not in the store, or the store does not answer."""

    code = "OBJECT_MISSING"

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(f"the object {path} cannot be read")


class ObjectDamagedError(RuntimeError):
    """The object's content no longer has the hash under which it was kept; it must not be handed out."""

    code = "OBJECT_DAMAGED"

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
        """Keeps content under its hash, `ab/abcd….suffix`; content already there is left as it is."""
        digest = hashlib.sha256(content).hexdigest()
        path = f"{digest[:2]}/{digest}.{suffix}"
        try:
            await obstore.put_async(self._store, path, content, mode="create")
        except AlreadyExistsError:
            await self.take(path, sha256=digest)
        else:
            self._seal(path)
        return StoredObject(path=path, sha256=digest, size=len(content))

    async def take(self, path: str, *, sha256: str) -> bytes:
        """The content, checked against its hash.

        Raises:
            ObjectMissingError: it cannot be read.
            ObjectDamagedError: it is not what was kept.
        """
        try:
            found = await obstore.get_async(self._store, path)
            content = bytes(await found.bytes_async())
        except (BaseError, FileNotFoundError) as error:
            raise ObjectMissingError(path) from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise ObjectDamagedError(path)
        return content

    def _seal(self, path: str) -> None:
        """A local file is made readable only; other stores have their own locks."""
        if self._folder is not None:
            (self._folder / path).chmod(_READ_ONLY)
