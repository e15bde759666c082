"""Which breaches a score counts: by the decision on their finding, and one event by one rule only."""

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec.structs import replace

from hengjian.scoring.domain.finding_life import Life, State
from hengjian.scoring.domain.same_event import consolidation
from hengjian.scoring.domain.timeline import Stretch

# What these rules find costs points by the penalty behind it, so it costs none again (rules E7); it proposes a veto.
BY_PENALTY = frozenset({"K-01", "K-02"})

BreachKey = tuple[str, str, str, date]


def key_of(stretch: Stretch) -> BreachKey:
    """What tells a breach from all others of one organization in one region."""
    return stretch.rule.id, stretch.subject.kind, stretch.subject.key, stretch.first_day


def counted_stretches(
    stretches: Sequence[Stretch], lives: Mapping[BreachKey, Life], *, official: bool
) -> tuple[Stretch, ...]:
    """The stretches on which a score rests; those that are no breach stay as they are.

    The official score counts what is confirmed, the provisional one all that is not dismissed. A frozen finding counts
    up to the day before it was frozen. Source: rules E5, E7 (proposals).
    """
    kept = _standing(stretches, lives, official=official)
    left_out = consolidation(kept).leaves_out()
    return tuple(one for one in kept if id(one) not in left_out and not (one.is_breach and one.rule.id in BY_PENALTY))


def counted_elsewhere(
    stretches: Sequence[Stretch], lives: Mapping[BreachKey, Life]
) -> dict[BreachKey, tuple[BreachKey, ...]]:
    """The breaches that count nothing beside others of the same event, each with those under which it counts.

    As in the provisional score: what is dismissed takes nothing over.
    """
    found: dict[BreachKey, set[BreachKey]] = {}
    for one, under in consolidation(_standing(stretches, lives, official=False)).pairs:
        found.setdefault(key_of(one), set()).update(key_of(other) for other in under)
    return {key: tuple(sorted(others)) for key, others in found.items()}


def _standing(stretches: Sequence[Stretch], lives: Mapping[BreachKey, Life], *, official: bool) -> list[Stretch]:
    """What people's decisions leave of the stretches."""
    return [stretch for one in stretches if (stretch := _counted(one, lives, official=official)) is not None]


def _counted(stretch: Stretch, lives: Mapping[BreachKey, Life], *, official: bool) -> Stretch | None:
    life = lives.get(key_of(stretch)) if stretch.is_breach else None
    if life is None:
        return None if stretch.is_breach and official else stretch
    if life.state is State.DISMISSED or (official and not life.confirmed):
        return None
    if life.repaired_on is not None:
        stretch = replace(stretch, repaired_on=life.repaired_on)
    if life.frozen_on is None or (stretch.until is not None and stretch.until <= life.frozen_on):
        return stretch
    if stretch.first_day >= life.frozen_on:
        return None
    parts = tuple(part for part in stretch.parts if part.first_day < life.frozen_on)
    return replace(stretch, until=life.frozen_on, parts=parts)
