"""Findings: lists and single ones with their history."""

from datetime import UTC, date, datetime
from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from hengjian.graphql.context import Info, caller_with
from hengjian.graphql.paging import After, First, PageInfo, check_first, decode_offset, encode_cursor
from hengjian.platform.calendar import legal_day
from hengjian.scoring.api import Act, FindingFilter, FindingHead, list_findings, read_finding, read_life
from hengjian.tenants.api import visible_organization


@strawberry.type(name="CountedIn", description="A finding under which another of the same event counts.")
class CountedInType:
    """One finding that counts in another's stead."""

    rule_id: str
    no: str | None = strawberry.field(description="null where the other was last judged before numbers were kept.")


@strawberry.type(name="Finding", description="A breach of a rule, from its first day to its last.")
class FindingType:
    """One finding in a list."""

    no: str
    rule_id: str
    organization: str
    credit_code: str
    region: str
    subject: str
    severity: str
    state: str
    opened_on: date = strawberry.field(description="First day of the breach.")
    closed_on: date | None = strawberry.field(description="First day without the breach; null while it lasts.")
    measured: str | None
    required: str | None
    due_on: date | None = strawberry.field(description="Last day of the next step: statement, rectification, decision.")
    due_provisional: bool = strawberry.field(description="Whether the calendar of that year may still change.")
    counted_in: list[CountedInType] = strawberry.field(
        description="The findings of the same event under which it counts, costing nothing itself; empty: it counts itself."
    )


@strawberry.type(name="FindingStatement", description="What the organization said, with the hashes of its files.")
class FindingStatementType:
    """A statement, an objection, or an appeal."""

    at: datetime
    objection: bool
    appeal: bool = strawberry.field(description="true: to the bureau one level up.")
    by: str
    text: str
    late: bool
    files: list[str] = strawberry.field(description="SHA-256 of each file, hexadecimal.")


@strawberry.type(name="FindingDecision", description="A step of the bureau with its reason.")
class FindingDecisionType:
    """Who decided what, when and why; an organization sees no proposals."""

    at: datetime
    act: str
    by: str
    reason: str
    until: date | None


@strawberry.type(name="FindingEvent", description="One step in the life of a finding.")
class FindingEventType:
    """What happened when, by whom."""

    at: datetime
    event: str
    actor: str


@strawberry.type(name="FindingDetail", description="A finding with what it rests on.")
class FindingDetailType:
    """One finding in full."""

    finding: FindingType
    subject_kind: str
    subject_ref: str
    lacking: list[str]
    facts: JSON = strawberry.field(description="The facts by name, exact.")
    detected_at: datetime
    judged_at: datetime
    costs_points: bool
    counted_under: list[str] = strawberry.field(
        description="Rules under which it counts, as they found the same event; empty where it counts itself."
    )
    pack_version: str
    events: list[FindingEventType]
    statements: list[FindingStatementType]
    decisions: list[FindingDecisionType]


@strawberry.type(description="One page of findings.")
class FindingPage:
    """Findings, the gravest and oldest first."""

    nodes: list[FindingType]
    total_count: int
    page_info: PageInfo


Open = Annotated[bool | None, strawberry.argument(description="true: lasting; false: ended; absent: both.")]


@strawberry.type
class FindingQueries:
    """Questions about findings."""

    @strawberry.field(description="Findings that the caller may see, the gravest and oldest first.")
    async def findings(
        self,
        info: Info,
        *,
        first: First,
        after: After = None,
        credit_code: str | None = None,
        rule: str | None = None,
        severity: str | None = None,
        is_open: Open = None,
    ) -> FindingPage:
        """One page."""
        check_first(first)
        filters = ["findings", credit_code, rule, severity, is_open]
        offset = decode_offset(after, filters)
        async with info.context.database.read(caller_with(info, "read")) as session:
            entry = None
            if credit_code is not None:
                entry = await visible_organization(session, credit_code, on=legal_day(datetime.now(UTC)))
                if entry is None:
                    return FindingPage(
                        nodes=[], total_count=0, page_info=PageInfo(has_next_page=False, end_cursor=None)
                    )
            wanted = FindingFilter(tenant_id=entry.id if entry else None, rule=rule, severity=severity, is_open=is_open)
            found, total = await list_findings(session, wanted, sort="-severity", limit=first, offset=offset)
        end = offset + len(found)
        cursor = encode_cursor([str(end)], filters) if found else None
        return FindingPage(
            nodes=[as_finding(head) for head in found],
            total_count=total,
            page_info=PageInfo(has_next_page=end < total, end_cursor=cursor),
        )

    @strawberry.field(description="One finding by its number; null when there is none for the caller.")
    async def finding(self, info: Info, no: str) -> FindingDetailType | None:
        """The finding with its facts and history."""
        async with info.context.database.read(caller_with(info, "read")) as session:
            found = await read_finding(session, no)
            life = await read_life(session, no)
        if found is None or life is None:
            return None
        return FindingDetailType(
            finding=as_finding(found.head),
            subject_kind=found.subject_kind,
            subject_ref=found.subject_key,
            lacking=list(found.lacking),
            facts=JSON(dict(found.facts)),
            detected_at=found.detected_at,
            judged_at=found.judged_at,
            costs_points=found.costs_points,
            counted_under=list(dict.fromkeys(one.rule_id for one in found.head.counted_in)),
            pack_version=found.pack_version,
            events=[FindingEventType(at=one.at, event=one.event, actor=one.actor) for one in found.events],
            statements=[
                FindingStatementType(
                    at=one.at,
                    objection=one.act is Act.OBJECT,
                    appeal=one.act is Act.APPEAL,
                    by=one.by,
                    text=one.text,
                    late=one.late,
                    files=[file.sha256 for file in one.files],
                )
                for one in life.statements
            ],
            decisions=[
                FindingDecisionType(at=one.at, act=one.act, by=one.by, reason=one.reason, until=one.until)
                for one in life.decisions
            ],
        )


def as_finding(head: FindingHead) -> FindingType:
    """A finding as the API shows it."""
    return FindingType(
        no=head.no,
        rule_id=head.rule_id,
        organization=head.organization,
        credit_code=head.credit_code,
        region=head.region,
        subject=head.subject,
        severity=head.severity,
        state=head.state,
        opened_on=head.opened_on,
        closed_on=head.closed_on,
        measured=head.measured,
        required=head.required,
        due_on=head.due_on,
        due_provisional=head.due_provisional,
        counted_in=[CountedInType(rule_id=one.rule_id, no=one.no) for one in head.counted_in],
    )
