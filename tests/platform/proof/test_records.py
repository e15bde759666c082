"""Canonical JSON: the library for RFC 8785 writes the same bytes, and what it can't say exactly is refused."""

from collections.abc import Iterator

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from hengjian.platform.log.append import _canonical, plain, record_of
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


# Keys around the place where UTF-16 sorts otherwise than code points: U+E000 … U+FFFF, and beyond the basic plane.
ODD_KEYS = st.text(
    st.sampled_from("a\x00\x1f\x7f\u00e9\u4e2d\ud7ff\ue000\ufffd\uffff\U00010000\U0001f600\U0010ffff"), max_size=3
)
ODD_VALUES = st.recursive(
    st.none() | st.booleans() | WHOLE | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(ODD_KEYS, inner, max_size=5)
    ),
    max_leaves=20,
)


@given(ODD_VALUES)
@example({"\uffff": 1, "\U00010000": 2})
@example({"\ue000": {"\U0010ffff": ""}})
@example("\ud800")
def test_whatever_it_is_given_it_writes_the_librarys_bytes_or_none(value: object) -> None:
    """Keys that UTF-16 may sort otherwise and halves of surrogate pairs are refused, and nothing else is."""
    if any(letter >= "\U00010000" for key in _keys(value) for letter in key):
        with pytest.raises(TypeError):
            canonical(value)
        return
    try:
        wanted = rfc8785.dumps(value)  # type: ignore[arg-type]  # the library spells JSON otherwise
    except rfc8785.CanonicalizationError:
        with pytest.raises(ValueError, match="surrogates"):
            canonical(value)
        return
    assert canonical(value) == wanted


def _keys(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
        yield from _keys(inner)


@given(VALUES)
def test_leaves_are_written_in_the_same_bytes(value: object) -> None:
    """The server writes them with a faster encoder."""
    assert _canonical(plain(value)) == canonical(value)


STORED = st.one_of(
    st.uuids(),
    st.datetimes(timezones=st.timezones()),
    st.dates(),
    st.binary(),
    st.decimals(allow_nan=False, allow_infinity=False),
)


@given(st.dictionaries(st.sampled_from("abcdef"), STORED | VALUES | st.none()))
def test_a_record_covers_every_value_and_skips_what_is_absent(values: dict[str, object]) -> None:
    """Equal rows give equal records, whichever zone a time came in; a later column that is null changes nothing."""
    record = record_of(values)
    assert canonical(record) == canonical(record_of(values | {"later": None}))
    assert set(record) == {name for name, value in values.items() if value is not None}


@pytest.mark.parametrize("value", [1.5, {"a": float("nan")}, [0.0], {1: "a"}, {"\U0001f600": 1}, {"a": {1, 2}}])
def test_what_has_no_exact_form_is_refused(value: object) -> None:
    """Binary floats, keys that are no texts or sort differently, sets."""
    with pytest.raises(TypeError):
        canonical(value)
