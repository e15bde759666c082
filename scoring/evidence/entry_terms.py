"""The limits of entries on site, as rule S-03 has them in a region on a day: pages say nothing else than the rule."""

from collections.abc import Callable
from datetime import date, timedelta

from hengjian.ingestion.api import EntryTerms
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.values import Value

RULE = "S-03"


def entry_terms(lawbook: LawBook, region: str) -> Callable[[date], EntryTerms | None]:
    """By legal day the limits in a region; None where and when the rule is not in force."""

    def on(day: date) -> EntryTerms | None:
        rule = lawbook.rule_in_force(RULE, region=region, on=day)
        if rule is None:
            return None
        ahead = timedelta(seconds=_whole(rule.parameters["most_ahead_seconds"].value))
        return EntryTerms(within_m=_whole(rule.parameters["within_m"].value), clock_ahead=ahead)

    return on


def _whole(value: Value) -> int:
    if isinstance(value, int):
        return value
    raise TypeError(value)
