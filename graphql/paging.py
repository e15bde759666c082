"""Pages: `first` and an opaque cursor that belongs to one filter and order."""

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
import strawberry

from hengjian.graphql.errors import ApiError

LARGEST_PAGE = 200

First = Annotated[int, strawberry.argument(description="How many items, 1 to 200.")]
After = Annotated[str | None, strawberry.argument(description="Cursor of the item before the page.")]


@strawberry.type(description="Where a page ends.")
class PageInfo:
    """Whether there is more, and from where to go on."""

    has_next_page: bool
    end_cursor: str | None


def check_first(first: int) -> int:
    """The page size, when it may be asked for.

    Raises:
        ApiError: PAGE_SIZE.
    """
    if not 1 <= first <= LARGEST_PAGE:
        raise ApiError("PAGE_SIZE", f"(got {first})")
    return first


def encode_cursor(place: Sequence[str], filters: Sequence[object]) -> str:
    """A cursor for a place in an order, bound to the filter it was made under."""
    return base64.urlsafe_b64encode(msgspec.json.encode([_mark(filters), *place])).decode()


def decode_cursor(cursor: str | None, filters: Sequence[object], *, parts: int) -> list[str] | None:
    """The place a cursor stands for, None for the first page.

    Raises:
        ApiError: CURSOR_MISMATCH when it is no cursor of ours or belongs to another filter.
    """
    if cursor is None:
        return None
    try:
        mark, *place = msgspec.json.decode(base64.urlsafe_b64decode(cursor.encode()), type=list[str])
    except (ValueError, msgspec.MsgspecError) as error:
        raise ApiError("CURSOR_MISMATCH") from error
    if mark != _mark(filters) or len(place) != parts:
        raise ApiError("CURSOR_MISMATCH")
    return place


def decode_offset(cursor: str | None, filters: Sequence[object]) -> int:
    """How many items lie before the page.

    Raises:
        ApiError: CURSOR_MISMATCH.
    """
    place = decode_cursor(cursor, filters, parts=1)
    if place is None:
        return 0
    if not place[0].isdigit() or len(place[0]) > 9:
        raise ApiError("CURSOR_MISMATCH")
    return int(place[0])


def decode_moment(cursor: str | None, filters: Sequence[object]) -> tuple[datetime, UUID] | None:
    """Time and id of the item before the page, None for the first page.

    Raises:
        ApiError: CURSOR_MISMATCH.
    """
    place = decode_cursor(cursor, filters, parts=2)
    if place is None:
        return None
    try:
        return datetime.fromisoformat(place[0]), UUID(place[1])
    except ValueError as error:
        raise ApiError("CURSOR_MISMATCH") from error


def _mark(filters: Sequence[object]) -> str:
    return hashlib.sha256(repr(list(filters)).encode()).hexdigest()[:12]
