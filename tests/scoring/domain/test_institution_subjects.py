"""What is judged of an institution, held to brute force: every rule on every day, from random histories."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hengjian.scoring.domain.institution_subjects import INTERMEDIATE_OR_HIGHER, institution, key_people
from hengjian.scoring.domain.register_rows import Registers, Span
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.domain.subjects_in_use import subjects_in_use
from hengjian.scoring.domain.subjects_of_events import subjects_of_events
from hengjian.scoring.domain.timeline import law_days, stretches
from hengjian.scoring.lawbook_files import load_lawbook

FIRST, LAST = date(2025, 12, 1), date(2026, 2, 10)
DAYS = tuple(FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
BOOK = load_lawbook()
FIXED = tuple(
    sorted({FIRST, LAST, *law_days((rule for pack in BOOK.packs for rule in pack.rules), since=FIRST, until=LAST)})
)
TERMS = (36, 60)
NEAR = st.dates(FIRST - timedelta(days=5), LAST + timedelta(days=5))
SOMETIME = st.none() | NEAR
LONG_AGO = st.none() | st.sampled_from([date(2020, 12, 20), date(2021, 1, 31), date(2023, 1, 15), date(2022, 12, 1)])
LEVELS = st.sampled_from([None, "NONE", "JUNIOR", "INTERMEDIATE", "INTERMEDIATE_EQUIVALENT", "SENIOR"])
FIELDS: Mapping[str, Mapping[str, st.SearchStrategy[Any]]] = {
    "people": {
        "name": st.just("王"),
        "role": st.sampled_from(["ANALYST", "TECHNICAL_MANAGER", "AUTHORIZED_SIGNATORY", "OTHER"]),
        "title_level": LEVELS,
        "experienced_since": LONG_AGO,
        "identity_fingerprint": st.sampled_from([None, b"1", b"2"]),
    },
    "certificates": {"person_ref": st.sampled_from("ab"), "items": st.sampled_from([[], ["氨氮"], ["氨氮", "总磷"]])},
    "accreditations": {"granted_on": SOMETIME},
    "capabilities": {
        "accreditation_ref": st.sampled_from("ab"),
        "item": st.sampled_from(["氨氮", "总磷"]),
        "method_code": st.just("HJ 1"),
    },
    "instruments": {"name": st.just("天平"), "calibration_exempt": st.sampled_from([None, False, True])},
    "calibrations": {
        "instrument_ref": st.sampled_from("ab"),
        "kind": st.sampled_from(["CALIBRATION", "INTERNAL_CHECK"]),
        "fit_for_use": st.booleans(),
    },
    "referenceMaterials": {"name": st.just("标"), "lot": st.just("1"), "expires_on": NEAR, "accepted_on": SOMETIME,
                           "key_reagent": st.sampled_from([True])},
    "reagentLots": {"name": st.just("酸"), "lot": st.just("1"), "expires_on": NEAR, "accepted_on": SOMETIME,
                    "key_reagent": st.booleans()},
    "methods": {"code": st.just("HJ 1"), "verified_on": SOMETIME, "superseded_on": SOMETIME},
    "rooms": {
        "name": st.just("室"),
        "temperature_low": st.sampled_from([None, 20]),
        "temperature_high": st.sampled_from([None, 25]),
        "humidity_low": st.none(),
        "humidity_high": st.sampled_from([None, 60]),
    },
    "environmentReadings": {
        "room_ref": st.sampled_from("ab"),
        "temperature": st.sampled_from([None, 19, 20, 25, 26]),
        "humidity": st.sampled_from([None, 60, 61]),
        "action": st.sampled_from([None, "调温"]),
    },
}  # fmt: skip
EVENTS: Mapping[str, Mapping[str, st.SearchStrategy[Any]]] = {
    "monitoringReports": {
        "number": st.sampled_from(["1", "2"]),
        "issued_on": NEAR,
        "amends_number": st.sampled_from([None, "1"]),
        "amended": st.booleans(),
        "amendment_reason": st.sampled_from([None, "笔误"]),
        "same_number": st.integers(1, 2),
    },
    "testResults": {
        "item": st.sampled_from(["氨氮", "总磷"]),
        "tested_on": NEAR,
        "method_ref": st.sampled_from("abx"),
        "report_ref": st.sampled_from(["a", "b", None]),
        "analyst_ref": st.sampled_from("abx"),
        "checker_ref": st.sampled_from(["a", "b", None]),
        "reviewer_ref": st.sampled_from("ac"),
    },
    "systemChanges": {"title": st.just("升级"), "implemented_on": NEAR, "approved_on": SOMETIME},
}


@dataclass(frozen=True)
class Assertion:
    """One row as it was pushed; the order of pushes is the order in a history."""

    ref: str
    valid_from: date
    valid_until: date
    withdrawn: bool
    fields: Mapping[str, Any]


@st.composite
def assertions(draw: st.DrawFn, kind: str) -> Assertion:
    """A row, entered in time or late, open or ended, perhaps on the day on which another begins."""
    begins = draw(NEAR)
    ends = draw(st.just(date(9999, 12, 31)) | st.integers(1, 30).map(lambda n: begins + timedelta(days=n)))
    fields = {name: draw(strategy) for name, strategy in FIELDS[kind].items()}
    return Assertion(draw(st.sampled_from("ab")), begins, ends, draw(st.integers(0, 7)) == 0, fields)


def known_now(history: Iterable[Assertion]) -> list[dict[str, Any]]:
    """The register after a history: each row cuts what was known of its reference from its first day on."""
    rows: list[dict[str, Any]] = []
    for one in history:
        kept = [row for row in rows if row["source_ref"] != one.ref or row["valid_from"] < one.valid_from]
        for row in kept:
            if row["source_ref"] == one.ref:
                row["valid_until"] = min(row["valid_until"], one.valid_from)
        if not one.withdrawn:
            kept.append(
                {"source_ref": one.ref, "valid_from": one.valid_from, "valid_until": one.valid_until, **one.fields}
            )
        rows = kept
    return sorted(rows, key=lambda row: (row["valid_from"], row["source_ref"]))


def true_of(history: Sequence[Assertion], ref: str, day: date) -> Mapping[str, Any] | None:
    """What is true of a reference on a day: the row entered last among those begun by then."""
    last = [one for one in history if one.ref == ref and one.valid_from <= day][-1:]
    return next((one.fields for one in last if not one.withdrawn and day < one.valid_until), None)


@st.composite
def histories(draw: st.DrawFn) -> dict[str, list[Assertion]]:
    """A history of every register."""
    return {kind: draw(st.lists(assertions(kind), max_size=5)) for kind in FIELDS}


@st.composite
def events(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Reports, results and changes."""
    found: dict[str, list[dict[str, Any]]] = {}
    for kind, fields in EVENTS.items():
        refs = draw(st.lists(st.sampled_from("abcd"), unique=True, max_size=4))
        found[kind] = [{"source_ref": ref, **{name: draw(one) for name, one in fields.items()}} for ref in refs]
    return found


def subjects(registers: Registers, fixed: tuple[date, ...]) -> list[Subject]:
    """Every subject, on its days."""
    first_days = {kind: min(row["valid_from"] for row in registers[kind]) for kind in FIELDS if registers[kind]}
    first_days |= {kind: FIRST for kind in ("monitoringReports",) if registers[kind]}
    span = Span(fixed, first_days)
    return [
        institution(registers, span),
        *key_people(registers, span, terms=TERMS),
        *subjects_in_use(registers, span),
        *subjects_of_events(registers, span),
    ]


def found(registers: Registers, fixed: tuple[date, ...]) -> set[tuple[Any, ...]]:
    """All stretches of all rules."""
    return {
        (one.rule.id, subject.kind, subject.key, one.outcome, one.severity, one.first_day, one.until)
        for subject in subjects(registers, fixed)
        for one in stretches(subject, subject.days, lambda day: BOOK.rules_in_force(region="65", on=day))
    }


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(histories(), events())
def test_the_days_of_change_are_all_there_are(history: dict[str, list[Assertion]], made: dict[str, Any]) -> None:
    """Judging on the days of change finds what judging on every single day finds, for every rule and subject."""
    registers = {kind: known_now(rows) for kind, rows in history.items()} | made
    assert found(registers, FIXED) == found(registers, DAYS)


def only(kind: str, history: Iterable[Assertion]) -> Registers:
    """Registers of which one holds rows."""
    nothing: dict[str, list[dict[str, Any]]] = {name: [] for name in (*FIELDS, *EVENTS)}
    return nothing | {kind: known_now(history)}


def days_of(rule_id: str, key: str, verdict: str, registers: Registers) -> set[date]:
    """The days on which a rule says this of a subject."""
    return {
        day
        for rule, _, subject, outcome, _, first, until in found(registers, FIXED)
        if (rule, subject, str(outcome)) == (rule_id, key, verdict)
        for day in DAYS
        if first <= day and (until is None or day < until)
    }


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(assertions("reagentLots"), max_size=6))
def test_lots_by_brute_force(history: list[Assertion]) -> None:
    """L-08 day by day from what was pushed: same-day changes, gaps and corrections entered late."""
    registers = only("reagentLots", history)
    for ref in "ab":
        wanted = {
            day
            for day in DAYS
            if (lot := true_of(history, ref, day)) is not None
            and lot["key_reagent"]
            and (day > lot["expires_on"] or lot["accepted_on"] is None or lot["accepted_on"] > day)
        }
        assert days_of("L-08", f"reagentLots:{ref}", "breach", registers) == wanted


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(assertions("people"), min_size=1, max_size=8))
def test_staff_by_brute_force(history: list[Assertion]) -> None:
    """Heads and titles day by day: who has two posts counts once, an unknown title leaves the share unknown."""
    registers = only("people", history)
    subject = subjects(registers, FIXED)[0]
    for day in subject.days:
        there = [row for ref in "ab" if (row := true_of(history, ref, day)) is not None and row["role"] != "OTHER"]
        named = sorted(
            ((row["identity_fingerprint"] or str(number), row["title_level"]) for number, row in enumerate(there)),
            key=lambda one: str(one[0]),
        )
        persons = {who: {level for _, level in rows} for who, rows in groupby(named, key=lambda one: one[0])}
        titled = sum(bool(levels & INTERMEDIATE_OR_HIGHER) for levels in persons.values())
        facts = subject.by_day[day]
        if all(row["valid_from"] > day for row in registers["people"]):
            assert facts["staff"] is None
        else:
            unknown = any(levels == {None} for levels in persons.values())
            assert (facts["staff"], facts["staff_intermediate"]) == (len(persons), None if unknown else titled)
