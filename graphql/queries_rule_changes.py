"""Changes of rules: what is approved, for everybody with a key; a bureau's own drafts for the bureau."""

from datetime import UTC, date, datetime

import strawberry

from hengjian.graphql.context import Info, caller_with
from hengjian.platform.calendar import legal_day
from hengjian.scoring.api import ChangeHead, list_changes

_MOST = 200


@strawberry.type(name="RuleChange", description="A change of a rule by a bureau, for its region and all below it.")
class RuleChangeType:
    """One change."""

    number: str
    rule: str
    kind: str = strawberry.field(
        description="parameter (a new value), severity, off (the rule ends), text (a whole rule) or end (of a change)."
    )
    region: str
    bureau: str
    from_day: date = strawberry.field(description="Its first day in force.")
    until: date | None = strawberry.field(description="The first day without it, when another change ends it.")
    stage: str = strawberry.field(
        description="draft, checked, submitted, shadow (approved, before its day), in_force, switched_off or withdrawn."
    )
    reason: str
    clause: str
    parameter: str = strawberry.field(description="Whose value changes; empty for other kinds.")
    value: str = strawberry.field(description="The new value or severity, as text.")
    version: str = strawberry.field(description="Hash of what the change says.")
    approved_at: datetime | None


@strawberry.type
class RuleChangeQueries:
    """Questions about changes of rules."""

    @strawberry.field(
        description="The newest changes of rules that the caller may see, at most 200: whatever is approved, and a "
        "bureau's own drafts."
    )
    async def rule_changes(self, info: Info, rule: str | None = None) -> list[RuleChangeType]:
        """Changes, the newest first."""
        caller = caller_with(info, "read")
        async with info.context.database.read(caller) as session:
            page = await list_changes(session, today=legal_day(datetime.now(UTC)), rule_id=rule, limit=_MOST)
        return [_change(one) for one in page.changes]


def _change(one: ChangeHead) -> RuleChangeType:
    return RuleChangeType(
        number=one.no,
        rule=one.rule_id,
        kind=one.kind,
        region=one.region,
        bureau=one.bureau,
        from_day=one.from_day,
        until=one.until,
        stage=one.stage,
        reason=one.reason,
        clause=one.clause,
        parameter=one.parameter,
        value=one.value,
        version=one.version,
        approved_at=one.approved_at,
    )
