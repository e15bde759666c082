"""A stored score as the report prints it: what was assessed, what was not, why there may be none."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import cast

from hengjian.filing.code_words import UNRATED, word
from hengjian.filing.domain.chart_records import Deduction, Grade, Severity, TrendPoint
from hengjian.filing.domain.compliance_report import ScoreLine
from hengjian.filing.rule_words import RuleWords
from hengjian.filing.texts import Say
from hengjian.scoring.api import CreditModel, MonthScore

ASSESSED = "D1"


def grade_limits(model: CreditModel | None) -> dict[Grade, Decimal]:
    """The lowest score of each grade, as the model in force has them; none without a model."""
    grades = () if model is None else model.grades
    return {cast("Grade", grade.grade): Decimal(grade.at_least) for grade in grades}


def score_line(score: MonthScore | None, titles: Mapping[str, str], say: Say) -> ScoreLine:
    """The line of one month; without a stored score there is none, and it says so."""
    if score is None:
        return ScoreLine(
            total=None, grade=None, d1=None, d1_cap=Decimal(0), not_assessed=(), reason=say("本月没有评分")
        )
    d1 = next((d for d in score.dimensions if d["id"] == ASSESSED), None)
    open_titles = tuple(titles.get(d["id"], d["id"]) for d in score.dimensions if d["score"] is None)
    return ScoreLine(
        total=score.total,
        grade=cast("Grade | None", score.grade),
        d1=Decimal(d1["score"]) if d1 and d1["score"] is not None and score.total is not None else None,
        d1_cap=Decimal(d1["cap"]) if d1 else Decimal(0),
        not_assessed=open_titles,
        reason=word(UNRATED, score.unrated, say) if score.unrated else "",
    )


def deductions(score: MonthScore | None, rules: RuleWords, say: Say) -> tuple[Deduction, ...]:
    """What each rule cost in the year up to the month."""
    if score is None:
        return ()
    return tuple(
        Deduction(
            label=f"{loss['rule']} {rules.title(loss['rule'])}{say('（{n} 个月次）', n=loss['months'])}",
            severity=cast("Severity", loss["severity"]),
            points=Decimal(loss["points"]),
        )
        for loss in score.losses
        if Decimal(loss["points"])
    )


def trend(scores: Sequence[MonthScore], *, until: date) -> tuple[TrendPoint, ...]:
    """Twelve months up to the reported one; a month without a score has none."""
    by_month = {score.month: score.total for score in scores}
    months = [_months_before(until, n) for n in range(12, 0, -1)]
    return tuple(TrendPoint(day=month, score=by_month.get(month)) for month in months)


def _months_before(day: date, months: int) -> date:
    """The first day of the month so many before a first day."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)
