"""Changes of rules: what is approved, for everybody with a key; a bureau's own drafts for the bureau."""

from datetime import UTC, date, datetime

import strawberry

from hengjian.graphql.context import Info, caller_with
from hengjian.graphql.paging import After, First, PageInfo, check_first, decode_offset, encode_cursor
from hengjian.platform.calendar import legal_day
from hengjian.scoring.api import ChangeHead, ImpactRow, latest_impact, list_changes, list_impact_rows

_MOST = 200
_POINTS = "Exact to twelve places, as text; null where it is not rated."


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


@strawberry.type(name="RuleChangeEffect", description="One organization that a change moves, in one region.")
class RuleChangeEffectType:
    """What a change would have meant in twelve months; points and grades are today's and provisional."""

    credit_code: str
    organization: str
    region: str
    effect: str = strawberry.field(
        description="starts, stops, longer or shorter (days of breach), same (another severity or demand), or score "
        "(only the score moves)."
    )
    days_before: int
    days_after: int
    points_before: str | None = strawberry.field(description=_POINTS)
    points_after: str | None = strawberry.field(description=_POINTS)
    grade_before: str | None
    grade_after: str | None


@strawberry.type(
    name="RuleChangeImpact", description="The last preview of a change, with one page of whom the change moves."
)
class RuleChangeImpactType:
    """How far a preview is, and what it comes to."""

    state: str = strawberry.field(description="waiting, running or done.")
    since: date
    until: date
    up_to_date: bool = strawberry.field(description="Whether the change still says what was previewed.")
    organizations: int = strawberry.field(description="Those that have what the rule judges.")
    grades_move: int
    nodes: list[RuleChangeEffectType]
    total_count: int
    page_info: PageInfo


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

    @strawberry.field(
        description="The last preview of a change by its number, moved grades first; null when there is none for the "
        "caller: it is for the bureau whose change it is and for those above it."
    )
    async def rule_change_impact(
        self, info: Info, *, number: str, first: First, after: After = None
    ) -> RuleChangeImpactType | None:
        """One page of a preview."""
        check_first(first)
        filters = ["ruleChangeImpact", number]
        offset = decode_offset(after, filters)
        async with info.context.database.read(caller_with(info, "read")) as session:
            impact = await latest_impact(session, number)
            if impact is None:
                return None
            page = await list_impact_rows(session, impact.id, limit=first, offset=offset)
        end = offset + len(page.rows)
        return RuleChangeImpactType(
            state=impact.state,
            since=impact.since,
            until=impact.until,
            up_to_date=impact.fresh,
            organizations=impact.summary.organizations,
            grades_move=impact.summary.grades_move,
            nodes=[_effect(one) for one in page.rows],
            total_count=page.total,
            page_info=PageInfo(
                has_next_page=end < page.total,
                end_cursor=encode_cursor([str(end)], filters) if page.rows else None,
            ),
        )


def _effect(one: ImpactRow) -> RuleChangeEffectType:
    return RuleChangeEffectType(
        credit_code=one.credit_code,
        organization=one.name,
        region=one.region,
        effect=one.effect,
        days_before=one.days_before,
        days_after=one.days_after,
        points_before=None if one.points_before is None else str(one.points_before),
        points_after=None if one.points_after is None else str(one.points_after),
        grade_before=one.grade_before,
        grade_after=one.grade_after,
    )


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
