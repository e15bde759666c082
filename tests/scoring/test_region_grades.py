"""What organizations are told of how the grades around them are spread gives away nobody's grade."""

from itertools import combinations_with_replacement

from hypothesis import given
from hypothesis import strategies as st

from hengjian.scoring.region_grades import GRADES, LEAST_TOLD, tellable

SPREADS = st.fixed_dictionaries({grade: st.integers(0, 12) for grade in GRADES})


@given(SPREADS)
def test_nobody_learns_anothers_grade_not_even_four_together(grades: dict[str, int]) -> None:
    """Where anything is told, whoever takes up to four known grades away finds two grades among the others."""
    told = tellable(grades)
    if set(told.values()) == {None}:
        return
    for some in range(LEAST_TOLD):
        for pooled in combinations_with_replacement(GRADES, some):
            others = {grade: grades[grade] - pooled.count(grade) for grade in GRADES}
            if min(others.values()) >= 0:
                assert sum(count > 0 for count in others.values()) >= 2, pooled


@given(SPREADS)
def test_no_group_below_five_is_told_and_no_number_is_wrong(grades: dict[str, int]) -> None:
    """A number is the true one; what is left out for one of its reasons is left out in the same way."""
    told = tellable(grades)
    assert list(told) == list(grades)
    assert all(count is None or count == grades[grade] >= LEAST_TOLD for grade, count in told.items())
    large = [grade for grade, count in grades.items() if count >= LEAST_TOLD]
    assert [grade for grade, count in told.items() if count is not None] == (large if len(large) >= 2 else [])
