"""What may be entered only on site, and when an entry tells that it was not (温环发〔2023〕5号 附件2 第六条).

Time of sampling, samplers, character and fixative are entered on site and not ahead; client and items may be entered
before. The device's time is compared with the server's, so that a wrong clock and a late sending are seen as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hengjian.platform.distance import Position, metres_between
from hengjian.tenants.api import LabelEventKind


class EntryFault(StrEnum):
    """What speaks against an entry."""

    ENTERED_BEFORE_ARRIVAL = "ENTERED_BEFORE_ARRIVAL"
    ENTERED_AHEAD = "ENTERED_AHEAD"
    ENTERED_OFF_SITE = "ENTERED_OFF_SITE"
    POSITION_UNKNOWN = "POSITION_UNKNOWN"
    CLOCK_AHEAD = "CLOCK_AHEAD"
    SENT_LATE = "SENT_LATE"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryTerms:
    """The measures of the check; a rule brings those of its pack.

    Attributes:
        within_m: how far from the point an entry still counts as on site, in metres.
        clock_ahead: how far the device's clock may run before the server's.
        sent_within: how long after it happened an event may reach the server.
    """

    within_m: int = 300
    clock_ahead: timedelta = timedelta(minutes=2)
    sent_within: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event of a label as it was entered.

    Attributes:
        happened_at: the device's time.
        recorded_at: the server's time.
        position: where the device was, None when it could not tell.
        accuracy_m: radius within which that position lies.
        sampled_at: the time of sampling entered with it.
        on_site: it belongs to what is entered on site, by `entered_on_site`.
    """

    happened_at: datetime
    recorded_at: datetime
    position: Position | None
    accuracy_m: int | None = None
    sampled_at: datetime | None = None
    on_site: bool


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


def entry_faults(
    entry: Entry, *, arrivals: Sequence[datetime], site: Position | None, terms: EntryTerms
) -> tuple[EntryFault, ...]:
    """What speaks against an entry, in the order of `EntryFault`; empty when nothing does.

    Args:
        entry: the event.
        arrivals: when somebody arrived for the task, by the devices' time.
        site: position of the point; without it, or without the entry's, nobody knows where it was entered.
        terms: measures.

    A distance is a lower bound, and the accuracy that the device tells is granted up to `within_m`; so an entry is
    never off site by the error of a measurement.
    """
    found: list[EntryFault] = []
    if entry.on_site:
        if not any(arrival <= entry.happened_at for arrival in arrivals):
            found.append(EntryFault.ENTERED_BEFORE_ARRIVAL)
        if entry.sampled_at is not None and entry.sampled_at > entry.happened_at:
            found.append(EntryFault.ENTERED_AHEAD)
        if entry.position is None or site is None:
            found.append(EntryFault.POSITION_UNKNOWN)
        elif metres_between(entry.position, site) > terms.within_m + min(entry.accuracy_m or 0, terms.within_m):
            found.append(EntryFault.ENTERED_OFF_SITE)
    if entry.happened_at - entry.recorded_at > terms.clock_ahead:
        found.append(EntryFault.CLOCK_AHEAD)
    if entry.recorded_at - entry.happened_at > terms.sent_within:
        found.append(EntryFault.SENT_LATE)
    return tuple(sorted(found, key=list(EntryFault).index))
