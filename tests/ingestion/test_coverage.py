"""The algebra of coverage equals counting second by second, and names what is missing."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengjian.ingestion.recordings.domain.coverage import (
    LONGEST_WHOLE,
    SECOND,
    Action,
    Clip,
    Stage,
    coverage,
    required_of,
    told,
)
from hengjian.ingestion.recordings.domain.intervals import Interval, common, joined, total, twice, without

AT = int(datetime.fromisoformat("2026-05-06T14:00:00+08:00").timestamp()) * SECOND
SECONDS = 40


def seconds(since: int, until: int) -> Interval:
    """An interval in seconds after two o'clock."""
    return Interval(AT + since * SECOND, AT + until * SECOND)


spans = st.tuples(st.integers(0, SECONDS), st.integers(0, SECONDS)).map(lambda pair: seconds(min(pair), max(pair)))
several = st.lists(spans, max_size=6)


def ticks(intervals: list[Interval] | tuple[Interval, ...]) -> set[int]:
    """Every second that lies inside."""
    return {second for each in intervals for second in range(each.since, each.until, SECOND)}


@settings(max_examples=300)
@given(several, several)
def test_algebra_equals_sets_of_seconds(one: list[Interval], other: list[Interval]) -> None:
    """Joining, cutting, laying over and counting agree with sets of single seconds."""
    assert ticks(joined(one)) == ticks(one)
    assert ticks(without(one, other)) == ticks(one) - ticks(other)
    assert ticks(common(one, other)) == ticks(one) & ticks(other)
    assert total(one) == len(ticks(one)) * SECOND
    doubled = {second for second in ticks(one) if sum(second in ticks([each]) for each in one) > 1}
    assert ticks(twice(one)) == doubled


@settings(max_examples=300)
@given(several, several)
def test_results_are_in_order_and_never_touch(one: list[Interval], other: list[Interval]) -> None:
    """Each answer is the fewest intervals that say it."""
    for found in (joined(one), without(one, other), common(one, other), twice(one)):
        assert all(each.since < each.until for each in found)
        assert all(left.until < right.since for left, right in pairwise(found))


clips_drawn = st.lists(
    st.builds(
        lambda stage, span, gaps, drift: (stage, span, gaps, drift),
        st.sampled_from([Stage.SAMPLING, Stage.HANDOVER]),
        spans,
        st.lists(spans, max_size=2),
        st.integers(-5, 5),
    ),
    max_size=5,
)


@settings(max_examples=300)
@given(spans, clips_drawn)
def test_missing_seconds_equal_brute_force(
    span: Interval, drawn: list[tuple[Stage, Interval, list[Interval], int]]
) -> None:
    """A second is missing exactly when it is required and no clip of the stage shows it, its clock set right."""
    clips = [
        Clip(str(number), stage, where, tuple(gaps), drift * SECOND)
        for number, (stage, where, gaps, drift) in enumerate(drawn)
    ]
    found = coverage([Action(Stage.SAMPLING, "采样", span)], clips)
    shown = {
        second - drift * SECOND
        for stage, where, gaps, drift in drawn
        if stage is Stage.SAMPLING
        for second in ticks([where]) - ticks(gaps)
    }
    required = ticks(required_of(span))
    assert ticks(found.missing) == required - shown
    assert found.actions[0].covered_ms == len(required & shown) * SECOND
    assert found.complete == (required <= shown)


@pytest.mark.parametrize(
    ("length", "pieces"),
    [
        (0, [(0, 1)]),
        (900, [(0, 900)]),
        (901, [(0, 1), (900, 901)]),
        (7200, [(0, 1), (7199, 7200)]),
    ],
)
def test_fifteen_minutes_are_whole_and_a_second_more_is_not(length: int, pieces: list[tuple[int, int]]) -> None:
    """15:00 is recorded whole, 15:01 at its beginning and its end."""
    assert required_of(seconds(0, length)) == tuple(seconds(*piece) for piece in pieces)
    assert LONGEST_WHOLE == 900 * SECOND


def test_one_second_short_is_missing_by_name() -> None:
    """899 of 900 seconds are not enough, and the answer says which one."""
    sampling = Action(Stage.SAMPLING, "采样", seconds(0, 900))
    found = coverage([sampling], [Clip("a", Stage.SAMPLING, seconds(-5, 899))])
    assert [told(part) for part in found.missing] == ["14:14:59–14:15:00"]
    assert found.actions[0].covered_ms == 899 * SECOND


def test_gap_inside_a_clip_is_named_as_the_field_would_say_it() -> None:
    """What the decoder found missing inside a clip is missing from the coverage."""
    clip = Clip("a", Stage.SAMPLING, seconds(0, 600), gaps=(seconds(190, 221),))
    found = coverage([Action(Stage.SAMPLING, "采样", seconds(0, 600))], [clip])
    assert [told(part) for part in found.missing] == ["14:03:10–14:03:41"]


def test_overlap_and_drift_are_told() -> None:
    """Two clips of one stage at the same time are named, and a clock that is off by more than a minute."""
    clips = [
        Clip("a", Stage.SAMPLING, seconds(0, 30)),
        Clip("b", Stage.SAMPLING, seconds(90, 130), drift=70 * SECOND),
        Clip("c", Stage.HANDOVER, seconds(0, 30)),
    ]
    found = coverage([], clips)
    assert [(each.first, each.second, each.span) for each in found.overlaps] == [("a", "b", seconds(20, 30))]
    assert found.drifts == {"b": 70 * SECOND}


def test_missing_time_over_midnight_carries_the_date() -> None:
    """An end on another day is told with its day."""
    night = datetime.fromisoformat("2026-05-06T23:59:50+08:00")
    span = Interval(*(int(moment.timestamp()) * SECOND for moment in (night, night + timedelta(seconds=20))))
    assert told(span) == "23:59:50–2026-05-07 00:00:10"
