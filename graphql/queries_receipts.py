"""Receipts and streams, as their sender may ask for them later."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import strawberry

from hengjian.graphql.context import Info, asks_for, caller_with
from hengjian.graphql.errors import ApiError
from hengjian.graphql.paging import After, First, PageInfo, check_first, decode_moment, encode_cursor
from hengjian.graphql.push_types import ReceiptType, SequenceGapType, receipt_type
from hengjian.ingestion.api import LARGEST_BATCH, Receipt, get_receipt, list_receipts, stream_state


@strawberry.type(description="Receipts, the newest first.")
class ReceiptPage:
    """One page of receipts."""

    nodes: list[ReceiptType]
    page_info: PageInfo


@strawberry.type(description="What a stream has seen.")
class StreamStatus:
    """The numbers of a stream."""

    stream: str
    highest: int
    expected_next: int
    missing: list[SequenceGapType]


Kind = Annotated[str, strawberry.argument(description="people, points, stock, …")]


def check_rows_of(receipts: Sequence[Receipt]) -> None:
    """Refuse to list the rows of several receipts when they are more than one alone may have.

    Raises:
        ApiError: COST_EXCEEDED.
    """
    rows = sum(receipt.refused + receipt.warned for receipt in receipts)
    if rows > LARGEST_BATCH:
        raise ApiError("COST_EXCEEDED", f"(these receipts list {rows} rows, at most {LARGEST_BATCH} are given at once)")


@strawberry.type
class ReceiptQueries:
    """Questions about what was pushed."""

    @strawberry.field(description="One receipt by its id.")
    async def receipt(self, info: Info, id: UUID) -> ReceiptType | None:  # noqa: A002  # the argument's name in the API
        """The receipt, or null when there is none for the caller."""
        async with info.context.database.read(caller_with(info, "read")) as session:
            found = await get_receipt(session, id)
        return receipt_type(found) if found else None

    @strawberry.field(description="Receipts of the caller's organization, the newest first.")
    async def receipts(self, info: Info, first: First, after: After = None, kind: Kind | None = None) -> ReceiptPage:
        """One page of receipts."""
        check_first(first)
        before = decode_moment(after, [kind])
        async with info.context.database.read(caller_with(info, "read")) as session:
            found = await list_receipts(session, limit=first + 1, before=before, kind=kind, with_rows=False)
            if asks_for(info.selected_fields, "receipts", "nodes", "rows"):
                check_rows_of(found[:first])
                found = await list_receipts(session, limit=first + 1, before=before, kind=kind)
        page, more = found[:first], len(found) > first
        end = encode_cursor([page[-1].received_at.isoformat(), str(page[-1].id)], [kind]) if page else None
        return ReceiptPage(
            nodes=[receipt_type(r) for r in page], page_info=PageInfo(has_next_page=more, end_cursor=end)
        )

    @strawberry.field(description="What a stream has seen, and which numbers it lacks.")
    async def stream_status(self, info: Info, kind: Kind, stream: str = "default") -> StreamStatus:
        """The state of a stream; one that was never used expects 1."""
        async with info.context.database.read(caller_with(info, "read")) as session:
            state = await stream_state(session, kind, stream)
        return StreamStatus(
            stream=stream,
            highest=state.highest,
            expected_next=state.expected_next,
            missing=[SequenceGapType(first=low, last=high) for low, high in state.missing],
        )
