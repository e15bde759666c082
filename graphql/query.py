"""What the API answers."""

import strawberry
from strawberry.tools import create_type

from hengjian.graphql.context import Info
from hengjian.graphql.queries_credit import CreditQueries
from hengjian.graphql.queries_custody import CustodyQueries
from hengjian.graphql.queries_findings import FindingQueries
from hengjian.graphql.queries_grades import GradeQueries
from hengjian.graphql.queries_organizations import OrganizationQueries
from hengjian.graphql.queries_receipts import ReceiptQueries
from hengjian.graphql.queries_recordings import RecordingQueries
from hengjian.graphql.queries_registers import register_fields
from hengjian.graphql.queries_repairs import RepairQueries
from hengjian.graphql.queries_rule_changes import RuleChangeQueries
from hengjian.graphql.queries_rule_versions import RuleVersionQueries
from hengjian.graphql.queries_rules import RuleQueries
from hengjian.graphql.queries_scores import ScoreQueries


@strawberry.type(description="Who asks.")
class Viewer:
    """The key behind the request."""

    kind: str = strawberry.field(description="member or bureau")
    scopes: list[str]
    request_id: str


@strawberry.type
class ViewerQueries:
    """Questions about the caller."""

    @strawberry.field(description="The key behind this request.")
    def viewer(self, info: Info) -> Viewer:
        """The caller."""
        caller = info.context.caller
        return Viewer(kind=caller.kind, scopes=sorted(caller.scopes), request_id=caller.request_id)


@strawberry.type(name="Query", description="Everything that can be asked.")
class Query(
    ViewerQueries,
    OrganizationQueries,
    FindingQueries,
    RuleQueries,
    RuleChangeQueries,
    RuleVersionQueries,
    ScoreQueries,
    CreditQueries,
    GradeQueries,
    RepairQueries,
    ReceiptQueries,
    CustodyQueries,
    RecordingQueries,
    create_type("RegisterQueries", list(register_fields().values())),  # type: ignore[misc]  # made from the registers
):
    """The root of all questions."""
