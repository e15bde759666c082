"""Rules in people's words: names of facts, values with their unit, limits with their operator."""

from collections.abc import Iterable

from hengjian.dashboards.formats import number, stored
from hengjian.dashboards.labels import CHOICES
from hengjian.dashboards.language import Bilingual, Text, Words
from hengjian.dashboards.pages.rules_record import EventLine
from hengjian.dashboards.visitor import Visitor
from hengjian.scoring.api import FACTS, LawBook, Pack, Rule, limit_sign, shared_event


def home_region(visitor: Visitor | None) -> str | None:
    """The region whose rules the visitor sees first; None leaves each pack its own."""
    return visitor.caller.region or None if visitor else None


def with_sign(rule: Rule, required: str, *, measured: str | None, breach: bool) -> str:
    """The required value as it is printed, `≥ 2`; of what may not be at all, `= 0`."""
    return f"{limit_sign(rule, required, measured=measured, breach=breach)} {stored(required)}".strip()


def value_text(value: object, words: Words) -> str:
    """A parameter's or an example's value: codes of closed lists by their words, lists joined as the language does."""
    if isinstance(value, tuple | list):
        return words("、").join(value_text(one, words) for one in value) or words("无")
    if isinstance(value, bool):
        return words("是") if value else words("否")
    if isinstance(value, str):
        return words(CHOICES[value]) if value in CHOICES else value or "“”"
    return number(value)


def source_title(pack: Pack, rule: Rule) -> Bilingual:
    """The title of the source a rule cites."""
    return pack.sources.get(rule.cites.source, Text(rule.cites.source))


def event_lines(book: LawBook, rule_id: str, others: Iterable[str]) -> tuple[EventLine, ...]:
    """Other rules that may tell of the same event as a rule, ready to print."""
    rules = [rule for pack in book.packs for rule in pack.rules]
    titles = {rule.id: rule.title for rule in rules}
    return tuple(
        EventLine(other, titles.get(other, other), shared_event(rule_id, other, rules) or "") for other in others
    )


def fact_unit(name: str, words: Words) -> str:
    """What a fact is counted in; empty without a unit, and in English where the fact's own name says it (`crews`)."""
    fact = FACTS.get(name)
    return "" if fact is None else fact.unit.en if words.language == "en" else fact.unit.zh


def fact_label(name: str) -> Bilingual | str:
    """What a fact is called; its own name when the catalogue has none."""
    fact = FACTS.get(name)
    return fact.label if fact else name
