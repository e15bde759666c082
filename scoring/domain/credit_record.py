"""What registers and decisions tell of one organization beside its findings, and the history that a score takes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec

from hengjian.scoring.domain.credit_history import (
    CreditHistory,
    Device,
    PastYear,
    Penalty,
    Span,
    Unit,
    VetoDecision,
    any_day_within,
)
from hengjian.scoring.domain.credit_model import CreditModel, Measure
from hengjian.scoring.domain.verdicts import Severity

Here = Callable[[str | None], bool]


class PlacedUnit(msgspec.Struct, frozen=True, gc=False):
    """A site of a contractor or a job of an institution; `city` None belongs to each region."""

    kind: str
    unit: Unit
    city: str | None = None


@dataclass(frozen=True, slots=True)
class PlacedDevice:
    """A device and the city of its point."""

    device: Device
    city: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PenaltyOnRecord:
    """A confirmed penalty; `annulled` when it never was, `conduct` the veto item it proves."""

    penalty: Penalty
    region: str
    conduct: str | None = None
    annulled: bool = False

    def in_force(self, on: date) -> bool:
        """Whether it was decided by the day and not yet repaired."""
        repaired = self.penalty.repaired_on
        return not self.annulled and self.penalty.decided_on <= on and (repaired is None or on < repaired)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownVeto:
    """A veto that was laid before people: `undecided` while nobody has decided or declined it."""

    item: str
    rests_on: frozenset[str]
    undecided: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOnRecord:
    """A confirmed result of a check, with what it asks to put right by when."""

    document_no: str
    kind: str
    region: str
    checked_on: date
    fit: bool
    severity: Severity | None
    due_on: date | None
    rectified_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedFinding:
    """A confirmed finding: `due_on` by when it is to be put right, `rectified_on` the first day without the breach."""

    no: str
    rule: str
    region: str
    confirmed_on: date
    due_on: date | None
    rectified_on: date | None


@dataclass(frozen=True, slots=True)
class PlacedYear:
    """A year with a final result, and the region whose result it is."""

    region: str
    year: PastYear


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditRecord:
    """One organization, wherever it is judged.

    Attributes:
        filed_on: its first registration.
        connected_on: the day of its first push; None before one.
        pushed_months: first days of the months with a push.
    """

    filed_on: date | None = None
    connected_on: date | None = None
    pushed_months: frozenset[date] = frozenset()
    units: tuple[PlacedUnit, ...] = ()
    devices: tuple[PlacedDevice, ...] = ()
    penalties: tuple[PenaltyOnRecord, ...] = ()
    vetoes: tuple[VetoDecision, ...] = ()
    known_vetoes: tuple[KnownVeto, ...] = ()
    checks: tuple[CheckOnRecord, ...] = ()
    confirmed: tuple[ConfirmedFinding, ...] = ()
    years: tuple[PlacedYear, ...] = ()


def history_of(
    record: CreditRecord,
    *,
    kind: str,
    business: tuple[Span, ...] | None,
    model: CreditModel | None,
    here: Here,
    region: str,
    today: date,
) -> CreditHistory:
    """The history in one region, without findings; dimensions of findings and units are assessed by verdicts later.

    Sites and devices count where they stand; penalties and vetoes meet the organization itself, so they count wherever
    it is judged. Years are those with a final result of this region.
    """
    silent = silent_months(record, business, today=today)
    devices = tuple(item.device for item in record.devices if here(item.city)) if kind == "contractor" else ()
    offered = model.assessed if model else ()
    sure = {item.id for item in model.dimensions if item.measure is Measure.DEVICES and devices} if model else set()
    if model and silent:
        sure.add(model.silent_month)
    return CreditHistory(
        kind=kind,
        assessed=frozenset(sure & set(offered)),
        assessable=frozenset(offered),
        business=business,
        filed_on=record.filed_on,
        years=tuple(item.year for item in record.years if item.region == region),
        units=tuple(item.unit for item in record.units if item.kind == kind and here(item.city)),
        devices=devices,
        silent_months=silent,
        penalties=tuple(item.penalty for item in record.penalties if not item.annulled),
        vetoes=record.vetoes,
    )


def silent_months(record: CreditRecord, business: Iterable[Span] | None, *, today: date) -> tuple[date, ...]:
    """Whole months with business and without a push, after the month of the first push and before this one."""
    if record.connected_on is None or business is None:
        return ()
    spans = tuple(business)
    return tuple(
        month
        for month in _months_after(record.connected_on, today)
        if month not in record.pushed_months and any_day_within(spans, month, _last_day(month))
    )


def falsifications(record: CreditRecord, on: date) -> int:
    """Penalties in force on a day that found falsification or a false report proven."""
    return sum(item.in_force(on) and item.conduct in {"falsification", "false_report"} for item in record.penalties)


def judgments(record: CreditRecord, on: date) -> int:
    """Criminal judgments in force on a day."""
    return sum(
        item.in_force(on) and (item.penalty.measure == "crime" or item.conduct == "criminal_judgment")
        for item in record.penalties
    )


def _months_after(first: date, today: date) -> Iterator[date]:
    month = _next(first.replace(day=1))
    while month < today.replace(day=1):
        yield month
        month = _next(month)


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _last_day(month: date) -> date:
    return _next(month) - timedelta(days=1)
