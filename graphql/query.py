"""What the API answers."""

import strawberry

from hengjian.graphql.context import Info
from hengjian.graphql.queries_receipts import ReceiptQueries


@strawberry.type(description="Who asks.")
class Viewer:
    """The key behind the request."""

    kind: str = strawberry.field(description="member or bureau")
    scopes: list[str]
    request_id: str


@strawberry.type
class Query(ReceiptQueries):
    """Everything that can be asked."""

    @strawberry.field(description="The key behind this request.")
    def viewer(self, info: Info) -> Viewer:
        """The caller."""
        caller = info.context.caller
        return Viewer(kind=caller.kind, scopes=sorted(caller.scopes), request_id=caller.request_id)
