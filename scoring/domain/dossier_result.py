"""From inputs to result: every stretch of every rule with its trace, and the score. Maker and verifier share it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from hengjian.scoring.domain.counted import counted_findings, judged_dimensions
from hengjian.scoring.domain.counting import BreachKey, counted_stretches
from hengjian.scoring.domain.credit_bonus import of_confirmed
from hengjian.scoring.domain.credit_grades import printed_score
from hengjian.scoring.domain.credit_history import CountedFinding, CreditHistory
from hengjian.scoring.domain.credit_model import CreditModel
from hengjian.scoring.domain.credit_score import CreditScore, credit_score
from hengjian.scoring.domain.dossier_decisions import write_counted
from hengjian.scoring.domain.dossier_inputs import Judgeable
from hengjian.scoring.domain.finding_life import Life
from hengjian.scoring.domain.judging import RuleInForce
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.timeline import RulesOn, Stretch, judged_spans, stretches
from hengjian.scoring.domain.values import Value, plain

Json = dict[str, Any]
Lives = Mapping[BreachKey, Life]
UNDECIDED: Lives = MappingProxyType({})
"""Nothing is decided: every breach counts provisionally, none officially."""


def rules_of(book: LawBook, region: str, rule_id: str | None = None) -> RulesOn:
    """The rules in force in a region on a day (or the one rule asked for), looked up once a day."""
    known: dict[date, tuple[RuleInForce, ...]] = {}

    def rules_on(day: date) -> Sequence[RuleInForce]:
        if day not in known:
            found = book.rules_in_force(region=region, on=day)
            known[day] = tuple(rule for rule in found if rule_id is None or rule.id == rule_id)
        return known[day]

    return rules_on


def judge_all(subjects: Iterable[Judgeable], rules_on: RulesOn) -> tuple[Stretch, ...]:
    """Every stretch of every subject and rule, in the order of subjects, rules and days."""
    return tuple(stretch for item in subjects for stretch in stretches(item.subject, item.days, rules_on))


def history_with(
    history: CreditHistory,
    found: Iterable[Stretch],
    as_of: date,
    *,
    lives: Lives = UNDECIDED,
    official: bool = False,
) -> CreditHistory:
    """The history with the findings that count up to a day, by the decisions on them, and what they assess."""
    known = tuple(found)
    alone = counted_stretches(known, lives, official=official)
    counted: list[CountedFinding] = [item for stretch in alone for item in counted_findings(stretch, as_of)]
    assessed = history.assessed | (history.assessable & judged_dimensions(judged_spans(known), as_of))
    held = of_confirmed(history) if official else history
    return replace(held, findings=(*history.findings, *counted), assessed=assessed)


def write_stretch(stretch: Stretch, show: Callable[[Stretch], bool]) -> Json:
    """One stretch: outcome, days, parts, the last verdict, and its steps where they are wanted."""
    verdict = stretch.verdict
    return {
        "rule": stretch.rule.id,
        "subject_kind": stretch.subject.kind,
        "subject": stretch.subject.key,
        "outcome": stretch.outcome.value,
        "first_day": stretch.first_day.isoformat(),
        "until": None if stretch.until is None else stretch.until.isoformat(),
        "parts": [
            {
                "first_day": part.first_day.isoformat(),
                "severity": part.severity.value if part.severity else None,
                "costs_points": part.costs_points,
            }
            for part in stretch.parts
        ],
        "parameters": {name: text(entry.value) for name, entry in sorted(stretch.rule.parameters.items())},
        "measured": text(verdict.measured),
        "required": text(verdict.required),
        "missing": list(verdict.missing),
        "lacking": list(verdict.lacking),
        "trace": [
            {"part": step.part, "expression": step.expression, "value": text(step.value)}
            for step in stretch.rule.trace(stretch.facts)
        ]
        if show(stretch)
        else [],
    }


def write_score(score: CreditScore, model: CreditModel) -> Json:
    """A score with every step; exact numbers as texts, thirds as 284/3."""
    return {
        "model": score.model,
        "model_version": score.model_version,
        "kind": score.kind,
        "as_of": score.as_of.isoformat(),
        "points": text(score.points),
        "total": text(score.total),
        "printed": None if score.total is None else printed_score(score.total, model),
        "grade": score.grade,
        "unrated": score.unrated.value if score.unrated else None,
        "veto": score.veto.document_no if score.veto else None,
        "regradable_from": score.regradable_from.isoformat() if score.regradable_from else None,
        "barred_by": list(score.barred_by),
        "assessed": list(score.assessed),
        "not_assessed": list(score.not_assessed),
        "dimensions": [
            {
                "id": item.id,
                "cap": str(item.cap),
                "lost": text(item.lost),
                "score": text(item.score),
                "beyond": text(item.beyond),
            }
            for item in score.dimensions
        ],
        "steps": [
            {
                "dimension": step.dimension,
                "cause": step.cause.value,
                "ref": step.ref,
                "points": text(step.points),
                "findings": list(step.findings),
            }
            for step in score.steps
        ],
    }


def decided_result(
    found: Sequence[Stretch], history: CreditHistory, model: CreditModel | None, as_of: date, lives: Lives
) -> Json:
    """The result by the decisions: `score` is the provisional one, `official` that of what is confirmed.

    `counted` names the breaches on which each of them rests.
    """
    both = [
        score_of(history_with(history, found, as_of, lives=lives, official=official), model, as_of)
        for official in (False, True)
    ]
    return {
        **write_result(found, both[0], model),
        "official": write_score(both[1], model) if both[1] is not None and model is not None else None,
        "counted": {
            "provisional": write_counted(counted_stretches(found, lives, official=False)),
            "official": write_counted(counted_stretches(found, lives, official=True)),
        },
    }


def write_result(found: Sequence[Stretch], score: CreditScore | None, model: CreditModel | None) -> Json:
    """The result of a dossier: stretches, with the steps of each breach, and the score when there is one."""
    return {
        "judgements": [write_stretch(stretch, lambda one: one.is_breach or score is None) for stretch in found],
        "score": write_score(score, model) if score is not None and model is not None else None,
    }


def score_of(history: CreditHistory, model: CreditModel | None, as_of: date) -> CreditScore | None:
    """The score; None without a model."""
    return None if model is None else credit_score(history, model, as_of)


def text(value: Value | Fraction | None) -> Any:
    """A value for JSON without numbers."""
    told = plain(value)
    return str(told) if isinstance(told, int) and not isinstance(told, bool) else told
