"""Walking a region's organizations with two law-books: the breaches of a rule as they are and as they would be.

The registers are read as the bureau whose change it is, so that a preview shows nothing that the bureau may not see.
Organizations at home in its region are read in slices, those that only serve it one by one.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache

from hengjian.platform.db import Caller, Database, ReadSession
from hengjian.scoring.changes.ask_together import Asker
from hengjian.scoring.domain.credit_record import CreditRecord
from hengjian.scoring.domain.facts_shape import SUBJECTS_OF_CONTRACTORS
from hengjian.scoring.domain.judging import RuleInForce
from hengjian.scoring.domain.lawbook import LawBook
from hengjian.scoring.domain.rule_impact import concerned_rules
from hengjian.scoring.domain.subjects import Subject
from hengjian.scoring.domain.timeline import RulesOn, Stretch, law_days, stretches
from hengjian.scoring.evidence.statements import EVIDENCE
from hengjian.scoring.fact_statements import (
    CHANGE_DAYS,
    CITIES,
    CONTRACTOR,
    FIRST_DAYS,
    ITEMS,
    LABORATORIES,
    PUSH_DAYS,
    TECHNICIANS,
    change_days_of,
    first_days_of,
)
from hengjian.scoring.fieldwork_statements import FIELDWORK, FIRST_VISITS, VISITS
from hengjian.scoring.gather_credit import gather_credit
from hengjian.scoring.gather_facts import SOURCES
from hengjian.scoring.gather_subjects import certificate_months, gather_subjects
from hengjian.scoring.institution_statements import EVENTS, STATEMENTS
from hengjian.tenants.api import OrganizationKind, SupervisedOrganization, supervised_under

SLICE = 250
_READ_BY = {
    CONTRACTOR: {"contractor", "core_item"},
    CITIES: {"contractor_city"},
    ITEMS: {"item", "core_item"},
    TECHNICIANS: {"person"},
    LABORATORIES: {"laboratory"},
}
FIELDWORK_SUBJECTS = SUBJECTS_OF_CONTRACTORS - set().union(*_READ_BY.values())
_REGISTERS_OF = {
    "institution": {"people", "accreditations", "monitoringReports"},
    "technical_manager": {"people"},
    "signatory": {"people"},
    "instrument": {"instruments", "calibrations"},
    "material_lot": {"referenceMaterials", "reagentLots"},
    "method": {"methods"},
    "room": {"rooms", "environmentReadings"},
    "result": {"testResults", "certificates"},
    "report_item": {"testResults", "monitoringReports", "methods", "capabilities", "accreditations"},
    "report": {"monitoringReports"},
    "system_change": {"systemChanges"},
}
# What a task, its samples, labels and recordings are cannot be told one without the other.
_EVIDENCE_KINDS = frozenset(
    {"task", "sampling_action", "recording", "recording_archive", "recording_kept", "sample", "preservation", "receipt"}
    | {"analysis", "label", "label_entry", "label_reprint", "institution_city"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
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

    @property
    def subject_kinds(self) -> frozenset[str]:
        """The kinds of subjects of the rule and of those that share events with it."""
        return frozenset(
            rule.subject
            for name in concerned_rules(self.rule_id)
            for book in (self.before, self.after)
            for _, rule in book.find(name)
        )

    @property
    def facts(self) -> frozenset[str]:
        """The facts that the rule, and those that share events with it, read."""
        return frozenset(
            fact
            for name in concerned_rules(self.rule_id)
            for book in (self.before, self.after)
            for _, rule in book.find(name)
            for fact in (*rule.inputs, *rule.optional)
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
        names = concerned_rules(self.rule_id)

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


Gathered = tuple[SupervisedOrganization, list[Subject], list[Subject]]


async def gather_slice(
    database: Database, walk: Walk, bureau: Caller, organizations: Sequence[SupervisedOrganization]
) -> list[Gathered]:
    """The subjects of the rule of each organization, with their facts without and with the change.

    This is the one place where a walk reads registers.
    """
    home = [one for one in organizations if one.region.startswith(walk.region)]
    async with database.read(bureau) as session:
        records = await gather_credit(session, [one.id for one in home], since=walk.since)
        asker = _asker(session, walk)
        found = await asker.gather([_subjects(asker, walk, one, records[one.id]) for one in home])
    for one in organizations:
        if not one.region.startswith(walk.region):
            async with database.read(bureau, focus=one.id) as session:
                record = (await gather_credit(session, [one.id], since=walk.since))[one.id]
                asker = _asker(session, walk)
                found += await asker.gather([_subjects(asker, walk, one, record)])
    return found


async def _subjects(
    session: ReadSession, walk: Walk, organization: SupervisedOrganization, record: CreditRecord
) -> Gathered:
    """Gathered once, unless the change moves a limit with which facts are counted."""
    rules = [rule for name in concerned_rules(walk.rule_id) for _, rule in walk.before.find(name)]
    fixed = sorted({walk.since, walk.until, *law_days(rules, since=walk.since, until=walk.until)})

    async def by(lawbook: LawBook) -> list[Subject]:
        subjects = await gather_subjects(session, organization, fixed, lawbook=lawbook, record=record)
        return [one for one in subjects if one.kind in walk.subject_kinds]

    months = [certificate_months(book, organization.region, walk.until) for book in (walk.after, walk.as_if)]
    now = await by(walk.after)
    return organization, now, now if months[0] == months[1] else await by(walk.as_if)


def _asker(session: ReadSession, walk: Walk) -> Asker:
    """Asks only for what the rule reads."""
    kinds, facts = walk.subject_kinds, walk.facts
    needed = set().union(*(_REGISTERS_OF.get(kind, set()) for kind in kinds))
    instead = {statement: "" for statement, readers in _READ_BY.items() if not readers & kinds}
    if not kinds & FIELDWORK_SUBJECTS:
        instead |= dict.fromkeys((VISITS, *FIELDWORK.values()), "")
    if "person" not in kinds:
        instead[FIRST_VISITS] = ""
    instead |= {statement: "" for kind, statement in {**STATEMENTS, **EVENTS}.items() if kind not in needed}
    if not kinds & _EVIDENCE_KINDS:
        instead |= dict.fromkeys(EVIDENCE.values(), "")
    if "days_since_push" not in facts:
        instead[PUSH_DAYS] = ""
    if kinds != {"contractor"}:
        return Asker(session, instead=instead, columns={})
    counted = facts & SOURCES.keys()
    registers = sorted({SOURCES[fact] for fact in counted}) or ["organizations"]
    instead |= {CHANGE_DAYS: change_days_of(registers), FIRST_DAYS: first_days_of(registers)}
    return Asker(session, instead=instead, columns={CONTRACTOR: ("day", *sorted(counted))})


def _places(organization: SupervisedOrganization, walk: Walk) -> tuple[str, ...]:
    return tuple(region for region in organization.judged_regions if region.startswith(walk.region))


def _stretches(
    organization: SupervisedOrganization, region: str, subjects: Sequence[Subject], rules_on: RulesOn
) -> tuple[Stretch, ...]:
    own = (one for one in subjects if organization.belongs_to(one.city, region))
    return tuple(stretch for one in own for stretch in stretches(one, one.days, rules_on))
