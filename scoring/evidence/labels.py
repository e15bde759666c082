"""Labels as subjects: one sample each, put on the seal, entered on site, printed anew in front of a camera."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from hengjian.ingestion.api import Entry, Stage, entered_on_site, measured, moment_of, without
from hengjian.platform.calendar import legal_day
from hengjian.platform.distance import position_of
from hengjian.scoring.domain.register_rows import Row, Span, by_reference, event, showing
from hengjian.scoring.domain.subjects import Facts, Subject
from hengjian.scoring.evidence.tasks import Settled, recorded_of
from hengjian.scoring.evidence.way import Way

_KEY_FIELDS = ("sampled_at", "character", "fixative")


def labels(ways: Iterable[Way], span: Span, settled: Mapping[str, Settled]) -> Iterator[Subject]:
    """Every subject that the labels of these tasks make; `settled` by city."""
    found = list(ways)
    yield from _labels(found, span)
    for way in found:
        yield from _entries(way, span)
        yield from _reprints(way, span, settled[way.city])


def _labels(ways: list[Way], span: Span) -> Iterator[Subject]:
    """Each label on the day of its first event, with the samples on which it was ever put."""
    told = [(way, row) for way in ways for rows in way.labels.values() for row in rows]
    way_of = {row["source_ref"]: way for way, row in told}
    rows = sorted((row for _, row in told), key=lambda row: (row["happened_at"], row["source_ref"]))
    for name, own in by_reference(rows, "label_id").items():
        way = way_of[own[0]["source_ref"]]
        on = legal_day(moment_of(way.when(own[0])))
        own_samples = dict.fromkeys(f"sample:{row['sample_ref']}" for row in own)
        label = event(
            "label", name, f"{way.label} {name}", on=on, facts=_label(way, own), span=span, city=way.city, unit=way.unit
        )
        yield from showing(label, own_samples)


def _label(way: Way, rows: list[Row]) -> Facts:
    """Sealed and put on: the first label counts, one printed anew is put on a seal that is there."""
    sealed = next((row for row in rows if row["kind"] == "SEALED"), None)
    put_on = next((row for row in rows if row["kind"] == "LABELLED"), None)
    return {
        "label_samples": len({row["sample_ref"] for row in rows}),
        "label_issued": any(row["issued"] for row in rows),
        "label_used_elsewhere": any(row["used_elsewhere"] for row in rows),
        "label_put_on": put_on is not None,
        "sealed": sealed is not None,
        "seal_lead_ms": way.when(put_on) - way.when(sealed) if sealed is not None and put_on is not None else None,
        "photo_present": any(row["photo_sha256"] is not None for row in rows if row["kind"] == "LABELLED"),
    }


def _entries(way: Way, span: Span) -> Iterator[Subject]:
    """What may be entered on site only (第六条), each entry on its day."""
    arrivals, site = [moment_of(way.when(row)) for row in way.events if row["kind"] == "ARRIVED"], position_of(way.task)
    for row in (row for rows in way.labels.values() for row in rows):
        key_fields = any(row[name] is not None for name in _KEY_FIELDS)
        if not entered_on_site(row["kind"], key_fields=key_fields, sampled=way.sampled_here):
            continue
        entry = Entry(
            happened_at=row["happened_at"],
            recorded_at=row["recorded_at"],
            position=position_of(row),
            accuracy_m=row["accuracy_m"],
            sampled_at=row["sampled_at"],
            drift=timedelta(milliseconds=way.clocks.drift(row["device_id"], row["happened_at"])),
            on_site=True,
        )
        found = measured(entry, arrivals=arrivals, site=site)
        facts: Facts = {
            "before_arrival_ms": found.before_arrival_ms,
            "before_sampling_ms": found.before_sampling_ms,
            "entry_distance_m": found.distance_m,
            "entry_accuracy_m": found.accuracy_m,
            "clock_ahead_ms": found.clock_ahead_ms,
        }
        yield from event(
            "label_entry",
            row["source_ref"],
            f"{way.label} {row['label_id']}",
            on=legal_day(moment_of(way.when(row))),
            facts=facts,
            span=span,
            city=way.city,
            unit=way.unit,
        )


def _reprints(way: Way, span: Span, settled: Settled) -> Iterator[Subject]:
    """Each label printed anew, from its printing until it was put on (第八条)."""
    shown = way.shown(Stage.SAMPLING)
    for deed in way.deeds():
        if deed.row["kind"] != "REPRINTED":
            continue
        missing = without([deed.span], shown)
        if not missing or settled.is_over(deed.span):
            facts = {**recorded_of(deed.span, shown)}
            del facts["nodes_recorded"]
            reprint = event(
                "label_reprint",
                deed.ref,
                f"{way.label} {deed.row['label_id']}",
                on=legal_day(moment_of(deed.span.since)),
                facts=facts,
                span=span,
                city=way.city,
                unit=way.unit,
            )
            yield from showing(reprint, way.torn(Stage.SAMPLING, missing))
