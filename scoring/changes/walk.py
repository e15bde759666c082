"""Walking a region's organizations with two law-books: the breaches of a rule as they are and as they would be.

The registers are read as the bureau whose change it is, so that a preview shows nothing that the bureau may not see.
Organizations at home in its region are read in slices, those that only serve it one by one.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from uuid import UUID

from hengjian.platform.db import Caller, Database, ReadSession
from hengjian.scoring.domain.facts_shape import SUBJECTS_OF_CONTRACTORS
from hengjian.scoring.domain.judging import RuleInForce
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.same_event import related_rules
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.domain.timeline import RulesOn, Stretch, law_days, stretches
from hengjian.scoring.gather_subjects import gather_subjects, limits_of_facts
from hengjian.tenants.api import OrganizationKind, SupervisedOrganization, supervised_under

SLICE = 250


@dataclass(frozen=True, kw_only=True)
class Walk:
    """A rule with two law-books over a span of days, for what its change's region judges.

    With the change the rule stands on every day as it will on `from_day`, wherever it stood at all. `as_if` is the
    law-book in which it holds since the first day of the walk, for facts that are counted with a limit of the rule.
    """

    rule_id: str
    region: str
    from_day: date
    since: date
    until: date
    before: LawBook
    after: LawBook
    as_if: LawBook
    _rules: dict[str, tuple[RulesOn, RulesOn]] = field(default_factory=dict, repr=False)

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
    def organization_kind(self) -> OrganizationKind:
        """Whom the rule is for."""
        contractors = self.subject_kinds <= set(SUBJECTS_OF_CONTRACTORS)
        return OrganizationKind.CONTRACTOR if contractors else OrganizationKind.INSTITUTION

    def rules_on(self, region: str) -> tuple[RulesOn, RulesOn]:
        """The rules without and with the change in a judged region on a day."""
        if region not in self._rules:
            self._rules[region] = self._rules_on(region)
        return self._rules[region]

    def _rules_on(self, region: str) -> tuple[RulesOn, RulesOn]:
        names = self.rules

        @cache
        def before(day: date) -> tuple[RuleInForce, ...]:
            found = (self.before.rule_in_force(name, region=region, on=day) for name in names)
            return tuple(rule for rule in found if rule is not None)

        @cache
        def after(day: date) -> tuple[RuleInForce, ...]:
            changed = self.after.rule_in_force(self.rule_id, region=region, on=max(day, self.from_day))
            found = (changed if rule.id == self.rule_id else rule for rule in before(day))
            return tuple(rule for rule in found if rule is not None)

        return before, after


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """One organization in one region that judges it."""

    organization: SupervisedOrganization
    region: str
    before: tuple[Stretch, ...]
    after: tuple[Stretch, ...]


async def walked_organizations(database: Database, walk: Walk, job: Caller) -> list[SupervisedOrganization]:
    """Everybody whom the walk has to look at; read by the job, which knows all regions that supervise somebody."""
    async with database.read(job) as session:
        found = await supervised_under(session, walk.region, kind=walk.organization_kind, on=walk.until)
    only = frozenset({walk.organization_kind})
    return [replace(one, kinds=only) for one in found if _places(one, walk)]


def slices(organizations: Sequence[SupervisedOrganization]) -> list[Sequence[SupervisedOrganization]]:
    """The organizations in slices that are read together."""
    return [organizations[start : start + SLICE] for start in range(0, len(organizations), SLICE)]


async def walk_slice(
    database: Database, walk: Walk, bureau: Caller, organizations: Sequence[SupervisedOrganization]
) -> AsyncIterator[Walked]:
    """The breaches of a slice without and with the change, for everybody who has a subject of the rule."""
    for organization, now, then in await gather_slice(database, walk, bureau, organizations):
        for region in _places(organization, walk):
            rules_before, rules_after = walk.rules_on(region)
            before = _stretches(organization, region, now, rules_before)
            after = _stretches(organization, region, then, rules_after)
            if before or after:
                yield Walked(organization=organization, region=region, before=before, after=after)


Gathered = tuple[SupervisedOrganization, Sequence[Subject], Sequence[Subject]]


async def gather_slice(
    database: Database, walk: Walk, bureau: Caller, organizations: Sequence[SupervisedOrganization]
) -> list[Gathered]:
    """The subjects of the rule of each organization, with their facts without and with the change.

    This is the one place where a walk reads registers.
    """
    home = [one for one in organizations if one.region.startswith(walk.region)]
    async with database.read(bureau) as session:
        found = await _subjects(session, walk, home)
    for one in organizations:
        if not one.region.startswith(walk.region):
            async with database.read(bureau, focus=one.id) as session:
                found += await _subjects(session, walk, [one])
    return found


async def _subjects(
    session: ReadSession, walk: Walk, organizations: Sequence[SupervisedOrganization]
) -> list[Gathered]:
    """Gathered once, and again where the change moves a limit with which facts are counted."""
    rules = [rule for name in walk.rules for _, rule in walk.before.find(name)]
    fixed = sorted({walk.since, walk.until, *law_days(rules, since=walk.since, until=walk.until)})

    async def by(lawbook: LawBook, wanted: Sequence[SupervisedOrganization]) -> dict[UUID, Sequence[Subject]]:
        found = await gather_subjects(session, wanted, fixed, lawbook=lawbook, kinds=walk.subject_kinds)
        return {one: [subject for subject in own if subject.kind in walk.subject_kinds] for one, own in found.items()}

    def limits(lawbook: LawBook, organization: SupervisedOrganization) -> tuple[int, ...]:
        return limits_of_facts(lawbook, organization, walk.until)

    moved = [one for one in organizations if limits(walk.after, one) != limits(walk.as_if, one)]
    now = await by(walk.after, organizations)
    then = now | (await by(walk.as_if, moved) if moved else {})
    return [(one, now[one.id], then[one.id]) for one in organizations]


def _places(organization: SupervisedOrganization, walk: Walk) -> tuple[str, ...]:
    return tuple(region for region in organization.judged_regions if region.startswith(walk.region))


def _stretches(
    organization: SupervisedOrganization, region: str, subjects: Sequence[Subject], rules_on: RulesOn
) -> tuple[Stretch, ...]:
    own = (one for one in subjects if organization.belongs_to(one.city, region))
    return tuple(stretch for one in own for stretch in stretches(one, one.days, rules_on))
