from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from hengjian.tenants.domain.identifiers import (
    IdentifierCode,
    IdentifierProblem,
    credit_code_check_digit,
    credit_code_problem,
    credit_code_problems,
    identity_check_digit,
    identity_number_problem,
    identity_number_problems,
    is_valid_credit_code,
    mn_problem,
    organization_code_check_digit,
    plate_problem,
    tidy_identifier,
)

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
DIGIT = st.sampled_from("0123456789")
BODIES = st.builds(
    "".join,
    st.tuples(
        st.sampled_from("159"), st.sampled_from("1239"), st.text(DIGIT, min_size=6, max_size=6),
        st.text(st.sampled_from(ALPHABET), min_size=9, max_size=9),
    ),
)  # fmt: skip


@given(body=BODIES, check=st.sampled_from(ALPHABET))
def test_credit_codes_are_judged_as_an_independent_library_does(body: str, check: str) -> None:
    """Where both apply (departments 1, 5, 9), the verdict is that of python-stdnum."""
    assert is_valid_credit_code(body + check) == uscc.is_valid(body + check)
    assert credit_code_check_digit(body) == uscc.calc_check_digit(body)


@given(body=BODIES, place=st.integers(0, 16), other=st.sampled_from(ALPHABET))
def test_one_wrong_character_in_a_credit_code_is_found(body: str, place: int, other: str) -> None:
    """A modulus of 31 over 31 characters catches every single slip of the pen."""
    wrong = body[:place] + other + body[place + 1 :] + credit_code_check_digit(body)
    assert is_valid_credit_code(wrong) == (other == body[place])


def test_the_check_digit_problem_tells_what_was_expected_and_what_came() -> None:
    """The sender learns the character to compare."""
    assert credit_code_problem("91110000600037341L") is None
    wrong = IdentifierProblem(IdentifierCode.CREDIT_CODE_CHECK_DIGIT, "L", "M")
    assert credit_code_problem("91110000600037341M") == wrong


@pytest.mark.parametrize("body", ["N2650102MF1234567", "Y1650000MB1234567", "12650000MB1234567"])
def test_rural_collectives_and_other_departments_are_not_refused(body: str) -> None:
    """Codes that begin with N or Y exist and pass."""
    assert is_valid_credit_code(body + credit_code_check_digit(body))


def test_doubts_are_warnings_and_do_not_refuse() -> None:
    """An unknown department and a wrong inner organization code are said, not refused."""
    body = "D2650102MA7777777"
    code = body + credit_code_check_digit(body)
    assert {problem.code: problem.warning for problem in credit_code_problems(code)} == {
        IdentifierCode.CREDIT_CODE_DEPARTMENT: True,
        IdentifierCode.CREDIT_CODE_INNER_CHECK_DIGIT: True,
    }
    assert credit_code_problem(code) is None


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("", IdentifierCode.CREDIT_CODE_LENGTH),
        ("91110000600037341", IdentifierCode.CREDIT_CODE_LENGTH),
        ("9111000060003734IL", IdentifierCode.CREDIT_CODE_CHARACTERS),
        ("91110000600037341l", IdentifierCode.CREDIT_CODE_CHARACTERS),
        ("911100A0600037341L", IdentifierCode.CREDIT_CODE_CHARACTERS),
        ("91110000600037341\x00", IdentifierCode.CREDIT_CODE_CHARACTERS),
    ],
)
def test_shape_is_judged_before_arithmetic(code: str, problem: IdentifierCode) -> None:
    """A code of the wrong shape names its shape."""
    found = credit_code_problem(code)
    assert found is not None
    assert found.code == problem


def test_the_inner_organization_code_follows_its_own_standard() -> None:
    """Published organization codes keep their check characters."""
    assert [organization_code_check_digit(body) for body in ("60003734", "D2143569")] == ["1", "X"]


@given(digits=st.text(DIGIT, min_size=17, max_size=17), check=st.sampled_from("0123456789X"))
def test_identity_checksums_are_those_of_an_independent_library(digits: str, check: str) -> None:
    """The check character agrees with python-stdnum for every seventeen digits."""
    assert identity_check_digit(digits) == ric.calc_check_digit(digits + check)


@given(born=st.dates(date(1900, 1, 1), date(2026, 11, 20)), county=st.text(DIGIT, min_size=6, max_size=6))
def test_no_county_code_refuses_a_person(born: date, county: str) -> None:
    """The county is the one at first issue, long since abolished or never listed: at most a warning."""
    body = f"{county}{born:%Y%m%d}123"
    number = body + identity_check_digit(body)
    assert identity_number_problem(number, born_by=date(2026, 11, 20)) is None
    warnings = identity_number_problems(number, known_regions={"650102"})
    assert [problem.code for problem in warnings] == ([] if county == "650102" else [IdentifierCode.ID_REGION])


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("11010519491231002X", None),
        ("110105194912310021", IdentifierProblem(IdentifierCode.ID_CHECK_DIGIT, "X", "1")),
        ("11010519491331002X", IdentifierProblem(IdentifierCode.ID_BIRTH_DATE, "YYYYMMDD <= 20261120", "19491331")),
        ("11010520270101002X", IdentifierProblem(IdentifierCode.ID_BIRTH_DATE, "YYYYMMDD <= 20261120", "20270101")),
        ("110105491231002", IdentifierProblem(IdentifierCode.ID_LENGTH, "18", "15")),
        ("11010519491231002x", IdentifierProblem(IdentifierCode.ID_CHARACTERS, "17 x 0-9, 0-9 X", "x")),
        ("1101051949123100²X", IdentifierProblem(IdentifierCode.ID_CHARACTERS, "17 x 0-9, 0-9 X", "²")),
    ],
)
def test_an_identity_number_is_refused_for_a_named_reason(number: str, problem: IdentifierProblem | None) -> None:
    """Each refusal has its code, what was expected and only the place that is wrong."""
    assert identity_number_problem(number, born_by=date(2026, 11, 20)) == problem


@pytest.mark.parametrize(
    ("mn", "problem"),
    [
        ("65010200000001", None),
        ("A110000000000000000000FF", None),
        ("6501020000000", IdentifierCode.MN_LENGTH),
        ("A110000_00010000000000FF", IdentifierCode.MN_CHARACTERS),
        ("6501020000000g", IdentifierCode.MN_CHARACTERS),
    ],
)
def test_an_mn_has_fourteen_or_twenty_four_hexadecimal_characters(mn: str, problem: IdentifierCode | None) -> None:
    """Both generations of loggers pass, anything else is named."""
    found = mn_problem(mn)
    assert (found.code if found else None) == problem


@pytest.mark.parametrize(
    ("plate", "good"),
    [
        ("新A12345", True), ("新AD12345", True), ("新A12345D", True), ("新B8K2Z6", True), ("京A0006学", True),
        ("新A1234", False), ("新I12345", False), ("新A1234O", False), ("A123456", False), ("新AD1234A", False),
        ("新A123456789", False), ("", False),
    ],
)  # fmt: skip
def test_plates_have_the_basic_or_the_new_energy_form(plate: str, *, good: bool) -> None:
    """Province, letter without I and O, five places, or six with the energy letter at one end."""
    assert (plate_problem(plate) is None) == good


def test_full_width_and_spaced_identifiers_are_tidied() -> None:
    """What an input method or a spreadsheet adds is no error of the number."""
    assert tidy_identifier(" ９１１１ 0000 6000 37341l ") == "91110000600037341L"
