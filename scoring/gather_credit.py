"""The credit records of organizations, from their registers and from what bureaus decided on them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hengjian.platform.calendar import legal_day
from hengjian.platform.db import ReadSession
from hengjian.scoring.credit_rows import (
    ALL,
    ConfirmedRow,
    DeviceRow,
    FailureRow,
    JobRow,
    PenaltyRow,
    Rows,
    SiteRow,
    VetoRow,
    YearRow,
    read_rows,
)
from hengjian.scoring.domain.credit_events import Status
from hengjian.scoring.domain.credit_history import Device, Failure, PastYear, Penalty, Span, Unit, VetoDecision
from hengjian.scoring.domain.credit_record import (
    CheckOnRecord,
    ConfirmedFinding,
    CreditRecord,
    KnownVeto,
    PenaltyOnRecord,
    PlacedDevice,
    PlacedUnit,
    PlacedYear,
)
from hengjian.scoring.domain.verdicts import Severity

_COUNTS = frozenset({Status.STANDING, Status.ANNULLED})
DECIDED = ("penalty", "veto", "check", "confirmed", "year", "failure")
"""Rows that are no register's, and failures, whose length may grow with the hour; others change by a push alone."""
PUSHED = tuple(kind for kind in ALL if kind not in DECIDED)


async def gather_credit(
    session: ReadSession, tenant_ids: Sequence[UUID], *, since: date, now: datetime | None = None
) -> dict[UUID, CreditRecord]:
    """The record of each organization that the caller may see.

    Args:
        session: whose caller sees the organizations.
        tenant_ids: any number of them.
        since: the first day to judge; its natural year counts.
        now: until when a failure that lasts has lasted so far.
    """
    rows = await gather_rows(session, tenant_ids, since=since)
    moment = now or datetime.now(UTC)
    return {tenant_id: record_of(held, now=moment) for tenant_id, held in rows.items()}


async def gather_rows(
    session: ReadSession, tenant_ids: Sequence[UUID], *, since: date, kinds: Sequence[str] = ALL
) -> dict[UUID, Rows]:
    """The rows behind the records, those of some kinds; `since` as in `gather_credit`."""
    return await read_rows(session, tenant_ids, since=since.replace(month=1, day=1), kinds=kinds)


def record_of(rows: Rows, *, now: datetime) -> CreditRecord:
    """What the rows of one organization say; kinds that were not read say nothing."""
    rows = defaultdict(list, rows)
    return CreditRecord(
        filed_on=next((row.filed_on for row in rows["registration"]), None),
        connected_on=min((row.first_day for row in rows["push"]), default=None),
        pushed_months=frozenset(row.month for row in rows["push"]),
        units=(*_sites(rows["site"]), *_jobs(rows["job"])),
        devices=_devices(rows["device"], rows["failure"], now),
        penalties=tuple(_penalty(row) for row in rows["penalty"] if row.standing.status in _COUNTS),
        vetoes=tuple(_veto(row) for row in rows["veto"] if row.standing.status in _COUNTS),
        known_vetoes=tuple(_known(row) for row in rows["veto"]),
        checks=tuple(
            CheckOnRecord(
                document_no=row.document_no,
                kind=row.kind,
                region=row.region,
                checked_on=row.checked_on,
                fit=row.fit,
                severity=None if row.severity is None else Severity(row.severity),
                due_on=row.due_on,
                rectified_on=row.standing.rectified_on,
            )
            for row in rows["check"]
            if row.standing.status is Status.STANDING
        ),
        confirmed=tuple(_confirmed(row) for row in sorted(rows["confirmed"], key=lambda row: row.no)),
        years=tuple(_year(row) for row in sorted(rows["year"], key=lambda row: (row.region, row.year))),
    )


def _sites(rows: Sequence[SiteRow]) -> tuple[PlacedUnit, ...]:
    spans: dict[tuple[str, str], list[Span]] = {}
    for row in sorted(rows, key=lambda row: (row.ref, row.since)):
        last = None if row.until is None else row.until - timedelta(days=1)
        spans.setdefault((row.ref, row.city), []).append(Span(row.since, last))
    return tuple(PlacedUnit("contractor", Unit(ref, tuple(held)), city) for (ref, city), held in spans.items())


def _jobs(rows: Sequence[JobRow]) -> tuple[PlacedUnit, ...]:
    ordered = sorted(rows, key=lambda row: row.ref)
    return tuple(PlacedUnit("institution", Unit(row.ref, (Span(row.since, row.since),)), row.city) for row in ordered)


def _devices(rows: Sequence[DeviceRow], failures: Sequence[FailureRow], now: datetime) -> tuple[PlacedDevice, ...]:
    held: Mapping[str, list[Failure]] = {row.ref: [] for row in rows}
    for one in sorted(failures, key=lambda one: (one.began_at, one.ref)):
        if one.device in held:
            held[one.device].append(Failure(legal_day(one.began_at), minutes_of(one, now)))
    return tuple(
        PlacedDevice(Device(row.ref, row.since, row.until, tuple(held[row.ref])), row.city)
        for row in sorted(rows, key=lambda row: row.ref)
    )


def minutes_of(failure: FailureRow, now: datetime) -> int:
    """How long a failure took to repair, or has lasted so far: whole minutes, a begun one counts."""
    return max(0, -((failure.began_at - (failure.repaired_at or now)) // timedelta(minutes=1)))


def _penalty(row: PenaltyRow) -> PenaltyOnRecord:
    stands = row.standing
    return PenaltyOnRecord(
        penalty=Penalty(
            document_no=row.document_no,
            measure=row.measure,
            decided_on=row.decided_on,
            fine=row.fine,
            duty_done_on=stands.duty_done_on,
            repaired_on=stands.repaired_on,
        ),
        region=row.region,
        conduct=row.conduct,
        annulled=stands.status is Status.ANNULLED,
    )


def _veto(row: VetoRow) -> VetoDecision:
    stands = row.standing
    if stands.on_day is None:
        raise ValueError(row.id)
    return VetoDecision(
        item=row.item,
        document_no=stands.document_no,
        decided_on=stands.on_day,
        annulled_on=stands.annulled_on,
        regraded_on=stands.repaired_on,
    )


def _known(row: VetoRow) -> KnownVeto:
    return KnownVeto(item=row.item, rests_on=frozenset(row.rests_on), undecided=row.standing.status is Status.WAITING)


def _confirmed(row: ConfirmedRow) -> ConfirmedFinding:
    return ConfirmedFinding(
        no=row.no,
        rule=row.rule,
        region=row.region,
        confirmed_on=legal_day(row.confirmed_at),
        due_on=row.due_on,
        rectified_on=row.closed_on,
    )


def _year(row: YearRow) -> PlacedYear:
    year = PastYear(
        year=row.year,
        published_on=row.published_on,
        rated=row.rated,
        confirmed=row.confirmed,
        undecided=row.undecided,
    )
    return PlacedYear(row.region, year)
