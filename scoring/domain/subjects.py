"""Who or what a rule judges, with its facts day by day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import msgspec

from hengjian.scoring.domain.values import Value

Facts = Mapping[str, Value | None]

Wanted = Mapping[str, frozenset[str]]
"""The kinds of subjects that are wanted, each with the facts that are; kinds that always have all of theirs name none."""


class Subject(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One subject of judgement.

    Attributes:
        kind: as the rules name it (see `SUBJECTS`).
        key: the sender's own reference; the city's code for a city; empty for the organization itself.
        label: what people call it.
        city: the city it belongs to, when it belongs to one.
        by_day: facts as they stood on each day asked for; a day on which the subject did not exist is absent, an
            unknown fact is None.
        unit: the site or job on which its breaches fall; None is the whole organization.
        about: other things that show the same event, as `kind:key`: the sample of a label, the recording of a gap.
        days: rising, the days on which its facts or the law change, and the first and last day asked for.
    """

    kind: str
    key: str
    label: str
    city: str | None = None
    by_day: dict[date, Facts] = msgspec.field(default_factory=dict)
    days: Sequence[date] = ()
    unit: str | None = None
    about: tuple[str, ...] = ()

    @property
    def things(self) -> frozenset[str]:
        """Itself and what it is about."""
        return frozenset((f"{self.kind}:{self.key}", *self.about))


@dataclass(slots=True)
class Made:
    """Subjects, and by kind the first day after the last one asked for on which one has other facts.

    A kind that no day is told of may have other facts on any day. Facts that advance do so every day.
    """

    subjects: list[Subject] = field(default_factory=list)
    turns: dict[str, date] = field(default_factory=dict)
