"""Organizations with their standing, verdicts and scores: for a bureau those of its region, for others their own."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated

import strawberry

from hengjian.graphql.context import Info, caller_with
from hengjian.graphql.paging import After, First, PageInfo, check_first, decode_offset, encode_cursor
from hengjian.platform.calendar import legal_day
from hengjian.scoring.api import (
    Standing,
    StandingFilter,
    list_standings,
    read_judgements,
    scores_between,
    standing_of,
)
from hengjian.tenants.api import visible_organization


@strawberry.type(name="Verdict", description="What one rule says of one subject, as of the last evaluation.")
class VerdictType:
    """One verdict."""

    rule_id: str
    subject_kind: str
    subject_ref: str = strawberry.field(description="The sender's reference; empty for the organization itself.")
    subject: str
    verdict: str = strawberry.field(description="pass, breach, not_applicable or no_data.")
    severity: str | None
    measured: str | None = strawberry.field(description="Exact, as text: an integer, a decimal, a fraction, a day.")
    required: str | None
    missing: list[str] = strawberry.field(description="Facts that are not known.")
    lacking: list[str] = strawberry.field(description="What the subject does not have.")
    since: date
    as_of: date
    finding: str | None = strawberry.field(description="Number of the open finding.")


@strawberry.type(
    name="MonthScore", description="The provisional score of a month, as if every open finding were confirmed."
)
class MonthScoreType:
    """One month."""

    region: str
    month: date
    as_of: date
    total: Decimal | None
    grade: str | None
    unrated: str | None = strawberry.field(description="Why there is no grade.")
    official_total: Decimal | None = strawberry.field(description="The score of what is confirmed.")
    official_grade: str | None
    not_assessed: list[str] = strawberry.field(description="Dimensions that are not assessed yet.")


@strawberry.type(name="Organization", description="An organization with its provisional standing.")
class OrganizationType:
    """One organization."""

    credit_code: str
    name: str
    kinds: list[str]
    region: str
    total: Decimal | None = strawberry.field(description="Provisional score; null while not rated.")
    grade: str | None
    unrated: str | None
    critical: int
    major: int
    minor: int
    no_data: int
    points: int | None
    last_push_at: datetime | None


@strawberry.type(description="One page of organizations.")
class OrganizationPage:
    """Organizations by name."""

    nodes: list[OrganizationType]
    total_count: int
    page_info: PageInfo


Code = Annotated[str, strawberry.argument(description="统一社会信用代码, 18 characters.")]


@strawberry.type
class OrganizationQueries:
    """Questions about organizations."""

    @strawberry.field(description="Organizations that the caller may see, by name.")
    async def organizations(
        self,
        info: Info,
        *,
        first: First,
        after: After = None,
        search: str | None = None,
        region: str | None = None,
        grade: str | None = None,
    ) -> OrganizationPage:
        """One page."""
        check_first(first)
        filters = ["organizations", search, region, grade]
        offset = decode_offset(after, filters)
        wanted = StandingFilter(text=search, region=region, grade=grade)
        async with info.context.database.read(caller_with(info, "read")) as session:
            found, total = await list_standings(session, wanted, sort="name", limit=first, offset=offset)
        end = offset + len(found)
        cursor = encode_cursor([str(end)], filters) if found else None
        return OrganizationPage(
            nodes=[_organization(standing) for standing in found],
            total_count=total,
            page_info=PageInfo(has_next_page=end < total, end_cursor=cursor),
        )

    @strawberry.field(description="One organization; null when there is none for the caller, or none judged yet.")
    async def organization(self, info: Info, credit_code: Code) -> OrganizationType | None:
        """The organization's standing."""
        async with info.context.database.read(caller_with(info, "read")) as session:
            entry = await visible_organization(session, credit_code, on=legal_day(datetime.now(UTC)))
            standing = await standing_of(session, entry.id) if entry else None
        return _organization(standing) if standing else None

    @strawberry.field(description="Every verdict on an organization, as of its last evaluation.")
    async def verdicts(self, info: Info, credit_code: Code) -> list[VerdictType]:
        """Verdicts by rule and subject."""
        async with info.context.database.read(caller_with(info, "read")) as session:
            entry = await visible_organization(session, credit_code, on=legal_day(datetime.now(UTC)))
            found = await read_judgements(session, entry.id, regions=entry.regions) if entry else ()
        return [
            VerdictType(
                rule_id=one.rule_id,
                subject_kind=one.subject_kind,
                subject_ref=one.subject_key,
                subject=one.subject,
                verdict=one.verdict,
                severity=one.severity,
                measured=one.measured,
                required=one.required,
                missing=list(one.missing),
                lacking=list(one.lacking),
                since=one.since,
                as_of=one.as_of,
                finding=one.finding,
            )
            for one in found
        ]

    @strawberry.field(description="Provisional scores month by month.")
    async def scores(self, info: Info, credit_code: Code, since: date, until: date) -> list[MonthScoreType]:
        """Scores of the months from `since` to before `until`, by region."""
        async with info.context.database.read(caller_with(info, "read")) as session:
            entry = await visible_organization(session, credit_code, on=legal_day(datetime.now(UTC)))
            found = await scores_between(session, since=since, until=until, tenant_id=entry.id) if entry else ()
        return [
            MonthScoreType(
                region=one.region,
                month=one.month,
                as_of=one.as_of,
                total=one.total,
                grade=one.grade,
                unrated=one.unrated,
                official_total=one.official_total,
                official_grade=one.official_grade,
                not_assessed=[item["id"] for item in one.dimensions if item["score"] is None],
            )
            for one in found
        ]


def _organization(standing: Standing) -> OrganizationType:
    return OrganizationType(
        credit_code=standing.credit_code,
        name=standing.name,
        kinds=list(standing.kinds),
        region=standing.region,
        total=standing.total,
        grade=standing.grade,
        unrated=standing.unrated,
        critical=standing.critical,
        major=standing.major,
        minor=standing.minor,
        no_data=standing.no_data,
        points=standing.points,
        last_push_at=standing.last_push_at,
    )
