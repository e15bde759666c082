"""The job that makes grades final: each with the dossier it rests on, kept before it is published, slice by slice.

A dossier that comes to another score than the stored one means that facts came in since: the organization is judged
anew and the job tries again. It may stop anywhere and be run twice: what is final is left alone.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import structlog

from hengjian.platform.calendar import legal_day
from hengjian.platform.db import Caller, Database
from hengjian.platform.events import emit
from hengjian.platform.issued import Paper, keep_all_issued
from hengjian.platform.objects import Objects, StoredObject
from hengjian.scoring.domain.dossier import digest
from hengjian.scoring.domain.functions import add_months
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.yearly_result import ResultAct
from hengjian.scoring.errors import ResultsBehindError
from hengjian.scoring.prepare_dossier import DossierRequest, prepare_dossier, rated_place
from hengjian.scoring.publish_grades import Publication, one_at_a_time, publish
from hengjian.scoring.read_result_list import KnownEntry, ResultList, Show, Wanted, read_entries, read_result_list
from hengjian.scoring.read_results import read_yearly_result
from hengjian.scoring.store_judgements import points_of

_log = structlog.get_logger()
PUBLISH_RESULTS = "scoring.publish_results"
PUBLISH_WANTED = ("result.publish", "result.correct")
BEHIND = "result.behind"
"""News that an organization's stored score is not that of its facts."""
_VALID_MONTHS = 12
SLICE = 50
"""Grades that become final in one transaction: each of them waits for the dossiers of the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """By whom and for which list grades become final."""

    database: Database
    objects: Objects
    lawbook: LawBook
    bureau: Caller
    listed: ResultList
    correcting: bool
    now: datetime

    def due(self, one: KnownEntry) -> bool:
        """Whether the entry's grade is to be published."""
        return one.entry.wrong if self.correcting else one.entry.ready

    def still_due(self, one: KnownEntry, now: KnownEntry | None) -> bool:
        """Whether what was found then is found now."""
        return now is not None and self.due(now) and _said(now) == _said(one)


@dataclass(frozen=True, slots=True)
class _Made:
    """An entry with its dossier, kept before the grade is published."""

    entry: KnownEntry
    content: bytes
    kept: StoredObject


async def publish_results(
    database: Database,
    payload: Mapping[str, Any],
    *,
    lawbook: LawBook,
    objects: Objects,
    now: datetime | None = None,
) -> int:
    """Publish (or correct) what the bureau `tenant_id` decided to, of `region` and `year`; how many became final.

    Raises:
        ResultsBehindError: some are judged anew first; trying again publishes them.
    """
    bureau = Caller(
        kind="bureau", tenant_id=UUID(payload["tenant_id"]), region=payload["region"], actor=PUBLISH_RESULTS
    )
    async with database.read(bureau) as session:
        found = await read_yearly_result(session, payload["year"], region=payload["region"])
        if found.listed is None:
            return 0
        correcting = payload["act"] == ResultAct.CORRECT
        shown = Wanted(show=Show.WRONG if correcting else Show.OPEN)
        entries, _ = await read_result_list(session, found.listed, shown)
    desk = _Desk(
        database=database,
        objects=objects,
        lawbook=lawbook,
        bureau=bureau,
        listed=found.listed,
        correcting=correcting,
        now=now or datetime.now(UTC),
    )
    final, due = 0, [one for one in entries if desk.due(one)]
    for start in range(0, len(due), SLICE):
        final += await _make_final(desk, due[start : start + SLICE])
    if final < len(due):
        raise ResultsBehindError(len(due) - final)
    return final


async def _make_final(desk: _Desk, slice_: Sequence[KnownEntry]) -> int:
    """Publish the grades of a slice with their dossiers; how many are final, by this or by somebody faster."""
    made: list[_Made] = []
    for one in slice_:
        try:
            content = await _dossier(desk, one)
            if content is not None and _agrees(content, one):
                made.append(_Made(one, content, await desk.objects.keep(content, suffix="json")))
            else:
                async with desk.database.write(desk.bureau) as session:
                    await emit(session, BEHIND, {"tenant_id": str(one.tenant_id)})
        except Exception:  # noqa: BLE001  # whatever it is, it may concern one organization only
            await _log.aexception("result.failed", organization=str(one.tenant_id), year=desk.listed.year)
    return await _published(desk, made)


async def _published(desk: _Desk, made: Sequence[_Made]) -> int:
    """Publish together; what cannot be published is found by halves, so that it holds back nobody else."""
    try:
        await _publish(desk, made)
    except Exception:  # noqa: BLE001  # whatever it is, it may concern one organization only
        if len(made) == 1:
            tenant_id = str(made[0].entry.tenant_id)
            await _log.aexception("result.failed", organization=tenant_id, year=desk.listed.year)
            return 0
        half = len(made) // 2
        return await _published(desk, made[:half]) + await _published(desk, made[half:])
    return len(made)


async def _publish(desk: _Desk, made: Sequence[_Made]) -> None:
    """Publish what is still due and still scored as its dossier says, all in one transaction."""
    if not made:
        return
    async with desk.database.write(desk.bureau) as session:
        await one_at_a_time(session, desk.bureau.region or "", desk.listed.year)
        now = await read_entries(session, desk.listed, [item.entry.tenant_id for item in made])
        # The others: somebody was faster, or they wait for a decision again.
        still = [item for item in made if desk.still_due(item.entry, now.get(item.entry.key))]
        until = None if desk.correcting else add_months(legal_day(desk.now), _VALID_MONTHS)
        dossiers = {item.entry.key: item.kept for item in still}
        entries = [now[item.entry.key] for item in still]
        await publish(session, entries, Publication(desk.listed.year, "final", desk.now, until), dossiers=dossiers)
        await keep_all_issued(session, [_paper(item) for item in still], issued_at=desk.now)


async def _dossier(desk: _Desk, one: KnownEntry) -> bytes | None:
    """The dossier as of the last day of the year; None where another region of the city judges the organization now.

    Read as the organization's own job: it may have left the bureau's region since the year ended.
    """
    last = desk.listed.last_day
    job = Caller(kind="job", tenant_id=one.tenant_id, actor=PUBLISH_RESULTS)
    async with desk.database.read(job) as session:
        place = await rated_place(session, one.tenant_id, below=one.region, days=(legal_day(desk.now), last))
        if place is None or place[1] != one.region:
            return None
        organization, region = place
        wanted = DossierRequest(region=region, as_of=last, known_at=desk.now)
        return await prepare_dossier(session, organization, wanted, lawbook=desk.lawbook)


def _agrees(content: bytes, one: KnownEntry) -> bool:
    """Whether the dossier comes to the score that is published."""
    official = json.loads(content)["result"]["official"]
    if official is None:
        return False
    total = None if official["total"] is None else points_of(Fraction(official["total"]))
    return (total, official["grade"], official["unrated"]) == _said(one)


def _said(one: KnownEntry) -> tuple[Decimal | None, str | None, str | None]:
    return one.total, one.grade, one.unrated


def _paper(made: _Made) -> tuple[Paper, tuple[str, ...]]:
    """By which anybody who holds the file learns from `/verify` that it was issued, and whether one replaced it."""
    document, one = json.loads(made.content), made.entry
    said = digest({name: document["hashes"][name] for name in ("law", "inputs", "result")})
    series = ("result", str(one.tenant_id), one.region, str(one.year))
    return Paper((document["hash"], made.kept.sha256), said), series
