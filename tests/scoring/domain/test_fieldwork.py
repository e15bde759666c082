"""What a contractor's work is found to be, held to brute force: every rule on every day, from random registers."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hengjian.platform.calendar import legal_day
from hengjian.platform.distance import metres_between
from hengjian.scoring.domain.contractor_papers import SECTIONS
from hengjian.scoring.domain.contractor_visits import pair_key, pair_of, visit_pairs
from hengjian.scoring.domain.register_rows import Registers, Span
from hengjian.scoring.domain.timeline import law_days, stretches
from hengjian.scoring.gather_fieldwork import FieldworkTerms, fieldwork
from hengjian.scoring.lawbook_files import load_lawbook
from hengjian.tenants.domain.kinds import ReportSection

FIRST, LAST = date(2025, 12, 1), date(2026, 2, 10)
DAYS = tuple(FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
BOOK = load_lawbook()
FIXED = tuple(
    sorted({FIRST, LAST, *law_days((rule for pack in BOOK.packs for rule in pack.rules), since=FIRST, until=LAST)})
)
TERMS = FieldworkTerms(gaps=(7, 92), reviews=(7,), due_days=(10,))
OPEN = date(9999, 12, 31)
NEAR = st.dates(FIRST - timedelta(days=100), LAST + timedelta(days=5))
MOMENT = st.datetimes(datetime(2025, 11, 20), datetime(2026, 2, 14), timezones=st.just(UTC))  # noqa: DTZ001  # naive bounds
MAYBE = st.sampled_from([None, False, True])
PLACES = ((Decimal("87.6"), Decimal("43.8")), (Decimal("87.61"), Decimal("43.8")), (Decimal("85.2"), Decimal("45.6")))
FEW = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def placed(place: tuple[Decimal, Decimal] | None) -> dict[str, Any]:
    return {"longitude": place and place[0], "latitude": place and place[1]}


PLACE = st.sampled_from([None, *PLACES]).map(placed)


@st.composite
def valid(draw: st.DrawFn, /, **fields: st.SearchStrategy[Any]) -> dict[str, Any]:
    """A row that is true for some days, or from one on."""
    begins = draw(NEAR)
    until = draw(st.just(OPEN) | st.integers(1, 60).map(lambda n: begins + timedelta(days=n)))
    row = {"source_ref": draw(st.sampled_from("ab")), "valid_from": begins, "valid_until": until}
    return row | {name: draw(one) for name, one in fields.items()}


@st.composite
def points(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Two points, whose rows follow each other."""
    found = []
    for ref in "ab":
        bounds = sorted(draw(st.lists(NEAR, min_size=2, max_size=4, unique=True)))
        kept = draw(st.lists(st.booleans(), min_size=len(bounds) - 1, max_size=len(bounds) - 1))
        row = {"name": ref, "discharger": draw(st.sampled_from("XY")), "city": "6501", "door_system": draw(MAYBE)}
        row |= {"produces_waste": draw(MAYBE), **draw(PLACE)}
        spans = [span for span, keep in zip(pairwise(bounds), kept, strict=True) if keep]
        found += [{**row, "source_ref": ref, "valid_from": a, "valid_until": b} for a, b in spans]
    return sorted(found, key=lambda row: (row["valid_from"], row["source_ref"]))


@st.composite
def visits(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Visits of two persons, some of which overlap."""
    found = []
    for number in range(draw(st.integers(0, 8))):
        started, hours = draw(MOMENT), draw(st.integers(0, 30))
        submitted = draw(st.none() | st.integers(0, 100))
        at = None if submitted is None else started + timedelta(hours=submitted)
        reviewed = draw(st.none() | st.integers(0, 300)) if at else None
        row = {"source_ref": f"v{number}", "person_ref": draw(st.sampled_from("pq")), "started_at": started}
        row |= {"point_ref": draw(st.sampled_from("abx")), "ended_at": started + timedelta(hours=hours)}
        row |= {"mobile": draw(st.booleans()), "submitted_at": at, "door_entered_at": draw(st.none() | MOMENT)}
        row |= {"reviewed_at": None if at is None or reviewed is None else at + timedelta(hours=reviewed)}
        found.append(row | draw(PLACE))
    return sorted(found, key=lambda row: (row["started_at"], row["source_ref"]))


@st.composite
def registers(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Registers of one contractor."""
    made = draw(visits())
    collected = valid(
        point_ref=st.sampled_from("ab"), collected_on=NEAR, licence_number=st.sampled_from([None, "1"]),
        licence_until=st.none() | NEAR,
    )  # fmt: skip
    lot = valid(name=st.just("SO2"), lot=st.just("1"), expires_on=NEAR, certificate_number=st.sampled_from([None, "1"]))
    brand = st.sampled_from([None, "甲", "乙"])
    mended = valid(
        point_ref=st.sampled_from("abx"), repaired_on=NEAR, spare_used=st.booleans(), original_brand=brand,
        original_model=brand, spare_brand=brand, spare_model=brand, compatibility_proof=st.sampled_from([None, "1"]),
    )  # fmt: skip
    report = valid(
        discharger=st.sampled_from("XY"),
        month=st.sampled_from([date(2025, 11, 1), date(2025, 12, 1)]),
        received_on=NEAR,
        sections=st.sampled_from([list(SECTIONS), list(SECTIONS[1:])]),
    )
    person = valid(name=st.just("王"), role=st.sampled_from(["SUPERVISOR", "TECHNICIAN"]))
    inspected = [{"point_ref": row["point_ref"], "day": legal_day(row["started_at"])} for row in made]
    few = {"referenceMaterials": lot, "repairs": mended, "clientReports": report, "wasteCollections": collected}
    found = {kind: draw(st.lists(one, max_size=4)) for kind, one in few.items()}
    found |= {"people": draw(st.lists(person, max_size=3)).copy(), "pointStops": draw(st.lists(stop(), max_size=3))}
    for rows in found.values():
        rows.sort(key=lambda row: (row["valid_from"], row["source_ref"]))
    for row in found["people"]:
        row["source_ref"] = {"a": "p", "b": "q"}[row["source_ref"]]
    return found | {"points": draw(points()), "visits": made, "inspections": inspected}


def stop() -> st.SearchStrategy[dict[str, Any]]:
    return valid(point_ref=st.sampled_from("ab"))


def span_of(found: Registers, fixed: tuple[date, ...]) -> Span:
    first = {kind: [row["valid_from"] for row in found[kind]] for kind in ("wasteCollections", "clientReports")}
    first["visits"] = [legal_day(row["started_at"]) for row in found["visits"]]
    return Span(fixed, {kind: min(days) for kind, days in first.items() if days})


def said(found: Registers, fixed: tuple[date, ...]) -> set[tuple[Any, ...]]:
    """All stretches of all rules."""
    return {
        (one.rule.id, subject.key, one.outcome, one.severity, one.first_day, one.until)
        for subject in fieldwork(found, span_of(found, fixed), terms=TERMS).subjects
        for one in stretches(subject, subject.days, lambda day: BOOK.rules_in_force(region="65", on=day))
    }


@FEW
@given(registers())
def test_the_days_of_change_are_all_there_are(found: Registers) -> None:
    """Judging on the days of change finds what judging on every single day finds, for every rule and subject."""
    assert said(found, FIXED) == said(found, DAYS)


@FEW
@given(registers())
def test_weekly_inspection_by_brute_force(found: Registers) -> None:
    """C-23 day by day: a walk with a counter over service, stops and visits finds the same days of breach."""
    breached = {
        (key, day)
        for rule, key, outcome, _, first, until in said(found, FIXED)
        if (rule, str(outcome)) == ("C-23", "breach")
        for day in DAYS
        if first <= day and (until is None or day < until)
    }
    assert breached == {(ref, day) for ref in "ab" for day in _missed(found, ref)}


def _missed(found: Registers, ref: str) -> list[date]:
    inspected = {row["day"] for row in found["inspections"] if row["point_ref"] == ref}
    known = span_of(found, FIXED).first_days.get("visits", OPEN)
    missed, count, day = [], None, FIRST - timedelta(days=120)
    while day <= LAST:
        serves = any(
            row["valid_from"] <= day < row["valid_until"] for row in found["points"] if row["source_ref"] == ref
        )
        stands = any(
            row["valid_from"] <= day < row["valid_until"] for row in found["pointStops"] if row["point_ref"] == ref
        )
        count = None if not serves or day < known else 0 if count is None else count if stands else count + 1
        if count is not None and count > 7 and not stands and day >= FIRST:
            missed.append(day)
        count = 0 if count is not None and day in inspected else count
        day += timedelta(days=1)
    return missed


POINTS = {ref: {"name": ref, "city": "6501", **placed(place)} for ref, place in zip("abc", PLACES, strict=True)}


@st.composite
def rounds(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Visits of one person at three points, two of which are 800 metres apart."""
    starts = sorted(draw(st.lists(st.integers(0, 20_000), max_size=7)))
    begin = datetime(2026, 1, 5, tzinfo=UTC)
    return [
        {
            "source_ref": f"v{number}",
            "point_ref": draw(st.sampled_from("abc")),
            "person_ref": "p",
            "started_at": begin + timedelta(seconds=start),
            "ended_at": begin + timedelta(seconds=start + draw(st.integers(0, 9_000))),
            **placed(None),
        }
        for number, start in enumerate(starts)
    ]


def too_fast(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether the same person cannot have made both visits: more than a kilometre apart, at more than 120 km/h."""
    metres = metres_between(PLACES["abc".index(one["point_ref"])], PLACES["abc".index(other["point_ref"])])
    seconds = int((other["started_at"] - one["ended_at"]).total_seconds())
    return metres > 1000 and (seconds <= 0 or metres * 3600 > 120_000 * seconds)


@settings(max_examples=400)
@given(rounds())
def test_whoever_was_too_fast_anywhere_is_found(visited: list[dict[str, Any]]) -> None:
    """C-26 against all pairs: what is found is too fast, and where any two overlap far apart, the later is found."""
    rule = BOOK.rule_in_force("C-26", region="65", on=date(2026, 1, 5))
    assert rule is not None
    span = Span((date(2026, 1, 1), date(2026, 1, 31)), {})
    by_ref = {row["source_ref"]: row for row in visited}
    found: set[tuple[str, str]] = set()
    for subject in visit_pairs(visited, POINTS, span):
        (facts,) = {id(facts): facts for facts in subject.by_day.values()}.values()
        breach = str(rule.judge(facts).verdict) == "breach"
        assert breach == too_fast(*(by_ref[ref] for ref in pair_of(subject.key)))
        if breach:
            found.add(pair_of(subject.key))
    for one, other in combinations(visited, 2):
        if too_fast(one, other) and other["started_at"] < one["ended_at"]:
            assert other["source_ref"] in {later for _, later in found}
    assert bool(found) == any(too_fast(one, other) for one, other in combinations(visited, 2))


@given(st.text(max_size=8), st.text(max_size=8))
def test_any_two_references_come_back_from_their_key(first: str, second: str) -> None:
    """Colons and digits in references do no harm."""
    assert pair_of(pair_key(first, second)) == (first, second)


def test_sections_are_those_of_the_register() -> None:
    """The nine sections that are counted are the nine that may be sent."""
    wanted: Sequence[str] = [section.value for section in ReportSection]
    assert list(SECTIONS) == wanted
