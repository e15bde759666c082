"""Findings against the stretches of breach that are true now: which to open, to keep, to close."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from uuid import UUID

import msgspec

from hengjian.scoring.domain.timeline import Stretch


class KnownFinding(msgspec.Struct, frozen=True, gc=False):
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
    free: dict[tuple[str, str], list[KnownFinding]] = {}
    for finding in sorted(known, key=lambda finding: (finding.opened_on, str(finding.id))):
        if not _settled(finding):
            free.setdefault((finding.rule_id, finding.subject), []).append(finding)
    opened: list[Stretch] = []
    kept: list[tuple[KnownFinding, Stretch]] = []
    for breach in sorted(breaches, key=lambda stretch: (stretch.first_day, stretch.rule.id, stretch.subject.key)):
        own = free.get((breach.rule.id, breach.subject.key), [])
        match = next((finding for finding in own if breach.overlaps(finding.opened_on, finding.closed_on)), None)
        if match is None:
            opened.append(breach)
        else:
            own.remove(match)
            kept.append((match, breach))
    gone = sorted(chain.from_iterable(free.values()), key=lambda finding: (finding.opened_on, str(finding.id)))
    return Changes(tuple(opened), tuple(kept), tuple(gone))


def _settled(finding: KnownFinding) -> bool:
    """Corrected away before: closed on the day it was opened."""
    return finding.closed_on == finding.opened_on
