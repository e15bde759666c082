"""The quick look at identity numbers never passes what the thorough one doubts."""

from hypothesis import example, given
from hypothesis import strategies as st

from hengjian.tenants.domain.identifiers import (
    identity_check_digit,
    identity_number_problems,
    is_plain_identity_number,
    tidy_identifier,
)

REGIONS = frozenset({"650102", "110105"})
_BODY = st.builds(
    "{}{}{:03d}".format,
    st.sampled_from(["650102", "999999"]),
    st.text("0123456789", min_size=8, max_size=8),
    st.integers(0, 999),
)
_NUMBERS = st.one_of(
    _BODY.map(lambda body: body + identity_check_digit(body)), st.text("0123456789Xx_ ２", max_size=19)
)


@given(_NUMBERS)
@example("11010519491231002X")
@example("11010519491231002x")
@example("1101051949_231002X")
def test_plain_means_tidy_and_without_problems(number: str) -> None:
    """Both looks agree on every number, whatever is typed."""
    thorough = tidy_identifier(number) == number and identity_number_problems(number, known_regions=REGIONS) == ()
    assert is_plain_identity_number(number, REGIONS) == thorough


def test_the_quick_look_knows_a_sound_number() -> None:
    """The standard's own example passes, and no other last character does."""
    sound = [last for last in "0123456789X" if is_plain_identity_number(f"11010519491231002{last}", REGIONS)]
    assert sound == ["X"]
