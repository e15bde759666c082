"""What may be entered only on site, and when an entry tells that it was not (温环发〔2023〕5号 附件2 第六条).

Time of sampling, samplers, character and fixative are entered on site and not ahead; client and items may be entered
before. The device's time is compared with the server's, so that a wrong clock and a late sending are seen as well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hengjian.platform.distance import Position, metres_between
from hengjian.tenants.api import LabelEventKind


class EntryFault(StrEnum):
    """What speaks against an entry."""

    ARRIVAL_UNKNOWN = "ARRIVAL_UNKNOWN"
    ENTERED_BEFORE_ARRIVAL = "ENTERED_BEFORE_ARRIVAL"
    ENTERED_AHEAD = "ENTERED_AHEAD"
    ENTERED_OFF_SITE = "ENTERED_OFF_SITE"
    POSITION_UNKNOWN = "POSITION_UNKNOWN"
    CLOCK_AHEAD = "CLOCK_AHEAD"
    SENT_LATE = "SENT_LATE"


SENT_WITHIN = timedelta(hours=24)
"""How long after it happened an event may reach the server before it is called late (our proposal; no rule judges it)."""
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryTerms:
    """The limits of the check, as the rule on entries has them in a region on a day.

    Attributes:
        within_m: how far from the point an entry still counts as on site, in metres.
        clock_ahead: how far the device's clock may run before the server's.
    """

    within_m: int
    clock_ahead: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event of a label as it was entered.

    Attributes:
        happened_at: the device's time.
        recorded_at: the server's time.
        position: where the device was, None when it could not tell.
        accuracy_m: radius within which that position lies.
        sampled_at: the time of sampling entered with it, by the device.
        drift: how far the device's clock is known to have been ahead that day.
        on_site: it belongs to what is entered on site, by `entered_on_site`.
    """

    happened_at: datetime
    recorded_at: datetime
    position: Position | None
    accuracy_m: int | None = None
    sampled_at: datetime | None = None
    drift: timedelta = timedelta()
    on_site: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryMeasures:
    """How far an entry lies from what article 6 asks: milliseconds and metres, None what nobody knows.

    Attributes:
        before_arrival_ms: before the first arrival, negative after it.
        before_sampling_ms: before the time of sampling that it tells, 0 after it or without one.
        distance_m: from the point, a lower bound.
        accuracy_m: radius that the device tells, 0 without one.
        clock_ahead_ms: the device's time after the server's, 0 before it.
    """

    before_arrival_ms: int | None
    before_sampling_ms: int
    distance_m: int | None
    accuracy_m: int
    clock_ahead_ms: int


# What is done with a label at the sampling itself.
_ON_SITE = frozenset({LabelEventKind.SEALED, LabelEventKind.LABELLED})
_BEFORE_HANDOVER = _ON_SITE | {LabelEventKind.PRINTED, LabelEventKind.REPRINTED}


def entered_on_site(kind: LabelEventKind, *, key_fields: bool, sampled: bool) -> bool:
    """Whether such an event may be entered on site only.

    Args:
        kind: what happened.
        key_fields: it carries time of sampling, character or fixative.
        sampled: the institution samples itself; what a client brings begins at the counter (第四条).
    """
    return sampled and (kind in _ON_SITE or (key_fields and kind in _BEFORE_HANDOVER))


def measured(entry: Entry, *, arrivals: Sequence[datetime], site: Position | None) -> EntryMeasures:
    """The figures of an entry, for the rule that judges them and for who looks at it.

    Args:
        entry: the event.
        arrivals: when somebody arrived for the task, devices' clocks set right as far as `entry.drift` is.
        site: position of the point; without it, or without the entry's, nobody knows where it was entered.
    """
    at = entry.happened_at - entry.drift
    first = min(arrivals, default=None)
    ahead = entry.sampled_at - entry.happened_at if entry.sampled_at is not None else timedelta()
    return EntryMeasures(
        before_arrival_ms=None if first is None else (first - at) // _MILLISECOND,
        before_sampling_ms=max(0, ahead // _MILLISECOND),
        distance_m=None if entry.position is None or site is None else metres_between(entry.position, site),
        accuracy_m=entry.accuracy_m or 0,
        clock_ahead_ms=max(0, (entry.happened_at - entry.recorded_at) // _MILLISECOND),
    )


def entry_faults(
    entry: Entry, *, arrivals: Sequence[datetime], site: Position | None, terms: EntryTerms
) -> tuple[EntryFault, ...]:
    """What speaks against an entry, in the order of `EntryFault`; empty when nothing does.

    A distance is a lower bound, and the accuracy that the device tells is granted up to `within_m`; so an entry is
    never off site by the error of a measurement. What is unknown is named and accuses nobody.
    """
    found = measured(entry, arrivals=arrivals, site=site)
    faults = set(_off_site(found, terms)) if entry.on_site else set()
    if found.clock_ahead_ms > terms.clock_ahead // _MILLISECOND:
        faults.add(EntryFault.CLOCK_AHEAD)
    if entry.recorded_at - entry.happened_at > SENT_WITHIN:
        faults.add(EntryFault.SENT_LATE)
    return tuple(sorted(faults, key=list(EntryFault).index))


def _off_site(found: EntryMeasures, terms: EntryTerms) -> Iterator[EntryFault]:
    if found.before_arrival_ms is None:
        yield EntryFault.ARRIVAL_UNKNOWN
    elif found.before_arrival_ms > 0:
        yield EntryFault.ENTERED_BEFORE_ARRIVAL
    if found.before_sampling_ms > 0:
        yield EntryFault.ENTERED_AHEAD
    if found.distance_m is None:
        yield EntryFault.POSITION_UNKNOWN
    elif found.distance_m > terms.within_m + min(found.accuracy_m, terms.within_m):
        yield EntryFault.ENTERED_OFF_SITE
