"""The inputs of a judgement as JSON without numbers, and back: facts day by day, and what else a score counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from hengjian.scoring.domain.credit_content import exact_decimal
from hengjian.scoring.domain.credit_history import (
    CreditHistory,
    Device,
    Failure,
    PastYear,
    Penalty,
    Span,
    Unit,
    VetoDecision,
)
from hengjian.scoring.domain.subjects import Facts, Subject
from hengjian.scoring.domain.values import Value

Json = dict[str, Any]
THE_DAY = ["day"]
DAY_FACTS = frozenset(("as_of", "used_on"))


@dataclass(frozen=True, slots=True)
class Judgeable:
    """A subject and the days, rising, on which its facts or the rules may change."""

    subject: Subject
    days: tuple[date, ...]


def write_subject(item: Judgeable) -> Json:
    """A subject with its facts where they change; a day without facts is one on which it did not exist."""
    subject = item.subject
    changes: list[Json] = []
    before: Any = {}
    for day in item.days:
        facts = subject.by_day.get(day)
        now = None if facts is None else {name: _write(name, value, day) for name, value in facts.items()}
        if now != before:
            changes.append({"from": day.isoformat(), "facts": now})
            before = now
    return {
        "kind": subject.kind,
        "key": subject.key,
        "label": subject.label,
        "city": subject.city,
        "days": [day.isoformat() for day in item.days],
        "changes": changes,
        **({} if subject.unit is None else {"unit": subject.unit}),
        **({"about": list(subject.about)} if subject.about else {}),
    }


def read_subject(shape: Mapping[str, Any]) -> Judgeable:
    """The subject, with its facts on each of its days.

    Raises:
        KeyError, ValueError, TypeError: the JSON is not that of a subject.
    """
    days = tuple(date.fromisoformat(day) for day in shape["days"])
    changes = {date.fromisoformat(change["from"]): change["facts"] for change in shape["changes"]}
    by_day: dict[date, Facts] = {}
    now: Any = None
    for day in days:
        now = changes.get(day, now)
        if now is not None:
            by_day[day] = {name: _read(value, day) for name, value in now.items()}
    subject = Subject(
        kind=shape["kind"],
        key=shape["key"],
        label=shape["label"],
        city=shape["city"],
        by_day=by_day,
        unit=shape.get("unit"),
        about=tuple(shape.get("about", ())),
    )
    return Judgeable(subject, days)


def write_value(value: Value) -> list[Any]:
    """A value with its type; numbers as texts."""
    match value:
        case bool():
            return ["boolean", "true" if value else "false"]
        case int():
            return ["integer", str(value)]
        case Decimal():
            return ["decimal", format(value, "f")]
        case date():
            return ["date", value.isoformat()]
        case tuple():
            return ["list", list(value)]
        case str():
            return ["text", value]
    raise TypeError(type(value))


def read_value(shape: Sequence[Any]) -> Value:
    """The value.

    Raises:
        ValueError, ArithmeticError: it is not written as `write_value` does.
    """
    match list(shape):
        case ["boolean", ("true" | "false") as text]:
            return bool(text == "true")
        case ["integer", str() as text]:
            return int(text)
        case ["decimal", str() as text]:
            return exact_decimal(text)
        case ["date", str() as text]:
            return date.fromisoformat(text)
        case ["list", list() as items]:
            return tuple(items)
        case ["text", str() as text]:
            return text
    raise ValueError(shape)


def write_history(history: CreditHistory) -> Json:
    """What a score counts beside the findings, which follow from facts and rules."""
    return {
        "kind": history.kind,
        "assessed": sorted(history.assessed),
        "assessable": sorted(history.assessable),
        "business": None if history.business is None else [_span(span) for span in history.business],
        "filed_on": _day(history.filed_on),
        "years": [
            {
                "year": str(item.year),
                "published_on": item.published_on.isoformat(),
                "rated": item.rated,
                "confirmed": str(item.confirmed),
                "undecided": str(item.undecided),
            }
            for item in history.years
        ],
        "units": [{"ref": unit.ref, "service": [_span(span) for span in unit.service]} for unit in history.units],
        "devices": [
            {
                "ref": device.ref,
                "since": device.since.isoformat(),
                "until": _day(device.until),
                "failures": [{"on": item.on.isoformat(), "minutes": str(item.minutes)} for item in device.failures],
            }
            for device in history.devices
        ],
        "silent_months": [month.isoformat() for month in history.silent_months],
        "penalties": [
            {
                "document_no": item.document_no,
                "measure": item.measure,
                "decided_on": item.decided_on.isoformat(),
                "fine": None if item.fine is None else format(item.fine, "f"),
                "duty_done_on": _day(item.duty_done_on),
                "repaired_on": _day(item.repaired_on),
            }
            for item in history.penalties
        ],
        "vetoes": [
            {
                "item": item.item,
                "document_no": item.document_no,
                "decided_on": item.decided_on.isoformat(),
                "annulled_on": _day(item.annulled_on),
                "regraded_on": _day(item.regraded_on),
            }
            for item in history.vetoes
        ],
    }


def read_history(shape: Mapping[str, Any]) -> CreditHistory:
    """The history, without findings.

    Raises:
        KeyError, ValueError, TypeError, ArithmeticError, ScoringError: the JSON is not that of a history.
    """
    business = shape["business"]
    return CreditHistory(
        kind=shape["kind"],
        assessed=frozenset(shape["assessed"]),
        assessable=frozenset(shape.get("assessable", ())),
        business=None if business is None else tuple(_spanned(span) for span in business),
        filed_on=_dated(shape["filed_on"]),
        years=tuple(_past_year(item) for item in shape.get("years", ())),
        units=tuple(Unit(item["ref"], tuple(_spanned(span) for span in item["service"])) for item in shape["units"]),
        devices=tuple(_device(item) for item in shape["devices"]),
        silent_months=tuple(date.fromisoformat(month) for month in shape["silent_months"]),
        penalties=tuple(
            Penalty(
                document_no=item["document_no"],
                measure=item["measure"],
                decided_on=date.fromisoformat(item["decided_on"]),
                fine=None if item["fine"] is None else exact_decimal(item["fine"]),
                duty_done_on=_dated(item["duty_done_on"]),
                repaired_on=_dated(item["repaired_on"]),
            )
            for item in shape["penalties"]
        ),
        vetoes=tuple(
            VetoDecision(
                item=item["item"],
                document_no=item["document_no"],
                decided_on=date.fromisoformat(item["decided_on"]),
                annulled_on=_dated(item["annulled_on"]),
                regraded_on=_dated(item.get("regraded_on")),
            )
            for item in shape["vetoes"]
        ),
    )


def _past_year(shape: Mapping[str, Any]) -> PastYear:
    return PastYear(
        year=int(shape["year"]),
        published_on=date.fromisoformat(shape["published_on"]),
        rated=shape["rated"] is True,
        confirmed=int(shape["confirmed"]),
        undecided=int(shape["undecided"]),
    )


def _device(shape: Mapping[str, Any]) -> Device:
    failures = tuple(Failure(date.fromisoformat(item["on"]), int(item["minutes"])) for item in shape["failures"])
    return Device(shape["ref"], date.fromisoformat(shape["since"]), _dated(shape["until"]), failures)


def _write(name: str, value: Value | None, day: date) -> Any:
    if value is None:
        return None
    return THE_DAY if name in DAY_FACTS and value == day else write_value(value)


def _read(shape: Any, day: date) -> Value | None:
    if shape is None:
        return None
    return day if shape == THE_DAY else read_value(shape)


def _span(span: Span) -> list[str | None]:
    return [span.first_day.isoformat(), _day(span.last_day)]


def _spanned(shape: Sequence[str]) -> Span:
    return Span(date.fromisoformat(shape[0]), _dated(shape[1]))


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _dated(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
