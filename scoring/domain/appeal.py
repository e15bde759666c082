"""An appeal by facts: the facts and applications that a person accepted are put in, and everything is judged again.

Replaying with accepted facts gives what a fresh filing with these facts would have given: nothing else changes.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from msgspec.structs import replace

from hengjian.scoring.domain.credit_history import CreditHistory
from hengjian.scoring.domain.credit_model import CreditModel
from hengjian.scoring.domain.credit_score import CreditScore, credit_score
from hengjian.scoring.domain.dossier_inputs import DAY_FACTS, Judgeable
from hengjian.scoring.domain.dossier_result import history_with, judge_all
from hengjian.scoring.domain.subjects import Facts, Subject
from hengjian.scoring.domain.timeline import RulesOn, Stretch
from hengjian.scoring.domain.values import Value
from hengjian.scoring.domain.verdicts import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedFact:
    """A fact of a subject that is accepted as otherwise from `first_day` to before `until` (None: to the end).

    `value` None is accepted as unknown. Only days on which the subject existed are touched. Of several for the same
    day the later in the list stands.
    """

    subject_kind: str
    subject: str
    fact: str
    value: Value | None
    first_day: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it is accepted for a day."""
        return self.first_day <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedExemption:
    """A rule that is accepted not to apply to a subject from `first_day` to before `until` (None: to the end)."""

    rule: str
    subject_kind: str
    subject: str
    first_day: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Replay:
    """Both scores and both sets of stretches, for the decision to show."""

    before: CreditScore
    after: CreditScore
    stretches_before: tuple[Stretch, ...]
    stretches_after: tuple[Stretch, ...]


def replay(
    subjects: Sequence[Judgeable],
    history: CreditHistory,
    accepted: Sequence[AcceptedFact | AcceptedExemption],
    *,
    rules_on: RulesOn,
    model: CreditModel,
    as_of: date,
    counted: Callable[[tuple[Stretch, ...]], tuple[Stretch, ...]] = tuple,
) -> Replay:
    """Judge and score as it was decided, and with what was accepted; `counted` leaves what a score counts.

    Raises:
        FactError: an accepted fact has a type that a rule does not read.
    """
    facts = [item for item in accepted if isinstance(item, AcceptedFact)]
    exempt = [item for item in accepted if isinstance(item, AcceptedExemption)]
    before = judge_all(subjects, rules_on)
    after = exempted(judge_all(amended(subjects, facts), rules_on), exempt)
    return Replay(
        credit_score(history_with(history, counted(before), as_of), model, as_of),
        credit_score(history_with(history, counted(after), as_of), model, as_of),
        before,
        after,
    )


def amended(subjects: Sequence[Judgeable], accepted: Sequence[AcceptedFact]) -> tuple[Judgeable, ...]:
    """The subjects with the accepted facts in place.

    A subject with an accepted fact is judged on every day from its first to its last: a day of hiring that moved,
    moves the day on which a term runs out, and no list of days made before knows that one.
    """
    return tuple(_amended(item, [one for one in accepted if _concerns(one, item.subject)]) for item in subjects)


def exempted(found: Iterable[Stretch], exemptions: Sequence[AcceptedExemption]) -> tuple[Stretch, ...]:
    """The stretches of breach without the days for which the rule was accepted not to apply."""
    left: list[Stretch] = []
    for stretch in found:
        parts = [stretch]
        for item in exemptions:
            if stretch.outcome is Outcome.BREACH and stretch.rule.id == item.rule and _concerns(item, stretch.subject):
                parts = [rest for part in parts for rest in _without(part, item.first_day, item.until)]
        left += parts
    return tuple(left)


def _concerns(item: AcceptedFact | AcceptedExemption, subject: Subject) -> bool:
    return (item.subject_kind, item.subject) == (subject.kind, subject.key)


def _amended(item: Judgeable, accepted: Sequence[AcceptedFact]) -> Judgeable:
    if not accepted or not item.days:
        return item
    first, last = item.days[0], item.days[-1]
    days = tuple(first + timedelta(days=place) for place in range((last - first).days + 1))
    by_day: dict[date, Facts] = {}
    known: Facts | None = None
    listed = frozenset(item.days)
    for day in days:
        if day in listed:
            known = item.subject.by_day.get(day)
        if known is not None:
            facts = {name: day if name in DAY_FACTS and value is not None else value for name, value in known.items()}
            by_day[day] = facts | {one.fact: one.value for one in accepted if one.holds(day)}
    return Judgeable(replace(item.subject, by_day=by_day), days)


def _without(stretch: Stretch, first_day: date, until: date | None) -> list[Stretch]:
    if not stretch.overlaps(first_day, until):
        return [stretch]
    left = []
    if stretch.first_day < first_day:
        parts = tuple(part for part in stretch.parts if part.first_day < first_day)
        left.append(replace(stretch, until=first_day, parts=parts))
    if until is not None and (stretch.until is None or until < stretch.until):
        begun = [part for part in stretch.parts if part.first_day <= until]
        later = [part for part in stretch.parts if part.first_day > until]
        opening = [replace(begun[-1], first_day=until)] if begun else []
        left.append(replace(stretch, first_day=until, parts=(*opening, *later)))
    return left
