"""One organization judged in one region: what evaluation hands to findings, scores and standing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from hengjian.scoring.carried_over import RuleCarriedOver
from hengjian.scoring.domain.counting import key_of
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.domain.timeline import Course, JudgedSpans, Stretch, merged_spans
from hengjian.scoring.domain.verdicts import Outcome
from hengjian.tenants.api import SupervisedOrganization


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Every subject in a region with its course from `since` to `today`, as facts are known at `now`.

    Subjects that share their facts share a course, whose stretches name one of them. `subject_kinds` are the kinds of
    subjects that an organization of its kinds is judged by, whether it has any or not. What rules of `carried` say is
    what the judgement before said of them; they have no courses.
    """

    organization: SupervisedOrganization
    region: str
    today: date
    now: datetime
    since: date
    subject_kinds: frozenset[str]
    courses: tuple[tuple[Subject, Course], ...]
    pack_version: str
    carried: Sequence[RuleCarriedOver] = ()

    @cached_property
    def breaches(self) -> tuple[Stretch, ...]:
        """The stretches of breach, each of its own subject, in the order of their keys."""
        now = (one.of(subject) for subject, course in self.courses for one in course.breaches)
        before = (one for rule in self.carried if rule.result.breaches for one in rule.breaches())
        return tuple(sorted((*now, *before), key=key_of))

    @cached_property
    def spans(self) -> JudgedSpans:
        """When a rule of which dimension passed or was breached, whole days on end."""
        now = JudgedSpans().union(*(course.spans for _, course in self.courses))
        return frozenset(merged_spans((*now, *(one for rule in self.carried for one in rule.result.spans))))

    @property
    def judged(self) -> int:
        """The verdicts of today."""
        return sum(len(course.last) for _, course in self.courses) + sum(one.result.judged for one in self.carried)

    @property
    def no_data(self) -> int:
        """Those of them without data."""
        now = sum(one.outcome is Outcome.NO_DATA for _, course in self.courses for one in course.last)
        return now + sum(one.result.no_data for one in self.carried)

    def verdicts_of(self, rule: str) -> list[Stretch]:
        """What one rule says of each subject today, each of its own subject."""
        return [one.of(subject) for subject, course in self.courses for one in course.last if one.rule.id == rule]
