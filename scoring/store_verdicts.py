"""Keep the verdicts of today: rows are read, compared and written only for rules that say something else than before.

A standing has a digest of what each rule says of all its subjects, a verdict one of what it says itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from hengjian.platform.db import Session
from hengjian.scoring.bulk_rows import delete_rows, upsert_rows
from hengjian.scoring.domain.timeline import Course, Stretch
from hengjian.scoring.domain.values import Value
from hengjian.scoring.judged import Judged
from hengjian.scoring.stored_values import as_json, as_text, digest_of, text_of
from hengjian.scoring.tables import judgement

Said = Mapping[str, int]
"""By rule, a digest of what it says of all its subjects."""
Place = tuple[UUID, str]
"""An organization and a region that judges it."""

_KEY = ("tenant_id", "region", "rule_id", "subject")
_OF_RULES = f"""
select {", ".join(_KEY)}, digest from unnest($1::uuid[], $2::text[], $3::text[]) as wanted (tenant_id, region, rule_id)
  join judgement using (tenant_id, region, rule_id) where tenant_id = any($1)
"""
_OF_PLACES = f"""
select {", ".join(_KEY)}, digest from unnest($1::uuid[], $2::text[]) as wanted (tenant_id, region)
  join judgement using (tenant_id, region) where tenant_id = any($1)
"""


@dataclass(slots=True)
class VerdictWrites:
    """What is stored and what differs from it, of all organizations of a judgement together.

    Attributes:
        stored: by place what its rules said before, None where that is not known; places judged now are taken out.
        moved: by place and rule those who are judged by rules that say something else now, or nothing more.
        unknown: places of which every stored row is looked at.
        told: by course each of its rules with what it says, as it enters digests.
    """

    stored: dict[Place, Said | None]
    moved: dict[tuple[UUID, str, str], Judged] = field(default_factory=dict)
    unknown: set[Place] = field(default_factory=set)
    told: dict[Course, list[tuple[str, msgspec.Raw]]] = field(default_factory=dict)


def keep_verdicts(judged: Judged, writes: VerdictWrites) -> Said:
    """Note which rules say something else of one organization in one region; what each says."""
    place = judged.organization.id, judged.region
    found: dict[str, list[tuple[object, ...]]] = defaultdict(list)
    for subject, course in judged.courses:
        told = writes.told.get(course)
        if told is None:
            told = writes.told[course] = [(one.rule.id, _told(one, judged.today)) for one in course.last]
        for rule, text in told:
            found[rule].append((subject.kind, subject.key, subject.label, text))
    said = {rule: digest_of(own) for rule, own in found.items()}
    said |= {one.name: one.result.said for one in judged.carried if one.result.said is not None}
    before = writes.stored.pop(place, None)
    if before is None:
        writes.unknown.add(place)
        before = {}
    for rule in {**said, **before}:
        if said.get(rule) != before.get(rule):
            writes.moved[*place, rule] = judged
    return said


async def write_verdicts(session: Session, writes: VerdictWrites) -> None:
    """Write the verdicts that have changed and remove those that nothing is said of any more."""
    whole = {*writes.unknown, *writes.stored}
    left = await _digests(session, _OF_PLACES, whole)
    left |= await _digests(session, _OF_RULES, [key for key in writes.moved if key[:2] not in whole])
    changed: list[dict[str, Any]] = []
    for key, judged in writes.moved.items():
        for stretch in judged.verdicts_of(key[2]):
            digest = _digest_of(stretch, judged.today)
            if left.pop((*key, stretch.subject.key), None) != digest:
                changed.append({**_judgement(judged, stretch), "digest": digest})
    await delete_rows(session, judgement, [dict(zip(_KEY, key, strict=True)) for key in left])
    await upsert_rows(session, judgement, changed)


async def _digests(
    session: Session, statement: str, keys: Iterable[tuple[object, ...]]
) -> dict[tuple[UUID, str, str, str], int | None]:
    columns = list(zip(*keys, strict=True))
    rows = await session.fetch_raw(statement, *columns) if columns else []
    return {(tenant_id, region, rule, subject): digest for tenant_id, region, rule, subject, digest in rows}


def _told(stretch: Stretch, today: date) -> msgspec.Raw:
    """What a verdict says of whomever it is of; where the facts it was given are the same, so are those it shows."""
    given = ["today" if value == today else value for value in map(stretch.given.get, stretch.rule.inputs)]
    return msgspec.Raw(text_of((stretch.verdict, stretch.first_day, given)))


def _digest_of(stretch: Stretch, today: date) -> int:
    subject = stretch.subject
    return digest_of((subject.kind, subject.label, stretch.verdict, stretch.first_day, _facts(stretch, today)))


def _facts(stretch: Stretch, today: date) -> list[Value | None]:
    """The facts of a verdict. The day of judgement is none of them, though it is a fact of some rules."""
    return [None if value == today else value for value in stretch.facts.values()]


def _judgement(judged: Judged, stretch: Stretch) -> dict[str, Any]:
    verdict = stretch.verdict
    return {
        "tenant_id": judged.organization.id,
        "region": judged.region,
        "rule_id": stretch.rule.id,
        "subject_kind": stretch.subject.kind,
        "subject": stretch.subject.key,
        "subject_label": stretch.subject.label,
        "verdict": verdict.verdict,
        "severity": verdict.severity,
        "measured": as_text(verdict.measured),
        "required": as_text(verdict.required),
        "missing": list(verdict.missing),
        "lacking": list(verdict.lacking),
        "reason": verdict.reason,
        "facts": as_json(stretch.facts),
        "since": stretch.first_day,
        "as_of": judged.today,
        "judged_at": judged.now,
        "pack_version": judged.pack_version,
    }
