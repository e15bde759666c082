"""Samples on their way to the result, as subjects: label, times, preservation, receipt, analysis."""

from collections.abc import Iterator
from datetime import date

from hengjian.ingestion.api import Interval, Stage, moment_of
from hengjian.platform.calendar import legal_day
from hengjian.scoring.domain.register_rows import Row, Span, event, showing
from hengjian.scoring.domain.subjects import Facts, Subject
from hengjian.scoring.evidence.tasks import Settled, purposes, told_spans
from hengjian.scoring.evidence.way import SECOND_MS, Deed, Way

# What a recording of a preservation says that it shows.
_PURPOSE = {"PRESERVATIVE": "ACID"}
# The way of a sample in its order (S000 2.3): the events that tell each stage, of the label and of the task.
_ORDER: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("SAMPLING", (), ("SAMPLING",)),
    ("SEAL", ("SEALED",), ()),
    ("LABEL", ("LABELLED",), ()),
    ("HANDOVER", ("HANDED_OVER",), ()),
    ("RECEIPT", ("RECEIVED",), ()),
    ("ANALYSIS", ("ANALYSED",), ("ANALYSIS",)),
    ("CHECK", (), ("CHECKED",)),
    ("REVIEW", (), ("REVIEWED",)),
    ("REPORT", (), ("REPORTED",)),
)
_CHECKS = ("timely", "preserved", "seal_state")


def samples(way: Way, span: Span, settled: Settled) -> Iterator[Subject]:
    """Every subject that the samples of a task make."""
    deeds = list(way.deeds())
    for ref in way.samples:
        yield from _sample(way, ref, span, settled)
        yield from _preservation(way, ref, deeds, span, settled)
        yield from _receipts(way, ref, deeds, span, settled)
        yield from _analysis(way, ref, deeds, span, settled)


def _subject(kind: str, way: Way, ref: str, key: str, on: date, facts: Facts, span: Span) -> Iterator[Subject]:  # noqa: PLR0917
    subject = event(kind, key, f"{way.label} {ref}", on=on, facts=facts, span=span, city=way.city, unit=way.unit)
    yield from showing(subject, (f"sample:{ref}",))


def stage_times(way: Way, sample: str) -> dict[str, int]:
    """When each stage of a sample was reached first, in milliseconds of the server's time, in the order of the stages.

    An event of the task that names no sample is of all of them.
    """
    found: dict[str, int] = {}
    for stage, of_label, of_task in _ORDER:
        times = [way.when(row) for row in way.labels_of(sample, *of_label)]
        times += [way.when(row) for row in way.events if row["kind"] in of_task and row["sample_ref"] in (None, sample)]
        if times:
            found[stage] = min(times)
    return found


def out_of_order(times: dict[str, int]) -> tuple[str, ...]:
    """The stages that were reached before one that comes earlier on the way."""
    found, latest = [], None
    for stage, at in times.items():
        if latest is not None and at < latest:
            found.append(f"{stage}_EARLY")
        latest = at if latest is None else max(latest, at)
    return tuple(found)


def _sample(way: Way, ref: str, span: Span, settled: Settled) -> Iterator[Subject]:
    """The sample on the day of its first stage."""
    times, row = stage_times(way, ref), way.samples[ref]
    if not times:
        return
    put_on = way.labels_of(ref, "LABELLED", "RECEIVED", "OPENED", "ANALYSED")
    told = way.labels_of(ref, "LABELLED")
    sampled_at = next((milliseconds_of(way, one) for one in told if one["sampled_at"] is not None), None)
    sampled = times.get("SAMPLING", sampled_at)
    analysed = times.get("ANALYSIS")
    began = min(times.values())
    wanting = not put_on and not settled.is_over(Interval(began, began + SECOND_MS))
    facts: Facts = {
        "brought_back": row["brought_back"],
        "labelled": None if wanting else bool(put_on),
        "label_issued": any(one["issued"] for one in put_on) if put_on else None,
        "stages_told": len(times),
        "stages_out_of_order": out_of_order(times),
        "analysed_before_receipt": "ANALYSIS" in times and "RECEIPT" in times and times["ANALYSIS"] < times["RECEIPT"],
        "analysed": analysed is not None,
        "holding_minutes": row["holding_minutes"],
        "held_ms": analysed - sampled if analysed is not None and sampled is not None else None,
    }
    yield from _subject("sample", way, ref, ref, legal_day(moment_of(began)), facts, span)


def milliseconds_of(way: Way, row: Row) -> int:
    """The time of sampling that was entered with an event, as the server's."""
    return way.clocks.right(row["sampled_at"], row["device_id"])


def _preservation(way: Way, ref: str, deeds: list[Deed], span: Span, settled: Settled) -> Iterator[Subject]:
    """What the method asks for on the way, on the day of the sampling; what a client brings was kept by the client."""
    times = stage_times(way, ref)
    required = tuple(way.samples[ref]["preservation"])
    if not way.sampled_here or not required or not times:
        return
    own = [deed for deed in deeds if deed.stage is Stage.PRESERVATION and deed.row["sample_ref"] in (None, ref)]
    claimed = purposes(way, ref, Stage.PRESERVATION)
    recorded, missing = _each_recorded(way, own, required, claimed)
    began = min(times.values())
    last = max((deed.span.until for deed in own), default=began)
    if len(recorded) == len(required) or settled.is_over(Interval(began, last)):
        facts: Facts = {
            "preservation_required": required, "preservation_recorded": recorded, "missing_spans": told_spans(missing),
        }  # fmt: skip
        kept = _subject("preservation", way, ref, ref, legal_day(moment_of(began)), facts, span)
        yield from showing(kept, way.torn(Stage.PRESERVATION, missing))


def _each_recorded(
    way: Way, deeds: list[Deed], required: tuple[str, ...], claimed: set[str]
) -> tuple[tuple[str, ...], tuple[Interval, ...]]:
    """Which of these were recorded: where events tell them, by what clips show of each; else by what a clip says."""
    recorded: list[str] = []
    missing: list[Interval] = []
    for what in required:
        parts = [part for deed in deeds if deed.what == what for part in way.covered(deed).missing]
        told = any(deed.what == what for deed in deeds)
        if not parts and (told or _PURPOSE.get(what, what) in claimed):
            recorded.append(what)
        missing += parts
    return tuple(recorded), tuple(missing)


def _receipts(way: Way, ref: str, deeds: list[Deed], span: Span, settled: Settled) -> Iterator[Subject]:
    """Each acceptance or refusal at the counter; an analysis without any is one that nobody checked."""
    if not way.samples[ref]["brought_back"]:
        return
    own = [deed for deed in deeds if deed.stage is Stage.HANDOVER and deed.row["sample_ref"] == ref]
    for deed in own:
        covered = way.covered(deed)
        pending = not covered.complete and not settled.is_over(deed.span)
        facts: Facts = {
            "receipt_checked": deed.row["seal_state"] is not None,
            "receipt_accepted": deed.row["kind"] == "RECEIVED",
            "seal_state": deed.row["seal_state"],
            "handover_recorded": None if pending else covered.complete,
            "handover_checks": tuple(name.upper() for name in _CHECKS if deed.row[name] is not None),
            "missing_spans": told_spans(covered.missing),
        }
        receipt = _subject("receipt", way, ref, deed.ref, legal_day(moment_of(deed.span.since)), facts, span)
        yield from showing(receipt, way.torn(Stage.HANDOVER, covered.missing))
    analysed = stage_times(way, ref).get("ANALYSIS")
    if not own and analysed is not None and settled.is_over(Interval(analysed, analysed + SECOND_MS)):
        facts = {
            "receipt_checked": False, "receipt_accepted": True, "seal_state": None, "handover_recorded": False,
            "handover_checks": (), "missing_spans": (),
        }  # fmt: skip
        yield from _subject("receipt", way, ref, ref, legal_day(moment_of(analysed)), facts, span)


def _analysis(way: Way, ref: str, deeds: list[Deed], span: Span, settled: Settled) -> Iterator[Subject]:
    """The analysis of a sample on the day on which it began."""
    analysed = stage_times(way, ref).get("ANALYSIS")
    if analysed is None or not way.samples[ref]["brought_back"]:
        return
    own = [deed for deed in deeds if deed.stage is Stage.ANALYSIS and deed.row["sample_ref"] == ref]
    required = tuple(way.samples[ref]["key_steps"])
    recorded, missing = _each_recorded(way, own, required, purposes(way, ref, Stage.ANALYSIS))
    opening = next((deed for deed in own if deed.row["kind"] == "OPENED"), None)
    covered = way.covered(opening) if opening is not None else None
    settled_now = settled.is_over(Interval(analysed, max((deed.span.until for deed in own), default=analysed)))
    opened = covered is not None and covered.complete
    unopened = covered.missing if covered is not None else ()
    facts: Facts = {
        "key_steps_required": required,
        "key_steps_recorded": recorded if settled_now or len(recorded) == len(required) else None,
        "missing_spans": told_spans((*missing, *unopened)),
        "opening_checked": opening is not None and opening.row["seal_state"] is not None,
        "opening_lead_ms": analysed - opening.span.since if opening is not None else None,
        "opening_recorded": opened if settled_now or opened else None,
    }
    analysis = _subject("analysis", way, ref, ref, legal_day(moment_of(analysed)), facts, span)
    yield from showing(analysis, way.torn(Stage.ANALYSIS, (*missing, *unopened)))
