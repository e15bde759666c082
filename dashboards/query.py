"""What an address asks of a list: page, size, sort and filters, read once and checked."""

import re
from dataclasses import dataclass
from datetime import date

from hengjian.dashboards.errors import BadQuery
from hengjian.dashboards.parts import PAGE_SIZES, Query
from hengjian.dashboards.site import HtmlRequest

_LONGEST_TEXT = 100
_LAST_PAGE = 100_000
# With room before and after for the year that a page looks back or ahead.
_DAY = re.compile(r"(19|20|21)\d{2}-\d{2}-\d{2}", re.ASCII)
_REGION = re.compile(r"\d{2}(\d{2}){0,2}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The parameters of a list's address, the language apart; `page` counts from 1."""

    path: str
    query: Query
    page: int
    size: int

    @property
    def offset(self) -> int:
        """Rows before the page."""
        return (self.page - 1) * self.size

    def value(self, name: str) -> str | None:
        """One filter; empty is absent.

        Raises:
            BadQuery: it is too long or holds a NUL.
        """
        text = next((value.strip() for key, value in self.query if key == name), "")
        if len(text) > _LONGEST_TEXT or "\0" in text:
            raise BadQuery
        return text or None

    def one_of(self, name: str, allowed: frozenset[str]) -> str | None:
        """A filter with a closed list of values.

        Raises:
            BadQuery: another value is asked for.
        """
        found = self.value(name)
        if found is not None and found not in allowed:
            raise BadQuery
        return found

    def region(self) -> str | None:
        """The region to narrow a list to; what is no code is kept as one that nobody has."""
        found = self.value("region")
        return found if found is None or _REGION.fullmatch(found) else "none"


def read_query(request: HtmlRequest, *, sizes_from: int = 20) -> Asked:
    """Reads the address of a list; without a size it takes `sizes_from` rows.

    Raises:
        BadQuery: page or size is no sensible number.
    """
    query = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
    values = dict(query)
    page = _whole(values.get("page"), default=1, most=_LAST_PAGE)
    size = _whole(values.get("size"), default=sizes_from, most=max(PAGE_SIZES))
    return Asked(path=request.url.path, query=query, page=page, size=size)


def _whole(text: str | None, *, default: int, most: int) -> int:
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and 1 <= int(text) <= most):
        raise BadQuery
    return int(text)


def read_day(text: str | None) -> date | None:
    """A day from the address, `2026-05-03`; None when none is asked for.

    Raises:
        BadQuery: the text is no day.
    """
    if not text:
        return None
    if not _DAY.fullmatch(text):
        raise BadQuery
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadQuery from error
