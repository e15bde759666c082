"""The law-book, as anyone with a key may read it."""

from datetime import UTC, date, datetime

import strawberry

from hengjian.graphql.context import Info, caller_with
from hengjian.graphql.errors import ApiError
from hengjian.platform.calendar import legal_day
from hengjian.scoring.api import Pack, Rule, UnknownRuleError, as_text


@strawberry.type(description="A limit of a rule from a day on, in a region and all below it.")
class RuleParameter:
    """One dated value."""

    name: str
    value: str = strawberry.field(description="Exact, as text.")
    unit: str
    since: date
    region: str
    source_status: str = strawberry.field(
        description="verified, proposal or memory; what is known from memory never costs points."
    )


@strawberry.type(name="Rule", description="A rule of the law-book.")
class RuleType:
    """One rule, with its clause and limits over time."""

    id: str
    title_zh: str
    title_en: str
    subject: str
    dimension: str
    formula_zh: str
    formula_en: str
    unit_zh: str
    unit_en: str
    remedy_zh: str = strawberry.field(description="How to mend a breach, in Chinese.")
    remedy_en: str = strawberry.field(description="How to mend a breach, in English.")
    severity: str
    source: str
    clause: str
    quote: str = strawberry.field(description="The clause in its own Chinese.")
    facts: list[str] = strawberry.field(description="Names of the facts it reads.")
    in_force_from: date
    in_force_until: date | None
    pack: str
    pack_version: str = strawberry.field(description="Hash of the pack's content.")
    parameters: list[RuleParameter]


@strawberry.type
class RuleQueries:
    """Questions about the law-book."""

    @strawberry.field(
        description="The rules in force in a region on a day (by default today, in each pack's own region)."
    )
    def rules(self, info: Info, region: str | None = None, on: date | None = None) -> list[RuleType]:
        """Rules in the order of their names."""
        caller_with(info, "read")
        day = on or legal_day(datetime.now(UTC))
        book = info.context.lawbook
        found = book.rules_in_force(region=region, on=day)
        return [_rule(book.pack_of(rule.rule), rule.rule) for rule in found]

    @strawberry.field(description="One rule by its name, e.g. C-04.")
    def rule(self, info: Info, id: str) -> RuleType:  # noqa: A002  # the argument's name in the API
        """The rule."""
        caller_with(info, "read")
        try:
            pack, rule = info.context.lawbook.find(id)[0]
        except UnknownRuleError as error:
            raise ApiError("NOT_FOUND", str(error)) from error
        return _rule(pack, rule)


def _rule(pack: Pack, rule: Rule) -> RuleType:
    return RuleType(
        id=rule.id,
        title_zh=rule.title.zh,
        title_en=rule.title.en,
        subject=rule.subject,
        dimension=rule.dimension,
        formula_zh=rule.formula.zh,
        formula_en=rule.formula.en,
        unit_zh=rule.unit.zh,
        unit_en=rule.unit.en,
        remedy_zh=rule.remedy.zh,
        remedy_en=rule.remedy.en,
        severity=rule.severity,
        source=rule.cites.source,
        clause=rule.cites.clause,
        quote=rule.cites.quote,
        facts=[*rule.inputs, *rule.optional],
        in_force_from=rule.in_force_from,
        in_force_until=rule.in_force_until,
        pack=pack.id,
        pack_version=pack.version,
        parameters=[
            RuleParameter(
                name=parameter.name,
                value=as_text(entry.value) or "",
                unit=entry.unit.en,
                since=entry.since,
                region=entry.region,
                source_status=entry.source_status,
            )
            for parameter in rule.parameters
            for entry in parameter.entries
        ],
    )
