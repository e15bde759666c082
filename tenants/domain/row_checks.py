"""Whether a row may enter a register: bounds, dates and identifiers. Nothing here looks at other rows."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from operator import attrgetter

from hengjian.platform.calendar import legal_day
from hengjian.tenants.domain.field_specs import FieldSpec, field_specs
from hengjian.tenants.domain.fields import RegisterRow
from hengjian.tenants.domain.identifiers import (
    IdentifierProblem,
    credit_code_problems,
    identity_number_problems,
    is_plain_identity_number,
    mn_problem,
    plate_problem,
    tidy_identifier,
)
from hengjian.tenants.domain.kinds_custody import LabelEventKind, SealState
from hengjian.tenants.domain.label_ids import read_label_id
from hengjian.tenants.domain.regions import parse_region
from hengjian.tenants.domain.registers import Register
from hengjian.tenants.domain.row_issues import ISSUE_TEXTS, Issue

OPEN_END = date(9999, 12, 31)
_EARLIEST, _LATEST = date(1900, 1, 1), date(2200, 12, 31)
_ALLOWED_CONTROLS = frozenset("\n\r\t")
_AREA_LIMIT = Decimal(10**9)

Regions = frozenset[str]


def bounds_issues(register: Register, row: RegisterRow) -> Iterator[Issue]:
    """Lengths, ranges and characters. The fast decoder has checked them already; the slow one has not."""
    for spec in field_specs(register.row):
        value = getattr(row, spec.name)
        if isinstance(value, str) and spec.choices is None:
            yield from _text_issues((spec.camel,), value, spec)
        elif isinstance(value, list):
            if spec.most is not None and len(value) > spec.most:
                yield Issue((spec.camel,), "LIST_TOO_LONG", str(spec.most), str(len(value)))
            for index, item in enumerate(value):
                yield from _text_issues((spec.camel, str(index)), item, spec)
        elif isinstance(value, int) and not isinstance(value, bool):
            low, high = spec.least, spec.most
            if (low is not None and value < low) or (high is not None and value > high):
                yield Issue((spec.camel,), "NUMBER_OUT_OF_RANGE", f"{low}…{high}", str(value))


def _text_issues(path: tuple[str, ...], text: str, spec: FieldSpec) -> Iterator[Issue]:
    if len(text) < spec.shortest:
        yield Issue(path, "TEXT_EMPTY")
    if spec.longest is not None and len(text) > spec.longest:
        yield Issue(path, "TEXT_TOO_LONG", str(spec.longest), str(len(text)))
    strange = next((c for c in text if c < " " and c not in _ALLOWED_CONTROLS), None)
    if strange is not None:
        yield Issue(path, "TEXT_CONTROL_CHARACTER", "", f"U+{ord(strange):04X}")


def meaning_issues(register: Register, row: RegisterRow, regions: Regions) -> list[Issue]:
    """Dates in order and in range, identifiers right; identifiers and regions are tidied in the row."""
    issues = [*_date_issues(register, row), *_moment_issues(register, row)]
    if register.events and (row.withdrawn or row.valid_to is not None):
        issues.append(Issue(("withdrawn" if row.withdrawn else "validTo",), "EVENT_STAYS"))
    for name, camel, check in _checkers(register):
        value = getattr(row, name)
        if value:
            issues += check(row, name, camel, value, regions)
    return issues


def all_sound(register: Register, rows: Sequence[RegisterRow], regions: Regions) -> bool:
    """Whether whole columns show that `meaning_issues` finds nothing in any row; False says only: ask row by row."""
    for name, _ in _dates(register)[0]:
        days = [day for row in rows if (day := getattr(row, name)) is not None]
        if days and (name in {"valid_to", register.ends} or min(days) < _EARLIEST or max(days) > _LATEST):
            return False
        if name == "valid_from" and register.starts is None and len(days) < len(rows):
            return False
    return not _named(register, "moment") and all(
        _sound_column(check, [getattr(row, name) for row in rows], regions) for name, _, check in _checkers(register)
    )


def _sound_column(check: "Checker", values: list[object], regions: Regions) -> bool:
    if check is _identity_number:
        return all(is_plain_identity_number(value, regions) for value in values if isinstance(value, str) and value)
    if check is _region and not any(isinstance(value, list) for value in values):
        return {value for value in values if value} <= regions
    return not any(values)


def start_of(register: Register, row: RegisterRow) -> date | None:
    """The first day on which the row is true: said by the sender, else the row's natural start."""
    if row.valid_from is not None or register.starts is None:
        return row.valid_from
    start: date | datetime = getattr(row, register.starts)
    if not isinstance(start, datetime):
        return start
    return legal_day(start) if _EARLIEST <= start.date() <= _LATEST else start.date()


def end_of(register: Register, row: RegisterRow) -> date:
    """The first day on which the row is no longer true; `OPEN_END` while it is open."""
    ends: date | None = getattr(row, register.ends) if register.ends else None
    after = row.valid_to + timedelta(days=1) if row.valid_to is not None else OPEN_END
    return min(after, ends or OPEN_END)


def _date_issues(register: Register, row: RegisterRow) -> list[Issue]:
    names, read = _dates(register)
    days = read(row)
    start = start_of(register, row)
    issues = [] if start is not None else [Issue(("validFrom",), "VALID_FROM_MISSING")]
    for place, day in enumerate(days):
        if day is not None and not _EARLIEST <= day <= _LATEST:
            issues.append(Issue((names[place][1],), "DATE_OUT_OF_RANGE", f"{_EARLIEST}…{_LATEST}", str(day)))
    if start is not None and row.valid_to is not None and row.valid_to < start:
        issues.append(Issue(("validTo",), "DATES_REVERSED", str(start), str(row.valid_to)))
    if register.starts and register.ends:
        begins, ends = getattr(row, register.starts), getattr(row, register.ends)
        if ends is not None and ends < begins:
            camel = next(camel for name, camel in names if name == register.ends)
            issues.append(Issue((camel,), "DATES_REVERSED", str(begins), str(ends)))
    return issues


@cache
def _dates(register: Register) -> tuple[tuple[tuple[str, str], ...], Callable[[RegisterRow], tuple[date | None, ...]]]:
    """Names of the date fields, and what reads them all at once (two at least: `valid_from` and `valid_to`)."""
    names = _named(register, "date")
    return names, attrgetter(*(name for name, _ in names))


@cache
def _named(register: Register, shape: str) -> tuple[tuple[str, str], ...]:
    return tuple((spec.name, spec.camel) for spec in field_specs(register.row) if spec.shape == shape)


# What cannot come before something else, where a row has both.
_FOLLOWS = {
    "ended_at": ("started_at", "happened_at"),
    "reviewed_at": ("submitted_at",),
    "repaired_at": ("began_at",),
}


def _moment_issues(register: Register, row: RegisterRow) -> Iterator[Issue]:
    for name, camel in _named(register, "moment"):
        moment: datetime | None = getattr(row, name)
        if moment is None:
            continue
        if not _EARLIEST <= moment.date() <= _LATEST:
            yield Issue((camel,), "DATE_OUT_OF_RANGE", f"{_EARLIEST}…{_LATEST}", str(moment.date()))
        first = next((getattr(row, before) for before in _FOLLOWS.get(name, ()) if hasattr(row, before)), None)
        if first is not None and moment < first:
            yield Issue((camel,), "DATES_REVERSED", first.isoformat(), moment.isoformat())


Checker = Callable[[RegisterRow, str, str, object, Regions], Iterable[Issue]]


def _tidied(row: RegisterRow, name: str, value: object) -> str:
    tidy = tidy_identifier(str(value))
    if tidy != value:
        setattr(row, name, tidy)
    return tidy


def _issue(camel: str, problem: IdentifierProblem) -> Issue:
    return Issue((camel,), problem.code.value, problem.expected, problem.got, warning=problem.warning)


def _credit_code(row: RegisterRow, name: str, camel: str, value: object, _: Regions) -> Iterable[Issue]:
    return [_issue(camel, problem) for problem in credit_code_problems(_tidied(row, name, value))]


def _identity_number(row: RegisterRow, name: str, camel: str, value: object, regions: Regions) -> Iterable[Issue]:
    if is_plain_identity_number(str(value), regions):
        return ()
    problems = identity_number_problems(_tidied(row, name, value), known_regions=regions)
    return [_issue(camel, problem) for problem in problems] if problems else ()


def _mn(row: RegisterRow, name: str, camel: str, value: object, _: Regions) -> Iterable[Issue]:
    problem = mn_problem(_tidied(row, name, value))
    return [_issue(camel, problem)] if problem else ()


def _plate(row: RegisterRow, name: str, camel: str, value: object, _: Regions) -> Iterable[Issue]:
    problem = plate_problem(_tidied(row, name, value))
    return [Issue((camel,), problem.code.value, problem.expected, problem.got, warning=True)] if problem else ()


def _region(row: RegisterRow, name: str, camel: str, value: object, regions: Regions) -> Iterable[Issue]:
    if isinstance(value, str) and value in regions:  # a known code is in its short form already
        return ()
    return _region_issues(row, name, camel, value, regions)


def _region_issues(row: RegisterRow, name: str, camel: str, value: object, regions: Regions) -> Iterator[Issue]:
    codes = value if isinstance(value, list) else [value]
    tidy = []
    for code in codes:
        parsed = parse_region(str(code))
        if parsed is None:
            yield Issue((camel,), "REGION_FORMAT", "", str(code)[:20])
            return
        if parsed not in regions:
            yield Issue((camel,), "REGION_UNKNOWN", "", parsed, warning=True)
        tidy.append(parsed)
    setattr(row, name, tidy if isinstance(value, list) else tidy[0])


def _area(_: RegisterRow, __: str, camel: str, value: object, ___: Regions) -> Iterable[Issue]:
    if isinstance(value, Decimal) and not 0 <= value < _AREA_LIMIT:
        return [Issue((camel,), "NUMBER_OUT_OF_RANGE", f"0…{_AREA_LIMIT}", str(value)[:20])]
    return ()


def _first_of_month(_: RegisterRow, __: str, camel: str, value: object, ___: Regions) -> Iterable[Issue]:
    if isinstance(value, date) and value.day != 1:
        return [Issue((camel,), "MONTH_NOT_ITS_FIRST_DAY", str(value.replace(day=1)), str(value))]
    return ()


def _between(low: int, high: int) -> Checker:
    def check(_: RegisterRow, __: str, camel: str, value: object, ___: Regions) -> Iterator[Issue]:
        if isinstance(value, Decimal) and not low <= value <= high:
            yield Issue((camel,), "NUMBER_OUT_OF_RANGE", f"{low}…{high}", str(value)[:20])

    return check


def _label_id(row: RegisterRow, name: str, camel: str, value: object, _: Regions) -> Iterable[Issue]:
    number = read_label_id(str(value))
    if number is None:
        return [Issue((camel,), "LABEL_ID_WRONG", "", str(value)[:40])]
    setattr(row, name, number)
    return ()


def _sha256(row: RegisterRow, name: str, camel: str, value: object, _: Regions) -> Iterable[Issue]:
    digest = str(value).lower()
    if not _SHA256.fullmatch(digest):
        return [Issue((camel,), "HASH_WRONG", "64", str(len(digest)))]
    setattr(row, name, digest)
    return ()


def _seal_state(row: RegisterRow, _: str, camel: str, value: object, __: Regions) -> Iterable[Issue]:
    """What was received in spite of its seal is kept, and its sender told (温环发〔2023〕5号 附件2 第九条)."""
    if value in _UNACCEPTABLE and getattr(row, "kind", None) is LabelEventKind.RECEIVED:
        return [Issue((camel,), "SEAL_UNACCEPTABLE", "", str(value), warning=True)]
    return ()


_SHA256 = re.compile(r"[0-9a-f]{64}")
_UNACCEPTABLE = frozenset({SealState.BADLY_BROKEN, SealState.MISSING})
_TEMPERATURE, _HUMIDITY = _between(-100, 1000), _between(0, 100)
_BY_FIELD: dict[str, Checker] = {
    "credit_code": _credit_code,
    "discharger_credit_code": _credit_code,
    "identity_number": _identity_number,
    "mn": _mn,
    "plate": _plate,
    "city": _region,
    "home_region": _region,
    "registered_region": _region,
    "regions_served": _region,
    "area_m2": _area,
    **dict.fromkeys(("temperature", "temperature_low", "temperature_high"), _TEMPERATURE),
    **dict.fromkeys(("humidity", "humidity_low", "humidity_high"), _HUMIDITY),
    "longitude": _between(-180, 180),
    "latitude": _between(-90, 90),
    "quantity_l": _area,
    "month": _first_of_month,
    "label_id": _label_id,
    "photo_sha256": _sha256,
    "seal_state": _seal_state,
}


# The family of codes by which each checker begins its issues.
_FAMILIES: dict[Checker, str] = {
    _credit_code: "CREDIT_CODE_",
    _identity_number: "ID_",
    _mn: "MN_",
    _plate: "PLATE_",
    _region: "REGION_",
    _first_of_month: "MONTH_",
    _label_id: "LABEL_ID_",
    _sha256: "HASH_",
    _seal_state: "SEAL_",
}


def checked_families(register: Register) -> frozenset[str]:
    """The codes that the meaning of the register's fields can earn."""
    checks = [check for _, _, check in _checkers(register)]
    families = tuple(_FAMILIES[check] for check in checks if check in _FAMILIES)
    numbers = {"NUMBER_OUT_OF_RANGE"} if any(check not in _FAMILIES for check in checks) else set()
    return frozenset({code for code in ISSUE_TEXTS if code.startswith(families)} | numbers)


@cache
def _checkers(register: Register) -> tuple[tuple[str, str, Checker], ...]:
    return tuple(
        (spec.name, spec.camel, _BY_FIELD[spec.name]) for spec in field_specs(register.row) if spec.name in _BY_FIELD
    )
