"""What does not fit together: the claims of a sender, what is in the file, and what the server knows.

Nothing here refuses a recording. Each discrepancy is stored with it, and is a lead for whoever reviews it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hengjian.ingestion.recordings.domain.challenge import CLOCK_TOLERANCE, ChallengeResult, ChallengeVerdict
from hengjian.platform.video.report import VideoReport

CREATION_TOLERANCE = timedelta(minutes=10)
"""Cameras write the beginning or the end of a film as its time of creation (our proposal)."""
LENGTH_TOLERANCE = timedelta(seconds=5)
"""Claimed and real length may differ by this or by a hundredth, whichever is more (our proposal)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A recording as its sender describes it, and when the server had it whole.

    Attributes:
        labels: the labels it is said to belong to, as printed.
    """

    started_at: datetime
    ended_at: datetime
    completed_at: datetime
    archived_at: datetime
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the server knows: labels read in the picture, those of the task's samples, when each label was issued."""

    seen_labels: frozenset[str] = frozenset()
    task_labels: frozenset[str] = frozenset()
    issued: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One thing that does not fit, by its code (words in `problem_texts`) with the values that show it."""

    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)


def compared(claim: Claim, report: VideoReport, known: Known, challenge: ChallengeResult) -> tuple[Discrepancy, ...]:
    """Every discrepancy, in a fixed order; none for what cannot be known."""
    return (
        *_of_creation(claim, report),
        *_of_length(claim, report),
        *_of_arrival(claim),
        *_of_labels(claim, report, known),
        *_of_challenge(challenge),
    )


def _of_creation(claim: Claim, report: VideoReport) -> Iterator[Discrepancy]:
    made = _zoned(report.created_at)
    if made is None:
        return
    earliest, latest = claim.started_at - CREATION_TOLERANCE, claim.completed_at + CREATION_TOLERANCE
    if not earliest <= made <= latest:
        yield Discrepancy(
            "CREATED_AWAY_FROM_CLAIM",
            {"created": _told(made), "started": _told(claim.started_at), "completed": _told(claim.completed_at)},
        )
    if made > claim.archived_at + CLOCK_TOLERANCE:
        yield Discrepancy("CREATED_AFTER_ARRIVAL", {"created": _told(made), "arrived": _told(claim.archived_at)})


def _of_length(claim: Claim, report: VideoReport) -> Iterator[Discrepancy]:
    if report.duration_ms is None:
        return
    told, real = claim.ended_at - claim.started_at, timedelta(milliseconds=report.duration_ms)
    if abs(told - real) > max(LENGTH_TOLERANCE, told / 100):
        yield Discrepancy("LENGTH_DIFFERS", {"told": _seconds(told), "real": _seconds(real)})


def _of_arrival(claim: Claim) -> Iterator[Discrepancy]:
    if claim.ended_at > claim.archived_at + CLOCK_TOLERANCE:
        yield Discrepancy("ENDED_AFTER_ARRIVAL", {"ended": _told(claim.ended_at), "arrived": _told(claim.archived_at)})


def _of_labels(claim: Claim, report: VideoReport, known: Known) -> Iterator[Discrepancy]:
    """Wrong labels in the picture, told labels that are not in it, and films older than their label."""
    seen, expected = known.seen_labels, claim.labels | known.task_labels
    if expected:
        for label in sorted(seen - expected):
            yield Discrepancy("LABEL_OF_ANOTHER_SAMPLE", {"label": label})
    for label in sorted(claim.labels - seen):
        yield Discrepancy("LABEL_NOT_SEEN", {"label": label})
    made = _zoned(report.created_at) or claim.ended_at
    for label in sorted(claim.labels | seen):
        issued = known.issued.get(label)
        if issued is not None and made < issued - CLOCK_TOLERANCE:
            yield Discrepancy("MADE_BEFORE_LABEL", {"label": label, "made": _told(made), "issued": _told(issued)})


def _of_challenge(found: ChallengeResult) -> Iterator[Discrepancy]:
    if found.claim_false and found.seen_at is not None:
        yield Discrepancy("CHALLENGE_BEFORE_ISSUE", {"code": found.code, "seen": _told(found.seen_at)})
    elif found.verdict is ChallengeVerdict.SEEN_LATE and found.seen_at is not None:
        yield Discrepancy("CHALLENGE_LATE", {"code": found.code, "seen": _told(found.seen_at)})
    elif found.verdict is ChallengeVerdict.NOT_SEEN:
        yield Discrepancy("CHALLENGE_NOT_SEEN")


def _zoned(at: datetime | None) -> datetime | None:
    """Containers tell times in UTC, some without saying so."""
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


def _told(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _seconds(length: timedelta) -> int:
    return round(length / timedelta(seconds=1))
