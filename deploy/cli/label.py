"""`hengjian label`."""

from dataclasses import replace
from datetime import UTC, datetime

import click

from hengjian.deploy.cli.entering import AS_JSON, enter, refuse
from hengjian.deploy.cli.frame import print_json
from hengjian.deploy.services import Services
from hengjian.ingestion.api import (
    MOST_LABELS,
    LabelIssue,
    LabelsRefusedError,
    NotABureauError,
    issue_labels,
    label_recipient,
)
from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Session
from hengjian.tenants.api import get_organization


@click.group()
def label() -> None:
    """Issue seal labels (识别标识码) to monitoring institutions."""


@label.command()
@click.argument("credit_code")
@click.argument("count", type=click.IntRange(1, MOST_LABELS))
@click.option("--bureau", required=True, help="Credit code of the bureau that issues them.")
@AS_JSON
@click.pass_context
def issue(context: click.Context, *, credit_code: str, count: int, bureau: str, as_json: bool) -> None:
    """Issue COUNT labels to the institution with CREDIT_CODE, on behalf of a bureau; prints their numbers."""

    async def work(session: Session, services: Services) -> LabelIssue | LabelsRefusedError:
        issuer, now = await get_organization(session, bureau), datetime.now(UTC)
        if not issuer.is_bureau:
            return NotABureauError()
        caller = replace(session.caller, kind="bureau", tenant_id=issuer.id, region=issuer.region)
        try:
            async with services.database.read(caller) as reader:
                holder = await label_recipient(reader, credit_code, on=legal_day(now))
            async with services.database.write(caller, focus=holder.id) as writer:
                return await issue_labels(writer, holder, count=count, issuer=issuer.name, now=now)
        except LabelsRefusedError as refused:
            return refused

    made = enter(context, work, as_json=as_json)
    if isinstance(made, LabelsRefusedError):
        refuse(context, code=made.code, zh=made.zh, en=made.en, as_json=as_json)
    if as_json:
        print_json({"issue_id": made.id, "issued_at": made.issued_at.isoformat(), "labels": list(made.numbers)})
    else:
        click.echo("\n".join(made.numbers))
