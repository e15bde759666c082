"""Decisions as inputs of a dossier: where each finding stood and by which steps it came there, without anybody's name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hengjian.scoring.domain.counting import BreachKey, key_of
from hengjian.scoring.domain.finding_life import Life, State
from hengjian.scoring.domain.timeline import Stretch

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionStep:
    """One step of the bureau: the act, when, and the digest of the facts that it rested on."""

    act: str
    at: str
    facts_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A finding as it was numbered and decided: what a score must know of it beside the breach itself."""

    no: str
    life: Life
    steps: tuple[DecisionStep, ...] = ()


Cases = Mapping[BreachKey, Case]


def lives_of(cases: Cases) -> dict[BreachKey, Life]:
    """Where each breach stands."""
    return {key: case.life for key, case in cases.items()}


def name_of(key: BreachKey) -> str:
    """A breach as steps of a score name it: rule, subject and first day."""
    rule, kind, subject, first_day = key
    return f"{rule}/{kind}:{subject}/{first_day}"


def write_cases(cases: Cases) -> list[Json]:
    """The cases in the order of their numbers."""
    return [
        {
            "finding": case.no,
            "rule": key[0],
            "subject_kind": key[1],
            "subject": key[2],
            "first_day": key[3].isoformat(),
            "state": case.life.state.value,
            "confirmed": case.life.confirmed,
            "frozen_on": None if case.life.frozen_on is None else case.life.frozen_on.isoformat(),
            "repaired_on": None if case.life.repaired_on is None else case.life.repaired_on.isoformat(),
            "steps": [{"act": step.act, "at": step.at, "facts_sha256": step.facts_sha256} for step in case.steps],
        }
        for key, case in sorted(cases.items(), key=lambda held: held[1].no)
    ]


def read_lives(shapes: Sequence[Mapping[str, Any]]) -> dict[BreachKey, Life]:
    """Where each breach stands, as far as a score asks.

    Raises:
        KeyError, ValueError, TypeError: the JSON is not that of decisions.
    """
    return {
        (
            shape["rule"], shape["subject_kind"], shape["subject"], date.fromisoformat(shape["first_day"]),
        ): Life(
            state=State(shape["state"]),
            confirmed=_truth(shape["confirmed"]),
            frozen_on=None if shape["frozen_on"] is None else date.fromisoformat(shape["frozen_on"]),
            repaired_on=date.fromisoformat(day) if (day := shape.get("repaired_on")) else None,
        )
        for shape in shapes
    }  # fmt: skip


def write_counted(stretches: Iterable[Stretch]) -> list[Json]:
    """Which breaches count, and until when."""
    return [
        {"breach": name_of(key_of(one)), "until": None if one.until is None else one.until.isoformat()}
        for one in stretches
        if one.is_breach
    ]


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value
