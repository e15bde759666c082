"""Numbers of a stream against the plainest model: the set of those that came."""

from hypothesis import given
from hypothesis import strategies as some

from hengjian.ingestion.domain.sequence import StreamState, after, already_seen


@given(numbers=some.lists(some.integers(1, 30), max_size=40))
def test_a_stream_knows_what_came_and_what_is_missing(numbers: list[int]) -> None:
    """In any order, with repeats refused: highest, gaps and what was seen are those of the set."""
    state, model = StreamState(), set[int]()
    for number in numbers:
        assert already_seen(state, number) == (number in model)
        if number in model:
            continue
        state = after(state, number)
        model.add(number)
        highest = max(model)
        assert (state.highest, state.expected_next) == (highest, highest + 1)
        lacking = [n for low, high in state.missing for n in range(low, high + 1)]
        assert lacking == sorted(set(range(1, highest + 1)) - model)
        assert all(low <= high for low, high in state.missing)
