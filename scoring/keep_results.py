"""What a judgement keeps of each rule's results for the next one, and where what was kept proves wrong."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

import msgspec

from hengjian.platform.db import ReadSession, Session
from hengjian.scoring.bulk_rows import delete_rows, upsert_rows
from hengjian.scoring.carried_over import CarriedBusiness, CarriedOver, CarriedRule, carried_rule, write_carried
from hengjian.scoring.carry_over import KINDS, Memory, business_holds, count_pushes
from hengjian.scoring.domain.subjects import Made, Subject
from hengjian.scoring.domain.timeline import Course, Stretch
from hengjian.scoring.judged import Judged
from hengjian.scoring.rule_law import RuleLaw
from hengjian.scoring.store_verdicts import Said
from hengjian.scoring.tables import carried_over

_DAY = timedelta(days=1)
_Found = list[tuple[Subject, Sequence[Stretch]]]


def keep(memory: Memory, judged: Judged, said: Said, made: Made, *, business: CarriedBusiness, scored: int) -> None:
    """Keep what was said of one organization in a region for the next judgement.

    Args:
        memory: of this judgement.
        judged: with what was judged now and what was carried over.
        said: the digest of what each rule says.
        made: with the days on which facts turn.
        business: its days with business.
        scored: a digest of what its scores are made of (see `made_of.made_of`).
    """
    organization, region = judged.organization, judged.region
    laws = memory.laws(region)
    if not laws or judged.subject_kinds.isdisjoint(KINDS):
        return
    rules = {one.name: one.result for one in judged.carried}
    own = _by_rule(judged, laws.keys() - rules.keys())
    for name, law in laws.items():
        if name not in rules:
            turns_on = _turns_on(law, own[name], made.turns.get(law.kind, date.min), judged.today)
            rules[name] = carried_rule(law, own[name], said=said.get(name), turns_on=turns_on)
    if organization.id in memory.anew:
        _compare(memory, judged, rules, business)
    memory.seen.add((organization.id, region))
    content = write_carried(
        CarriedOver(
            place=memory.place(organization, region),
            since=memory.since,
            as_of=memory.today,
            pushes=dict(memory.pushes[organization.id]),
            business=business,
            scored=scored,
            rules=rules,
        )
    )
    if content != memory.stored.get((organization.id, region)):
        memory.changed.append({"tenant_id": organization.id, "region": region, "content": content})


def _compare(memory: Memory, judged: Judged, rules: Mapping[str, CarriedRule], business: CarriedBusiness) -> None:
    """Note each rule that says something else than what would have been carried over: then what it rests on is not all known."""
    organization, region = judged.organization, judged.region
    holding, again = memory.holding.get((organization.id, region)), memory.again.get(organization.id)
    if holding is None or again is None:
        return
    for name in rules.keys() - again:
        if msgspec.structs.replace(holding.rules[name], turns_on=rules[name].turns_on) != rules[name]:
            memory.wrong.append((organization, region, name))
    same = msgspec.structs.replace(holding.business, turns_on=business.turns_on) == business
    if not same and business_holds(memory, holding, organization.id):
        memory.wrong.append((organization, region, "business"))


async def found_wrong(session: ReadSession, memory: Memory) -> list[dict[str, str]]:
    """What would have been carried over wrongly; what a push changed while it was looked at is none of it."""
    if not memory.wrong:
        return []
    now = await count_pushes(session, [one.id for one, _, _ in memory.wrong])
    return [
        {"organization": one.credit_code, "region": region, "rule": name}
        for one, region, name in memory.wrong
        if now[one.id] == memory.pushes[one.id]
    ]


def _by_rule(judged: Judged, names: Collection[str]) -> dict[str, _Found]:
    found: dict[str, _Found] = {name: [] for name in names}
    told: dict[Course, dict[str, list[Stretch]]] = {}
    for subject, course in judged.courses:
        by_rule = told.get(course)
        if by_rule is None:
            by_rule = told[course] = {}
            for one in course.stretches:
                by_rule.setdefault(one.rule.id, []).append(one)
        for name, stretches in by_rule.items():
            if name in found:
                found[name].append((subject, stretches))
    return found


def _turns_on(law: RuleLaw, found: _Found, turns_on: date, today: date) -> date:
    """The first day on which a rule may say something else; what is told of today as today is told otherwise tomorrow.

    A fact that does not advance and names a day ahead would turn on that day without notice; no kind of subject makes one.
    """
    moves = law.every_day or (
        law.dated
        and any(
            value == today
            for _, stretches in found
            for one in stretches
            if one.until is None
            for value in map(one.given.get, one.rule.inputs)
        )
    )
    return min(turns_on, today + _DAY) if moves else turns_on


async def write_memory(session: Session, memory: Memory) -> None:
    """Keep what differs from what is kept, and nothing of places in which nobody is judged any more."""
    left = [{"tenant_id": one, "region": region} for one, region in memory.stored.keys() - memory.seen]
    await delete_rows(session, carried_over, left)
    await upsert_rows(session, carried_over, memory.changed)
