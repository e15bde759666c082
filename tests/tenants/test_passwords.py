"""What a password must be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengjian.tenants.domain.passwords import LONGEST, SHORTEST, generated_password, normalised, password_fault


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("abcdefghijk", "too_short"),
        ("abcdefghijkl", None),
        ("ab" * 64, "too_plain"),
        ("abcdef" * 21 + "ab", None),
        ("abcdef" * 21 + "abc", "too_long"),
        ("衡器鉴镜山水风云日月星辰", None),
        ("my-WANG.fang-password", "like_login"),
    ],
)
def test_each_limit(password: str, fault: str | None) -> None:
    """12 to 128 characters, not all alike, not the login."""
    assert password_fault(password, "wang.fang") == fault


@given(st.text(min_size=SHORTEST, max_size=LONGEST))
def test_the_same_look_is_the_same_password(text: str) -> None:
    """Normalising twice changes nothing, whatever was typed."""
    assert normalised(normalised(text)) == normalised(text)


def test_generated_passwords_pass_and_differ() -> None:
    """What we hand out we would also take."""
    made = {generated_password() for _ in range(50)}
    assert len(made) == 50
    assert all(password_fault(password, "wang.fang") is None for password in made)
