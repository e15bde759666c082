"""What of the last judgement still holds, so that only what may say something else is judged again.

Whatever a rule's results rest on is compared: its law over the days judged, the number of pushes of each register that
it reads, the day on which its facts turn next, the terms of facts, where the organization is judged as what, and the
code. Where any of it differs, or is not known, the rule is judged again over all days.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from hengjian.platform.db import ReadSession
from hengjian.scoring.accepted_facts import accepted_facts
from hengjian.scoring.carried_over import (
    CarriedBusiness,
    CarriedOver,
    CarriedRule,
    RuleCarriedOver,
    read_carried,
)
from hengjian.scoring.domain.contractor_subjects import EVERYTHING as OF_REGISTERS
from hengjian.scoring.domain.contractor_subjects import reads_of
from hengjian.scoring.domain.lawbook import LawBook, RegionLaw
from hengjian.scoring.domain.rules import CountedUnder
from hengjian.scoring.domain.subjects import Wanted
from hengjian.scoring.gather_fieldwork import EVERYTHING as OF_FIELDWORK
from hengjian.scoring.gather_fieldwork import READS as READS_OF_FIELDWORK
from hengjian.scoring.gather_subjects import limits_of_facts, subject_kinds, terms_of_facts
from hengjian.scoring.rule_law import RuleLaw, rule_laws
from hengjian.scoring.store_verdicts import Place, Said
from hengjian.scoring.stored_values import digest_of
from hengjian.tenants.api import SupervisedOrganization

KINDS = frozenset({*OF_REGISTERS, *OF_FIELDWORK})
"""The kinds of subjects whose rules are carried over; others rest on more than registers."""
# What stands for a register in the number of pushes: what is read of it under another name, or of all of them.
_EVERY = "*"
_PUSHED = {"inspections": "visits", "firstVisits": "visits", "pushes": _EVERY}
_BUSINESS = frozenset({"points"})
_DAY = timedelta(days=1)

_KEPT = "select tenant_id, region, content from carried_over where tenant_id = any($1::uuid[])"
# How many and when the last: a release before the count does not raise it, but tells when.
_NUMBER = "({}::bigint * 1000003 + (extract(epoch from max({})) * 1000000)::bigint)"
# A bureau, too, pushes an organization's own row; it takes its turn by a lock and not by a stream of the organization.
_PUSHES = f"""
select tenant_id, kind, {_NUMBER.format("sum(pushes)", "touched_at")} from push_stream
 where tenant_id = any($1::uuid[]) group by 1, 2
union all
select tenant_id, '{_EVERY}', {_NUMBER.format("sum(pushes)", "touched_at")} from push_stream
 where tenant_id = any($1::uuid[]) group by 1
union all
select tenant_id, 'organizations', {_NUMBER.format("count(*)", "recorded_at")}
  from profile_assertion where tenant_id = any($1::uuid[]) group by 1
"""


@dataclass(slots=True)
class Memory:
    """What may be carried over in one judgement of some organizations, and what is kept of it for the next.

    Attributes:
        pushes: by organization and register a number that is another one after each push.
        stored: by place what the judgement before kept, as text.
        anew: those of whom nothing is carried over, but compared.
        holding: by place what the judgement before kept, of organizations of which some of it may hold.
        again: by organization of these the rules that are to be judged again.
        wanted: by organization of these the facts that are to be made for it.
        in_business: those whose days with points hold.
        changed: rows to be kept for the next judgement; `seen` are the places that were judged.
        wrong: organization, region and rule of what would have been carried over and is found to be something else.
    """

    lawbook: LawBook
    since: date
    today: date
    pushes: Mapping[UUID, Mapping[str, int]]
    stored: Mapping[Place, str]
    anew: frozenset[UUID] = frozenset()
    holding: dict[Place, CarriedOver] = field(default_factory=dict)
    wanted: dict[UUID, Wanted] = field(default_factory=dict)
    in_business: set[UUID] = field(default_factory=set)
    again: dict[UUID, frozenset[str]] = field(default_factory=dict)
    changed: list[dict[str, Any]] = field(default_factory=list)
    wrong: list[tuple[SupervisedOrganization, str, str]] = field(default_factory=list)
    seen: set[Place] = field(default_factory=set)
    _laws: dict[int, Mapping[str, RuleLaw]] = field(default_factory=dict)
    _places: dict[tuple[object, ...], int] = field(default_factory=dict)
    _weighing: list[int] = field(default_factory=list)
    _left: dict[tuple[int, frozenset[str]], RegionLaw] = field(default_factory=dict)

    def laws(self, region: str) -> Mapping[str, RuleLaw]:
        """The rules of a region whose results may be carried over."""
        law = self.lawbook.law_of(region)
        if id(law) not in self._laws:
            self._laws[id(law)] = rule_laws(law, KINDS, since=self.since, until=self.today)
        return self._laws[id(law)]

    def law_left(self, region: str, carried: Iterable[RuleCarriedOver]) -> RegionLaw:
        """The law of a region without the rules that are carried over: one object for the same ones."""
        law, names = self.lawbook.law_of(region), frozenset(one.name for one in carried)
        if not names:
            return law
        if (id(law), names) not in self._left:
            self._left[id(law), names] = law.without(names)
        return self._left[id(law), names]

    def place(self, organization: SupervisedOrganization, region: str) -> int:
        """A digest of the code, the terms of facts, and where the organization is judged as what."""
        key = organization.kinds, organization.region, region, organization.judged_regions
        if key not in self._places:
            limits = limits_of_facts(self.lawbook, organization, self.today)
            terms = [sorted(one) for one in terms_of_facts(self.lawbook)]
            kinds = sorted(organization.kinds), sorted(subject_kinds(organization))
            self._places[key] = digest_of((_code(), kinds, *key[1:], limits, terms))
        return self._places[key]

    def weighing(self) -> int:
        """A digest of what each rule's breaches cost where, and beside which others they cost nothing."""
        if not self._weighing:
            rules = [rule for pack in self.lawbook.packs for rule in pack.rules]
            told = [(one.file, one.dimension, [_told(under) for under in one.counted_under]) for one in rules]
            self._weighing.append(digest_of(told))
        return self._weighing[0]

    def scored(self, tenant_id: UUID, region: str) -> int | None:
        """Of what the stored scores are made; None where that is not known."""
        holding = self.holding.get((tenant_id, region))
        return None if holding is None or tenant_id in self.anew else holding.scored

    def kept(self, tenant_id: UUID, region: str) -> list[RuleCarriedOver]:
        """What is carried over of one organization in a region."""
        holding, again = self.holding.get((tenant_id, region)), self.again.get(tenant_id)
        if holding is None or again is None or tenant_id in self.anew:
            return []
        laws = self.laws(region)
        return [RuleCarriedOver(one, laws[one], holding.rules[one]) for one in laws if one not in again]

    def business(self, tenant_id: UUID, region: str) -> CarriedBusiness | None:
        """The days with points of one organization, unless they are to be made again."""
        holding = self.holding.get((tenant_id, region))
        return holding.business if holding is not None and tenant_id in self.in_business else None


async def recall(  # everything a judgement is made with
    session: ReadSession,
    organizations: Sequence[SupervisedOrganization],
    *,
    lawbook: LawBook,
    since: date,
    today: date,
    said: Mapping[Place, Said | None],
    anew: Collection[UUID] = (),
) -> Memory:
    """What still holds of the last judgement of each organization; to be read before any of their registers.

    Args:
        session: of a caller who may see them all.
        organizations: whom to judge.
        lawbook: by which they are judged now.
        since: the first day to judge.
        today: the last one.
        said: what is stored of the last verdicts; where it is not what is carried over, nothing is.
        anew: those of whom nothing is carried over, but compared with what is found.
    """
    ids = [one.id for one in organizations]
    rows = await session.fetch_raw(_KEPT, ids)
    pushes = await count_pushes(session, ids)
    stored = {(row["tenant_id"], row["region"]): row["content"] for row in rows}
    memory = Memory(lawbook, since, today, pushes, stored, frozenset(anew))
    accepted = await accepted_facts(session, ids)
    for one in organizations:
        if one.id not in accepted:
            _hold(memory, one, said)
    return memory


async def count_pushes(session: ReadSession, ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """By organization and register a number that is another one after each push of it."""
    pushes: dict[UUID, dict[str, int]] = {one: {} for one in ids}
    for tenant_id, kind, number in await session.fetch_raw(_PUSHES, ids):
        pushes[tenant_id][kind] = pushes[tenant_id].get(kind, 0) + number
    return pushes


def _hold(memory: Memory, organization: SupervisedOrganization, said: Mapping[Place, Said | None]) -> None:
    """Carry over what holds in every region that judges the organization."""
    own: dict[Place, CarriedOver] = {}
    for region in organization.judged_regions:
        place = organization.id, region
        before, content = said.get(place), memory.stored.get(place)
        if not memory.laws(region):
            return
        carried = None if content is None or before is None else read_carried(content)
        if before is None or carried is None or not _same_frame(memory, organization, region, carried):
            return
        if any(rule.said != before.get(name) for name, rule in carried.rules.items()):
            return
        own[place] = carried
    again = {
        name
        for place, carried in own.items()
        for name, law in memory.laws(place[1]).items()
        if not _holds(memory, law, carried, carried.rules.get(name), organization.id)
    }
    memory.holding |= own
    memory.again[organization.id] = frozenset(again)
    if organization.id not in memory.anew:
        memory.wanted[organization.id] = _wanted(memory, organization, own, again)


def _same_frame(memory: Memory, organization: SupervisedOrganization, region: str, carried: CarriedOver) -> bool:
    return (
        carried.since == memory.since
        and carried.as_of <= memory.today
        and carried.place == memory.place(organization, region)
    )


def _holds(memory: Memory, law: RuleLaw, carried: CarriedOver, rule: CarriedRule | None, tenant_id: UUID) -> bool:
    return (
        rule is not None
        and rule.law == law.digest
        and (carried.as_of == memory.today or memory.today < rule.turns_on)
        and _as_pushed(memory, carried, _reads(law.kind, law.facts), tenant_id)
    )


def _as_pushed(memory: Memory, carried: CarriedOver, registers: Iterable[str], tenant_id: UUID) -> bool:
    now = memory.pushes[tenant_id]
    return now == carried.pushes or all(now.get(one) == carried.pushes.get(one) for one in registers)


@cache
def _reads(kind: str, facts: frozenset[str]) -> frozenset[str]:
    """The registers whose pushes may change what is said of a kind of subject by these facts."""
    reads = READS_OF_FIELDWORK[kind] if kind in OF_FIELDWORK else reads_of(kind, facts)
    return frozenset(_PUSHED.get(one, one) for one in reads)


def _wanted(
    memory: Memory,
    organization: SupervisedOrganization,
    own: Mapping[Place, CarriedOver],
    again: Collection[str],
) -> Wanted:
    found: dict[str, frozenset[str]] = {}
    for _, region in own:
        for name, law in memory.laws(region).items():
            if name in again:
                found[law.kind] = found.get(law.kind, frozenset()) | law.facts
    if all(business_holds(memory, carried, organization.id) for carried in own.values()):
        memory.in_business.add(organization.id)
    else:
        found["contractor"] = found.get("contractor", frozenset()) | _BUSINESS
    return {kind: facts if kind == "contractor" else frozenset() for kind, facts in found.items()}


def business_holds(memory: Memory, carried: CarriedOver, tenant_id: UUID) -> bool:
    """Whether the days with points are what they were."""
    business = carried.business
    return (carried.as_of == memory.today or memory.today < business.turns_on) and _as_pushed(
        memory, carried, _reads("contractor", _BUSINESS), tenant_id
    )


def _told(under: CountedUnder) -> tuple[object, ...]:
    each = None if under.each is None else under.each.text
    return under.rules, under.same, sorted(under.lacks), sorted(under.named), each


@cache
def _code() -> str:
    """A digest of the code that makes facts and judges them, and of what made the tables what they are.

    By other code everything is judged again. It is read as soon as this module is: what stands in the folder later may
    be another release than the one that runs.
    """
    here = Path(__file__).parent
    others = ("platform/calendar.py", "platform/distance.py", "tenants/supervised.py")
    files = [*sorted(here.rglob("*.py")), *sorted((here.parent / "deploy/migrations/versions").glob("*.py"))]
    files += [here.parent / name for name in others]
    return hashlib.sha256(b"".join(one.read_bytes() for one in files)).hexdigest()


_code()
