from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengjian.tenants.domain.regions import (
    Region,
    lineage,
    parse_region,
    region_book,
    region_range,
)
from hengjian.tenants.region_files import load_regions

BOOK = load_regions()
TODAY = date(2026, 11, 20)
CODES = st.sampled_from(sorted(BOOK.codes()))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("65", ("65", "66")),
        ("6501", ("6501", "6502")),
        ("650102", ("650102", "650103")),
        ("650109", ("650109", "65010:")),
    ],
)
def test_the_range_of_a_region_ends_before_the_next_code(code: str, expected: tuple[str, str]) -> None:
    """Row-level policies compare with these two ends."""
    assert region_range(code) == expected


@given(code=CODES, jurisdiction=CODES)
def test_the_range_holds_exactly_the_codes_below(code: str, jurisdiction: str) -> None:
    """Byte-wise comparison and the tree agree for every pair of codes listed."""
    low, high = region_range(jurisdiction)
    inside = low.encode() <= code.encode() < high.encode()
    assert inside == code.startswith(jurisdiction) == (jurisdiction in lineage(code))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("65", "65"), ("650000", "65"), ("650100", "6501"), (" 650102 ", "650102"), ("659000", "6590"),
        ("6500", None), ("00", None), ("000000", None), ("65010", None), ("65010２", None), ("", None), ("65A1", None),
    ],
)  # fmt: skip
def test_codes_are_read_in_their_short_and_padded_forms(text: str, code: str | None) -> None:
    """650000 and 65 are one province; anything that is no code answers None."""
    assert parse_region(text) == code


def test_names_come_in_both_languages_and_as_on_an_envelope() -> None:
    """Pages print the own name, letters the full one."""
    assert [BOOK.name("6501", TODAY), BOOK.name("6502", TODAY, english=True)] == ["乌鲁木齐市", "Karamay"]
    assert BOOK.full_name("650102", TODAY) == "新疆维吾尔自治区乌鲁木齐市天山区"
    assert BOOK.full_name("110105", TODAY) == "北京市朝阳区"
    assert BOOK.full_name("659001", TODAY) == "新疆维吾尔自治区石河子市"
    assert [BOOK.name("999999", TODAY), BOOK.full_name("999999", TODAY)] == [None, None]


def test_a_region_that_changed_its_code_is_found_under_each_at_its_time() -> None:
    """沙湾县 (654223) became 沙湾市 (654203): each answers on its own days, and the old one names the new one."""
    before, after = date(2021, 1, 1), date(2023, 6, 1)
    assert [BOOK.find(code, before) is not None for code in ("654223", "654203")] == [True, False]
    assert [BOOK.find(code, after) is not None for code in ("654223", "654203")] == [False, True]
    assert BOOK.by_code["654223"][0].replaced_by == "654203"
    assert BOOK.name("654223", after) == "沙湾县"


def test_the_list_is_whole() -> None:
    """All 34 provinces, every parent listed, every replacement listed."""
    assert len(BOOK.children(None, TODAY)) == 34
    assert [region.code for region in BOOK.children("6502", TODAY)] == ["650202", "650203", "650204", "650205"]
    regions = [region for held in BOOK.by_code.values() for region in held]
    assert sum(len(region.code) == 6 for region in regions) > 2800
    assert all(region.parent is None or BOOK.find(region.parent, TODAY) for region in regions)
    assert all(region.replaced_by is None or BOOK.find(region.replaced_by, TODAY) for region in regions)


def _region(code: str, parent: str | None, valid_from: date | None = None) -> Region:
    return Region(code, "甲", "A", parent, valid_from, None, None, "test")


@pytest.mark.parametrize(
    "regions",
    [
        [_region("6501", "64")],
        [_region("650000", None)],
        [_region("65", None), _region("65", None, date(2026, 1, 1))],
    ],
)
def test_a_list_that_contradicts_itself_is_refused(regions: list[Region]) -> None:
    """A wrong parent, a padded code or one code held twice at once is not loaded."""
    with pytest.raises(ValueError, match="65"):
        region_book(regions)


def test_a_file_with_an_unreadable_date_is_refused(tmp_path: Path) -> None:
    """A damaged list stops at the row, it does not lose it."""
    file = tmp_path / "regions.csv"
    file.write_text("code,name_zh,name_en,parent,valid_from,valid_to,replaced_by,source\n65,甲,A,,2026-13-01,,,x\n")
    with pytest.raises(ValueError, match=r"2026-13-01|month"):
        load_regions(file)
