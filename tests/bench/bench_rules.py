"""How long 60 rules take on 10,000 subjects: verdict, measured and required of each, facts in memory."""

import random
import time
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle, islice

from hengjian.scoring.domain.facts import FACTS
from hengjian.scoring.domain.judging import RuleInForce
from hengjian.scoring.domain.verdicts import Verdict
from hengjian.scoring.lawbook_files import load_lawbook

RULES = 60
SUBJECTS = 10_000
TODAY = date(2026, 11, 20)


def measure() -> list[dict[str, object]]:
    """The best of three rounds of 600,000 judgements, in seconds."""
    rules = tuple(islice(cycle(load_lawbook().rules_in_force(on=TODAY)), RULES))
    subjects = make_subjects(SUBJECTS)
    value = min(_round(rules, subjects) for _ in range(3))
    return [{"name": "rules_600k_seconds", "value": round(value, 4), "unit": "s", "baseline": None, "ratio": None}]


def _round(rules: tuple[RuleInForce, ...], subjects: list[Mapping[str, object]]) -> float:
    started = time.perf_counter()
    verdicts: list[Verdict] = []
    for rule in rules:
        verdicts = [rule.judge(facts) for facts in subjects]
    elapsed = time.perf_counter() - started
    if len(verdicts) != len(subjects):
        raise RuntimeError
    return elapsed


def make_subjects(count: int) -> list[Mapping[str, object]]:
    """Subjects with every fact of the catalogue, near and across the limits, one fact in a hundred unknown."""
    chance = random.Random(20261120)  # noqa: S311 - the same figures on every run
    return [_subject(chance) for _ in range(count)]


def _subject(chance: random.Random) -> Mapping[str, object]:
    facts: dict[str, object] = {name: _value(name, chance) for name in FACTS}
    if chance.random() < 0.5:
        facts[chance.choice(list(facts))] = None
    return facts


def _value(name: str, chance: random.Random) -> object:
    fact = FACTS[name]
    match fact.type.value:
        case "integer":
            return chance.randrange(120)
        case "decimal":
            return Decimal(chance.randrange(3000, 9000)) / 100
        case "text":
            return chance.choice(["污染源自动监测设施运维技术服务", "环保设备销售"])
        case "date":
            return TODAY - timedelta(days=chance.randrange(400))
        case "boolean":
            return chance.random() < 0.9
    return tuple(code for code in fact.choices if chance.random() < 0.9)
