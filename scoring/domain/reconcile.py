"""Findings against the stretches of breach that are true now: which to open, to keep, to close."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hengjian.scoring.domain.timeline import Stretch


@dataclass(frozen=True, slots=True)
class KnownFinding:
    """A finding as it stands: breached from `opened_on` to before `closed_on` (None while open)."""

    id: UUID
    rule_id: str
    subject: str
    opened_on: date
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What an evaluation does to the findings of one organization in one region."""

    opened: tuple[Stretch, ...]
    kept: tuple[tuple[KnownFinding, Stretch], ...]
    gone: tuple[KnownFinding, ...]


def reconcile(known: Sequence[KnownFinding], breaches: Sequence[Stretch]) -> Changes:
    """Match findings with the breaches that share days with them; of several, the earliest takes the finding.

    A finding without any breach left was corrected away: it is closed, never deleted. A breach without a finding
    opens one. Each finding and each breach is matched once; what was corrected away stays so.
    """
    free = sorted(
        (finding for finding in known if not _settled(finding)),
        key=lambda finding: (finding.opened_on, str(finding.id)),
    )
    opened: list[Stretch] = []
    kept: list[tuple[KnownFinding, Stretch]] = []
    for breach in sorted(breaches, key=lambda stretch: (stretch.first_day, stretch.rule.id, stretch.subject.key)):
        match = next((finding for finding in free if _same(finding, breach)), None)
        if match is None:
            opened.append(breach)
        else:
            free.remove(match)
            kept.append((match, breach))
    return Changes(tuple(opened), tuple(kept), tuple(free))


def _same(finding: KnownFinding, breach: Stretch) -> bool:
    return (
        finding.rule_id == breach.rule.id
        and finding.subject == breach.subject.key
        and breach.overlaps(finding.opened_on, finding.closed_on)
    )


def _settled(finding: KnownFinding) -> bool:
    """Corrected away before: closed on the day it was opened."""
    return finding.closed_on == finding.opened_on
