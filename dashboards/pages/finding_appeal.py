"""The appeal on a finding's page: what may be contested, what is claimed, and the score before and after."""

from collections.abc import Mapping
from dataclasses import replace

from hengjian.dashboards.formats import day
from hengjian.dashboards.language import Words
from hengjian.dashboards.pages.life_record import AppealPanel, Claim, EffectLine, FactChoice, LifePanel
from hengjian.dashboards.pages.lines import fact_text
from hengjian.dashboards.pages.rule_words import fact_label
from hengjian.dashboards.query import read_day
from hengjian.scoring.api import FACTS, Act, AppealEffect, ContestedFact, FindingDetail, as_text, read_value
from hengjian.scoring.errors import StatementRefusedError

FACT, APPLICATION = "fact", "application"
# The day of judgement is nobody's fact.
_NOT_CONTESTED = frozenset({"as_of", "used_on"})


def read_claim(form: Mapping[str, object]) -> Claim:
    """What a form claims, as it was typed."""
    names = ("contest", "fact", "value", "first_day", "last_before")
    return Claim(*(str(form.get(name, "")).strip()[:200] for name in names))


def contested_by(claim: Claim) -> ContestedFact | None:
    """The contested fact, typed; None where the application of the rule is contested.

    Raises:
        StatementRefusedError: no fact, no first day, or days the wrong way round.
        FactError: the value is not of the fact's type.
        BadQuery: a day cannot be read.
    """
    if claim.contest == APPLICATION:
        return None
    first_day, until = read_day(claim.first_day), read_day(claim.until)
    if claim.fact not in FACTS or first_day is None or (until is not None and until <= first_day):
        raise StatementRefusedError(
            zh="请选择有争议的事实，写明从哪一天起；截止日须晚于起始日",
            en="choose the contested fact and its first day; the end must be later",
        )
    value = read_value(claim.fact, FACTS[claim.fact].type, claim.value) if claim.value else None
    return ContestedFact(claim.fact, value, first_day, until)


def claim_text(contested: ContestedFact | None, words: Words) -> str:
    """The claim in a sentence."""
    if contested is None:
        return words("争议：规则在本项不适用")
    label = words.of(fact_label(contested.fact))
    value = words("未知") if contested.value is None else fact_text(contested.fact, _plain(contested), words)
    if contested.until is None:
        return words("%(fact)s自 %(a)s 起应为 %(v)s", fact=label, a=day(contested.first_day), v=value)
    ends = day(contested.until)
    return words("%(fact)s自 %(a)s 至 %(b)s 前应为 %(v)s", fact=label, a=day(contested.first_day), b=ends, v=value)


def effect_line(act: str, label: str, effect: AppealEffect) -> EffectLine:
    """One outcome with both scores."""
    return EffectLine(
        act=act,
        label=label,
        as_of=effect.as_of,
        before=effect.before,
        after=effect.after,
        grade_before=effect.grade_before,
        grade_after=effect.grade_after,
        days_before=effect.days_before,
        days_after=effect.days_after,
    )


def with_appeal(
    panel: LifePanel,
    found: FindingDetail,
    effects: Mapping[Act, AppealEffect],
    *,
    labels: Mapping[Act, str],
    typed: Claim | None,
    words: Words,
) -> LifePanel:
    """The panel with the fields of an appeal, filled with what was typed or claimed, and each outcome's score."""
    facts = tuple(
        FactChoice(name, fact_label(name), fact_text(name, value, words))
        for name, value in found.facts.items()
        if name in FACTS and name not in _NOT_CONTESTED
    )
    claim = typed or (_claimed(panel.contested) if panel.contested else Claim(first_day=day(found.head.opened_on)))
    lines = tuple(effect_line(act, labels[act], effect) for act, effect in effects.items())
    return replace(panel, appeal=AppealPanel(facts=facts, claim=claim, effects=lines))


def _claimed(contested: ContestedFact) -> Claim:
    return Claim(
        contest=FACT,
        fact=contested.fact,
        value="" if contested.value is None else str(as_text(contested.value)),
        first_day=day(contested.first_day),
        until="" if contested.until is None else day(contested.until),
    )


def _plain(contested: ContestedFact) -> object:
    return list(contested.value) if isinstance(contested.value, tuple) else contested.value
