"""The booklet of a pack as PDF, drawn in a child process once for each version, language and day."""

import asyncio
from dataclasses import dataclass, field
from datetime import date

from hengjian.filing.report_html import booklet_document
from hengjian.filing.rule_booklet import rule_booklet
from hengjian.filing.texts import Language
from hengjian.platform.pdf import PdfRenderer
from hengjian.scoring.api import LawBook, Pack

_Key = tuple[str, str, Language]


@dataclass(slots=True)
class BookletPress:
    """Keeps the booklets of the present day, so that a stranger who asks again and again costs nothing."""

    _day: date = date.min
    _drawn: dict[_Key, bytes] = field(default_factory=dict)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def draw(self, book: LawBook, pack: Pack, *, language: Language, on: date) -> bytes:
        """The PDF of a pack as it stands on a day.

        Raises:
            PdfError: it could not be drawn.
        """
        key = (pack.id, pack.version, language)
        async with self._turn:
            if self._day != on:
                self._day, self._drawn = on, {}
            if key not in self._drawn:
                self._drawn[key] = await print_booklet(book, pack, language=language, on=on)
            return self._drawn[key]


async def print_booklet(book: LawBook, pack: Pack, *, language: Language, on: date) -> bytes:
    """Draws it now, in a process of its own that ends with it.

    Raises:
        PdfError: it could not be drawn.
    """
    async with PdfRenderer() as renderer:
        drawn = await renderer.render(booklet_document(rule_booklet(book, pack, language=language, on=on), language))
    return drawn.pdf
