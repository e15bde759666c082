"""Canonical JSON: the library for RFC 8785 writes the same bytes, and what it can't say exactly is refused."""

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from hengjian.platform.proof.records import canonical

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
KEYS = st.text(st.characters(exclude_categories=["Cs"], max_codepoint=0xFFFF), max_size=5)
WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | WHOLE | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_it_writes_what_the_library_writes(value: object) -> None:
    """Byte for byte, control characters and Chinese included."""
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]  # the library spells JSON otherwise


@pytest.mark.parametrize("value", [1.5, {"a": float("nan")}, [0.0], {1: "a"}, {"\U0001f600": 1}, {"a": {1, 2}}])
def test_what_has_no_exact_form_is_refused(value: object) -> None:
    """Binary floats, keys that are no texts or sort differently, sets."""
    with pytest.raises(TypeError):
        canonical(value)
