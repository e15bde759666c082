"""Recordings as subjects: archived in time, kept long enough, whole and unchanged."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from hengjian.platform.calendar import legal_day, start_of_legal_day
from hengjian.scoring.domain.register_rows import Registers, Row, Span, event, lasting, whole_seconds
from hengjian.scoring.domain.subjects import Facts, Subject
from hengjian.scoring.evidence.way import Way, gaps_of

_DAY = timedelta(days=1)


def recordings(way: Way, span: Span, *, archive_hours: Iterable[int]) -> Iterator[Subject]:
    """The archived recordings of a task; one that shows several tasks belongs to the one that it names."""
    hours = tuple(archive_hours)
    for row in way.recordings:
        if row["task_ref"] in (None, way.ref):
            yield from _archive(row, way, span, hours, archived=row["archived_at"])
            yield from _recording(row, way, span)
            yield from _kept(row, way, span)


def uploads(
    registers: Registers, ways: Iterable[Way], span: Span, *, archive_hours: Iterable[int]
) -> Iterator[Subject]:
    """Recordings of which the archive knows that they exist, and does not have them."""
    by_ref, hours = {way.ref: way for way in ways}, tuple(archive_hours)
    for row in registers["uploads"]:
        way = by_ref.get(row["task_ref"])
        if way is not None:
            yield from _archive(row, way, span, hours, archived=None)


def _archive(row: Row, way: Way, span: Span, hours: tuple[int, ...], *, archived: datetime | None) -> Iterator[Subject]:
    """From the end of the file until it is archived.

    Until then, what has passed when the legal day begins counts: a day that may still bring it in time is not held
    against anybody.
    """
    completed: datetime = row["completed_at"]
    first, last = legal_day(completed), span.fixed[-1]
    done = legal_day(archived) if archived is not None else None
    until = done + _DAY if done is not None else date.max
    over = {legal_day(completed + timedelta(hours=hour)) + _DAY for hour in hours}
    days = sorted(day for day in {first, *over, *span.fixed, last} if first <= day < until)
    changes: dict[date, Facts] = {
        day: {"archived": False, "archive_seconds": whole_seconds(completed, start_of_legal_day(day))} for day in days
    }
    if archived is not None and done is not None:
        changes[max(done, first)] = {"archived": True, "archive_seconds": whole_seconds(completed, archived)}
    subject = Subject(
        kind="recording_archive", key=row["source_ref"], label=_label(row, way), city=way.city, unit=way.unit
    )
    yield from lasting(subject, sorted(changes.items()), max(until, first + _DAY), span)


def _recording(row: Row, way: Way, span: Span) -> Iterator[Subject]:
    """The recording on the day of its archiving."""
    facts: Facts = {
        "completed_on": legal_day(row["completed_at"]),
        "retained_until": row["retention_until"],
        "gap_ms": sum(last - first for first, last in gaps_of(row)) if row["inspected"] and row["usable"] else None,
        "recording_usable": row["usable"] if row["inspected"] else None,
    }
    yield from _on(legal_day(row["archived_at"]), "recording", row, way, facts, span)


def _kept(row: Row, way: Way, span: Span) -> Iterator[Subject]:
    """The recording on the day on which it was found changed or deleted; without such a day on that of its archiving."""
    changed: datetime | None = row["changed_at"]
    deleted: datetime | None = row["deleted_at"]
    early = deleted if deleted is not None and legal_day(deleted) <= row["retention_until"] else None
    facts: Facts = {"hash_unchanged": changed is None, "deleted_early": early is not None}
    found = min((moment for moment in (changed, early) if moment is not None), default=row["archived_at"])
    yield from _on(legal_day(found), "recording_kept", row, way, facts, span)


def _on(day: date, kind: str, row: Row, way: Way, facts: Facts, span: Span) -> Iterator[Subject]:
    key, label = row["source_ref"], _label(row, way)
    yield from event(kind, key, label, on=day, facts=facts, span=span, city=way.city, unit=way.unit)


def _label(row: Row, way: Way) -> str:
    return f"{way.label} {row['source_ref']}"
