"""`hengjian score`: one organization's score, explained."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache

import click

from hengjian.dashboards.labels import CAUSES
from hengjian.dashboards.language import Language, Words, read_catalogue
from hengjian.deploy.cli.entering import operate, operator, organization_of
from hengjian.deploy.cli.frame import in_chinese
from hengjian.deploy.cli.lawbook import Day, Region
from hengjian.deploy.services import Services
from hengjian.platform.calendar import legal_day
from hengjian.scoring.api import CreditScore, ScoreExplained, as_text, explain_score, lawbook_now, printed_score
from hengjian.tenants.api import get_all_supervised


@click.command()
@click.argument("credit_code")
@click.option("--date", "on", type=Day(), help="The score of this day; without it today.")
@click.option("--since", type=Day(), help="Say what changed since this day; without it the end of the month before.")
@click.option("--region", type=Region(), help="As judged in this region; without it the region it is at home in.")
@click.pass_context
def score(context: click.Context, *, credit_code: str, on: date | None, since: date | None, region: str | None) -> None:
    """Explain a score: each step from 100 with its findings, what changed, and what would raise the grade."""
    day = on or legal_day(datetime.now(UTC))
    earlier = since or day.replace(day=1) - timedelta(days=1)
    if earlier > day:
        raise click.BadParameter(f"{earlier} comes after {day}", param_hint="--since")

    async def work(services: Services) -> ScoreExplained:
        known = await organization_of(services, credit_code)
        lawbook = await lawbook_now(services.database)
        async with services.database.read(operator(tenant_id=known.id)) as session:
            (organization,) = await get_all_supervised(session, [known.id], on=day)
            place = region or known.region
            return await explain_score(session, organization, region=place, as_of=day, since=earlier, lawbook=lawbook)

    for line in told(operate(context, work)):
        click.echo(line)


def told(found: ScoreExplained) -> Iterator[str]:
    """The lines: the score, its steps, what changed, what would raise the grade."""
    yield from _waterfall(found)
    yield from _changes(found)
    yield from _plan(found)


def _waterfall(found: ScoreExplained) -> Iterator[str]:
    result = found.provisional.score
    yield f"{result.as_of}  {_shown(found, result)}  ({found.model.id}, {found.model.version[:12]})"
    official = "正式得分（只计已确认）" if in_chinese() else "official, of what is confirmed"
    yield f"{'':>10}  {official}: {_shown(found, found.official.score)}"
    yield f"{'100':>10}"
    for step in result.steps:
        yield f"{as_text(step.points):>10}  {_named(found, step.dimension, step.cause.value, step.ref, step.findings)}"
    if result.not_assessed:
        label = "未评估" if in_chinese() else "not assessed"
        yield f"{'':>10}  {label}: {', '.join(result.not_assessed)}"
    if result.barred_by:
        label = "严重违规，不得评为优" if in_chinese() else "critical, which bars the best grade"
        yield f"{'':>10}  {label}: {', '.join(found.numbers.get(name, name) for name in result.barred_by)}"


def _changes(found: ScoreExplained) -> Iterator[str]:
    moved = found.provisional
    difference = moved.score.points - moved.before.points
    label = "自此变化" if in_chinese() else "changed since"
    yield f"{label} {moved.before.as_of} ({_shown(found, moved.before)}): {as_text(difference)}"
    for item in moved.changes:
        findings = item.came + item.went or item.stayed
        yield f"{as_text(item.points):>10}  {_named(found, item.dimension, item.cause.value, item.ref, findings)}"


def _plan(found: ScoreExplained) -> Iterator[str]:
    plan = found.plan
    if plan is None:
        return
    if not plan.reachable:
        yield (
            f"至 {plan.by} 无法达到 {plan.grade}" if in_chinese() else f"{plan.grade} cannot be reached by {plan.by}"
        )
        return
    refs = ", ".join(found.numbers.get(item.ref, item.ref) for item in plan.corrections)
    then = printed_score(plan.score.points, found.model)
    if in_chinese():
        yield f"至 {plan.by} 达到 {plan.grade}（{then}）：整改 {refs or '无需'}"
    else:
        yield f"{plan.grade} by {plan.by} ({then}): correct {refs or 'nothing more'}"


def _named(found: ScoreExplained, dimension: str, cause: str, ref: str, findings: tuple[str, ...]) -> str:
    label = _words("zh" if in_chinese() else "en")(CAUSES[cause]) if cause in CAUSES else cause
    named = [found.numbers.get(name, name) for name in findings]
    more = f" +{len(named) - 5}" if len(named) > 5 else ""
    return f"{dimension:<3} {ref or label:<8} {', '.join(named[:5])}{more}".rstrip()


def _shown(found: ScoreExplained, result: CreditScore) -> str:
    if result.total is None:
        return str(result.unrated)
    return f"{printed_score(result.total, found.model)} {result.grade}"


@cache
def _words(language: Language) -> Words:
    return Words(language, read_catalogue())
