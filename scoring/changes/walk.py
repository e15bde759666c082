"""Walking a region's organizations with two law-books: the breaches of a rule as they are and as they would be.

The registers are read as the bureau whose change it is, so that a preview shows nothing that the bureau may not see.
Organizations at home in its region are read in slices, those that only serve it one by one.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from uuid import UUID

from hengjian.platform.db import Caller, Database, ReadSession
from hengjian.scoring.domain.credit_record import CreditRecord
from hengjian.scoring.domain.facts_shape import SUBJECTS
from hengjian.scoring.domain.judging import RuleInForce
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.same_event import related_rules
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.domain.timeline import RulesOn, Stretch, law_days, stretches
from hengjian.scoring.gather_subjects import gather_subjects, limits_of_facts, organization_kinds, terms_of_facts
from hengjian.tenants.api import OrganizationKind, SupervisedOrganization, supervised_under

SLICE = 250


@dataclass(frozen=True, kw_only=True)
class Walk:
    """A rule with two law-books over a span of days, for what its change's region judges.

    With the change the rule stands on every day as it will on `from_day`, wherever it stood at all. `as_if` is the
    law-book in which it holds on the last day of the walk, for facts that are counted with a limit of the rule.
    """

    rule_id: str
    region: str
    from_day: date
    since: date
    until: date
    before: LawBook
    after: LawBook
    as_if: LawBook
    _laws: dict[str, "Laws"] = field(default_factory=dict, repr=False)

    @cached_property
    def rules(self) -> tuple[str, ...]:
        """The rule, and those that share an event with it, whose points the change may move too."""
        packs = (pack for book in (self.before, self.after) for pack in book.packs)
        return related_rules(self.rule_id, (rule for pack in packs for rule in pack.rules))

    @property
    def subject_kinds(self) -> frozenset[str]:
        """The kinds of subjects of the rule and of those that share events with it."""
        return frozenset(
            rule.subject for name in self.rules for book in (self.before, self.after) for _, rule in book.find(name)
        )

    @property
    def organization_kinds(self) -> frozenset[OrganizationKind]:
        """Whom the rule is for: contractors, institutions, or both."""
        books = (self.before, self.after)
        return organization_kinds({rule.subject for book in books for _, rule in book.find(self.rule_id)})

    def places_of(self, organization: SupervisedOrganization) -> tuple[str, ...]:
        """The regions of the walk that judge the organization."""
        return tuple(region for region in organization.judged_regions if region.startswith(self.region))

    def laws_of(self, region: str) -> "Laws":
        """The rules of the walk in a judged region."""
        if region not in self._laws:
            self._laws[region] = self._laws_of(region)
        return self._laws[region]

    def _laws_of(self, region: str) -> "Laws":
        names = self.rules

        @cache
        def before(day: date) -> tuple[RuleInForce, ...]:
            return tuple(rule for rule in self.before.rules_in_force(region=region, on=day) if rule.id in names)

        @cache
        def changed(day: date) -> tuple[RuleInForce, ...]:
            if all(rule.id != self.rule_id for rule in before(day)):
                return ()
            coming = self.after.rules_in_force(region=region, on=max(day, self.from_day))
            return tuple(rule for rule in coming if rule.id == self.rule_id)

        @cache
        def after(day: date) -> tuple[RuleInForce, ...]:
            return (*(rule for rule in before(day) if rule.id != self.rule_id), *changed(day))

        return Laws(before, after, changed)


@dataclass(frozen=True, slots=True)
class Laws:
    """Day by day the rules of a walk without and with the change, and the changed rule alone."""

    before: RulesOn
    after: RulesOn
    changed: RulesOn


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """One organization in one region that judges it.

    `recounted`: its facts are counted with a limit that the change moves, so that other rules may say something else
    as well.
    """

    organization: SupervisedOrganization
    region: str
    before: tuple[Stretch, ...]
    after: tuple[Stretch, ...]
    recounted: bool


async def walked_organizations(database: Database, walk: Walk, job: Caller) -> list[SupervisedOrganization]:
    """Everybody whom the walk has to look at; read by the job, which knows all regions that supervise somebody."""
    async with database.read(job) as session:
        found = await supervised_under(session, walk.region, kinds=walk.organization_kinds, on=walk.until)
    return [one for one in found if walk.places_of(one)]


def slices(organizations: Sequence[SupervisedOrganization]) -> list[Sequence[SupervisedOrganization]]:
    """The organizations in slices that are read together."""
    return [organizations[start : start + SLICE] for start in range(0, len(organizations), SLICE)]


async def walk_slice(
    database: Database, walk: Walk, bureau: Caller, organizations: Sequence[SupervisedOrganization]
) -> AsyncIterator[Walked]:
    """The breaches of a slice without and with the change, for everybody who has a subject of the rule."""
    for found in await _gather_slice(database, walk, bureau, organizations):
        organization = found.organization
        for region in walk.places_of(organization):
            laws = walk.laws_of(region)
            before = _stretches(organization, region, found.now, laws.before)
            after = _stretches(organization, region, found.then, laws.after)
            if before or after or found.recounted:
                yield Walked(
                    organization=organization, region=region, before=before, after=after, recounted=found.recounted
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The subjects of an organization without and with the change: the same object where the change moves no fact.

    `recounted` as in `Walked`.
    """

    organization: SupervisedOrganization
    now: Sequence[Subject]
    then: Sequence[Subject]
    recounted: bool


async def gather_sides(
    session: ReadSession,
    walk: Walk,
    organizations: Sequence[SupervisedOrganization],
    *,
    kinds: Collection[str] = frozenset(SUBJECTS),
    records: Mapping[UUID, CreditRecord] | None = None,
) -> list[Gathered]:
    """The subjects of some kinds of each organization, gathered once more where the change moves days or limits of facts.

    Args:
        session: of a caller who may see them all.
        walk: the change.
        organizations: some hundreds at most.
        kinds: the kinds of subjects that are wanted.
        records: their credit records, where the caller has read them already.
    """
    rules = [rule for pack in walk.before.packs for rule in pack.rules if rule.subject in kinds]
    fixed = sorted({walk.since, walk.until, *law_days(rules, since=walk.since, until=walk.until)})

    async def by(lawbook: LawBook, wanted: Sequence[SupervisedOrganization]) -> dict[UUID, Sequence[Subject]]:
        found = await gather_subjects(session, wanted, fixed, lawbook=lawbook, kinds=kinds, records=records)
        return {one: [subject for subject in own if subject.kind in kinds] for one, own in found.items()}

    def limits(lawbook: LawBook, organization: SupervisedOrganization) -> tuple[int, ...]:
        return limits_of_facts(lawbook, organization, walk.until)

    moved = [one for one in organizations if limits(walk.after, one) != limits(walk.as_if, one)]
    then = now = await by(walk.before, organizations)
    if terms_of_facts(walk.before) != terms_of_facts(walk.after):
        then = await by(walk.after, organizations)
    if moved:
        then = then | await by(walk.as_if, moved)
    recounted = {one.id for one in moved}
    return [
        Gathered(organization=one, now=now[one.id], then=then[one.id], recounted=one.id in recounted)
        for one in organizations
    ]


async def _gather_slice(
    database: Database, walk: Walk, bureau: Caller, organizations: Sequence[SupervisedOrganization]
) -> list[Gathered]:
    """The subjects of the rule of each organization, read with the rights of the bureau."""
    home = [one for one in organizations if one.region.startswith(walk.region)]
    async with database.read(bureau) as session:
        found = await gather_sides(session, walk, home, kinds=walk.subject_kinds)
    for one in organizations:
        if not one.region.startswith(walk.region):
            async with database.read(bureau, focus=one.id) as session:
                found += await gather_sides(session, walk, [one], kinds=walk.subject_kinds)
    return found


def _stretches(
    organization: SupervisedOrganization, region: str, subjects: Sequence[Subject], rules_on: RulesOn
) -> tuple[Stretch, ...]:
    own = (one for one in subjects if organization.belongs_to(one.city, region))
    return tuple(stretch for one in own for stretch in stretches(one, one.days, rules_on))
