"""Try a credit model beside the one in force: both score the same history of one organization."""

from dataclasses import dataclass
from datetime import date

from hengjian.platform.db import ReadSession
from hengjian.scoring.domain.credit_changes import ScoreChange, what_changed
from hengjian.scoring.domain.credit_model import CreditModel
from hengjian.scoring.domain.credit_score import CreditScore, credit_score
from hengjian.scoring.domain.dossier_decisions import lives_of
from hengjian.scoring.domain.dossier_result import history_with, judge_all, rules_of
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.errors import NoCreditModelError
from hengjian.scoring.prepare_dossier import gather_judgeable, read_history
from hengjian.scoring.read_cases import read_cases
from hengjian.tenants.api import SupervisedOrganization


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTrial:
    """One organization in its home region, by the model in force and by the one tried; `changes` sum to the move."""

    credit_code: str
    name: str
    region: str
    model_in_force: CreditModel
    model_tried: CreditModel
    in_force: CreditScore
    tried: CreditScore
    changes: tuple[ScoreChange, ...]

    @property
    def moves(self) -> bool:
        """Whether the grade would be another."""
        return self.in_force.grade != self.tried.grade


async def try_model(
    session: ReadSession,
    organization: SupervisedOrganization,
    model: CreditModel,
    *,
    lawbook: LawBook,
    as_of: date,
) -> ModelTrial:
    """Score an organization on a day by both models; nothing is stored.

    Raises:
        NoCreditModelError: no model is in force in its region on the day.
    """
    region = organization.region
    in_force = lawbook.credit_model(region=region, on=as_of)
    if in_force is None:
        raise NoCreditModelError(region, as_of)
    since = date(as_of.year - 1, as_of.month, 1)
    subjects = await gather_judgeable(session, organization, lawbook=lawbook, region=region, since=since, until=as_of)
    found = judge_all(subjects, rules_of(lawbook, region))
    lives = lives_of(await read_cases(session, organization.id, region, found))
    scores = []
    for each in (in_force, model):
        plain = await read_history(session, organization, subjects, region=region, model=each)
        scores.append(credit_score(history_with(plain, found, as_of, lives=lives), each, as_of))
    before, after = scores
    return ModelTrial(
        credit_code=organization.credit_code,
        name=organization.name,
        region=region,
        model_in_force=in_force,
        model_tried=model,
        in_force=before,
        tried=after,
        changes=what_changed(before, after),
    )
