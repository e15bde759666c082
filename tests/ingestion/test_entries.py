"""What may be entered on site only: each fault exactly when its condition holds, whatever else is wrong."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as some

from hengjian.ingestion.api import Entry, EntryFault, EntryTerms, entered_on_site, entry_faults
from hengjian.platform.distance import metres_between
from hengjian.tenants.api import LabelEventKind

AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
SITE = (Decimal("120.6000"), Decimal("28.0000"))
TWO_MINUTES = timedelta(minutes=2)
TERMS = EntryTerms(within_m=300, clock_ahead=TWO_MINUTES)
F = EntryFault

seconds = some.integers(-200_000, 200_000).map(lambda count: AT + timedelta(seconds=count))
positions = some.none() | some.tuples(
    some.decimals("120.5900", "120.6100", places=5), some.decimals("27.9900", "28.0100", places=5)
)


@some.composite
def entries(draw: some.DrawFn) -> Entry:
    """Any entry around one moment and one place."""
    return Entry(
        happened_at=draw(seconds),
        recorded_at=draw(seconds),
        position=draw(positions),
        accuracy_m=draw(some.none() | some.integers(0, 5_000)),
        sampled_at=draw(some.none() | seconds),
        on_site=draw(some.booleans()),
    )


@given(entries(), some.lists(seconds, max_size=3), some.sampled_from([SITE, None]))
def test_each_fault_stands_exactly_when_its_condition_holds(
    entry: Entry, arrivals: list[datetime], site: tuple[Decimal, Decimal] | None
) -> None:
    """Written the other way round: each condition by itself."""
    found = set(entry_faults(entry, arrivals=arrivals, site=site, terms=TERMS))
    late = entry.recorded_at - entry.happened_at
    assert (F.SENT_LATE in found) == (late > timedelta(hours=24))
    assert (F.CLOCK_AHEAD in found) == (late < -timedelta(minutes=2))
    assert (F.ARRIVAL_UNKNOWN in found) == (entry.on_site and not arrivals)
    before = bool(arrivals) and entry.happened_at < min(arrivals)
    assert (F.ENTERED_BEFORE_ARRIVAL in found) == (entry.on_site and before)
    ahead = entry.sampled_at is not None and entry.happened_at < entry.sampled_at
    assert (F.ENTERED_AHEAD in found) == (entry.on_site and ahead)
    known = entry.position is not None and site is not None
    assert (F.POSITION_UNKNOWN in found) == (entry.on_site and not known)
    if F.ENTERED_OFF_SITE in found:
        assert entry.on_site
        assert entry.position is not None
        assert metres_between(entry.position, SITE) > 300 + min(300, entry.accuracy_m or 0)


@given(entries(), some.lists(seconds, min_size=1, max_size=3), seconds)
def test_one_more_arrival_never_adds_a_fault(entry: Entry, arrivals: list[datetime], more: datetime) -> None:
    """Where one is known, what arrives later from another phone can only excuse."""
    first = entry_faults(entry, arrivals=arrivals, site=SITE, terms=TERMS)
    assert set(entry_faults(entry, arrivals=[*arrivals, more], site=SITE, terms=TERMS)) <= set(first)


@given(entries(), some.integers(0, 2_000), some.integers(0, 2_000))
def test_a_wider_measure_never_adds_a_fault(entry: Entry, first: int, more: int) -> None:
    """Fewer entries are off site when more metres are granted."""
    narrow = entry_faults(entry, arrivals=[AT], site=SITE, terms=EntryTerms(within_m=first, clock_ahead=TWO_MINUTES))
    wide = entry_faults(
        entry, arrivals=[AT], site=SITE, terms=EntryTerms(within_m=first + more, clock_ahead=TWO_MINUTES)
    )
    assert set(wide) <= set(narrow)


def test_the_law_books_own_examples() -> None:
    """Entered at the moment of arrival passes, one second earlier does not; an office five kilometres away does not."""
    arrival = AT

    def faults(at: datetime, east: str = "120.6000") -> set[EntryFault]:
        entry = Entry(happened_at=at, recorded_at=at, position=(Decimal(east), SITE[1]), on_site=True)
        return set(entry_faults(entry, arrivals=[arrival], site=SITE, terms=TERMS))

    assert faults(arrival) == set()
    assert faults(arrival - timedelta(seconds=1)) == {F.ENTERED_BEFORE_ARRIVAL}
    assert faults(arrival, "120.6510") == {F.ENTERED_OFF_SITE}


def test_what_may_be_entered_ahead_is_not_bound_to_the_site() -> None:
    """Printing with client and items may be done before; with time of sampling it may not; a client's sample never."""
    assert not entered_on_site(LabelEventKind.PRINTED, key_fields=False, sampled=True)
    assert entered_on_site(LabelEventKind.PRINTED, key_fields=True, sampled=True)
    assert entered_on_site(LabelEventKind.SEALED, key_fields=False, sampled=True)
    assert not entered_on_site(LabelEventKind.LABELLED, key_fields=True, sampled=False)
    assert not entered_on_site(LabelEventKind.RECEIVED, key_fields=True, sampled=True)
