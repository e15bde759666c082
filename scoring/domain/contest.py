"""What an appeal contests: a fact, with what it should be and for which days, or that the rule applies at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hengjian.scoring.domain.appeal import AcceptedExemption, AcceptedFact
from hengjian.scoring.domain.dossier_inputs import read_value, write_value
from hengjian.scoring.domain.values import Value


@dataclass(frozen=True, slots=True)
class ContestedFact:
    """A fact as it is claimed to have been from `first_day` to before `until` (None: to the end); None is unknown."""

    fact: str
    value: Value | None
    first_day: date
    until: date | None = None

    def accepted(self, subject_kind: str, subject: str) -> AcceptedFact:
        """The same of a subject, once it is accepted."""
        return AcceptedFact(
            subject_kind=subject_kind,
            subject=subject,
            fact=self.fact,
            value=self.value,
            first_day=self.first_day,
            until=self.until,
        )


@dataclass(frozen=True, slots=True)
class Breach:
    """Of which breach an appeal is: its rule and subject, from `first_day` to before `until` (None: it lasts)."""

    rule: str
    subject_kind: str
    subject: str
    first_day: date
    until: date | None

    def exempted(self) -> AcceptedExemption:
        """The rule does not apply on these days."""
        return AcceptedExemption(
            rule=self.rule,
            subject_kind=self.subject_kind,
            subject=self.subject,
            first_day=self.first_day,
            until=self.until,
        )


def write_contest(contested: ContestedFact | None) -> dict[str, Any]:
    """As JSON keeps it; without a fact it is the application of the rule that is contested."""
    if contested is None:
        return {}
    return {
        "fact": contested.fact,
        "value": None if contested.value is None else write_value(contested.value),
        "first_day": contested.first_day.isoformat(),
        "until": None if contested.until is None else contested.until.isoformat(),
    }


def read_contest(shape: Mapping[str, Any] | None) -> ContestedFact | None:
    """The contested fact; None where the application of the rule is contested."""
    if not shape:
        return None
    return ContestedFact(
        fact=shape["fact"],
        value=None if shape["value"] is None else read_value(shape["value"]),
        first_day=date.fromisoformat(shape["first_day"]),
        until=None if shape["until"] is None else date.fromisoformat(shape["until"]),
    )
