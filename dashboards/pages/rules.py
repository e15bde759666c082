"""The rule-book as people read it: each rule with clause, formula, parameters over time and worked examples."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from litestar import Response, get
from litestar.params import FromPath

from hengjian.dashboards.errors import PageMissing
from hengjian.dashboards.formats import number
from hengjian.dashboards.given import GivenSite, GivenVisitor
from hengjian.dashboards.language import Bilingual, Text
from hengjian.dashboards.pages.rules_record import (
    ExampleLine,
    InputLine,
    ParameterLine,
    RuleLine,
    RulePage,
    RulesPage,
)
from hengjian.dashboards.site import HtmlRequest, Site
from hengjian.dashboards.visitor import Visitor
from hengjian.platform.db import ReadSession
from hengjian.scoring.api import FACTS, SUBJECTS, Pack, Rule, RuleInForce, open_findings_by_rule
from hengjian.scoring.errors import UnknownRuleError

_PARTS = ("applies", "require", "measured", "required", "lacking")


@get("/rules")
async def show_rules(request: HtmlRequest, site: GivenSite, visitor: GivenVisitor) -> Response[str]:
    """The rules in force today in the visitor's region."""
    region, today = home_region(visitor), site.today
    async with site.database.read(visitor.caller) as session:
        counts = await open_findings_by_rule(session)
    rules = site.lawbook.rules_in_force(region=region, on=today)
    page = RulesPage(day=today, rules=tuple(_line(rule, counts.get(rule.id, 0)) for rule in rules))
    return site.show(request, "rules.html", page, visitor=visitor)


@get("/rules/{rule_id:str}")
async def show_rule(
    request: HtmlRequest, site: GivenSite, visitor: GivenVisitor, rule_id: FromPath[str]
) -> Response[str]:
    """One rule as it stands today in the visitor's region."""
    async with site.database.read(visitor.caller) as session:
        page = await _rule_page(session, site, rule_id)
    return site.show(request, "rule.html", page, visitor=visitor)


def home_region(visitor: Visitor) -> str | None:
    """The region whose rules the visitor sees first; None leaves each pack its own."""
    return visitor.caller.region or None


def sign_of(rule: Rule) -> str:
    """How measured must stand to required, `≥` or `≤`, as the rule's own examples of breaches show it.

    Empty where they show both or neither.
    """
    found = {_shortfall(example.expected) for example in rule.examples if example.verdict == "breach"} - {""}
    return found.pop() if len(found) == 1 else ""


def _shortfall(expected: Mapping[str, object]) -> str:
    """What a breach of this size lacked: `≥` when measured was below required, `≤` when above."""
    measured, required = expected.get("measured"), expected.get("required")
    match measured, required:
        case ((int() | Decimal() | Fraction()), (int() | Decimal() | Fraction())):
            below, above = measured < required, measured > required
        case date(), date():
            below, above = measured < required, measured > required
        case _:
            return ""
    return "≥" if below else "≤" if above else ""


def with_sign(rule: Rule | None, required: str | None) -> str | None:
    """The required value as it is printed, `≥ 2`; None without one."""
    if required is None:
        return None
    sign = sign_of(rule) if rule is not None else ""
    return f"{sign} {required}".strip()


def source_title(pack: Pack, rule: Rule) -> Bilingual:
    """The title of the source a rule cites."""
    return pack.sources.get(rule.cites.source, Text(rule.cites.source))


def _line(rule: RuleInForce, count: int) -> RuleLine:
    wording = rule.rule
    return RuleLine(
        rule_id=rule.id,
        title=wording.title,
        formula=wording.formula,
        subject=SUBJECTS.get(wording.subject, wording.subject),
        severities=_severities(wording),
        clause=f"{wording.cites.source} {wording.cites.clause}",
        open=count,
    )


async def _rule_page(session: ReadSession, site: Site, rule_id: str) -> RulePage:
    try:
        pack, rule = site.lawbook.find(rule_id)[0]
    except UnknownRuleError as unknown:
        raise PageMissing from unknown
    counts = await open_findings_by_rule(session)
    texts = {name: expression.text for name in _PARTS if (expression := getattr(rule, name)) is not None}
    return RulePage(
        rule_id=rule.id,
        title=rule.title,
        severities=_severities(rule),
        subject=SUBJECTS.get(rule.subject, rule.subject),
        pack=pack.title,
        in_force_from=rule.in_force_from,
        quote=rule.cites.quote,
        source=source_title(pack, rule),
        clause=f"{rule.cites.source} {rule.cites.clause}",
        formula=rule.formula,
        expressions=tuple(texts.items()),
        examples=tuple(_examples(rule)),
        parameters=tuple(_parameters(rule)),
        inputs=tuple(
            InputLine(name=name, label=fact_label(name), unit=_unit(name)) for name in rule.inputs + rule.optional
        ),
        remedy=rule.remedy,
        open=counts.get(rule.id, 0),
    )


def fact_label(name: str) -> Bilingual | str:
    """What a fact is called; its own name when the catalogue has none."""
    fact = FACTS.get(name)
    return fact.label if fact else name


def _unit(name: str) -> Bilingual | str:
    fact = FACTS.get(name)
    return fact.unit if fact else ""


def _severities(rule: Rule) -> tuple[str, ...]:
    found = {rule.severity, *(case.severity for case in rule.severity_cases)}
    return tuple(str(one) for one in ("critical", "major", "minor", "info") if one in found)


def _examples(rule: Rule) -> list[ExampleLine]:
    return [
        ExampleLine(
            facts="，".join(f"{name} = {number(value)}" for name, value in example.facts.items()),
            verdict=str(example.verdict),
            severity=str(example.expected["severity"]) if "severity" in example.expected else None,
            measured=_stated(example.expected, "measured"),
            required=_stated(example.expected, "required"),
        )
        for example in rule.examples
    ]


def _stated(expected: object, name: str) -> str | None:
    value = expected.get(name) if isinstance(expected, dict) else None
    return None if value is None else number(value)


def _parameters(rule: Rule) -> list[ParameterLine]:
    return [
        ParameterLine(
            name=parameter.name,
            label=entry.note or "",
            region=entry.region,
            since=entry.since,
            value=number(entry.value),
            unit=entry.unit,
            status=str(entry.source_status),
        )
        for parameter in rule.parameters
        for entry in sorted(parameter.entries, key=lambda entry: entry.since)
    ]
