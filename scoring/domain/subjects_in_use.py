"""What an institution works with, judged while it is in use: instruments, lots, methods, rooms."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial

from msgspec.structs import replace

from hengjian.scoring.domain.register_rows import (
    Registers,
    Row,
    Rows,
    Span,
    bounds,
    by_reference,
    subject_over,
    true_on,
)
from hengjian.scoring.domain.subjects import Facts, Subject

_DAY = timedelta(days=1)
_INTERNAL = "INTERNAL_CHECK"
_CONDITIONS = {"TEMPERATURE": "temperature", "HUMIDITY": "humidity"}


def subjects_in_use(registers: Registers, span: Span) -> list[Subject]:
    """Instruments, material lots, methods and rooms, each while it is in use."""
    return [
        subject
        for group in (
            instruments(registers, span),
            lots("referenceMaterials", registers["referenceMaterials"], span),
            lots("reagentLots", registers["reagentLots"], span),
            methods(registers["methods"], span),
            rooms(registers, span),
        )
        for subject in group
        if subject.by_day
    ]


def instruments(registers: Registers, span: Span) -> Iterable[Subject]:
    """Instruments with their latest calibration."""
    calibrations = by_reference(registers["calibrations"], "instrument_ref")
    for ref, rows in by_reference(registers["instruments"]).items():
        own = calibrations.get(ref, [])
        days = span.days(*bounds(rows), *bounds(own), span.first_days.get("calibrations"))
        yield subject_over("instrument", rows, days, partial(_instrument, own, span))


def _instrument(calibrations: Rows, span: Span, row: Row, day: date) -> Facts:
    last = latest_calibration(calibrations, day)
    return {
        "used_on": day,
        "calibration_exempt": row["calibration_exempt"],
        "calibration_held": last is not None if span.known("calibrations", day) else None,
        "calibrated_to": None if last is None else last["valid_until"] - _DAY,
        "calibration_fit": None if last is None else last["fit_for_use"],
    }


def latest_calibration(calibrations: Rows, day: date) -> Row | None:
    """The calibration that counts on a day: the last one begun; an internal check only where there is no other."""
    begun = [row for row in calibrations if row["valid_from"] <= day]
    return max(begun, key=lambda row: (row["kind"] != _INTERNAL, row["valid_from"], row["valid_until"]), default=None)


def lots(kind: str, rows: Rows, span: Span) -> Iterable[Subject]:
    """Lots of one register, whose kind stands before the reference in their key: two registers may use the same one."""
    for ref, own in by_reference(rows).items():
        changes = [day for row in own for day in (row["expires_on"] + _DAY, row["accepted_on"])]
        found = subject_over("material_lot", own, span.days(*bounds(own), *changes), _lot)
        label = f"{own[-1]['name']} {own[-1]['lot']}"
        yield replace(found, key=f"{kind}:{ref}", label=label)


def _lot(row: Row, day: date) -> Facts:
    """A reference material is always key; its row comes with `key_reagent` true."""
    return {
        "key_material": row["key_reagent"],
        "used_on": day,
        "expires_on": row["expires_on"],
        "accepted_on": row["accepted_on"],
        "acceptance_recorded": row["accepted_on"] is not None,
    }


def methods(rows: Rows, span: Span) -> Iterable[Subject]:
    """Methods in use."""
    for own in by_reference(rows).values():
        changes = [day for row in own for day in (row["superseded_on"], row["verified_on"])]
        yield subject_over("method", own, span.days(*bounds(own), *changes), _method, label="code")


def _method(row: Row, day: date) -> Facts:
    return {
        "used_on": day,
        "superseded_on": row["superseded_on"],
        "verified_on": row["verified_on"],
        "verification_recorded": row["verified_on"] is not None,
    }


def rooms(registers: Registers, span: Span) -> Iterable[Subject]:
    """Rooms with their last reading, which stands until the next."""
    readings = by_reference(registers["environmentReadings"], "room_ref")
    for ref, rows in by_reference(registers["rooms"]).items():
        own = readings.get(ref, [])
        yield subject_over("room", rows, span.days(*bounds(rows), *bounds(own)), partial(_room, own))


def _room(readings: Rows, room: Row, day: date) -> Facts:
    limited = tuple(
        code
        for code, name in _CONDITIONS.items()
        if room[f"{name}_low"] is not None or room[f"{name}_high"] is not None
    )
    reading = true_on(readings, day)
    return {
        "environment_limits": limited,
        "readings_outside": None if reading is None else readings_outside(room, reading, limited),
        "action_recorded": None if reading is None else bool(reading["action"]),
    }


def readings_outside(room: Row, reading: Row, limited: tuple[str, ...]) -> tuple[str, ...] | None:
    """The conditions that were read outside the room's limits (the limits themselves are inside); None where a limited one was not read."""
    outside = []
    for code in limited:
        name = _CONDITIONS[code]
        value, low, high = reading[name], room[f"{name}_low"], room[f"{name}_high"]
        if value is None:
            return None
        if (low is not None and value < low) or (high is not None and value > high):
            outside.append(code)
    return tuple(outside)
