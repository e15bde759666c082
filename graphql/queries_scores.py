"""A score with its steps, and what changed between two days, for the organization itself and its bureaus."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated

import strawberry

from hengjian.graphql.context import Info, caller_with
from hengjian.graphql.errors import ApiError
from hengjian.graphql.queries_findings import FindingType, as_finding
from hengjian.platform.calendar import legal_day
from hengjian.scoring.api import (
    CreditScore,
    FindingHead,
    ScoreExplained,
    as_text,
    explain_score,
    findings_of,
    printed_score,
    standings_of,
)
from hengjian.scoring.errors import NoCreditModelError
from hengjian.tenants.api import get_supervised, visible_organization

_LONGEST_DAYS = 800
Code = Annotated[str, strawberry.argument(description="统一社会信用代码, 18 characters.")]
From = Annotated[date, strawberry.argument(name="from", description="The earlier day.")]
To = Annotated[date, strawberry.argument(name="to", description="The later day, today at the latest.")]
_EXACT = "Exact, as text: -6, -0.25, or a fraction such as -284/3."


@strawberry.type(name="ScoreStep", description="One step from 100 to a score.")
class ScoreStepType:
    """Points given or taken, and why."""

    dimension: str
    cause: str = strawberry.field(description="rule, penalty, dimension_cap, bonus and others.")
    ref: str = strawberry.field(description="The rule or document.")
    points: str = strawberry.field(description=_EXACT)
    findings: list[FindingType]


@strawberry.type(name="BonusYear", description="A year that the bonus for clean years asks for.")
class BonusYearType:
    """The bonus is given when every year is clean."""

    year: int
    found: str = strawberry.field(
        description="clean, unknown (no final grade in the region), unrated, findings, penalty or veto."
    )
    findings: int = strawberry.field(description="How many findings count against it.")


@strawberry.type(name="Score", description="A score of one day: 100 and all steps together are `points`, always.")
class ScoreType:
    """Total and grade are null while not rated; an official score counts what is confirmed."""

    as_of: date
    official: bool
    points: str = strawberry.field(description=_EXACT)
    total: str | None = strawberry.field(
        description="Printed: two decimals, more where these would show another grade."
    )
    grade: str | None
    unrated: str | None
    model: str
    model_version: str
    not_assessed: list[str]
    bonus_years: list[BonusYearType]
    steps: list[ScoreStepType]


@strawberry.type(name="ScoreChangeItem", description="One step that gives or takes other points than before.")
class ScoreChangeItemType:
    """`finding` is the first of those that came, else went, else stayed."""

    dimension: str
    cause: str
    ref: str
    points: str = strawberry.field(description=_EXACT)
    finding: FindingType | None
    came: list[FindingType]
    went: list[FindingType]
    stayed: list[FindingType]


@strawberry.type(name="ScoreChange", description="What changed between two scores; the items sum to the difference.")
class ScoreChangeType:
    """The scores before and after, and what lies between."""

    before: ScoreType = strawberry.field(name="from")
    after: ScoreType = strawberry.field(name="to")
    difference: str = strawberry.field(description=_EXACT)
    items: list[ScoreChangeItemType]


Found = tuple[ScoreExplained, Mapping[str, FindingHead]]


@strawberry.type
class ScoreQueries:
    """Questions about a score."""

    @strawberry.field(description="A score with every step; null when there is none for the caller.")
    async def score(
        self, info: Info, organization: Code, on: date | None = None, *, official: bool = False
    ) -> ScoreType | None:
        """The score of a day; without one, of today."""
        day = on or legal_day(datetime.now(UTC))
        found = await _explained(info, organization, day, day)
        if found is None:
            return None
        moved = found[0].official if official else found[0].provisional
        return _score(moved.score, found, official=official)

    @strawberry.field(
        description="What changed between two days, by items that sum to the difference; null when there is none."
    )
    async def score_change(
        self, info: Info, organization: Code, since: From, until: To, *, official: bool = False
    ) -> ScoreChangeType | None:
        """From the score at the end of one day to that of another."""
        found = await _explained(info, organization, since, until)
        if found is None:
            return None
        moved = found[0].official if official else found[0].provisional
        return ScoreChangeType(
            before=_score(moved.before, found, official=official),
            after=_score(moved.score, found, official=official),
            difference=str(as_text(moved.score.points - moved.before.points)),
            items=[
                ScoreChangeItemType(
                    dimension=item.dimension,
                    cause=item.cause.value,
                    ref=item.ref,
                    points=str(as_text(item.points)),
                    finding=next(iter(_findings(found, (*item.came, *item.went, *item.stayed))), None),
                    came=_findings(found, item.came),
                    went=_findings(found, item.went),
                    stayed=_findings(found, item.stayed),
                )
                for item in moved.changes
            ],
        )


async def _explained(info: Info, credit_code: str, since: date, until: date) -> Found | None:
    """The explanation, as judged where the organization stands worst.

    Raises:
        ApiError: BAD_INPUT, when the days are in the wrong order, too far apart or ahead.
    """
    today = legal_day(datetime.now(UTC))
    if not since <= until <= today or (until - since).days > _LONGEST_DAYS:
        raise ApiError("BAD_INPUT", f"(from <= to <= {today}, {_LONGEST_DAYS} days at most)")
    caller = caller_with(info, "read")
    async with info.context.database.read(caller) as session:
        entry = await visible_organization(session, credit_code, on=today)
        standings = await standings_of(session, entry.id) if entry else ()
    if entry is None or not standings:
        return None
    focus = entry.id if caller.kind == "bureau" else None
    async with info.context.database.read(caller, focus=focus) as session:
        organization = await get_supervised(session, entry.id, on=until)
        if organization is None:
            return None
        try:
            explained = await explain_score(
                session,
                organization,
                region=standings[0].region,
                as_of=until,
                since=since,
                lawbook=info.context.lawbook,
            )
        except NoCreditModelError:
            return None
        return explained, await findings_of(session, sorted(set(explained.numbers.values())))


def _score(score: CreditScore, found: Found, *, official: bool) -> ScoreType:
    return ScoreType(
        as_of=score.as_of,
        official=official,
        points=str(as_text(score.points)),
        total=None if score.total is None else printed_score(score.total, found[0].model),
        grade=score.grade,
        unrated=score.unrated,
        model=score.model,
        model_version=score.model_version,
        not_assessed=list(score.not_assessed),
        bonus_years=[BonusYearType(year=one.year, found=one.found.value, findings=one.findings) for one in score.years],
        steps=[
            ScoreStepType(
                dimension=step.dimension,
                cause=step.cause.value,
                ref=step.ref,
                points=str(as_text(step.points)),
                findings=_findings(found, step.findings),
            )
            for step in score.steps
        ],
    )


def _findings(found: Found, names: tuple[str, ...]) -> list[FindingType]:
    explained, heads = found
    numbers = (explained.numbers.get(name, "") for name in names)
    return [as_finding(heads[number]) for number in numbers if number in heads]
