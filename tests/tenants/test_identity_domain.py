"""Pauses, key texts, roles and the origin of page requests."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengjian.tenants.domain.key_text import new_key, read_key
from hengjian.tenants.domain.lockout import WITH_LOGIN, Patience, pause_after
from hengjian.tenants.domain.page_requests import PageRequest, csrf_token, page_request_fault
from hengjian.tenants.domain.roles import Role, misplaced_roles

OWN = "https://hengjian.example"


@given(st.integers(min_value=0, max_value=10**9), st.integers(min_value=1, max_value=100))
def test_a_pause_grows_and_never_lasts_for_ever(failures: int, free: int) -> None:
    """One failure more never shortens it, and the longest is the most."""
    patience = Patience(free=free, longest=WITH_LOGIN.longest)
    assert pause_after(failures, patience) <= pause_after(failures + 1, patience) <= timedelta(hours=1)
    assert pause_after(free - 1, patience) == timedelta(0)
    assert pause_after(free, patience) == timedelta(seconds=30)


def test_a_key_reads_back_and_hides_its_secret() -> None:
    """What is printed once is what is checked later; no representation shows it."""
    key = new_key()
    assert read_key(f" {key.text}\n") == key
    assert key.secret not in repr(key)
    assert len(key.digest) == 32


@given(st.text())
def test_odd_texts_are_no_key(text: str) -> None:
    """Anything may stand in an Authorization header."""
    assert read_key(text) is None


@pytest.mark.parametrize("cut", ["hj_test_", "hj_live_0_", ""])
def test_a_key_of_another_shape_is_refused(cut: str) -> None:
    """Another prefix, a short id, a missing prefix."""
    assert read_key(cut + new_key().secret) is None


def test_roles_of_bureaus_and_organizations_never_mix() -> None:
    """A clerk is no bureau's, an inspector no organization's."""
    both = frozenset({Role.CLERK, Role.INSPECTOR})
    assert misplaced_roles(both, of_bureau=True) == {Role.CLERK}
    assert misplaced_roles(both, of_bureau=False) == {Role.INSPECTOR}


@pytest.mark.parametrize(
    ("request_", "fault"),
    [
        (PageRequest("GET", "https://evil.example", "cross-site", ""), None),
        (PageRequest("POST", OWN, "same-origin", csrf_token("s")), None),
        (PageRequest("POST", OWN, "", csrf_token("s")), None),
        (PageRequest("POST", "", "same-origin", csrf_token("s")), "wrong_origin"),
        (PageRequest("POST", "null", "", csrf_token("s")), "wrong_origin"),
        (PageRequest("POST", OWN + ".evil.example", "", csrf_token("s")), "wrong_origin"),
        (PageRequest("POST", OWN, "same-site", csrf_token("s")), "wrong_origin"),
        (PageRequest("POST", OWN, "same-origin", csrf_token("t")), "wrong_csrf"),
        (PageRequest("delete", OWN, "same-origin", ""), "wrong_csrf"),
        (PageRequest("POST", OWN, "same-origin", "密"), "wrong_csrf"),
    ],
)
def test_only_our_own_pages_change_things(request_: PageRequest, fault: str | None) -> None:
    """Another origin, a neighbouring host, another session's token."""
    assert page_request_fault(request_, OWN, "s") == fault


def test_the_log_in_form_needs_our_origin_too() -> None:
    """Before a session exists nobody can be logged in to a stranger's account."""
    assert page_request_fault(PageRequest("POST", "https://evil.example", "", ""), OWN, None) == "wrong_origin"
    assert page_request_fault(PageRequest("POST", OWN, "", ""), OWN, None) is None
