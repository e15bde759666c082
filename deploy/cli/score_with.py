"""`hengjian score-with`: a credit model tried beside the one in force."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from hengjian.deploy.cli.entering import AS_JSON, operate, operator, organization_of
from hengjian.deploy.cli.frame import print_json
from hengjian.deploy.cli.lawbook import Day
from hengjian.deploy.services import Services
from hengjian.platform.calendar import legal_day
from hengjian.scoring.api import (
    CreditModel,
    CreditScore,
    ModelTrial,
    lawbook_now,
    load_credit_model,
    printed_score,
    try_model,
)
from hengjian.tenants.api import OrganizationKind, get_all_supervised, supervised_ids


@click.command("score-with")
@click.argument("model", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--organization", "credit_code", help="Credit code of one organization; without it, all of them.")
@click.option("--date", "on", type=Day(), help="The score of this day; without it today.")
@AS_JSON
@click.pass_context
def score_with(context: click.Context, *, model: Path, credit_code: str | None, on: date | None, as_json: bool) -> None:
    """Score by the credit model in a file (MODEL) beside the one in force, on the same history; nothing is stored."""
    day = on or legal_day(datetime.now(UTC))

    async def work(services: Services) -> tuple[CreditModel, Sequence[ModelTrial]]:
        tried = load_credit_model(model)
        return tried, await _trials(services, tried, credit_code, day)

    tried, trials = operate(context, work, as_json=as_json)
    if as_json:
        print_json({"model": tried.id, "version": tried.version, "date": day, "scores": [_json(one) for one in trials]})
        return
    for one in trials:
        mark = "*" if one.moves else " "
        before, after = _told(one.in_force, one.model_in_force), _told(one.tried, one.model_tried)
        click.echo(f"{mark} {one.credit_code}  {before} -> {after}  {one.name}")
    click.echo(f"{len(trials)} organizations on {day}; {sum(one.moves for one in trials)} grades move (*).")


def _told(score: CreditScore, model: CreditModel) -> str:
    total = "–" if score.total is None else printed_score(score.total, model)
    return f"{total:>6} {score.grade or score.unrated:<2}"


def _json(trial: ModelTrial) -> dict[str, Any]:
    return {
        "credit_code": trial.credit_code,
        "region": trial.region,
        "in_force": _score(trial.in_force),
        "tried": _score(trial.tried),
        "changes": [
            {"dimension": item.dimension, "cause": item.cause, "ref": item.ref, "points": str(item.points)}
            for item in trial.changes
        ],
    }


def _score(score: CreditScore) -> dict[str, Any]:
    total = None if score.total is None else str(score.total)
    return {"model_version": score.model_version, "total": total, "grade": score.grade, "unrated": score.unrated}


async def _trials(services: Services, model: CreditModel, credit_code: str | None, on: date) -> Sequence[ModelTrial]:
    database = services.database
    if credit_code is None:
        async with database.read(operator()) as session:
            wanted = await supervised_ids(session)
    else:
        wanted = [(await organization_of(services, credit_code)).id]
    trials, lawbook = [], await lawbook_now(database)
    for tenant_id in wanted:
        async with database.read(operator(tenant_id=tenant_id)) as session:
            (organization,) = await get_all_supervised(session, [tenant_id], on=on)
            if OrganizationKind.BUREAU not in organization.kinds:
                trials.append(await try_model(session, organization, model, lawbook=lawbook, as_of=on))
    return trials
