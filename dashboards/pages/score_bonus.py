"""The bonus for clean years on the score page: which years it asks for, and what is known of each."""

from hengjian.dashboards.language import mark
from hengjian.dashboards.pages.profile import Look
from hengjian.dashboards.pages.score_record import BonusPart, BonusYearLine
from hengjian.scoring.api import CreditModel, CreditScore, YearFound

_TEXTS = {
    YearFound.CLEAN: mark("年度等级已公布，没有违规、处罚和一票否决"),
    YearFound.UNKNOWN: mark("本地区没有公布该年度的等级，不能认定"),
    YearFound.UNRATED: mark("该年度暂不评价，不能认定"),
    YearFound.FINDINGS: mark("有计分的违规项"),
    YearFound.PENALTY: mark("有行政处罚"),
    YearFound.VETO: mark("有一票否决"),
}
_PLACES = {YearFound.FINDINGS: "/findings", YearFound.PENALTY: "/credit", YearFound.VETO: "/credit"}


def bonus_part(look: Look, model: CreditModel | None, score: CreditScore | None) -> BonusPart | None:
    """What the bonus rests on; None without a score, or where the model has none."""
    if model is None or score is None or not score.years:
        return None
    return BonusPart(
        points=model.bonus.points,
        given=all(one.found is YearFound.CLEAN for one in score.years),
        years=tuple(
            BonusYearLine(
                year=one.year,
                clean=one.found is YearFound.CLEAN,
                text=_TEXTS[one.found],
                href=f"{look.base}{_PLACES[one.found]}{look.suffix}" if one.found in _PLACES else "",
            )
            for one in score.years
        ),
    )
