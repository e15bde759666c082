"""Pages and rule S-03 say the same of an entry: one copy of the figures, one of the limits."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as some

from hengjian.ingestion.api import Entry, EntryFault, entry_faults, measured
from hengjian.scoring.api import entry_terms, load_lawbook
from hengjian.scoring.domain.verdicts import Outcome

LAWBOOK = load_lawbook()
DAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
SITE = (Decimal("120.6000"), Decimal("28.0000"))
ACCUSING = {
    EntryFault.ENTERED_BEFORE_ARRIVAL,
    EntryFault.ENTERED_AHEAD,
    EntryFault.ENTERED_OFF_SITE,
    EntryFault.CLOCK_AHEAD,
}
UNKNOWN = {EntryFault.ARRIVAL_UNKNOWN, EntryFault.POSITION_UNKNOWN}
moments = some.integers(-300_000, 300_000).map(lambda ms: AT + timedelta(milliseconds=ms))


@given(
    moments,
    moments,
    some.none() | moments,
    some.lists(moments, max_size=2),
    some.none() | some.decimals("120.5940", "120.6060", places=4),
    some.none() | some.integers(0, 900),
)
def test_the_rule_and_the_pages_agree(  # what an entry is made of
    happened: datetime,
    recorded: datetime,
    sampled: datetime | None,
    arrivals: list[datetime],
    east: Decimal | None,
    accuracy: int | None,
) -> None:
    """Whatever was entered: a breach where a page shows a fault, no data where it shows what is unknown, else a pass."""
    entry = Entry(
        happened_at=happened,
        recorded_at=recorded,
        position=None if east is None else (east, SITE[1]),
        accuracy_m=accuracy,
        sampled_at=sampled,
        on_site=True,
    )
    terms = entry_terms(LAWBOOK, "330304")(DAY)
    rule = LAWBOOK.rule_in_force("S-03", region="330304", on=DAY)
    assert terms is not None
    assert rule is not None
    shown = set(entry_faults(entry, arrivals=arrivals, site=SITE, terms=terms))
    found = measured(entry, arrivals=arrivals, site=SITE)
    verdict = rule.judge(
        {
            "before_arrival_ms": found.before_arrival_ms,
            "before_sampling_ms": found.before_sampling_ms,
            "entry_distance_m": found.distance_m,
            "entry_accuracy_m": found.accuracy_m,
            "clock_ahead_ms": found.clock_ahead_ms,
        }
    ).verdict
    if shown & UNKNOWN:
        assert verdict is not Outcome.PASS
        assert shown & ACCUSING or verdict is Outcome.NO_DATA
    else:
        assert (verdict is Outcome.BREACH) == bool(shown & ACCUSING)


def test_no_limit_where_no_rule_is_in_force() -> None:
    """Elsewhere, and before the measures came into force, nothing is held against an entry."""
    assert entry_terms(LAWBOOK, "650102")(DAY) is None
    assert entry_terms(LAWBOOK, "330304")(date(2023, 3, 24)) is None
    assert entry_terms(LAWBOOK, "330304")(date(2023, 3, 25)) is not None
