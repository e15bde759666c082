"""Worked examples: each case in a rule's file is judged and compared before the rule is used."""

from dataclasses import dataclass

from hengjian.scoring.domain.judging import put_in_force
from hengjian.scoring.domain.rules import Example, Rule
from hengjian.scoring.domain.values import plain
from hengjian.scoring.domain.verdicts import Outcome, Verdict

COMPARED = ("verdict", "severity", "measured", "required", "missing", "lacking")


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that came out otherwise."""

    rule: str
    number: int
    what: str
    expected: object
    got: object


def check_example(rule: Rule, number: int) -> tuple[Failure, ...]:
    """Judge one example (counted from 1) fast and step by step, and list what differs from what it states."""
    example = rule.examples[number - 1]
    parameters = rule.resolve(example.region, example.on)
    if parameters is None:
        return (Failure(rule.id, number, "in force", f"{example.region} {example.on}", "not in force"),)
    in_force = put_in_force(rule, parameters)
    verdict, explained = in_force.judge(example.facts), in_force.explain(example.facts).verdict
    failures = [
        Failure(rule.id, number, name, plain_of(expected), plain_of(getattr(verdict, name)))
        for name, expected in stated(example)
        if getattr(verdict, name) != expected
    ]
    if verdict != explained:
        failures.append(Failure(rule.id, number, "trace", shown(verdict), shown(explained)))
    return tuple(failures)


def stated(example: Example) -> tuple[tuple[str, object], ...]:
    """What the example states, by the name of the verdict's field."""
    return (("verdict", example.verdict), *example.expected.items())


def shown(verdict: Verdict) -> dict[str, object]:
    """The verdict as plain JSON."""
    return {name: plain_of(getattr(verdict, name)) for name in COMPARED}


def plain_of(value: object) -> object:
    """A verdict's field as plain JSON."""
    return value.value if isinstance(value, Outcome) else plain(value)  # type: ignore[arg-type] # fields are values
