"""A rule as the API tells it."""

from datetime import date

import strawberry

from hengjian.scoring.api import (
    Example,
    LawBook,
    Pack,
    Rule,
    as_text,
    formula_on,
    limit_sign,
    registers_read,
    severities_of,
    source_marks,
)
from hengjian.tenants.api import BY_KIND, issue_codes


@strawberry.type(description="A limit of a rule from a day on, in a region and all below it.")
class RuleParameter:
    """One dated value."""

    name: str
    label_zh: str
    label_en: str
    value: str = strawberry.field(description="Exact, as text.")
    unit: str
    unit_zh: str
    since: date
    region: str
    now: bool = strawberry.field(description="Whether this is the value of the region and day that were asked for.")
    source_status: str = strawberry.field(
        description="verified, proposal or memory; what is known from memory never costs points."
    )


@strawberry.type(description="A worked example: facts, and what must come out.")
class RuleExample:
    """One example."""

    facts: list[str] = strawberry.field(description="name=value, as `hengjian lawbook try` takes them.")
    verdict: str
    severity: str | None
    measured: str | None
    required: str | None
    operator: str | None = strawberry.field(description="How measured must stand to required: ≥, ≤ or =.")


@strawberry.type(description="A register that a rule reads.")
class RuleRegister:
    """One register."""

    kind: str
    issue_codes: list[str] = strawberry.field(description="Codes that a pushed row of it can earn.")


@strawberry.type(name="Rule", description="A rule of the law-book.")
class RuleType:
    """One rule, with its clause, limits over time and examples."""

    id: str
    title_zh: str
    title_en: str
    subject: str
    dimension: str
    formula_zh: str
    formula_en: str
    applies: str | None = strawberry.field(description="The condition under which it applies, as written in its file.")
    require: str = strawberry.field(description="What must hold, as written in its file.")
    unit_zh: str
    unit_en: str
    remedy_zh: str = strawberry.field(description="How to mend a breach, in Chinese.")
    remedy_en: str = strawberry.field(description="How to mend a breach, in English.")
    severity: str
    severities: list[str] = strawberry.field(description="Every severity that a breach can have, the gravest first.")
    source: str
    clause: str
    quote: str = strawberry.field(description="The clause in its own Chinese.")
    source_statuses: list[str] = strawberry.field(
        description="How surely clause and limits are known: verified, restated, proposal, memory."
    )
    costs_points: bool = strawberry.field(description="False where a limit is known from memory only.")
    in_force: bool = strawberry.field(description="In the region and on the day that were asked for.")
    facts: list[str] = strawberry.field(description="Names of the facts it reads.")
    registers: list[RuleRegister] = strawberry.field(description="Registers from which its facts are counted.")
    in_force_from: date
    in_force_until: date | None
    pack: str
    pack_version: str = strawberry.field(description="Hash of the pack's content.")
    parameters: list[RuleParameter]
    examples: list[RuleExample]


def rule_type(book: LawBook, pack: Pack, rule: Rule, *, region: str | None, on: date) -> RuleType:
    """The rule as it stands in a region (None: its pack's) on a day."""
    place = region or pack.region
    now = book.rule_in_force(rule.id, region=place, on=on)
    formula = formula_on(rule, place, on)
    return RuleType(
        id=rule.id,
        title_zh=rule.title.zh,
        title_en=rule.title.en,
        subject=rule.subject,
        dimension=rule.dimension,
        formula_zh=formula.zh,
        formula_en=formula.en,
        applies=rule.applies.text if rule.applies else None,
        require=rule.require.text,
        unit_zh=rule.unit.zh,
        unit_en=rule.unit.en,
        remedy_zh=rule.remedy.zh,
        remedy_en=rule.remedy.en,
        severity=rule.severity,
        severities=[str(one) for one in severities_of(rule)],
        source=rule.cites.source,
        clause=rule.cites.clause,
        quote=rule.cites.quote,
        source_statuses=list(source_marks(rule, place, on)),
        costs_points=now is None or now.costs_points,
        in_force=now is not None,
        facts=[*rule.inputs, *rule.optional],
        registers=[
            RuleRegister(kind=kind, issue_codes=list(issue_codes(BY_KIND[kind]))) for kind in registers_read(rule)
        ],
        in_force_from=rule.in_force_from,
        in_force_until=rule.in_force_until,
        pack=pack.id,
        pack_version=pack.version,
        parameters=[
            RuleParameter(
                name=parameter.name,
                label_zh=parameter.label.zh,
                label_en=parameter.label.en,
                value=as_text(entry.value) or "",
                unit=entry.unit.en,
                unit_zh=entry.unit.zh,
                since=entry.since,
                region=entry.region,
                now=entry is parameter.entry_for(place, on),
                source_status=entry.source_status,
            )
            for parameter in rule.parameters
            for entry in parameter.entries
        ],
        examples=[_example(rule, one) for one in rule.examples],
    )


def _example(rule: Rule, one: Example) -> RuleExample:
    measured, required = _text(one.expected.get("measured")), _text(one.expected.get("required"))
    breach = one.verdict == "breach"
    return RuleExample(
        facts=[f"{name}={as_text(value)}" for name, value in one.facts.items()],
        verdict=one.verdict,
        severity=_text(one.expected.get("severity")),
        measured=measured,
        required=required,
        operator=limit_sign(rule, required, measured=measured, breach=breach) or None,
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)
