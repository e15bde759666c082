"""Hashing passwords: slow on purpose, so in threads and only a few at a time."""

import asyncio

from argon2 import Parameters, PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from hengjian.tenants.domain.passwords import LONGEST, normalised
from hengjian.tenants.errors import LoginBusyError

_AT_ONCE = 2
_WAITING_AT_MOST = 32


class PasswordHashes:
    """argon2id hashes, by default with RFC 9106's low-memory profile (64 MiB, three passes).

    At most two are computed at once and 32 wait, so a flood of log-ins costs at most 128 MiB of memory and can't
    starve the pages.
    """

    def __init__(self, profile: Parameters = RFC_9106_LOW_MEMORY) -> None:
        self._hasher = PasswordHasher.from_parameters(profile)
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """The hash to store, with its own salt and parameters inside."""
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, _bytes(password))

    async def fits(self, stored: str | None, password: str) -> bool:
        """Whether the password belongs to the stored hash.

        Without a stored hash (an unknown login) the same work is done and the answer is no, so that the time taken
        tells nothing.

        Raises:
            LoginBusyError: too many log-ins wait already.
        """
        if self._waiting >= _WAITING_AT_MOST:
            raise LoginBusyError
        self._waiting += 1
        try:
            async with self._turn:
                return await asyncio.to_thread(self._verify, stored, _bytes(password))
        finally:
            self._waiting -= 1

    def _verify(self, stored: str | None, password: bytes) -> bool:
        if stored is None:
            self._hasher.hash(password)
            return False
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


def _bytes(password: str) -> bytes:
    """One character more than the longest is enough to be wrong, so a huge text costs nothing."""
    return normalised(password)[: LONGEST + 1].encode(errors="replace")
