"""What changed between two scores: items that sum to the difference, always."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from hengjian.scoring.domain.credit_score import CreditScore
from hengjian.scoring.domain.credit_steps import Cause, ScoreStep


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """One step that gives or takes other points than before, with the findings that came, went and stayed."""

    dimension: str
    cause: Cause
    ref: str
    points: Fraction
    came: tuple[str, ...]
    went: tuple[str, ...]
    stayed: tuple[str, ...]


def what_changed(before: CreditScore, after: CreditScore) -> tuple[ScoreChange, ...]:
    """The items that lead from one score to the other, the largest first.

    They sum to `after.points - before.points` exactly, whatever lies between: other months, other findings, another
    model, dimensions assessed since. A step whose findings changed and whose points did not is an item of 0 points.
    """
    then, now = _by_key(before.steps), _by_key(after.steps)
    changes = []
    for key in {**then, **now}:
        old, new = then.get(key, ()), now.get(key, ())
        had = {name for step in old for name in step.findings}
        has = {name for step in new for name in step.findings}
        points = sum((step.points for step in new), Fraction()) - sum((step.points for step in old), Fraction())
        if points or had != has:
            step = (*new, *old)[0]
            changes.append(
                ScoreChange(
                    dimension=step.dimension,
                    cause=step.cause,
                    ref=step.ref,
                    points=points,
                    came=tuple(sorted(has - had)),
                    went=tuple(sorted(had - has)),
                    stayed=tuple(sorted(had & has)),
                )
            )
    return tuple(sorted(changes, key=lambda item: (-abs(item.points), item.dimension, item.cause, item.ref)))


def _by_key(steps: Iterable[ScoreStep]) -> dict[tuple[str, str, str], tuple[ScoreStep, ...]]:
    found: dict[tuple[str, str, str], list[ScoreStep]] = defaultdict(list)
    for step in steps:
        found[step.key].append(step)
    return {key: tuple(held) for key, held in found.items()}
