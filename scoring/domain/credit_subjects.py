"""The record of decisions, checks, and what is to be put right, as subjects of judgement."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from hengjian.scoring.domain.counting import BY_PENALTY
from hengjian.scoring.domain.credit_record import CreditRecord, falsifications, judgments
from hengjian.scoring.domain.register_rows import Span
from hengjian.scoring.domain.subjects import Facts, Subject

_DAY = timedelta(days=1)
_NOT_RECTIFIED_BY_A_DAY = BY_PENALTY | {"K-03", "K-05"}
"""A rule on rectification does not judge itself, and a decision of a court is nothing to be put right by a day."""


def credit_subjects(record: CreditRecord, span: Span) -> list[Subject]:
    """Every subject that credit events make; the organization's record of decisions is always one."""
    return [_decisions(record, span), *_checks(record, span), *_rectifications(record, span)]


def _decisions(record: CreditRecord, span: Span) -> Subject:
    if not record.penalties:
        return _nothing_decided(span.fixed)
    turns = [
        day
        for item in record.penalties
        for day in (item.penalty.decided_on, item.penalty.repaired_on)
        if not item.annulled
    ]
    days = span.days(*turns)
    by_day: dict[date, Facts] = {
        day: {"falsifications": falsifications(record, day), "criminal_judgments": judgments(record, day)}
        for day in days
    }
    return Subject(kind="credit_record", key="", label="", by_day=by_day, days=days)


@lru_cache(maxsize=8)
def _nothing_decided(fixed: tuple[date, ...]) -> Subject:
    """Of most organizations nothing was ever decided: they share the facts of the days."""
    by_day: dict[date, Facts] = {day: {"falsifications": 0, "criminal_judgments": 0} for day in fixed}
    return Subject(kind="credit_record", key="", label="", by_day=by_day, days=fixed)


def _checks(record: CreditRecord, span: Span) -> Iterator[Subject]:
    """A check on its day; an unfit one breaches on that one day."""
    for item in record.checks:
        facts: Facts = {"check_fit": item.fit, "check_severity": None if item.severity is None else item.severity.value}
        by_day = {item.checked_on: facts}
        yield from _between("check", item.document_no, item.region, span, by_day=by_day, last=item.checked_on)


def _rectifications(record: CreditRecord, span: Span) -> Iterator[Subject]:
    for item in record.confirmed:
        if item.due_on is not None and item.rule not in _NOT_RECTIFIED_BY_A_DAY:
            yield from _rectification(
                item.no, item.region, span, asked_on=item.confirmed_on, due_on=item.due_on, done_on=item.rectified_on
            )
    for check in record.checks:
        if check.due_on is not None and not check.fit:
            yield from _rectification(
                check.document_no, check.region, span,
                asked_on=check.checked_on, due_on=check.due_on, done_on=check.rectified_on,
            )  # fmt: skip


def _rectification(
    number: str, region: str, span: Span, *, asked_on: date, due_on: date, done_on: date | None
) -> Iterator[Subject]:
    """From the day on which it was asked for to the day on which it was done, which is judged as well."""
    last = span.fixed[-1] if done_on is None else max(done_on, asked_on)
    days = span.days(asked_on, due_on + _DAY, last)
    facts: dict[date, Facts] = {
        day: {"due_on": due_on, "rectified_on": done_on if done_on is not None and done_on <= day else day}
        for day in days
        if asked_on <= day <= last
    }
    yield from _between("rectification", number, region, span, by_day=facts, last=last)


def _between(
    kind: str, key: str, region: str, span: Span, *, by_day: dict[date, Facts], last: date
) -> Iterator[Subject]:
    """The subject of a number in a region, gone on the day after its last."""
    first_asked, last_asked = span.fixed[0], span.fixed[-1]
    held = {day: facts for day, facts in by_day.items() if first_asked <= day <= last_asked}
    if held:
        after = {last + _DAY} if last < last_asked else set()
        days = tuple(sorted({*held, *after}))
        yield Subject(kind=kind, key=key, label=key, city=region[:4], by_day=held, days=days)
