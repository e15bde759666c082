"""The codes that a register's rows can earn are published before anything is sent."""

import re
from datetime import date
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengjian.tenants.api import (
    BY_KIND,
    ISSUE_TEXTS,
    REGISTERS,
    bounds_issues,
    issue_codes,
    load_regions,
    meaning_issues,
)
from hengjian.tenants.domain.field_specs import field_specs
from tests.support.rows import a_row

REGIONS = load_regions().codes()
_ODD = {
    "text": st.sampled_from(
        ["", "x" * 5_000, "a\x01b", "91650100MA77L0X00A", "110101199001011237", "999999", "新A12345"]
    ),
    "texts": st.lists(st.sampled_from(["", "x" * 5_000, "650102", "99"]), max_size=300),
    "date": st.sampled_from([date(1800, 1, 1), date(2500, 1, 1), date(2026, 1, 1), date(2025, 1, 1), None]),
    "integer": st.integers(-5, 10**12),
    "decimal": st.sampled_from([Decimal(-500), Decimal(10**12), Decimal("1.5")]),
    "boolean": st.booleans(),
}


@given(st.data())
def test_no_row_earns_a_code_that_was_not_announced(data: st.DataObject) -> None:
    """Whatever a row holds, the checks of single rows find only issues of the register's own list."""
    register = data.draw(st.sampled_from(REGISTERS))
    snake = {spec.camel: spec.name for spec in field_specs(register.row)}
    made = msgspec.convert(a_row(register, "R-1"), register.row)
    row = msgspec.structs.replace(made)
    for spec in field_specs(register.row):
        if spec.choices is None and spec.shape in _ODD and data.draw(st.booleans()):
            value = data.draw(_ODD[spec.shape])
            setattr(row, spec.name, value)
    if register.starts and getattr(row, register.starts) is None:
        setattr(row, register.starts, date(2026, 1, 1))
    found = {issue.code for issue in (*bounds_issues(register, row), *meaning_issues(register, row, REGIONS))}
    assert found <= set(issue_codes(register)), snake


@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.kind)
def test_codes_are_known_and_every_family_belongs_somewhere(register: object) -> None:
    """Only published codes, in the order of the published list."""
    codes = issue_codes(next(one for one in REGISTERS if one is register))
    assert [code for code in ISSUE_TEXTS if code in codes] == list(codes)


def test_every_published_code_belongs_to_a_register() -> None:
    """None of the documented codes is left out everywhere."""
    assert {code for register in REGISTERS for code in issue_codes(register)} == set(ISSUE_TEXTS)


def test_identity_numbers_are_a_matter_of_people() -> None:
    """People can earn the codes of identity numbers, vehicles those of plates; neither the other's."""
    people, vehicles = issue_codes(BY_KIND["people"]), issue_codes(BY_KIND["vehicles"])
    assert "ID_CHECK_DIGIT" in people
    assert "PLATE_FORM" in vehicles
    assert not [code for code in vehicles if re.match("ID_|MN_", code)]
