"""What the scores of an organization are made of, as one digest: while it is the same, no month is scored again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hengjian.scoring.carried_over import CarriedBusiness
from hengjian.scoring.carry_over import Memory
from hengjian.scoring.credit_rows import Rows
from hengjian.scoring.domain.counting import BreachKey, key_of
from hengjian.scoring.domain.finding_life import Life
from hengjian.scoring.domain.timeline import Stretch
from hengjian.scoring.judged import Judged
from hengjian.scoring.stored_values import digest_of


@dataclass(frozen=True, slots=True)
class ScoreParts:
    """What scores count beside breaches and what registers tell: digests of the models by month, decisions, days with business."""

    models: Sequence[tuple[date, int]]
    decided: Rows
    business: CarriedBusiness


def made_of(memory: Memory, judged: Judged, lives: Mapping[BreachKey, Life], parts: ScoreParts) -> int:
    """A digest of all that the scores of one organization in a region are made of.

    Args:
        memory: of this judgement.
        judged: with its breaches.
        lives: the decisions on them.
        parts: what else is counted.
    """
    organization = judged.organization
    lasting = any(row.repaired_at is None for row in parts.decided["failure"])
    breaches = [(_breach(one), _life(lives.get(key_of(one)))) for one in judged.breaches]
    return digest_of(
        (
            memory.place(organization, judged.region),
            memory.weighing(),
            (memory.since, memory.today, judged.now if lasting else None),
            parts.models,
            sorted(memory.pushes[organization.id].items()),
            parts.decided,
            parts.business,
            sorted(judged.spans, key=lambda one: one[:2]),
            breaches,
        )
    )


def _breach(one: Stretch) -> tuple[object, ...]:
    subject = one.subject
    about = subject.kind, subject.key, subject.unit, subject.about
    days = one.first_day, one.until, one.severity, one.parts
    facts = [one.given.get(name) for name in one.rule.inputs]
    counting = any(under.each is not None for under in one.rule.rule.counted_under)
    limits = sorted((name, str(entry.value)) for name, entry in one.rule.parameters.items()) if counting else ()
    rule = one.rule.rule.file, one.rule.rule.dimension, limits
    return rule, about, days, one.verdict.lacking, facts


def _life(life: Life | None) -> tuple[object, ...] | None:
    return None if life is None else (life.state, life.confirmed, life.frozen_on, life.repaired_on)
