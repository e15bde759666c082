"""What each outcome of an appeal makes of the official score: everything is judged again with what would be accepted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import Row

from hengjian.platform.db import ReadSession, sql
from hengjian.scoring.domain.appeal import AcceptedExemption, AcceptedFact, replay
from hengjian.scoring.domain.contest import Breach, ContestedFact
from hengjian.scoring.domain.counting import BreachKey, counted_stretches, key_of
from hengjian.scoring.domain.credit_bonus import of_confirmed
from hengjian.scoring.domain.credit_grades import printed_score
from hengjian.scoring.domain.credit_model import CreditModel
from hengjian.scoring.domain.credit_score import CreditScore
from hengjian.scoring.domain.dossier_result import rules_of
from hengjian.scoring.domain.finding_life import Act, Life
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.timeline import Stretch
from hengjian.scoring.errors import UnknownFindingError
from hengjian.scoring.prepare_dossier import gather_judgeable, read_history
from hengjian.scoring.stored_life import LIFE_COLUMNS, life_of
from hengjian.tenants.api import get_supervised

_FINDING = sql("""
    select tenant_id, region, rule_id, subject_kind, subject, opened_on, closed_on from finding where no = :no
""")
_LIVES = sql(f"""
    select no, rule_id, subject_kind, subject, opened_on, closed_on, {LIFE_COLUMNS} from finding
     where tenant_id = :tenant_id and region = :region and closed_on is distinct from opened_on
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealEffect:
    """The official score as of a day and the days of breach of this rule and subject, before and after an outcome.

    Scores are printed ones; they and the grades are None where the organization is not rated.
    """

    as_of: date
    before: str | None
    after: str | None
    grade_before: str | None
    grade_after: str | None
    days_before: int
    days_after: int


async def effects_on_appeal(
    session: ReadSession, no: str, contested: ContestedFact | None, *, lawbook: LawBook, today: date
) -> dict[Act, AppealEffect]:
    """The effect of upholding, of overturning, and (with a contested fact) of accepting it; empty without a model.

    The score is that of today, or of the last day of the natural year in which the breach ended.

    Raises:
        UnknownFindingError: there is none that the caller sees.
        FactError: the contested fact has a type that a rule does not read.
    """
    row = await session.first(_FINDING, {"no": no})
    if row is None:
        raise UnknownFindingError(no)
    as_of = today if row.closed_on is None else min(today, date((row.closed_on - timedelta(days=1)).year, 12, 31))
    organization = await get_supervised(session, row.tenant_id, on=today)
    model = lawbook.credit_model(region=row.region, on=as_of)
    if organization is None or model is None:
        return {}
    since = date(as_of.year - 1, as_of.month, 1)
    subjects = await gather_judgeable(
        session, organization, lawbook=lawbook, region=row.region, since=since, until=as_of
    )
    history = of_confirmed(await read_history(session, organization, subjects, region=row.region, model=model))
    lives = await _Lives.read(session, row.tenant_id, row.region, no)
    breach = Breach(row.rule_id, row.subject_kind, row.subject, row.opened_on, row.closed_on)
    accepted: dict[Act, list[AcceptedFact | AcceptedExemption]] = {Act.UPHOLD: [], Act.OVERTURN: [breach.exempted()]}
    if contested is not None:
        accepted[Act.AMEND] = [contested.accepted(row.subject_kind, row.subject)]
    found = {}
    for act, items in accepted.items():
        replayed = replay(
            subjects,
            history,
            items,
            rules_on=rules_of(lawbook, row.region),
            model=model,
            as_of=as_of,
            counted=lives.counted,
        )
        days = (_days(stretches, breach, as_of) for stretches in (replayed.stretches_before, replayed.stretches_after))
        found[act] = _effect(replayed.before, replayed.after, model, *days)
    return found


def write_effect(effect: AppealEffect | None) -> dict[str, Any] | None:
    """As JSON keeps it."""
    if effect is None:
        return None
    return {
        "as_of": effect.as_of.isoformat(),
        "before": effect.before,
        "after": effect.after,
        "grade_before": effect.grade_before,
        "grade_after": effect.grade_after,
        "days_before": effect.days_before,
        "days_after": effect.days_after,
    }


def read_effect(shape: Mapping[str, Any] | None) -> AppealEffect | None:
    """The effect as a decision kept it."""
    return AppealEffect(**{**shape, "as_of": date.fromisoformat(shape["as_of"])}) if shape else None


@dataclass(frozen=True, slots=True)
class _Lives:
    """Where the findings of an organization in a region stand, the one appealed against as if it were upheld."""

    rows: Sequence[tuple[Row[Any], Life]]

    @classmethod
    async def read(cls, session: ReadSession, tenant_id: UUID, region: str, no: str) -> "_Lives":
        rows = await session.all(_LIVES, {"tenant_id": tenant_id, "region": region})
        freed = [(row, replace(life_of(row), frozen_on=None) if row.no == no else life_of(row)) for row in rows]
        return cls(freed)

    def counted(self, stretches: Sequence[Stretch]) -> tuple[Stretch, ...]:
        """What counts officially; a breach whose days moved stays under its finding."""
        lives: dict[BreachKey, Life] = {}
        for stretch in stretches:
            for row, life in self.rows:
                same = (row.rule_id, row.subject_kind, row.subject) == key_of(stretch)[:3]
                if stretch.is_breach and same and stretch.overlaps(row.opened_on, row.closed_on):
                    lives.setdefault(key_of(stretch), life)
        return counted_stretches(stretches, lives, official=True)


def _days(stretches: Sequence[Stretch], breach: Breach, as_of: date) -> int:
    """Days of breach of the same rule and subject that share a day with the breach, from its first day up to a day."""
    own = (breach.rule, breach.subject_kind, breach.subject)
    ends = [
        (max(stretch.first_day, breach.first_day), min(stretch.until or date.max, as_of + timedelta(days=1)))
        for stretch in stretches
        if stretch.is_breach and key_of(stretch)[:3] == own and stretch.overlaps(breach.first_day, breach.until)
    ]
    return sum(max(0, (until - first).days) for first, until in ends)


def _effect(
    before: CreditScore, after: CreditScore, model: CreditModel, days_before: int, days_after: int
) -> AppealEffect:
    return AppealEffect(
        as_of=before.as_of,
        before=_printed(before, model),
        after=_printed(after, model),
        grade_before=before.grade,
        grade_after=after.grade,
        days_before=days_before,
        days_after=days_after,
    )


def _printed(score: CreditScore, model: CreditModel) -> str | None:
    return None if score.total is None else printed_score(score.total, model)
