"""Whether recordings cover what must be recorded, to the second (温环发〔2023〕5号 附件1, in force 2023-03-25).

An action of up to and including fifteen minutes is recorded whole, a longer one at its beginning and its end
(第五条; 以下 includes the number, 民法典 1259). Clips tell the time of the device that made them; what is known of
its clock is taken off before anything is compared.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from hengjian.ingestion.recordings.domain.intervals import Interval, common, joined, total, twice, without
from hengjian.platform.calendar import LEGAL_ZONE

SECOND = 1_000
LONGEST_WHOLE = 15 * 60 * SECOND
"""第五条: up to this long an action is recorded whole."""


class Stage(StrEnum):
    """The five stages that are recorded (第二条)."""

    EQUIPMENT = "EQUIPMENT"
    SAMPLING = "SAMPLING"
    PRESERVATION = "PRESERVATION"
    HANDOVER = "HANDOVER"
    ANALYSIS = "ANALYSIS"


@dataclass(frozen=True, slots=True)
class Action:
    """Something that was done and must be seen: `what` tells it from others of its stage, times are the server's.

    Attributes:
        throughout: all of it is recorded however long it takes, as printing a label anew (附件2 第八条).
    """

    stage: Stage
    what: str
    span: Interval
    throughout: bool = False


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording as its device tells it.

    Attributes:
        gaps: stretches inside it in which pictures are missing, as absolute times of the same clock.
        drift: milliseconds by which the device's clock was ahead of the server's; negative when behind.
    """

    ref: str
    stage: Stage
    span: Interval
    gaps: tuple[Interval, ...] = ()
    drift: int = 0

    @property
    def shown(self) -> tuple[Interval, ...]:
        """What it shows, in the server's time."""
        return tuple(
            Interval(part.since - self.drift, part.until - self.drift) for part in without([self.span], self.gaps)
        )


@dataclass(frozen=True, slots=True)
class Covered:
    """How far one action is recorded.

    Attributes:
        required: what must be seen: the whole, or the first and the last second.
        missing: what of it no clip shows.
        clips: the clips that show some of it.
    """

    action: Action
    required: tuple[Interval, ...]
    missing: tuple[Interval, ...]
    clips: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether all of it had to be recorded."""
        return self.action.throughout or self.action.span.milliseconds <= LONGEST_WHOLE

    @property
    def complete(self) -> bool:
        """Whether everything required is there."""
        return not self.missing

    @property
    def covered_ms(self) -> int:
        """Milliseconds of what is required that are there."""
        return total(self.required) - total(self.missing)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two clips of one stage that show the same time: harmless with two cameras, telling with one."""

    first: str
    second: str
    span: Interval


@dataclass(frozen=True, slots=True)
class Coverage:
    """The answer for a task."""

    actions: tuple[Covered, ...]
    overlaps: tuple[Overlap, ...] = ()
    drifts: dict[str, int] = field(default_factory=dict)
    """Clips whose clock was off by more than allowed, with milliseconds ahead."""

    @property
    def missing(self) -> tuple[Interval, ...]:
        """All that is missing, joined."""
        return joined(part for action in self.actions for part in action.missing)

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return all(action.complete for action in self.actions)


def required_of(span: Interval, *, throughout: bool = False) -> tuple[Interval, ...]:
    """What of an action must be recorded; an action without length is its one second."""
    if span.milliseconds <= SECOND:
        return (Interval(span.since, span.since + SECOND),)
    if throughout or span.milliseconds <= LONGEST_WHOLE:
        return (span,)
    return (Interval(span.since, span.since + SECOND), Interval(span.until - SECOND, span.until))


def coverage(actions: Iterable[Action], clips: Sequence[Clip], *, drift_allowed: int = 60 * SECOND) -> Coverage:
    """What is recorded of each action by the clips of its stage, what is missing, what is there twice."""
    by_stage: dict[Stage, list[tuple[Clip, tuple[Interval, ...]]]] = {}
    for clip in clips:
        by_stage.setdefault(clip.stage, []).append((clip, clip.shown))
    found = []
    for action in actions:
        required = required_of(action.span, throughout=action.throughout)
        here = by_stage.get(action.stage, [])
        missing = without(required, (part for _, shown in here for part in shown))
        used = tuple(clip.ref for clip, shown in here if common(required, shown))
        found.append(Covered(action, required, missing, used))
    overlaps = tuple(overlap for shown in by_stage.values() for overlap in _overlaps(shown))
    return Coverage(tuple(found), overlaps, {clip.ref: clip.drift for clip in clips if abs(clip.drift) > drift_allowed})


def _overlaps(clips: Sequence[tuple[Clip, tuple[Interval, ...]]]) -> list[Overlap]:
    if not twice([part for _, shown in clips for part in shown]):
        return []
    return [
        Overlap(clip.ref, other.ref, part)
        for number, (clip, shown) in enumerate(clips)
        for other, also in clips[number + 1 :]
        for part in common(shown, also)
    ]


def told(interval: Interval) -> str:
    """'14:03:10–14:03:41' in legal time; begun seconds count whole, another day's end carries its date."""
    since = datetime.fromtimestamp(interval.since // SECOND, UTC).astimezone(LEGAL_ZONE)
    until = datetime.fromtimestamp(-(-interval.until // SECOND), UTC).astimezone(LEGAL_ZONE)
    end = until.strftime("%H:%M:%S" if since.date() == until.date() else "%Y-%m-%d %H:%M:%S")
    return f"{since:%H:%M:%S}–{end}"
