"""One organization judged in one region: what evaluation hands to findings, scores and standing."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.domain.timeline import Course, JudgedSpans, Stretch
from hengjian.tenants.api import SupervisedOrganization


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Every subject in a region with its course from `since` to `today`, as facts are known at `now`.

    Subjects that share their facts share a course, whose stretches name one of them. `subject_kinds` are the kinds of
    subjects that an organization of its kinds is judged by, whether it has any or not.
    """

    organization: SupervisedOrganization
    region: str
    today: date
    now: datetime
    since: date
    subject_kinds: frozenset[str]
    courses: tuple[tuple[Subject, Course], ...]
    pack_version: str

    @cached_property
    def breaches(self) -> tuple[Stretch, ...]:
        """The stretches of breach, each of its own subject."""
        return tuple(one.of(subject) for subject, course in self.courses for one in course.breaches)

    @cached_property
    def spans(self) -> JudgedSpans:
        """When a rule of which dimension passed or was breached."""
        return JudgedSpans().union(*(course.spans for _, course in self.courses))

    def verdicts_of(self, rule: str) -> list[Stretch]:
        """What one rule says of each subject today, each of its own subject."""
        return [one.of(subject) for subject, course in self.courses for one in course.last if one.rule.id == rule]
