"""A score and what changed in it, as the API tells them: sums that hold, for the organization and its bureau alike."""

from fractions import Fraction
from typing import Any

from hengjian.platform.db import Database
from tests.support.api import Api, Sender, a_bureau_sender, a_sender
from tests.support.breaches import TODAY, in_breach

CHANGE = """{{ scoreChange(organization: "{code}", from: "{since}", to: "{until}") {{
  from {{ points }} to {{ points total grade steps {{ points findings {{ no }} }} }} difference
  items {{ points cause ref finding {{ no ruleId }} }} }} }}"""


def change(sender: Sender, since: str, until: str) -> str:
    return CHANGE.format(code=sender.organization.credit_code, since=since, until=until)


async def test_items_sum_to_the_difference_and_name_their_findings(api: Api, database: Database) -> None:
    """From the last day of last year, on which nothing of this year counted: exact, and the same for the bureau."""
    sender, bureau = await in_breach(api, database), await a_bureau_sender(database)
    question = change(sender, f"{TODAY.year - 1}-12-31", TODAY.isoformat())
    told: dict[str, Any] = (await api.ask(sender.key, question))["data"]["scoreChange"]
    assert told["items"]
    total = sum(Fraction(item["points"]) for item in told["items"])
    assert total == Fraction(told["difference"]) == Fraction(told["to"]["points"]) - Fraction(told["from"]["points"])
    assert 100 + sum(Fraction(step["points"]) for step in told["to"]["steps"]) == Fraction(told["to"]["points"])
    assert {item["finding"]["ruleId"] == item["ref"] for item in told["items"] if item["cause"] == "rule"} == {True}
    assert (await api.ask(bureau.key, question))["data"]["scoreChange"] == told


async def test_days_in_the_wrong_order_are_refused(api: Api, database: Database) -> None:
    """With a code; so is a day that has not come."""
    sender = await a_sender(database)
    for since, until in ((TODAY.isoformat(), "2026-01-01"), ("2026-01-01", "2999-01-01")):
        body = await api.ask(sender.key, change(sender, since, until))
        assert [error["extensions"]["code"] for error in body["errors"]] == ["BAD_INPUT"]
