"""Grades: of the unrounded score, when there is none, and how a score is printed beside its grade."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from hengjian.scoring.domain.credit_model import CreditModel, Grade

FULL = 100


class Unrated(StrEnum):
    """Why there is no grade (暂不评价)."""

    NO_BUSINESS = "no_business"
    FIRST_YEAR = "first_year"
    BUSINESS_UNKNOWN = "business_unknown"
    NOT_ASSESSED = "not_assessed"


def grade_of(score: Decimal | Fraction, model: CreditModel, *, critical: bool = False) -> str:
    """The grade of the unrounded score; a critical finding bars the grades that do not allow one."""
    open_grades = [
        grade for grade in model.grades if score >= grade.at_least and (grade.allows_critical or not critical)
    ]
    return max(open_grades, key=lambda grade: grade.at_least).grade


def next_grade(grade: str, model: CreditModel) -> Grade | None:
    """The grade above; None above the best."""
    rising = sorted(model.grades, key=lambda item: item.at_least)
    names = [item.grade for item in rising]
    place = names.index(grade) + 1
    return rising[place] if place < len(rising) else None


def unrated_reason(*, points: int | None, filed_on: date | None, as_of: date) -> Unrated | None:
    """Why an organization is not rated yet, or None when it is.

    Not rated: without business (no point in the cycle), when its business is unknown, and until 31 December of the
    year in which it was first registered. `points` is the most points in service on any day of the cycle.
    """
    if points is None:
        return Unrated.BUSINESS_UNKNOWN
    if points == 0:
        return Unrated.NO_BUSINESS
    if filed_on is not None and filed_on.year == as_of.year:
        return Unrated.FIRST_YEAR
    return None


def printed_score(score: Decimal | Fraction, model: CreditModel) -> str:
    """The score to two decimals, half to even; to more where these would show another grade (89.995 is not 90.00)."""
    exact, grade, places = Fraction(score), grade_of(score, model), 2
    while True:
        shown = Decimal(round(exact * 10**places)).scaleb(-places)
        if grade_of(shown, model) == grade:
            return str(shown)
        places += 1
