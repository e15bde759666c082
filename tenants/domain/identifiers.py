"""Whether an identifier may be right: codes of organizations, people, loggers and vehicles, by their own arithmetic."""

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_CREDIT_DEPARTMENTS = "123456789ANY"
_ORGANIZATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANIZATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_IDENTITY_CHECKS = "10X98765432"
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
    r"[A-HJ-NP-Z]"
    r"(?:[A-HJ-NP-Z0-9]{5}|[A-HJ-NP-Z0-9]{4}[挂学警港澳]|[A-HJK][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[A-HJK])"
)


class IdentifierCode(StrEnum):
    """The stable code of each thing that can be wrong with an identifier."""

    CREDIT_CODE_LENGTH = "CREDIT_CODE_LENGTH"
    CREDIT_CODE_CHARACTERS = "CREDIT_CODE_CHARACTERS"
    CREDIT_CODE_CHECK_DIGIT = "CREDIT_CODE_CHECK_DIGIT"
    CREDIT_CODE_DEPARTMENT = "CREDIT_CODE_DEPARTMENT"
    CREDIT_CODE_INNER_CHECK_DIGIT = "CREDIT_CODE_INNER_CHECK_DIGIT"
    ID_LENGTH = "ID_LENGTH"
    ID_CHARACTERS = "ID_CHARACTERS"
    ID_BIRTH_DATE = "ID_BIRTH_DATE"
    ID_CHECK_DIGIT = "ID_CHECK_DIGIT"
    ID_REGION = "ID_REGION"
    MN_LENGTH = "MN_LENGTH"
    MN_CHARACTERS = "MN_CHARACTERS"
    PLATE_FORM = "PLATE_FORM"


@dataclass(frozen=True, slots=True)
class IdentifierProblem:
    """What is wrong with an identifier: what was expected and what came, never the whole of a personal number.

    `warning` marks a doubt that does not refuse the row.
    """

    code: IdentifierCode
    expected: str
    got: str
    warning: bool = False


def tidy_identifier(text: str) -> str:
    """The identifier as it is compared and stored: half-width capitals without any space inside or around."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def credit_code_problems(code: str) -> tuple[IdentifierProblem, ...]:
    """What is wrong with a unified social credit code (统一社会信用代码), a refusal first, warnings after it.

    Eighteen characters without I, O, S, V, Z: department, kind, six digits of region, nine characters of
    organization code, one check character. An unknown department and a wrong inner check character are warnings:
    codes are issued that break those two.

    Source: GB 32100-2015, sections 4 and 5; GB 11714 for the inner nine.
    """
    if len(code) != 18:
        return (IdentifierProblem(IdentifierCode.CREDIT_CODE_LENGTH, "18", str(len(code))),)
    strange = [character for character in code if character not in _CREDIT_ALPHABET]
    strange += [character for character in code[2:8] if not _are_digits(character)]
    if strange:
        return (IdentifierProblem(IdentifierCode.CREDIT_CODE_CHARACTERS, "0-9 A-Z (-IOSVZ)", strange[0]),)
    problems = []
    check = credit_code_check_digit(code[:17])
    if code[17] != check:
        problems.append(IdentifierProblem(IdentifierCode.CREDIT_CODE_CHECK_DIGIT, check, code[17]))
    if code[0] not in _CREDIT_DEPARTMENTS:
        department = IdentifierCode.CREDIT_CODE_DEPARTMENT
        problems.append(IdentifierProblem(department, " ".join(_CREDIT_DEPARTMENTS), code[0], warning=True))
    inner = organization_code_check_digit(code[8:16])
    if code[16] != inner:
        problems.append(IdentifierProblem(IdentifierCode.CREDIT_CODE_INNER_CHECK_DIGIT, inner, code[16], warning=True))
    return tuple(problems)


def credit_code_problem(code: str) -> IdentifierProblem | None:
    """The first reason to refuse a credit code, or None."""
    return _refusal(credit_code_problems(code))


def is_valid_credit_code(code: str) -> bool:
    """Whether nothing refuses this credit code."""
    return credit_code_problem(code) is None


def credit_code_check_digit(body: str) -> str:
    """The eighteenth character of a credit code, from its first seventeen.

    Raises:
        ValueError: the body has another length or a character outside the code's alphabet.

    Source: GB 32100-2015, section 5 (weights are powers of 3 modulo 31).

    Example: "91110000600037341" gives "L".
    """
    if len(body) != 17:
        raise ValueError("a credit code has seventeen characters before its check character")
    values = (_CREDIT_ALPHABET.index(character) for character in body)
    return _CREDIT_ALPHABET[-sum(v * w for v, w in zip(values, _CREDIT_WEIGHTS, strict=True)) % 31]


def organization_code_check_digit(body: str) -> str:
    """The ninth character of an organization code, from its first eight.

    Raises:
        ValueError: the body has another length or a character that is neither digit nor capital letter.

    Source: GB 11714-1997 (11 less the sum modulo 11, where 10 is X and 11 is 0).

    Example: "60003734" gives "1".
    """
    if len(body) != 8:
        raise ValueError("an organization code has eight characters before its check character")
    values = (_ORGANIZATION_ALPHABET.index(character) for character in body)
    remainder = -sum(v * w for v, w in zip(values, _ORGANIZATION_WEIGHTS, strict=True)) % 11
    return "0123456789X"[remainder]


def identity_number_problems(
    number: str, *, known_regions: Container[str] = (), born_by: date | None = None
) -> tuple[IdentifierProblem, ...]:
    """What is wrong with a citizen's identity number (公民身份号码), a refusal first, warnings after it.

    The county code is the one at first issue and stays for life, so a county that `known_regions` (six digits; empty
    means: not checked) lacks is only a warning. `born_by` is the last acceptable day of birth.
    Problems carry at most the digits of the place that is wrong.

    Source: GB 11643-1999 (ISO 7064 MOD 11-2).
    """
    if len(number) != 18:
        return (IdentifierProblem(IdentifierCode.ID_LENGTH, "18", str(len(number))),)
    if not _are_digits(number[:17]) or number[17] not in _IDENTITY_CHECKS:
        strange = next((c for c in number[:17] if not _are_digits(c)), number[17])
        return (IdentifierProblem(IdentifierCode.ID_CHARACTERS, "17 x 0-9, 0-9 X", strange),)
    problems = []
    if not _is_birth_date(number[6:14], born_by):
        limit = "YYYYMMDD" if born_by is None else f"YYYYMMDD <= {born_by:%Y%m%d}"
        problems.append(IdentifierProblem(IdentifierCode.ID_BIRTH_DATE, limit, number[6:14]))
    check = _identity_check(number[:17])
    if number[17] != check:
        problems.append(IdentifierProblem(IdentifierCode.ID_CHECK_DIGIT, check, number[17]))
    if known_regions and number[:6] not in known_regions:
        problems.append(IdentifierProblem(IdentifierCode.ID_REGION, "GB/T 2260", number[:6], warning=True))
    return tuple(problems)


def is_plain_identity_number(number: str, known_regions: Container[str]) -> bool:
    """Whether a number is tidy and without any problem: the quick look at rows that come in thousands."""
    digits = number[:17]
    if len(number) != 18 or not _are_digits(digits) or number[:6] not in known_regions:
        return False
    return number[17] == _identity_check(digits) and _is_birth_date(number[6:14], None)


def identity_number_problem(number: str, *, born_by: date | None = None) -> IdentifierProblem | None:
    """The first reason to refuse an identity number, or None."""
    return _refusal(identity_number_problems(number, born_by=born_by))


def identity_check_digit(body: str) -> str:
    """The eighteenth character of an identity number, from its first seventeen digits.

    Raises:
        ValueError: the body is not seventeen digits.

    Example: "11010519491231002" gives "X".
    """
    if len(body) != 17 or not _are_digits(body):
        raise ValueError("an identity number has seventeen digits before its check character")
    return _identity_check(body)


def mn_problem(mn: str) -> IdentifierProblem | None:
    """The reason to refuse a logger's unique mark (MN), or None: 14 or 24 characters of 0-9 and A-F.

    Source: HJ 212-2005 (14, as all devices of that age send) and HJ 212-2017, HJ 212-2025 (24).
    """
    if len(mn) not in {14, 24}:
        return IdentifierProblem(IdentifierCode.MN_LENGTH, "14, 24", str(len(mn)))
    strange = [character for character in mn if character not in "0123456789ABCDEF"]
    if strange:
        return IdentifierProblem(IdentifierCode.MN_CHARACTERS, "0-9 A-F", strange[0])
    return None


def plate_problem(plate: str) -> IdentifierProblem | None:
    """The reason to refuse a number plate, or None: basic form 新A12345, new energy 新AD12345 or 新A12345D.

    Source: GA 36-2018 (letters I and O are not issued; new-energy plates carry A-H, J or K at one end).
    """
    if _PLATE.fullmatch(plate):
        return None
    return IdentifierProblem(IdentifierCode.PLATE_FORM, "新A12345, 新AD12345", plate[:12])


def _refusal(problems: tuple[IdentifierProblem, ...]) -> IdentifierProblem | None:
    return next((problem for problem in problems if not problem.warning), None)


def _identity_check(digits: str) -> str:
    """The weights are the powers of two modulo 11, and 13 is 2 modulo 11: read to the base of 13, the sum is there."""
    return _IDENTITY_CHECKS[2 * int(digits, 13) % 11]


def _are_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _is_birth_date(text: str, latest: date | None) -> bool:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return False
    return day.year >= 1900 and (latest is None or day <= latest)
