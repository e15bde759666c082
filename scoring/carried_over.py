"""What each rule said of an organization in a region, with all that it rests on, as it is kept for the next judgement."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple, cast

import msgspec

from hengjian.scoring.domain.credit_history import Span
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.domain.timeline import Part, Stretch, judged_spans, merged_spans
from hengjian.scoring.domain.values import Value
from hengjian.scoring.domain.verdicts import Outcome, Severity, Verdict
from hengjian.scoring.rule_law import RuleLaw

Shape = Any
"""A value as JSON: whole numbers, truth values and texts as they are, others as a list with their type ahead."""


class CarriedBreach(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A stretch of breach; `entry` is the place of the rule that judged its last part among those of its law."""

    entry: int
    key: str
    label: str
    city: str | None
    unit: str | None
    about: tuple[str, ...]
    first_day: date
    until: date | None
    severity: Severity | None
    parts: tuple[tuple[date, Severity | None, bool], ...]
    measured: Shape
    required: Shape
    lacking: tuple[str, ...]
    facts: tuple[Shape, ...]


class CarriedRule(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """What a rule said of all its subjects, valid up to the day before `turns_on` while its law and registers are the same.

    Attributes:
        law: the digest of its law over the days judged.
        said: the digest of what it says today; None where it says nothing.
        judged: verdicts of today, `no_data` those of them without data.
        spans: dimensions with the days from the first to before the second on which it passed or was breached.
    """

    law: int
    turns_on: date
    said: int | None
    judged: int
    no_data: int
    spans: tuple[tuple[str, date, date | None], ...]
    breaches: tuple[CarriedBreach, ...]


class CarriedBusiness(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """The days with points in service (None: unknown) and the points of today, valid up to the day before `turns_on`."""

    turns_on: date
    spans: tuple[tuple[date, date | None], ...] | None
    points: int | None

    def days(self) -> tuple[Span, ...] | None:
        """The days with business, as a score counts them."""
        return None if self.spans is None else tuple(Span(first, last) for first, last in self.spans)


class CarriedOver(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """All of one organization in one region.

    Attributes:
        place: a digest of the code, the terms of facts and where the organization is judged as what.
        since: the first day judged.
        as_of: the day on which it was judged.
        pushes: by register a number that is another one after each push of it.
        scored: a digest of all that the stored scores are made of.
        rules: by name, also those that have nobody to judge.
    """

    place: int
    since: date
    as_of: date
    pushes: dict[str, int]
    business: CarriedBusiness
    scored: int
    rules: dict[str, CarriedRule]


_DECODER = msgspec.json.Decoder(CarriedOver)
_ENCODER = msgspec.json.Encoder(order="deterministic")


def read_carried(content: str) -> CarriedOver | None:
    """What was kept; None where it is no such text, or another release wrote it in another shape."""
    try:
        return _DECODER.decode(content)
    except msgspec.DecodeError:
        return None


def write_carried(carried: CarriedOver) -> str:
    """As it is kept: the same text for the same content."""
    return _ENCODER.encode(carried).decode()


class RuleCarriedOver(NamedTuple):
    """What one rule said, under its law of today."""

    name: str
    law: RuleLaw
    result: CarriedRule

    def breaches(self) -> Iterator[Stretch]:
        """Its stretches of breach."""
        for one in self.result.breaches:
            yield _stretch(one, self.law)


def carried_rule(
    law: RuleLaw, found: Sequence[tuple[Subject, Sequence[Stretch]]], *, said: int | None, turns_on: date
) -> CarriedRule:
    """What is kept of a rule.

    Args:
        law: its own.
        found: its subjects, each with the rule's stretches over the days judged.
        said: the digest of what it says today.
        turns_on: the first day on which it may say something else.
    """
    today = [one for _, own in found for one in own if one.until is None]
    return CarriedRule(
        law=law.digest,
        turns_on=turns_on,
        said=said,
        judged=len(today),
        no_data=sum(one.outcome is Outcome.NO_DATA for one in today),
        spans=merged_spans(judged_spans(one for _, own in found for one in own)),
        breaches=tuple(_breach(one, subject, law) for subject, own in found for one in own if one.is_breach),
    )


def _breach(one: Stretch, subject: Subject, law: RuleLaw) -> CarriedBreach:
    return CarriedBreach(
        entry=law.place_of(one.rule),
        key=subject.key,
        label=subject.label,
        city=subject.city,
        unit=subject.unit,
        about=subject.about,
        first_day=one.first_day,
        until=one.until,
        severity=one.severity,
        parts=tuple((part.first_day, part.severity, part.costs_points) for part in one.parts),
        measured=write_value(one.verdict.measured),
        required=write_value(one.verdict.required),
        lacking=one.verdict.lacking,
        facts=tuple(write_value(one.given.get(name)) for name in one.rule.inputs),
    )


def _stretch(kept: CarriedBreach, law: RuleLaw) -> Stretch:
    rule = law.entries[kept.entry][1]
    if rule is None:
        raise ValueError(kept.entry)
    subject = Subject(kind=law.kind, key=kept.key, label=kept.label, city=kept.city, unit=kept.unit, about=kept.about)
    parts = tuple(Part(*part) for part in kept.parts)
    severity = parts[-1].severity
    measured, required = read_value(kept.measured), read_value(kept.required)
    return Stretch(
        rule=rule,
        subject=subject,
        outcome=Outcome.BREACH,
        first_day=kept.first_day,
        until=kept.until,
        severity=kept.severity,
        verdict=Verdict(Outcome.BREACH, severity, measured, required, (), kept.lacking),
        given={name: read_value(value) for name, value in zip(rule.inputs, kept.facts, strict=True)},
        parts=parts,
    )


def write_value(value: Value | None) -> Shape:
    """A value as it is kept; numbers keep their digits, also decimals that are equal."""
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return ["decimal", str(value)]
        case Fraction():
            return ["fraction", str(value)]
        case date():
            return ["date", value.isoformat()]
        case tuple():
            return ["list", *value]


def read_value(shape: Shape) -> Value | None:
    """The value that `write_value` wrote."""
    match shape:
        case ["decimal", text]:
            return Decimal(text)
        case ["fraction", text]:
            return Fraction(text)
        case ["date", text]:
            return date.fromisoformat(text)
        case ["list", *items]:
            return tuple(items)
        case _:
            return cast("Value | None", shape)
