"""The life of a seal label (识别标识码) as it is told event by event (温环发〔2023〕5号 附件2, in force 2023-03-25).

Nothing that was told is lost: an event that does not fit is kept, says why it does not fit, and moves the label only
where that can be believed. A sample whose seal or label is badly broken or missing is never received (第九条).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hengjian.tenants.api import LabelEventKind, SealState


class LabelState(StrEnum):
    """Where a label stands."""

    ISSUED = "ISSUED"
    PRINTED = "PRINTED"
    SEALED = "SEALED"
    LABELLED = "LABELLED"
    HANDED_OVER = "HANDED_OVER"
    RECEIVED = "RECEIVED"
    REFUSED = "REFUSED"
    OPENED = "OPENED"
    ANALYSED = "ANALYSED"
    VOID = "VOID"


class Misfit(StrEnum):
    """Why an event does not fit what was told before it."""

    OUT_OF_ORDER = "OUT_OF_ORDER"
    AFTER_VOID = "AFTER_VOID"
    AFTER_REFUSAL = "AFTER_REFUSAL"
    BROKEN_ACCEPTED = "BROKEN_ACCEPTED"
    SEAL_NOT_CHECKED = "SEAL_NOT_CHECKED"
    EARLIER_THAN_BEFORE = "EARLIER_THAN_BEFORE"


_KIND, _STATE = LabelEventKind, LabelState

# From where an event is in order, and where it leads; None leaves the label where it is.
TRANSITIONS: Mapping[LabelEventKind, tuple[frozenset[LabelState], LabelState | None]] = {
    _KIND.PRINTED: (frozenset({_STATE.ISSUED}), _STATE.PRINTED),
    _KIND.SEALED: (frozenset({_STATE.PRINTED}), _STATE.SEALED),
    _KIND.LABELLED: (frozenset({_STATE.SEALED}), _STATE.LABELLED),
    _KIND.HANDED_OVER: (frozenset({_STATE.LABELLED, _STATE.HANDED_OVER}), _STATE.HANDED_OVER),
    # A sample that its client brings is labelled at the counter and received there (第四条, 自送样品).
    _KIND.RECEIVED: (frozenset({_STATE.LABELLED, _STATE.HANDED_OVER}), _STATE.RECEIVED),
    _KIND.REFUSED: (frozenset({_STATE.LABELLED, _STATE.HANDED_OVER}), _STATE.REFUSED),
    _KIND.OPENED: (frozenset({_STATE.RECEIVED}), _STATE.OPENED),
    _KIND.ANALYSED: (frozenset({_STATE.OPENED, _STATE.ANALYSED}), _STATE.ANALYSED),
    # A label printed anew is put on anew: a labelled container waits for its label again (第八条).
    _KIND.REPRINTED: (frozenset({_STATE.PRINTED, _STATE.SEALED, _STATE.LABELLED}), None),
    _KIND.VOIDED: (frozenset({_STATE.ISSUED, _STATE.PRINTED, _STATE.SEALED, _STATE.LABELLED}), _STATE.VOID),
}
_ENDS = {_STATE.VOID: Misfit.AFTER_VOID, _STATE.REFUSED: Misfit.AFTER_REFUSAL}
_CHECKS = frozenset({_KIND.RECEIVED, _KIND.REFUSED, _KIND.OPENED})
_UNACCEPTABLE = frozenset({SealState.BADLY_BROKEN, SealState.MISSING})


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelEvent:
    """One thing told of a label; `happened_at` is the device's time."""

    kind: LabelEventKind
    happened_at: datetime
    seal: SealState | None = None


@dataclass(frozen=True, slots=True)
class LabelLife:
    """Where a label stands after its events, how often it was printed, and what did not fit, event by event."""

    state: LabelState = LabelState.ISSUED
    prints: int = 0
    last_at: datetime | None = None
    misfits: tuple[tuple[int, Misfit], ...] = ()
    events: int = 0


def may_receive(seal: SealState) -> bool:
    """Whether a sample with such a seal and label may be received (第九条): slight damage may, on record."""
    return seal not in _UNACCEPTABLE


def allowed_events(state: LabelState) -> tuple[LabelEventKind, ...]:
    """What is in order next."""
    return tuple(kind for kind, (sources, _) in TRANSITIONS.items() if state in sources)


def told(events: Iterable[LabelEvent]) -> LabelLife:
    """The life that the events tell, in the order in which they happened."""
    life = LabelLife()
    for event in events:
        life = after(life, event)
    return life


def after(life: LabelLife, event: LabelEvent) -> LabelLife:
    """The life with one more event; it is always kept, whatever is wrong with it."""
    found = _misfits(life, event)
    return LabelLife(
        state=_next_state(life.state, event),
        prints=life.prints + (event.kind in {_KIND.PRINTED, _KIND.REPRINTED}),
        last_at=event.happened_at if life.last_at is None else max(life.last_at, event.happened_at),
        misfits=(*life.misfits, *((life.events, misfit) for misfit in found)),
        events=life.events + 1,
    )


def _misfits(life: LabelLife, event: LabelEvent) -> list[Misfit]:
    sources, _ = TRANSITIONS[event.kind]
    found = []
    if life.state in _ENDS:
        found.append(_ENDS[life.state])
    elif life.state not in sources:
        found.append(Misfit.OUT_OF_ORDER)
    if life.last_at is not None and event.happened_at < life.last_at:
        found.append(Misfit.EARLIER_THAN_BEFORE)
    if event.kind in _CHECKS and event.seal is None:
        found.append(Misfit.SEAL_NOT_CHECKED)
    if _accepts_broken(event):
        found.append(Misfit.BROKEN_ACCEPTED)
    return found


def _accepts_broken(event: LabelEvent) -> bool:
    return event.kind is _KIND.RECEIVED and event.seal is not None and not may_receive(event.seal)


def _next_state(state: LabelState, event: LabelEvent) -> LabelState:
    """An end stays an end; an acceptance that may not be is a refusal; else what was told is believed."""
    if state in _ENDS:
        return state
    if _accepts_broken(event):
        return LabelState.REFUSED
    if event.kind is _KIND.REPRINTED:
        return LabelState.SEALED if state is LabelState.LABELLED else state
    target = TRANSITIONS[event.kind][1]
    return state if target is None else target
