"""The findings behind judged breaches: number, where each stands, and the bureau's steps."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from hengjian.platform.db import ReadSession, sql
from hengjian.scoring.domain.counting import BreachKey, key_of
from hengjian.scoring.domain.dossier_decisions import Case, DecisionStep
from hengjian.scoring.domain.timeline import Stretch
from hengjian.scoring.stored_life import LIFE_COLUMNS, life_of

_FINDINGS = sql(f"""
    select id, no, rule_id, subject_kind, subject, opened_on, closed_on, {LIFE_COLUMNS} from finding
    where tenant_id = :tenant and region = :region and closed_on is distinct from opened_on order by opened_on, no
""")
# Proposals are the bureau's own until they are decided.
_STEPS = sql("""
    select finding_id, act, at, facts_sha256 from finding_decision
    where tenant_id = :tenant and finding_id = any(:ids) and act <> 'return' and act not like 'propose%' order by at, id
""")


async def read_cases(
    session: ReadSession, tenant_id: UUID, region: str, found: Iterable[Stretch]
) -> dict[BreachKey, Case]:
    """The case of each breach that has a finding; one just recomputed and not yet evaluated has none.

    A finding keeps its number over its whole breach; a stretch that was cut short belongs to the one that holds it, and
    one that begins before anybody judged belongs to the first that it reaches.
    """
    rows = await session.all(_FINDINGS, {"tenant": tenant_id, "region": region})
    by_subject: dict[tuple[str, str, str], list[Row[Any]]] = {}
    for row in rows:
        by_subject.setdefault((row.rule_id, row.subject_kind, row.subject), []).append(row)
    held: dict[BreachKey, Row[Any]] = {}
    for stretch in found:
        if stretch.is_breach:
            key = key_of(stretch)
            found_row = _finding_of(stretch, by_subject.get(key[:3], ()))
            if found_row is not None:
                held[key] = found_row
    steps: dict[UUID, list[DecisionStep]] = {}
    ids = list({row.id for row in held.values()})
    for step in await session.all(_STEPS, {"tenant": tenant_id, "ids": ids}) if ids else ():
        told = DecisionStep(act=step.act, at=step.at.isoformat(), facts_sha256=step.facts_sha256)
        steps.setdefault(step.finding_id, []).append(told)
    return {key: Case(no=row.no, life=life_of(row), steps=tuple(steps.get(row.id, ()))) for key, row in held.items()}


def _finding_of(stretch: Stretch, rows: Sequence[Row[Any]]) -> Row[Any] | None:
    """Of findings in the order of their first days."""
    lasting = [row for row in rows if row.closed_on is None or row.closed_on > stretch.first_day]
    holding = [row for row in lasting if row.opened_on <= stretch.first_day]
    reached = (row for row in lasting if stretch.until is None or row.opened_on < stretch.until)
    return holding[-1] if holding else next(reached, None)
