"""The law-book as it stands now, kept between looks: the files with every approved change."""

import asyncio
import time
from datetime import datetime

from hengjian.platform.db import Caller, Database, sql
from hengjian.scoring.changes.overlay import overlay
from hengjian.scoring.changes.stored import approved_changes
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.lawbook_files import load_lawbook

# Shadow days lie between an approval and its first day, so nobody is ever judged by what this misses.
_LOOK_EVERY = 10.0
_READER = Caller(kind="public", actor="law-book")
_VERSION = sql("select count(*) as changes, max(approved_at) as last from rule_change where state = 'approved'")


class KeptLawBook:
    """One law-book a process: `book` is the one read last, `current` looks whether there is another."""

    def __init__(self, files: LawBook, *, look_every: float = _LOOK_EVERY) -> None:
        self.book = files
        self._look_every = look_every
        self._looked = float("-inf")
        self._version: tuple[int, datetime | None] = (0, None)
        self._lock = asyncio.Lock()

    async def current(self, database: Database) -> LawBook:
        """The law-book with what was approved up to some seconds ago: one cheap query, and none most of the time.

        Raises:
            ScoringError: an approved change no longer fits the files; nobody is judged by half a law-book.
        """
        if time.monotonic() - self._looked < self._look_every:
            return self.book
        async with self._lock, database.read(_READER) as session:
            row = await session.first(_VERSION)
            version = (row.changes, row.last) if row is not None else (0, None)
            if version != self._version:
                changes = [change.in_book for change in await approved_changes(session)]
                self.book, self._version = overlay(self.book, changes), version
            self._looked = time.monotonic()
        return self.book


async def lawbook_now(database: Database) -> LawBook:
    """The law-book of the shipped files with every approved change, for who asks once.

    Raises:
        ScoringError: a file or an approved change is unsound.
    """
    return await KeptLawBook(load_lawbook()).current(database)
